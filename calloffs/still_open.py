"""What the top floor still holds open under an agreement: asked before the agreement is closed."""

from sqlmodel import Session, col, func, select

from calloffs.call_off import CallOff
from framework.agreement import FrameworkAgreement
from framework.definitions.rules import Refusal


def open_call_offs(session: Session, agreement: FrameworkAgreement) -> list[Refusal]:
    """Call-offs that were awarded and are not closed: an agreement is closed after its last call-off."""
    found = session.exec(
        select(func.count(), func.min(CallOff.reference)).where(
            CallOff.agreement_id == agreement.id,
            col(CallOff.awarded_at).is_not(None),
            col(CallOff.closed_at).is_(None),
            col(CallOff.award_withdrawn_at).is_(None),
        )
    ).one()
    number, first = int(found[0]), found[1]
    if not number:
        return []
    told = (
        f"{first} is not closed yet"
        if number == 1
        else f"{number:,} call-offs are not closed yet, {first} among them"
    )
    return [Refusal(told)]
