"""Every payment with the days it took, as the compliance notice counts them: the lines behind its figures."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from calloffs.clocks.asked_for import (
    asked_authorities,
    authority_choices,
    half_year,
    half_year_choices,
)
from calloffs.clocks.disputing import Standing, standing
from calloffs.clocks.paid import call_off, paid
from calloffs.tables.asked_rows import asked_rows
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.definitions.money import Money
from framework.definitions.payments import days_to_pay, is_late, payment_band, payment_due
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.records.columns import table_of

_authority, _partner = table_of(Party).alias("authority"), table_of(Party).alias("partner")
_GROSS = "including VAT"
_BLOCK = 500


def _rows(asking: Asking) -> Iterator[Row]:
    found = _found(asking)
    query = (
        sa.select(
            found,
            call_off.c.reference,
            _authority.c.name.label("authority"),
            _partner.c.name.label("partner"),
        )
        .join(call_off, call_off.c.id == found.c.call_off_id)
        .join(_authority, _authority.c.id == found.c.authority_id)
        .outerjoin(_partner, _partner.c.id == found.c.supplier_id)
    )
    block: list[Any] = []
    for one in asked_rows(asking, query, found.c.place):
        block.append(one)
        if len(block) == _BLOCK:
            yield from _read(asking, block)
            block = []
    yield from _read(asking, block)


def _read(asking: Asking, block: list[Any]) -> list[Row]:
    ids = [one.invoice_id for one in block if one.invoice_id]
    stood = standing(asking.session, ids) if ids else {}
    return [_row(one, stood.get(one.invoice_id, Standing())) for one in block]


def _row(one: Any, disputes: Standing) -> Row:
    stopped = disputes.days(one.paid_on)
    days = due_on = late = None
    if one.received_on:
        days = days_to_pay(one.received_on, one.paid_on, stopped)
        due_on = payment_due(one.received_on, stopped)
        late = is_late(one.received_on, one.paid_on, stopped)
    return Row(
        (
            one.authority,
            one.partner or "",
            one.reference,
            one.number,
            "Recorded invoice" if one.invoice_id else "Finance system line",
            one.received_on,
            due_on,
            one.paid_on,
            stopped,
            days,
            "Not counted: no day of receipt" if days is None else payment_band(days),
            {None: "Cannot be said", True: "No", False: "Yes"}[late],
            None if one.gross_pence is None else Money(one.gross_pence),
        ),
        ("call_off.show", {"reference": one.reference}),
        one.place,
    )


def _totals(asking: Asking) -> list[Total]:
    found = _found(asking)
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(found.c.gross_pence), 0))
    rows, pence = asking.session.connection().execute(query.select_from(found)).one()
    return [Total(_GROSS, {"gross": Money(int(pence))}, int(rows))]


def _found(asking: Asking) -> Any:
    when = asking.filters.get("half_year")
    mine = asked_authorities(asking, Permission.EXTRACT_READ)
    return paid(mine, half_year(when) if when else None).subquery("paid")


TABLE = FactTable(
    key="payment-times",
    title="Payments and the days they took",
    permission=Permission.EXTRACT_READ,
    columns=(
        Column("authority", "Authority"),
        Column("partner", "Partner"),
        Column("call_off", "Call-off", Kind.CODE),
        Column("invoice_number", "Invoice", Kind.CODE),
        Column("source", "Comes from"),
        Column("received_on", "Received", Kind.DAY),
        Column("due_on", "Due", Kind.DAY),
        Column("paid_on", "Paid", Kind.DAY),
        Column("disputed_days", "Days disputed", Kind.COUNT),
        Column("days", "Days to pay", Kind.COUNT),
        Column("band", "Band"),
        Column("in_time", "Paid by its due day"),
        Column("gross", "Paid, including VAT", Kind.MONEY, _GROSS, summed=True),
    ),
    rows=_rows,
    totals=_totals,
    how="Every payment of an invoice recorded here, and every matched line of a finance system that is not the payment of one. Credits, "
    "refunds and payments that were taken back are left out. Day 1 is the day after receipt; days on which a dispute stopped the clock are left out. The due day is "
    "the 30th day with the day of receipt as the first, so a payment can be late and yet within 1 to 30 days. Nothing is guessed: a "
    "line without a day of receipt has no days, and one without an amount including VAT has none.",
    filters=(
        Filter("authority", "Authority", authority_choices(Permission.EXTRACT_READ)),
        Filter("half_year", "Half-year", half_year_choices, blank="All half-years"),
    ),
)
