"""Verifying the figures of periods against the entries, and that entries rest on lines of their own authority."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.extracts.spend_line import SpendLine
from calloffs.spend.compared import Compared
from calloffs.spend.entry import EntryKind, LedgerEntry
from calloffs.spend.period_figure import PeriodFigure
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.periods import period_of
from framework.people.party import Party
from framework.records.columns import table_of

_entry, _figure, _call_off, _line, _party = (
    table_of(model) for model in (LedgerEntry, PeriodFigure, CallOff, SpendLine, Party)
)
WORD = {
    EntryKind.RESERVATION: "reserved",
    EntryKind.COMMITMENT: "committed",
    EntryKind.INVOICE: "invoiced",
    EntryKind.PAYMENT: "paid",
}
"""The balance that each kind of entry moves."""
_COLUMNS = tuple(f"{word}{end}" for word in WORD.values() for end in ("_pence", "_net_pence", "_count"))

Key = tuple[int, date, date]


def period_figures(session: Session) -> tuple[Compared, list[str]]:
    """Every figure of a month and period, recomputed from the entries by the day each counts for."""
    true = _from_entries(session)
    names = _by_id(session, _call_off.c.id, _call_off.c.reference)
    count = 0
    differences: list[str] = []
    kept = session.connection().execute(
        sa.select(
            _figure.c.call_off_id,
            _figure.c.month_on,
            _figure.c.period_on,
            *(_figure.c[name] for name in _COLUMNS),
        ).order_by(_figure.c.call_off_id, _figure.c.month_on, _figure.c.period_on)
    )
    for call_off_id, month, period, *figures in kept:
        count += len(figures)
        summed = true.pop((call_off_id, month, period), dict.fromkeys(_COLUMNS, 0))
        differences += _differences(names.get(call_off_id, str(call_off_id)), month, period, figures, summed)
    for (call_off_id, month, period), summed in sorted(true.items()):
        nothing = [0] * len(_COLUMNS)
        differences += _differences(names.get(call_off_id, str(call_off_id)), month, period, nothing, summed)
    return Compared("figures of months and periods", count), differences


def _differences(
    name: str, month: date, period: date, figures: list[int], summed: dict[str, int]
) -> Iterator[str]:
    for column, stored in zip(_COLUMNS, figures, strict=True):
        if stored == summed[column]:
            continue
        word, end = column.split("_", 1)
        where = f"Call-off {name}, {month:%B %Y}, period from {dates.in_words(period)}: {word}"
        if end == "count":
            yield f"{where} counts {stored} entries, there are {summed[column]}"
        else:
            net = " net of VAT" if end == "net_pence" else ""
            yield f"{where}{net} is {Money(stored)}, its entries add up to {Money(summed[column])}"


def _from_entries(session: Session) -> dict[Key, dict[str, int]]:
    calendars = _by_id(session, _party.c.id, _party.c.calendar)
    found: dict[Key, dict[str, int]] = {}
    for call_off_id, authority_id, kind, day, on_basis, net, entries in _moved(session):
        key = (call_off_id, day.replace(day=1), period_of(calendars[authority_id], day).first_day)
        row = found.setdefault(key, dict.fromkeys(_COLUMNS, 0))
        word = WORD[EntryKind(kind)]
        row[f"{word}_pence"] += int(on_basis)
        row[f"{word}_net_pence"] += int(net)
        row[f"{word}_count"] += entries
    return found


def _by_id(session: Session, key: sa.ColumnElement[int], word: sa.ColumnElement[str]) -> dict[int, str]:
    return {row[0]: row[1] for row in session.connection().execute(sa.select(key, word))}


def _moved(session: Session) -> Iterator[Any]:
    """(call-off, authority, kind, day it counts for, on basis, net, how many entries): by day where entries have one, else each alone."""
    whose = (_entry.c.call_off_id, _entry.c.authority_id, _entry.c.kind)
    # Calendars are the call-off's authority's; `entries_belong` says where an entry names another.
    dated = session.connection().execute(
        sa.select(
            *whose,
            _entry.c.effective_on,
            sa.func.sum(_entry.c.amount_pence),
            sa.func.sum(_entry.c.net_pence),
            sa.func.count(),
        )
        .where(_entry.c.effective_on.is_not(None))
        .group_by(*whose, _entry.c.effective_on)
    )
    yield from dated
    undated = session.connection().execute(
        sa.select(*whose, _entry.c.posted_at, _entry.c.amount_pence, _entry.c.net_pence)
        .where(_entry.c.effective_on.is_(None))
        .order_by(_entry.c.id)
    )
    moment: datetime
    for call_off_id, authority_id, kind, moment, on_basis, net in undated:
        yield call_off_id, authority_id, kind, dates.as_london(moment).date(), on_basis, net, 1


def lines_belong(session: Session) -> tuple[Compared, list[str]]:
    """Each entry that rests on a line of an extract names a line that is there, of the authority of its call-off."""
    count = session.connection().execute(
        sa.select(sa.func.count()).select_from(_entry).where(_entry.c.spend_line_id.is_not(None))
    )
    rows = session.connection().execute(
        sa.select(_entry.c.id, _entry.c.spend_line_id, _line.c.id)
        .select_from(_entry.outerjoin(_line, _line.c.id == _entry.c.spend_line_id))
        .where(
            _entry.c.spend_line_id.is_not(None),
            sa.or_(_line.c.id.is_(None), _line.c.authority_id != _entry.c.authority_id),
        )
        .order_by(_entry.c.id)
    )
    return Compared("entries that rest on lines of extracts", int(count.scalar_one())), [
        f"Entry {number}: line {line_id} "
        + ("belongs to another authority" if found is not None else "is not there")
        for number, line_id, found in rows
    ]
