"""A skillset: the people, skills and availability that a partner puts forward on one lot, as dated versions (RULE-83)."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.definitions.money import Money
from framework.definitions.quantities import quarter_days_shown
from framework.records.columns import Pence, index_where, one_of
from lots.workforce import Clearance, Depth, Employment, Payroll, Place


class SkillsetStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Skillset(SQLModel, table=True):
    """One version. The partner drafts and submits it, the framework owner accepts or returns it; the next accepted one takes its place."""

    __tablename__ = "skillset"

    id: int = Field(default=None, primary_key=True)
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    version: int
    created_at: datetime
    created_by_id: int | None = Field(default=None, foreign_key="person.id")
    submitted_at: datetime | None = None
    submitted_by_id: int | None = Field(default=None, foreign_key="person.id")
    returned_at: datetime | None = None
    returned_by_id: int | None = Field(default=None, foreign_key="person.id")
    return_reason: str = Field(default="", max_length=1000)
    accepted_at: datetime | None = None
    accepted_by_id: int | None = Field(default=None, foreign_key="person.id")
    superseded_at: datetime | None = None
    """When a later version was accepted in its place."""

    __table_args__ = (
        sa.UniqueConstraint("appointment_id", "version"),
        # At most one version of a place is the accepted one, whatever two people press at once.
        sa.Index(
            "uq_skillset_in_force",
            "appointment_id",
            unique=True,
            sqlite_where=sa.text("accepted_at IS NOT NULL AND superseded_at IS NULL"),
            postgresql_where=sa.text("accepted_at IS NOT NULL AND superseded_at IS NULL"),
        ),
        index_where(
            "ix_skillset_waiting",
            "submitted_at",
            where="submitted_at IS NOT NULL AND accepted_at IS NULL AND returned_at IS NULL",
        ),
    )

    @property
    def status(self) -> SkillsetStatus:
        """Read from what happened to it."""
        if self.superseded_at:
            return SkillsetStatus.SUPERSEDED
        if self.accepted_at:
            return SkillsetStatus.ACCEPTED
        if self.returned_at:
            return SkillsetStatus.RETURNED
        return SkillsetStatus.SUBMITTED if self.submitted_at else SkillsetStatus.DRAFT


class SkillsetPerson(SQLModel, table=True):
    """Somebody in a version: what they do, at what level and when. Their name may be withheld, and is erased in time (RULE-81)."""

    __tablename__ = "skillset_person"

    id: int = Field(default=None, primary_key=True)
    skillset_id: int = Field(foreign_key="skillset.id", index=True)
    number: int
    """Row in the version, from 1."""
    name: str | None = Field(default=None, max_length=120)
    """None for somebody not named yet, and after erasing."""
    role: str = Field(max_length=80)
    level: int
    day_rate_pence: int | None = Field(default=None, sa_type=Pence)
    """Net of VAT, never above the rate card; None where the card's own rate is asked."""
    quarter_days_a_week: int = 20
    """Capacity in quarters of a day: 20 is five days a week."""
    available_from: date
    available_to: date | None = None
    """Last day, included; None where no end is known."""
    clearance: Clearance = Field(default=Clearance.NONE, sa_type=one_of(Clearance))
    clearance_on: date | None = None
    """The day the clearance was given."""
    employment: Employment = Field(default=Employment.EMPLOYEE, sa_type=one_of(Employment))
    off_payroll: Payroll = Field(default=Payroll.CONTRACTED_OUT, sa_type=one_of(Payroll))
    erased_at: datetime | None = None

    __table_args__ = (
        sa.UniqueConstraint("skillset_id", "number"),
        sa.CheckConstraint("level BETWEEN 1 AND 7", name="level_one_to_seven"),
        sa.CheckConstraint("quarter_days_a_week BETWEEN 1 AND 28", name="week_sensible"),
        sa.CheckConstraint("day_rate_pence IS NULL OR day_rate_pence > 0", name="day_rate_above_nothing"),
        sa.CheckConstraint("available_to IS NULL OR available_to >= available_from", name="available"),
    )

    @property
    def day_rate(self) -> Money | None:
        """Net of VAT; None where the card's own rate is asked."""
        return None if self.day_rate_pence is None else Money(self.day_rate_pence)

    @property
    def days_a_week(self) -> str:
        """As a person writes it: "2.5"."""
        return quarter_days_shown(self.quarter_days_a_week)

    @property
    def called(self) -> str:
        """The name, or "Person 3" where there is none."""
        return self.name or f"Person {self.number}"


class SkillsetSkill(SQLModel, table=True):
    """A skill of somebody in a version, and how deep."""

    __tablename__ = "skillset_skill"

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="skillset_person.id", index=True)
    skill: str = Field(max_length=120)
    key: str = Field(max_length=120, index=True)
    """The skill in small letters without doubled spaces: what it is found and grouped by."""
    depth: Depth = Field(sa_type=one_of(Depth))

    __table_args__ = (sa.UniqueConstraint("person_id", "key"),)


class SkillsetPlace(SQLModel, table=True):
    """A place where somebody in a version can work."""

    __tablename__ = "skillset_place"

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="skillset_person.id", index=True)
    place: Place = Field(sa_type=one_of(Place))

    __table_args__ = (sa.UniqueConstraint("person_id", "place"),)
