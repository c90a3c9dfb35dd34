"""Following the lines of extracts: what matching does when lines arrive, change and are taken back.

Called by importing inside its own transaction, for one chunk of lines at a time.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.extracts.finding import line
from calloffs.matching import folding
from calloffs.matching.flagging import at_arrival
from calloffs.matching.flags import column
from calloffs.matching.supplier_number import SupplierNumber
from framework.people.party import Party, PartyKind
from framework.people.permissions import Visitor
from framework.records.columns import table_of

_number, _party = table_of(SupplierNumber), table_of(Party)
_BLOCK = 500


def lines_arrived(session: Session, line_ids: Sequence[int]) -> None:
    """Say of new lines which supplier their numbers mean, and what is to be looked at. No match is made and nothing posted."""
    for block in _blocks(line_ids):
        rows = _rows(session, line.c.id.in_(block))
        suppliers = suppliers_of(session, rows)
        changed = [
            {"b_id": row.id, "b_supplier": suppliers[row.id], "b_flags": column(at_arrival(row))}
            for row in rows
            if suppliers.get(row.id) is not None
        ]
        if changed:
            session.connection().execute(
                line.update()
                .where(line.c.id == sa.bindparam("b_id"))
                .values(supplier_id=sa.bindparam("b_supplier"), flags=sa.bindparam("b_flags")),
                changed,
            )


def content_changed(
    session: Session, *, actor: Visitor, changed: Sequence[tuple[int, Mapping[str, Any]]]
) -> None:
    """Lines say something else now (`changed`: id and content before): post the differences of those that are matched."""
    lines_arrived(session, [line_id for line_id, _ in changed])


def lines_withdrawn(session: Session, *, actor: Visitor, line_ids: Sequence[int]) -> None:
    """The import of these lines was taken back: undo their matches."""


def suppliers_of(session: Session, rows: Sequence[Any]) -> dict[int, int]:
    """By line: the party that its numbers mean; a learned supplier number goes before a company number."""
    by_line = suppliers_by_line(session, rows)
    return {
        line_id: meant
        for line_id, (learned, registered) in by_line.items()
        if (meant := learned or registered) is not None
    }


def suppliers_by_line(session: Session, rows: Sequence[Any]) -> dict[int, tuple[int | None, int | None]]:
    """By line: the party that its supplier number was learned to mean for its source, and the one with its company number."""
    learned = _learned(session, {row.source_id for row in rows if row.supplier_number})
    wanted = {row.id: folding.company_number(row.company_number) for row in rows if row.company_number}
    registered = _registered(session, {one for one in wanted.values() if one})
    return {
        row.id: (
            learned.get((row.source_id, folding.number(row.supplier_number))),
            registered.get(wanted.get(row.id, "")),
        )
        for row in rows
    }


def _rows(session: Session, where: sa.ColumnElement[bool]) -> Sequence[Any]:
    c = line.c
    query = sa.select(
        *(c.id, c.source_id, c.supplier_number, c.company_number, c.purchase_order, c.call_off_reference),
        *(c.net_pence, c.gross_pence, c.call_off_id, c.flags),
    )
    return session.connection().execute(query.where(where)).all()


def _learned(session: Session, source_ids: set[int]) -> dict[tuple[int, str], int]:
    if not source_ids:
        return {}
    query = sa.select(_number.c.source_id, _number.c.number, _number.c.supplier_id).where(
        _number.c.source_id.in_(source_ids), _number.c.forgotten_at.is_(None)
    )
    return {(source, number): supplier for source, number, supplier in session.connection().execute(query)}


def _registered(session: Session, numbers: set[str]) -> dict[str, int]:
    if not numbers:
        return {}
    query = sa.select(_party.c.company_number, _party.c.id).where(
        _party.c.kind == PartyKind.SUPPLIER, _party.c.company_number.in_(numbers)
    )
    return dict(session.connection().execute(query))


def _blocks(values: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(values), _BLOCK):
        yield values[start : start + _BLOCK]
