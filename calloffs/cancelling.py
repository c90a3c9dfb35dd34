"""Cancelling a call-off before award: the reason is kept and the reservation is free at once."""

from sqlmodel import Session

from calloffs.call_off import CallOff, CallOffStatus
from calloffs.drafting import about
from calloffs.giving_feedback import too_little
from calloffs.holding import hold_call_off
from calloffs.offer import Offer
from calloffs.offering import WITHDRAWABLE, take_back
from calloffs.plan_of_call_off import plan_is_free_again
from calloffs.spend import ledger
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refusal, Refused, refuse
from framework.people.permissions import Permission, Role, Visitor
from framework.records import audit

CANCELLABLE = (
    CallOffStatus.DRAFT,
    CallOffStatus.SUBMITTED,
    CallOffStatus.RETURNED,
    CallOffStatus.APPROVED,
    CallOffStatus.APPROVAL_RAN_OUT,
    CallOffStatus.OFFERED,
    CallOffStatus.ACCEPTED,
)


def may_cancel(actor: Visitor, call_off: CallOff) -> bool:
    """Commissioning managers and the framework owner of the call-off's own authority."""
    return actor.may(Permission.CALL_OFF_RAISE, call_off.authority_id) or actor.holds(
        Role.FRAMEWORK_OWNER, call_off.authority_id
    )


def cancel_call_off(
    session: Session, *, actor: Visitor, call_off: CallOff, reason: str, feedback: str = ""
) -> Money:
    """End a call-off that has not been awarded; an offer that is open or accepted is withdrawn with it.

    `reason` stays at the council; `feedback` is what that offer's partner is told. Returns what was freed, on the agreement's
    basis. Raises `Refused` without a reason, or without enough feedback where a partner has the offer; `NotFound`.
    """
    agreement = hold_call_off(session, call_off)
    if not may_cancel(actor, call_off):
        raise NotFound
    if call_off.status not in CANCELLABLE:
        refuse(f"{call_off.reference} is {call_off.status.label.lower()}, so it cannot be cancelled")
    found = [] if reason else [Refusal("Say why it is cancelled", "reason")]
    if open_offer(session, call_off) and (no := too_little(feedback)):
        found.append(no)
    if found:
        raise Refused(*found)
    end_open_offer(session, actor, call_off, feedback.strip())
    freed = ledger.free_reservation(session, call_off, actor=actor, reason="cancelled")
    call_off.cancelled_at = dates.now()
    session.add(call_off)
    audit.record(
        session,
        actor=actor,
        action="call_off_cancelled",
        subject=about(call_off),
        facts={"freed": freed, "basis": agreement.basis.label},
        words={"reason": reason},
    )
    plan_is_free_again(session, actor=actor, call_off=call_off)
    return freed


def end_open_offer(session: Session, actor: Visitor, call_off: CallOff, feedback: str) -> None:
    """Withdraw the offer that is open or was accepted, if any, and tell its partner why in these words. Under the hold."""
    offer = open_offer(session, call_off)
    if offer is not None:
        take_back(session, actor=actor, call_off=call_off, offer=offer, reason=feedback)


def open_offer(session: Session, call_off: CallOff) -> Offer | None:
    """The offer that a partner has now, open or accepted; None when no partner waits for anything."""
    offer = session.get(Offer, call_off.offer_id) if call_off.offer_id else None
    return offer if offer is not None and offer.status in WITHDRAWABLE else None
