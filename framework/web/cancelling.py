"""Cancelling an agreement."""

from typing import Any

from flask import Blueprint

from framework import finding
from framework.cancelling import cancel_agreement
from framework.definitions.rules import Refused
from framework.people.permissions import Permission, permitted
from framework.web.fields import VisitForm, WordsField, at_most
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("agreement_cancelling", __name__)


class CancellingForm(VisitForm):
    reason = WordsField("Why is it given up?", validators=[at_most(1000, "Your answer")])


@door.route("/agreements/<reference>/cancel", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def form(reference: str) -> Any:
    """Give up an agreement that has not begun, saying why."""
    agreement = finding.agreement(session(), visitor(), reference)
    permitted(visitor(), Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    typed = CancellingForm()
    if typed.validate_on_submit():
        try:
            cancel_agreement(session(), actor=visitor(), agreement=agreement, reason=typed.reason.data or "")
            return after("agreement.show", reference=reference)
        except Refused as refusal:
            refused(typed, refusal)
            agreement = finding.agreement(session(), visitor(), reference)
    return page(
        "framework/cancelling/form.html",
        form=typed,
        agreement=agreement,
        status=422 if typed.problems else 200,
    )
