"""The share of small and medium-sized enterprises as a table of facts: one row for each agreement, council and financial year."""

from collections.abc import Iterator

from calloffs.forecasting import finding
from calloffs.forecasting.forecast_table import AGREED, agreement_choices, asked
from calloffs.pictures.sme_share import shares
from calloffs.pictures.sme_target import target_of
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission


def _rows(asking: Asking) -> Iterator[Row]:
    if set(asking.filters) - {"agreement", "year"}:
        raise NotFound
    reference = asking.filters.get("agreement")
    chosen = (
        [finding.agreement(asking.session, asking.visitor, reference)]
        if reference
        else finding.agreements(asking.session, asking.visitor)
    )
    rows: list[Row] = []
    for agreement in chosen:
        target = target_of(asking.session, agreement.id)
        for one in shares(asking.session, asking.visitor, agreement):
            if asking.filters.get("year", one.year) != one.year:
                continue
            facts = (
                agreement.reference,
                one.year,
                one.authority,
                one.value.shown_bp,
                one.number.shown_bp,
                target,
                Money(one.value.sme),
                Money(one.value.other),
                Money(one.value.unknown),
                Money(one.value.whole),
                agreement.basis.label,
                one.number.sme,
                one.number.other,
                one.number.unknown,
                one.number.whole,
            )
            rows.append(Row(facts, ("pictures.sme", {"reference": agreement.reference}), len(rows) + 1))
    return asked(asking, rows)


def _totals(_asking: Asking) -> list[Total]:
    # Rows of all authorities hold those of each council, so nothing is added up.
    return []


def _years(asking: Asking) -> list[tuple[str, str]]:
    found = {
        one.year
        for agreement in finding.agreements(asking.session, asking.visitor)
        for one in shares(asking.session, asking.visitor, agreement)
    }
    return [(year, year) for year in sorted(found, reverse=True)]


TABLE = FactTable(
    key="sme-share",
    title="Share of small and medium-sized enterprises",
    permission=Permission.SPEND_READ,
    columns=(
        Column("agreement", "Agreement", Kind.CODE),
        Column("year", "Financial year"),
        Column("authority", "Authority"),
        Column("share_by_value", "SME share by value", Kind.SHARE, formula="ROUND({sme_value} / {value}, 3)"),
        Column(
            "share_by_number", "SME share by number", Kind.SHARE, formula="ROUND({sme_number} / {number}, 3)"
        ),
        Column("target", "Target", Kind.SHARE),
        Column("sme_value", "To SMEs", Kind.MONEY, AGREED),
        Column("other_value", "To larger partners", Kind.MONEY, AGREED),
        Column("unknown_value", "Size not known", Kind.MONEY, AGREED),
        Column(
            "value", "Committed", Kind.MONEY, AGREED, formula="{sme_value} + {other_value} + {unknown_value}"
        ),
        Column("basis", "Basis"),
        Column("sme_number", "Call-offs with SMEs", Kind.COUNT),
        Column("other_number", "With larger partners", Kind.COUNT),
        Column("unknown_number", "Size not known (call-offs)", Kind.COUNT),
        Column("number", "Call-offs awarded", Kind.COUNT),
    ),
    rows=_rows,
    totals=_totals,
    how="Value is what was committed less what was released in the year. Number is call-offs awarded in it, without withdrawn awards. "
    "A partner is an SME by its staff, turnover and balance sheet as they stand now; one whose figures are not known is told apart. "
    "A share is rounded half up to a tenth of a per cent.",
    filters=(
        Filter("agreement", "Agreement", agreement_choices),
        Filter("year", "Financial year", _years),
    ),
    paged=False,
)
