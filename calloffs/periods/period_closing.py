"""A closing: an accounting period that an authority closed, with every figure as it was at that moment. Never changed."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from calloffs.spend.entry import EntryKind
from framework.definitions.periods import Period, period_of
from framework.records.columns import Pence, one_of


class PeriodClosing(SQLModel, table=True):
    """One period closed by one authority; what is posted to it afterwards is a later change."""

    __tablename__ = "period_closing"

    id: int = Field(default=None, primary_key=True)
    authority_id: int = Field(foreign_key="party.id")
    calendar: str = Field(max_length=20)
    period_on: date
    """First day of the period."""
    last_on: date
    """Last day, included."""
    last_entry_id: int
    """The newest ledger entry that its figures rest on; those after it came later."""
    closed_at: datetime
    closed_by_id: int = Field(foreign_key="person.id")

    __table_args__ = (
        sa.UniqueConstraint("authority_id", "period_on"),
        sa.CheckConstraint("period_on <= last_on", name="first_before_last"),
    )

    @property
    def period(self) -> Period:
        """The period as its calendar has it."""
        return period_of(self.calendar, self.period_on)


class ClosedFigure(SQLModel, table=True):
    """What moved on one call-off in a closed period, on the agreement's basis and net of VAT, as it was at the closing."""

    __tablename__ = "closed_figure"

    id: int = Field(default=None, primary_key=True)
    closing_id: int = Field(foreign_key="period_closing.id")
    call_off_id: int = Field(foreign_key="call_off.id")
    agreement_id: int = Field(foreign_key="framework_agreement.id")
    lot_id: int = Field(foreign_key="lot.id")
    appointment_id: int | None = Field(default=None, foreign_key="appointment.id")
    """The partner as the call-off had it then; None before award."""
    kind: EntryKind = Field(sa_type=one_of(EntryKind))
    amount_pence: int = Field(sa_type=Pence)
    net_pence: int = Field(sa_type=Pence)

    __table_args__ = (sa.UniqueConstraint("closing_id", "call_off_id", "kind"),)


class AccrualAdjustment(SQLModel, table=True):
    """What somebody put in the place of an accrual worked out by rule, and why. Never changed: a later one takes its place."""

    __tablename__ = "accrual_adjustment"

    id: int = Field(default=None, primary_key=True)
    call_off_id: int = Field(foreign_key="call_off.id")
    on_day: date
    accrual_net_pence: int | None = Field(default=None, sa_type=Pence)
    """Net of VAT; None goes back to the rule."""
    reason: str = Field(max_length=1000)
    made_at: datetime
    made_by_id: int = Field(foreign_key="person.id")

    __table_args__ = (
        sa.Index("ix_accrual_adjustment_call_off_id_on_day", "call_off_id", "on_day"),
        sa.CheckConstraint("reason <> ''", name="has_reason"),
        sa.CheckConstraint("accrual_net_pence IS NULL OR accrual_net_pence >= 0", name="not_below_nothing"),
    )
