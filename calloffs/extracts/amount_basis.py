"""What the amounts of a finance system are: net, gross or both. Apart from its table, so that a file is read without a database."""

from enum import StrEnum


class AmountBasis(StrEnum):
    """What the amounts in a source's files are (RULE-92): set before anything is loaded, and kept on every line."""

    NET = "net"
    GROSS = "gross"
    BOTH = "both"

    @property
    def label(self) -> str:
        return {
            AmountBasis.NET: "Net of VAT only",
            AmountBasis.GROSS: "Including VAT only",
            AmountBasis.BOTH: "Net, VAT and gross",
        }[self]
