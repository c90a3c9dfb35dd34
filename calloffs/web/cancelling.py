"""Cancelling a call-off before award."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs import finding
from calloffs.call_off import CallOff
from calloffs.cancelling import CANCELLABLE, cancel_call_off, may_cancel, open_offer
from calloffs.giving_feedback import LEAST
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor
from framework.web.fields import VisitForm, WordsField, at_most, needed
from framework.web.sections import Step
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("cancelling", __name__)


class CancelForm(VisitForm):
    reason = WordsField(
        "Why is it cancelled?",
        [needed("Say why it is cancelled"), at_most(2_000, "The reason")],
    )
    feedback = WordsField("What is the partner told?", [at_most(2_000, "What the partner is told")])


# The framework owner may cancel too, and holds no word of their own for it; the action decides.
@door.route("/call-offs/<reference>/cancel", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_READ)
def form(reference: str) -> Any:
    """Why, and one button."""
    found = _cancellable(reference)
    form = CancelForm()
    if form.validate_on_submit():
        try:
            cancel_call_off(
                session(),
                actor=visitor(),
                call_off=found,
                reason=form.reason.data or "",
                feedback=form.feedback.data or "",
            )
            return after("call_off.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            found = _cancellable(reference)
    return page(
        "calloffs/cancelling/form.html",
        form=form,
        call_off=found,
        around=finding.around(session(), found),
        asked=open_offer(session(), found),
        least=LEAST,
        status=422 if form.problems else 200,
    )


def _cancellable(reference: str) -> CallOff:
    found = finding.call_off(session(), visitor(), reference)
    if not may_cancel(visitor(), found):
        raise NotFound
    return found


def step(_own: Session, who: Visitor, found: CallOff) -> Step | None:
    """Cancel it, while it has not been awarded."""
    if found.status not in CANCELLABLE or not may_cancel(who, found):
        return None
    return Step("Cancel the call-off", url_for("cancelling.form", reference=found.reference))
