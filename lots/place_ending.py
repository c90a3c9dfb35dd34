"""How a place on a lot ends: a partner's own notice, or a removal or novation that a second person must agree to."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.records.columns import index_where


class PlaceEnding(SQLModel, table=True):
    """A notice that a partner leaves a lot, or a proposal to remove it or to pass its place on, which counts once somebody else agrees."""

    __tablename__ = "place_ending"

    id: int = Field(default=None, primary_key=True)
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    ended_as: str = Field(max_length=20)
    """"withdrawn", "removed" or "novated"."""
    from_on: date
    """First day without the place."""
    reason: str = Field(max_length=1000)
    proposed_at: datetime
    """For a withdrawal, when the notice was given."""
    proposed_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    agreed: bool | None = None

    __table_args__ = (
        sa.CheckConstraint("(decided_at IS NULL) = (agreed IS NULL)", name="decided_whole"),
        index_where("ix_place_ending_waiting", "appointment_id", where="decided_at IS NULL"),
    )


class ExitPlan(SQLModel, table=True):
    """What happens to one live call-off of a partner who leaves."""

    __tablename__ = "exit_plan"

    id: int = Field(default=None, primary_key=True)
    ending_id: int = Field(foreign_key="place_ending.id", index=True)
    call_off_reference: str = Field(max_length=40)
    plan: str = Field(max_length=2000)

    __table_args__ = (sa.UniqueConstraint("ending_id", "call_off_reference"),)
