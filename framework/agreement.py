"""A framework agreement: terms agreed in advance between authorities and suppliers."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.definitions.dates import Term
from framework.definitions.money import Basis, Money
from framework.definitions.notice_periods import NoticePeriod
from framework.definitions.regime import Regime
from framework.records.columns import Balances, Pence, balance_checks, one_of


class AgreementStatus(StrEnum):
    DRAFT = "draft"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    SCHEDULED = "scheduled"
    LIVE = "live"
    SUSPENDED = "suspended"
    EXHAUSTED = "exhausted"
    EXPIRED = "expired"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class FrameworkAgreement(Balances, table=True):
    """Regime, term, ceiling and the running balances of everything called off under it.

    All four balances and the ceiling stand on `basis` (net or gross of VAT); figures on different bases are never added.
    A past agreement (`recorded_as_past`) may leave start, ceiling or option unknown: None means "not published".
    """

    __tablename__ = "framework_agreement"

    id: int = Field(default=None, primary_key=True)
    reference: str = Field(max_length=24, unique=True)
    title: str = Field(max_length=200)
    lead_authority_id: int = Field(foreign_key="party.id", index=True)
    regime: Regime = Field(sa_type=one_of(Regime))
    commenced_on: date | None = None
    """Day the framework's own procurement commenced; fixes the regime and the thresholds (RULE-01, RULE-34)."""
    is_light_touch: bool = False
    is_open_framework: bool = False
    first_awarded_on: date | None = None

    # What RULE-04 wants stated.
    description: str = Field(default="", max_length=4000)
    price_mechanism: str = Field(default="", max_length=2000)
    selection_process: str = Field(default="", max_length=2000)
    fee_bp: int | None = None
    long_term_reason: str = Field(default="", max_length=1000)
    notice_identifier: str | None = Field(default=None, max_length=60)
    ocid: str | None = Field(default=None, max_length=60)
    document_id: int | None = Field(default=None, foreign_key="stored_document.id")

    starts_on: date | None = None
    ends_on: date
    original_ends_on: date
    governance_days: int = 60

    ceiling_pence: int | None = Field(default=None, sa_type=Pence)
    basis: Basis = Field(sa_type=one_of(Basis))
    vat_rate_bp: int = 2000
    is_shared_pool: bool = False

    created_at: datetime
    created_by_id: int | None = Field(default=None, foreign_key="person.id")
    submitted_at: datetime | None = None
    submitted_by_id: int | None = Field(default=None, foreign_key="person.id")
    confirmed_at: datetime | None = None
    confirmed_by_id: int | None = Field(default=None, foreign_key="person.id")
    suspended_at: datetime | None = None
    suspended_why: str = Field(default="", max_length=1000)
    closed_at: datetime | None = None
    lessons: str = Field(default="", max_length=4000)
    """What was learned, written when the agreement is closed."""
    cancelled_at: datetime | None = None
    recorded_as_past: bool = False
    past_note: str = Field(default="", max_length=1000)
    is_sample: bool = False

    __table_args__ = (
        *balance_checks("ceiling_pence"),
        sa.CheckConstraint("ceiling_pence IS NULL OR ceiling_pence > 0", name="ceiling_above_nothing"),
        sa.CheckConstraint("recorded_as_past OR ceiling_pence IS NOT NULL", name="ceiling_known"),
        sa.CheckConstraint("starts_on IS NULL OR starts_on <= ends_on", name="starts_before_end"),
    )

    @property
    def ceiling(self) -> Money | None:
        """The most that may be called off, on `basis`; None where a past agreement's was not published."""
        return None if self.ceiling_pence is None else Money(self.ceiling_pence)

    @property
    def term(self) -> Term | None:
        """First day to last day, both included, London; None where the start was not published."""
        return None if self.starts_on is None else Term(self.starts_on, self.ends_on)

    @property
    def is_draft(self) -> bool:
        """Whether its terms may still be changed: not sent for confirmation, not cancelled and not a past agreement."""
        return not (self.submitted_at or self.confirmed_at or self.cancelled_at or self.recorded_as_past)

    @property
    def is_public(self) -> bool:
        """Whether every member authority may see it, and not the lead authority alone: once confirmed, or recorded as past."""
        return self.confirmed_at is not None or self.recorded_as_past

    @property
    def headroom(self) -> Money:
        """Ceiling less committed less reserved, on `basis` (RULE-32); nothing where no ceiling is known."""
        return Money((self.ceiling_pence or 0) - self.committed_pence - self.reserved_pence)

    def status_on(self, day: date) -> AgreementStatus:
        """What the agreement is on a London day, read from what happened to it and never stored."""
        if self.recorded_as_past:
            return AgreementStatus.ENDED
        if self.cancelled_at:
            return AgreementStatus.CANCELLED
        if self.closed_at:
            return AgreementStatus.CLOSED
        if self.confirmed_at is None or self.starts_on is None:
            return AgreementStatus.AWAITING_CONFIRMATION if self.submitted_at else AgreementStatus.DRAFT
        if day > self.ends_on:
            return AgreementStatus.EXPIRED
        if self.suspended_at:
            return AgreementStatus.SUSPENDED
        if day < self.starts_on:
            return AgreementStatus.SCHEDULED
        if self.ceiling_pence is not None and self.committed_pence >= self.ceiling_pence:
            return AgreementStatus.EXHAUSTED
        return AgreementStatus.LIVE


class ExtensionOption(SQLModel, table=True):
    """A right, agreed at award, to move the last day of an agreement by whole months.

    Proposed by the lead authority, used when every member authority has approved (`ExtensionDecision`), and then once only.
    """

    __tablename__ = "extension_option"

    id: int = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="framework_agreement.id", index=True)
    number: int
    months: int
    notice_months: int = 0
    notice_days: int = 0
    used_at: datetime | None = None
    ended_before: date | None = None
    """The agreement's last day before this option moved it."""
    use_published: bool = True
    """False on a past agreement when nobody published whether the option was used."""
    note: str = Field(default="", max_length=300)
    proposed_at: datetime | None = None
    proposed_by_id: int | None = Field(default=None, foreign_key="person.id")
    late_reason: str = Field(default="", max_length=1000)
    partner_agreement: str = Field(default="", max_length=1000)
    """Where the partners' written agreement to a late extension is kept (RULE-95)."""
    longer_reason: str = Field(default="", max_length=1000)
    """Why the agreement may run past RULE-05's limit once extended."""

    __table_args__ = (
        sa.UniqueConstraint("agreement_id", "number"),
        sa.CheckConstraint("months BETWEEN 1 AND 96", name="months_sensible"),
        sa.CheckConstraint("notice_months >= 0 AND notice_days >= 0", name="notice_not_negative"),
    )

    @property
    def notice(self) -> NoticePeriod:
        """How long before the end the option must be used: a number of months, of weeks or of days."""
        if self.notice_months:
            return NoticePeriod(months=self.notice_months)
        weeks, days = divmod(self.notice_days, 7)
        return NoticePeriod(days=self.notice_days) if days else NoticePeriod(weeks=weeks)


class ExtensionDecision(SQLModel, table=True):
    """One member authority's approval of the proposal to use an option. Taken away again when any of them refuses."""

    __tablename__ = "extension_decision"

    id: int = Field(default=None, primary_key=True)
    option_id: int = Field(foreign_key="extension_option.id", index=True)
    authority_id: int = Field(foreign_key="party.id")
    by_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime

    __table_args__ = (sa.UniqueConstraint("option_id", "authority_id"),)


class MemberAuthority(Balances, table=True):
    """A contracting authority's place in an agreement: its dates, its allocation and its share of what is called off."""

    __tablename__ = "member_authority"

    id: int = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="framework_agreement.id", index=True)
    authority_id: int = Field(foreign_key="party.id", index=True)
    joins_on: date | None = None
    leaves_on: date | None = None
    """Last day of membership, included; None while it has none."""
    allocation_pence: int | None = Field(default=None, sa_type=Pence)
    """Most this authority may call off, on the agreement's basis; None when only the agreement and lot limits apply."""

    __table_args__ = (
        sa.UniqueConstraint("agreement_id", "authority_id"),
        *balance_checks(),
        sa.CheckConstraint(
            "allocation_pence IS NULL OR reserved_pence + committed_pence <= allocation_pence",
            name="within_allocation",
        ),
        sa.CheckConstraint(
            "allocation_pence IS NULL OR allocation_pence > 0", name="allocation_above_nothing"
        ),
    )

    def is_member_on(self, day: date) -> bool:
        """Whether the authority may call off on this London day (RULE-03)."""
        return (self.joins_on is None or self.joins_on <= day) and (
            self.leaves_on is None or day <= self.leaves_on
        )

    @property
    def headroom(self) -> Money | None:
        """What is left of the allocation on the agreement's basis; None when there is no allocation."""
        if self.allocation_pence is None:
            return None
        return Money(self.allocation_pence - self.committed_pence - self.reserved_pence)
