"""Offering a call-off to the partner that the lot's own way names, and taking an offer back."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs import answers, finding
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.giving_feedback import LEAST
from calloffs.offering import (
    MOST_WORKING_DAYS,
    USUAL_WORKING_DAYS,
    WITHDRAWABLE,
    latest,
    make_offer,
    prospect,
    withdraw_offer,
)
from calloffs.web.offer import TONES
from framework.definitions import dates
from framework.definitions.rules import Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.web.fields import NumberField, VisitForm, WordsField, at_most, needed
from framework.web.sections import Section, Step
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("offering", __name__)


class OfferForm(VisitForm):
    working_days = NumberField(
        "Working days to answer",
        [needed(f"Enter how many working days the partner has, from 1 to {MOST_WORKING_DAYS}")],
        least=1,
        most=MOST_WORKING_DAYS,
        what="Working days",
        default=USUAL_WORKING_DAYS,
    )
    message = WordsField("Message to the partner (optional)", [at_most(4000, "Message")])


class WithdrawForm(VisitForm):
    reason = WordsField(
        "Why are you withdrawing the offer?",
        [needed("Enter why you are withdrawing the offer"), at_most(2000, "Reason")],
    )


@door.route("/call-offs/<reference>/offer", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def form(reference: str) -> Any:
    """Show which partner is asked and why, and offer the call-off to it."""
    call_off = _own(reference)
    form = OfferForm()
    if form.validate_on_submit():
        try:
            make_offer(
                session(),
                actor=visitor(),
                call_off=call_off,
                working_days=form.working_days.data or 0,
                message=form.message.data,
            )
            return after("call_off.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
    elif not form.is_submitted() and call_off.status is not CallOffStatus.APPROVED:
        return after("call_off.show", reference=reference)
    found = prospect(session(), call_off)
    return page(
        "calloffs/offering/form.html",
        form=form,
        call_off=call_off,
        found=found,
        deadline=dates.deadline(dates.today(), USUAL_WORKING_DAYS),
        usual=USUAL_WORKING_DAYS,
        status=422 if form.problems else 200,
    )


@door.route("/offers/<reference>/withdraw", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def withdraw(reference: str) -> Any:
    """Take an offer back, with a reason that the partner reads."""
    asked = answers.made(session(), visitor(), reference)
    permitted(visitor(), Permission.CALL_OFF_RAISE, asked.authority.id)
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            withdraw_offer(session(), actor=visitor(), offer=asked.offer, reason=form.reason.data)
            return after("call_off.show", reference=asked.call_off.reference)
        except Refused as refusal:
            refused(form, refusal)
    return page(
        "calloffs/offering/withdraw.html",
        form=form,
        asked=asked,
        least=LEAST,
        status=422 if form.problems else 200,
    )


def _own(reference: str) -> CallOff:
    call_off = finding.call_off(session(), visitor(), reference)
    permitted(visitor(), Permission.CALL_OFF_RAISE, call_off.authority_id)
    return call_off


def offers(session: Session, visitor: Visitor, call_off: CallOff) -> Section | None:
    """On a call-off's page: every offer, to whom, why, until when and what became of it."""
    made = answers.offers_of(session, call_off)
    if not made:
        return None
    return Section(
        "offers",
        "Offers",
        "calloffs/offering/_offers.html",
        {"made": made, "tones": TONES, "starts_on": call_off.starts_on},
    )


def offer_step(session: Session, visitor: Visitor, call_off: CallOff) -> Step | None:
    """Offer an approved call-off to its partner."""
    if call_off.status is not CallOffStatus.APPROVED:
        return None
    if not visitor.may(Permission.CALL_OFF_RAISE, call_off.authority_id):
        return None
    named = prospect(session, call_off).named
    words = f"Offer to {named.supplier.name}" if named else "Offer to a partner"
    return Step(words, url_for("offering.form", reference=call_off.reference), primary=True)


def withdraw_step(session: Session, visitor: Visitor, call_off: CallOff) -> Step | None:
    """Take back an offer that is open, or accepted and not awarded."""
    if call_off.awarded_at or not visitor.may(Permission.CALL_OFF_RAISE, call_off.authority_id):
        return None
    last = latest(session, call_off)
    if last is None or last.status not in WITHDRAWABLE:
        return None
    return Step("Withdraw the offer", url_for("offering.withdraw", reference=last.reference))
