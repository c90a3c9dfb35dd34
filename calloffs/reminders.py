"""The top floor's reminders: a signed call-off that comes to its end."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from sqlmodel import Session, col, or_, select

from calloffs.call_off import CallOff
from framework.people.finding import holders
from framework.people.permissions import Permission, Visitor
from framework.reminding import Dated, Kind, Offset
from lots.appointment import Appointment


def call_off_ends(session: Session, first: date, last: date, visitor: Visitor | None) -> Iterable[Dated]:
    """Signed call-offs, neither closed nor terminated, whose last day lies between two days."""
    query = (
        select(  # type: ignore[call-overload]
            CallOff.id,
            CallOff.reference,
            CallOff.title,
            CallOff.ends_on,
            CallOff.owner_id,
            Appointment.supplier_id,
        )
        .join(Appointment, col(Appointment.id) == col(CallOff.appointment_id))
        .where(
            col(CallOff.ends_on) >= first,
            col(CallOff.ends_on) <= last,
            col(CallOff.signed_at).is_not(None),
            col(CallOff.closed_at).is_(None),
            col(CallOff.terminated_on).is_(None),
        )
    )
    if visitor is not None:
        query = query.where(
            or_(
                col(CallOff.authority_id).in_(visitor.parties_where(Permission.CALL_OFF_READ)),
                col(Appointment.supplier_id).in_(visitor.parties_where(Permission.OFFER_READ)),
            )
        )
    for call_off_id, reference, title, ends_on, owner_id, supplier_id in session.exec(query):
        yield Dated(
            f"call_off:{call_off_id}",
            f"{reference} {title}",
            ends_on,
            f"/call-offs/{reference}",
            partial(_readers, session, owner_id, supplier_id),
        )


def _readers(session: Session, owner_id: int, supplier_id: int) -> tuple[int, ...]:
    """The commissioning manager who has it, and the partner's people."""
    partner = [person.id for person, _ in holders(session, supplier_id, Permission.OFFER_READ)]
    return tuple(dict.fromkeys([owner_id, *partner]))


# RULE-96. A new reminder is one Kind here, its text above and its test.
KINDS = (
    Kind(
        "call_off_end",
        "ends",
        "Agree what happens next: an extension while it still runs, or an orderly close with everything handed over.",
        tuple(Offset(months=months) for months in (6, 3, 2, 1)),
        call_off_ends,
    ),
)
