"""A call-off: a contract placed under a lot, from first draft to close."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.definitions import dates
from framework.definitions.money import Money, gross_of
from framework.records.columns import Balances, Pence, balance_checks, index_where, one_of


class CallOffStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REJECTED = "rejected"
    APPROVED = "approved"
    APPROVAL_RAN_OUT = "approval_ran_out"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    AWARDED = "awarded"
    ISSUED = "issued"
    SIGNED = "signed"
    LIVE = "live"
    SUSPENDED = "suspended"
    ENDED = "ended"
    TERMINATED = "terminated"
    CLOSED = "closed"
    AWARD_WITHDRAWN = "award_withdrawn"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class ChargingMethod(StrEnum):
    FIXED = "fixed"
    MILESTONE = "milestone"
    CAPPED_TIME_AND_MATERIALS = "capped_time_and_materials"
    TIME_AND_MATERIALS = "time_and_materials"

    @property
    def label(self) -> str:
        return {
            ChargingMethod.FIXED: "Fixed price",
            ChargingMethod.MILESTONE: "Milestone payments",
            ChargingMethod.CAPPED_TIME_AND_MATERIALS: "Capped time and materials",
            ChargingMethod.TIME_AND_MATERIALS: "Time and materials",
        }[self]


class OffPayroll(StrEnum):
    """RULE-58: one must be chosen for every call-off."""

    CONTRACTED_OUT = "contracted_out"
    RESOURCE = "resource"

    @property
    def label(self) -> str:
        return {
            OffPayroll.CONTRACTED_OUT: "Contracted out service: the off-payroll rules do not apply",
            OffPayroll.RESOURCE: "Supply of resource: the off-payroll rules may apply",
        }[self]


_UNDECIDED = "submitted_at IS NOT NULL AND approved_at IS NULL AND cancelled_at IS NULL"
_UNPRICED = "price_approval_asked_at IS NOT NULL AND price_approved_net_pence IS NULL AND awarded_at IS NULL"


_TO_AWARD = "accepted_at IS NOT NULL AND awarded_at IS NULL AND cancelled_at IS NULL"
_TO_SIGN = (
    "awarded_at IS NOT NULL AND signed_at IS NULL AND award_withdrawn_at IS NULL AND cancelled_at IS NULL"
)
_RUNNING = "signed_at IS NOT NULL AND closed_at IS NULL"
_PROMISED = "awarded_at IS NOT NULL AND award_withdrawn_at IS NULL AND closed_at IS NULL"


class CallOff(Balances, table=True):
    """What is wanted, when, for how much, and each moment at which something happened to it.

    Status is read from those moments and never stored. `*_net_pence` figures are net of VAT; the four balances stand on the
    agreement's own basis.
    """

    __tablename__ = "call_off"

    id: int = Field(default=None, primary_key=True)
    reference: str = Field(max_length=40, unique=True)
    agreement_id: int = Field(foreign_key="framework_agreement.id")
    lot_id: int = Field(foreign_key="lot.id")
    authority_id: int = Field(foreign_key="party.id")
    owner_id: int = Field(foreign_key="person.id", index=True)
    """The commissioning manager who has it now."""
    drafted_by_id: int | None = Field(default=None, foreign_key="person.id")
    changed_by_id: int | None = Field(default=None, foreign_key="person.id")
    """Who wrote the words as they stand; like whoever drafted and raised it, they do not decide it."""
    case_id: int | None = Field(default=None, foreign_key="business_case.id", index=True)
    exemption_reason: str = Field(default="", max_length=2000)
    title: str = Field(max_length=200)
    created_at: datetime

    # The brief: part 7 of the order form.
    background: str = Field(default="", max_length=40000)
    outcome_wanted: str = Field(default="", max_length=40000)
    in_scope: str = Field(default="", max_length=40000)
    out_of_scope: str = Field(default="", max_length=40000)
    standards: str = Field(default="", max_length=8000)
    location: str = Field(default="", max_length=500)
    working_hours: str = Field(default="", max_length=500)
    dependencies: str = Field(default="", max_length=8000)

    # Term, money and terms: parts 5, 6, 10, 11 and 12.
    starts_on: date | None = None
    ends_on: date | None = None
    base_net_pence: int | None = Field(default=None, sa_type=Pence)
    expenses_net_pence: int = Field(default=0, sa_type=Pence)
    options_net_pence: int = Field(default=0, sa_type=Pence)
    value_net_pence: int = Field(default=0, sa_type=Pence)
    """Maximum value now: base, options and expenses cap as raised; the awarded or varied figure after that (RULE-25)."""
    approved_net_pence: int = Field(default=0, sa_type=Pence)
    vat_rate_bp: int = 2000
    charging_method: ChargingMethod | None = Field(default=None, sa_type=one_of(ChargingMethod))
    expenses_policy: str = Field(default="", max_length=1000)
    indexation: str = Field(default="None", max_length=500)
    off_payroll: OffPayroll | None = Field(default=None, sa_type=one_of(OffPayroll))
    special_terms: str = Field(default="", max_length=8000)
    special_terms_confirmed: bool = False
    break_notice_days: int = 30
    supplier_notice_days: int = 30
    acceptance_days: int = 5
    invoice_frequency: str = Field(default="Monthly in arrears", max_length=100)
    purchase_order: str = Field(default="", max_length=40)
    cost_centre: str = Field(default="", max_length=60)
    programme: str = Field(default="", max_length=120)
    """The authority's own programme of work that pays for it, for figures by programme."""
    conflicts_declared: bool = False
    representative: str = Field(default="", max_length=120)
    """The buyer's authorised representative; the commissioning manager when blank."""

    # What happened.
    submissions: int = 0
    """How often it has been raised, so that nobody decides a request they no longer see."""
    submitted_at: datetime | None = None
    submitted_by_id: int | None = Field(default=None, foreign_key="person.id")
    returned_at: datetime | None = None
    rejected_at: datetime | None = None
    approved_at: datetime | None = None
    approval_valid_until: date | None = None
    """Last day of the approval, included; the day after, the reservation is free again."""
    offer_id: int | None = None
    """The offer that is open or was accepted. Not a foreign key: offers point at call-offs, and one arrow is enough."""
    offered_at: datetime | None = None
    """When the open offer was made; since then the partner has it."""
    offer_deadline_at: datetime | None = None
    accepted_at: datetime | None = None
    price_approved_net_pence: int | None = Field(default=None, sa_type=Pence)
    price_approval_asked_at: datetime | None = None
    awarded_at: datetime | None = None
    awarded_by_id: int | None = Field(default=None, foreign_key="person.id")
    award_reason: str = Field(default="", max_length=2000)
    appointment_id: int | None = Field(default=None, foreign_key="appointment.id", index=True)
    issued_at: datetime | None = None
    buyer_signed_at: datetime | None = None
    partner_signed_at: datetime | None = None
    signed_at: datetime | None = None
    award_withdrawn_at: datetime | None = None
    suspended_at: datetime | None = None
    terminated_on: date | None = None
    cancelled_at: datetime | None = None
    finance_agreed_at: datetime | None = None
    finance_agreed_by_id: int | None = Field(default=None, foreign_key="person.id")
    closed_at: datetime | None = None
    outcome: str = Field(default="", max_length=4000)
    outcome_rating: str | None = Field(default=None, max_length=40)

    __table_args__ = (
        *balance_checks(),
        sa.CheckConstraint("value_net_pence >= 0 AND expenses_net_pence >= 0", name="values_not_negative"),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on", name="starts_before_end"
        ),
        sa.Index("ix_call_off_agreement_id_id", "agreement_id", "id"),
        sa.Index("ix_call_off_lot_id_id", "lot_id", "id"),
        sa.Index("ix_call_off_authority_id_id", "authority_id", "id"),
        # What waits for an approver: a request, and an accepted price above what was approved.
        sa.Index(
            "ix_call_off_undecided",
            "authority_id",
            "submitted_at",
            sqlite_where=sa.text(_UNDECIDED),
            postgresql_where=sa.text(_UNDECIDED),
        ),
        sa.Index(
            "ix_call_off_unpriced",
            "authority_id",
            "price_approval_asked_at",
            sqlite_where=sa.text(_UNPRICED),
            postgresql_where=sa.text(_UNPRICED),
        ),
        # What waits to be awarded, to be issued and signed, and what runs: for home pages, closing and reminders.
        index_where("ix_call_off_to_award", "owner_id", where=_TO_AWARD),
        index_where("ix_call_off_to_sign", "authority_id", "awarded_at", where=_TO_SIGN),
        index_where("ix_call_off_partner_to_sign", "appointment_id", "awarded_at", where=_TO_SIGN),
        index_where("ix_call_off_running", "authority_id", "ends_on", where=_RUNNING),
        index_where("ix_call_off_promised", "appointment_id", where=_PROMISED),
        index_where("ix_call_off_ending", "ends_on", where=f"{_RUNNING} AND terminated_on IS NULL"),
        sa.Index(
            "ix_call_off_run_out",
            "approval_valid_until",
            sqlite_where=sa.text("reserved_pence > 0 AND awarded_at IS NULL"),
            postgresql_where=sa.text("reserved_pence > 0 AND awarded_at IS NULL"),
        ),
    )

    @property
    def value(self) -> Money:
        """Maximum value now, net of VAT, options and expenses cap included (RULE-25)."""
        return Money(self.value_net_pence)

    @property
    def value_gross(self) -> Money:
        """The same including VAT, half up to the penny (RULE-74)."""
        return gross_of(self.value, self.vat_rate_bp)

    @property
    def last_day(self) -> date | None:
        """The last day it runs, included: the early one where it was ended early."""
        return self.terminated_on or self.ends_on

    @property
    def left_to_invoice(self) -> Money:
        """Committed less invoiced, on the agreement's basis."""
        return Money(self.committed_pence - self.invoiced_pence)

    @property
    def status(self) -> CallOffStatus:
        """What the call-off is now."""
        return self.status_at(dates.now())

    def status_at(self, moment: datetime) -> CallOffStatus:
        """What the call-off is at a moment, read from what happened and from London dates; last days are included."""
        day = dates.as_london(moment).date()
        if self.cancelled_at:
            return CallOffStatus.CANCELLED
        if self.award_withdrawn_at:
            return CallOffStatus.AWARD_WITHDRAWN
        if self.closed_at:
            return CallOffStatus.CLOSED
        if self.signed_at:
            return self._running_status(day)
        if self.awarded_at:
            return CallOffStatus.ISSUED if self.issued_at else CallOffStatus.AWARDED
        return self._request_status(moment, day)

    def _running_status(self, day: date) -> CallOffStatus:
        if self.terminated_on and day > self.terminated_on:
            return CallOffStatus.TERMINATED
        if self.ends_on and day > self.ends_on:
            return CallOffStatus.ENDED
        if self.suspended_at:
            return CallOffStatus.SUSPENDED
        if self.starts_on and day < self.starts_on:
            return CallOffStatus.SIGNED
        return CallOffStatus.LIVE

    def _request_status(self, moment: datetime, day: date) -> CallOffStatus:
        if self.submitted_at is None:
            return CallOffStatus.DRAFT
        if self.rejected_at and self.rejected_at >= self.submitted_at:
            return CallOffStatus.REJECTED
        if self.returned_at and self.returned_at >= self.submitted_at:
            return CallOffStatus.RETURNED
        if self.approved_at is None:
            return CallOffStatus.SUBMITTED
        if self.approval_valid_until and day > self.approval_valid_until:
            return CallOffStatus.APPROVAL_RAN_OUT
        if self.accepted_at:
            return CallOffStatus.ACCEPTED
        if self.offer_deadline_at and moment <= self.offer_deadline_at:
            return CallOffStatus.OFFERED
        return CallOffStatus.APPROVED


class CallOffOption(SQLModel, table=True):
    """An extension option of a call-off: its length, notice and price net of VAT; its price counts from award (RULE-25)."""

    __tablename__ = "call_off_option"

    id: int = Field(default=None, primary_key=True)
    call_off_id: int = Field(foreign_key="call_off.id", index=True)
    number: int
    months: int
    notice_days: int
    price_net_pence: int = Field(sa_type=Pence)
    used_at: datetime | None = None

    __table_args__ = (
        sa.UniqueConstraint("call_off_id", "number"),
        sa.CheckConstraint(
            "months BETWEEN 1 AND 60 AND notice_days >= 0 AND price_net_pence >= 0", name="sensible"
        ),
    )


class CallOffDecision(SQLModel, table=True):
    """One approver's decision, with their limit as it was then; `stage` is raise, price or variation."""

    __tablename__ = "call_off_decision"

    id: int = Field(default=None, primary_key=True)
    call_off_id: int = Field(foreign_key="call_off.id", index=True)
    stage: str = Field(max_length=20)
    outcome: str = Field(max_length=20)
    value_net_pence: int = Field(sa_type=Pence)
    reason: str = Field(default="", max_length=4000)
    conditions: str = Field(default="", max_length=4000)
    decided_by_id: int = Field(foreign_key="person.id")
    limit_net_pence: int | None = Field(default=None, sa_type=Pence)
    decided_at: datetime


class Variation(SQLModel, table=True):
    """An agreed change of value or last day, with what stood before it. Figures are maximum values net of VAT."""

    __tablename__ = "variation"

    id: int = Field(default=None, primary_key=True)
    call_off_id: int = Field(foreign_key="call_off.id", index=True)
    number: int
    reason: str = Field(max_length=4000)
    ground: str = Field(max_length=60)
    old_value_net_pence: int = Field(sa_type=Pence)
    new_value_net_pence: int = Field(sa_type=Pence)
    old_ends_on: date
    new_ends_on: date
    proposed_at: datetime
    proposed_by_id: int = Field(foreign_key="person.id")
    approved_at: datetime | None = None
    refused_at: datetime | None = None
    agreed_at: datetime | None = None
    agreed_by_id: int | None = Field(default=None, foreign_key="person.id")

    __table_args__ = (
        sa.UniqueConstraint("call_off_id", "number"),
        sa.CheckConstraint(
            "new_value_net_pence >= 0 AND old_value_net_pence >= 0", name="values_not_negative"
        ),
    )
