"""A partner's place on a lot: who looks after it, whether it is active, and what may be done about it."""

from typing import Any

from flask import Blueprint, url_for

from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, permitted
from framework.records import timeline
from framework.web.fields import DayField, LineField, VisitForm, WordsField, at_most
from framework.web.sections import Step, sections_of, steps_of
from framework.web.visit import after, page, refused, requires, session, visitor
from lots import finding
from lots.appointing import change_contract_manager, take_off
from lots.appointment import AppointmentStatus
from lots.covering import gaps
from lots.finding import Place
from lots.joining import is_joining
from lots.opening import is_open_to_change
from lots.removing import record_notice
from lots.suspending import return_partner, suspend_partner
from lots.web.lot import may_change, status_of
from lots.web.removing import leave_form, plans_in
from lots.withdrawing import end_partner, left_without, touched_by

door = Blueprint("place", __name__)
_HERE = "/lots/<reference>/partners/<int(max=2147483647):appointment_id>"


class SuspendForm(VisitForm):
    until = DayField(
        "Last day of the suspension",
        what="Last day",
        description="The partner returns by itself the next morning, like 31 5 2027",
    )
    reason = WordsField("Reason", [at_most(1000, "The reason")], description="The partner sees it")


class ReturnForm(VisitForm):
    pass


class ContactForm(VisitForm):
    name = LineField("Name", [at_most(120, "The name")])
    contract_manager_email = LineField("E-mail address", [at_most(254, "The address")])


def place_here(reference: str, appointment_id: int) -> Place:
    """The place at this address. Raises `NotFound`, also where the place is on another lot."""
    place = finding.appointment(session(), visitor(), appointment_id)
    if place.lot.reference != reference:
        raise NotFound
    return place


def _own(reference: str, appointment_id: int) -> Place:
    place = place_here(reference, appointment_id)
    permitted(visitor(), Permission.AGREEMENT_OPEN, place.agreement.lead_authority_id)
    return place


def _back(place: Place) -> Any:
    return after("place.show", reference=place.lot.reference, appointment_id=place.appointment.id)


@door.get(_HERE)
@requires(Permission.AGREEMENT_READ)
def show(reference: str, appointment_id: int) -> Any:
    """One partner on one lot."""
    own, who, today = session(), visitor(), dates.today()
    place = place_here(reference, appointment_id)
    shown = finding.evidence_of(own, [place.supplier.id])[place.supplier.id]
    return page(
        "lots/place/page.html",
        place=place,
        standing=status_of(place.agreement, place.appointment),
        gaps=[] if place.agreement.recorded_as_past else gaps(place.lot, place.supplier.name, shown, today),
        cards=finding.cards_on(own, [place.appointment.id], today),
        sections=sections_of("appointment", own, who, place.appointment),
        steps=[*_steps(place), *steps_of("appointment", own, who, place.appointment)],
        happenings=timeline.of(own, who, "appointment", place.appointment.id),
        may_read_rates=who.may(Permission.RATES_READ),
    )


def _steps(place: Place) -> list[Step]:
    if not may_change(visitor(), place.agreement):
        return []
    where: dict[str, Any] = {"reference": place.lot.reference, "appointment_id": place.appointment.id}
    contact = Step("Change the contract manager", url_for("place.contact", **where))
    if is_open_to_change(place.agreement):
        return [
            Step("Enter the rate card", url_for("rating.enter", **where), primary=True),
            contact,
            Step("Take off the lot", url_for("place.undo", **where)),
        ]
    if place.appointment.ended_on is not None:
        return []
    status = place.appointment.status_on(dates.today())
    steps = [Step("Enter a new rate card", url_for("rating.enter", **where)), contact]
    if status is AppointmentStatus.ACTIVE:
        steps.append(Step("Suspend", url_for("place.suspend", **where)))
    if status is AppointmentStatus.SUSPENDED:
        steps.insert(0, Step("Let the partner return", url_for("place.let_return", **where), primary=True))
    words = "Stop its joining" if is_joining(place.appointment) else "Record that the partner withdraws"
    steps.append(Step(words, url_for("place.end", **where)))
    return steps


def _left_as(place: Place) -> AppointmentStatus:
    # Whoever still joins may be turned away by the council; a partner may only be removed with a second person's word.
    return AppointmentStatus.REMOVED if is_joining(place.appointment) else AppointmentStatus.WITHDRAWN


@door.route(f"{_HERE}/suspend", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def suspend(reference: str, appointment_id: int) -> Any:
    """No new offers until a day."""
    place = _own(reference, appointment_id)
    form = SuspendForm()
    if form.validate_on_submit():
        try:
            suspend_partner(
                session(),
                actor=visitor(),
                appointment=place.appointment,
                until=form.until.data,
                reason=form.reason.data,
            )
            return _back(place)
        except Refused as refusal:
            refused(form, refusal)
            place = _own(reference, appointment_id)
    return page(
        "lots/place/suspend.html",
        form=form,
        place=place,
        touched=touched_by(session(), appointment_id),
        status=422 if form.problems else 200,
    )


@door.route(f"{_HERE}/return", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def let_return(reference: str, appointment_id: int) -> Any:
    """Offers again from today."""
    place = _own(reference, appointment_id)
    form = ReturnForm()
    if form.validate_on_submit():
        try:
            return_partner(session(), actor=visitor(), appointment=place.appointment)
            return _back(place)
        except Refused as refusal:
            refused(form, refusal)
            place = _own(reference, appointment_id)
    return _ask(
        form,
        place,
        f"Let {place.supplier.name} return to lot {place.lot.number}?",
        "It may be offered work again from today.",
        "Let the partner return",
    )


@door.route(f"{_HERE}/leave", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def end(reference: str, appointment_id: int) -> Any:
    """The partner has said that it withdraws (or still joins, and is turned away); what it leaves behind is shown first."""
    place = _own(reference, appointment_id)
    touched = touched_by(session(), appointment_id)
    form = leave_form(touched)
    if form.validate_on_submit():
        try:
            said = {"reason": form.reason.data, "on": form.on.data}
            left_as = _left_as(place)
            if left_as is AppointmentStatus.WITHDRAWN:
                plans = plans_in(form, touched)
                record_notice(session(), actor=visitor(), appointment=place.appointment, plans=plans, **said)
            else:
                end_partner(
                    session(), actor=visitor(), appointment=place.appointment, ended_as=left_as, **said
                )
            return _back(place)
        except Refused as refusal:
            refused(form, refusal)
            place = _own(reference, appointment_id)
    return page(
        "lots/place/leave.html",
        form=form,
        place=place,
        touched=touched,
        joining=is_joining(place.appointment),
        warning=left_without(session(), place.lot, place.appointment),
        status=422 if form.problems else 200,
    )


@door.route(f"{_HERE}/undo", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def undo(reference: str, appointment_id: int) -> Any:
    """Take a supplier off a lot of a draft."""
    place = _own(reference, appointment_id)
    form = ReturnForm()
    if form.validate_on_submit():
        try:
            take_off(session(), actor=visitor(), appointment=place.appointment)
            return after("lot.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            place = _own(reference, appointment_id)
    return _ask(
        form,
        place,
        f"Take {place.supplier.name} off lot {place.lot.number}?",
        "The agreement is not confirmed, so the place and its rate card go as if they had never been there.",
        "Take off the lot",
    )


def _ask(form: VisitForm, place: Place, heading: str, said: str, words: str) -> Any:
    return page(
        "lots/place/ask.html",
        form=form,
        place=place,
        heading=heading,
        said=said,
        words=words,
        status=422 if form.problems else 200,
    )


@door.route(f"{_HERE}/contract-manager", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def contact(reference: str, appointment_id: int) -> Any:
    """Who looks after the lot at the partner."""
    place = _own(reference, appointment_id)
    form = ContactForm(
        data={
            "name": place.appointment.contract_manager,
            "contract_manager_email": place.appointment.contract_manager_email,
        }
    )
    if form.validate_on_submit():
        try:
            change_contract_manager(
                session(),
                actor=visitor(),
                appointment=place.appointment,
                name=form.name.data,
                email=form.contract_manager_email.data,
            )
            return _back(place)
        except Refused as refusal:
            refused(form, refusal)
            place = _own(reference, appointment_id)
    return page("lots/place/contact.html", form=form, place=place, status=422 if form.problems else 200)
