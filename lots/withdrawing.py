"""A partner leaves a lot: it withdraws, or the authority removes it. Its history stays."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import Refusal, Refused
from framework.people.party import Party
from framework.people.permissions import Visitor
from framework.records import audit
from lots.appointment import Appointment, AppointmentStatus
from lots.lot import Lot
from lots.opening import is_open_to_change, take
from lots.telling import about_place
from lots.writing_to_partners import tell_both_sides


@dataclass(frozen=True, slots=True)
class Touched:
    """A call-off that still runs with a partner who is leaving: each needs a plan of its own."""

    reference: str
    title: str
    status: str


# Which live call-offs would a partner's leaving touch? A function of session and appointment id, filled by app.py from above.
TOUCHED: list[Callable[[Session, int], list[Touched]]] = []


def touched_by(session: Session, appointment_id: int) -> list[Touched]:
    """Every live call-off of a partner on a lot, to be shown before it leaves (LIFECYCLE check 16)."""
    return [one for ask in TOUCHED for one in ask(session, appointment_id)]


def left_without(session: Session, lot: Lot, appointment: Appointment) -> str | None:
    """What the lot would lack if this partner left, in a sentence; None when it still has its fewest partners."""
    others = session.exec(
        select(Appointment.id).where(
            Appointment.lot_id == lot.id,
            Appointment.id != appointment.id,
            col(Appointment.ended_on).is_(None),
        )
    ).all()
    if not others:
        return f"Lot {lot.number} would have no partner, and nothing could be called off under it"
    if len(others) < lot.min_partners:
        return f"Lot {lot.number} would have {len(others)} partners, fewer than its rule of at least {lot.min_partners}"
    return None


def end_partner(
    session: Session,
    *,
    actor: Visitor,
    appointment: Appointment,
    ended_as: AppointmentStatus,
    reason: str,
    on: date | None = None,
) -> None:
    """End a partner's place on a lot from a London day on (today unless `on` says another).

    `ended_as` is WITHDRAWN when the partner leaves; REMOVED only for one that is still joining, because a removal of a partner
    needs a second person (`removing`). Live call-offs are not touched. Raises `Refused` without a reason, for a day past or after
    the place has ended.
    """
    if ended_as not in (AppointmentStatus.WITHDRAWN, AppointmentStatus.REMOVED):
        raise ValueError(f"A place ends as withdrawn or removed, not {ended_as}")
    lot = session.exec(select(Lot).where(Lot.id == appointment.lot_id)).one()
    agreement = take(session, actor, lot.agreement_id)
    session.refresh(appointment)
    supplier = session.exec(select(Party).where(Party.id == appointment.supplier_id)).one()
    day = on or dates.today()
    refusals = why_not(agreement, appointment, supplier, reason, day)
    joining = appointment.status_on(dates.today()) is AppointmentStatus.ONBOARDING
    if ended_as is AppointmentStatus.REMOVED and not joining:
        refusals.append(
            Refusal("To remove a partner takes a second person. Propose it for somebody to agree")
        )
    if refusals:
        raise Refused(*refusals)
    end_place(session, actor, Leaving(agreement, lot, appointment, supplier, ended_as, reason.strip(), day))


@dataclass(frozen=True, slots=True)
class Leaving:
    """A place that ends: as what, why and from which London day on."""

    agreement: FrameworkAgreement
    lot: Lot
    appointment: Appointment
    supplier: Party
    ended_as: AppointmentStatus
    reason: str
    day: date


def why_not(
    agreement: FrameworkAgreement, appointment: Appointment, supplier: Party, reason: str, day: date
) -> list[Refusal]:
    """Every reason why a place cannot end like this, whoever ends it."""
    refusals = []
    if is_open_to_change(agreement):
        refusals.append(Refusal("The agreement is still a draft. Take the partner off the lot instead"))
    if appointment.ended_on is not None:
        refusals.append(Refusal(f"{supplier.name} left this lot on {dates.in_words(appointment.ended_on)}"))
    if not reason.strip():
        refusals.append(Refusal("Enter the reason", field="reason"))
    if day < dates.today():
        refusals.append(Refusal("The day must be today or later", field="on"))
    return refusals


def end_place(session: Session, actor: Visitor, leaving: Leaving) -> None:
    """Write the end of a place whose rules have answered, and tell both sides."""
    agreement, lot, appointment, supplier = (
        leaving.agreement,
        leaving.lot,
        leaving.appointment,
        leaving.supplier,
    )
    day, withdrawn = leaving.day, leaving.ended_as is AppointmentStatus.WITHDRAWN
    live = touched_by(session, appointment.id)
    lacks = left_without(session, lot, appointment)
    verb = "leaves" if withdrawn else "is removed from"
    appointment.ended_on, appointment.ended_as = day, leaving.ended_as.value
    session.add(appointment)
    audit.record(
        session,
        actor=actor,
        action="partner_withdrawn" if withdrawn else "partner_removed",
        subject=about_place(agreement, lot, appointment, supplier),
        facts={"on": day, "live_call_offs": len(live)},
        words={"reason": leaving.reason},
    )
    tell_both_sides(
        session,
        agreement=agreement,
        lot=lot,
        appointment=appointment,
        supplier=supplier,
        why=f"partner_left:{appointment.id}",
        subject=f"{supplier.name} {verb} lot {lot.reference} on {dates.in_words(day)}",
        partners_subject=""
        if withdrawn
        else f"You are removed from lot {lot.reference} on {dates.in_words(day)}",
        lines=[
            *([] if withdrawn else [f"The council has removed {supplier.name} from lot {lot.reference}."]),
            f"{supplier.name} is offered no new work on lot {lot.reference}, {lot.title}, from {dates.in_words(day)}.",
            f"The reason given: {leaving.reason}",
            "Work that has been awarded goes on under its own terms.",
        ],
        owners_lines=[f"{lacks}."] if lacks else [],
    )
