"""When each partner last answered an offer and was last awarded work: asked from the floor below, through an open list."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from calloffs.call_off import CallOff
from calloffs.offer import Offer
from framework.definitions import dates
from lots.quiet import Heard


def heard(session: Session, appointment_ids: Sequence[int]) -> dict[int, Heard]:
    """The last answer, the last award that stands and the offers that lapsed, by place."""
    answered: dict[int, datetime] = {}
    lapsed: dict[int, int] = {}
    for number, accepted, declined in session.exec(
        select(Offer.appointment_id, func.max(Offer.accepted_at), func.max(Offer.declined_at))
        .where(col(Offer.appointment_id).in_(appointment_ids))
        .group_by(col(Offer.appointment_id))
    ):
        given = [one for one in (accepted, declined) if one is not None]
        if given:
            answered[number] = max(given)
    for number, times in session.exec(
        select(Offer.appointment_id, func.count())
        .where(
            col(Offer.appointment_id).in_(appointment_ids),
            col(Offer.accepted_at).is_(None),
            col(Offer.declined_at).is_(None),
            col(Offer.withdrawn_at).is_(None),
            col(Offer.deadline_at) < dates.now(),
        )
        .group_by(col(Offer.appointment_id))
    ):
        lapsed[number] = times
    awarded = dict(
        session.exec(
            select(CallOff.appointment_id, func.max(CallOff.awarded_at))
            .where(
                col(CallOff.appointment_id).in_(appointment_ids), col(CallOff.award_withdrawn_at).is_(None)
            )
            .group_by(col(CallOff.appointment_id))
        ).all()
    )
    return {
        number: Heard(answered.get(number), awarded.get(number), lapsed.get(number, 0))
        for number in appointment_ids
    }
