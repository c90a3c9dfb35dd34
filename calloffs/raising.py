"""Raising a call-off: it is checked, its maximum value is reserved and the request goes to an approver, in one act."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select

from calloffs.business_case.case import BusinessCase
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.cancelling import end_open_offer, open_offer
from calloffs.drafting import OPEN_FOR_WORDS, about, opening_of, settle_value, still_open
from calloffs.giving_feedback import too_little
from calloffs.holding import hold_call_off, hold_case
from calloffs.plan_of_call_off import plan_is_asked_for, plan_is_prepared_again
from calloffs.raising_rules import RULES, Intent, warnings
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.rules import Refusal, Refused, refuse, require
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots.appointment import Appointment, AppointmentStatus
from lots.lot import Lot


def raise_call_off(session: Session, *, actor: Visitor, call_off: CallOff) -> None:
    """Submit a draft or a returned request and reserve its maximum value.

    Raises `Refused` with every reason at once (the tightest limit and what is left of it among them), `NotFound`, or
    `ChangedMeanwhile`.
    """
    agreement = hold_call_off(session, call_off)
    permitted(actor, Permission.CALL_OFF_RAISE, call_off.authority_id)
    still_open(call_off)
    case = hold_case(session, call_off)
    settle_value(session, call_off)
    require(intent_of(session, agreement, call_off, case), RULES)
    again = call_off.submitted_at is not None
    call_off.submitted_at = dates.now()
    call_off.submitted_by_id = actor.person_id
    call_off.submissions += 1
    forget_answers(call_off)
    session.add(call_off)
    amount = ledger.Amount.of(call_off.value, agreement, call_off.vat_rate_bp)
    ledger.post(session, call_off, {EntryKind.RESERVATION: amount}, actor=actor, reason="raised")
    audit.record(
        session,
        actor=actor,
        action="call_off_raised_again" if again else "call_off_raised",
        subject=about(call_off),
        facts={
            "value": call_off.value,
            "reserved": amount.on_basis,
            "starts_on": call_off.starts_on,
            "ends_on": call_off.ends_on,
            "case": case.reference if case else "exempt",
            "submission": call_off.submissions,
        },
        words={} if case else {"reason": call_off.exemption_reason},
    )
    plan_is_asked_for(session, actor=actor, call_off=call_off)


def forget_answers(call_off: CallOff) -> None:
    """Clear what was answered to an earlier submission: a changed request starts without approvals."""
    call_off.returned_at = call_off.rejected_at = call_off.approved_at = None
    call_off.approval_valid_until = None
    call_off.approved_net_pence = 0
    call_off.offer_id = call_off.offered_at = call_off.offer_deadline_at = call_off.accepted_at = None
    call_off.price_approved_net_pence = call_off.price_approval_asked_at = None


def intent_of(
    session: Session, agreement: FrameworkAgreement, call_off: CallOff, case: BusinessCase | None
) -> Intent:
    """What the rules are asked about. Figures are only certain under the hold; without it they are what a page shows."""
    lot = session.get_one(Lot, call_off.lot_id)
    opening = opening_of(session, agreement, lot, call_off.authority_id)
    return Intent(
        call_off=call_off,
        opening=opening,
        case=case,
        partners=_partners(session, lot, opening.today),
        headroom=_headroom(session, agreement, call_off) if opening.member else None,
    )


def against(session: Session, call_off: CallOff) -> tuple[list[Refusal], list[str]]:
    """What stands against raising the call-off as it is, and what is worth a thought; for pages, without the hold."""
    agreement = session.get_one(FrameworkAgreement, call_off.agreement_id)
    case = session.get(BusinessCase, call_off.case_id) if call_off.case_id else None
    intent = intent_of(session, agreement, call_off, case)
    try:
        require(intent, RULES)
    except Refused as refused:
        return list(refused.refusals), warnings(intent)
    return [], warnings(intent)


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a maximum value fits under every limit, and what is left under each."""

    value: Money
    """Net of VAT."""
    on_basis: Money
    basis: Basis
    limits: list[ledger.Limit]
    refusal: Refusal | None


def fit(session: Session, call_off: CallOff, value: Money, vat_rate_bp: int) -> Fit:
    """What the limits say about a value net of VAT; for pages, without the hold, so only certain when it is raised."""
    agreement = session.get_one(FrameworkAgreement, call_off.agreement_id)
    amount = ledger.Amount.of(value, agreement, vat_rate_bp)
    return Fit(
        value,
        amount.on_basis,
        agreement.basis,
        ledger.limits(session, agreement, call_off.lot_id, call_off.authority_id),
        ledger.headroom_for(session, agreement, call_off, amount, field="base"),
    )


def limits_for(session: Session, call_off: CallOff) -> list[ledger.Limit]:
    """What is left under each limit over the call-off now, the tightest first."""
    agreement = session.get_one(FrameworkAgreement, call_off.agreement_id)
    return ledger.limits(session, agreement, call_off.lot_id, call_off.authority_id)


def _headroom(session: Session, agreement: FrameworkAgreement, call_off: CallOff) -> Refusal | None:
    amount = ledger.Amount.of(call_off.value, agreement, call_off.vat_rate_bp)
    return ledger.headroom_for(session, agreement, call_off, amount, field="base")


def _partners(session: Session, lot: Lot, today: date) -> int:
    there = (AppointmentStatus.ACTIVE, AppointmentStatus.SUSPENDED)
    appointments = session.exec(select(Appointment).where(Appointment.lot_id == lot.id))
    return sum(1 for one in appointments if one.status_on(today) in there)


WITHDRAWABLE = (CallOffStatus.SUBMITTED, CallOffStatus.APPROVED, CallOffStatus.APPROVAL_RAN_OUT)


def withdraw_request(
    session: Session, *, actor: Visitor, call_off: CallOff, reason: str, feedback: str = ""
) -> Money:
    """Take a request back to change it: its approvals are lost and its reservation is free at once.

    Returns what was freed, on the agreement's basis. Not while an offer is open or accepted: that is withdrawn first. Where an
    approval ran out under one, `feedback` is what its partner is told; `reason` stays at the council.
    """
    agreement = hold_call_off(session, call_off)
    permitted(actor, Permission.CALL_OFF_RAISE, call_off.authority_id)
    if call_off.status not in WITHDRAWABLE:
        refuse(_why_it_stays(call_off))
    found = [] if reason else [Refusal("Say why the request is withdrawn", "reason")]
    if open_offer(session, call_off) and (no := too_little(feedback)):
        found.append(no)
    if found:
        raise Refused(*found)
    # An approval can run out under an open or accepted offer; the partner must not be left with it.
    end_open_offer(session, actor, call_off, feedback.strip())
    freed = ledger.free_reservation(session, call_off, actor=actor, reason="request withdrawn")
    forget_answers(call_off)
    call_off.submitted_at = call_off.submitted_by_id = None
    session.add(call_off)
    audit.record(
        session,
        actor=actor,
        action="request_withdrawn",
        subject=about(call_off),
        facts={"freed": freed, "basis": agreement.basis.label},
        words={"reason": reason},
    )
    plan_is_prepared_again(session, actor=actor, call_off=call_off)
    return freed


def _why_it_stays(call_off: CallOff) -> str:
    status = call_off.status
    if status in OPEN_FOR_WORDS:
        return f"{call_off.reference} can be changed as it is: it is {status.label.lower()}"
    if status in (CallOffStatus.OFFERED, CallOffStatus.ACCEPTED):
        return f"{call_off.reference} is {status.label.lower()}. Withdraw the offer first"
    return f"{call_off.reference} is {status.label.lower()}, so the request cannot be withdrawn"
