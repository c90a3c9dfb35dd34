"""What a partner promises beside the work itself: social value and skills transfer, in versions, ticked off with evidence (RULE-55)."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.records.columns import index_where, one_of


class PromiseKind(StrEnum):
    APPRENTICE_DAYS = "apprentice_days"
    WORK_EXPERIENCE = "work_experience"
    EVENTS = "events"
    STAFF_TRAINING = "staff_training"
    SKILLS_TRANSFER = "skills_transfer"
    CARBON = "carbon"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _KINDS[self][0]

    @property
    def unit(self) -> str:
        """The unit that is meant where the partner names none."""
        return _KINDS[self][1]

    @property
    def is_for_staff(self) -> bool:
        """Whether council staff learn something: then how many of them, and what, is part of the promise."""
        return self in (PromiseKind.STAFF_TRAINING, PromiseKind.SKILLS_TRANSFER)


_KINDS = {
    PromiseKind.APPRENTICE_DAYS: ("Apprentice days", "days"),
    PromiseKind.WORK_EXPERIENCE: ("Work experience", "days"),
    PromiseKind.EVENTS: ("School or community events", "events"),
    PromiseKind.STAFF_TRAINING: ("Training for council staff", "sessions"),
    PromiseKind.SKILLS_TRANSFER: ("Skills transfer to council staff", "sessions"),
    PromiseKind.CARBON: ("Carbon", "kg of CO2 saved"),
    PromiseKind.OTHER: ("Something else", ""),
}


class PromiseStatus(StrEnum):
    OFFERED = "offered"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"
    AGREED = "agreed"
    DELIVERED = "delivered"
    KEPT = "kept"
    LATE = "late"

    @property
    def label(self) -> str:
        return {
            PromiseStatus.OFFERED: "Offered",
            PromiseStatus.SENT_BACK: "Sent back",
            PromiseStatus.WITHDRAWN: "Withdrawn",
            PromiseStatus.AGREED: "Agreed",
            PromiseStatus.DELIVERED: "To be confirmed",
            PromiseStatus.KEPT: "Kept",
            PromiseStatus.LATE: "Late",
        }[self]


class Promise(SQLModel, table=True):
    """One partner's promise to one council on one lot. What it says stands in its versions."""

    __tablename__ = "promise"

    id: int = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="framework_agreement.id", index=True)
    lot_id: int = Field(foreign_key="lot.id", index=True)
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    supplier_id: int = Field(foreign_key="party.id", index=True)
    authority_id: int = Field(foreign_key="party.id", index=True)
    """The council that agrees and confirms."""
    made_at: datetime
    withdrawn_at: datetime | None = None

    # As the agreed version has it, so that lists and reminders need not read every version. None until one is agreed.
    agreed_number: int | None = None
    due_on: date | None = None
    amount: int | None = None
    confirmed: int = 0
    """How much the council has confirmed as delivered, in the unit of the agreed version."""
    waits_for: str = Field(default="agreement", max_length=20)
    """What the council has to do now: "agreement", "confirmation", or nothing."""

    __table_args__ = (
        index_where("ix_promise_waiting", "authority_id", where="waits_for <> ''"),
        index_where(
            "ix_promise_due",
            "due_on",
            where="due_on IS NOT NULL AND withdrawn_at IS NULL AND confirmed < amount",
        ),
        sa.CheckConstraint("confirmed >= 0", name="confirmed_not_negative"),
    )

    @property
    def is_kept(self) -> bool:
        """Whether everything promised is confirmed."""
        return self.amount is not None and self.confirmed >= self.amount

    def is_late_on(self, day: date) -> bool:
        """Whether, on this London day, its last day has passed and something is still to be confirmed."""
        return self.due_on is not None and not self.withdrawn_at and not self.is_kept and day > self.due_on

    def status_on(self, day: date) -> PromiseStatus:
        """What the promise is on a London day."""
        if self.withdrawn_at:
            return PromiseStatus.WITHDRAWN
        if self.agreed_number is None:
            return PromiseStatus.OFFERED if self.waits_for else PromiseStatus.SENT_BACK
        if self.is_kept:
            return PromiseStatus.KEPT
        if self.is_late_on(day):
            return PromiseStatus.LATE
        return PromiseStatus.DELIVERED if self.waits_for == "confirmation" else PromiseStatus.AGREED


class PromiseVersion(SQLModel, table=True):
    """What the promise says. Offered by the partner, agreed or sent back by the council; never changed after that."""

    __tablename__ = "promise_version"

    id: int = Field(default=None, primary_key=True)
    promise_id: int = Field(foreign_key="promise.id", index=True)
    number: int
    kind: PromiseKind = Field(sa_type=one_of(PromiseKind))
    amount: int
    unit: str = Field(max_length=40)
    due_on: date
    words: str = Field(default="", max_length=4000)
    staff: int | None = None
    """How many council staff learn it; None where the promise is not for staff."""
    skill: str = Field(default="", max_length=200)
    offered_at: datetime
    offered_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    agreed: bool | None = None
    """None while it waits; False where it was sent back."""
    why: str = Field(default="", max_length=1000)
    """Why the partner asks for the change; blank in the first version."""
    reply: str = Field(default="", max_length=1000)
    """What the council wrote when it sent it back."""

    __table_args__ = (
        sa.UniqueConstraint("promise_id", "number"),
        sa.CheckConstraint("amount > 0", name="amount_above_nothing"),
    )


class PromiseDelivery(SQLModel, table=True):
    """How much the partner says it has delivered so far, with its evidence, and what the council said to that."""

    __tablename__ = "promise_delivery"

    id: int = Field(default=None, primary_key=True)
    promise_id: int = Field(foreign_key="promise.id", index=True)
    amount: int
    """All that was delivered up to then, in the unit of the agreed version."""
    delivered_on: date
    words: str = Field(max_length=4000)
    document_id: int | None = Field(default=None, foreign_key="stored_document.id")
    told_at: datetime
    told_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    confirmed: bool | None = None
    why: str = Field(default="", max_length=1000)
    """Why the council refused it."""
