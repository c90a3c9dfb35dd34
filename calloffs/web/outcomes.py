"""What became of a partner's offers, with the council's words, and its one reply to the feedback at the close."""

from typing import Any

from flask import Blueprint, request, url_for
from sqlmodel import Session

from calloffs import answers
from calloffs.call_off import CallOff
from calloffs.giving_feedback import MOST, feedback_of, reply_to_feedback
from calloffs.offer import Offer
from calloffs.outcomes import Outcome, outcome_of, outcomes
from calloffs.turn import Turn
from calloffs.turns import own_turns
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor
from framework.web.fields import VisitForm, WordsField, at_most, needed
from framework.web.home import Panel, Waiting
from framework.web.sections import Section, Step
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("outcomes", __name__)

TONES = {
    Turn.WON: "live",
    Turn.NOT_AWARDED: "stopped",
    Turn.AWARD_WITHDRAWN: "stopped",
    Turn.DECLINED: "stopped",
    Turn.LAPSED: "stopped",
    Turn.TAKEN_BACK: "stopped",
    Turn.WAITING: "waiting",
    Turn.ANSWERED: "agreed",
}
_NEWEST = 5


class ReplyForm(VisitForm):
    reply = WordsField("Your reply", [needed("Enter your reply"), at_most(MOST, "Reply")])


@door.get("/offers/outcomes")
@requires(Permission.OFFER_READ)
def index() -> Any:
    """Every outcome, the newest first, and how often this partner was asked on each of its lots."""
    return page(
        "calloffs/outcomes/list.html",
        all=outcomes(session(), visitor()),
        own=own_turns(session(), visitor()),
        tones=TONES,
    )


@door.route("/offers/<reference>/reply", methods=["GET", "POST"])
@requires(Permission.OFFER_ANSWER)
def reply(reference: str) -> Any:
    """Reply, once, to the feedback at the close."""
    asked = answers.asked(session(), visitor(), reference)
    given = [one for one in feedback_of(session(), asked.offer) if one.may_be_replied_to]
    if request.method == "GET" and not given:
        return after("offer.show", reference=reference)
    form = ReplyForm()
    if form.validate_on_submit():
        try:
            reply_to_feedback(session(), actor=visitor(), offer=asked.offer, words=form.reply.data)
            return after("offer.show", reference=reference, _anchor="outcome")
        except Refused as refusal:
            refused(form, refusal)
            asked = answers.asked(session(), visitor(), reference)
    return page(
        "calloffs/outcomes/reply.html",
        form=form,
        asked=asked,
        given=given[0] if given else None,
        most=MOST,
        status=422 if form.problems else 200,
    )


# Places on other pages


def section(own: Session, who: Visitor, offer: Offer) -> Section | None:
    """On the partner's offer page: what became of it, and what the council said."""
    outcome = outcome_of(own, answers.asked(own, who, offer.reference))
    # What came to nothing is told at the head of the page already.
    if outcome is None or not (outcome.feedback or outcome.turn is Turn.WON):
        return None
    return _section(outcome)


def on_call_off(own: Session, who: Visitor, found: CallOff) -> Section | None:
    """The same on the partner's page of its call-off."""
    offer = own.get(Offer, found.offer_id) if found.offer_id else None
    if offer is None:
        return None
    try:
        return section(own, who, offer)
    except NotFound:
        return None


def _section(outcome: Outcome) -> Section:
    return Section("outcome", "Outcome", "calloffs/outcomes/_one.html", {"one": outcome, "tones": TONES})


def reply_step(own: Session, who: Visitor, offer: Offer) -> Step | None:
    """Reply to the feedback at the close, while nobody of the company has."""
    if not who.may(Permission.OFFER_ANSWER):
        return None
    if not any(one.may_be_replied_to for one in feedback_of(own, offer)):
        return None
    return Step("Reply to the feedback", url_for("outcomes.reply", reference=offer.reference))


def newest_panel(own: Session, who: Visitor) -> Panel | None:
    """Home: the newest outcomes of this partner's offers, with the first of the words."""
    if not who.may(Permission.OFFER_READ):
        return None
    found = outcomes(own, who)
    return Panel(
        "Newest outcomes",
        tuple(
            Waiting(
                f"{one.label}: {one.asked.call_off.title} for {one.asked.authority.name}",
                _said(one),
                url_for("offer.show", reference=one.asked.offer.reference, _anchor="outcome"),
                "offer",
            )
            for one in found[:_NEWEST]
        ),
        "Nothing has been decided yet. You will get an e-mail when something is.",
        url_for("outcomes.index"),
    )


def _said(one: Outcome) -> str:
    words = one.feedback[0].words if one.feedback else one.words
    first = " ".join(words.split())
    short = first if len(first) <= 120 else f"{first[:119].rstrip()}…"
    return f"{dates.in_words(one.on)}. {short}".strip()
