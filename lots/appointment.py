"""An appointment: a supplier's place on a lot. Once appointed, the supplier is a partner."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from framework.records.columns import Balances, balance_checks, index_where


class AppointmentStatus(StrEnum):
    ONBOARDING = "onboarding"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    NOVATED = "novated"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Appointment(Balances, table=True):
    """A partner's place on a lot, with the money committed to it there (nothing is reserved for a partner before award)."""

    __tablename__ = "appointment"

    id: int = Field(default=None, primary_key=True)
    lot_id: int = Field(foreign_key="lot.id", index=True)
    supplier_id: int = Field(foreign_key="party.id", index=True)
    rank: int = 1
    """Place in the lot's ranked order, 1 first; used only where the lot's mechanism is a ranked order."""
    created_at: datetime
    active_from: date | None = None
    suspended_from: date | None = None
    suspended_until: date | None = None
    """Last day of a suspension, included; the partner returns by itself the next morning."""
    suspended_why: str = Field(default="", max_length=1000)
    ended_on: date | None = None
    ended_as: str | None = Field(default=None, max_length=20)
    contract_manager: str = Field(default="", max_length=120)
    contract_manager_email: str = Field(default="", max_length=254)

    # Joining: a place that came by invitation is its partner's to see before the agreement is confirmed.
    invited_at: datetime | None = None
    """When the supplier accepted an invitation to this place; None for a place that the framework owner gave directly."""
    sent_at: datetime | None = None
    """When the partner said that its task list is complete; None before that and after it was sent back."""
    signed_on: date | None = None
    """The day the partner signed the framework agreement."""
    countersigned_on: date | None = None
    """The day the lead authority signed it."""

    __table_args__ = (
        sa.UniqueConstraint("lot_id", "supplier_id"),
        index_where("ix_appointment_suspended", "suspended_until", where="suspended_until IS NOT NULL"),
        *balance_checks(),
    )

    def status_on(self, day: date) -> AppointmentStatus:
        """What the appointment is on a London day, read from its dates."""
        if self.ended_on and day >= self.ended_on:
            return AppointmentStatus(self.ended_as or AppointmentStatus.REMOVED)
        if self.active_from is None or day < self.active_from:
            return AppointmentStatus.ONBOARDING
        if (
            self.suspended_from
            and self.suspended_from <= day
            and (not self.suspended_until or day <= self.suspended_until)
        ):
            return AppointmentStatus.SUSPENDED
        return AppointmentStatus.ACTIVE
