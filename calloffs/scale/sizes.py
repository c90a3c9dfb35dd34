"""How much each scale holds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """How many there are of each. Invoices are lines, each of them an invoice or a credit note of its own."""

    agreements: int
    lots: int
    partners: int
    call_offs: int
    invoices: int

    @property
    def councils(self) -> int:
        """Two for one agreement; for many, three councils to five agreements."""
        return max(2, self.agreements * 3 // 5)


SIZES = {
    "S": Size(1, 7, 9, 100, 1_000),
    "M": Size(20, 150, 500, 10_000, 100_000),
    "L": Size(200, 1_500, 5_000, 200_000, 2_000_000),
}
