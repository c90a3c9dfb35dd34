"""The sample's calendar: everything is placed around the day of loading, and acts happen in working hours in order of time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from framework.definitions import dates
from framework.records.database import writing

# Nothing under the Procurement Act can have begun before it came into force (RULE-01).
FIRST_COMMENCEMENT = date(2025, 2, 24)


@dataclass(frozen=True, slots=True)
class Span:
    """The sample agreement's days: begun 18 months before the day of loading, for 36 months."""

    today: date

    @property
    def starts_on(self) -> date:
        first_of_month = self.today.replace(day=1)
        return max(
            dates.add_months(first_of_month, -18), dates.add_months(FIRST_COMMENCEMENT.replace(day=1), 3)
        )

    @property
    def ends_on(self) -> date:
        return dates.last_day_of(self.starts_on, 36)

    @property
    def long_stop_on(self) -> date:
        """A year past the latest end, the option of 12 months included."""
        return dates.last_day_of(self.starts_on, 60)

    @property
    def commenced_on(self) -> date:
        return max(dates.add_months(self.starts_on, -9), FIRST_COMMENCEMENT)

    @property
    def began_on(self) -> date:
        """The day on which the councils began to use the product."""
        return self.starts_on - timedelta(days=60)


Act = Callable[[Session], None]


@dataclass(order=True)
class _Entry:
    moment: datetime
    number: int
    act: Act = field(compare=False)


@dataclass
class Diary:
    """Acts with their moments. They are done in order of time, each in a transaction of its own, the clock standing at its moment."""

    now: datetime
    _entries: list[_Entry] = field(default_factory=list)

    def put(self, day: date, hour: int, act: Act, *, after: date | None = None) -> date:
        """An act on this London day (the next working day, if it is none), and later than `after`; returns the day it fell on."""
        if after is not None:
            day = max(day, after + timedelta(days=1))
        while not dates.is_working_day(day):
            day += timedelta(days=1)
        number = len(self._entries)
        moment = datetime.combine(day, time(hour, (number * 7) % 60), tzinfo=dates.London)
        self._entries.append(_Entry(moment, number, act))
        return day

    def put_last(self, act: Act) -> None:
        """An act half an hour before the moment of loading, whatever the day: for what does not keep."""
        self._entries.append(_Entry(self.now - timedelta(minutes=30), len(self._entries), act))

    def live(self) -> int:
        """Do everything whose moment has come; what lies in the future is left undone. Returns how many acts were done."""
        done = 0
        for entry in sorted(self._entries):
            if entry.moment >= self.now:
                break
            with dates.at(entry.moment), writing() as session:
                entry.act(session)
            done += 1
        return done
