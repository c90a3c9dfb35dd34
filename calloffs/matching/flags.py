"""Flags: what somebody has to look at on a line, as codes in one column, and what each means in words."""

from collections.abc import Iterable
from enum import StrEnum


class Flag(StrEnum):
    """The codes, in the order in which they are shown."""

    OVER_VALUE = "over_value"
    CLOSED = "closed"
    DUPLICATE_PAYMENT = "duplicate_payment"
    NOT_PARTNER = "not_partner"
    WRONG_LOT = "wrong_lot"
    BEFORE_SIGNATURE = "before_signature"
    OUTSIDE_TERM = "outside_term"
    AFTER_END = "after_end"
    NO_PURCHASE_ORDER = "no_purchase_order"
    NEEDS_VAT = "needs_vat"
    CHANGED = "changed"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def what_to_do(self) -> str:
        """What it asks of whoever can act."""
        return _WHAT_TO_DO[self]


_LABELS = {
    Flag.OVER_VALUE: "Past the call-off’s value",
    Flag.CLOSED: "Call-off closed",
    Flag.DUPLICATE_PAYMENT: "Perhaps paid twice",
    Flag.NOT_PARTNER: "Not the call-off’s partner",
    Flag.WRONG_LOT: "Names another lot",
    Flag.BEFORE_SIGNATURE: "Before signature",
    Flag.OUTSIDE_TERM: "Before the first day",
    Flag.AFTER_END: "After the last day",
    Flag.NO_PURCHASE_ORDER: "No purchase order",
    Flag.NEEDS_VAT: "Needs VAT",
    Flag.CHANGED: "Changed by a later file",
}
_WHAT_TO_DO = {
    Flag.OVER_VALUE: "Vary the call-off to cover it, or undo the match",
    Flag.CLOSED: "Nothing was posted: the call-off is closed. Undo the match and ask who ordered this",
    Flag.DUPLICATE_PAYMENT: "The invoice was paid before. Ask the payments team whether money is to come back",
    Flag.NOT_PARTNER: "It was paid to somebody else than the call-off’s partner. Check the supplier",
    Flag.WRONG_LOT: "The line names another lot than the call-off’s. Check which is meant",
    Flag.BEFORE_SIGNATURE: "It is dated before both sides had signed. Ask the owner how the work could start",
    Flag.OUTSIDE_TERM: "It is dated before the call-off’s first day. Ask the owner which work it was for",
    Flag.AFTER_END: "It is dated after the call-off’s last day. Check that the work was done before",
    Flag.NO_PURCHASE_ORDER: "No purchase order number is known. Add it to the call-off, or ask who ordered this",
    Flag.NEEDS_VAT: "Its amount cannot be counted: the file must say both net and VAT or gross. Load it again with those columns",
    Flag.CHANGED: "A later file changed it after it was matched. Look at what it says now",
}


MAY_BE_OURS = "may_be_ours"
"""A code beside the flags of a line that is not matched (`ours.py`). It asks nobody anything, so it is no flag and never shown."""
PATTERN = f"% {MAY_BE_OURS} %"
NO_FLAG = ("", f" {MAY_BE_OURS} ")
"""What the column of a line without any flag can hold."""


def of(column: str) -> list[Flag]:
    """The flags in a column, in the order of showing; whatever else stands there is left out."""
    if not column:
        return []  # as most lines of an extract have it
    codes = set(column.split())
    return [flag for flag in Flag if flag.value in codes]


def column(flags: Iterable[Flag], *, may_be_ours: bool = False) -> str:
    """Flags as the column holds them: a space between and one at each end, blank for none."""
    wanted = set(flags)
    if not wanted and not may_be_ours:
        return ""
    codes = [flag.value for flag in Flag if flag in wanted] + [MAY_BE_OURS] * may_be_ours
    return f" {' '.join(codes)} " if codes else ""


def says_ours(column: str) -> bool:
    """Whether the column says that the line may be ours."""
    return MAY_BE_OURS in column.split()


def among(flag: Flag) -> str:
    """The pattern that finds lines with a flag."""
    return f"% {flag.value} %"
