"""Terms, months and financial years: both ends are included, and months clamp to their last day."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_APRIL = 4


def add_months(day: date, months: int) -> date:
    """The same day so many months later (or earlier), or that month's last day if shorter (RULE-98)."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(years, month, min(day.day, calendar.monthrange(years, month)[1]))


def last_day_of(start: date, months: int) -> date:
    """The last day of a term of so many months beginning with `start`."""
    return add_months(start, months) - timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """From a first day to a last day, both included, in London dates (RULE-98).

    Raises ValueError when the last day is before the first.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("A term cannot end before it begins")

    @classmethod
    def of_months(cls, first: date, months: int) -> Term:
        """The term of so many months beginning with `first`."""
        return cls(first, last_day_of(first, months))

    def contains(self, day: date) -> bool:
        """Whether a day is in the term; its first and last day are."""
        return self.first <= day <= self.last

    def covers(self, other: Term) -> bool:
        """Whether every day of another term falls in this one."""
        return self.first <= other.first and other.last <= self.last

    def overlaps(self, other: Term) -> bool:
        """Whether any day falls in both terms."""
        return self.first <= other.last and other.first <= self.last

    @property
    def days(self) -> int:
        """How many days, both ends counted."""
        return (self.last - self.first).days + 1

    @property
    def months(self) -> int:
        """How many whole months fit in the term."""
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        while count and last_day_of(self.first, count) > self.last:
            count -= 1
        return count


def financial_year(day: date) -> str:
    """The council's financial year, 1 April to 31 March, as "2026/27" (RULE-93)."""
    first = first_of_financial_year(day).year
    return f"{first}/{(first + 1) % 100:02}"


def first_of_financial_year(day: date) -> date:
    """The 1 April on or before a day."""
    return date(day.year if day.month >= _APRIL else day.year - 1, _APRIL, 1)


def financial_year_term(day: date) -> Term:
    """The whole financial year a day falls in."""
    return Term.of_months(first_of_financial_year(day), 12)


def period(day: date) -> int:
    """The accounting period, 1 for April to 12 for March (RULE-93)."""
    return (day.month - _APRIL) % 12 + 1


def months_of(term: Term) -> Iterator[date]:
    """The first day of each calendar month a term touches."""
    month = term.first.replace(day=1)
    while month <= term.last:
        yield month
        month = add_months(month, 1)
