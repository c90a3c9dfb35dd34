"""Which order forms wait for this visitor: to be issued, or to be signed."""

from typing import Any

from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from framework.people.permissions import Permission, Visitor
from lots.appointment import Appointment

MOST = 50


def to_issue(session: Session, visitor: Visitor) -> list[CallOff]:
    """Awarded call-offs of this officer without an order form, the longest waiting first."""
    places = visitor.parties_where(Permission.CALL_OFF_AWARD)
    return _found(
        session,
        col(CallOff.issued_at).is_(None),
        CallOff.owner_id == visitor.person_id,
        col(CallOff.authority_id).in_(places),
    )


def to_sign_for_buyer(session: Session, visitor: Visitor) -> list[CallOff]:
    """Issued order forms that the buyer has not signed and that are within this signatory's limit, net of VAT (RULE-75)."""
    found = _found(
        session,
        col(CallOff.issued_at).is_not(None),
        col(CallOff.buyer_signed_at).is_(None),
        col(CallOff.authority_id).in_(visitor.parties_where(Permission.CALL_OFF_SIGN)),
    )
    return [one for one in found if _within_limit(visitor, one)]


def to_sign_for_partner(session: Session, visitor: Visitor) -> list[CallOff]:
    """Issued order forms that wait for this visitor's company."""
    mine = select(Appointment.id).where(
        col(Appointment.supplier_id).in_(visitor.parties_where(Permission.OFFER_SIGN))
    )
    return _found(
        session,
        col(CallOff.issued_at).is_not(None),
        col(CallOff.partner_signed_at).is_(None),
        col(CallOff.appointment_id).in_(mine),
    )


def _within_limit(visitor: Visitor, call_off: CallOff) -> bool:
    limit = visitor.limit_at(call_off.authority_id, Permission.CALL_OFF_SIGN)
    return limit is not None and limit >= call_off.value


def _found(session: Session, *wanted: Any) -> list[CallOff]:
    return list(
        session.exec(
            select(CallOff)
            .where(
                col(CallOff.awarded_at).is_not(None),
                col(CallOff.signed_at).is_(None),
                col(CallOff.award_withdrawn_at).is_(None),
                col(CallOff.cancelled_at).is_(None),
                *wanted,
            )
            .order_by(col(CallOff.awarded_at), col(CallOff.id))
            .limit(MOST)
        )
    )
