"""Spend over £500 under the transparency code (RULE-53), from the lines of the authority's finance system.

Each line is judged by itself, strictly over £500, net of VAT where the line gives it and else including VAT; the row says which, and
the two are never added. An individual is named as "REDACTED PERSONAL DATA", as the file says or a person marked it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.clocks.asked_for import asked_authorities, authority_choices, quarter, quarter_choices
from calloffs.extracts.finding import counts, line
from calloffs.opendata.personal_line import PersonalLine
from calloffs.tables.asked_rows import asked_rows
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.definitions.money import Basis, Money
from framework.definitions.rules import NotFound
from framework.definitions.terms import Term
from framework.definitions.thresholds import Trigger, amount
from framework.people.permissions import Permission
from framework.records.columns import table_of

REDACTED = "REDACTED PERSONAL DATA"
_mark = table_of(PersonalLine)
_amount = sa.func.coalesce(line.c.net_pence, line.c.gross_pence)
_is_net = line.c.net_pence.is_not(None)
_says_so = sa.func.upper(line.c.supplier_name).like(f"%{REDACTED}%")
_is_marked = sa.exists().where(_mark.c.line_id == line.c.id, _mark.c.taken_away_at.is_(None)).correlate(line)
_WHICH = {"yes": "Redacted", "no": "Named"}


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of a quarter on one basis: how many, and their sum."""

    basis: str
    lines: int
    total: Money


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a quarter's lines: listed, left out because they are £500.00 or less, left out as credits; and how many are redacted."""

    listed: tuple[Part, ...]
    small: tuple[Part, ...]
    credited: tuple[Part, ...]
    redacted: int


def outcome(session: Session, authority_id: int, when: Term) -> Outcome:
    """What would be published of a quarter and what not, by basis."""
    limit = amount(Trigger.SPEND_LIST).pence
    group = sa.case((_amount > limit, "listed"), (_amount > 0, "small"), else_="credited")
    query = (
        sa.select(group.label("group"), _is_net.label("net"), sa.func.count(), sa.func.sum(_amount))
        .where(*_of_quarter([authority_id], when))
        .group_by(sa.text("1"), sa.text("2"))
        .order_by(sa.text("1"), sa.text("2"))
    )
    found: dict[str, list[Part]] = {"listed": [], "small": [], "credited": []}
    connection = session.connection()
    for name, net, number, pence in connection.execute(query):
        found[name].append(Part(_basis(net), int(number), Money(int(pence))))
    redacted = sa.select(sa.func.count()).where(
        *_of_quarter([authority_id], when), _amount > limit, sa.or_(_says_so, _is_marked)
    )
    return Outcome(
        tuple(found["listed"]),
        tuple(found["small"]),
        tuple(found["credited"]),
        int(connection.execute(redacted).scalar_one()),
    )


def _of_quarter(authority_ids: list[int], when: Term | None) -> list[Any]:
    found = [line.c.authority_id.in_(authority_ids), counts()]
    return found if when is None else [*found, line.c.accounting_on.between(when.first, when.last)]


def _wanted(asking: Asking) -> list[Any]:
    mine, chosen = asked_authorities(asking, Permission.EXTRACT_READ), asking.filters.get("quarter")
    found = [
        *_of_quarter(mine, quarter(chosen) if chosen else None),
        _amount > amount(Trigger.SPEND_LIST).pence,
    ]
    which = asking.filters.get("redacted", "")
    if which and which not in _WHICH:
        raise NotFound
    if which:
        hidden = sa.or_(_says_so, _is_marked)
        found.append(hidden if which == "yes" else ~hidden)
    return found


def _rows(asking: Asking) -> Iterator[Row]:
    columns = (
        "directorate",
        "service",
        "cost_centre",
        "supplier_name",
        "account_label",
        "category",
        "narrative",
    )
    query = sa.select(
        line.c.id,
        line.c.accounting_on,
        *(line.c[one] for one in columns),
        line.c.irrecoverable_vat_pence,
        _amount.label("amount"),
        _is_net.label("net"),
        sa.or_(_says_so, _is_marked).label("hidden"),
    ).where(*_wanted(asking))
    for one in asked_rows(asking, query, line.c.id):
        yield Row(
            (
                one.accounting_on,
                one.directorate or one.service or one.cost_centre,
                REDACTED if one.hidden else one.supplier_name,
                _purpose(one),
                Money(int(one.amount)),
                _basis(one.net),
                None if one.irrecoverable_vat_pence is None else Money(one.irrecoverable_vat_pence),
                one.category,
            ),
            ("publishing.line", {"number": one.id}),
            one.id,
        )


def _purpose(one: Any) -> str:
    # Words that somebody typed may name a person: the account's own name says the purpose, and they stand in only where it has none.
    known = one.account_label or one.category or one.service
    return str(known if known or one.hidden else one.narrative)


def _basis(net: bool) -> str:
    return (Basis.NET if net else Basis.GROSS).label


def _totals(asking: Asking) -> list[Total]:
    query = sa.select(_is_net.label("net"), sa.func.count(), sa.func.sum(_amount)).where(*_wanted(asking))
    found = asking.session.connection().execute(query.group_by(sa.text("1")).order_by(sa.text("1")))
    return [Total(_basis(net), {"amount": Money(int(pence))}, int(rows)) for net, rows, pence in found]


TABLE = FactTable(
    key="spend-over-500",
    title="Spend over £500",
    permission=Permission.EXTRACT_READ,
    columns=(
        Column("date", "Date", Kind.DAY),
        Column("department", "Department"),
        Column("beneficiary", "Beneficiary"),
        Column("purpose", "Summary of the purpose"),
        Column("amount", "Amount", Kind.MONEY, "the basis of its row", summed=True),
        Column("basis", "Basis"),
        Column("irrecoverable_vat", "VAT that cannot be recovered", Kind.MONEY, "VAT"),
        Column("merchant_category", "Merchant category"),
    ),
    rows=_rows,
    totals=_totals,
    how="Every line of the authority’s finance system in the quarter (in all of them where none is chosen) of more than £500.00, "
    "purchase cards included and each line by itself: net of VAT where the line says it, else including VAT, as the basis of its row "
    "says. Credits are left out. Date is the day of payment, or of the invoice where the file gives no other. Individuals stand as "
    f"“{REDACTED}” where the file says so or somebody marked the line, and no typed words of such a line are shown.",
    filters=(
        Filter("authority", "Authority", authority_choices(Permission.EXTRACT_READ)),
        Filter("quarter", "Quarter", quarter_choices, blank="All quarters"),
        Filter("redacted", "Individuals", lambda _asking: list(_WHICH.items())),
    ),
)
