"""Payments over £30,000 including VAT that are published each quarter (RULE-47)."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from calloffs.clocks.asked_for import asked_authorities, authority_choices, quarter, quarter_choices
from calloffs.clocks.over_thirty_thousand import cannot_be_judged, published
from calloffs.clocks.paid import call_off
from calloffs.tables.asked_rows import asked_rows
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.records.columns import table_of

_authority, _partner = table_of(Party).alias("authority"), table_of(Party).alias("partner")
_GROSS = "including VAT"
_LISTS = {"published": published, "cannot_be_judged": cannot_be_judged}
_WORDS = {"published": "Over £30,000", "cannot_be_judged": "Cannot be judged: no amount including VAT"}


def _found(asking: Asking) -> Any:
    which, when = asking.filters.get("list", "published"), asking.filters.get("quarter")
    if which not in _LISTS:
        raise NotFound
    mine = asked_authorities(asking, Permission.EXTRACT_READ)
    return _LISTS[which](mine, quarter(when) if when else None).subquery("listed")


def _rows(asking: Asking) -> Iterator[Row]:
    listed = _found(asking)
    query = (
        sa.select(
            listed,
            call_off.c.reference,
            call_off.c.title,
            _authority.c.name.label("authority"),
            _partner.c.name.label("partner"),
            _partner.c.company_number,
        )
        .join(call_off, call_off.c.id == listed.c.call_off_id)
        .join(_authority, _authority.c.id == listed.c.authority_id)
        .outerjoin(_partner, _partner.c.id == listed.c.supplier_id)
    )
    for one in asked_rows(asking, query, listed.c.place):
        yield Row(
            (
                one.authority,
                one.partner or "",
                one.company_number or "",
                one.reference,
                one.title,
                one.agreement,
                one.commenced_on,
                one.number,
                one.paid_on,
                None if one.gross_pence is None else Money(one.gross_pence),
            ),
            ("call_off.show", {"reference": one.reference}),
            one.place,
        )


def _totals(asking: Asking) -> list[Total]:
    listed = _found(asking)
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(listed.c.gross_pence), 0))
    rows, pence = asking.session.connection().execute(query.select_from(listed)).one()
    return [Total(_GROSS, {"gross": Money(int(pence))}, int(rows))]


def _lists(asking: Asking) -> list[tuple[str, str]]:
    # What is published stands for the blank choice and is not said twice, but where an address names it.
    named = asking.filters.get("list") == "published"
    return [(name, words) for name, words in _WORDS.items() if name != "published" or named]


TABLE = FactTable(
    key="payments-over-30000",
    title="Payments over £30,000",
    permission=Permission.EXTRACT_READ,
    columns=(
        Column("authority", "Authority"),
        Column("supplier", "Supplier"),
        Column("company_number", "Company number", Kind.CODE),
        Column("call_off", "Call-off", Kind.CODE),
        Column("title", "Title"),
        Column("agreement", "Agreement", Kind.CODE),
        Column("commenced_on", "Procurement commenced", Kind.DAY),
        Column("invoice_number", "Invoice", Kind.CODE),
        Column("paid_on", "Paid", Kind.DAY),
        Column("gross", "Paid, including VAT", Kind.MONEY, _GROSS, summed=True),
    ),
    rows=_rows,
    totals=_totals,
    how="Each single payment of more than £30,000.00 including VAT under an agreement whose procurement commenced on or after 1 April 2026. "
    "Smaller payments are never added up, and one that was taken back is not listed. Payments under older agreements, or under one without a day of commencement, are not listed.",
    filters=(
        Filter("authority", "Authority", authority_choices(Permission.EXTRACT_READ)),
        Filter("quarter", "Quarter", quarter_choices, blank="All quarters"),
        Filter("list", "Which", _lists, blank=_WORDS["published"]),
    ),
)
