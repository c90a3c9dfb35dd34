"""Doors to leaving: a partner gives notice; a council proposes a removal, and somebody else there agrees."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.web.fields import ChoiceField, DayField, VisitForm, WordsField, at_most, needed
from framework.web.home import Panel, Waiting
from framework.web.sections import Section, Step
from framework.web.visit import after, page, refused, requires, session, visitor
from lots import finding
from lots.appointment import Appointment
from lots.finding import Place
from lots.opening import is_open_to_change
from lots.removing import (
    decide_removal,
    ending_of,
    give_notice,
    plans_of,
    propose_removal,
    removals_to_agree,
    waiting_ending,
    waiting_removal,
)
from lots.web.lot import may_change
from lots.withdrawing import Touched, left_without, touched_by

door = Blueprint("removing", __name__)
_PLACE = "/lots/<reference>/partners/<int(max=2147483647):appointment_id>"


class LeaveForm(VisitForm):
    on = DayField(
        "From which day",
        [needed("Enter the day")],
        what="The day",
        description="Today or later, like 31 5 2027",
    )
    reason = WordsField("Reason", [at_most(1000, "The reason")])


class DecideForm(VisitForm):
    outcome = ChoiceField(
        "Your decision",
        [needed("Choose whether you agree")],
        choices=[("agree", "I agree: remove the partner"), ("refuse", "I do not agree: it stays")],
    )


def leave_form(touched: list[Touched]) -> Any:
    """The form with one field for the plan of each live call-off."""

    class Form(LeaveForm):
        pass

    for one in touched:
        field = WordsField(f"What happens to {one.reference}, {one.title}")
        setattr(Form, f"plan-{one.reference}", field)
    return Form(data={"on": dates.today()})


def plans_in(form: Any, touched: list[Touched]) -> dict[str, str]:
    """The plans as typed, by call-off."""
    return {one.reference: form[f"plan-{one.reference}"].data or "" for one in touched}


def _page(template: str, form: Any, place: Place, touched: list[Touched]) -> Any:
    return page(
        template,
        form=form,
        place=place,
        touched=touched,
        warning=left_without(session(), place.lot, place.appointment),
        status=422 if form.problems else 200,
    )


@door.route("/my-company/leave/<int(max=2147483647):appointment_id>", methods=["GET", "POST"])
@requires(Permission.COLLEAGUES_MANAGE)
def leave(appointment_id: int) -> Any:
    """The partner's own notice: from which day, why, and a plan for each live call-off."""
    place = _own(appointment_id)
    touched = touched_by(session(), appointment_id)
    form = leave_form(touched)
    if form.validate_on_submit():
        try:
            give_notice(
                session(),
                actor=visitor(),
                appointment=place.appointment,
                on=form.on.data,
                reason=form.reason.data,
                plans=plans_in(form, touched),
            )
            return after("my_company.show")
        except Refused as refusal:
            refused(form, refusal)
            place = _own(appointment_id)
    return _page("lots/removing/leave.html", form, place, touched)


def _own(appointment_id: int) -> Place:
    place = finding.own_place(session(), visitor(), appointment_id, Permission.COLLEAGUES_MANAGE)
    if place.appointment.ended_on is not None or place.agreement.recorded_as_past:
        raise NotFound
    return place


@door.route(f"{_PLACE}/remove", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def propose(reference: str, appointment_id: int) -> Any:
    """Propose that the council removes the partner."""
    place = _place(reference, appointment_id, Permission.AGREEMENT_OPEN)
    touched = touched_by(session(), appointment_id)
    form = leave_form(touched)
    if form.validate_on_submit():
        try:
            propose_removal(
                session(),
                actor=visitor(),
                appointment=place.appointment,
                on=form.on.data,
                reason=form.reason.data,
                plans=plans_in(form, touched),
            )
            return after("removing.decide", reference=reference, appointment_id=appointment_id)
        except Refused as refusal:
            refused(form, refusal)
            place = _place(reference, appointment_id, Permission.AGREEMENT_OPEN)
    return _page("lots/removing/propose.html", form, place, touched)


def _place(reference: str, appointment_id: int, permission: Permission) -> Place:
    place = finding.appointment(session(), visitor(), appointment_id)
    permitted(visitor(), permission, place.agreement.lead_authority_id)
    if place.lot.reference != reference or is_open_to_change(place.agreement):
        raise NotFound
    return place


@door.route(f"{_PLACE}/removal", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_CONFIRM)
def decide(reference: str, appointment_id: int) -> Any:
    """A second person agrees to a removal, or refuses it."""
    place = _place(reference, appointment_id, Permission.AGREEMENT_CONFIRM)
    ending = waiting_removal(session(), appointment_id)
    if ending is None:
        raise NotFound
    form = DecideForm()
    if form.validate_on_submit():
        try:
            decide_removal(
                session(),
                actor=visitor(),
                appointment=place.appointment,
                agreed=form.outcome.data == "agree",
            )
            return after("place.show", reference=reference, appointment_id=appointment_id)
        except Refused as refusal:
            refused(form, refusal)
            place = _place(reference, appointment_id, Permission.AGREEMENT_CONFIRM)
            ending = waiting_removal(session(), appointment_id)
            if ending is None:
                raise NotFound from None
    return page(
        "lots/removing/decide.html",
        form=form,
        place=place,
        ending=ending,
        plans=plans_of(session(), ending),
        touched=touched_by(session(), appointment_id),
        warning=left_without(session(), place.lot, place.appointment),
        may_decide=ending.proposed_by_id != visitor().person_id,
        status=422 if form.problems else 200,
    )


def step(own: Session, who: Visitor, appointment: Appointment) -> Step | None:
    """On the page of a partner's place: propose its removal, or look at one that waits."""
    place = finding.appointment(own, who, appointment.id)
    if is_open_to_change(place.agreement) or appointment.ended_on is not None or not appointment.active_from:
        return None
    where: dict[str, Any] = {"reference": place.lot.reference, "appointment_id": appointment.id}
    waiting = waiting_ending(own, appointment.id)
    if waiting is not None:
        may_agree = who.may(Permission.AGREEMENT_CONFIRM, place.agreement.lead_authority_id)
        if waiting.ended_as != "removed" or not may_agree:
            return None
        return Step("See the proposed removal", url_for("removing.decide", **where), primary=True)
    if not may_change(who, place.agreement):
        return None
    return Step("Propose to remove the partner", url_for("removing.propose", **where))


def section(own: Session, who: Visitor, appointment: Appointment) -> Section | None:
    """On the page of a place that ended: why, and the plan for each call-off that was live."""
    found = ending_of(own, appointment.id)
    # How a place passed on to another company is told by `novating`.
    if found is None or found[0].decided_at is None or found[0].ended_as == "novated":
        return None
    return Section(
        key="ending",
        heading="How it left",
        template="lots/removing/_ending.html",
        facts={"ending": found[0], "plans": found[1]},
    )


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home: removals that somebody else proposed and this visitor may agree to."""
    found = removals_to_agree(own, who)
    if not found:
        return None
    return Panel(
        heading="Removals to agree",
        items=tuple(
            Waiting(
                title=f"{supplier.name}, lot {lot.reference}",
                detail=f"Proposed {dates.in_words(dates.as_london(ending.proposed_at).date())}",
                address=url_for(
                    "removing.decide", reference=lot.reference, appointment_id=ending.appointment_id
                ),
                kind="removal",
            )
            for ending, lot, supplier in found
        ),
        empty="",
    )
