"""Working days: not a Saturday, a Sunday, or a bank holiday in any part of the UK (RULE-51)."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources

from framework.definitions.london import end_of

NATIONS = ("ENG", "WLS", "SCT", "NIR")
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether it is a working day in every part of the UK (Procurement Act 2023 s.123(1))."""
    return day.weekday() < _SATURDAY and day not in bank_holidays(day.year)


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """Every bank holiday of a year in any of the four nations, weekend ones included."""
    # Imported here because it is slow to load, and most commands never ask about a bank holiday.
    import holidays

    found = {
        day
        for nation in NATIONS
        for day in holidays.country_holidays("GB", subdiv=nation, years=year, observed=True)
    }
    return frozenset(found | {day for day in _one_offs() if day.year == year})


@cache
def _one_offs() -> frozenset[date]:
    """Our own dated table of proclaimed days, which a calendar package may not know yet."""
    text = (resources.files(__package__) / "data" / "one_off_bank_holidays.json").read_text("utf-8")
    return frozenset(date.fromisoformat(row["date"]) for row in json.loads(text)["days"])


def next_working_day(day: date) -> date:
    """The first working day after a day."""
    day += _ONE_DAY
    while not is_working_day(day):
        day += _ONE_DAY
    return day


def working_day_before(day: date) -> date:
    """The last working day before a day."""
    day -= _ONE_DAY
    while not is_working_day(day):
        day -= _ONE_DAY
    return day


def add_working_days(day: date, working_days: int) -> date:
    """The day on which so many working days have passed, the next working day counting as the first.

    Two working days from Maundy Thursday is the Wednesday after Easter. None at all is the day itself.
    """
    if working_days < 0:
        raise ValueError("Working days are counted forwards")
    for _ in range(working_days):
        day = next_working_day(day)
    return day


def deadline(day: date, working_days: int) -> datetime:
    """The last moment (11:59pm in London) of a deadline of our own set on a day, in UTC."""
    return end_of(add_working_days(day, working_days))


def period_beginning_with(day: date, days: int) -> date:
    """The last day of a statutory period of calendar days "beginning with" a day, which counts."""
    if days < 1:
        raise ValueError("A period has at least one day")
    return day + timedelta(days=days - 1)


def standstill_ends(published: date, working_days: int = 8) -> date:
    """The last day of a standstill beginning with the day its notice was published (RULE-15)."""
    return add_working_days(published - _ONE_DAY, working_days)


def earliest_signing(published: date, working_days: int = 8) -> date:
    """The first day on which a contract may be signed after a standstill."""
    return standstill_ends(published, working_days) + _ONE_DAY


def reminder_day(day: date) -> date:
    """The day to remind: that day, or the working day before it when nobody is at work (RULE-97)."""
    return day if is_working_day(day) else working_day_before(day)
