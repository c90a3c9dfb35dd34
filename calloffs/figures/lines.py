"""The table of spend lines: one line of an extract a row, as the authority's finance system said it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from calloffs.call_off import CallOff
from calloffs.extracts.finding import counts, line, visible
from calloffs.extracts.source import SpendSource
from calloffs.extracts.spend_import import SpendImport
from calloffs.figures.choices import chosen, periods, years
from calloffs.figures.completeness import completeness
from calloffs.figures.spans import span_of
from calloffs.matching.flags import Flag, among, of
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.definitions.money import Basis, Money
from framework.definitions.rules import NotFound
from framework.definitions.terms import financial_year_term
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.records.columns import table_of

_BLOCK = 500
_call_offs, _sources, _imports, _parties = (
    table_of(model) for model in (CallOff, SpendSource, SpendImport, Party)
)
_authority, _supplier = _parties.alias("authority"), _parties.alias("supplier")
_MATCHED = {"yes": "Matched to a call-off", "no": "Waits to be matched", "not_ours": "Belongs to no call-off"}
_NAMES = (
    "authority",
    "source",
    "import",
    "call_off",
    "supplier",
    "matched",
    "flag",
    "year",
    "period",
    "line",
)


def _asked(asking: Asking) -> list[sa.ColumnElement[bool]]:
    said = {name: value for name, value in asking.filters.items() if value}
    if set(said) - set(_NAMES):
        raise NotFound
    reads = asking.visitor.parties_where(Permission.EXTRACT_READ) | asking.visitor.parties_where(
        Permission.SPEND_READ
    )
    found = [line.c.authority_id.in_(reads), visible(asking.visitor), counts()]
    for name, column in (
        ("authority", line.c.authority_id),
        ("source", line.c.source_id),
        ("import", line.c.import_id),
        ("supplier", line.c.supplier_id),
        ("line", line.c.id),
    ):
        if name in said:
            found.append(column == _number(said[name]))
    if "call_off" in said:
        found.append(_call_offs.c.reference == said["call_off"])
    if "matched" in said:
        found += _matched(said["matched"])
    if "flag" in said:
        if said["flag"] not in set(Flag):
            raise NotFound
        # The first term says of which index flagged lines are.
        found += [line.c.flags != sa.literal_column("''"), line.c.flags.like(among(Flag(said["flag"])))]
    span = span_of({name: value for name, value in said.items() if name in ("year", "period")})
    if span.year:
        found.append(line.c.accounting_on.between(span.year, financial_year_term(span.year).last))
    if span.period:
        ends = span.ends.items()
        found.append(sa.or_(*(_in_period(code, span.period, last) for code, last in ends)))
    return found


def _in_period(calendar: str, first: date, last: date) -> sa.ColumnElement[bool]:
    return sa.and_(_authority.c.calendar == calendar, line.c.accounting_on.between(first, last))


def _number(said: str) -> int:
    if not (said.isascii() and said.isdigit() and len(said) < 10):
        raise NotFound
    return int(said)


def _matched(said: str) -> list[sa.ColumnElement[bool]]:
    if said == "yes":
        return [line.c.call_off_id.is_not(None)]
    if said == "no":
        return [line.c.call_off_id.is_(None), line.c.not_ours_at.is_(None)]
    if said == "not_ours":
        return [line.c.not_ours_at.is_not(None)]
    raise NotFound


def _source() -> sa.FromClause:
    return (
        line.join(_authority, _authority.c.id == line.c.authority_id)
        .join(_sources, _sources.c.id == line.c.source_id)
        .outerjoin(_call_offs, _call_offs.c.id == line.c.call_off_id)
        .outerjoin(_supplier, _supplier.c.id == line.c.supplier_id)
    )


def _rows(asking: Asking) -> Iterator[Row]:
    query = (
        sa.select(
            line,
            _authority.c.name.label("authority"),
            _sources.c.name.label("source"),
            _call_offs.c.reference.label("call_off"),
            _supplier.c.name.label("partner"),
        )
        .select_from(_source())
        .where(*_asked(asking))
        .order_by(line.c.id.desc())
    )
    if asking.after:
        query = query.where(line.c.id < asking.after)
    if asking.most is not None:
        query = query.limit(asking.most)
    options: dict[str, Any] = {"yield_per": _BLOCK} if asking.most is None else {}
    for one in asking.session.connection().execute(query, execution_options=options):
        yield _row(one)


def _row(one: Any) -> Row:
    matched = "yes" if one.call_off_id is not None else "not_ours" if one.not_ours_at else "no"
    return Row(
        (
            one.accounting_on,
            one.authority,
            one.source,
            one.row,
            one.transaction_number,
            one.line_number,
            one.occurrence,
            one.invoice_number,
            one.purchase_order,
            one.supplier_name,
            one.supplier_number,
            one.company_number,
            one.partner or "",
            one.call_off or "",
            _MATCHED[matched],
            one.invoice_on,
            one.received_on,
            one.due_on,
            one.paid_on,
            one.directorate,
            one.cost_centre,
            one.account_code,
            one.narrative,
            _money(one.net_pence),
            _money(one.vat_pence),
            _money(one.gross_pence),
            ", ".join(flag.label for flag in of(one.flags)),
        ),
        ("call_off.show", {"reference": one.call_off}) if one.call_off else None,
        one.id,
    )


def _money(pence: int | None) -> Money | None:
    return None if pence is None else Money(pence)


def _totals(asking: Asking) -> list[Total]:
    sums = [sa.func.coalesce(sa.func.sum(line.c[f"{name}_pence"]), 0) for name in ("net", "vat", "gross")]
    row = (
        asking.session.connection()
        .execute(sa.select(sa.func.count(), *sums).select_from(_source()).where(*_asked(asking)))
        .one()
    )
    if not row[0]:
        return []
    net, vat, gross = (Money(int(one)) for one in row[1:])
    return [Total("", {"net": net, "vat": vat, "gross": gross}, int(row[0]))]


def _named(table: sa.Table, name: sa.ColumnElement[str], whose: sa.ColumnElement[int]) -> Any:
    def ask(asking: Asking) -> list[tuple[str, str]]:
        reads = asking.visitor.parties_where(Permission.EXTRACT_READ)
        query = sa.select(table.c.id, name).where(whose.in_(reads)).order_by(table.c.id.desc()).limit(200)
        return [(str(row[0]), row[1]) for row in asking.session.connection().execute(query)]

    return ask


TABLE = FactTable(
    key="lines",
    title="Lines of extracts",
    permission=Permission.SPEND_READ,
    columns=(
        Column("accounting_on", "Counts for", Kind.DAY),
        Column("authority", "Authority"),
        Column("source", "Source"),
        Column("row", "Row of its file", Kind.COUNT),
        Column("transaction", "Transaction", Kind.CODE),
        Column("line", "Line", Kind.CODE),
        Column("occurrence", "Occurrence", Kind.COUNT),
        Column("invoice", "Invoice", Kind.CODE),
        Column("purchase_order", "Purchase order", Kind.CODE),
        Column("supplier_name", "Supplier in the file"),
        Column("supplier_number", "Supplier number", Kind.CODE),
        Column("company_number", "Company number", Kind.CODE),
        Column("partner", "Partner"),
        Column("call_off", "Call-off", Kind.CODE),
        Column("matched", "Matched"),
        Column("invoice_on", "Invoiced on", Kind.DAY),
        Column("received_on", "Received on", Kind.DAY),
        Column("due_on", "Due on", Kind.DAY),
        Column("paid_on", "Paid on", Kind.DAY),
        Column("directorate", "Directorate"),
        Column("cost_centre", "Cost centre", Kind.CODE),
        Column("account_code", "Account", Kind.CODE),
        Column("narrative", "Narrative"),
        Column("net", "Net of VAT", Kind.MONEY, Basis.NET.label, summed=True),
        Column("vat", "VAT", Kind.MONEY, "VAT", summed=True),
        Column("gross", "Including VAT", Kind.MONEY, Basis.GROSS.label, summed=True),
        Column("flags", "To look at"),
    ),
    rows=_rows,
    totals=_totals,
    how="What the finance systems said, line by line, as last loaded; blank where a file does not say, never worked out from a rate. "
    "A line moves the ledger only once it is matched to a call-off: its entries are in the table of ledger entries.",
    filters=(
        Filter("authority", "Authority", _named(_parties, _parties.c.name, _parties.c.id)),
        Filter("source", "Source", _named(_sources, _sources.c.name, _sources.c.authority_id)),
        Filter("import", "File", _named(_imports, _imports.c.file_name, _imports.c.authority_id)),
        Filter("call_off", "Call-off", chosen("call_off")),
        Filter("supplier", "Partner", chosen("supplier")),
        Filter("matched", "Matched", lambda _asking: list(_MATCHED.items())),
        Filter("flag", "To look at", lambda _asking: [(one.value, one.label) for one in Flag]),
        Filter("year", "Financial year", years),
        Filter("period", "Accounting period", periods),
        Filter("line", "Line", chosen("line")),
    ),
    said=lambda asking: list(completeness(asking.session, asking.visitor).sentences),
)
"""Every line of the authorities whose extracts the visitor reads; for others who read spend, those matched to its call-offs."""
