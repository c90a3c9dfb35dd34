"""The log of invoices that were not valid and went back to the partner."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from calloffs.clocks.asked_for import asked_authorities, authority_choices
from calloffs.clocks.invalid_invoice import InvalidInvoice
from calloffs.clocks.paid import call_off
from calloffs.clocks.sending_back import FAULTS
from calloffs.tables.asked_rows import asked_rows
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.definitions.money import Money
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.people.person import Person
from framework.records.columns import table_of

_sent = table_of(InvalidInvoice)
_person = table_of(Person)
_authority, _partner = table_of(Party).alias("authority"), table_of(Party).alias("partner")
_GROSS = "including VAT"


def _rows(asking: Asking) -> Iterator[Row]:
    query = (
        sa.select(
            _sent,
            _authority.c.name.label("authority"),
            _partner.c.name.label("partner"),
            call_off.c.reference,
            _person.c.name.label("by"),
        )
        .join(call_off, call_off.c.id == _sent.c.call_off_id)
        .join(_authority, _authority.c.id == _sent.c.authority_id)
        .join(_partner, _partner.c.id == _sent.c.supplier_id)
        .outerjoin(_person, _person.c.id == _sent.c.sent_back_by_id)
        .where(*_wanted(asking))
    )
    for one in asked_rows(asking, query, _sent.c.id):
        yield Row(
            (
                one.authority,
                one.partner,
                one.reference,
                one.number,
                one.received_on,
                one.sent_back_at,
                one.by or "",
                "; ".join(FAULTS[code] for code in one.faults.split() if code in FAULTS),
                one.words,
                None if one.gross_pence is None else Money(one.gross_pence),
            ),
            ("call_off.show", {"reference": one.reference}),
            one.id,
        )


def _totals(asking: Asking) -> list[Total]:
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(_sent.c.gross_pence), 0))
    rows, pence = asking.session.connection().execute(query.where(*_wanted(asking))).one()
    return [Total(_GROSS, {"gross": Money(int(pence))}, int(rows))]


def _wanted(asking: Asking) -> list[Any]:
    return [_sent.c.authority_id.in_(asked_authorities(asking, Permission.SPEND_READ))]


TABLE = FactTable(
    key="invoices-sent-back",
    title="Invoices that were not valid and were sent back",
    permission=Permission.SPEND_READ,
    columns=(
        Column("authority", "Authority"),
        Column("partner", "Partner"),
        Column("call_off", "Call-off", Kind.CODE),
        Column("invoice_number", "Invoice", Kind.CODE),
        Column("received_on", "Received", Kind.DAY),
        Column("sent_back_at", "Sent back", Kind.MOMENT),
        Column("sent_back_by", "By"),
        Column("faults", "What it lacks"),
        Column("words", "What to mend"),
        Column("gross", "Named on it, including VAT", Kind.MONEY, _GROSS, summed=True),
    ),
    rows=_rows,
    totals=_totals,
    how="Invoices without the sender’s name, a description, a sum or a number of their own. The 30 days of such an invoice never begin; "
    "it is in no other figure. Amounts are as far as the invoice named one.",
    filters=(Filter("authority", "Authority", authority_choices(Permission.SPEND_READ)),),
)
