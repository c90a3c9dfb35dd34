"""Approving: one screen with what, why, how much and what is left, and one decision. Prices above approval come here too."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session
from wtforms import HiddenField

from calloffs import approving, finding
from calloffs.approving import approve_price, decide_call_off, own_request, price_waits
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.forecasting.outlook import after_this
from calloffs.raising import limits_for
from calloffs.resubmitting import changes_since
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor
from framework.web.fields import ChoiceField, VisitForm, WordsField, at_most, needed
from framework.web.sections import Step
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("approving", __name__)


class DecideForm(VisitForm):
    outcome = ChoiceField(
        "Your decision",
        [needed("Choose to approve, return or reject")],
        choices=[
            ("approved", "Approve"),
            ("returned", "Return it to be put right"),
            ("rejected", "Reject it"),
        ],
    )
    reason = WordsField(
        "Reason",
        [at_most(4_000, "The reason")],
        description="Needed when you return or reject it. The commissioning manager will see it",
    )
    conditions = WordsField("Conditions of your approval (optional)", [at_most(4_000, "The conditions")])
    submission = HiddenField()


class PriceForm(VisitForm):
    outcome = ChoiceField(
        "Your decision",
        [needed("Choose to approve or reject the price")],
        choices=[("approved", "Approve the price"), ("rejected", "Do not approve the price")],
    )
    reason = WordsField(
        "Reason", [at_most(4_000, "The reason")], description="Needed when you do not approve it"
    )


def _theirs(reference: str) -> CallOff:
    found = finding.call_off(session(), visitor(), reference)
    if not visitor().may(Permission.CALL_OFF_APPROVE, found.authority_id):
        raise NotFound
    return found


@door.route("/call-offs/<reference>/approve", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_APPROVE)
def form(reference: str) -> Any:
    """What, why, how much, what is left, the case and the conflicts declaration; then the decision."""
    found = _theirs(reference)
    form = DecideForm()
    if form.validate_on_submit():
        try:
            decide_call_off(
                session(),
                actor=visitor(),
                call_off=found,
                outcome=form.outcome.data,
                reason=form.reason.data or "",
                conditions=form.conditions.data or "",
                submission=_number(form.submission.data),
            )
            return after("call_off.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            found = _theirs(reference)
    elif found.status is not CallOffStatus.SUBMITTED:
        return after("call_off.show", reference=reference)
    form.submission.data = str(found.submissions)
    return page(
        "calloffs/approving/form.html",
        form=form,
        call_off=found,
        around=finding.around(session(), found),
        options=finding.options(session(), found),
        limits=limits_for(session(), found),
        outlook=after_this(session(), found),
        limit=visitor().limit_at(found.authority_id, Permission.CALL_OFF_APPROVE),
        is_own=own_request(visitor(), found),
        changes=changes_since(session(), visitor(), found),
        raiser=finding.raiser(session(), found),
        status=422 if form.problems else 200,
    )


def _number(typed: str | None) -> int | None:
    """The submission the approver was shown; anything else counts as none that ever was."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


@door.route("/call-offs/<reference>/approve-price", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_APPROVE)
def price(reference: str) -> Any:
    """The accepted price beside what was approved."""
    found = _theirs(reference)
    form = PriceForm()
    if form.validate_on_submit():
        try:
            approve_price(
                session(),
                actor=visitor(),
                call_off=found,
                outcome=form.outcome.data,
                reason=form.reason.data or "",
            )
            return after("call_off.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            found = _theirs(reference)
    elif not price_waits(found):
        return after("call_off.show", reference=reference)
    return page(
        "calloffs/approving/price.html",
        form=form,
        call_off=found,
        around=finding.around(session(), found),
        price=approving.price_to_approve(session(), found),
        limits=limits_for(session(), found),
        limit=visitor().limit_at(found.authority_id, Permission.CALL_OFF_APPROVE),
        status=422 if form.problems else 200,
    )


def step(_own: Session, who: Visitor, found: CallOff) -> Step | None:
    """Decide the request, for an approver who did not work on it."""
    if not who.may(Permission.CALL_OFF_APPROVE, found.authority_id) or own_request(who, found):
        return None
    if found.status is CallOffStatus.SUBMITTED:
        return Step("Decide this request", url_for("approving.form", reference=found.reference), primary=True)
    if price_waits(found):
        return Step("Decide the price", url_for("approving.price", reference=found.reference), primary=True)
    return None
