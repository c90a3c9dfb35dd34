"""Off-contract spend: payments to a partner that belong to no call-off yet, one line of an extract a row."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from calloffs.extracts.finding import counts, line
from calloffs.extracts.source import SpendSource
from calloffs.matching.flags import of
from calloffs.matching.queue import amount_of
from calloffs.tables.asked_rows import asked_rows, distinct
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.records.columns import table_of
from lots.appointment import Appointment

_source, _appointment = table_of(SpendSource), table_of(Appointment)
_authority, _partner = table_of(Party).alias("authority"), table_of(Party).alias("partner")
_NET, _GROSS = "net of VAT", "including VAT"
_WAITS = (
    "spend_line.call_off_id IS NULL AND spend_line.withdrawn_at IS NULL AND spend_line.not_ours_at IS NULL "
    "AND spend_line.supplier_id IS NOT NULL"
)


def _from(query: sa.Select[Any]) -> sa.Select[Any]:
    return (
        query.select_from(line)
        .join(_authority, _authority.c.id == line.c.authority_id)
        .join(_partner, _partner.c.id == line.c.supplier_id)
        .join(_source, _source.c.id == line.c.source_id)
    )


def _visible(asking: Asking) -> list[sa.ColumnElement[bool]]:
    mine = sorted(asking.visitor.parties_where(Permission.EXTRACT_READ))
    partners = sa.select(_appointment.c.supplier_id)
    return [
        line.c.authority_id.in_(mine),
        sa.literal_column(f"({_WAITS})", sa.Boolean),
        line.c.supplier_id.in_(partners),
        counts(),
    ]


_PLACES: dict[str, sa.ColumnElement[str]] = {
    "authority": _authority.c.name,
    "partner": _partner.c.name,
    "cost_centre": line.c.cost_centre,
}


def _wanted(asking: Asking) -> list[sa.ColumnElement[bool]]:
    if set(asking.filters) - set(_PLACES):
        raise NotFound
    return [*_visible(asking), *(_PLACES[name] == value for name, value in asking.filters.items())]


def _rows(asking: Asking) -> Iterator[Row]:
    query = _from(
        sa.select(
            *line.c,
            _authority.c.name.label("authority"),
            _partner.c.name.label("partner"),
            _source.c.name.label("source"),
        )
    ).where(*_wanted(asking))
    for one in asked_rows(asking, query, line.c.id):
        amount, basis = amount_of(one)
        # Who ordered it is known by the part of the council that paid: the cost centre, else the service or directorate.
        ask = one.service or one.directorate or one.cost_centre
        yield Row(
            (
                one.accounting_on,
                one.authority,
                one.partner,
                one.supplier_name,
                one.supplier_number,
                one.cost_centre,
                ask,
                one.invoice_number,
                one.purchase_order,
                one.narrative,
                amount if basis == _NET else None,
                amount if basis == _GROSS else None,
                basis,
                ", ".join(flag.label for flag in of(one.flags)),
                one.source,
            ),
            ("matching.line", {"number": one.id}),
            one.id,
        )


def _totals(asking: Asking) -> list[Total]:
    net = line.c.net_pence
    query = _from(
        sa.select(
            sa.func.coalesce(sa.func.sum(net), 0),
            sa.func.count(net),
            sa.func.coalesce(sa.func.sum(sa.case((net.is_(None), line.c.gross_pence), else_=0)), 0),
            sa.func.count(),
        )
    ).where(*_wanted(asking))
    net_sum, net_rows, gross_sum, rows = asking.session.connection().execute(query).one()
    found = []
    if net_rows:
        found.append(Total(_NET, {"net": Money(int(net_sum))}, int(net_rows)))
    if rows - net_rows:
        found.append(Total(_GROSS, {"gross": Money(int(gross_sum))}, int(rows - net_rows)))
    return found


def _choices(name: str) -> Any:
    def ask(asking: Asking) -> list[tuple[str, str]]:
        return distinct(asking, _from(sa.select(_PLACES[name])).where(*_visible(asking)))

    return ask


TABLE = FactTable(
    key="off-contract",
    title="Payments to partners without a call-off",
    permission=Permission.EXTRACT_READ,
    columns=(
        Column("accounting_on", "Day", Kind.DAY),
        Column("authority", "Authority"),
        Column("partner", "Partner"),
        Column("supplier", "Supplier as the line says it"),
        Column("supplier_number", "Supplier number", Kind.CODE),
        Column("cost_centre", "Cost centre", Kind.CODE),
        Column("ask", "Who to ask"),
        Column("invoice_number", "Invoice number", Kind.CODE),
        Column("purchase_order", "Purchase order", Kind.CODE),
        Column("narrative", "Narrative"),
        Column("net", "Net", Kind.MONEY, "net of VAT", summed=True),
        Column("gross", "Gross, where the file does not say net", Kind.MONEY, "including VAT", summed=True),
        Column("basis", "Basis"),
        Column("flags", "To look at"),
        Column("source", "Source"),
    ),
    rows=_rows,
    totals=_totals,
    how="Every line of a loaded extract that was paid to a partner of any lot, is not matched to a call-off and was not set aside as none "
    "of ours, the newest first. A line is a partner’s by its company number, by a supplier number that somebody matched before, or by "
    "its exact name. Who to ask is the service, directorate or cost centre that the line itself names.",
    filters=(
        Filter("authority", "Authority", _choices("authority")),
        Filter("partner", "Partner", _choices("partner")),
        Filter("cost_centre", "Cost centre", _choices("cost_centre")),
    ),
)
