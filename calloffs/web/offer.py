"""A partner's own offers: the list, and the page of one."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs import answers, finding
from calloffs.offer import OfferStatus
from calloffs.web import call_off
from framework.definitions import dates
from framework.people.permissions import Permission, Visitor
from framework.web.home import Panel, Waiting
from framework.web.sections import sections_of, steps_of
from framework.web.visit import page, requires, session, visitor

door = Blueprint("offer", __name__)

# A call-off's tones, and those of the statuses that only an offer has.
TONES = {**call_off.TONES, "declined": "stopped", "lapsed": "stopped", "withdrawn": "stopped"}


@door.get("/offers/")
@requires(Permission.OFFER_READ)
def index() -> Any:
    """Everything offered to this partner, the newest first, with what became of it."""
    return page("calloffs/offer/list.html", all=answers.all_asked(session(), visitor()), tones=TONES)


@door.get("/offers/<reference>")
@requires(Permission.OFFER_READ)
def show(reference: str) -> Any:
    """One offer: the brief, the terms, the deadline, whom to ask, this partner's own frozen rates and its answer."""
    asked = answers.asked(session(), visitor(), reference)
    given = answers.given(session(), asked.offer)
    return page(
        "calloffs/offer/page.html",
        asked=asked,
        given=given,
        tone=TONES[asked.status.value],
        answered=asked.offer.status is OfferStatus.ACCEPTED,
        answered_it=asked.offer.accepted_at is not None,
        options=finding.options(session(), asked.call_off),
        sections=sections_of("offer", session(), visitor(), asked.offer),
        steps=steps_of("offer", session(), visitor(), asked.offer),
    )


def to_answer(session: Session, visitor: Visitor) -> Panel | None:
    """Home: offers that wait for this partner."""
    if not visitor.may(Permission.OFFER_ANSWER):
        return None
    waiting = tuple(
        Waiting(
            title=f"{one.call_off.title} for {one.authority.name}",
            detail=f"Answer by {dates.moment_in_words(one.offer.deadline_at)} ({one.days_left})",
            address=url_for("offer.show", reference=one.offer.reference),
            kind="offer",
        )
        for one in answers.to_answer(session, visitor)
    )
    return Panel(
        "Offers to answer",
        waiting,
        empty="No offer waits for your answer. You will get an e-mail when one does.",
        more=url_for("offer.index"),
    )
