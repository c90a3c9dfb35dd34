"""Questions about an offer: the partner asks, the council answers, and both read them where the offer is."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs import answers, asking
from calloffs.asking import MOST_ANSWER, MOST_WORDS, answer_question, ask_question, questions_of, questions_on
from calloffs.call_off import CallOff
from calloffs.offer import Offer, OfferStatus
from framework.definitions import dates
from framework.definitions.rules import Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.web.fields import VisitForm, WordsField, at_most, needed
from framework.web.home import Panel, Waiting
from framework.web.sections import Section
from framework.web.visit import after, page, refused, requires, session, visitor
from framework.web.words import count

door = Blueprint("asking", __name__)


class QuestionForm(VisitForm):
    question = WordsField("Your question", [needed("Enter your question"), at_most(MOST_WORDS, "Question")])


class AnswerForm(VisitForm):
    answer = WordsField("Your answer", [needed("Enter the answer"), at_most(MOST_ANSWER, "Answer")])


@door.route("/offers/<reference>/questions", methods=["GET", "POST"])
@requires(Permission.OFFER_ANSWER)
def form(reference: str) -> Any:
    """Ask about an open offer."""
    asked = answers.asked(session(), visitor(), reference)
    form = QuestionForm()
    if form.validate_on_submit():
        try:
            ask_question(session(), actor=visitor(), offer=asked.offer, words=form.question.data)
            return after("offer.show", reference=reference, _anchor="questions")
        except Refused as refusal:
            refused(form, refusal)
            asked = answers.asked(session(), visitor(), reference)
    elif not form.is_submitted() and not asked.is_open:
        return after("offer.show", reference=reference, _anchor="questions")
    return page(
        "calloffs/asking/form.html",
        form=form,
        asked=asked,
        most=MOST_WORDS,
        status=422 if form.problems else 200,
    )


@door.route("/call-offs/<reference>/questions/<int(max=2147483647):number>", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def answer(reference: str, number: int) -> Any:
    """Answer a partner's question."""
    found = asking.question(session(), visitor(), reference, number)
    permitted(visitor(), Permission.CALL_OFF_RAISE, found.call_off.authority_id)
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            answer_question(session(), actor=visitor(), question=found.question, answer=form.answer.data)
            return after("call_off.show", reference=reference, _anchor="questions")
        except Refused as refusal:
            refused(form, refusal)
            found = asking.question(session(), visitor(), reference, number)
    elif not form.is_submitted() and not found.may_be_answered:
        return after("call_off.show", reference=reference, _anchor="questions")
    return page(
        "calloffs/asking/answer.html",
        form=form,
        found=found,
        most=MOST_ANSWER,
        status=422 if form.problems else 200,
    )


# Places on other pages


def section(own: Session, who: Visitor, offer: Offer) -> Section | None:
    """On the partner's offer page: what was asked and answered, and a place to ask while the offer is open."""
    found = questions_on(own, offer)
    may_ask = offer.status is OfferStatus.OFFERED and who.may(Permission.OFFER_ANSWER)
    if not found and not may_ask:
        return None
    return Section(
        "questions",
        "Questions",
        "calloffs/asking/_section.html",
        {
            "questions": found,
            "form": QuestionForm(formdata=None) if may_ask else None,
            "offer": offer,
            "asked": answers.asked(own, who, offer.reference),
            "most": MOST_WORDS,
        },
    )


def on_call_off(own: Session, who: Visitor, found: CallOff) -> Section | None:
    """On a call-off's page: every question with its answer, and a way to those that wait."""
    questions = questions_of(own, found)
    if not questions:
        return None
    may_answer = who.may(Permission.CALL_OFF_RAISE, found.authority_id)
    return Section(
        "questions",
        "Questions from partners",
        "calloffs/asking/_of_call_off.html",
        {"questions": questions, "may_answer": may_answer, "reference": found.reference},
    )


def to_answer_panel(own: Session, who: Visitor) -> Panel | None:
    """Home: partners' questions that wait for this officer."""
    if not who.may(Permission.CALL_OFF_RAISE):
        return None
    found = asking.to_answer(own, who)
    return Panel(
        "Questions to answer",
        tuple(
            Waiting(
                f"{one.partner.name} asks about {one.call_off.title}",
                f"Waiting {_since(one.question.days_waiting)}. The offer is open until {dates.moment_in_words(one.offer.deadline_at)}"
                if one.offer.status is OfferStatus.OFFERED
                else f"Waiting {_since(one.question.days_waiting)}. The offer is {one.offer.status.label.lower()}",
                url_for("asking.answer", reference=one.call_off.reference, number=one.question.id),
                "offer",
            )
            for one in found
        ),
        "No partner waits for an answer to a question.",
    )


def _since(days: int) -> str:
    return count(days, "day") if days else "since today"
