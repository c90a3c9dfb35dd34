"""The table of ledger entries: one entry a row, and one row for what other authorities' entries come to together."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from calloffs.extracts.spend_line import SpendLine
from calloffs.figures.asking import Sums, after_the, sums_by, total
from calloffs.figures.choices import ENTRIES
from calloffs.figures.completeness import HOW, completeness
from calloffs.figures.dimension import NAMED
from calloffs.figures.scope import (
    OTHERS,
    TOGETHER,
    UNNAMED,
    Scope,
    agreements,
    asked,
    authority,
    call_offs,
    is_own,
    joined,
    lots,
    partner,
    scope_of,
)
from calloffs.figures.spans import entry, of_entries
from calloffs.spend.entry import EntryKind, who_posted
from calloffs.spend.invoice import Invoice
from calloffs.spend.verifying_figures import WORD
from calloffs.tables.fact_table import Asking, Column, FactTable, Kind, Row, Total
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.people.permissions import Permission
from framework.people.person import Person
from framework.records.columns import table_of

_BLOCK = 500
_OTHERS_PLACE = 10**17
"""Rows of others' entries together stand before the first entry, so their places are above every entry's number."""
_invoice, _line, _person = table_of(Invoice), table_of(SpendLine), table_of(Person)
AGREED = "the agreement's basis"


def _rows(asking: Asking) -> Iterator[Row]:
    scope = scope_of(asking.session, asking.visitor, asking.filters)
    left = asking.most
    for row in _others(asking, scope):
        if left == 0:
            return
        if not asking.after or row.place < asking.after:
            left = None if left is None else left - 1
            yield row
    if scope.authority in (OTHERS, UNNAMED):
        return
    query = _query(scope)
    if asking.after:
        query = query.where(entry.c.id < asking.after)
    if left is not None:
        query = query.limit(left)
    options: dict[str, Any] = {"yield_per": _BLOCK} if left is None else {}
    for one in asking.session.connection().execute(query, execution_options=options):
        yield _row(one)


def _query(scope: Scope) -> sa.Select[Any]:
    source = (
        joined(entry, entry.c.call_off_id)
        .outerjoin(_invoice, _invoice.c.id == entry.c.invoice_id)
        .outerjoin(_line, _line.c.id == entry.c.spend_line_id)
        .outerjoin(_person, _person.c.id == entry.c.actor_id)
    )
    return (
        sa.select(
            entry.c.id,
            entry.c.posted_at,
            entry.c.effective_on,
            entry.c.kind,
            entry.c.reason,
            agreements.c.reference.label("agreement"),
            lots.c.reference.label("lot"),
            authority.c.name.label("authority"),
            partner.c.name.label("partner"),
            call_offs.c.reference.label("call_off"),
            call_offs.c.programme,
            sa.func.coalesce(_invoice.c.number, _line.c.invoice_number, "").label("invoice"),
            _line.c.transaction_number,
            _line.c.line_number,
            agreements.c.basis,
            entry.c.amount_pence,
            entry.c.net_pence,
            _person.c.name.label("who"),
        )
        .select_from(source)
        .where(*entries_asked(scope))
        .order_by(entry.c.id.desc())
    )


def entries_asked(scope: Scope) -> list[sa.ColumnElement[bool]]:
    """Which entries were asked for and may be seen one by one: those of the reader's own authorities."""
    # Said of the entry as well as of its call-off (they are the same), so that an index leads there.
    found = [is_own(scope), entry.c.authority_id.in_(scope.own), *asked(scope)]
    found += of_entries(scope.span, authority.c.calendar)
    if scope.lot_id is not None:
        found.append(entry.c.lot_id == scope.lot_id)
    if scope.call_off_id is not None:
        found.append(entry.c.call_off_id == scope.call_off_id)
    if scope.kinds:
        found.append(entry.c.kind.in_(sorted(scope.kinds)))
    if scope.as_at is not None:
        found.append(sa.not_(after_the(scope.as_at)))
    if scope.since is not None:
        found.append(after_the(scope.since))
    return found


def _row(one: Any) -> Row:
    line = " ".join(word for word in (one.transaction_number, one.line_number) if word)
    return Row(
        (
            one.posted_at,
            one.effective_on or dates.as_london(one.posted_at).date(),
            WORD[EntryKind(one.kind)].capitalize(),
            Money(one.amount_pence),
            one.basis.label,
            Money(one.net_pence),
            one.call_off,
            one.reason.capitalize(),
            one.partner or "",
            one.authority,
            one.lot,
            one.agreement,
            one.programme,
            one.invoice,
            line,
            who_posted(one.who, EntryKind(one.kind)),
            one.id,
            1,
        ),
        ("figures.entry", {"number": one.id}),
        one.id,
    )


def _others(asking: Asking, scope: Scope) -> list[Row]:
    """What the entries of other authorities come to: by agreement and kind, and within one by authority for whoever may name them."""
    if scope.call_off_id is not None or scope.programme is not None:
        return []
    rest = scope if scope.authority else replace(scope, authority=OTHERS)
    if scope.authority_ids is not None and scope.authority_ids <= scope.own:
        return []
    one = scope.agreement_id is not None or scope.lot_id is not None or bool(scope.authority_ids)
    # One page holds them: of every agreement together they are not told apart further.
    by = (NAMED["agreement"], NAMED["authority"]) if one else (NAMED["agreement"],)
    keys = [key for dimension in by for key in dimension.keys(rest)]
    found: list[tuple[tuple[Any, ...], Basis, EntryKind, Sums]] = []
    for (values, _, basis), sums in sums_by(asking.session, rest, keys).items():
        found += [(values, basis, kind, sums) for kind in WORD if sums.count(kind)]
    rows = []
    ordered = sorted(found, key=lambda row: (row[0][0], str(row[0][-1]), list(WORD).index(row[2])))
    for place, (values, basis, kind, sums) in enumerate(ordered):
        count = sums.count(kind)
        rows.append(
            Row(
                (
                    None,
                    None,
                    WORD[kind].capitalize(),
                    sums.on_basis(kind),
                    basis.label,
                    sums.net(kind),
                    "",
                    f"{TOGETHER}: {count:,} {'entry' if count == 1 else 'entries'}",
                    "",
                    (values[-1] if one else "") or TOGETHER,
                    asking.filters.get("lot", ""),
                    values[0],
                    "",
                    "",
                    "",
                    "",
                    None,
                    count,
                ),
                ("report.show", {"reference": values[0], "key": "authorities"}),
                _OTHERS_PLACE - place,
            )
        )
    return rows


def _totals(asking: Asking) -> list[Total]:
    scope = scope_of(asking.session, asking.visitor, asking.filters)
    found = total(sums_by(asking.session, scope).items())
    own: dict[Basis, Sums] = {}
    if scope.authority not in (OTHERS, UNNAMED):
        mine = replace(scope, authority_ids=(scope.authority_ids or scope.own) & scope.own)
        own = total(sums_by(asking.session, mine).items())
    together: dict[tuple[str, str], int] = {}
    for row in _others(asking, scope):
        parted = str(row.values[_PLACE["basis"]]), str(row.values[_PLACE["kind"]])
        together[parted] = together.get(parted, 0) + 1
    return [
        Total(
            basis.label,
            {"amount": sums.on_basis(kind), "net": sums.net(kind), "entries": sums.count(kind)},
            own.get(basis, Sums()).count(kind) + together.get((basis.label, word.capitalize()), 0),
            word.capitalize(),
        )
        for basis, sums in sorted(found.items(), key=lambda one: one[0].value, reverse=True)
        for kind, word in WORD.items()
        if sums.count(kind)
    ]


def _said(asking: Asking) -> list[str]:
    return list(completeness(asking.session, asking.visitor).sentences)


_COLUMNS = (
    Column("posted", "Posted", Kind.MOMENT),
    Column("counts_for", "Counts for", Kind.DAY),
    Column("kind", "Kind"),
    Column("amount", "Amount", Kind.MONEY, AGREED, summed=True),
    Column("basis", "Basis"),
    Column("net", "Net of VAT", Kind.MONEY, Basis.NET.label, summed=True),
    Column("call_off", "Call-off", Kind.CODE),
    Column("reason", "Why"),
    Column("partner", "Partner"),
    Column("authority", "Authority"),
    Column("lot", "Lot", Kind.CODE),
    Column("agreement", "Agreement", Kind.CODE),
    Column("programme", "Programme"),
    Column("invoice", "Invoice", Kind.CODE),
    Column("spend_line", "Line of an extract", Kind.CODE),
    Column("who", "Who"),
    Column("entry", "Entry", Kind.CODE),
    Column("entries", "Entries", Kind.COUNT, summed=True),
)
_PLACE = {one.name: place for place, one in enumerate(_COLUMNS)}

TABLE = FactTable(
    key="entries",
    title="Ledger entries",
    permission=Permission.SPEND_READ,
    columns=_COLUMNS,
    rows=_rows,
    totals=_totals,
    how=HOW,
    filters=tuple(ENTRIES),
    said=_said,
)
"""One row for each entry of the reader's own authorities, the newest first."""
