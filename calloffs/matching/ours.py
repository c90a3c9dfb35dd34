"""Which waiting lines may be ours: decided in bulk when lines arrive and again each night, and kept as a code among their flags.

Nearly every line of a finance system names some purchase order of the council's own, so that one is there says nothing. A line may be
ours when it was paid to a partner of a lot, when it names a purchase order or a call-off of its own authority, when its supplier's
name is like that of a partner with a call-off of the authority's, or when something else on it waits for a person.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.extracts.finding import line as _line
from calloffs.matching import flags
from calloffs.matching.flags import Flag
from calloffs.matching.known import day_of, known
from calloffs.matching.rules import Known, Said, by_likeness, by_purchase_order, by_reference, in_narrative
from framework.records.columns import table_of
from lots.appointment import Appointment

_appointment = table_of(Appointment)
STAYS = frozenset({Flag.CHANGED, Flag.DUPLICATE_PAYMENT, Flag.OVER_VALUE})
"""Flags of a waiting line that ask a person to look, whoever was paid."""


def waiting() -> sa.ColumnElement[bool]:
    """Lines that wait and may be ours, read along the index of flagged lines: few, however many wait."""
    return sa.and_(
        _line.c.flags != sa.literal_column("''"),
        _line.c.flags.like(flags.PATTERN),
        # Written so that no index of all the lines that wait answers it: reading along that one costs as much as there are lines.
        sa.func.coalesce(_line.c.call_off_id, 0) == 0,
        _line.c.withdrawn_at.is_(None),
        _line.c.not_ours_at.is_(None),
    )


def may_be_ours(
    session: Session, rows: Sequence[Any], suppliers: Mapping[int, int | None], said: Mapping[int, set[Flag]]
) -> set[int]:
    """Ids of the unmatched lines among `rows` that may be ours; `suppliers` and `said` are their parties and flags by line."""
    partners = set(session.connection().execute(sa.select(_appointment.c.supplier_id).distinct()).scalars())
    found = set()
    for authority_id in sorted({row.authority_id for row in rows}):
        everything, alike = known(session, authority_id), dict[str, bool]()
        for row in rows:
            if row.authority_id == authority_id and (
                suppliers.get(row.id) in partners
                or said.get(row.id, set()) & STAYS
                or _speaks(row, everything, alike)
            ):
                found.add(row.id)
    return found


def _speaks(row: Any, everything: Known, alike: dict[str, bool]) -> bool:
    said = Said(
        order=row.purchase_order,
        reference=row.call_off_reference,
        narrative=row.narrative,
        supplier_number="",
        supplier_name=row.supplier_name,
        company_number="",
        day=day_of(row),
    )
    if any(True for look in (by_purchase_order, by_reference, in_narrative) for _ in look(said, everything)):
        return True
    if said.supplier_name not in alike:
        # The same few suppliers stand on most lines, and likeness does not depend on the line's day.
        alike[said.supplier_name] = any(True for _ in by_likeness(said, everything))
    return alike[said.supplier_name]
