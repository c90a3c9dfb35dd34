"""What fell due and was not paid in time: the lines behind that share of the compliance notice, and everything overdue now."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from calloffs.clocks.asked_for import (
    asked_authorities,
    authority_choices,
    half_year,
    half_year_choices,
)
from calloffs.clocks.paid import call_off, fell_due, invoice, line, lines_received, own_lines, paid_in_time
from calloffs.tables.asked_rows import asked_rows
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.payments import PAYMENT_DAYS
from framework.definitions.terms import Term
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.records.columns import table_of

_authority, _partner = table_of(Party).alias("authority"), table_of(Party).alias("partner")
_GROSS = "including VAT"
_EVER = date(2000, 1, 1)


def _late(asking: Asking) -> Any:
    """Invoices not paid in full by their due day, and lines paid after theirs; without a half-year everything due before today."""
    mine, chosen = asked_authorities(asking, Permission.EXTRACT_READ), asking.filters.get("half_year")
    when = half_year(chosen) if chosen else Term(_EVER, dates.today())
    in_time = paid_in_time()
    invoices = sa.select(
        (invoice.c.id * 2).label("place"),
        invoice.c.authority_id,
        invoice.c.supplier_id,
        invoice.c.call_off_id,
        invoice.c.number.label("number"),
        sa.literal("Recorded invoice").label("source"),
        invoice.c.received_on,
        invoice.c.due_on,
        sa.type_coerce(sa.null(), sa.Date).label("paid_on"),
        invoice.c.gross_pence,
        (invoice.c.gross_pence - in_time).label("unpaid_then"),
        (invoice.c.gross_pence - invoice.c.paid_gross_pence).label("unpaid_now"),
    ).where(*fell_due(mine, when), in_time < invoice.c.gross_pence)
    due = _days_after(asking, line.c.received_on, PAYMENT_DAYS - 1)
    lines = (
        own_lines(mine)
        .with_only_columns(
            (line.c.id * 2 + 1).label("place"),
            line.c.authority_id,
            line.c.supplier_id,
            line.c.call_off_id,
            line.c.invoice_number.label("number"),
            sa.literal("Finance system line").label("source"),
            line.c.received_on,
            due.label("due_on"),
            line.c.paid_on,
            line.c.gross_pence,
            line.c.gross_pence.label("unpaid_then"),
            sa.literal(0).label("unpaid_now"),
        )
        .where(*lines_received(when), line.c.paid_on > due)
    )
    return sa.union_all(invoices, lines).subquery("late")


def _days_after(asking: Asking, day: Any, days: int) -> Any:
    # The two databases add days to a date each in its own way.
    if asking.session.get_bind().dialect.name == "sqlite":
        return sa.type_coerce(sa.func.date(day, f"+{days} days"), sa.Date)
    return sa.type_coerce(day + sa.literal(days, sa.Integer), sa.Date)


def _rows(asking: Asking) -> Iterator[Row]:
    late = _late(asking)
    query = (
        sa.select(
            late,
            call_off.c.reference,
            _authority.c.name.label("authority"),
            _partner.c.name.label("partner"),
        )
        .join(call_off, call_off.c.id == late.c.call_off_id)
        .join(_authority, _authority.c.id == late.c.authority_id)
        .outerjoin(_partner, _partner.c.id == late.c.supplier_id)
    )
    for one in asked_rows(asking, query, late.c.place):
        yield Row(
            (
                one.authority,
                one.partner or "",
                one.reference,
                one.number,
                one.source,
                one.received_on,
                one.due_on,
                one.paid_on,
                _money(one.gross_pence),
                _money(one.unpaid_then),
                _money(one.unpaid_now),
            ),
            ("call_off.show", {"reference": one.reference}),
            one.place,
        )


def _money(pence: int | None) -> Money | None:
    return None if pence is None else Money(int(pence))


def _totals(asking: Asking) -> list[Total]:
    late = _late(asking)
    sums = [
        sa.func.coalesce(sa.func.sum(late.c[one]), 0) for one in ("gross_pence", "unpaid_then", "unpaid_now")
    ]
    rows, gross, then, now = (
        asking.session.connection().execute(sa.select(sa.func.count(), *sums).select_from(late)).one()
    )
    made = {"gross": gross, "unpaid_then": then, "unpaid_now": now}
    return [Total(_GROSS, {name: Money(int(pence)) for name, pence in made.items()}, int(rows))]


TABLE = FactTable(
    key="late-payments",
    title="Invoices not paid in time",
    permission=Permission.EXTRACT_READ,
    columns=(
        Column("authority", "Authority"),
        Column("partner", "Partner"),
        Column("call_off", "Call-off", Kind.CODE),
        Column("invoice_number", "Invoice", Kind.CODE),
        Column("source", "Comes from"),
        Column("received_on", "Received", Kind.DAY),
        Column("due_on", "Due", Kind.DAY),
        Column("paid_on", "Paid (lines)", Kind.DAY),
        Column("gross", "Billed, including VAT", Kind.MONEY, _GROSS, summed=True),
        Column("unpaid_then", "Unpaid at the end of the due day", Kind.MONEY, _GROSS, summed=True),
        Column("unpaid_now", "Unpaid now", Kind.MONEY, _GROSS, summed=True),
    ),
    rows=_rows,
    totals=_totals,
    how="Invoices whose due day is over and that were not paid in full by it, and matched lines of a finance system that were paid later "
    "than 29 days after receipt. The due day of an invoice is moved by the days of its resolved disputes; one that is disputed now has "
    "not fallen due. A half-year counts by the due day.",
    filters=(
        Filter("authority", "Authority", authority_choices(Permission.EXTRACT_READ)),
        Filter(
            "half_year", "Half-year of the due day", half_year_choices, blank="Everything due before today"
        ),
    ),
)
