"""Which invoices came already with lines of an extract, so that nothing is counted twice."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.extracts.finding import line as _line
from calloffs.matching.spend_match import SpendMatch
from framework.records.columns import table_of
from lots.appointment import Appointment

_match, _call_off, _appointment = (table_of(model) for model in (SpendMatch, CallOff, Appointment))


def billed_by_lines(
    session: Session, supplier_ids: Iterable[int], numbers: Iterable[str]
) -> set[tuple[int, str]]:
    """Partners and invoice numbers (in capitals) that matched lines have invoiced."""
    wanted, partners = set(numbers), set(supplier_ids)
    if not wanted or not partners:
        return set()
    number = sa.func.upper(_line.c.invoice_number)
    query = (
        sa.select(_appointment.c.supplier_id, number)
        .select_from(
            _match.join(_call_off, _call_off.c.id == _match.c.call_off_id)
            .join(_appointment, _appointment.c.id == _call_off.c.appointment_id)
            .join(_line, _line.c.id == _match.c.line_id)
        )
        .where(
            _appointment.c.supplier_id.in_(partners),
            _match.c.undone_at.is_(None),
            _match.c.invoiced_pence != 0,
            _line.c.invoice_number != "",
            number.in_(wanted),
        )
        .distinct()
    )
    return {(supplier, one) for supplier, one in session.connection().execute(query)}


def numbers_of_lines(session: Session, call_off_id: int) -> list[tuple[str, date, int]]:
    """Invoices that matched lines have invoiced on a call-off: number, the day it counts for, pence net of VAT over all its lines."""
    day = sa.func.coalesce(_line.c.invoice_on, _line.c.accounting_on, type_=sa.Date)
    query = (
        sa.select(_line.c.invoice_number, day, sa.func.sum(_match.c.invoiced_net_pence))
        .select_from(_match.join(_line, _line.c.id == _match.c.line_id))
        .where(
            _match.c.call_off_id == call_off_id,
            _match.c.undone_at.is_(None),
            _match.c.invoiced_net_pence != 0,
            _line.c.invoice_number != "",
        )
        .group_by(_line.c.invoice_number, day)
        .order_by(day, _line.c.invoice_number)
    )
    return [(number, dated_on, int(net)) for number, dated_on, net in session.connection().execute(query)]
