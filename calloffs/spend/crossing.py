"""What a movement of money crossed: the alert marks of a ceiling or an allocation (RULE-33)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from calloffs.call_off import CallOff


@dataclass(frozen=True, slots=True)
class Moved:
    """One scope after a posting: (committed, paid) in pence on the agreement's basis, by how much each moved, and its limit."""

    scope: str
    """The table: framework_agreement, member_authority or lot."""
    scope_id: int
    now: tuple[int, int]
    step: tuple[int, int]
    limit_pence: int


def note(session: Session, call_off: CallOff, moved: Sequence[Moved]) -> None:
    """Write down each mark that was crossed upwards or downwards, in the transaction that crossed it."""
