"""Following the lines of extracts: what matching does when lines arrive, change and are taken back.

Called by importing inside its own transaction, for one chunk of lines at a time.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.extracts.finding import line
from calloffs.matching import correcting
from calloffs.matching.flagging import at_arrival
from calloffs.matching.flags import column, of
from calloffs.matching.ours import may_be_ours
from calloffs.matching.supplier_meant import suppliers_of
from framework.definitions.rules import Refusal
from framework.people.permissions import Visitor

_BLOCK = 500


def lines_arrived(session: Session, line_ids: Sequence[int]) -> None:
    """Say of new lines which supplier their numbers mean, what is to be looked at and which may be ours. Nothing is matched or posted."""
    for block in _blocks(line_ids):
        rows = _rows(session, line.c.id.in_(block))
        suppliers = suppliers_of(session, rows)
        said = {row.id: set(at_arrival(row)) if row.id in suppliers else set(of(row.flags)) for row in rows}
        ours = may_be_ours(session, rows, suppliers, said)
        changed = [
            {"b_id": row.id, "b_supplier": supplier, "b_flags": flags}
            for row in rows
            for supplier in [suppliers.get(row.id, row.supplier_id)]
            for flags in [column(said[row.id], may_be_ours=row.id in ours)]
            if (supplier, flags) != (row.supplier_id, row.flags)
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
    """Lines say something else now (`changed`: id and content before): post the differences of those that are matched.

    A difference that would pass what was accepted takes the line out of its call-off and back into the queue, flagged. Never refuses.
    """
    ids = [line_id for line_id, _ in changed]
    matched = correcting.matched(session, ids)
    lines_arrived(session, sorted(set(ids) - {one.line_id for one in matched}))
    correcting.put_right(session, actor=actor, matches=matched)


def lines_withdrawn(session: Session, *, actor: Visitor, line_ids: Sequence[int]) -> None:
    """The import of these lines was taken back: undo their matches.

    Raises `Refused` where a call-off is closed, or a line of another file rests on one of these.
    """
    correcting.take_out(session, actor=actor, matches=correcting.matched(session, line_ids))


def against_withdrawal(session: Session, import_id: int) -> list[Refusal]:
    """Why the lines of an import cannot be withdrawn now; empty when they can."""
    return correcting.against_taking_out(session, import_id)


def _rows(session: Session, where: sa.ColumnElement[bool]) -> Sequence[Any]:
    c = line.c
    query = sa.select(
        *(
            c.id,
            c.source_id,
            c.authority_id,
            c.supplier_id,
            c.supplier_name,
            c.supplier_number,
            c.company_number,
            c.purchase_order,
            c.call_off_reference,
            c.narrative,
        ),
        *(c.net_pence, c.gross_pence, c.call_off_id, c.flags, c.invoice_on, c.received_on, c.accounting_on),
    )
    return session.connection().execute(query.where(where)).all()


def _blocks(values: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(values), _BLOCK):
        yield values[start : start + _BLOCK]
