"""What each picture draws and says: rows of words and sizes, the same figures as the table beneath, and a headline sentence."""

from collections.abc import Sequence

from calloffs.pictures.sme_share import ALL, Sizes, YearShare, against
from calloffs.pictures.where_it_waits import Stage
from calloffs.pictures.who_paid import Borne, total_of
from framework.definitions.money import Money, rounded_share
from framework.definitions.quantities import percent_shown

Rows = list[tuple[str, str, list[tuple[str, int, str]]]]
"""(words over the bar, note under it, its parts: (pattern, size, words))."""
MOST_YEARS = 5
SME_KEY = (("paid", "SMEs"), ("committed", "Larger partners"), ("reserved", "Size not known"))


def percent(one: Sizes) -> str:
    """The share of SMEs in words, half up to a tenth, or that there is none."""
    return "not defined" if one.shown_bp is None else percent_shown(one.shown_bp)


def sme_rows(rows: Sequence[YearShare], whose: str = ALL) -> Rows:
    """A bar by value and a bar by number for each of the last years of one council, the newest first."""
    found: Rows = []
    for one in [row for row in rows if row.authority == whose][:MOST_YEARS]:
        for name, sizes, said in (
            ("value", one.value, lambda size: str(Money(size))),
            ("number", one.number, str),
        ):
            parts = [
                # Where a share is not defined there is nothing to draw.
                (kind, 0 if sizes.share_bp is None else size, f"{words}: {said(size)}")
                for (kind, words), size in zip(SME_KEY, (sizes.sme, sizes.other, sizes.unknown), strict=True)
            ]
            found.append((f"{one.year} by {name}: {percent(sizes)}", "", parts))
    return found


def sme_headline(rows: Sequence[YearShare], target_bp: int | None) -> str:
    """The newest year of all authorities, how it stands to the target and to the year before."""
    own = [row for row in rows if row.authority == ALL]
    if not own:
        return "Nothing has been awarded yet"
    now = own[0]
    said = f"In {now.year}, {percent(now.value)} by value and {percent(now.number)} by number went to SMEs"
    if place := against(now.value.share_bp, target_bp):
        said += f", {place} the target of {percent_shown(target_bp or 0)} by value"
    if len(own) > 1:
        said += f". In {own[1].year} it was {percent(own[1].value)} and {percent(own[1].number)}"
    return said


def paid_rows(rows: Sequence[Borne]) -> Rows:
    """A bar for each council: what it paid, what is billed on top, and what is committed on top of that."""
    whole = total_of(rows)
    found: Rows = []
    for one in rows:
        none = Money.zero()
        billed, promised = (
            max(one.invoiced - one.paid, none),
            max(one.committed - max(one.invoiced, one.paid), none),
        )
        parts = [
            ("paid", max(one.paid, none).pence, f"{one.paid} paid"),
            ("invoiced", billed.pence, f"{billed} invoiced, not paid"),
            ("committed", promised.pence, f"{promised} committed, not invoiced"),
        ]
        found.append((one.authority, f"{one.paid} paid ({_part(one.paid, whole.paid)})", parts))
    return found


def _part(paid: Money, whole: Money) -> str:
    share = rounded_share(paid, whole)
    return "not defined" if share is None else percent_shown(share)


def paid_headline(name: str, rows: Sequence[Borne]) -> str:
    """Who paid most of how much."""
    whole = total_of(rows)
    if not whole.paid.pence or not rows:
        return f"{name}: nothing has been paid yet"
    return f"{name}: {rows[0].authority} paid {rows[0].paid} of {whole.paid}"


def waiting_rows(stages: Sequence[Stage]) -> Rows:
    """A bar for each stage, as long as its longest wait in days, with who has that."""
    found: Rows = []
    for one in stages:
        days = "1 day" if one.longest == 1 else f"{one.longest} days"
        what = one.first.reference or one.first.title
        found.append((f"{one.name}: {days}", one.first.who, [("invoiced", one.longest, f"{what}: {days}")]))
    return found


def waiting_headline(stages: Sequence[Stage]) -> str:
    """Which stage holds something up longest."""
    if not stages:
        return "Nothing waits for anybody"
    first = stages[0]
    days = "1 day" if first.longest == 1 else f"{first.longest} days"
    return f"The longest wait is for {first.name[0].lower()}{first.name[1:]}: {days}, with {first.first.who}"


def in_words(headline: str, rows: Rows) -> str:
    """The whole picture in words, for whoever does not see it."""
    return ". ".join([headline, *(f"{words}, {note}" if note else words for words, note, _ in rows)]) + "."
