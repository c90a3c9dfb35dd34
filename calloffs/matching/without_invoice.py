"""Commitments without an invoice: running call-offs on which nothing was invoiced for 60 days, the largest first."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from calloffs.call_off import CallOff
from calloffs.spend.period_figure import PeriodFigure
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.people.person import Person
from framework.records.columns import table_of
from lots.appointment import Appointment
from lots.lot import Lot

DAYS = 60
_BLOCK = 500
_c, _figure = table_of(CallOff).c, table_of(PeriodFigure).c
_agreement, _lot, _place, _person = (table_of(one) for one in (FrameworkAgreement, Lot, Appointment, Person))
_authority, _partner = table_of(Party).alias("authority"), table_of(Party).alias("partner")
_AGREED = "the agreement's basis"
_LEFT = _c.committed_pence - _c.invoiced_pence


def _last_month() -> sa.ColumnElement[Any]:
    """The first day of the newest month in which anything was invoiced on the call-off: months are few, entries are not."""
    return (
        sa.select(sa.func.max(_figure.month_on))
        .where(_figure.call_off_id == _c.id, _figure.invoiced_pence != 0)
        .correlate(table_of(CallOff))
        .scalar_subquery()
    )


def _silent_since() -> sa.ColumnElement[Any]:
    """The first day that counts as silent: of the first day, or the first of the newest month with an invoice."""
    return sa.func.coalesce(_last_month(), _c.starts_on, type_=sa.Date)


def _from(query: sa.Select[Any]) -> sa.Select[Any]:
    return (
        query.select_from(table_of(CallOff))
        .join(_agreement, _agreement.c.id == _c.agreement_id)
        .join(_lot, _lot.c.id == _c.lot_id)
        .join(_authority, _authority.c.id == _c.authority_id)
        .join(_place, _place.c.id == _c.appointment_id)
        .join(_partner, _partner.c.id == _place.c.supplier_id)
        .join(_person, _person.c.id == _c.owner_id)
    )


def _visible(asking: Asking) -> list[sa.ColumnElement[bool]]:
    mine = sorted(asking.visitor.parties_where(Permission.SPEND_READ))
    latest = dates.today() - timedelta(days=DAYS)
    newest_month = _last_month()
    return [
        _c.authority_id.in_(mine),
        sa.literal_column("(call_off.signed_at IS NOT NULL AND call_off.closed_at IS NULL)", sa.Boolean),
        _c.award_withdrawn_at.is_(None),
        _c.cancelled_at.is_(None),
        _LEFT > 0,
        _c.starts_on <= latest,
        sa.or_(newest_month.is_(None), newest_month < latest.replace(day=1)),
    ]


_PLACES: dict[str, sa.ColumnElement[str]] = {
    "authority": _authority.c.name,
    "lot": _lot.c.reference,
    "partner": _partner.c.name,
    "owner": _person.c.name,
}


def _wanted(asking: Asking) -> list[sa.ColumnElement[bool]]:
    if set(asking.filters) - set(_PLACES):
        raise NotFound
    return [*_visible(asking), *(_PLACES[name] == value for name, value in asking.filters.items())]


def _rows(asking: Asking) -> Iterator[Row]:
    # Ordered by value and not by id: the place to go on from is how many came before.
    query = (
        _from(
            sa.select(
                *(_c.reference, _c.title, _c.starts_on, _c.ends_on, _c.purchase_order),
                *(_c.committed_pence, _c.invoiced_pence),
                _lot.c.reference.label("lot"),
                _authority.c.name.label("authority"),
                _partner.c.name.label("partner"),
                _person.c.name.label("owner"),
                _agreement.c.basis,
                _last_month().label("last_month"),
                _silent_since().label("since"),
            )
        )
        .where(*_wanted(asking))
        .order_by(_LEFT.desc(), _c.id)
        .offset(asking.after)
    )
    if asking.most is not None:
        query = query.limit(asking.most)
    for place, one in enumerate(asking.session.connection().execute(query), start=asking.after + 1):
        since = one.since if one.last_month is None else dates.add_months(one.last_month, 1)
        yield Row(
            (
                one.reference,
                one.title,
                one.lot,
                one.authority,
                one.partner,
                one.owner,
                one.purchase_order,
                one.starts_on,
                one.ends_on,
                since,
                (dates.today() - since).days,
                Basis(one.basis).label,
                Money(one.committed_pence),
                Money(one.invoiced_pence),
                Money(one.committed_pence - one.invoiced_pence),
            ),
            ("call_off.show", {"reference": one.reference}),
            place,
        )


def _totals(asking: Asking) -> list[Total]:
    query = _from(
        sa.select(
            _agreement.c.basis,
            sa.func.count(),
            sa.func.sum(_c.committed_pence),
            sa.func.sum(_c.invoiced_pence),
        )
    )
    rows = asking.session.connection().execute(query.where(*_wanted(asking)).group_by(_agreement.c.basis))
    return [
        Total(
            Basis(basis).label,
            {
                "committed": Money(int(committed)),
                "invoiced": Money(int(invoiced)),
                "left": Money(int(committed) - int(invoiced)),
            },
            int(count),
        )
        for basis, count, committed, invoiced in rows
    ]


def _choices(name: str) -> Any:
    def ask(asking: Asking) -> list[tuple[str, str]]:
        query = _from(sa.select(_PLACES[name])).where(*_visible(asking)).distinct()
        rows = asking.session.connection().execute(query.order_by(sa.text("1")).limit(_BLOCK))
        return [(one[0], one[0]) for one in rows if one[0]]

    return ask


TABLE = FactTable(
    key="without-invoice",
    title=f"Commitments without an invoice for {DAYS} days",
    permission=Permission.SPEND_READ,
    columns=(
        Column("call_off", "Call-off", Kind.CODE),
        Column("title", "Title"),
        Column("lot", "Lot", Kind.CODE),
        Column("authority", "Authority"),
        Column("partner", "Partner"),
        Column("owner", "Owner"),
        Column("purchase_order", "Purchase order", Kind.CODE),
        Column("starts_on", "First day", Kind.DAY),
        Column("ends_on", "Last day", Kind.DAY),
        Column("since", "No invoice since", Kind.DAY),
        Column("days", "Days", Kind.COUNT),
        Column("basis", "Basis"),
        Column("committed", "Committed", Kind.MONEY, _AGREED, summed=True),
        Column("invoiced", "Invoiced", Kind.MONEY, _AGREED, summed=True),
        Column(
            "left", "Left to invoice", Kind.MONEY, _AGREED, summed=True, formula="{committed} - {invoiced}"
        ),
    ),
    rows=_rows,
    totals=_totals,
    how=f"Signed call-offs that are not closed, began at least {DAYS} days ago, still have something to invoice, and on which no invoice "
    f"is dated in any month that touches the last {DAYS} days. The largest amount left is first. Without any invoice it counts from "
    "the first day, else from the end of the last month with one.",
    filters=(
        Filter("authority", "Authority", _choices("authority")),
        Filter("lot", "Lot", _choices("lot")),
        Filter("partner", "Partner", _choices("partner")),
        Filter("owner", "Owner", _choices("owner")),
    ),
)
