"""Suspending a partner on a lot until a day, and letting it return before that."""

from datetime import date, timedelta

from sqlmodel import Session, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import Refusal, Refused, refuse
from framework.people.party import Party
from framework.people.permissions import Visitor
from framework.records import audit
from lots.appointment import Appointment, AppointmentStatus
from lots.lot import Lot
from lots.opening import take
from lots.telling import about_place
from lots.writing_to_partners import tell_both_sides


def suspend_partner(
    session: Session, *, actor: Visitor, appointment: Appointment, until: date | None, reason: str
) -> None:
    """No new offers from today until the end of `until` (a London day); the partner returns by itself the next morning.

    Live call-offs run on. Raises `Refused` without a reason or a last day, or when the partner is not active.
    """
    agreement, lot, supplier = _place(session, actor, appointment)
    today = dates.today()
    refusals = []
    status = appointment.status_on(today)
    if status is not AppointmentStatus.ACTIVE:
        refusals.append(
            Refusal(f"{supplier.name} is {status.label.lower()} on this lot, so it cannot be suspended")
        )
    if not reason.strip():
        refusals.append(Refusal("Enter the reason. The partner sees it", field="reason"))
    if until is None:
        refusals.append(Refusal("Enter the last day of the suspension", field="until"))
    elif until < today:
        refusals.append(Refusal("The last day of the suspension must be today or later", field="until"))
    if refusals:
        raise Refused(*refusals)
    appointment.suspended_from, appointment.suspended_until = today, until
    appointment.suspended_why = reason.strip()
    session.add(appointment)
    audit.record(
        session,
        actor=actor,
        action="partner_suspended",
        subject=about_place(agreement, lot, appointment, supplier),
        facts={"until": until},
        words={"reason": reason.strip()},
    )
    assert until is not None
    last = dates.in_words(until)
    tell_both_sides(
        session,
        agreement=agreement,
        lot=lot,
        appointment=appointment,
        supplier=supplier,
        why=f"partner_suspended:{appointment.id}:{dates.now().isoformat()}",
        subject=f"{supplier.name} is suspended on lot {lot.reference} until {last}",
        lines=[
            f"{supplier.name} is offered no new work on lot {lot.reference}, {lot.title}, until the end of {last}.",
            f"The reason given: {reason.strip()}",
            "Work that has been awarded goes on. The partner returns by itself the next morning.",
        ],
    )


def return_partner(session: Session, *, actor: Visitor, appointment: Appointment) -> None:
    """End a suspension early: the partner may be offered work again today. Raises `Refused` when it is not suspended."""
    agreement, lot, supplier = _place(session, actor, appointment)
    today = dates.today()
    if appointment.status_on(today) is not AppointmentStatus.SUSPENDED:
        refuse(f"{supplier.name} is not suspended on this lot")
    was_until = appointment.suspended_until
    if appointment.suspended_from == today:
        appointment.suspended_from = appointment.suspended_until = None
    else:
        appointment.suspended_until = today - timedelta(days=1)
    session.add(appointment)
    audit.record(
        session,
        actor=actor,
        action="partner_returned",
        subject=about_place(agreement, lot, appointment, supplier),
        facts={"was_until": was_until},
    )
    tell_both_sides(
        session,
        agreement=agreement,
        lot=lot,
        appointment=appointment,
        supplier=supplier,
        why=f"partner_returned:{appointment.id}:{dates.now().isoformat()}",
        subject=f"{supplier.name} is back on lot {lot.reference}",
        lines=[f"{supplier.name} may be offered work on lot {lot.reference}, {lot.title}, again from today."],
    )


def _place(
    session: Session, actor: Visitor, appointment: Appointment
) -> tuple[FrameworkAgreement, Lot, Party]:
    lot = session.exec(select(Lot).where(Lot.id == appointment.lot_id)).one()
    agreement = take(session, actor, lot.agreement_id)
    session.refresh(appointment)
    return agreement, lot, session.exec(select(Party).where(Party.id == appointment.supplier_id)).one()
