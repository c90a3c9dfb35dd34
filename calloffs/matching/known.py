"""What a line can be matched to: the awarded call-offs of its own authority, and nobody else's."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.matching.rules import Candidate, Known, Said, known_of
from calloffs.matching.supplier_meant import named_by_line, suppliers_by_line
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.party import Party
from framework.records.columns import table_of
from lots.appointment import Appointment
from lots.lot import Lot

_call_off, _appointment, _party, _lot, _agreement = (
    table_of(model) for model in (CallOff, Appointment, Party, Lot, FrameworkAgreement)
)


def known(session: Session, authority_id: int) -> Known:
    """Every awarded call-off of an authority. One statement, however many lines are then looked at."""
    c = _call_off.c
    rows = _candidates(session, c.authority_id == authority_id)
    return known_of(rows)


def candidate(session: Session, call_off: CallOff) -> Candidate:
    """One call-off as the rules need it. It must be awarded."""
    return next(iter(_candidates(session, _call_off.c.id == call_off.id)))


def _candidates(session: Session, where: sa.ColumnElement[bool]) -> Iterable[Candidate]:
    c = _call_off.c
    query = (
        sa.select(
            *(c.id, c.reference, c.title, c.purchase_order, c.agreement_id, c.lot_id, c.signed_at),
            *(c.starts_on, c.ends_on, c.terminated_on, c.closed_at),
            *(c.committed_pence, c.invoiced_pence, c.paid_pence),
            _agreement.c.basis,
            _lot.c.reference.label("lot"),
            _appointment.c.supplier_id,
            _party.c.name.label("partner"),
        )
        .join(_appointment, _appointment.c.id == c.appointment_id)
        .join(_party, _party.c.id == _appointment.c.supplier_id)
        .join(_lot, _lot.c.id == c.lot_id)
        .join(_agreement, _agreement.c.id == c.agreement_id)
        .where(where, c.awarded_at.is_not(None), c.award_withdrawn_at.is_(None), c.cancelled_at.is_(None))
        .order_by(c.id)
    )
    for row in session.connection().execute(query):
        yield Candidate(
            call_off_id=row.id,
            reference=row.reference,
            title=row.title,
            order=row.purchase_order,
            agreement_id=row.agreement_id,
            basis=row.basis,
            lot_id=row.lot_id,
            lot=row.lot,
            supplier_id=row.supplier_id,
            partner=row.partner,
            signed_on=dates.as_london(row.signed_at).date() if row.signed_at else None,
            starts_on=row.starts_on,
            last_day=row.terminated_on or row.ends_on,
            closed_on=dates.as_london(row.closed_at).date() if row.closed_at else None,
            committed=Money(row.committed_pence),
            invoiced=Money(row.invoiced_pence),
            paid=Money(row.paid_pence),
        )


def said_by(session: Session, rows: Sequence[Any]) -> dict[int, Said]:
    """By line: what it says that the rules go by. Three statements at most, however many lines."""
    numbers, named = suppliers_by_line(session, rows), named_by_line(session, rows)
    return {
        row.id: Said(
            order=row.purchase_order,
            reference=row.call_off_reference,
            narrative=row.narrative,
            supplier_number=row.supplier_number,
            supplier_name=row.supplier_name,
            company_number=row.company_number,
            day=day_of(row),
            learned=numbers[row.id][0],
            registered=numbers[row.id][1],
            named=named.get(row.id),
        )
        for row in rows
    }


def day_of(row: Any) -> Any:
    """The day by which a line is held against terms: the invoice's, else of receipt, else of payment."""
    return row.invoice_on or row.received_on or row.accounting_on
