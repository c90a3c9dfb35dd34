"""Looking at flags again: what is no longer true is no longer said, what has become true is."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.extracts.finding import counts
from calloffs.extracts.finding import line as _line
from calloffs.extracts.spend_line import SpendLine
from calloffs.matching.flagging import at_arrival, when_matched
from calloffs.matching.flags import Flag, column, of
from calloffs.matching.known import candidate, known
from calloffs.matching.rules import Candidate
from calloffs.matching.spend_match import SpendMatch
from calloffs.matching.supplier_meant import suppliers_of
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission, Visitor, permitted
from framework.records.columns import table_of

_match = table_of(SpendMatch)
_READ = 500
_STAYS = {Flag.CHANGED, Flag.DUPLICATE_PAYMENT}
"""What only a person, or the undoing of a match, takes away."""


def review_flags(session: Session, authority_id: int, after: int = 0, most: int = _READ) -> int | None:
    """Look again at the flagged lines of an authority, at most `most` from above id `after`; returns where to go on, or None."""
    query = (
        sa.select(*_line.c)
        .where(_line.c.authority_id == authority_id, _line.c.flags != "", _line.c.id > after, counts())
        .order_by(_line.c.id)
        .limit(most)
    )
    rows = session.connection().execute(query).all()
    if rows:
        by_id = {one.call_off_id: one for one in known(session, authority_id).candidates}
        _write(session, rows, by_id)
    return rows[-1].id if len(rows) == most else None


def review_all(writing: Callable[[], AbstractContextManager[Session]]) -> None:
    """Look again at every flagged line of every authority, each few hundred in a transaction of their own. For the nightly job."""
    with writing() as session:
        ids = session.connection().execute(
            sa.select(_line.c.authority_id).where(_line.c.flags != "").distinct()
        )
        authority_ids = sorted(ids.scalars())
    for authority_id in authority_ids:
        after: int | None = 0
        while after is not None:
            with writing() as session:
                after = review_flags(session, authority_id, after)


def review_call_off(session: Session, call_off: CallOff) -> None:
    """Look again at the lines matched to a call-off, once its purchase order, value or dates changed."""
    if call_off.awarded_at is None:
        return
    session.flush()
    rows = session.connection().execute(
        sa.select(*_line.c).where(_line.c.call_off_id == call_off.id, counts()).order_by(_line.c.id)
    )
    found = rows.all()
    if found:
        _write(session, found, {call_off.id: candidate(session, call_off)})


def _write(session: Session, rows: Sequence[Any], by_id: dict[int, Candidate]) -> None:
    meant = suppliers_of(session, rows)
    overs = _overs(session, [row.id for row in rows if row.call_off_id is not None])
    changed = []
    for row in rows:
        flags = set(of(row.flags)) & _STAYS
        target = by_id.get(row.call_off_id) if row.call_off_id is not None else None
        if target is not None:
            flags |= set(when_matched(row, target, meant.get(row.id)))
            if row.id in overs and target.invoiced > target.committed:
                flags.add(Flag.OVER_VALUE)
        elif row.supplier_id is not None:
            flags |= set(at_arrival(row))
            flags |= set(of(row.flags)) & {Flag.OVER_VALUE}
        if column(flags) != row.flags:
            changed.append({"b_id": row.id, "b_flags": column(flags)})
    if changed:
        session.connection().execute(
            _line.update().where(_line.c.id == sa.bindparam("b_id")).values(flags=sa.bindparam("b_flags")),
            changed,
        )


def _overs(session: Session, line_ids: list[int]) -> set[int]:
    found: set[int] = set()
    for start in range(0, len(line_ids), _READ):
        query = sa.select(_match.c.line_id).where(
            _match.c.line_id.in_(line_ids[start : start + _READ]),
            _match.c.undone_at.is_(None),
            _match.c.over_pence > 0,
        )
        found |= set(session.connection().execute(query).scalars())
    return found


def seen(session: Session, *, actor: Visitor, line: SpendLine) -> None:
    """Somebody looked at what a later file changed, or at what was perhaps paid twice: that is said no longer. Raises `NotFound`."""
    permitted(actor, Permission.INVOICE_RECORD, line.authority_id)
    fresh = session.exec(
        select(SpendLine).where(SpendLine.id == line.id).execution_options(populate_existing=True)
    ).one_or_none()
    if fresh is None:
        raise NotFound
    fresh.flags = column(set(of(fresh.flags)) - _STAYS)
    session.add(fresh)
    session.flush()
