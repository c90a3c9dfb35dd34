"""Offers that lapsed: their partner is told, once, when the time to answer has ended."""

from datetime import timedelta

from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.offer import Offer
from calloffs.telling import tell_partner
from framework.definitions import dates

_LATE = timedelta(days=7)
"""What lapsed longer ago, while nothing ran, is not told any more; its page says it."""


def tell_lapsed(session: Session) -> int:
    """Queue a message to each partner whose offer lapsed in the last seven days; how many offers. Running twice is safe."""
    now = dates.now()
    found = session.exec(
        select(Offer, CallOff)
        .join(CallOff, col(CallOff.id) == col(Offer.call_off_id))
        .where(
            col(Offer.deadline_at) < now,
            col(Offer.deadline_at) >= now - _LATE,
            col(Offer.accepted_at).is_(None),
            col(Offer.declined_at).is_(None),
            col(Offer.withdrawn_at).is_(None),
        )
        .order_by(col(Offer.id))
    ).all()
    for offer, call_off in found:
        tell_partner(
            session,
            offer,
            why="offer-lapsed",
            subject=f"Offer lapsed: {call_off.reference}",
            lines=[
                f"Nobody answered the offer of {call_off.title} by {dates.moment_in_words(offer.deadline_at)}, London time, so it "
                "has lapsed.",
                "The council can ask you again. Sign in to see whom to ask:",
            ],
        )
    return len(found)
