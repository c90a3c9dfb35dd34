"""Offering: an approved call-off is put to the one partner that the lot's own way names."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs import drafting, mechanisms
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.giving_feedback import too_little
from calloffs.holding import hold_call_off
from calloffs.mechanisms import Named, Standing
from calloffs.offer import Offer, OfferStatus
from calloffs.telling import tell_partner
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, Refusal, Refused, require
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots import finding as lots_finding
from lots.appointment import Appointment
from lots.covering import lapses_before_the_end
from lots.lot import Lot
from lots.rate_card import RateCard

USUAL_WORKING_DAYS = 5
MOST_WORKING_DAYS = 20
WITHDRAWABLE = (OfferStatus.OFFERED, OfferStatus.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What an offer made today would be: whom it goes to and why, or why there can be none."""

    opening: drafting.Opening
    partners: tuple[Standing, ...]
    named: Named | None
    card: RateCard | None
    against: tuple[Refusal, ...]
    """Why the lot's way names nobody."""
    warnings: tuple[str, ...]
    late_from: int | None = None
    """The fewest working days that leave the partner until the first day of the work, or longer; None where even the most do not."""


@dataclass(frozen=True, slots=True)
class Intent:
    call_off: CallOff
    prospect: Prospect
    last: Offer | None
    working_days: int
    deadline: datetime
    today: date


def prospect(session: Session, call_off: CallOff) -> Prospect:
    """Apply the lot's way of choosing a partner, today, to this call-off."""
    today = dates.today()
    agreement = session.get_one(FrameworkAgreement, call_off.agreement_id)
    lot = session.get_one(Lot, call_off.lot_id)
    partners = tuple(mechanisms.standings(session, lot=lot, call_off=call_off, day=today))
    named, card, against = None, None, tuple[Refusal, ...]()
    warnings: tuple[str, ...] = ()
    try:
        named = mechanisms.name_partner(
            lot, partners, agreement.regime, mechanisms.away(session, lot=lot, day=today)
        )
    except Refused as refused:
        against = refused.refusals
    if named is not None:
        in_force = lots_finding.rate_card_in_force(session, named.appointment.id, today)
        card = in_force[0] if in_force else None
        lacking = lots_finding.covers(session, lot, named.supplier.id, today)
        stops = "This does not stop an offer, but it stops signing"
        soon = lapses_before_the_end(session, lot, named.supplier.id, today, call_off.ends_on)
        warnings = (
            *(f"{one.sentence}. {stops}" for one in lacking),
            *(f"{one}. Ask for its renewal in time" for one in soon),
        )
    opening = drafting.opening_of(session, agreement, lot, call_off.authority_id)
    return Prospect(opening, partners, named, card, against, warnings, late_from(call_off.starts_on, today))


def late_from(starts_on: date | None, today: date) -> int | None:
    """The fewest working days to answer that end on the first day of the work or after it; None where the most end before."""
    if starts_on is None:
        return None
    deadlines = ((days, dates.deadline(today, days)) for days in range(1, MOST_WORKING_DAYS + 1))
    return next((days for days, at in deadlines if dates.as_london(at).date() >= starts_on), None)


def is_approved(intent: Intent) -> Refusal | None:
    """Only an approved call-off whose approval is in date, and that is not already with a partner."""
    status = intent.call_off.status
    if status in (CallOffStatus.APPROVED, CallOffStatus.OFFERED, CallOffStatus.ACCEPTED):
        return None
    if status is CallOffStatus.APPROVAL_RAN_OUT:
        last = dates.in_words(intent.call_off.approval_valid_until or intent.today)
        return Refusal(
            f"The approval ran out after {last}, so nothing can be offered. Send it for approval again"
        )
    return Refusal(f"Only an approved call-off can be offered; this one is {status.label.lower()}")


def has_no_open_offer(intent: Intent) -> Refusal | None:
    """One offer at a time; the next only after a final answer: declined, lapsed or withdrawn."""
    if intent.last is None or intent.last.status not in WITHDRAWABLE:
        return None
    return Refusal(
        f"Offer {intent.last.reference} is still {'open' if intent.last.status is OfferStatus.OFFERED else 'accepted'}. The next partner can be asked "
        "only after a final answer: declined, lapsed or withdrawn"
    )


def may_be_called_off_today(intent: Intent) -> tuple[Refusal, ...]:
    """RULE-03, RULE-21: the agreement is live, the authority a member and the lot open, as on the day it was drafted."""
    return still_open(intent.prospect.opening)


def still_open(opening: drafting.Opening) -> tuple[Refusal, ...]:
    """Whatever speaks against calling off under this agreement, lot and authority on the day of `opening`."""
    return tuple(no for rule in drafting.OPENING_RULES if (no := rule(opening)) is not None)


def lot_names_a_partner(intent: Intent) -> tuple[Refusal, ...]:
    """RULE-08, RULE-11: the only partner, or the one that the stated mechanism names."""
    return intent.prospect.against


def partner_has_a_rate_card(intent: Intent) -> Refusal | None:
    """RULE-78: without a rate card in force there is nothing to freeze and no cap."""
    named = intent.prospect.named
    if named is None or intent.prospect.card is not None:
        return None
    return Refusal(
        f"{named.supplier.name} has no rate card in force on lot {intent.prospect.opening.lot.number}, so its rates cannot be "
        "frozen. Ask the framework owner to enter one",
        rule="RULE-78",
    )


def deadline_is_sensible(intent: Intent) -> Refusal | None:
    """From 1 to 20 working days, and no later than the approval itself."""
    if not 1 <= intent.working_days <= MOST_WORKING_DAYS:
        return Refusal(
            f"Give the partner from 1 to {MOST_WORKING_DAYS} working days to answer", "working_days"
        )
    last = intent.call_off.approval_valid_until
    if last and dates.as_london(intent.deadline).date() > last:
        return Refusal(
            f"The partner would have until {dates.in_words(intent.deadline)}, but the approval runs out after "
            f"{dates.in_words(last)}. Give fewer working days, or have it approved again",
            "working_days",
        )
    return None


RULES = (
    is_approved,
    has_no_open_offer,
    may_be_called_off_today,
    lot_names_a_partner,
    partner_has_a_rate_card,
    deadline_is_sensible,
)


def make_offer(
    session: Session,
    *,
    actor: Visitor,
    call_off: CallOff,
    working_days: int = USUAL_WORKING_DAYS,
    message: str = "",
) -> Offer:
    """Offer an approved call-off to the partner that the lot's own way names, with its rate card as it is today.

    The partner may answer until 11:59pm, London, of the last of `working_days`, the next working day counting as the first.
    Raises `Refused` with every reason (RULE-03, 08, 11, 21, 78), `NotFound` when the actor may not raise call-offs there.
    """
    permitted(actor, Permission.CALL_OFF_RAISE, call_off.authority_id)
    hold_call_off(session, call_off)
    found = prospect(session, call_off)
    last = latest(session, call_off)
    today = dates.today()
    deadline = dates.deadline(today, min(max(working_days, 0), MOST_WORKING_DAYS))
    require(Intent(call_off, found, last, working_days, deadline, today), RULES)
    assert found.named is not None
    assert found.card is not None
    assert actor.person_id is not None
    number = last.number + 1 if last else 1
    offer = Offer(
        reference=f"{call_off.reference}-O{number}",
        call_off_id=call_off.id,
        number=number,
        appointment_id=found.named.appointment.id,
        rate_card_id=found.card.id,
        route=found.named.route[:2000],
        message=message,
        offered_at=dates.now(),
        offered_by_id=actor.person_id,
        deadline_at=deadline,
    )
    session.add(offer)
    session.flush()
    call_off.offer_id = offer.id
    call_off.offered_at = dates.now()
    call_off.offer_deadline_at = deadline
    call_off.accepted_at = None
    session.add(call_off)
    by = dates.moment_in_words(deadline)
    audit.record(
        session,
        actor=actor,
        action="offer_made",
        subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
        facts={
            "offer": offer.reference,
            "partner": found.named.supplier.name,
            "deadline": deadline,
            "route": offer.route,
            "rate_card_version": found.card.version,
        },
        words={"message": message},
    )
    tell_partner(
        session,
        offer,
        why="offer",
        subject=f"Work offered to {found.named.supplier.name}: {call_off.reference}",
        lines=[
            f"{found.opening.authority.name} has offered {found.named.supplier.name} work under lot {found.opening.lot.number} of "
            f"{found.opening.agreement.title}: {call_off.title}.",
            f"Answer by {by}, London time. After that the offer lapses.",
            "Sign in to read it, and to accept or decline:",
        ],
    )
    return offer


def withdraw_offer(session: Session, *, actor: Visitor, offer: Offer, reason: str) -> None:
    """Take back an offer that is open, or accepted and not yet awarded; the call-off is approved again, still reserved.

    The partner reads `reason`. Raises `Refused` without enough of one or where the offer already has another final answer.
    """
    call_off = session.get_one(CallOff, offer.call_off_id)
    permitted(actor, Permission.CALL_OFF_RAISE, call_off.authority_id)
    hold_offer(session, call_off, offer)
    if call_off.awarded_at:
        raise ChangedMeanwhile(Refusal(f"{call_off.reference} has been awarded. Withdraw the award instead"))
    if offer.status not in WITHDRAWABLE:
        raise ChangedMeanwhile(
            Refusal(f"Offer {offer.reference} cannot be withdrawn: it is {offer.status.label.lower()}")
        )
    if no := too_little(reason, "reason"):
        raise Refused(no)
    take_back(session, actor=actor, call_off=call_off, offer=offer, reason=reason.strip())


def take_back(session: Session, *, actor: Visitor, call_off: CallOff, offer: Offer, reason: str) -> None:
    """End an open or accepted offer and tell the partner, who reads `reason`; for actions that have held and checked it."""
    partner = session.get_one(Party, session.get_one(Appointment, offer.appointment_id).supplier_id)
    offer.withdrawn_at = dates.now()
    offer.withdraw_reason = reason
    offer.draft = ""
    answered = offer.accepted_at is not None
    session.add(offer)
    reopen(session, call_off)
    audit.record(
        session,
        actor=actor,
        action="offer_withdrawn",
        subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
        facts={"offer": offer.reference, "partner": partner.name},
        words={"reason": reason},
    )
    tell_partner(
        session,
        offer,
        why="offer-withdrawn",
        subject=f"Offer withdrawn: {call_off.reference}",
        lines=[
            f"Your answer on {call_off.title} was not awarded: the offer has been withdrawn. Sign in to read why:"
            if answered
            else f"The offer of {call_off.title} has been withdrawn. You do not need to answer it. Sign in to read why:"
        ],
    )


def hold_offer(session: Session, call_off: CallOff, offer: Offer) -> None:
    """Take the agreement's row and read the call-off and its offer afresh, so that one answer at a time is acted on."""
    hold_call_off(session, call_off)
    session.refresh(offer)


def reopen(session: Session, call_off: CallOff) -> None:
    """Back to approved, its reservation kept, so that the next offer can be made."""
    call_off.offer_id = None
    call_off.offered_at = call_off.offer_deadline_at = None
    call_off.accepted_at = None
    # A price was asked for, or agreed, for this answer alone.
    call_off.price_approval_asked_at = None
    call_off.price_approved_net_pence = None
    session.add(call_off)


def latest(session: Session, call_off: CallOff) -> Offer | None:
    """The newest offer of a call-off, whatever became of it."""
    return session.exec(
        select(Offer)
        .where(Offer.call_off_id == call_off.id)
        .order_by(sa.desc(col(Offer.number)))
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()
