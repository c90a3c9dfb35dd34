"""What a partner's leaving would touch: asked from the floor below, through an open list that app.py fills."""

from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from lots.withdrawing import Touched


def touched(session: Session, appointment_id: int) -> list[Touched]:
    """Call-offs awarded to the partner on its lot that are neither closed nor withdrawn, by reference."""
    rows = session.exec(
        select(CallOff)
        .where(
            CallOff.appointment_id == appointment_id,
            col(CallOff.closed_at).is_(None),
            col(CallOff.cancelled_at).is_(None),
            col(CallOff.award_withdrawn_at).is_(None),
        )
        .order_by(col(CallOff.reference))
    )
    return [Touched(one.reference, one.title, one.status.label) for one in rows]
