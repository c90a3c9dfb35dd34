"""London time: where a day begins and ends for everything that is written in dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

London = ZoneInfo("Europe/London")


def as_london(moment: datetime) -> datetime:
    """The same moment on a London clock. Raises ValueError for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone before it can be read in London")
    return moment.astimezone(London)


def start_of(day: date) -> datetime:
    """The first moment of a London day, in UTC."""
    return datetime.combine(day, time.min, tzinfo=London).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The last microsecond of a London day, in UTC; a person reads it as 11:59pm."""
    return datetime.combine(day, time.max, tzinfo=London).astimezone(UTC)
