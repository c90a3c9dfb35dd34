"""Days and hours at which people work."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from framework.definitions import dates


@lru_cache(maxsize=20_000)
def working(day: date) -> date:
    """That day, or the next on which people work."""
    return day if dates.is_working_day(day) else dates.next_working_day(day)


@lru_cache(maxsize=20_000)
def _begins(day: date) -> datetime:
    return dates.start_of(day)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment on that day or the next working day, counted from midnight in London, in UTC."""
    return _begins(working(day)) + timedelta(hours=hour, minutes=minute)
