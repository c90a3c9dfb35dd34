"""An offer: a call-off put to one partner, and the answer that the partner returns."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.definitions import dates
from framework.definitions.money import Money, line
from framework.definitions.quantities import quarter_days_shown
from framework.records.columns import Pence, one_of
from lots.workforce import Depth


class OfferStatus(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Offer(SQLModel, table=True):
    """Put to one partner until a working-day deadline; the rate card in force is frozen with it."""

    __tablename__ = "offer"

    id: int = Field(default=None, primary_key=True)
    reference: str = Field(max_length=48, unique=True)
    call_off_id: int = Field(foreign_key="call_off.id", index=True)
    number: int = 1
    """1 for the first offer of the call-off, 2 for the next."""
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    rate_card_id: int = Field(foreign_key="rate_card.id")
    route: str = Field(max_length=2000)
    """Why this partner: the lot's only partner, or the mechanism applied and what it found."""
    message: str = Field(default="", max_length=4000)
    offered_at: datetime
    offered_by_id: int = Field(foreign_key="person.id")
    deadline_at: datetime
    accepted_at: datetime | None = None
    declined_at: datetime | None = None
    decline_reason: str = Field(default="", max_length=2000)
    withdrawn_at: datetime | None = None
    withdraw_reason: str = Field(default="", max_length=2000)
    """Why the council took the offer back or, after that, its award."""
    answered_by_id: int | None = Field(default=None, foreign_key="person.id")

    # The answer, complete only when accepted.
    price_net_pence: int | None = Field(default=None, sa_type=Pence)
    """Price of the work without options or expenses, net of VAT."""
    approach: str = Field(default="", max_length=20000)
    draft: str = Field(default="", max_length=100_000)
    """What the partner has typed so far and saved to come back to; only the partner ever sees it. Emptied by the answer."""

    __table_args__ = (
        sa.UniqueConstraint("call_off_id", "number"),
        sa.CheckConstraint("price_net_pence IS NULL OR price_net_pence > 0", name="price_above_nothing"),
    )

    @property
    def status(self) -> OfferStatus:
        """What the offer is now."""
        return self.status_at(dates.now())

    @property
    def price(self) -> Money:
        """Price of the work without options or expenses, net of VAT; nothing until the offer is accepted."""
        return Money(self.price_net_pence or 0)

    def status_at(self, moment: datetime) -> OfferStatus:
        """What the offer is at a moment; an unanswered one lapses when its deadline has passed."""
        if self.withdrawn_at:
            return OfferStatus.WITHDRAWN
        if self.accepted_at:
            return OfferStatus.ACCEPTED
        if self.declined_at:
            return OfferStatus.DECLINED
        return OfferStatus.LAPSED if moment > self.deadline_at else OfferStatus.OFFERED


class OfferedPerson(SQLModel, table=True):
    """Someone the partner puts forward: role, level, day rate net of VAT and quarter days."""

    __tablename__ = "offered_person"

    id: int = Field(default=None, primary_key=True)
    offer_id: int = Field(foreign_key="offer.id", index=True)
    number: int
    name: str = Field(default="", max_length=120)
    role: str = Field(max_length=80)
    level: int
    day_rate_pence: int = Field(sa_type=Pence)
    quarter_days: int
    """Days of work in quarters of a day (RULE-79)."""
    is_key: bool = False
    clearance: str = Field(default="none", max_length=10)
    erased_at: datetime | None = None
    """When the name and the clearance were erased (RULE-81)."""

    __table_args__ = (
        sa.UniqueConstraint("offer_id", "number"),
        sa.CheckConstraint("day_rate_pence > 0 AND quarter_days > 0", name="work_above_nothing"),
    )

    @property
    def day_rate(self) -> Money:
        """Net of VAT."""
        return Money(self.day_rate_pence)

    @property
    def days(self) -> str:
        """Days of work as a person writes them: "2.25"."""
        return quarter_days_shown(self.quarter_days)

    @property
    def total(self) -> Money:
        """Day rate times days, net of VAT (RULE-74)."""
        return line(Money(self.day_rate_pence), self.quarter_days)


class OfferedSkill(SQLModel, table=True):
    """A skill that the offered people bring, and how deep."""

    __tablename__ = "offered_skill"

    id: int = Field(default=None, primary_key=True)
    offer_id: int = Field(foreign_key="offer.id", index=True)
    number: int
    skill: str = Field(max_length=120)
    depth: Depth = Field(sa_type=one_of(Depth))

    __table_args__ = (sa.UniqueConstraint("offer_id", "number"),)


class Deliverable(SQLModel, table=True):
    """Something the partner will hand over, by when, and how the buyer will judge it."""

    __tablename__ = "deliverable"

    id: int = Field(default=None, primary_key=True)
    offer_id: int = Field(foreign_key="offer.id", index=True)
    number: int
    description: str = Field(max_length=2000)
    criteria: str = Field(max_length=2000)
    due_on: date
    owner: str = Field(default="", max_length=120)
    payment_net_pence: int | None = Field(default=None, sa_type=Pence)
    """Paid when this milestone is accepted, net of VAT; only where charges are fixed or by milestone."""
    accepted_at: datetime | None = None
    accepted_by_id: int | None = Field(default=None, foreign_key="person.id")
    waived_reason: str = Field(default="", max_length=1000)

    __table_args__ = (sa.UniqueConstraint("offer_id", "number"),)
