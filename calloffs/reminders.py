"""The top floor's reminders: a signed call-off that comes to its end, a partner's return, and what finance publishes."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from sqlmodel import Session, col, or_, select

from calloffs.call_off import CallOff
from calloffs.clocks.publication_days import compliance_due, large_payments_due
from calloffs.returns.asking import standings
from calloffs.returns.monthly_return import month_in_words
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


def return_due(session: Session, first: date, last: date, visitor: Visitor | None) -> Iterable[Dated]:
    """Returns that a visitor's own company owes and that fall due between two days. The mails about them go from
    `calloffs.returns.chasing`, so this kind has no offsets and is never asked without a visitor."""
    if visitor is None:
        return
    for supplier_id in sorted(visitor.parties_where(Permission.RETURN_GIVE)):
        for one in standings(session, supplier_id):
            if not one.versions and first <= one.due_on <= last:
                yield Dated(
                    f"supplier:{supplier_id}:{one.slug}",
                    f"Your return for {month_in_words(one.month)}",
                    one.due_on,
                    f"/returns/{supplier_id}/{one.slug}/give",
                )


# RULE-96. A new reminder is one Kind here, its text above and its test.
KINDS = (
    Kind(
        "call_off_end",
        "ends",
        "Agree what happens next: an extension while it still runs, or an orderly close with everything handed over.",
        tuple(Offset(months=months) for months in (6, 3, 2, 1)),
        call_off_ends,
    ),
    Kind(
        "monthly_return",
        "is due",
        "Say what you delivered and invoiced in the month; “no business” is an answer.",
        (),
        return_due,
    ),
    Kind(
        "payments_compliance",
        "is due",
        "Look at the figures, have the finance director approve them, and publish the notice.",
        (Offset(days=28), Offset(days=14), Offset(days=3)),
        compliance_due,
    ),
    Kind(
        "large_payments",
        "are to be published",
        "Look at the list, see what cannot be judged, and publish it.",
        (Offset(days=28), Offset(days=14), Offset(days=3)),
        large_payments_due,
    ),
)
