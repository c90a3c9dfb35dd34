"""A substitution: somebody the partner puts in the place of a person on a call-off, and what the buyer said to it."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.quantities import quarter_days_shown
from framework.records.columns import Pence, index_where, one_of
from lots.workforce import Clearance


class SubstitutionStatus(StrEnum):
    PROPOSED = "proposed"
    CONSENTED = "consented"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return {
            SubstitutionStatus.PROPOSED: "Waits for the council",
            SubstitutionStatus.CONSENTED: "Agreed",
            SubstitutionStatus.REFUSED: "Refused",
            SubstitutionStatus.WITHDRAWN: "Taken back",
        }[self]


_STANDING = "refused_at IS NULL AND withdrawn_at IS NULL"
_OPEN = f"consented_at IS NULL AND {_STANDING}"


class Substitution(SQLModel, table=True):
    """One proposal. Who leaves is a person of the accepted offer or an earlier substitute; nothing changes until the buyer consents."""

    __tablename__ = "substitution"

    id: int = Field(default=None, primary_key=True)
    call_off_id: int = Field(foreign_key="call_off.id", index=True)
    number: int
    """1 for the first proposal on the call-off."""
    leaving_person_id: int | None = Field(default=None, foreign_key="offered_person.id")
    leaving_substitution_id: int | None = Field(default=None, foreign_key="substitution.id")
    name: str | None = Field(default=None, max_length=120)
    """Who comes; None after erasing."""
    role: str = Field(max_length=80)
    level: int
    clearance: Clearance = Field(default=Clearance.NONE, sa_type=one_of(Clearance))
    day_rate_pence: int = Field(sa_type=Pence)
    quarter_days: int
    """Days of work that pass from the one who leaves, in quarters of a day."""
    starts_on: date
    like_for_like: str = Field(max_length=4000)
    """What makes the one who comes as good as the one who leaves."""
    difference: str = Field(default="", max_length=2000)
    """Why another role or level is as good; blank where both stay."""
    reason: str = Field(max_length=2000)
    """Why the other one leaves."""
    proposed_at: datetime
    proposed_by_id: int = Field(foreign_key="person.id")
    consented_at: datetime | None = None
    refused_at: datetime | None = None
    withdrawn_at: datetime | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    answer: str = Field(default="", max_length=2000)
    """Why the buyer refused, or what it said when it consented."""
    erased_at: datetime | None = None

    __table_args__ = (
        sa.UniqueConstraint("call_off_id", "number"),
        sa.CheckConstraint(
            "(leaving_person_id IS NULL) <> (leaving_substitution_id IS NULL)", name="one_leaves"
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 7", name="level_one_to_seven"),
        sa.CheckConstraint("day_rate_pence > 0 AND quarter_days > 0", name="work_above_nothing"),
        # Whoever leaves has one proposal that is open or agreed, whatever two people press at once.
        sa.Index(
            "uq_substitution_person",
            "leaving_person_id",
            unique=True,
            sqlite_where=sa.text(_STANDING),
            postgresql_where=sa.text(_STANDING),
        ),
        sa.Index(
            "uq_substitution_substitute",
            "leaving_substitution_id",
            unique=True,
            sqlite_where=sa.text(_STANDING),
            postgresql_where=sa.text(_STANDING),
        ),
        index_where("ix_substitution_open", "call_off_id", where=_OPEN),
    )

    @property
    def status(self) -> SubstitutionStatus:
        """Read from what happened to it."""
        if self.withdrawn_at:
            return SubstitutionStatus.WITHDRAWN
        if self.refused_at:
            return SubstitutionStatus.REFUSED
        return SubstitutionStatus.CONSENTED if self.consented_at else SubstitutionStatus.PROPOSED

    @property
    def since(self) -> date:
        """From which London day the new person is on the call-off: the day proposed, or that of the consent where that came later."""
        if self.consented_at is None:
            return self.starts_on
        return max(self.starts_on, dates.as_london(self.consented_at).date())

    @property
    def day_rate(self) -> Money:
        """Net of VAT."""
        return Money(self.day_rate_pence)

    @property
    def days(self) -> str:
        """Days of work as a person writes them: "2.25"."""
        return quarter_days_shown(self.quarter_days)

    @property
    def called(self) -> str:
        """The name, or what stands in its place after erasing."""
        return self.name or "A former substitute"
