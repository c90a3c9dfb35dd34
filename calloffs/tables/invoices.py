"""Invoices and credit notes: one row for each that the visitor's own authorities recorded, as it was billed."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from calloffs.call_off import CallOff
from calloffs.spend.invoice import Invoice
from calloffs.tables.asked_rows import asked_rows, chosen, distinct
from calloffs.tables.fact_table import Asking, Choices, Column, FactTable, Filter, Kind, Row, Total
from framework.definitions.money import Basis, Money
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.records.columns import table_of
from lots.lot import Lot

_c = table_of(Invoice).c
_call_off, _lot = table_of(CallOff), table_of(Lot)
_authority, _partner = table_of(Party).alias("authority"), table_of(Party).alias("partner")
_NET, _GROSS = Basis.NET.label, Basis.GROSS.label
_PLACES = {
    "lot": _lot.c.reference,
    "authority": _authority.c.name,
    "partner": _partner.c.name,
    "call_off": _call_off.c.reference,
}


def _rows(asking: Asking) -> Iterator[Row]:
    query = _from(
        sa.select(
            _c.id,
            _c.number,
            _call_off.c.reference,
            _lot.c.reference,
            _authority.c.name,
            _partner.c.name,
            _call_off.c.purchase_order,
            _call_off.c.cost_centre,
            _c.description,
            _c.dated_on,
            _c.received_on,
            _c.due_on,
            _c.net_pence,
            _c.vat_pence,
            _c.gross_pence,
            _c.paid_gross_pence,
        )
    ).where(*_wanted(asking))
    for one in asked_rows(asking, query, _c.id):
        net, vat, gross, paid = one[12:]
        amounts = (Money(net), Money(vat), Money(gross), Money(paid), Money(gross - paid))
        yield Row((*one[1:12], *amounts), ("call_off.show", {"reference": one[2]}), one[0])


def _totals(asking: Asking) -> list[Total]:
    amounts = (_c.net_pence, _c.vat_pence, _c.gross_pence, _c.paid_gross_pence)
    query = _from(sa.select(sa.func.count(), *(sa.func.sum(one) for one in amounts)))
    found = asking.session.connection().execute(query.where(*_wanted(asking))).one()
    rows, net, vat, gross, paid = (int(one or 0) for one in found)
    sums = {"net": net, "vat": vat, "gross": gross, "paid_gross": paid, "unpaid_gross": gross - paid}
    return [Total("", {name: Money(pence) for name, pence in sums.items()}, rows)] if rows else []


def _from(query: Any) -> sa.Select[Any]:
    return (
        query.select_from(table_of(Invoice))
        .join(_call_off, _call_off.c.id == _c.call_off_id)
        .join(_lot, _lot.c.id == _call_off.c.lot_id)
        .join(_authority, _authority.c.id == _c.authority_id)
        .join(_partner, _partner.c.id == _c.supplier_id)
    )


def _visible(asking: Asking) -> sa.ColumnElement[bool]:
    return _c.authority_id.in_(sorted(asking.visitor.parties_where(Permission.SPEND_READ)))


def _wanted(asking: Asking) -> list[sa.ColumnElement[bool]]:
    if set(asking.filters) - set(_PLACES):
        raise NotFound
    return [_visible(asking), *chosen(asking, _PLACES)]


def _choices(name: str) -> Choices:
    def ask(asking: Asking) -> list[tuple[str, str]]:
        return distinct(asking, _from(sa.select(_PLACES[name])).where(_visible(asking)))

    return ask


TABLE = FactTable(
    key="invoices",
    title="Invoices and credit notes",
    permission=Permission.SPEND_READ,
    columns=(
        Column("invoice", "Invoice", Kind.CODE),
        Column("call_off", "Call-off", Kind.CODE),
        Column("lot", "Lot", Kind.CODE),
        Column("authority", "Authority"),
        Column("partner", "Partner"),
        Column("purchase_order", "Purchase order", Kind.CODE),
        Column("cost_centre", "Cost centre", Kind.CODE),
        Column("description", "Description"),
        Column("dated_on", "Date of invoice", Kind.DAY),
        Column("received_on", "Received", Kind.DAY),
        Column("due_on", "Due", Kind.DAY),
        Column("net", "Net", Kind.MONEY, _NET, summed=True),
        Column("vat", "VAT", Kind.MONEY, "VAT alone", summed=True),
        Column("gross", "Gross", Kind.MONEY, _GROSS, summed=True),
        Column("paid_gross", "Paid", Kind.MONEY, _GROSS, summed=True),
        Column("unpaid_gross", "Unpaid", Kind.MONEY, _GROSS, summed=True, formula="{gross} - {paid_gross}"),
    ),
    rows=_rows,
    totals=_totals,
    how="Every invoice and credit note recorded by your authority, the newest first, as it was billed: net, VAT and gross are those of "
    "the paper, whatever the agreement counts. Paid is what left the authority for it, less refunds.",
    filters=tuple(
        Filter(name, label, _choices(name))
        for name, label in (
            ("lot", "Lot"),
            ("authority", "Authority"),
            ("partner", "Partner"),
            ("call_off", "Call-off"),
        )
    ),
)
