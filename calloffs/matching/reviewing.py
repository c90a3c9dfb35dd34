"""Looking at flags again: what is no longer true is no longer said, what has become true is."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.extracts.finding import counts
from calloffs.extracts.finding import line as _line
from calloffs.extracts.spend_line import SpendLine
from calloffs.matching.flagging import at_arrival, when_matched
from calloffs.matching.flags import Flag, column, of, says_ours
from calloffs.matching.known import candidate, known
from calloffs.matching.matching import waits
from calloffs.matching.ours import may_be_ours
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


def review_waiting(session: Session, authority_id: int, after: int = 0, most: int = _READ) -> int | None:
    """Look again which waiting lines of an authority are a partner's, and which may be ours: new call-offs, orders and partners count.

    At most `most` from above id `after`; returns where to go on, or None.
    """
    rows = (
        session.connection()
        .execute(
            sa.select(*_line.c)
            .where(_line.c.authority_id == authority_id, waits(), _line.c.id > after, counts())
            .order_by(_line.c.id)
            .limit(most)
        )
        .all()
    )
    if rows:
        _write(session, rows, {})
    return rows[-1].id if len(rows) == most else None


def review_all(writing: Callable[[], AbstractContextManager[Session]]) -> None:
    """Look again at every waiting and every flagged line, each few hundred in a transaction of their own. For the nightly job."""
    for look, which in ((review_waiting, waits()), (review_flags, _line.c.flags != "")):
        with writing() as session:
            ids = session.connection().execute(sa.select(_line.c.authority_id).where(which).distinct())
            authority_ids = sorted(ids.scalars())
        for authority_id in authority_ids:
            after: int | None = 0
            while after is not None:
                with writing() as session:
                    after = look(session, authority_id, after)


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
    suppliers = {row.id: row.supplier_id or meant.get(row.id) for row in rows}
    said = {row.id: _flags(row, meant, suppliers, overs, by_id) for row in rows}
    unmatched = [row for row in rows if row.call_off_id is None]
    ours = may_be_ours(session, unmatched, suppliers, said) if unmatched else set()
    changed = []
    for row in rows:
        flags = column(said[row.id], may_be_ours=row.id in ours)
        supplier = row.supplier_id if row.call_off_id is not None else suppliers[row.id]
        if (flags, supplier) != (row.flags, row.supplier_id):
            changed.append({"b_id": row.id, "b_flags": flags, "b_supplier": supplier})
    if changed:
        session.connection().execute(
            _line.update()
            .where(_line.c.id == sa.bindparam("b_id"))
            .values(flags=sa.bindparam("b_flags"), supplier_id=sa.bindparam("b_supplier")),
            changed,
        )


def _flags(
    row: Any,
    meant: Mapping[int, int],
    suppliers: Mapping[int, int | None],
    overs: set[int],
    by_id: dict[int, Candidate],
) -> set[Flag]:
    flags = set(of(row.flags)) & _STAYS
    target = by_id.get(row.call_off_id) if row.call_off_id is not None else None
    if target is not None:
        flags |= set(when_matched(row, target, meant.get(row.id)))
        if row.id in overs and target.invoiced > target.committed:
            flags.add(Flag.OVER_VALUE)
    elif suppliers[row.id] is not None:
        flags |= set(at_arrival(row))
        flags |= set(of(row.flags)) & {Flag.OVER_VALUE}
    return flags


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
    fresh.flags = column(set(of(fresh.flags)) - _STAYS, may_be_ours=says_ours(fresh.flags))
    session.add(fresh)
    session.flush()
