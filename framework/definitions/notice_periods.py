"""Option notice: the last day to give it, and the day by which to decide (RULE-95)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from framework.definitions.terms import add_months

GOVERNANCE_LEAD_DAYS = 60


@dataclass(frozen=True, slots=True)
class NoticePeriod:
    """How long before the end an option must be used: a number of months, of weeks, or of days.

    `NoticePeriod(months=6)`, `NoticePeriod(weeks=12)`; no argument means no notice is needed.
    Raises ValueError for a negative length or more than one unit.
    """

    months: int = 0
    weeks: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        lengths = (self.months, self.weeks, self.days)
        if any(length < 0 for length in lengths) or sum(length > 0 for length in lengths) > 1:
            raise ValueError("A notice period is a number of months, of weeks or of days")

    def before(self, day: date) -> date:
        """The day this long before another day."""
        return add_months(day, -self.months) - timedelta(days=7 * self.weeks + self.days)

    def __str__(self) -> str:
        for length, unit in ((self.months, "month"), (self.weeks, "week"), (self.days, "day")):
            if length:
                return f"{length} {unit}{'' if length == 1 else 's'}"
        return "no notice"


def last_notice_day(current_end: date, notice: NoticePeriod) -> date:
    """The last day on which an option may still be used, when the term ends on `current_end`."""
    return notice.before(current_end)


def decide_by(last_notice_day: date, lead_days: int = GOVERNANCE_LEAD_DAYS) -> date:
    """The day by which to decide, leaving the council's own governance its days before notice."""
    return last_notice_day - timedelta(days=lead_days)
