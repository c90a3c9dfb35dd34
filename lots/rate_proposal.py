"""A rate proposal: the next version of a rate card as its partner puts it forward, until the framework owner answers."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.definitions.money import Money
from framework.records.columns import Pence, index_where


class RateProposalStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"

    @property
    def label(self) -> str:
        return {RateProposalStatus.SUBMITTED: "Sent", RateProposalStatus.RETURNED: "Sent back"}.get(
            self, self.value.capitalize()
        )


class RateProposal(SQLModel, table=True):
    """Drafted and sent by the partner, then accepted (it becomes a rate card) or returned with a reason. Never reopened: the next is new."""

    __tablename__ = "rate_proposal"

    id: int = Field(default=None, primary_key=True)
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    basis_version: int = 0
    """The newest version of the card that its writer had seen; 0 where there was none."""
    revision: int = 1
    """Counts every saving, so that a page of an earlier one cannot write over it."""
    from_on: date | None = None
    hours_per_day_hundredths: int = 750
    created_at: datetime
    created_by_id: int | None = Field(default=None, foreign_key="person.id")
    changed_at: datetime
    submitted_at: datetime | None = None
    submitted_by_id: int | None = Field(default=None, foreign_key="person.id")
    returned_at: datetime | None = None
    returned_by_id: int | None = Field(default=None, foreign_key="person.id")
    return_reason: str = Field(default="", max_length=1000)
    withdrawn_at: datetime | None = None
    withdrawn_by_id: int | None = Field(default=None, foreign_key="person.id")
    accepted_at: datetime | None = None
    accepted_by_id: int | None = Field(default=None, foreign_key="person.id")
    accepted_version: int | None = None
    """The version of the card that it became."""

    __table_args__ = (
        sa.CheckConstraint("hours_per_day_hundredths BETWEEN 100 AND 2400", name="hours_sensible"),
        # One open proposal for a place, whatever two colleagues press at once.
        sa.Index(
            "uq_rate_proposal_open",
            "appointment_id",
            unique=True,
            sqlite_where=sa.text("returned_at IS NULL AND withdrawn_at IS NULL AND accepted_at IS NULL"),
            postgresql_where=sa.text("returned_at IS NULL AND withdrawn_at IS NULL AND accepted_at IS NULL"),
        ),
        index_where(
            "ix_rate_proposal_waiting",
            "submitted_at",
            where="submitted_at IS NOT NULL AND accepted_at IS NULL AND returned_at IS NULL AND withdrawn_at IS NULL",
        ),
    )

    @property
    def status(self) -> RateProposalStatus:
        """Read from what happened to it."""
        if self.accepted_at:
            return RateProposalStatus.ACCEPTED
        if self.withdrawn_at:
            return RateProposalStatus.WITHDRAWN
        if self.returned_at:
            return RateProposalStatus.RETURNED
        return RateProposalStatus.SUBMITTED if self.submitted_at else RateProposalStatus.DRAFT

    @property
    def is_open(self) -> bool:
        """A draft, or sent and not answered yet."""
        return self.status in (RateProposalStatus.DRAFT, RateProposalStatus.SUBMITTED)


class RateProposalLine(SQLModel, table=True):
    """A proposed day rate, net of VAT, for a role or category of work at a level from 1 to 7. A missing row means "not offered"."""

    __tablename__ = "rate_proposal_line"

    id: int = Field(default=None, primary_key=True)
    rate_proposal_id: int = Field(foreign_key="rate_proposal.id", index=True)
    role: str = Field(max_length=80)
    level: int
    day_rate_pence: int = Field(sa_type=Pence)

    __table_args__ = (
        sa.UniqueConstraint("rate_proposal_id", "role", "level"),
        sa.CheckConstraint("level BETWEEN 1 AND 7", name="level_one_to_seven"),
        sa.CheckConstraint("day_rate_pence > 0", name="day_rate_above_nothing"),
    )

    @property
    def day_rate(self) -> Money:
        """Net of VAT."""
        return Money(self.day_rate_pence)
