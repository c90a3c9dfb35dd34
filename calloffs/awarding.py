"""Awarding: an accepted offer becomes a commitment, at its real price, under the hold again."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from calloffs import answers, drafting
from calloffs.business_case.case import BusinessCase
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.feedback import Moment
from calloffs.giving_feedback import give_feedback, too_little
from calloffs.holding import hold_call_off, hold_case
from calloffs.offer import Offer
from calloffs.offering import still_open
from calloffs.promising import offered_twice
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from calloffs.spend.ledger import Amount
from calloffs.telling import tell_partner
from framework.definitions import dates
from framework.definitions.money import WHOLE, Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, require
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots import finding as lots_finding
from lots.appointment import Appointment, AppointmentStatus
from lots.lot import Lot


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What an award would come to, net of VAT, against what was approved."""

    price: Money
    options: Money
    expenses: Money
    approved: Money
    most: Money
    """Approved value and the authority's tolerance on top, rounded down to the penny."""
    price_approved: Money | None

    @property
    def value(self) -> Money:
        """Maximum value: price, every option and the expenses cap (RULE-25)."""
        return self.price + self.options + self.expenses

    @property
    def needs_approval(self) -> bool:
        """Whether an approver must first agree to the price."""
        return self.value > self.most and (self.price_approved is None or self.value > self.price_approved)


@dataclass(frozen=True, slots=True)
class Intent:
    session: Session
    call_off: CallOff
    opening: drafting.Opening
    appointment: Appointment
    partner: Party
    reckoning: Reckoning
    wanted: Amount
    case: BusinessCase | None
    reason: str
    feedback: str
    today: date


def reckon(session: Session, call_off: CallOff, offer: Offer) -> Reckoning:
    """What awarding this offer would come to. Price, options and expenses together: computed, never typed (RULE-74)."""
    tolerance_bp = session.get_one(Party, call_off.authority_id).price_tolerance_bp
    approved = call_off.approved_net_pence
    agreed = call_off.price_approved_net_pence
    return Reckoning(
        price=offer.price,
        options=Money(call_off.options_net_pence),
        expenses=Money(call_off.expenses_net_pence),
        approved=Money(approved),
        most=Money(approved + approved * tolerance_bp // WHOLE),
        price_approved=None if agreed is None else Money(agreed),
    )


@dataclass(frozen=True, slots=True)
class Expected:
    """An accepted offer as its buyer sees it before and after award."""

    offer: Offer
    partner: Party
    given: answers.Given
    reckoning: Reckoning
    warnings: tuple[str, ...]
    """What to look at before awarding; nothing here stops the award."""


def expected(session: Session, visitor: Visitor, call_off: CallOff) -> Expected:
    """What the accepted offer says, comes to and gives reason to look at. Raises `NotFound` where none is accepted."""
    found = answers.accepted(session, call_off)
    if len(found) != 1:
        raise NotFound
    offer = found[0]
    given = answers.given(session, offer)
    partner = session.get_one(Party, session.get_one(Appointment, offer.appointment_id).supplier_id)
    people = [(one.name, one.quarter_days) for one in given.people]
    warnings = (
        offered_twice(session, visitor, call_off, people, partner.id) if call_off.awarded_at is None else []
    )
    if call_off.awarded_at is None:
        lot = session.get_one(Lot, call_off.lot_id)
        lacking = lots_finding.covers(session, lot, partner.id, dates.today())
        warnings += [one.sentence for one in lacking]
    return Expected(offer, partner, given, reckon(session, call_off, offer), tuple(warnings))


def may_be_called_off_today(intent: Intent) -> tuple[Refusal, ...]:
    """RULE-03, RULE-21: an award on the agreement's last day is in time, the day after is not."""
    return still_open(intent.opening)


def partner_is_active(intent: Intent) -> Refusal | None:
    """RULE-08: nothing is awarded to a partner that is excluded, suspended or gone."""
    if intent.partner.excluded:
        return Refusal(f"{intent.partner.name} is excluded, so nothing may be awarded to it", rule="RULE-08")
    status = intent.appointment.status_on(intent.today)
    if status is AppointmentStatus.ACTIVE:
        return None
    return Refusal(
        f"{intent.partner.name} is {status.label.lower()} on this lot, so nothing can be awarded to it"
    )


def price_is_approved(intent: Intent) -> Refusal | None:
    """A value above what was approved (and the authority's tolerance) goes back to an approver first."""
    sums = intent.reckoning
    if not sums.needs_approval:
        return None
    least = sums.most if sums.price_approved is None else max(sums.most, sums.price_approved)
    return Refusal(
        f"The answer comes to {sums.value} net of VAT with options and expenses, {sums.value - least} more than the "
        f"{least} that may be awarded without another decision. Ask an approver to agree the price, or withdraw the offer",
        rule="RULE-25",
        left=least,
    )


def case_has_enough(intent: Intent) -> Refusal | None:
    """The business case's approval covers the value, this call-off's own share of it set aside."""
    if intent.case is None:
        return None
    own = ledger.held_by(intent.session, intent.call_off, EntryKind.RESERVATION).net
    left = intent.case.left + own
    if intent.wanted.net <= left:
        return None
    return Refusal(
        f"Business case {intent.case.reference} has {left} net of VAT left of its approval, and this award needs "
        f"{intent.wanted.net}",
        rule="RULE-62",
        left=left,
    )


def headroom_is_enough(intent: Intent) -> Refusal | None:
    """RULE-32: at the actual price, the tightest of lot, authority and agreement wins; equality fits."""
    return ledger.headroom_for(intent.session, intent.opening.agreement, intent.call_off, intent.wanted)


def has_a_reason(intent: Intent) -> Refusal | None:
    """Why this answer is good value, kept with the award."""
    return None if intent.reason.strip() else Refusal("Enter why you are awarding to this partner", "reason")


def feedback_says_something(intent: Intent) -> Refusal | None:
    """Whoever answered hears the outcome and its reasons, when it won too."""
    return too_little(intent.feedback)


RULES = (
    may_be_called_off_today,
    partner_is_active,
    price_is_approved,
    case_has_enough,
    headroom_is_enough,
    has_a_reason,
    feedback_says_something,
)


def award_call_off(
    session: Session, *, actor: Visitor, call_off: CallOff, reason: str, feedback: str
) -> None:
    """Award to the partner whose offer was accepted: its reservation becomes a commitment at the answer's price.

    Nobody names a partner here, so awarding to one that was not asked is impossible. The maximum value is the price with
    options and expenses cap, net of VAT. `reason` is kept and printed on the order form; `feedback` is written for the partner,
    20 characters or more. Raises `Refused` with every reason (RULE-03, 08, 21, 25, 32), `ChangedMeanwhile`
    when there is no accepted offer to award.
    """
    permitted(actor, Permission.CALL_OFF_AWARD, call_off.authority_id)
    agreement = hold_call_off(session, call_off)
    if call_off.status is not CallOffStatus.ACCEPTED:
        raise ChangedMeanwhile(
            Refusal(
                f"Only an accepted offer can be awarded; {call_off.reference} is {call_off.status.label.lower()}"
            )
        )
    found = answers.accepted(session, call_off)
    if [one.id for one in found] != [call_off.offer_id]:
        raise ChangedMeanwhile
    offer = found[0]
    appointment = session.get_one(Appointment, offer.appointment_id)
    lot = session.get_one(Lot, call_off.lot_id)
    sums = reckon(session, call_off, offer)
    intent = Intent(
        session=session,
        call_off=call_off,
        opening=drafting.opening_of(session, agreement, lot, call_off.authority_id),
        appointment=appointment,
        partner=session.get_one(Party, appointment.supplier_id),
        reckoning=sums,
        wanted=Amount.of(sums.value, agreement, call_off.vat_rate_bp),
        case=hold_case(session, call_off),
        reason=reason,
        feedback=feedback,
        today=dates.today(),
    )
    require(intent, RULES)
    held = ledger.held_by(session, call_off, EntryKind.RESERVATION)
    ledger.post(
        session,
        call_off,
        {EntryKind.RESERVATION: -held, EntryKind.COMMITMENT: intent.wanted},
        actor=actor,
        reason="awarded",
        appointment_id=appointment.id,
    )
    before = call_off.value
    call_off.value_net_pence = sums.value.pence
    call_off.appointment_id = appointment.id
    call_off.awarded_at = dates.now()
    call_off.awarded_by_id = actor.person_id
    call_off.award_reason = reason
    session.add(call_off)
    audit.record(
        session,
        actor=actor,
        action="call_off_awarded",
        subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
        facts={
            "offer": offer.reference,
            "partner": intent.partner.name,
            "price": sums.price,
            "value": sums.value,
            "before": before,
            "reserved": held.on_basis,
            "committed": intent.wanted.on_basis,
        },
        words={"reason": reason},
    )
    give_feedback(session, actor=actor, call_off=call_off, offer=offer, moment=Moment.AWARD, words=feedback)
    tell_partner(
        session,
        offer,
        why="awarded",
        subject=f"Awarded to you: {call_off.reference}",
        lines=[
            f"{intent.opening.authority.name} has awarded {call_off.title} to {intent.partner.name}.",
            "The order form follows. Work starts only when both sides have signed it. Sign in to see where it stands:",
        ],
    )
