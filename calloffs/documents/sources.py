"""Where a paper's facts are read from: the rows around a call-off, in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from calloffs import finding
from calloffs.business_case.case import CaseFunding
from calloffs.call_off import CallOff, CallOffDecision, CallOffOption
from calloffs.offer import Deliverable, Offer, OfferedPerson
from lots import finding as lots_finding
from lots.appointment import Appointment
from lots.rate_card import Rate, RateCard


@dataclass(frozen=True, slots=True)
class Sources:
    """A call-off and everything its papers speak of."""

    call_off: CallOff
    around: finding.Around
    options: Sequence[CallOffOption]
    decisions: Sequence[tuple[CallOffDecision, str]]
    funding: Sequence[CaseFunding]
    appointment: Appointment | None
    offer: Offer | None
    people: Sequence[OfferedPerson]
    deliverables: Sequence[Deliverable]
    rate_card: RateCard | None
    most: dict[tuple[str, int], int]
    """Highest day rate in pence, net of VAT, by role and level, on the rate card frozen with the offer."""
    others: Sequence[str]
    """Names of the lot's other partners, whose answers are none of this one's business."""


def sources(session: Session, call_off: CallOff) -> Sources:
    """Read them; before an offer is accepted there is no partner, team or deliverable yet."""
    offer = _accepted(session, call_off)
    offer_id = offer.id if offer else None
    card = session.get(RateCard, offer.rate_card_id) if offer else None
    around = finding.around(session, call_off)
    there = lots_finding.partners_of(session, [around.lot])[around.lot.id]
    return Sources(
        call_off=call_off,
        around=around,
        others=[party.name for place, party in there if offer is None or place.id != offer.appointment_id],
        options=finding.options(session, call_off),
        decisions=finding.decisions(session, call_off)[::-1],
        funding=session.exec(
            select(CaseFunding)
            .where(CaseFunding.case_id == call_off.case_id)
            .order_by(col(CaseFunding.number))
        ).all(),
        appointment=session.get(Appointment, call_off.appointment_id) if call_off.appointment_id else None,
        offer=offer,
        people=session.exec(
            select(OfferedPerson)
            .where(OfferedPerson.offer_id == offer_id)
            .order_by(col(OfferedPerson.number))
        ).all(),
        deliverables=session.exec(
            select(Deliverable).where(Deliverable.offer_id == offer_id).order_by(col(Deliverable.number))
        ).all(),
        rate_card=card,
        most={
            (rate.role, rate.level): rate.day_rate_pence
            for rate in session.exec(select(Rate).where(Rate.rate_card_id == (card.id if card else None)))
        },
    )


def _accepted(session: Session, call_off: CallOff) -> Offer | None:
    if call_off.offer_id is None:
        return None
    offer = session.get(Offer, call_off.offer_id)
    return offer if offer and offer.accepted_at else None
