"""Value bands: what work may come to, said roughly and always net of VAT."""

from dataclasses import dataclass

from framework.definitions.money import Money


@dataclass(frozen=True, slots=True)
class Band:
    """A range of values net of VAT, both ends included; no upper end where `most` is None."""

    key: str
    least: Money
    most: Money | None

    @property
    def label(self) -> str:
        """Such as "£25,000 to £100,000 net of VAT"."""
        if self.most is None:
            return f"Over {self.least.short} net of VAT"
        if not self.least.pence:
            return f"Up to {self.most.short} net of VAT"
        return f"{self.least.short} to {self.most.short} net of VAT"


# One row of data for each band; a key stays once it has been used.
BANDS: tuple[Band, ...] = (
    Band("to_25k", Money.zero(), Money.pounds(25_000)),
    Band("25k_to_100k", Money.pounds(25_000), Money.pounds(100_000)),
    Band("100k_to_250k", Money.pounds(100_000), Money.pounds(250_000)),
    Band("250k_to_500k", Money.pounds(250_000), Money.pounds(500_000)),
    Band("500k_to_1m", Money.pounds(500_000), Money.pounds(1_000_000)),
    Band("over_1m", Money.pounds(1_000_000), None),
)
NOT_KNOWN = "Not known yet"
_LABELS = {one.key: one.label for one in BANDS}


def is_band(key: str) -> bool:
    """Whether there is such a band; blank means that the value is not known yet."""
    return key == "" or key in _LABELS


def band_in_words(key: str) -> str:
    """The band as a person reads it, with its basis."""
    return _LABELS.get(key, NOT_KNOWN)
