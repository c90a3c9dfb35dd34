"""What was paid and when, in one shape: payments of invoices recorded here, and matched spend lines that are none of those.

A line whose match names a recorded invoice or its payment is not counted a second time. Credits and refunds are left out. Amounts
are signed pence including VAT; None where a line does not give them.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from calloffs.call_off import CallOff
from calloffs.extracts.finding import counts, line
from calloffs.matching.spend_match import SpendMatch
from calloffs.spend.invoice import Invoice, Payment
from framework.definitions import dates
from framework.definitions.payments import PAYMENT_DAYS
from framework.definitions.terms import Term
from framework.records.columns import table_of

invoice, payment = table_of(Invoice), table_of(Payment)
match, call_off = table_of(SpendMatch), table_of(CallOff)

_NOT_BELOW = sa.func.coalesce(line.c.gross_pence, line.c.net_pence) > 0


def own_lines(authority_ids: list[int]) -> sa.Select[Any]:
    """Matched lines of some authorities that stand for an invoice of their own: ids and days, credits among them."""
    return (
        sa.select(line.c.id)
        .join(match, sa.and_(match.c.line_id == line.c.id, match.c.undone_at.is_(None)))
        .where(
            line.c.authority_id.in_(authority_ids),
            line.c.call_off_id.is_not(None),
            match.c.payment_id.is_(None),
            match.c.invoice_id.is_(None),
            counts(),
        )
    )


def made_and_standing(within: Iterable[sa.ColumnElement[bool]] = ()) -> sa.Select[Any]:
    """Payments and refunds that were not taken back: undoing one leaves its reverse on the same invoice and day, and both go.

    Columns: payment_id, invoice_id, paid_on, gross_pence, net_pence. Two payments of one day that both stand stay two.
    """
    gross, same = payment.c.gross_pence, (payment.c.invoice_id, payment.c.paid_on)
    sign = sa.case((gross > 0, 1), else_=-1)
    ranked = (
        sa.select(
            payment.c.id.label("payment_id"),
            *same,
            gross,
            payment.c.net_pence,
            sign.label("sign"),
            # The newest of equal ones stands: the older were taken back before it was made anew.
            sa.func.row_number().over(partition_by=[*same, gross], order_by=payment.c.id.desc()).label("nth"),
            sa.func.sum(sign).over(partition_by=[*same, sa.func.abs(gross)]).label("more"),
        )
        .where(*within)
        .subquery("ranked")
    )
    names = ("payment_id", "invoice_id", "paid_on", "gross_pence", "net_pence")
    return sa.select(*(ranked.c[name] for name in names)).where(ranked.c.nth <= ranked.c.more * ranked.c.sign)


def paid(authority_ids: list[int], when: Term | None = None) -> sa.CompoundSelect[Any]:
    """Every payment of some authorities, made within a term where one is given and not taken back.

    Columns: place (unique, the newer the higher), authority_id, supplier_id (None where a line names nobody known), call_off_id,
    number, received_on (None where a line does not say), paid_on, gross_pence, net_pence, invoice_id and line_id.
    """
    within = [
        payment.c.invoice_id.in_(sa.select(invoice.c.id).where(invoice.c.authority_id.in_(authority_ids)))
    ]
    if when is not None:
        within.append(payment.c.paid_on.between(when.first, when.last))
    made = made_and_standing(within).subquery("made")
    of_invoices = (
        sa.select(
            (made.c.payment_id * 2).label("place"),
            invoice.c.authority_id,
            invoice.c.supplier_id,
            invoice.c.call_off_id,
            invoice.c.number.label("number"),
            invoice.c.received_on,
            made.c.paid_on,
            made.c.gross_pence,
            made.c.net_pence,
            invoice.c.id.label("invoice_id"),
            sa.null().label("line_id"),
        )
        .join(invoice, invoice.c.id == made.c.invoice_id)
        .where(made.c.gross_pence > 0)
    )
    of_lines = (
        own_lines(authority_ids)
        .with_only_columns(
            (line.c.id * 2 + 1).label("place"),
            line.c.authority_id,
            line.c.supplier_id,
            line.c.call_off_id,
            line.c.invoice_number.label("number"),
            line.c.received_on,
            line.c.paid_on,
            line.c.gross_pence,
            line.c.net_pence,
            sa.null().label("invoice_id"),
            line.c.id.label("line_id"),
        )
        .where(line.c.paid_on.is_not(None), _NOT_BELOW)
    )
    if when is not None:
        # The accounting day of a paid line is the day it was paid: there is an index by it.
        of_lines = of_lines.where(
            line.c.accounting_on.between(when.first, when.last), line.c.paid_on.between(when.first, when.last)
        )
    return sa.union_all(of_invoices, of_lines)


def paid_in_time() -> sa.ScalarSelect[Any]:
    """Of an invoice in the statement around: what was paid on it, including VAT, by the end of its due day."""
    return (
        sa.select(sa.func.coalesce(sa.func.sum(payment.c.gross_pence), 0))
        .where(payment.c.invoice_id == invoice.c.id, payment.c.paid_on <= invoice.c.due_on)
        .correlate(invoice)
        .scalar_subquery()
    )


def fell_due(authority_ids: list[int], when: Term) -> list[sa.ColumnElement[bool]]:
    """Invoices whose due day is over and lies within a term: not credit notes, and none that is disputed now."""
    return [
        invoice.c.authority_id.in_(authority_ids),
        invoice.c.due_on.between(when.first, _over(when.last)),
        invoice.c.gross_pence > 0,
        invoice.c.disputed_on.is_(None),
    ]


def lines_received(when: Term) -> list[sa.ColumnElement[bool]]:
    """Paid lines whose due day is over and lies within a term: 29 days after the file says that they were received."""
    before = timedelta(days=PAYMENT_DAYS - 1)
    return [
        line.c.received_on.between(when.first - before, _over(when.last) - before),
        line.c.paid_on.is_not(None),
        _NOT_BELOW,
    ]


def _over(last: date) -> date:
    # What is due today or later may still be paid in time.
    return min(last, dates.today() - timedelta(days=1))
