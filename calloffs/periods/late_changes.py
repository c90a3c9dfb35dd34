"""The table of later changes: every ledger entry that counts for a period and was posted after the period was closed."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.periods.figures import WORD
from calloffs.periods.period_closing import PeriodClosing
from calloffs.spend.entry import EntryKind, LedgerEntry
from calloffs.tables.asked_rows import asked_rows, chosen, distinct
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.agreement import FrameworkAgreement
from framework.definitions.money import Basis, Money
from framework.definitions.periods import period_of
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.records.columns import table_of
from lots.lot import Lot

_entry, _closing, _call_off, _agreement, _lot, _party = (
    table_of(one) for one in (LedgerEntry, PeriodClosing, CallOff, FrameworkAgreement, Lot, Party)
)
_AGREED = "the agreement's basis"
_PLACES: dict[str, Any] = {
    "authority": _party.c.name,
    "agreement": _agreement.c.reference,
    "lot": _lot.c.reference,
    "call_off": _call_off.c.reference,
    "kind": _entry.c.kind,
}


def _from(query: sa.Select[Any]) -> sa.Select[Any]:
    late = sa.and_(
        _entry.c.authority_id == _closing.c.authority_id,
        _entry.c.id > _closing.c.last_entry_id,
        _entry.c.effective_on.between(_closing.c.period_on, _closing.c.last_on),
    )
    return (
        query.select_from(_closing)
        .join(_entry, late)
        .join(_call_off, _call_off.c.id == _entry.c.call_off_id)
        .join(_agreement, _agreement.c.id == _entry.c.agreement_id)
        .join(_lot, _lot.c.id == _entry.c.lot_id)
        .join(_party, _party.c.id == _entry.c.authority_id)
    )


def _wanted(asking: Asking) -> list[sa.ColumnElement[bool]]:
    asked = dict(asking.filters)
    period = asked.pop("period", None)
    if set(asked) - set(_PLACES):
        raise NotFound
    if "kind" in asked and asked["kind"] not in set(EntryKind):
        raise NotFound
    where = [*_visible(asking), *chosen(asking, _PLACES)]
    if period is not None:
        where.append(_closing.c.period_on == _day(period))
    return where


def _visible(asking: Asking) -> list[sa.ColumnElement[bool]]:
    return [_closing.c.authority_id.in_(sorted(asking.visitor.parties_where(Permission.SPEND_READ)))]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound from None


def _rows(asking: Asking) -> Iterator[Row]:
    query = _from(
        sa.select(
            _entry.c.id,
            _party.c.name,
            _closing.c.calendar,
            _closing.c.period_on,
            _closing.c.closed_at,
            _entry.c.posted_at,
            _entry.c.effective_on,
            _agreement.c.reference,
            _lot.c.reference,
            _call_off.c.reference,
            _call_off.c.title,
            _entry.c.kind,
            _entry.c.reason,
            _entry.c.net_pence,
            _agreement.c.basis,
            _entry.c.amount_pence,
        )
    ).where(*_wanted(asking))
    for one in asked_rows(asking, query, _entry.c.id):
        yield Row(
            (
                *one[9:11],
                one[1],
                period_of(one[2], one[3]).name,
                *one[3:9],
                WORD[EntryKind(one[11])].capitalize(),
                one[12].capitalize(),
                Money(one[13]),
                one[14].label,
                Money(one[15]),
            ),
            ("call_off.show", {"reference": one[9]}),
            one[0],
        )


def _totals(asking: Asking) -> list[Total]:
    query = _from(
        sa.select(
            _agreement.c.basis,
            _entry.c.kind,
            sa.func.count(),
            sa.func.sum(_entry.c.net_pence),
            sa.func.sum(_entry.c.amount_pence),
        )
    ).where(*_wanted(asking))
    found = asking.session.connection().execute(query.group_by(_agreement.c.basis, _entry.c.kind))
    sums = {(Basis(one[0]), EntryKind(one[1])): one[2:] for one in found}
    return [
        Total(
            basis.label,
            {"net": Money(int(net)), "amount": Money(int(amount))},
            int(rows),
            word.capitalize(),
        )
        for basis in sorted(Basis, reverse=True)
        for kind, word in WORD.items()
        if (basis, kind) in sums
        for rows, net, amount in [sums[basis, kind]]
    ]


def late_by_period(session: Session, authority_id: int) -> dict[date, int]:
    """How many entries came after the closing, by the first day of each closed period that has some."""
    query = _from(sa.select(_closing.c.period_on, sa.func.count()))
    rows = session.connection().execute(
        query.where(_closing.c.authority_id == authority_id).group_by(_closing.c.period_on)
    )
    return {period_on: int(number) for period_on, number in rows}


def _choices(name: str) -> Callable[[Asking], list[tuple[str, str]]]:
    def ask(asking: Asking) -> list[tuple[str, str]]:
        return distinct(asking, _from(sa.select(_PLACES[name])).where(*_visible(asking)))

    return ask


def _kinds(_asking: Asking) -> list[tuple[str, str]]:
    return [(kind.value, word.capitalize()) for kind, word in WORD.items()]


def _periods(asking: Asking) -> list[tuple[str, str]]:
    rows = asking.session.connection().execute(
        sa.select(_closing.c.period_on, _closing.c.calendar)
        .where(*_visible(asking))
        .distinct()
        .order_by(_closing.c.period_on.desc())
    )
    return [(one.isoformat(), period_of(calendar, one).name.capitalize()) for one, calendar in rows]


TABLE = FactTable(
    key="late-changes",
    title="Later changes to closed periods",
    permission=Permission.SPEND_READ,
    columns=(
        Column("call_off", "Call-off", Kind.CODE),
        Column("title", "Title"),
        Column("authority", "Authority"),
        Column("period", "Period"),
        Column("period_on", "First day of the period", Kind.DAY),
        Column("closed_at", "Closed", Kind.MOMENT),
        Column("posted_at", "Posted", Kind.MOMENT),
        Column("counts_on", "Counts for", Kind.DAY),
        Column("agreement", "Agreement", Kind.CODE),
        Column("lot", "Lot", Kind.CODE),
        Column("kind", "Figure"),
        Column("reason", "Why"),
        Column("net", "Amount", Kind.MONEY, "net of VAT", summed=True),
        Column("basis", "Basis"),
        Column("amount", "Amount as the agreement counts", Kind.MONEY, _AGREED, summed=True),
    ),
    rows=_rows,
    totals=_totals,
    how="Every entry of the ledger that counts for a day of a closed period and was posted after the period was closed. A period’s figure "
    "now is its frozen figure and these.",
    filters=(
        Filter("authority", "Authority", _choices("authority")),
        Filter("period", "Period", _periods),
        Filter("agreement", "Agreement", _choices("agreement")),
        Filter("lot", "Lot", _choices("lot")),
        Filter("call_off", "Call-off", _choices("call_off")),
        Filter("kind", "Figure", _kinds),
    ),
)
