"""Learning supplier numbers from what people match, and forgetting them when a match is undone."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.extracts.finding import line as _line
from calloffs.matching import folding
from calloffs.matching.flags import MAY_BE_OURS, PATTERN
from calloffs.matching.spend_match import SpendMatch
from calloffs.matching.supplier_number import SupplierNumber
from framework.definitions import dates
from framework.people.permissions import Visitor
from framework.records.columns import table_of

_number = table_of(SupplierNumber)


def learn(session: Session, *, actor: Visitor, line: Any, supplier_id: int, match: SpendMatch) -> bool:
    """Remember that the line's supplier number means this party at its source, unless it is known already; True when it was learned."""
    number = folding.number(line.supplier_number)
    if not number:
        return False
    known = session.connection().execute(
        sa.select(_number.c.supplier_id).where(
            _number.c.source_id == line.source_id,
            _number.c.number == number,
            _number.c.forgotten_at.is_(None),
        )
    )
    if known.first() is not None:
        return False
    session.add(
        SupplierNumber(
            source_id=line.source_id,
            number=number,
            supplier_id=supplier_id,
            learned_at=dates.now(),
            learned_by_id=actor.person_id,
            match_id=match.id,
        )
    )
    _tell_lines(session, line, supplier_id)
    return True


def _tell_lines(session: Session, line: Any, supplier_id: int) -> None:
    """Lines that wait and have the same number were paid to the same party."""
    c = _line.c
    session.connection().execute(
        _line.update()
        .where(
            c.authority_id == line.authority_id,
            c.call_off_id.is_(None),
            c.withdrawn_at.is_(None),
            c.not_ours_at.is_(None),
            c.source_id == line.source_id,
            c.supplier_number == line.supplier_number,
            c.supplier_id.is_(None),
        )
        .values(
            supplier_id=supplier_id,
            flags=sa.case(
                (c.flags == "", f" {MAY_BE_OURS} "),
                (c.flags.like(PATTERN), c.flags),
                else_=c.flags + f"{MAY_BE_OURS} ",
            ),
        )
    )


def forget(session: Session, *, actor: Visitor, match: SpendMatch) -> int:
    """Forget what a match taught; returns how many numbers that was."""
    gone = session.connection().execute(
        _number.update()
        .where(_number.c.match_id == match.id, _number.c.forgotten_at.is_(None))
        .values(forgotten_at=dates.now(), forgotten_by_id=actor.person_id)
        .returning(_number.c.source_id, _number.c.number, _number.c.supplier_id)
    )
    found = gone.all()
    for source_id, number, supplier_id in found:
        c = _line.c
        session.connection().execute(
            _line.update()
            .where(
                c.supplier_id == supplier_id,
                c.call_off_id.is_(None),
                c.source_id == source_id,
                sa.func.upper(sa.func.replace(c.supplier_number, " ", "")) == number,
                c.company_number == "",
            )
            .values(supplier_id=None)
        )
    return len(found)
