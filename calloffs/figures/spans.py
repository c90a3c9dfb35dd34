"""Stretches of days that figures are asked for: a financial year, an accounting period, a calendar month, and all before its end.

A year, a period and a month may be asked for together; then what falls in all of them counts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from calloffs.spend.entry import LedgerEntry
from calloffs.spend.period_figure import PeriodFigure
from framework.definitions import dates
from framework.definitions.periods import calendars, period_of
from framework.definitions.rules import NotFound
from framework.definitions.terms import financial_year_term
from framework.records.columns import table_of

figure, entry = table_of(PeriodFigure), table_of(LedgerEntry)


@dataclass(frozen=True, slots=True)
class Span:
    """First days of what was asked for; all blank means every day there is."""

    year: date | None = None
    period: date | None = None
    month: date | None = None
    calendar: str = ""
    standing: bool = False
    """Everything from the beginning to the end of the stretch, not only what moved in it."""

    def __bool__(self) -> bool:
        return bool(self.year or self.period or self.month or self.calendar)

    @property
    def ends(self) -> dict[str, date]:
        """Of each calendar that has such a period, the period's last day."""
        if self.period is None:
            return {}
        found = {code: period_of(code, self.period) for code in calendars()}
        return {code: one.last_day for code, one in found.items() if one.first_day == self.period}


def span_of(said: Mapping[str, str]) -> Span:
    """Read year ("2026/27" or "2026-27"), period (its first day), month ("2026-06"), calendar and standing ("yes")."""
    found = Span(
        _year(said["year"]) if "year" in said else None,
        _first(said["period"]) if "period" in said else None,
        _first(f"{said['month']}-01") if "month" in said else None,
        said.get("calendar", ""),
        said.get("standing") == "yes",
    )
    known = found.calendar in ("", *calendars()) and said.get("standing", "yes") == "yes"
    if not known or (found.period and not found.ends) or (found.standing and not found):
        raise NotFound
    return found


def _year(said: str) -> date:
    match = re.fullmatch(r"(20[0-9]{2})[/-]([0-9]{2})", said)
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        raise NotFound
    return date(int(match[1]), 4, 1)


def _first(said: str) -> date:
    if not re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", said):
        raise NotFound
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise NotFound from None


def of_figures(span: Span, calendar: sa.ColumnElement[str]) -> list[sa.ColumnElement[bool]]:
    """Which figures of periods fall in the stretch; `calendar` is the authority's."""
    found: list[sa.ColumnElement[bool]] = []
    if span.year:
        last = financial_year_term(span.year).last
        found.append(
            figure.c.period_on <= last if span.standing else figure.c.period_on.between(span.year, last)
        )
    if span.month:
        found.append(figure.c.month_on <= span.month if span.standing else figure.c.month_on == span.month)
    if span.period:
        found.append(
            figure.c.period_on <= span.period if span.standing else figure.c.period_on == span.period
        )
        found.append(calendar.in_(span.ends))
    if span.calendar:
        found.append(calendar == span.calendar)
    return found


def of_entries(span: Span, calendar: sa.ColumnElement[str]) -> list[sa.ColumnElement[bool]]:
    """Which entries count for a day in the stretch."""
    found: list[sa.ColumnElement[bool]] = []
    if span.year:
        found.append(_days(span, span.year, financial_year_term(span.year).last))
    if span.month:
        found.append(_days(span, span.month, dates.last_day_of(span.month, 1)))
    if span.period:
        ends = [sa.and_(calendar == code, _days(span, span.period, last)) for code, last in span.ends.items()]
        found.append(sa.or_(*ends))
    if span.calendar:
        found.append(calendar == span.calendar)
    return found


def _days(span: Span, first: date, last: date) -> sa.ColumnElement[bool]:
    """Entries of before there were periods have no day of their own: the London day on which they were posted counts."""
    dated, undated = entry.c.effective_on <= last, entry.c.posted_at <= dates.end_of(last)
    if not span.standing:
        dated = sa.and_(dated, entry.c.effective_on >= first)
        undated = sa.and_(undated, entry.c.posted_at >= dates.start_of(first))
    return sa.or_(dated, sa.and_(entry.c.effective_on.is_(None), undated))
