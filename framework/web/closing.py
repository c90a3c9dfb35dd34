"""Closing an agreement."""

from typing import Any

from flask import Blueprint

from framework import finding
from framework.closing import close_agreement
from framework.definitions.rules import Refused
from framework.people.permissions import Permission, permitted
from framework.web.fields import VisitForm, WordsField, at_most
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("agreement_closing", __name__)


class ClosingForm(VisitForm):
    lessons = WordsField("What was learned?", validators=[at_most(4000, "Your answer")])


@door.route("/agreements/<reference>/close", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def form(reference: str) -> Any:
    """Put an expired agreement away, with what was learned."""
    agreement = finding.agreement(session(), visitor(), reference)
    permitted(visitor(), Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    typed = ClosingForm()
    if typed.validate_on_submit():
        try:
            close_agreement(session(), actor=visitor(), agreement=agreement, lessons=typed.lessons.data or "")
            return after("agreement.show", reference=reference)
        except Refused as refusal:
            refused(typed, refusal)
            agreement = finding.agreement(session(), visitor(), reference)
    return page(
        "framework/closing/form.html",
        form=typed,
        agreement=agreement,
        status=422 if typed.problems else 200,
    )
