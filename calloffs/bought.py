"""Which skills have been bought: asked from the floor below, through an open list that app.py fills."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.offer import OfferedSkill


def skills_bought(session: Session, lot_ids: Collection[int]) -> dict[int, list[str]]:
    """Skills that awarded call-offs brought, by lot, each once and in no word more than the partner's own."""
    rows = session.exec(
        select(CallOff.lot_id, OfferedSkill.skill)
        .join(OfferedSkill, col(OfferedSkill.offer_id) == col(CallOff.offer_id))
        .where(
            col(CallOff.lot_id).in_(list(lot_ids)),
            col(CallOff.awarded_at).is_not(None),
            col(CallOff.award_withdrawn_at).is_(None),
        )
        .distinct()
        .order_by(col(CallOff.lot_id), col(OfferedSkill.skill))
    )
    found: dict[int, list[str]] = {}
    for lot_id, skill in rows:
        found.setdefault(lot_id, []).append(skill)
    return found
