"""Which party the numbers on a line mean: a learned supplier number, and a registered company number."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.matching import folding
from calloffs.matching.supplier_number import SupplierNumber
from framework.people.party import Party, PartyKind
from framework.records.columns import table_of

_number, _party = table_of(SupplierNumber), table_of(Party)


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
