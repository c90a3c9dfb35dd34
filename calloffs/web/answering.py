"""Answering an offer: accept with people, skills, deliverables and price, or decline with a reason."""

from typing import Any

from flask import Blueprint, request, url_for
from sqlmodel import Session

from calloffs import answers
from calloffs.answering import BY_PRICE, accept_offer, decline_offer, save_draft
from calloffs.answers import Asked
from calloffs.offer import Offer, OfferStatus
from calloffs.promising import offered_twice
from calloffs.web.answer_form import AnswerForm, packed, unpacked
from calloffs.web.answer_state import parts_of
from framework.definitions.rules import Refused
from framework.people.permissions import Permission, Visitor
from framework.web.fields import VisitForm, WordsField, at_most, needed
from framework.web.sections import Section, Step
from framework.web.visit import after, page, refused, requires, session, visitor
from lots import skillset_finding
from lots.person_rules import PersonFacts

door = Blueprint("answering", __name__)


class DeclineForm(VisitForm):
    reason = WordsField(
        "Why are you declining?",
        [needed("Enter why you are declining. The council will see it"), at_most(2000, "Reason")],
    )


@door.route("/offers/<reference>/answer", methods=["GET", "POST"])
@requires(Permission.OFFER_ANSWER)
def form(reference: str) -> Any:
    """Fill in the answer, add rows, save it to come back to, or send it."""
    asked = answers.asked(session(), visitor(), reference)
    if request.method == "GET" and not asked.is_open:
        return after("offer.show", reference=reference)
    card, rates = answers.frozen_rates(session(), asked.offer)
    form = AnswerForm(formdata=unpacked(asked.offer.draft)) if request.method == "GET" else AnswerForm()
    form.offering(rates).knowing(_own_people(asked))
    if form.is_submitted():
        done = _act(form, asked)
        if done is not None:
            return done
    method = asked.call_off.charging_method
    clashes = _clashes(form, asked)
    return page(
        "calloffs/answering/form.html",
        form=form,
        asked=asked,
        card=card,
        by_price=method in BY_PRICE,
        people_total=form.people_total(),
        parts=parts_of(form, method in BY_PRICE),
        clashes=clashes,
        status=422 if form.problems else 200,
    )


def _own_people(asked: Asked) -> list[PersonFacts]:
    """The people of the partner's accepted version on the lot, to pick from."""
    versions = skillset_finding.versions(session(), asked.offer.appointment_id)
    return skillset_finding.people_of(session(), versions.in_force)


def _clashes(form: AnswerForm, asked: Asked) -> list[str]:
    """People of this answer whom the partner has promised elsewhere for the same days."""
    return offered_twice(session(), visitor(), asked.call_off, form.named(), asked.partner.id)


def _act(form: AnswerForm, asked: Asked) -> Any:
    reference = asked.offer.reference
    if rows := request.form.get("add"):
        if rows == "skillset":
            form.add_picked(answers.frozen_rates(session(), asked.offer)[1])
        else:
            form.add_row(rows)
        return None
    if request.form.get("total"):
        form.validate()
        return None
    try:
        if request.form.get("save"):
            typed = packed(request.form.items(multi=True))
            save_draft(session(), actor=visitor(), offer=asked.offer, typed=typed)
            return after("offer.show", reference=reference)
        if form.validate():
            # A clash is shown once before anything is sent; who sends again has seen it.
            if request.form.get("seen_clashes") != "yes" and _clashes(form, asked):
                return None
            accept_offer(session(), actor=visitor(), offer=asked.offer, answer=form.answer())
            return after("offer.show", reference=reference)
    except Refused as refusal:
        refused(form, refusal)
    return None


@door.route("/offers/<reference>/decline", methods=["GET", "POST"])
@requires(Permission.OFFER_ANSWER)
def decline(reference: str) -> Any:
    """Decline, with a reason."""
    asked = answers.asked(session(), visitor(), reference)
    if request.method == "GET" and not asked.is_open:
        return after("offer.show", reference=reference)
    form = DeclineForm()
    if form.validate_on_submit():
        try:
            decline_offer(session(), actor=visitor(), offer=asked.offer, reason=form.reason.data)
            return after("offer.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
    return page(
        "calloffs/answering/decline.html", form=form, asked=asked, status=422 if form.problems else 200
    )


def so_far(session: Session, visitor: Visitor, offer: Offer) -> Section | None:
    """On the offer's page: how far a saved answer has come, and what is missing."""
    if offer.status is not OfferStatus.OFFERED or not offer.draft or not visitor.may(Permission.OFFER_ANSWER):
        return None
    form = AnswerForm(formdata=unpacked(offer.draft))
    by_price = answers.asked(session, visitor, offer.reference).call_off.charging_method in BY_PRICE
    facts = {
        "parts": parts_of(form, by_price),
        "address": url_for("answering.form", reference=offer.reference),
    }
    return Section("answer-so-far", "Your answer so far", "calloffs/answering/_section.html", facts)


def answer_step(session: Session, visitor: Visitor, offer: Offer) -> Step | None:
    """Answer an open offer."""
    if offer.status is not OfferStatus.OFFERED or not visitor.may(Permission.OFFER_ANSWER):
        return None
    words = "Go on with your answer" if offer.draft else "Answer this offer"
    return Step(words, url_for("answering.form", reference=offer.reference), primary=True)


def decline_step(session: Session, visitor: Visitor, offer: Offer) -> Step | None:
    """Decline an open offer."""
    if offer.status is not OfferStatus.OFFERED or not visitor.may(Permission.OFFER_ANSWER):
        return None
    return Step("Decline", url_for("answering.decline", reference=offer.reference))
