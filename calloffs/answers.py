"""Finding offers and what partners answered, always through what this visitor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff, CallOffStatus
from calloffs.offer import Deliverable, Offer, OfferedPerson, OfferedSkill, OfferStatus
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.people.person import Person
from lots.appointment import Appointment
from lots.lot import Lot
from lots.rate_card import Rate, RateCard

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """An offer with what a partner needs to read it by: never approvals, headroom, the case or another partner."""

    offer: Offer
    call_off: CallOff
    agreement: FrameworkAgreement
    lot: Lot
    authority: Party
    owner: Person
    partner: Party

    @property
    def days_left(self) -> str:
        """How far off the deadline is, from today in London: "in 3 days"."""
        return dates.days_between_in_words(dates.today(), dates.as_london(self.offer.deadline_at).date())

    @property
    def is_open(self) -> bool:
        """Whether the partner may still answer."""
        return self.offer.status is OfferStatus.OFFERED and self.call_off.status is CallOffStatus.OFFERED

    @property
    def comes_to(self) -> Money:
        """The answer's price with every option and the expenses cap, net of VAT (RULE-25)."""
        call_off = self.call_off
        return self.offer.price + Money(call_off.options_net_pence) + Money(call_off.expenses_net_pence)

    @property
    def is_over(self) -> bool:
        """Whether the answer comes to more than the maximum value, so that the council must approve its price first."""
        return self.offer.accepted_at is not None and self.comes_to > self.call_off.value

    @property
    def status(self) -> OfferStatus | CallOffStatus:
        """Where it stands for the partner: its offer until the award, the call-off from then on."""
        if self.call_off.awarded_at and self.offer.status is OfferStatus.ACCEPTED:
            return self.call_off.status
        return self.offer.status


@dataclass(frozen=True, slots=True)
class Given:
    """What a partner answered: who, with what skills, for what, at what price. Amounts net of VAT."""

    offer: Offer
    card: RateCard
    rates: dict[tuple[str, int], Money]
    people: Sequence[OfferedPerson]
    skills: Sequence[OfferedSkill]
    deliverables: Sequence[Deliverable]

    @property
    def people_total(self) -> Money:
        """All people's lines together, net of VAT."""
        return sum((one.total for one in self.people), Money.zero())


def _asked() -> Any:
    partner = sa.orm.aliased(Party)
    return (
        select(Offer, CallOff, FrameworkAgreement, Lot, Party, Person, partner)  # type: ignore[call-overload]
        .join(CallOff, col(CallOff.id) == col(Offer.call_off_id))
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(CallOff.agreement_id))
        .join(Lot, col(Lot.id) == col(CallOff.lot_id))
        .join(Party, col(Party.id) == col(CallOff.authority_id))
        .join(Person, col(Person.id) == col(CallOff.owner_id))
        .join(Appointment, col(Appointment.id) == col(Offer.appointment_id))
        .join(partner, partner.id == col(Appointment.supplier_id))
    )


def asked(session: Session, visitor: Visitor, reference: str) -> Asked:
    """An offer as the partner that it was made to reads it. Raises `NotFound` for everybody else, rivals and councils alike."""
    suppliers = visitor.parties_where(Permission.OFFER_READ)
    row = session.exec(
        _asked().where(Offer.reference == reference, col(Appointment.supplier_id).in_(suppliers))
    ).one_or_none()
    if row is None:
        raise NotFound
    return Asked(*row)


def made(session: Session, visitor: Visitor, reference: str) -> Asked:
    """An offer as its own authority reads it. Raises `NotFound` for everybody else, the partner too."""
    authorities = visitor.parties_where(Permission.CALL_OFF_READ)
    row = session.exec(
        _asked().where(Offer.reference == reference, col(CallOff.authority_id).in_(authorities))
    ).one_or_none()
    if row is None:
        raise NotFound
    return Asked(*row)


def all_asked(session: Session, visitor: Visitor, most: int = MOST_SHOWN) -> list[Asked]:
    """The newest offers made to the visitor's company, and the call-offs that came of them, at most `most`."""
    suppliers = visitor.parties_where(Permission.OFFER_READ)
    rows = session.exec(
        _asked().where(col(Appointment.supplier_id).in_(suppliers)).order_by(col(Offer.id).desc()).limit(most)
    )
    return [Asked(*row) for row in rows]


def to_answer(session: Session, visitor: Visitor) -> list[Asked]:
    """Offers that wait for the visitor's company, the soonest deadline first."""
    suppliers = visitor.parties_where(Permission.OFFER_ANSWER)
    rows = session.exec(
        _asked()
        .where(
            col(Appointment.supplier_id).in_(suppliers),
            col(Offer.accepted_at).is_(None),
            col(Offer.declined_at).is_(None),
            col(Offer.withdrawn_at).is_(None),
            col(Offer.deadline_at) >= dates.now(),
        )
        .order_by(col(Offer.deadline_at), col(Offer.id))
        .limit(MOST_SHOWN)
    )
    return [one for row in rows if (one := Asked(*row)).is_open]


def to_award(session: Session, visitor: Visitor) -> list[Asked]:
    """Answers that wait for the visitor to award, where she has the call-off, the oldest first."""
    rows = session.exec(
        _asked()
        .where(
            col(CallOff.owner_id) == visitor.person_id,
            col(CallOff.authority_id).in_(visitor.parties_where(Permission.CALL_OFF_AWARD)),
            col(CallOff.accepted_at).is_not(None),
            col(CallOff.awarded_at).is_(None),
            col(CallOff.cancelled_at).is_(None),
            col(CallOff.offer_id) == col(Offer.id),
        )
        .order_by(col(Offer.accepted_at), col(Offer.id))
        .limit(MOST_SHOWN)
    )
    return [one for row in rows if (one := Asked(*row)).call_off.status is CallOffStatus.ACCEPTED]


def offers_of(session: Session, call_off: CallOff) -> list[tuple[Offer, Party]]:
    """Every offer of a call-off with the partner it was made to, the newest first. For readers at its authority."""
    return list(
        session.exec(
            select(Offer, Party)
            .join(Appointment, col(Appointment.id) == col(Offer.appointment_id))
            .join(Party, col(Party.id) == col(Appointment.supplier_id))
            .where(Offer.call_off_id == call_off.id)
            .order_by(col(Offer.number).desc())
        )
    )


def accepted(session: Session, call_off: CallOff) -> list[Offer]:
    """The accepted offers of a call-off: one at most, since the next is made only after a final answer."""
    return list(
        session.exec(
            select(Offer)
            .where(
                Offer.call_off_id == call_off.id,
                col(Offer.accepted_at).is_not(None),
                col(Offer.withdrawn_at).is_(None),
            )
            .execution_options(populate_existing=True)
        )
    )


def given(session: Session, offer: Offer) -> Given:
    """Everything that the partner answered, in order, with the rates it was frozen with."""
    card, rates = frozen_rates(session, offer)

    def rows(noun: Any) -> Sequence[Any]:
        return session.exec(select(noun).where(noun.offer_id == offer.id).order_by(noun.number)).all()

    return Given(offer, card, rates, rows(OfferedPerson), rows(OfferedSkill), rows(Deliverable))


def frozen_rates(session: Session, offer: Offer) -> tuple[RateCard, dict[tuple[str, int], Money]]:
    """The rate card as it was when the offer was made, its most for each role and level, net of VAT (RULE-78)."""
    card = session.get_one(RateCard, offer.rate_card_id)
    rates = session.exec(
        select(Rate).where(Rate.rate_card_id == card.id).order_by(col(Rate.role), col(Rate.level))
    )
    return card, {(one.role, one.level): one.day_rate for one in rates}
