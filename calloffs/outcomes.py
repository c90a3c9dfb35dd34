"""Outcomes: what became of each offer made to the visitor's company, in the council's words, and how the work went."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlmodel import Session, col, select

from calloffs import answers
from calloffs.answers import Asked
from calloffs.closing import Rating
from calloffs.feedback import Feedback
from calloffs.offer import Offer
from calloffs.turn import Turn, turn_of
from framework.definitions import dates
from framework.people.permissions import Visitor


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the partner of an offer may know of its end: its own answer and words, and words written for it. Never an approval,
    what is left of a ceiling, the council's own reasons or another partner."""

    asked: Asked
    turn: Turn
    on: datetime
    """When it was decided; for a closed call-off, when it was closed."""
    words: str
    """The council's words for the partner, or the partner's own where it declined; may be empty."""
    feedback: tuple[Feedback, ...] = ()

    @property
    def label(self) -> str:
        return "Closed" if self.is_closed else self.turn.label

    @property
    def is_closed(self) -> bool:
        return self.turn is Turn.WON and self.asked.call_off.closed_at is not None

    @property
    def rating(self) -> str:
        """How the council says that the work went; empty until it is closed."""
        rating = self.asked.call_off.outcome_rating
        return Rating(rating).label if self.is_closed and rating in set(Rating) else ""


def outcome_of(session: Session, asked: Asked) -> Outcome | None:
    """The outcome of one offer that the caller has found through the visitor; None while it is open or undecided."""
    return _outcome(asked, feedback_on(session, [asked.offer]).get(asked.offer.id, ()))


def outcomes(session: Session, visitor: Visitor) -> list[Outcome]:
    """Every outcome of the visitor's company among its newest offers, the newest outcome first."""
    all_asked = answers.all_asked(session, visitor)
    given = feedback_on(session, [one.offer for one in all_asked])
    found = [one for asked in all_asked if (one := _outcome(asked, given.get(asked.offer.id, ())))]
    return sorted(found, key=attrgetter("on"), reverse=True)


def feedback_on(session: Session, offers: list[Offer]) -> dict[int, tuple[Feedback, ...]]:
    """Feedback by offer, the newest first, in one statement. The caller has found the offers through the visitor."""
    found: dict[int, tuple[Feedback, ...]] = {}
    query = select(Feedback).where(col(Feedback.offer_id).in_([one.id for one in offers]))
    for one in session.exec(query.order_by(col(Feedback.id).desc())):
        found[one.offer_id] = (*found.get(one.offer_id, ()), one)
    return found


def _outcome(asked: Asked, feedback: tuple[Feedback, ...]) -> Outcome | None:
    turn = turn_of(asked.offer, asked.call_off)
    if not turn.is_outcome:
        return None
    return Outcome(asked, turn, _when(asked, turn), _words(asked, turn), feedback)


def _when(asked: Asked, turn: Turn) -> datetime:
    offer, call_off = asked.offer, asked.call_off
    found = {
        Turn.WON: call_off.closed_at or call_off.awarded_at,
        Turn.NOT_AWARDED: offer.withdrawn_at,
        Turn.AWARD_WITHDRAWN: call_off.award_withdrawn_at,
        Turn.DECLINED: offer.declined_at,
        Turn.TAKEN_BACK: offer.withdrawn_at,
    }.get(turn)
    if found is None and turn is Turn.NOT_AWARDED and call_off.approval_valid_until:
        found = dates.end_of(call_off.approval_valid_until)
    return found or offer.deadline_at


def _words(asked: Asked, turn: Turn) -> str:
    offer = asked.offer
    if turn is Turn.DECLINED:
        return offer.decline_reason
    if turn is Turn.LAPSED:
        return f"No answer came by {dates.moment_in_words(offer.deadline_at)}, London time."
    if turn is Turn.NOT_AWARDED and not offer.withdrawn_at:
        return "The council did not award in time, so this answer came to nothing."
    return offer.withdraw_reason
