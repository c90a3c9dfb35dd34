"""Dates: the only clock, and the one door to everything said about days, terms and deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, time

from framework.definitions.date_words import (
    DateError,
    days_between_in_words,
    in_words,
    moment_in_words,
    read_date,
    read_date_text,
)
from framework.definitions.london import London, as_london, end_of, start_of
from framework.definitions.notice_periods import NoticePeriod, decide_by, last_notice_day
from framework.definitions.terms import (
    Term,
    add_months,
    financial_year,
    financial_year_term,
    first_of_financial_year,
    last_day_of,
    months_of,
    period,
)
from framework.definitions.working_days import (
    add_working_days,
    bank_holidays,
    deadline,
    earliest_signing,
    is_working_day,
    next_working_day,
    period_beginning_with,
    reminder_day,
    standstill_ends,
    working_day_before,
)

# One variable for the whole process, so that a server on another thread stands at the same moment.
_held: datetime | None = None


def now() -> datetime:
    """This moment, in UTC."""
    return _held or datetime.now(UTC)


def today() -> date:
    """Today's date in London."""
    return as_london(now()).date()


@contextmanager
def at(moment: datetime | date) -> Iterator[datetime]:
    """Hold the clock of the whole process at a moment (a date means noon in London on that day).

    For tests, and for making the sample as if in the past. Holds may be nested.
    """
    global _held
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(12), tzinfo=London)
    if moment.tzinfo is None:
        raise ValueError("The clock can only be held at a moment with a time zone")
    before, _held = _held, moment.astimezone(UTC)
    try:
        yield _held
    finally:
        _held = before


def on(day: date) -> AbstractContextManager[datetime]:
    """Hold the clock of the whole process at noon in London on a day."""
    return at(day)


__all__ = [
    "DateError",
    "London",
    "NoticePeriod",
    "Term",
    "add_months",
    "add_working_days",
    "as_london",
    "at",
    "bank_holidays",
    "days_between_in_words",
    "deadline",
    "decide_by",
    "earliest_signing",
    "end_of",
    "financial_year",
    "financial_year_term",
    "first_of_financial_year",
    "in_words",
    "is_working_day",
    "last_day_of",
    "last_notice_day",
    "moment_in_words",
    "months_of",
    "next_working_day",
    "now",
    "on",
    "period",
    "period_beginning_with",
    "read_date",
    "read_date_text",
    "reminder_day",
    "standstill_ends",
    "start_of",
    "today",
    "working_day_before",
]
