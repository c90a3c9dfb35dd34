"""The forecast: from what was committed month by month, between which days a ceiling runs out. Pure: no session and no clock.

All money is on the agreement's own basis. Days are London days, both ends included.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from framework.definitions.dates import add_months, last_day_of
from framework.definitions.money import Money, nearest_penny
from framework.definitions.reprocurement import start_by

SPANS = (3, 6, 12)
"""Over how many whole months means are taken."""
LEAST = SPANS[0]
_SLOWER, _FASTER = Fraction(9, 10), Fraction(11, 10)

RULE = (
    "The slow rate is a tenth below the lowest, and the fast rate a tenth above the highest, of the monthly means of what was "
    "committed over the last 3, 6 and 12 whole months (of those spans that there are), less what was released."
)


class Outlook(StrEnum):
    """What can be said of a ceiling."""

    ENDED = "ended"
    REACHED = "reached"
    NOT_ENOUGH = "not_enough"
    RUNS_OUT = "runs_out"
    MAY_RUN_OUT = "may_run_out"
    LASTS = "lasts"


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a ceiling's forecast says on a day."""

    outlook: Outlook
    today: date
    last_day: date
    ceiling: Money
    left: Money
    """Ceiling less committed less reserved."""
    history: tuple[tuple[date, Money], ...]
    """First day and net commitment of each whole month that counts, the oldest first."""
    slow: Fraction | None = None
    """Pence a month; None where there is not enough data, or nothing is forecast."""
    fast: Fraction | None = None
    earliest: date | None = None
    """The day on which the ceiling runs out at the fast rate; None where that is not before the end."""
    latest: date | None = None
    """The same at the slow rate."""
    start_by: date | None = None
    """Last day to start a re-procurement; None where nothing is left, or the agreement has ended."""

    @property
    def slow_rate(self) -> Money | None:
        """A month, to the penny."""
        return None if self.slow is None else nearest_penny(self.slow)

    @property
    def fast_rate(self) -> Money | None:
        return None if self.fast is None else nearest_penny(self.fast)

    @property
    def first(self) -> str:
        """Which comes first: the ceiling, perhaps the ceiling, or the last day."""
        if self.outlook in (Outlook.RUNS_OUT, Outlook.REACHED):
            return "ceiling"
        return "perhaps the ceiling" if self.outlook is Outlook.MAY_RUN_OUT else "last day"

    @property
    def is_late(self) -> bool:
        """Whether a re-procurement should have begun before today."""
        if self.outlook is Outlook.REACHED:
            return True
        return self.start_by is not None and self.start_by < self.today


def forecast(
    months: Sequence[tuple[date, Money]],
    *,
    ceiling: Money,
    committed: Money,
    reserved: Money,
    first_day: date | None,
    last_day: date,
    today: date,
    more: Money | None = None,
) -> Forecast:
    """Forecast a ceiling from (first day of a month, commitments less releases in it), in any order, months without any left out.

    The month of `today` is in no rate. What is reserved counts as used, but in no rate. `more` is a further amount that is supposed
    to be approved. Nothing is forecast for a day that has passed, or after the last day.
    """
    left = ceiling - committed - reserved - (more or Money.zero())
    history = whole_months(months, first_day, today)
    if today > last_day:
        return Forecast(Outlook.ENDED, today, last_day, ceiling, left, history)
    if left.pence <= 0:
        return Forecast(Outlook.REACHED, today, last_day, ceiling, left, history)
    if len(history) < LEAST:
        return Forecast(
            Outlook.NOT_ENOUGH, today, last_day, ceiling, left, history, start_by=start_by(last_day)
        )
    slow, fast = rates(history)
    earliest, latest = (runs_out(left, rate, today, last_day) for rate in (fast, slow))
    if latest is not None:
        outlook = Outlook.RUNS_OUT
    else:
        outlook = Outlook.LASTS if earliest is None else Outlook.MAY_RUN_OUT
    return Forecast(
        outlook,
        today,
        last_day,
        ceiling,
        left,
        history,
        slow,
        fast,
        earliest,
        latest,
        start_by(earliest or last_day),
    )


def whole_months(
    months: Sequence[tuple[date, Money]], first_day: date | None, today: date
) -> tuple[tuple[date, Money], ...]:
    """Every whole month from the first in which anything was committed to the one before today's; quiet months count as nothing."""
    sums: dict[date, Money] = {}
    for month, amount in months:
        sums[month] = sums.get(month, Money.zero()) + amount
    begun = [month for month, amount in sums.items() if amount.pence]
    if not begun:
        return ()
    month, end = min(begun), today.replace(day=1)
    if first_day is not None and month < first_day:
        # The agreement was not yet there on the first of the month.
        month = add_months(first_day.replace(day=1), 0 if first_day.day == 1 else 1)
    found = []
    while month < end:
        found.append((month, sums.get(month, Money.zero())))
        month = add_months(month, 1)
    return tuple(found)


def rates(history: Sequence[tuple[date, Money]]) -> tuple[Fraction, Fraction]:
    """The slow and the fast rate in pence a month, never below nothing. Needs `LEAST` months."""
    amounts = [amount.pence for _, amount in history]
    means = [Fraction(sum(amounts[-span:]), span) for span in SPANS if len(amounts) >= span]
    none = Fraction(0)
    return max(min(means) * _SLOWER, none), max(max(means) * _FASTER, none)


def runs_out(left: Money, rate: Fraction, today: date, last_day: date) -> date | None:
    """The day on which a rate in pence a month has used up what is left, from tomorrow on; None if not by the last day.

    Each month's rate falls evenly on its days, so that February counts as a whole month.
    """
    if rate <= 0:
        return None
    wanted, day = Fraction(left.pence), today
    while day < last_day:
        end = last_day_of((day + timedelta(days=1)).replace(day=1), 1)
        daily = rate / end.day
        days = (end - day).days
        if daily * days >= wanted:
            found = day + timedelta(days=-(-wanted // daily))
            return found if found <= last_day else None
        wanted -= daily * days
        day = end
    return None


def path(found: Forecast) -> list[tuple[date, Money, Money]]:
    """Where the money used stands at the end of today and of each month until the last day: (day, at the slow, at the fast rate).

    Never above the ceiling. Empty where nothing is forecast.
    """
    if found.slow is None or found.fast is None:
        return []
    used = Fraction((found.ceiling - found.left).pence)
    slow, fast, day = used, used, found.today
    line = [(day, nearest_penny(used), nearest_penny(used))]
    while day < found.last_day:
        month_end = last_day_of((day + timedelta(days=1)).replace(day=1), 1)
        end = min(month_end, found.last_day)
        part = Fraction((end - day).days, month_end.day)
        slow, fast, day = slow + found.slow * part, fast + found.fast * part, end
        line.append(
            (day, *(min(nearest_penny(one), found.ceiling) for one in (slow, fast)))  # type: ignore[arg-type]
        )
    return line
