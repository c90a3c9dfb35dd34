"""Which party the numbers on a line mean: a learned supplier number, and a registered company number."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.matching import folding
from calloffs.matching.supplier_number import SupplierNumber
from framework.people.party import Party, PartyKind
from framework.records.columns import table_of
from lots.appointment import Appointment

_number, _party, _appointment = table_of(SupplierNumber), table_of(Party), table_of(Appointment)


def suppliers_of(session: Session, rows: Sequence[Any]) -> dict[int, int]:
    """By line: the party that its numbers mean, a learned supplier number before a company number; else the partner of its name.

    The name has to be the partner's own but for its legal form. It says whom a line was paid to and never makes a match.
    """
    by_line = suppliers_by_line(session, rows)
    named = _named(session) if any(not (one or other) for one, other in by_line.values()) else {}
    found = {}
    for row in rows:
        learned, registered = by_line[row.id]
        meant = learned or registered or named.get(folding.company_name(row.supplier_name))
        if meant is not None:
            found[row.id] = meant
    return found


def named_by_line(session: Session, rows: Sequence[Any]) -> dict[int, int]:
    """By line: the partner whose own name, but for its legal form, its supplier has."""
    named = _named(session) if any(row.supplier_name for row in rows) else {}
    wanted = {row.id: named.get(folding.company_name(row.supplier_name)) for row in rows if row.supplier_name}
    return {line_id: meant for line_id, meant in wanted.items() if meant is not None}


def _named(session: Session) -> dict[str, int]:
    query = sa.select(_party.c.name, _party.c.id).where(
        _party.c.kind == PartyKind.SUPPLIER, _party.c.id.in_(sa.select(_appointment.c.supplier_id))
    )
    return {folding.company_name(name): party for name, party in session.connection().execute(query)}


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
    return dict(session.connection().execute(query).all())
