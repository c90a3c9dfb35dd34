"""Ordering: finance's purchase order number, wanted before work starts and not before the order form is issued, and what pays for it."""

import re

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff, CallOffStatus
from calloffs.drafting import about
from calloffs.holding import hold_words
from calloffs.matching.reviewing import review_call_off
from framework.definitions.rules import NotFound, refuse
from framework.people.permissions import Permission, Visitor
from framework.records import audit
from framework.records.columns import table_of

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


def set_purchase_order(
    session: Session,
    *,
    actor: Visitor,
    call_off: CallOff,
    number: str,
    cost_centre: str | None = None,
    programme: str | None = None,
) -> None:
    """Record or correct the purchase order number (no PO, no pay), and the cost centre and the programme that pay for it.

    None leaves a cost centre or a programme as it is, blank takes it away. Raises `Refused` or `NotFound`.
    """
    hold_words(session, call_off)
    if not may_order(actor, call_off):
        raise NotFound
    if not can_order(call_off):
        refuse(f"{call_off.reference} is {call_off.status.label.lower()}, so it needs no purchase order")
    if not re.fullmatch(r"[^\x00-\x1f]{1,40}", number):
        refuse("Enter the purchase order number, up to 40 characters", "number")
    if cost_centre is not None and not re.fullmatch(r"[^\x00-\x1f]{0,60}", cost_centre):
        refuse("Enter a cost centre of up to 60 characters", "cost_centre")
    if programme is not None and not re.fullmatch(r"[^\x00-\x1f]{0,120}", programme):
        refuse("Enter a programme of up to 120 characters", "programme")
    if _set(session, actor, call_off, "purchase_order", "number", number):
        review_call_off(session, call_off)
    if cost_centre is not None:
        _set(session, actor, call_off, "cost_centre", "cost_centre", cost_centre)
    if programme is not None:
        _set(session, actor, call_off, "programme", "programme", programme)


def _set(session: Session, actor: Visitor, call_off: CallOff, column: str, fact: str, value: str) -> bool:
    before = getattr(call_off, column)
    if before == value:
        return False
    setattr(call_off, column, value)
    session.add(call_off)
    audit.record(
        session,
        actor=actor,
        action=f"{column}_set",
        subject=about(call_off),
        facts={fact: (before or "none", value or "none")},
    )
    return True


def programmes(session: Session, authority_id: int) -> list[str]:
    """The programmes that an authority's call-offs have so far, in order; 500 at most. For choosing one again, spelt alike."""
    column = table_of(CallOff).c.programme
    found = session.connection().execute(
        sa.select(column)
        .where(table_of(CallOff).c.authority_id == authority_id, column > "")
        .distinct()
        .order_by(column)
        .limit(500)
    )
    return list(found.scalars())
