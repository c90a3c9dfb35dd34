"""Suspending an agreement, and resuming it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from framework import finding
from framework.definitions.rules import Refused
from framework.people.permissions import Permission, permitted
from framework.suspending import resume_agreement, suspend_agreement
from framework.web.fields import VisitForm, WordsField, at_most
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("agreement_suspending", __name__)


class SuspendForm(VisitForm):
    reason = WordsField("Why?", validators=[at_most(1000, "Why")])


@door.route("/agreements/<reference>/suspend", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def suspend(reference: str) -> Any:
    """Stop new call-offs, saying why."""
    return _form(reference, "framework/suspending/suspend.html", suspend_agreement)


@door.route("/agreements/<reference>/resume", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def resume(reference: str) -> Any:
    """Let call-offs be raised again, saying why."""
    return _form(reference, "framework/suspending/resume.html", resume_agreement)


def _form(reference: str, template: str, act: Callable[..., Any]) -> Any:
    agreement = finding.agreement(session(), visitor(), reference)
    permitted(visitor(), Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    form = SuspendForm()
    if form.validate_on_submit():
        try:
            act(session(), actor=visitor(), agreement=agreement, reason=form.reason.data or "")
            return after("agreement.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            agreement = finding.agreement(session(), visitor(), reference)
    return page(template, form=form, agreement=agreement, status=422 if form.problems else 200)
