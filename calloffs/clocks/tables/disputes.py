"""Disputes: one row for each, with its reason, how it was resolved and for how long the clock stood."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from calloffs.clocks.asked_for import asked_authorities, authority_choices
from calloffs.clocks.dispute import DisputeEvent, DisputeKind
from calloffs.clocks.paid import call_off, invoice
from calloffs.tables.asked_rows import asked_rows
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.payments import stopped_days
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.records.columns import table_of

_opened = table_of(DisputeEvent).alias("opened")
_resolved = table_of(DisputeEvent).alias("resolved")
_authority, _partner = table_of(Party).alias("authority"), table_of(Party).alias("partner")
_GROSS = "including VAT"
_STATES = {"open": "Standing", "resolved": "Resolved"}


def _rows(asking: Asking) -> Iterator[Row]:
    query = _from(
        sa.select(
            _opened.c.id,
            _authority.c.name.label("authority"),
            _partner.c.name.label("partner"),
            call_off.c.reference,
            invoice.c.id.label("invoice_id"),
            invoice.c.number,
            invoice.c.gross_pence,
            invoice.c.due_on,
            invoice.c.disputed_on,
            _opened.c.happened_on.label("opened_on"),
            _opened.c.words.label("why"),
            _resolved.c.happened_on.label("resolved_on"),
            _resolved.c.kind.label("outcome"),
            _resolved.c.words.label("how"),
        )
    ).where(*_wanted(asking))
    today = dates.today()
    for one in asked_rows(asking, query, _opened.c.id):
        yield Row(
            (
                one.authority,
                one.partner,
                one.reference,
                one.number,
                one.opened_on,
                one.why,
                one.resolved_on,
                one.outcome.label if one.outcome else "",
                one.how or "",
                stopped_days([(one.opened_on, one.resolved_on)], today),
                None if one.disputed_on else one.due_on,
                Money(one.gross_pence),
            ),
            ("call_off.show", {"reference": one.reference}),
            one.id,
        )


def _totals(asking: Asking) -> list[Total]:
    query = _from(sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(invoice.c.gross_pence), 0)))
    rows, pence = asking.session.connection().execute(query.where(*_wanted(asking))).one()
    return [Total(_GROSS, {"gross": Money(int(pence))}, int(rows))]


def _from(query: sa.Select[Any]) -> sa.Select[Any]:
    return (
        query.select_from(_opened)
        .outerjoin(
            _resolved,
            sa.and_(
                _resolved.c.invoice_id == _opened.c.invoice_id, _resolved.c.number == _opened.c.number + 1
            ),
        )
        .join(invoice, invoice.c.id == _opened.c.invoice_id)
        .join(call_off, call_off.c.id == invoice.c.call_off_id)
        .join(_authority, _authority.c.id == invoice.c.authority_id)
        .join(_partner, _partner.c.id == invoice.c.supplier_id)
    )


def _wanted(asking: Asking) -> list[sa.ColumnElement[bool]]:
    state = asking.filters.get("state", "")
    if state and state not in _STATES:
        raise NotFound
    found = [
        _opened.c.kind == DisputeKind.OPENED,
        invoice.c.authority_id.in_(asked_authorities(asking, Permission.SPEND_READ)),
    ]
    if state:
        standing = _resolved.c.id.is_(None)
        found.append(standing if state == "open" else ~standing)
    return found


TABLE = FactTable(
    key="disputes",
    title="Disputed invoices",
    permission=Permission.SPEND_READ,
    columns=(
        Column("authority", "Authority"),
        Column("partner", "Partner"),
        Column("call_off", "Call-off", Kind.CODE),
        Column("invoice_number", "Invoice", Kind.CODE),
        Column("opened_on", "Disputed on", Kind.DAY),
        Column("reason", "Reason"),
        Column("resolved_on", "Resolved on", Kind.DAY),
        Column("outcome", "Outcome"),
        Column("resolution", "In words"),
        Column("disputed_days", "Days the clock stood", Kind.COUNT),
        Column("due_on", "Due", Kind.DAY),
        Column("gross", "Invoice, including VAT", Kind.MONEY, _GROSS, summed=True),
    ),
    rows=_rows,
    totals=_totals,
    how="One row for each dispute, the newest first. The clock of an invoice stands from the day after a dispute is opened to the day on "
    "which it is resolved, and the due day moves by as many days. While a dispute stands there is no due day. An invoice that was "
    "disputed twice is there twice, with its whole amount each time.",
    filters=(
        Filter("authority", "Authority", authority_choices(Permission.SPEND_READ)),
        Filter("state", "State", lambda _asking: list(_STATES.items())),
    ),
)
