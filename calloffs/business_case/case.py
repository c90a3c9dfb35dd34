"""A business case: why something is worth buying, at what cost and from which money."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.definitions.dates import as_london
from framework.definitions.money import Money
from framework.records.columns import Pence, one_of


class CaseType(StrEnum):
    """RULE-64."""

    INVEST_TO_SAVE = "invest_to_save"
    STATUTORY = "statutory"
    RISK_OR_END_OF_LIFE = "risk_or_end_of_life"
    SERVICE_IMPROVEMENT = "service_improvement"
    SELF_EVIDENT = "self_evident"

    @property
    def label(self) -> str:
        if self is CaseType.SELF_EVIDENT:
            return "Self-evident"
        return self.value.replace("_", " ").capitalize()


class CaseStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return self.value.capitalize()


_WAITING = "submitted_at IS NOT NULL AND outcome IS NULL AND withdrawn_at IS NULL"
_SOMETHING_LEFT = "used_net_pence < approved_net_pence"


class BusinessCase(SQLModel, table=True):
    """A short case under the five headings, with what has been approved and how much of that is used.

    Amounts are net of VAT. `used_net_pence` is moved by the ledger with each reservation and commitment of a linked call-off.
    """

    __tablename__ = "business_case"

    id: int = Field(default=None, primary_key=True)
    reference: str = Field(max_length=40, unique=True)
    authority_id: int = Field(foreign_key="party.id")
    author_id: int = Field(foreign_key="person.id")
    changed_by_id: int | None = Field(default=None, foreign_key="person.id")
    """Who wrote the words as they stand; like the author and the submitter, they do not decide the case."""
    submitted_by_id: int | None = Field(default=None, foreign_key="person.id")
    version: int = Field(default=1)
    """Grows with every change, submission and decision, so that nobody acts on what they no longer see."""
    kind: CaseType = Field(sa_type=one_of(CaseType))
    title: str = Field(max_length=200)
    need: str = Field(default="", max_length=8000)
    baseline: str = Field(default="", max_length=8000)
    """What happens if nothing is done: always present (RULE-62)."""
    options: str = Field(default="", max_length=8000)
    risks: str = Field(default="", max_length=8000)
    self_evident_reason: str = Field(default="", max_length=2000)
    created_at: datetime
    submitted_at: datetime | None = None
    withdrawn_at: datetime | None = None
    decided_at: datetime | None = None
    outcome: str | None = Field(default=None, max_length=20)
    """approved, returned or rejected; None until decided, and again from a new submission. The history is in the decisions."""
    requested_net_pence: int = Field(default=0, sa_type=Pence)
    approved_net_pence: int = Field(default=0, sa_type=Pence)
    used_net_pence: int = Field(default=0, sa_type=Pence)
    valid_until: date | None = None

    __table_args__ = (
        sa.CheckConstraint("used_net_pence >= 0", name="used_not_negative"),
        sa.CheckConstraint(
            "requested_net_pence >= 0 AND approved_net_pence >= 0", name="amounts_not_negative"
        ),
        sa.CheckConstraint("used_net_pence <= approved_net_pence", name="within_approval"),
        # Lists and home pages read only what they show, however many cases stand behind it.
        sa.Index("ix_business_case_authority_newest", "authority_id", "id"),
        sa.Index("ix_business_case_authority_outcome", "authority_id", "outcome", "id"),
        sa.Index("ix_business_case_author_outcome", "author_id", "outcome", "id"),
        sa.Index(
            "ix_business_case_something_left",
            "authority_id",
            "outcome",
            "id",
            sqlite_where=sa.text(_SOMETHING_LEFT),
            postgresql_where=sa.text(_SOMETHING_LEFT),
        ),
        sa.Index(
            "ix_business_case_waiting",
            "authority_id",
            "submitted_at",
            sqlite_where=sa.text(_WAITING),
            postgresql_where=sa.text(_WAITING),
        ),
    )

    @property
    def requested(self) -> Money:
        """Sum of the cost lines, net of VAT."""
        return Money(self.requested_net_pence)

    @property
    def approved(self) -> Money:
        """What was approved, net of VAT."""
        return Money(self.approved_net_pence)

    @property
    def left(self) -> Money:
        """What is left of the approval after what call-offs have reserved and committed, net of VAT."""
        return Money(self.approved_net_pence - self.used_net_pence)

    def status_on(self, day: date) -> CaseStatus:
        """What the case is on a London day, read from what happened to it."""
        if self.withdrawn_at:
            return CaseStatus.WITHDRAWN
        if self.submitted_at is None:
            return CaseStatus.DRAFT
        if self.outcome is None:
            return CaseStatus.SUBMITTED
        if (
            self.outcome == "approved"
            and self.valid_until
            and day > self.valid_until
            and self.used_net_pence == 0
        ):
            return CaseStatus.LAPSED
        return CaseStatus(self.outcome)

    def days_waiting(self, day: date) -> int:
        """Whole London days from its submission to `day`; 0 when it has not been submitted."""
        return (day - as_london(self.submitted_at).date()).days if self.submitted_at else 0


class CaseCost(SQLModel, table=True):
    """What the case expects to spend in one year from its start (0 is the first), net of VAT."""

    __tablename__ = "case_cost"

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="business_case.id", index=True)
    year: int
    """0 to 4."""
    one_off_net_pence: int = Field(default=0, sa_type=Pence)
    recurring_net_pence: int = Field(default=0, sa_type=Pence)

    __table_args__ = (
        sa.UniqueConstraint("case_id", "year"),
        sa.CheckConstraint("one_off_net_pence >= 0 AND recurring_net_pence >= 0", name="costs_not_negative"),
    )


class CaseBenefit(SQLModel, table=True):
    """A benefit with an owner and a measure; cashable ones carry an amount a year."""

    __tablename__ = "case_benefit"

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="business_case.id", index=True)
    number: int
    description: str = Field(default="", max_length=1000)
    owner: str = Field(default="", max_length=120)
    measure: str = Field(default="", max_length=500)
    is_cashable: bool = False
    yearly_pence: int | None = Field(default=None, sa_type=Pence)

    __table_args__ = (sa.UniqueConstraint("case_id", "number"),)


class CaseFunding(SQLModel, table=True):
    """Where the money comes from: source, cost code and amount, net of VAT. A line still being written may have gaps."""

    __tablename__ = "case_funding"

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="business_case.id", index=True)
    number: int
    source: str = Field(default="", max_length=200)
    cost_code: str = Field(default="", max_length=60)
    amount_net_pence: int | None = Field(default=None, sa_type=Pence)
    """None only while the case is being written."""

    __table_args__ = (
        sa.UniqueConstraint("case_id", "number"),
        sa.CheckConstraint("amount_net_pence > 0", name="amount_above_nothing"),
    )


class CaseDecision(SQLModel, table=True):
    """One decision on a submitted case, with the approver's limit as it was then."""

    __tablename__ = "case_decision"

    id: int = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="business_case.id", index=True)
    outcome: str = Field(max_length=20)
    amount_net_pence: int = Field(default=0, sa_type=Pence)
    """What was approved; nothing when returned or rejected."""
    reason: str = Field(default="", max_length=4000)
    conditions: str = Field(default="", max_length=4000)
    decided_by_id: int = Field(foreign_key="person.id")
    limit_net_pence: int | None = Field(default=None, sa_type=Pence)
    decided_at: datetime
