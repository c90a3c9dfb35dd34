"""Days of work and percentages as people type them, held as whole numbers: quarter days and basis points."""

from __future__ import annotations

import re
from fractions import Fraction

from framework.definitions.money import QUARTERS_IN_A_DAY, WHOLE, half_up

MOST_DAYS = 100_000


class QuantityError(ValueError):
    """What was typed is not such a number; the message says how to mend it."""


def read_quarter_days(text: str) -> int:
    """Read days of work in quarters of a day: "20", "2.25" and "0.5" are 80, 9 and 2 (RULE-79).

    Raises `QuantityError`, also for no days at all.
    """
    written = (text or "").strip()
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", written):
        raise QuantityError("Enter a number of days, like 20 or 2.5")
    quarters = Fraction(written) * QUARTERS_IN_A_DAY
    if quarters.denominator != 1:
        raise QuantityError("Enter whole, half or quarter days, like 2.25 or 2.5")
    if not 0 < quarters <= MOST_DAYS * QUARTERS_IN_A_DAY:
        raise QuantityError(f"Enter a number of days from 0.25 to {MOST_DAYS:,}")
    return int(quarters)


def quarter_days_shown(quarter_days: int) -> str:
    """Quarter days as days: 80 is "20", 9 is "2.25"; it reads back with `read_quarter_days`."""
    days, quarters = divmod(abs(quarter_days), QUARTERS_IN_A_DAY)
    return f"{'-' if quarter_days < 0 else ''}{days}{('', '.25', '.5', '.75')[quarters]}"


def quarter_days_in_words(quarter_days: int) -> str:
    """Quarter days as "1 day" or "2.25 days"."""
    return f"{quarter_days_shown(quarter_days)} day{'' if quarter_days == QUARTERS_IN_A_DAY else 's'}"


def days_shown(days: Fraction) -> str:
    """An exact number of days as "4.6875", to at most 4 places, the last rounded half up."""
    ten_thousandths = half_up(days.numerator * 10_000, days.denominator)
    whole, part = divmod(abs(ten_thousandths), 10_000)
    written = f"{whole}.{part:04}".rstrip("0").rstrip(".")
    return f"-{written}" if ten_thousandths < 0 else written


def read_percent(text: str) -> int:
    """Read a percentage from 0 to 100 as basis points: "60", "60%" and "33.33" are 6000, 6000, 3333.

    Raises `QuantityError`.
    """
    written = (text or "").strip().removesuffix("%").strip()
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", written):
        raise QuantityError("Enter a percentage with no more than 2 decimal places, like 60 or 33.33")
    basis_points = int(Fraction(written) * 100)
    if basis_points > WHOLE:
        raise QuantityError("Enter a percentage of 100 or less")
    return basis_points


def percent_shown(basis_points: int) -> str:
    """Basis points as a percentage: 2000 is "20%", 3333 is "33.33%"."""
    ones, hundredths = divmod(abs(basis_points), 100)
    written = f"{ones}.{hundredths:02}".rstrip("0").rstrip(".")
    return f"{'-' if basis_points < 0 else ''}{written}%"
