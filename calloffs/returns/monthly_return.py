"""A partner's return for one month: the head that may change, and versions, lines, days and notes that are only ever added.

Every amount is net of VAT, in pence. A correction adds lines that reverse those of the version before and lines of its own, so
the sum over all lines of a return is what its newest version says, at every moment.
"""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.quantities import quarter_days_shown
from framework.records.columns import Pence, one_of

DUE_IN = 5
"""Working days of the next month after which a return is due (RULE-51); the day after it is chased."""
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Side(StrEnum):
    COUNCIL = "council"
    PARTNER = "partner"


class MonthlyReturn(SQLModel, table=True):
    """The return of one partner for one month, with the draft it may have. It exists once somebody began to fill it in:
    that it is asked for is read from the call-offs that were live, and never stored."""

    __tablename__ = "monthly_return"

    id: int = Field(default=None, primary_key=True)
    supplier_id: int = Field(foreign_key="party.id")
    month: date
    """First day of the month that it is about."""
    versions: int = 0
    """How many were given: none, the first, or that and its corrections."""
    draft: str = ""
    """What was typed and not yet given."""
    draft_saves: int = 0
    """How often a draft was kept, so that nobody overwrites or gives words they never saw."""

    __table_args__ = (
        sa.UniqueConstraint("supplier_id", "month"),
        sa.CheckConstraint("versions >= 0 AND draft_saves >= 0", name="counts_not_negative"),
    )


class ReturnVersion(SQLModel, table=True):
    """A return as it was given once: the first, or a correction with its reason. Never changed."""

    __tablename__ = "monthly_return_version"

    id: int = Field(default=None, primary_key=True)
    return_id: int = Field(foreign_key="monthly_return.id")
    number: int
    given_at: datetime
    given_by_id: int = Field(foreign_key="person.id")
    reason: str = Field(default="", max_length=1000)
    """Why it was corrected; blank for the first."""

    __table_args__ = (
        sa.UniqueConstraint("return_id", "number"),
        sa.CheckConstraint("number = 1 OR reason <> ''", name="correction_has_reason"),
    )


class ReturnLine(SQLModel, table=True):
    """What one version says of one call-off, or the reversal of what the version before said. Never changed."""

    __tablename__ = "monthly_return_line"

    id: int = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="monthly_return_version.id", index=True)
    call_off_id: int = Field(foreign_key="call_off.id")
    month: date
    reverses_id: int | None = Field(default=None, foreign_key="monthly_return_line.id", unique=True)
    net_pence: int = Field(sa_type=Pence)
    """Invoiced in the month, net of VAT; a credit, or a reversal, may be below nothing."""
    no_business: bool = False
    delivered: str = Field(default="", max_length=4000)
    done: str = Field(default="", max_length=200)
    """Numbers of the deliverables handed over, parted by commas."""
    invoices: str = Field(default="", max_length=4000)
    """Invoice numbers, one to a line."""
    forecast_net_pence: int | None = Field(default=None, sa_type=Pence)
    """What it expects to invoice in the next month, net of VAT."""
    concerns: str = Field(default="", max_length=4000)

    __table_args__ = (
        sa.Index("ix_monthly_return_line_call_off_id_month", "call_off_id", "month"),
        sa.CheckConstraint(
            "no_business = false OR (net_pence = 0 AND invoices = '')", name="no_business_no_money"
        ),
    )

    @property
    def net(self) -> Money:
        """Net of VAT."""
        return Money(self.net_pence)

    @property
    def forecast(self) -> Money | None:
        """Net of VAT; None where nothing was said."""
        return None if self.forecast_net_pence is None else Money(self.forecast_net_pence)

    @property
    def invoice_numbers(self) -> tuple[str, ...]:
        return tuple(self.invoices.split("\n")) if self.invoices else ()

    @property
    def deliverable_numbers(self) -> tuple[int, ...]:
        return tuple(int(one) for one in self.done.split(",")) if self.done else ()


class ReturnDays(SQLModel, table=True):
    """Days worked at one level, in quarters of a day (RULE-79); below nothing in a reversal. Never changed."""

    __tablename__ = "monthly_return_days"

    id: int = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="monthly_return_line.id")
    level: int
    quarter_days: int

    __table_args__ = (
        sa.UniqueConstraint("line_id", "level"),
        sa.CheckConstraint("level BETWEEN 1 AND 7", name="level_known"),
    )

    @property
    def days(self) -> str:
        return quarter_days_shown(self.quarter_days)


class ReturnNote(SQLModel, table=True):
    """What one side wrote about a difference, with both figures as they stood. Never changed.

    A council's note may settle the difference: for these two figures, and no longer once either of them changes.
    """

    __tablename__ = "monthly_return_note"

    id: int = Field(default=None, primary_key=True)
    call_off_id: int = Field(foreign_key="call_off.id")
    month: date
    side: Side = Field(sa_type=one_of(Side))
    words: str = Field(max_length=2000)
    settles: bool = False
    said_net_pence: int = Field(sa_type=Pence)
    recorded_net_pence: int = Field(sa_type=Pence)
    written_at: datetime
    written_by_id: int = Field(foreign_key="person.id")

    __table_args__ = (
        sa.Index("ix_monthly_return_note_call_off_id_month", "call_off_id", "month"),
        sa.CheckConstraint("settles = false OR side = 'council'", name="council_settles"),
    )


def first_of_next(month: date) -> date:
    """The day on which the return for a month is asked for: the first of the next."""
    return dates.add_months(month.replace(day=1), 1)


def last_of(month: date) -> date:
    """The last day of a month."""
    return dates.last_day_of(month.replace(day=1), 1)


def due_at(month: date) -> datetime:
    """The last moment for the return of a month, in UTC: 11:59pm in London on the fifth working day of the next (RULE-51)."""
    return dates.deadline(last_of(month), DUE_IN)


def due_on(month: date) -> date:
    """The London day of `due_at`."""
    return dates.add_working_days(last_of(month), DUE_IN)


def last_correction_day(month: date) -> date:
    """The last day on which the return for a month may be given or corrected: the end of the financial year after its own."""
    return dates.financial_year_term(dates.add_months(month, 12)).last


def month_in_words(month: date) -> str:
    """ "October 2022"."""
    return dates.in_words(month).partition(" ")[2]


def day_of_week(day: date) -> str:
    """ "Monday 7 November 2022"."""
    return f"{_WEEKDAYS[day.weekday()]} {dates.in_words(day)}"


def month_before(day: date) -> date:
    """First day of the month before the one a day falls in: the month that is asked about then."""
    return dates.add_months(day.replace(day=1), -1)
