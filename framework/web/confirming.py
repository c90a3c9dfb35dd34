"""Sending an agreement to be confirmed, confirming it as a second person, or returning it to draft."""

from typing import Any

from flask import Blueprint

from framework import confirming, finding
from framework.agreement import FrameworkAgreement
from framework.definitions.rules import Refused
from framework.options import planned
from framework.people.permissions import Permission, permitted
from framework.web.fields import VisitForm, WordsField, at_most
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("confirming", __name__)


class Nothing(VisitForm):
    """A form with nothing to type: pressing the button is the answer."""


class ReasonForm(VisitForm):
    reason = WordsField("What must change?", validators=[at_most(1000, "What must change")])


def _found(reference: str, permission: Permission) -> FrameworkAgreement:
    agreement = finding.agreement(session(), visitor(), reference)
    permitted(visitor(), permission, agreement.lead_authority_id)
    return agreement


@door.route("/agreements/<reference>/send", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def submit(reference: str) -> Any:
    """Check what will be sent, and what is still missing."""
    agreement = _found(reference, Permission.AGREEMENT_OPEN)
    form = Nothing()
    if form.validate_on_submit():
        try:
            confirming.submit_agreement(session(), actor=visitor(), agreement=agreement)
            return after("agreement.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            agreement = _found(reference, Permission.AGREEMENT_OPEN)
    return _answers("framework/confirming/submit.html", form, agreement)


@door.route("/agreements/<reference>/confirm", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_CONFIRM)
def confirm(reference: str) -> Any:
    """Everything on one page for the second person."""
    agreement = _found(reference, Permission.AGREEMENT_CONFIRM)
    form = Nothing()
    if form.validate_on_submit():
        try:
            confirming.confirm_agreement(session(), actor=visitor(), agreement=agreement)
            return after("agreement.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            agreement = _found(reference, Permission.AGREEMENT_CONFIRM)
    return _answers("framework/confirming/confirm.html", form, agreement)


def _answers(template: str, form: VisitForm, agreement: FrameworkAgreement) -> Any:
    members = finding.members(session(), agreement)
    return page(
        template,
        form=form,
        agreement=agreement,
        members=members,
        plans=planned(agreement, finding.options(session(), agreement)),
        status=422 if form.problems else 200,
    )


@door.route("/agreements/<reference>/return", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_CONFIRM)
def give_back(reference: str) -> Any:
    """Return it to draft, saying why."""
    agreement = _found(reference, Permission.AGREEMENT_CONFIRM)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            confirming.return_agreement(
                session(), actor=visitor(), agreement=agreement, reason=form.reason.data or ""
            )
            return after("agreement.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            agreement = _found(reference, Permission.AGREEMENT_CONFIRM)
    return page(
        "framework/confirming/give_back.html",
        form=form,
        agreement=agreement,
        status=422 if form.problems else 200,
    )
