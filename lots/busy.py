"""Until when people are busy: what the floors above know of promises, and what counts as full-time."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from framework.definitions import dates

FULL_TIME_TENTHS = 9
"""Somebody is busy when they are promised for nine tenths of the working days or more: what is left is leave, not another job."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Days that somebody has been promised for, from first to last, both included; the name as `key_of` writes it."""

    name_key: str
    first: date
    until: date
    quarter_days: int

    @property
    def is_full_time(self) -> bool:
        """Whether nothing of the person is left meanwhile."""
        length = (self.until - self.first).days + 1
        working = sum(dates.is_working_day(self.first + timedelta(days=after)) for after in range(length))
        return self.quarter_days * 10 >= working * 4 * FULL_TIME_TENTHS


# What the floors above know of people's promises: (session, supplier ids) -> busy days by supplier. Filled by app.py.
BUSY: list[Callable[[Session, Collection[int]], Mapping[int, Sequence[Busy]]]] = []


def full_time(session: Session, supplier_ids: set[int]) -> dict[tuple[int, str], list[date]]:
    """Last days of full-time promises by supplier and name; somebody without a name is promised to nobody."""
    found: dict[tuple[int, str], list[date]] = {}
    for ask in BUSY:
        for supplier_id, days in ask(session, supplier_ids).items():
            for one in days:
                if one.name_key and one.is_full_time:
                    found.setdefault((supplier_id, one.name_key), []).append(one.until)
    return found
