"""Ordering: finance's purchase order number, wanted before work starts and not before the order form is issued."""

import re

from sqlmodel import Session

from calloffs.call_off import CallOff, CallOffStatus
from calloffs.drafting import about
from calloffs.holding import hold_words
from calloffs.matching.reviewing import review_call_off
from framework.definitions.rules import NotFound, refuse
from framework.people.permissions import Permission, Visitor
from framework.records import audit

_OVER = (
    CallOffStatus.CANCELLED,
    CallOffStatus.REJECTED,
    CallOffStatus.CLOSED,
    CallOffStatus.AWARD_WITHDRAWN,
)


def may_order(actor: Visitor, call_off: CallOff) -> bool:
    """Commissioning managers and finance reviewers of the call-off's authority."""
    return actor.may(Permission.CALL_OFF_RAISE, call_off.authority_id) or actor.may(
        Permission.INVOICE_RECORD, call_off.authority_id
    )


def can_order(call_off: CallOff) -> bool:
    """Whether the call-off is still one that a purchase order could belong to."""
    return call_off.status not in _OVER


def set_purchase_order(session: Session, *, actor: Visitor, call_off: CallOff, number: str) -> None:
    """Record or correct the purchase order number (no PO, no pay). Raises `Refused` or `NotFound`."""
    hold_words(session, call_off)
    if not may_order(actor, call_off):
        raise NotFound
    if not can_order(call_off):
        refuse(f"{call_off.reference} is {call_off.status.label.lower()}, so it needs no purchase order")
    if not re.fullmatch(r"[^\x00-\x1f]{1,40}", number):
        refuse("Enter the purchase order number, up to 40 characters", "number")
    before = call_off.purchase_order
    if before == number:
        return
    call_off.purchase_order = number
    session.add(call_off)
    review_call_off(session, call_off)
    audit.record(
        session,
        actor=actor,
        action="purchase_order_set",
        subject=about(call_off),
        facts={"number": (before or "none", number)},
    )
