"""Money: whole pence inside, pounds as a person writes them outside, and no floats anywhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

MOST = 99_999_999_999_99  # pence: £99,999,999,999.99, which both databases hold exactly
WHOLE = 10_000  # basis points in one whole
QUARTERS_IN_A_DAY = 4

_AMOUNT = re.compile(r"(?P<pounds>[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<pence>[0-9]{1,2}))?")
_EXAMPLE = "like 12,500 or 12,500.00"


class MoneyError(ValueError):
    """What was typed is not an amount of money; the message says how to mend it."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact amount in pence; whether it is net or gross is said by whoever holds it (`Basis`).

    Printed as "£12,500.00", and "-£5.00" below zero. Amounts compare, add, subtract and multiply by
    whole numbers; anything that could lose a penny goes through the functions of this module.
    """

    pence: int

    def __post_init__(self) -> None:
        if type(self.pence) is not int:
            raise TypeError(f"Money is held in whole pence, not {type(self.pence).__name__}")

    @classmethod
    def zero(cls) -> Money:
        """No money at all; `sum(amounts, Money.zero())` is money even when there are no amounts."""
        return cls(0)

    @classmethod
    def pounds(cls, text: str | int, *, allow_negative: bool = False) -> Money:
        """Read an amount in pounds as a person writes it: "12,500", "£12,500.00", or a whole number.

        A minus sign or brackets mean an amount below zero, and are read only when
        `allow_negative`. Raises `MoneyError` with a sentence for the person who typed it.
        """
        if isinstance(text, bool) or not isinstance(text, str | int):
            raise TypeError(f"Pounds are read from text or a whole number, not {text!r}")
        amount = cls(text * 100) if isinstance(text, int) else cls(_read_pence(text))
        if amount.pence < 0 and not allow_negative:
            raise MoneyError("Enter an amount of £0 or more, without a minus sign or brackets")
        if abs(amount.pence) > MOST:
            raise MoneyError(f"Enter an amount of {cls(MOST)} or less")
        return amount

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.pence + other.pence)

    def __radd__(self, other: int) -> Money:
        # sum() starts from the number 0, which is the one number that is the same amount in any unit.
        if type(other) is int and other == 0:
            return self
        return NotImplemented

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.pence - other.pence)

    def __mul__(self, times: int) -> Money:
        if type(times) is not int:
            return NotImplemented
        return Money(self.pence * times)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.pence)

    def __abs__(self) -> Money:
        return Money(abs(self.pence))

    def __str__(self) -> str:
        pounds, pence = divmod(abs(self.pence), 100)
        return f"{'-' if self.pence < 0 else ''}£{pounds:,}.{pence:02}"

    @property
    def plain(self) -> str:
        """Digits only, for CSV and for a form field: "12500.00", "-5.00"."""
        # A file has hundreds of thousands of these, and this way of writing takes a third of the time.
        written = "%d.%02d" % divmod(abs(self.pence), 100)  # noqa: UP031
        return f"-{written}" if self.pence < 0 else written

    @property
    def short(self) -> str:
        """Without ".00" when it is whole pounds: "£312,400", otherwise "£312,400.05"."""
        return str(self).removesuffix(".00")

    @property
    def decimal(self) -> Decimal:
        """Exact pounds, for a spreadsheet cell."""
        return Decimal(self.pence).scaleb(-2)


def _read_pence(text: str) -> int:
    written = text.strip()
    if not written:
        raise MoneyError(f"Enter an amount in pounds, {_EXAMPLE}")
    if len(written) > 40:
        raise MoneyError(f"Enter an amount of {Money(MOST)} or less")
    digits, negative = _without_sign(written)
    found = _AMOUNT.fullmatch(digits)
    if not found:
        raise MoneyError(_what_is_wrong(digits))
    pence = int(found["pounds"].replace(",", "")) * 100 + int((found["pence"] or "0").ljust(2, "0"))
    return -pence if negative else pence


def _without_sign(written: str) -> tuple[str, bool]:
    negative = False
    if written.startswith("(") and written.endswith(")"):
        written, negative = written[1:-1].strip(), True
    elif written[0] in "-\u2212":  # a hyphen, or the minus sign that word processors put in its place
        written, negative = written[1:].strip(), True
    written = written.removeprefix("£").strip()
    if not negative and written[:1] in ("-", "\u2212"):
        written, negative = written[1:].strip(), True
    return written, negative


def _what_is_wrong(digits: str) -> str:
    if re.fullmatch(r"[0-9,]+\.[0-9]{3,}", digits):
        return "Enter an amount with no more than 2 numbers after the point, like 12,500.00"
    if re.fullmatch(r"[0-9,]+(\.[0-9]{0,2})?", digits) and "," in digits:
        return "Check the commas: enter the amount like 12,500 or 1,250,000, or without commas"
    if re.fullmatch(r"[0-9.,]*[0-9] ?[kKmM]([iI][lL][lL][iI][oO][nN])?|[0-9.,]+ ?bn", digits):
        return "Enter the amount in full, like 1,500,000, without letters"
    return f"Enter an amount in pounds using numbers only, {_EXAMPLE}"


class Basis(StrEnum):
    """Whether an amount leaves VAT out or has it in; the two are never added or compared (RULE-29)."""

    NET = "net"
    GROSS = "gross"

    @property
    def label(self) -> str:
        """The words to print beside a figure."""
        return "net of VAT" if self is Basis.NET else "including VAT"


def half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number to a fraction; an exact half goes away from zero.

    Away from zero rather than upwards, so that a credit cancels the charge it reverses to the penny.
    """
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -size if numerator < 0 else size


def nearest_penny(pence: Fraction) -> Money:
    """An exact fraction of a number of pence as money, an exact half going away from zero."""
    return Money(half_up(pence.numerator, pence.denominator))


def vat_on(net: Money, rate_bp: int) -> Money:
    """VAT on a net amount at a rate in basis points (20% is 2000), half up to the penny (RULE-74)."""
    _check_rate(rate_bp)
    return Money(half_up(net.pence * rate_bp, WHOLE))


def gross_of(net: Money, rate_bp: int) -> Money:
    """A net amount with its VAT added, the VAT rounded half up to the penny."""
    return net + vat_on(net, rate_bp)


def net_of(gross: Money, rate_bp: int) -> Money:
    """The net amount inside a gross one, half up to the penny.

    `gross_of(net_of(x))` may differ from x by a penny: not every gross amount has a net one.
    """
    _check_rate(rate_bp)
    return Money(half_up(gross.pence * WHOLE, WHOLE + rate_bp))


def _check_rate(rate_bp: int) -> None:
    if type(rate_bp) is not int or not 0 <= rate_bp <= WHOLE:
        raise ValueError(f"A VAT rate is 0 to {WHOLE} basis points, not {rate_bp!r}")


def line(day_rate: Money, quarter_days: int) -> Money:
    """A day rate times a number of quarter days, half up to the penny (RULE-74, RULE-79)."""
    return Money(half_up(day_rate.pence * quarter_days, QUARTERS_IN_A_DAY))


def days_from_hours(hours: str, hours_per_day: str) -> Fraction:
    """Hours as exact days of a rate card's own length (RULE-79): "37.5" at "8" is 4.6875 days.

    Raises `MoneyError` when either is not a plain number, or a day has no hours or over 24.
    """
    worked, day = _read_hours(hours), _read_hours(hours_per_day)
    if not 0 < day <= 24:
        raise MoneyError("Enter the hours in a day as a number up to 24, like 7.5")
    return worked / day


def _read_hours(text: str) -> Fraction:
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", text.strip()):
        raise MoneyError("Enter hours as a number, like 37.5")
    return Fraction(text.strip())


def risen(amount: Money, rate_bp: int, times: int) -> Money:
    """An amount that rose by a rate in basis points a number of times, one rise on top of the other, rounded down to the penny.

    Rounded once, at the end, and down, so that no cap is ever a penny above the exact amount (RULE-78).
    """
    _check_rate(rate_bp)
    if type(times) is not int or times < 0:
        raise ValueError(f"An amount rises no times or more, not {times!r}")
    return Money(amount.pence * (WHOLE + rate_bp) ** times // WHOLE**times)


def share(total: Money, parts: Sequence[int]) -> tuple[Money, ...]:
    """Split a total between authorities by basis points, the lead first; they add up to the total.

    Every other share is rounded down (towards zero), so the odd pence fall to the lead and no share
    ever has the opposite sign to the total. Raises ValueError unless the parts add up to 100%.
    """
    return running_shares(total, [Money.zero()] * len(parts), parts)


def running_share(total_so_far: Money, posted_before: Money, bp: int) -> Money:
    """What to post now for an authority that is not the lead, so that it stands at its share.

    Its share of the running total, rounded down (towards zero), less what was posted before:
    one posting or many give the same pence.
    """
    size = abs(total_so_far.pence) * bp // WHOLE
    return Money(-size if total_so_far.pence < 0 else size) - posted_before


def running_shares(
    total_so_far: Money, posted_before: Sequence[Money], parts: Sequence[int]
) -> tuple[Money, ...]:
    """What to post now for each authority, the lead first, when the running total becomes this.

    The postings add up to the running total less everything posted before, to the penny.
    """
    if sum(parts) != WHOLE or any(part < 0 for part in parts):
        raise ValueError("Shares must each be 0% or more and add up to 100%")
    if len(posted_before) != len(parts):
        raise ValueError("Each share needs the amount posted before")
    others = [
        running_share(total_so_far, before, bp)
        for before, bp in zip(posted_before[1:], parts[1:], strict=True)
    ]
    lead = total_so_far - sum(posted_before, Money.zero()) - sum(others, Money.zero())
    return (lead, *others)


def part_in_bp(part: Money, whole: Money) -> int | None:
    """A part as basis points of a whole, rounded down; None when there is no whole to be part of.

    Rounded down so that nothing counts as full, or as having reached an alert, a penny too early.
    """
    return None if whole.pence <= 0 else part.pence * WHOLE // whole.pence


def rounded_share(part: Money, whole: Money) -> int | None:
    """A part as basis points of a whole, half up to a tenth of a per cent; None when there is no whole to be part of.

    For shares that are only told. What is measured against a limit goes through `part_in_bp` and `percent_of`, which round down.
    """
    return None if whole.pence <= 0 else half_up(part.pence * 1000, whole.pence) * (WHOLE // 1000)


def percent_of(part: Money, whole: Money) -> str:
    """A part of a whole for display, such as "62.5%" or "100%"; "not defined" when there is no whole.

    Rounded towards zero to a tenth, so it says 100% only when the whole is reached.
    """
    bp = part_in_bp(abs(part), whole)
    if bp is None:
        return "not defined"
    sign = "-" if part.pence < 0 else ""
    if part.pence and bp < 10:
        return "0%" if sign else "less than 0.1%"
    ones, tenths = divmod(bp // 10, 10)
    return f"{sign}{ones}{f'.{tenths}' if tenths else ''}%"
