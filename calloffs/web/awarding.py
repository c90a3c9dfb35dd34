"""Awarding an accepted offer, and withdrawing an award that is not yet signed."""

from typing import Any

from flask import Blueprint, request, url_for
from sqlmodel import Session

from calloffs import answers, finding
from calloffs.approving import ask_price_approval, price_waits
from calloffs.awarding import Expected, award_call_off, expected
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.giving_feedback import LEAST, MOST
from calloffs.withdrawing_award import MAY_BE_WITHDRAWN, withdraw_award
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.records.audit import Subject
from framework.web.fields import VisitForm, WordsField, at_most, needed
from framework.web.home import Panel, Waiting
from framework.web.sections import Section, Step
from framework.web.visit import after, looked_at, page, refused, requires, session, visitor

door = Blueprint("awarding", __name__)


class AwardForm(VisitForm):
    reason = WordsField(
        "Why are you awarding to this partner?",
        [at_most(2000, "Reason")],
    )
    feedback = WordsField("Feedback to the partner", [at_most(MOST, "Feedback")])


class WithdrawForm(VisitForm):
    reason = WordsField(
        "Why are you withdrawing the award?",
        [needed("Enter why you are withdrawing the award"), at_most(2000, "Reason")],
    )


@door.route("/call-offs/<reference>/award", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_AWARD)
def form(reference: str) -> Any:
    """Check what the answer comes to, and award."""
    call_off = _own(reference)
    if request.method == "GET" and call_off.status is not CallOffStatus.ACCEPTED:
        return after("call_off.show", reference=reference)
    form = AwardForm()
    if form.validate_on_submit():
        try:
            award_call_off(
                session(),
                actor=visitor(),
                call_off=call_off,
                reason=form.reason.data or "",
                feedback=form.feedback.data or "",
            )
            return after("call_off.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
    found = expected(session(), visitor(), call_off)
    look_at_people(found)
    return page(
        "calloffs/awarding/form.html",
        form=form,
        call_off=call_off,
        found=found,
        waits=price_waits(call_off),
        least=LEAST,
        status=422 if form.problems else 200,
    )


@door.post("/call-offs/<reference>/ask-price")
@requires(Permission.CALL_OFF_AWARD)
def ask_price(reference: str) -> Any:
    """Ask an approver to agree a price above what was approved."""
    ask_price_approval(session(), actor=visitor(), call_off=_own(reference))
    return after("call_off.show", reference=reference)


@door.route("/call-offs/<reference>/withdraw-award", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_AWARD)
def withdraw(reference: str) -> Any:
    """Take an award back, with a reason that the partner reads."""
    call_off = _own(reference)
    if request.method == "GET" and call_off.status not in MAY_BE_WITHDRAWN:
        return after("call_off.show", reference=reference)
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            withdraw_award(session(), actor=visitor(), call_off=call_off, reason=form.reason.data)
            return after("call_off.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
    return page(
        "calloffs/awarding/withdraw.html",
        form=form,
        least=LEAST,
        call_off=call_off,
        around=finding.around(session(), call_off),
        status=422 if form.problems else 200,
    )


def _own(reference: str) -> CallOff:
    call_off = finding.call_off(session(), visitor(), reference)
    permitted(visitor(), Permission.CALL_OFF_AWARD, call_off.authority_id)
    return call_off


def look_at_people(found: Expected) -> None:
    """Note that somebody of the council looked at people by name; the partner is shown it (RULE-81)."""
    if found.given.people:
        about = Subject("offer", found.offer.id, found.offer.reference, found.partner.id)
        looked_at(about, "the people offered")


def answer(session: Session, visitor: Visitor, call_off: CallOff) -> Section | None:
    """On a call-off's page: what the partner answered, with line totals; for the council, what to look at before awarding."""
    try:
        found = expected(session, visitor, call_off)
    except NotFound:
        return None
    theirs = finding.reads_whole(visitor, call_off)
    if theirs:
        look_at_people(found)
    warnings = found.warnings if theirs else ()
    facts = {"found": found, "warnings": warnings}
    return Section("answer", "Answer", "calloffs/awarding/_answer.html", facts)


def award_step(session: Session, visitor: Visitor, call_off: CallOff) -> Step | None:
    """Award an accepted offer."""
    if call_off.status is not CallOffStatus.ACCEPTED:
        return None
    if not visitor.may(Permission.CALL_OFF_AWARD, call_off.authority_id):
        return None
    return Step("Award", url_for("awarding.form", reference=call_off.reference), primary=True)


def withdraw_step(session: Session, visitor: Visitor, call_off: CallOff) -> Step | None:
    """Take back an award that is not yet signed by both sides."""
    if call_off.status not in MAY_BE_WITHDRAWN:
        return None
    if not visitor.may(Permission.CALL_OFF_AWARD, call_off.authority_id):
        return None
    return Step("Withdraw the award", url_for("awarding.withdraw", reference=call_off.reference))


def to_award(session: Session, visitor: Visitor) -> Panel | None:
    """Home: answers that wait for the officer who has the call-off."""
    if not visitor.may(Permission.CALL_OFF_AWARD):
        return None
    waiting = tuple(
        Waiting(
            title=f"{one.call_off.title}: {one.partner.name} has accepted",
            detail=f"Accepted on {dates.in_words(one.offer.accepted_at)} at {one.offer.price} net of VAT"
            if one.offer.accepted_at
            else "",
            address=url_for("call_off.show", reference=one.call_off.reference),
            kind="award",
        )
        for one in answers.to_award(session, visitor)
    )
    return Panel("Answers to award", waiting, empty="No answer waits for you to award.")
