"""Handing a call-off over to another commissioning manager."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs import finding
from calloffs.call_off import CallOff
from calloffs.handing_over import hand_over, who_may_have_it
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor
from framework.web.fields import ChoiceField, VisitForm, needed
from framework.web.sections import Step
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("handing_over", __name__)


class HandOverForm(VisitForm):
    to_person_id = ChoiceField("Who has it from now on?", [needed("Choose a commissioning manager")])


@door.route("/call-offs/<reference>/hand-over", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def form(reference: str) -> Any:
    """Choose the next owner."""
    found = _ours(reference)
    form = HandOverForm()
    people = who_may_have_it(session(), found)
    form.to_person_id.choices = [(str(one.id), one.name) for one in people]
    if form.validate_on_submit():
        try:
            hand_over(session(), actor=visitor(), call_off=found, to_person_id=int(form.to_person_id.data))
            return after("call_off.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            found = _ours(reference)
    return page(
        "calloffs/handing_over/form.html",
        form=form,
        call_off=found,
        people=people,
        status=422 if form.problems else 200,
    )


def _ours(reference: str) -> CallOff:
    found = finding.call_off(session(), visitor(), reference)
    if not visitor().may(Permission.CALL_OFF_RAISE, found.authority_id):
        raise NotFound
    return found


def step(_own: Session, who: Visitor, found: CallOff) -> Step | None:
    """Hand it over, until it is closed or stopped."""
    if found.closed_at or found.cancelled_at or not who.may(Permission.CALL_OFF_RAISE, found.authority_id):
        return None
    return Step("Hand it over", url_for("handing_over.form", reference=found.reference))
