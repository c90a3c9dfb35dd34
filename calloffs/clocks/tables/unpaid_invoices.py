"""Unpaid invoices with the day of their clock: warned of from day 20, red from day 30 (RULE-43)."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from calloffs.clocks.asked_for import asked_authorities, authority_choices
from calloffs.clocks.paid import call_off, invoice
from calloffs.tables.asked_rows import asked_rows
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.payments import ClockTone, clock_day, clock_tone
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.records.columns import table_of

_authority, _partner = table_of(Party).alias("authority"), table_of(Party).alias("partner")
_GROSS = "including VAT"
_SAID = {ClockTone.RUNNING: "Running", ClockTone.WARN: "Warned: day 20 or later", ClockTone.RED: "Due today"}


def _rows(asking: Asking) -> Iterator[Row]:
    query = (
        sa.select(
            invoice,
            _authority.c.name.label("authority"),
            _partner.c.name.label("partner"),
            call_off.c.reference,
        )
        .join(call_off, call_off.c.id == invoice.c.call_off_id)
        .join(_authority, _authority.c.id == invoice.c.authority_id)
        .join(_partner, _partner.c.id == invoice.c.supplier_id)
        .where(*_wanted(asking))
    )
    for one in asked_rows(asking, query, invoice.c.id):
        stands = one.disputed_on is not None
        yield Row(
            (
                one.authority,
                one.partner,
                one.reference,
                one.number,
                one.received_on,
                None if stands else one.due_on,
                clock_day(one.due_on, one.disputed_on or dates.today()),
                _state(one),
                Money(one.gross_pence - one.paid_gross_pence),
            ),
            ("invoicing.pay", {"reference": one.reference, "number": one.id})
            if asking.visitor.may(Permission.INVOICE_RECORD, one.authority_id)
            else ("call_off.show", {"reference": one.reference}),
            one.id,
        )


def _state(one: Any) -> str:
    if one.disputed_on:
        return f"Disputed since {dates.in_words(one.disputed_on)}"
    if dates.today() > one.due_on:
        return "Overdue"
    return _SAID[clock_tone(one.due_on, dates.today())]


def _totals(asking: Asking) -> list[Total]:
    unpaid = sa.func.coalesce(sa.func.sum(invoice.c.gross_pence - invoice.c.paid_gross_pence), 0)
    rows, pence = (
        asking.session.connection().execute(sa.select(sa.func.count(), unpaid).where(*_wanted(asking))).one()
    )
    return [Total(_GROSS, {"unpaid": Money(int(pence))}, int(rows))]


def _wanted(asking: Asking) -> list[Any]:
    return [
        invoice.c.authority_id.in_(asked_authorities(asking, Permission.SPEND_READ)),
        invoice.c.gross_pence > invoice.c.paid_gross_pence,
        invoice.c.gross_pence > 0,
    ]


TABLE = FactTable(
    key="unpaid-invoices",
    title="Unpaid invoices and their clocks",
    permission=Permission.SPEND_READ,
    columns=(
        Column("authority", "Authority"),
        Column("partner", "Partner"),
        Column("call_off", "Call-off", Kind.CODE),
        Column("invoice_number", "Invoice", Kind.CODE),
        Column("received_on", "Received", Kind.DAY),
        Column("due_on", "Due", Kind.DAY),
        Column("day", "Day of the 30", Kind.COUNT),
        Column("state", "Clock"),
        Column("unpaid", "Unpaid, including VAT", Kind.MONEY, _GROSS, summed=True),
    ),
    rows=_rows,
    totals=_totals,
    how="Invoices recorded here that are not paid in full. The day of receipt is day 1 and the due day is day 30; above 30 an invoice is "
    "late. A disputed invoice stands on the day on which it was disputed and has no due day until the dispute is resolved.",
    filters=(Filter("authority", "Authority", authority_choices(Permission.SPEND_READ)),),
)
