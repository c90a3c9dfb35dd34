"""What a movement of money crossed: the alert marks of a ceiling, an allocation or a call-off's own value (RULE-33)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.spend import alerting
from calloffs.spend.ceiling_alert import Measure
from framework.definitions.money import Money, part_in_bp

MARKS = (50, 75, 90, 100)
"""Per cent of a limit; standing exactly at a mark has reached it."""
OVER_ITS_VALUE = 100


@dataclass(frozen=True, slots=True)
class Moved:
    """One scope after a posting: (committed, paid) in pence on the agreement's basis, by how much each moved, and its limit."""

    scope: str
    """The table: framework_agreement, member_authority, lot, or call_off, whose limit is what is committed to it."""
    scope_id: int
    now: tuple[int, int]
    step: tuple[int, int]
    limit_pence: int


def note(session: Session, call_off: CallOff, moved: Sequence[Moved]) -> None:
    """Write down each mark that was crossed upwards, and tell its owners, in the transaction that crossed it.

    Costs no statement when nothing was crossed. What stood before is compared with the limit as it is now, so that a limit that was
    raised counts from its new marks. Falling below needs no note: reaching the mark again is the next crossing.
    """
    for one in moved:
        for measure, stood, marks in crossed(one):
            alerting.alert(
                session,
                call_off,
                alerting.Reached(one.scope, one.scope_id, measure, stood, one.limit_pence),
                marks,
            )


def crossed(moved: Moved) -> Iterator[tuple[Measure, int, list[int]]]:
    """The measures that crossed marks upwards: each with where it stands now in pence and the marks, the lowest first."""
    if moved.scope == CallOff.__tablename__:
        # Paid past what is committed to it: more may be paid, or less be committed, and either crosses.
        (committed, paid), (committed_step, paid_step) = moved.now, moved.step
        if paid > committed and paid - paid_step <= committed - committed_step:
            yield Measure.PAID, paid, [OVER_ITS_VALUE]
        return
    for measure, now, step in zip(Measure, moved.now, moved.step, strict=True):
        if step > 0:
            before, after = (part_in_bp(Money(one), Money(moved.limit_pence)) for one in (now - step, now))
            if before is None or after is None:
                continue
            if marks := [mark for mark in MARKS if before < mark * 100 <= after]:
                yield measure, now, marks
