"""Accounting periods: the parts of a financial year by which an authority closes its books (RULE-93).

A financial year runs from 1 April to 31 March. Its periods are data (`data/periods.json`), one table for each calendar: most
authorities close by month, some by four weeks. First and last days are London days, both included.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from framework.definitions.terms import financial_year, financial_year_term, first_of_financial_year

MONTHS = "months"
"""The calendar of an authority that has chosen none: twelve months, April first."""


@dataclass(frozen=True, slots=True)
class Period:
    """One period of one calendar."""

    calendar: str
    number: int
    first_day: date
    last_day: date

    @property
    def year(self) -> str:
        """The financial year, such as "2026/27"."""
        return financial_year(self.first_day)

    @property
    def name(self) -> str:
        """Such as "period 3 of 2026/27"."""
        return f"period {self.number} of {self.year}"


def calendars() -> dict[str, str]:
    """Every calendar: its code and its name in words."""
    return {code: str(said["name"]) for code, said in _tables().items()}


def period_of(calendar: str, day: date) -> Period:
    """The period of a calendar in which a day falls. Raises ValueError for a calendar that is not known."""
    found = periods_of(calendar, day)
    return found[bisect_right([one.first_day for one in found], day) - 1]


def periods_of(calendar: str, day: date) -> tuple[Period, ...]:
    """Every period of the financial year in which a day falls, in order; together they are the whole year."""
    return _year(calendar, first_of_financial_year(day))


@cache
def _year(calendar: str, first: date) -> tuple[Period, ...]:
    last = financial_year_term(first).last
    begins = [date.fromisoformat(one) for one in _begins(calendar, first)]
    ends = [*(one - timedelta(days=1) for one in begins[1:]), last]
    return tuple(
        Period(calendar, number, one, end)
        for number, (one, end) in enumerate(zip(begins, ends, strict=True), start=1)
    )


def _begins(calendar: str, first: date) -> list[str]:
    table = _tables().get(calendar)
    if table is None:
        raise ValueError(f"There is no calendar of periods called {calendar!r}")
    years: dict[str, list[str]] = table.get("years", {})
    # A year that the table does not list is taken by months, so that no day is ever without a period.
    listed = years.get(str(first.year))
    if listed:
        return listed
    months = [first.replace(month=month) for month in range(4, 13)]
    months += [date(first.year + 1, month, 1) for month in range(1, 4)]
    return [one.isoformat() for one in months]


@cache
def _tables() -> dict[str, dict[str, dict[str, list[str]]]]:
    path = Path(__file__).parent / "data" / "periods.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))["calendars"])
