"""Months and quarters that lie ahead: how they are chosen, written and told from today."""

from dataclasses import dataclass
from datetime import date

from framework.definitions import dates
from framework.definitions.date_words import MONTHS

EARLIEST_YEAR, LATEST_YEAR = 2000, 2099
_QUARTERS = (1, 4, 7, 10)


@dataclass(frozen=True, slots=True)
class Period:
    """One month or one quarter of the calendar: first to last day, both included, London."""

    first: date
    last: date

    @property
    def key(self) -> str:
        """The part of the year as a form sends it: "m03" for March, "q2" for April to June."""
        if self.first.month == self.last.month:
            return f"m{self.first.month:02}"
        return f"q{(self.first.month + 2) // 3}"

    def __str__(self) -> str:
        begins, ends = MONTHS[self.first.month - 1], MONTHS[self.last.month - 1]
        whole = begins if begins == ends else f"{begins} to {ends}"
        return f"{whole} {self.first.year}"


def period_of(part: str, year: int) -> Period:
    """The period that a form names: a part of the year (see `PARTS`) and a year. Raises ValueError for anything else."""
    if part not in dict(PARTS) or not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f"No such period: {part} {year}")
    number = int(part[1:])
    if part[0] == "m":
        first, months = date(year, number, 1), 1
    else:
        first, months = date(year, _QUARTERS[number - 1], 1), 3
    return Period(first, dates.last_day_of(first, months))


def quarter_of(day: date) -> Period:
    """The quarter of the calendar in which a day lies."""
    return period_of(f"q{(day.month + 2) // 3}", day.year)


def ahead_in_words(period: Period, today: date) -> str:
    """How far off a period is, seen from a London day: "in about 3 months", "now", "was expected 2 months ago"."""
    if period.first <= today <= period.last:
        return "now"
    if today > period.last:
        return f"was expected {_about((today.year - period.last.year) * 12 + today.month - period.last.month, 'last month')}"
    months = (period.first.year - today.year) * 12 + period.first.month - today.month
    days = (period.first - today).days
    if days <= 45:
        return f"in about {-(-days // 7)} weeks" if days > 10 else "in a few days"
    if months >= 24:
        years = months // 12
        return f"in about {years} years"
    return f"in about {round(days / 30.4)} months"


def _about(months: int, one: str) -> str:
    if months <= 1:
        return one
    return f"{months} months ago" if months < 24 else f"{months // 12} years ago"


# What a form offers: each quarter, then each month.
PARTS: tuple[tuple[str, str], ...] = (
    *((f"q{number}", f"{MONTHS[at - 1]} to {MONTHS[at + 1]}") for number, at in enumerate(_QUARTERS, 1)),
    *((f"m{number:02}", name) for number, name in enumerate(MONTHS, 1)),
)
