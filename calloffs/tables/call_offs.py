"""Call-offs with their balances: one row for each call-off of the visitor's own authorities, from the balance columns."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from calloffs.call_off import CallOff
from calloffs.tables.asked_rows import asked_rows, chosen, distinct
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.agreement import FrameworkAgreement
from framework.definitions.money import Basis, Money
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.records.columns import table_of
from lots.appointment import Appointment
from lots.lot import Lot

_c = table_of(CallOff).c
_agreement, _lot, _place = (table_of(one) for one in (FrameworkAgreement, Lot, Appointment))
_authority, _partner = table_of(Party).alias("authority"), table_of(Party).alias("partner")
_AGREED = "the agreement's basis"
_SUMMED = ("reserved", "committed", "invoiced", "paid")


def _rows(asking: Asking) -> Iterator[Row]:
    query = _from(
        sa.select(
            _c.id,
            _c.reference,
            _c.title,
            _agreement.c.reference,
            _lot.c.reference,
            _authority.c.name,
            _partner.c.name,
            _c.programme,
            _c.purchase_order,
            _c.cost_centre,
            _c.starts_on,
            _c.ends_on,
            _agreement.c.basis,
            *_sums(),
        )
    ).where(*_wanted(asking))
    for one in asked_rows(asking, query, _c.id):
        reserved, committed, invoiced, paid = one[13:]
        yield Row(
            (
                *one[1:6],
                one[6] or "",
                *one[7:12],
                one[12].label,
                Money(reserved),
                Money(committed),
                Money(invoiced),
                Money(paid),
                Money(committed - invoiced),
            ),
            ("call_off.show", {"reference": one[1]}),
            one[0],
        )


def _totals(asking: Asking) -> list[Total]:
    sums = [sa.func.sum(one) for one in _sums()]
    query = _from(sa.select(_agreement.c.basis, sa.func.count(), *sums)).where(*_wanted(asking))
    found = asking.session.connection().execute(
        query.group_by(_agreement.c.basis).order_by(_agreement.c.basis.desc())
    )
    return [
        Total(Basis(one[0]).label, dict(zip(_ALL, _with_left(one[2:]), strict=True)), int(one[1]))
        for one in found
    ]


_ALL = (*_SUMMED, "left_to_invoice")


def _with_left(sums: Any) -> list[Money]:
    reserved, committed, invoiced, paid = (int(one) for one in sums)
    return [Money(one) for one in (reserved, committed, invoiced, paid, committed - invoiced)]


def _sums() -> list[Any]:
    return [_c[f"{one}_pence"] for one in _SUMMED]


def _from(query: sa.Select[Any]) -> sa.Select[Any]:
    return (
        query.select_from(table_of(CallOff))
        .join(_agreement, _agreement.c.id == _c.agreement_id)
        .join(_lot, _lot.c.id == _c.lot_id)
        .join(_authority, _authority.c.id == _c.authority_id)
        .outerjoin(_place, _place.c.id == _c.appointment_id)
        .outerjoin(_partner, _partner.c.id == _place.c.supplier_id)
    )


_PLACES = {
    "agreement": _agreement.c.reference,
    "lot": _lot.c.reference,
    "authority": _authority.c.name,
    "partner": _partner.c.name,
    "programme": _c.programme,
}


def _visible(asking: Asking) -> list[sa.ColumnElement[bool]]:
    mine = sorted(asking.visitor.parties_where(Permission.SPEND_READ))
    return [_c.authority_id.in_(mine), _c.submitted_at.is_not(None)]


def _wanted(asking: Asking) -> list[sa.ColumnElement[bool]]:
    if set(asking.filters) - set(_PLACES):
        raise NotFound
    return [*_visible(asking), *chosen(asking, _PLACES)]


def _choices(name: str) -> Any:
    def ask(asking: Asking) -> list[tuple[str, str]]:
        return distinct(asking, _from(sa.select(_PLACES[name])).where(*_visible(asking)))

    return ask


TABLE = FactTable(
    key="call-offs",
    title="Call-offs with their balances",
    permission=Permission.SPEND_READ,
    columns=(
        Column("call_off", "Call-off", Kind.CODE),
        Column("title", "Title"),
        Column("agreement", "Agreement", Kind.CODE),
        Column("lot", "Lot", Kind.CODE),
        Column("authority", "Authority"),
        Column("partner", "Partner"),
        Column("programme", "Programme"),
        Column("purchase_order", "Purchase order", Kind.CODE),
        Column("cost_centre", "Cost centre", Kind.CODE),
        Column("starts_on", "First day", Kind.DAY),
        Column("ends_on", "Last day", Kind.DAY),
        Column("basis", "Basis"),
        Column("reserved", "Reserved", Kind.MONEY, _AGREED, summed=True),
        Column("committed", "Committed", Kind.MONEY, _AGREED, summed=True),
        Column("invoiced", "Invoiced", Kind.MONEY, _AGREED, summed=True),
        Column("paid", "Paid", Kind.MONEY, _AGREED, summed=True),
        Column(
            "left_to_invoice",
            "Left to invoice",
            Kind.MONEY,
            _AGREED,
            summed=True,
            formula="{committed} - {invoiced}",
        ),
    ),
    rows=_rows,
    totals=_totals,
    how="Every call-off of your authority that was ever sent for approval, the newest first. Each figure is the call-off’s own balance, "
    "which the ledger moves with every entry: reserved until it is awarded, committed from award, or what was invoiced once it is closed.",
    filters=(
        Filter("agreement", "Agreement", _choices("agreement")),
        Filter("lot", "Lot", _choices("lot")),
        Filter("authority", "Authority", _choices("authority")),
        Filter("partner", "Partner", _choices("partner")),
        Filter("programme", "Programme", _choices("programme")),
    ),
)
