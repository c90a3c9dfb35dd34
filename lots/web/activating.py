"""A framework owner's doors to a joining partner: everything on one page, appointing it, or sending tasks back."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.people import finding as people
from framework.people.contacting import contacts_of
from framework.people.keeping import last_confirmed
from framework.people.party_contact import ContactKind
from framework.people.permissions import Permission, Visitor, permitted
from framework.people.registering import size_in_words, size_rule_in_words
from framework.web.fields import DayField, VisitForm, WordsField, at_most
from framework.web.home import Panel, Waiting
from framework.web.sections import Step
from framework.web.visit import after, page, refused, requires, session, visitor
from lots import finding
from lots.activating import activate
from lots.appointing import wrong_size
from lots.appointment import Appointment
from lots.covering import gaps, slavery_warning
from lots.finding import Place
from lots.finding_evidence import pieces_of
from lots.joining import (
    TASKS,
    declarations_of,
    is_joining,
    people_offered,
    send_back,
    tasks_of,
    waiting_to_be_appointed,
)
from lots.lot import SizeRule
from lots.web.joining import TONES
from lots.web.lot import may_change

door = Blueprint("activating", __name__)
_HERE = "/lots/<reference>/partners/<int(max=2147483647):appointment_id>/joining"


class ActivateForm(VisitForm):
    signed_on = DayField("Day on which the partner signed the agreement", what="The day")
    countersigned_on = DayField("Day on which the council signed it", what="The day")
    active_from = DayField(
        "First day on the lot",
        what="First day",
        description="Leave it blank for the agreement’s first day, or today when that is past",
    )


class SendBackForm(VisitForm):
    pass


for _task in TASKS:
    setattr(SendBackForm, _task.key, WordsField(_task.name, [at_most(1000, "The reason")]))


def _place(reference: str, appointment_id: int) -> Place:
    place = finding.appointment(session(), visitor(), appointment_id)
    permitted(visitor(), Permission.AGREEMENT_OPEN, place.agreement.lead_authority_id)
    if place.lot.reference != reference or not is_joining(place.appointment):
        raise NotFound
    return place


@door.route(_HERE, methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def show(reference: str, appointment_id: int) -> Any:
    """Everything a joining partner has sent, and the form that appoints it."""
    place = _place(reference, appointment_id)
    form = ActivateForm()
    if form.validate_on_submit():
        try:
            activate(
                session(),
                actor=visitor(),
                appointment=place.appointment,
                signed_on=form.signed_on.data,
                countersigned_on=form.countersigned_on.data,
                active_from=form.active_from.data,
            )
            return after("place.show", reference=reference, appointment_id=appointment_id)
        except Refused as refusal:
            refused(form, refusal)
            place = _place(reference, appointment_id)
    return page(
        "lots/activating/page.html",
        form=form,
        place=place,
        **_everything(place),
        status=422 if form.problems else 200,
    )


def _everything(place: Place) -> dict[str, Any]:
    own, supplier = session(), place.supplier
    known = contacts_of(own, supplier.id)
    shown = finding.evidence_of(own, [supplier.id])[supplier.id]
    return {
        "tasks": [(one, TONES[one.state]) for one in tasks_of(own, place)],
        "size": size_in_words(supplier),
        "size_rule": size_rule_in_words(),
        "size_verdict": _verdict(place),
        "supplier": supplier,
        "confirmed": last_confirmed(own, supplier.id),
        "contacts": [(kind, known.get(kind)) for kind in ContactKind],
        "pieces": pieces_of(shown, dates.today()),
        "own": False,
        "looks_after": True,
        "slavery": slavery_warning(supplier, shown, dates.today()),
        "gaps": gaps(place.lot, supplier.name, shown, dates.today()),
        "people": people.partner_people(own, supplier.id),
        "offered": people_offered(own, place.appointment.id),
        "declared": list(declarations_of(own, supplier.id, place.agreement.id).values()),
        "now": dates.now(),
        "cards": finding.rate_cards(own, place.appointment.id),
    }


def _verdict(place: Place) -> str:
    if place.lot.size_rule is SizeRule.ANY:
        return "The lot takes partners of any size"
    wrong = wrong_size(place.lot, place.supplier)
    return wrong.sentence if wrong else "It is of the size that the lot asks for"


@door.route(f"{_HERE}/send-back", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def give_back(reference: str, appointment_id: int) -> Any:
    """Send tasks back, each with what is wrong."""
    place = _place(reference, appointment_id)
    form = SendBackForm()
    if form.validate_on_submit():
        try:
            send_back(
                session(),
                actor=visitor(),
                appointment=place.appointment,
                reasons={task.key: form[task.key].data or "" for task in TASKS},
            )
            return after("activating.show", reference=reference, appointment_id=appointment_id)
        except Refused as refusal:
            refused(form, refusal)
            place = _place(reference, appointment_id)
    return page(
        "lots/activating/send_back.html",
        form=form,
        place=place,
        tasks=TASKS,
        status=422 if form.problems else 200,
    )


def step(own: Session, who: Visitor, appointment: Appointment) -> Step | None:
    """On the page of a place that is being joined."""
    place = finding.appointment(own, who, appointment.id)
    if not is_joining(appointment) or not may_change(who, place.agreement):
        return None
    return Step(
        "See what it has sent, and appoint",
        url_for("activating.show", reference=place.lot.reference, appointment_id=appointment.id),
        primary=appointment.sent_at is not None,
    )


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home: companies that have sent everything and wait to be appointed."""
    found = waiting_to_be_appointed(own, who)
    if not found:
        return None
    return Panel(
        heading="Partners to appoint",
        items=tuple(
            Waiting(
                title=f"{place.supplier.name}, lot {place.lot.reference}",
                detail=f"Sent {dates.in_words(dates.as_london(place.appointment.sent_at or dates.now()).date())}",
                address=url_for(
                    "activating.show", reference=place.lot.reference, appointment_id=place.appointment.id
                ),
                kind="joining",
            )
            for place in found
        ),
        empty="",
    )
