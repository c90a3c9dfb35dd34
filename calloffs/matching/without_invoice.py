"""Commitments without an invoice: running call-offs on which nothing was invoiced for more than 60 days, the largest first."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from calloffs.call_off import CallOff
from calloffs.spend.entry import EntryKind, LedgerEntry
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
_c, _figure, _entry = table_of(CallOff).c, table_of(PeriodFigure).c, table_of(LedgerEntry)
_agreement, _lot, _place, _person = (table_of(one) for one in (FrameworkAgreement, Lot, Appointment, Person))
_authority, _partner = table_of(Party).alias("authority"), table_of(Party).alias("partner")
_AGREED = "the agreement's basis"
_LEFT = _c.committed_pence - _c.invoiced_pence


def _of(when: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Days on which the call-off was billed or credited, by invoice or line: what was undone again within a day is none."""
    return (
        sa.select(_entry.c.effective_on)
        .where(_entry.c.call_off_id == _c.id, _entry.c.kind == EntryKind.INVOICE.value, when)
        .group_by(_entry.c.invoice_id, _entry.c.spend_line_id, _entry.c.effective_on)
        .having(sa.or_(sa.func.sum(_entry.c.amount_pence) != 0, sa.func.sum(_entry.c.net_pence) != 0))
        .correlate(table_of(CallOff))
    )


def _last_day() -> sa.ColumnElement[Any]:
    """The newest day with an invoice or credit."""
    days = _of(_entry.c.effective_on.is_not(None))
    return days.order_by(_entry.c.effective_on.desc()).limit(1).scalar_subquery()


def _last_posted() -> sa.ColumnElement[Any]:
    """The newest moment of an entry without a day of its own: it counts for the London day on which it was posted."""
    return (
        sa.select(sa.func.max(_entry.c.posted_at, type_=_entry.c.posted_at.type))
        .where(
            _entry.c.call_off_id == _c.id,
            _entry.c.kind == EntryKind.INVOICE.value,
            _entry.c.effective_on.is_(None),
        )
        .correlate(table_of(CallOff))
        .scalar_subquery()
    )


def _billed_since(day: date) -> list[sa.ColumnElement[bool]]:
    """Two ways in which a call-off was billed on a day or after it: whole months by their few figures, then its own entries."""
    month = sa.exists(
        sa.select(_figure.call_off_id)
        .where(_figure.call_off_id == _c.id, _figure.month_on >= day, _figure.invoiced_pence != 0)
        .correlate(table_of(CallOff))
    )
    undated = sa.and_(_entry.c.effective_on.is_(None), _entry.c.posted_at >= dates.start_of(day))
    return [month, _of(sa.or_(_entry.c.effective_on >= day, undated)).exists()]


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
    return [
        _c.authority_id.in_(mine),
        sa.literal_column("(call_off.signed_at IS NOT NULL AND call_off.closed_at IS NULL)", sa.Boolean),
        _c.award_withdrawn_at.is_(None),
        _c.cancelled_at.is_(None),
        _LEFT > 0,
        _c.starts_on < latest,
        _c.signed_at < dates.start_of(latest),
        *(sa.not_(one) for one in _billed_since(latest)),
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
                _c.signed_at,
                _last_day().label("last_day"),
                _last_posted().label("last_posted"),
            )
        )
        .where(*_wanted(asking))
        .order_by(_LEFT.desc(), _c.id)
        .offset(asking.after)
    )
    if asking.most is not None:
        query = query.limit(asking.most)
    for place, one in enumerate(asking.session.connection().execute(query), start=asking.after + 1):
        since = _since(one)
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


def _since(one: Any) -> date:
    """The newest of its signature, its first day and the day of its last invoice or credit."""
    moments = [moment for moment in (one.signed_at, one.last_posted) if moment is not None]
    days = [dates.as_london(moment).date() for moment in moments]
    return max(one.starts_on, *days, *([one.last_day] if one.last_day else []))


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
    how=f"Signed call-offs that are not closed and still have something to invoice. More than {DAYS} days have passed since the day of "
    "the last invoice or credit, since the signature and since the first day: the latest of them counts. An invoice dated exactly "
    f"{DAYS} days ago keeps a call-off off the list. The largest amount left is first.",
    filters=(
        Filter("authority", "Authority", _choices("authority")),
        Filter("lot", "Lot", _choices("lot")),
        Filter("partner", "Partner", _choices("partner")),
        Filter("owner", "Owner", _choices("owner")),
    ),
)
