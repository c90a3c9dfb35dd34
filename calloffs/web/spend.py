"""Spend: the overview, and the places where money shows on other records' pages."""

from typing import Any

from flask import Blueprint, current_app, url_for
from sqlmodel import Session

from calloffs import finding
from calloffs.call_off import CallOff
from calloffs.figures.completeness import completeness
from calloffs.reports.every_report import OVERVIEW, REPORTS
from calloffs.reports.report import FIGURES, Asked
from calloffs.spend.balances import Figures, agreement, by_lot, figures_of, movements
from calloffs.web.finance_links import links_for
from framework.agreement import FrameworkAgreement
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission, Visitor
from framework.web.charts import Bar, spend_bar
from framework.web.sections import Section
from framework.web.visit import page, requires, session, visitor
from lots.lot import Lot

door = Blueprint("spend", __name__)


@door.get("/spend/")
@requires(Permission.SPEND_READ)
def index() -> Any:
    """Every agreement the visitor may see: a bar each, and the table."""
    asked = Asked(session(), visitor())
    lines = list(OVERVIEW.rows(asked))
    bars = [
        bar_of(f"agreement-{place}", f"{one.words[0]} {one.words[1]}", one.figures, one.basis)
        for place, one in enumerate(lines, start=1)
    ]
    return page(
        "calloffs/spend/index.html",
        report=OVERVIEW,
        heads=FIGURES,
        lines=lines,
        totals=OVERVIEW.total(asked),
        bars=bars,
        downloads={kind: url_for("report.overview_file", form=kind) for kind in ("csv", "xlsx")},
        groups=links_for(visitor(), current_app.view_functions),
        completeness=completeness(session(), visitor()),
    )


def bar_of(key: str, title: str, figures: Figures, basis: str) -> Bar:
    """The bar of one scope."""
    return spend_bar(
        key,
        title,
        ceiling=figures.ceiling,
        reserved=figures.reserved,
        committed=figures.committed,
        invoiced=figures.invoiced,
        paid=figures.paid,
        basis=basis,
    )


# Places on other pages


def on_agreement(own: Session, who: Visitor, found: FrameworkAgreement) -> Section | None:
    """Spend of an agreement: its bar, one for each lot, and the way to the tables."""
    if found.recorded_as_past or found.confirmed_at is None or not who.may(Permission.SPEND_READ):
        return None
    basis = found.basis.label
    whole = figures_of(found, found.ceiling)
    lots = by_lot(own, found)
    return Section(
        "money",
        "Money",
        "calloffs/spend/_scope.html",
        {
            "bars": [
                bar_of("spend-all", found.title, whole, basis),
                *(
                    bar_of(f"spend-lot-{number}", f"Lot {number}", figures, basis)
                    for _, number, _, figures in lots
                ),
            ],
            "rows": [
                (found.title, whole, {"agreement": found.reference}),
                *((f"Lot {number}", figures, {"lot": lot}) for lot, number, _, figures in lots),
            ],
            "basis": basis,
            "links": [
                *(
                    (report.title, url_for("report.show", reference=found.reference, key=report.key))
                    for report in REPORTS
                ),
                ("Figures by year, period and programme", _figures(agreement=found.reference, by="period")),
            ],
        },
    )


def on_lot(own: Session, who: Visitor, found: Lot) -> Section | None:
    """Spend of a lot: its bar, and the way to the tables of its agreement."""
    whose = own.get(FrameworkAgreement, found.agreement_id)
    if whose is None or whose.recorded_as_past or not who.may(Permission.SPEND_READ):
        return None
    try:
        agreement(own, who, whose.reference)
    except NotFound:
        return None
    figures = figures_of(found, found.ceiling)
    return Section(
        "money",
        "Money",
        "calloffs/spend/_scope.html",
        {
            "bars": [bar_of("spend-lot", f"Lot {found.number}", figures, whose.basis.label)],
            "rows": [(f"Lot {found.number}", figures, {"lot": found.reference})],
            "basis": whose.basis.label,
            "links": [
                ("Spend by lot", url_for("report.show", reference=whose.reference, key="lots")),
                ("Figures by authority", _figures(lot=found.reference, by="authority")),
            ],
        },
    )


def _figures(**asked: Any) -> str:
    return url_for("figures.index", **asked)


def on_call_off(own: Session, who: Visitor, found: CallOff) -> Section | None:
    """Money of a call-off: its balances, what is left to invoice and its entries with running totals."""
    if found.submitted_at is None or not finding.reads_whole(who, found):
        return None
    whose = own.get(FrameworkAgreement, found.agreement_id)
    assert whose is not None
    return Section(
        "money",
        "Money",
        "calloffs/spend/_call_off.html",
        {
            "figures": figures_of(found),
            "left_to_invoice": found.left_to_invoice,
            "value": found.value,
            "basis": whose.basis.label,
            "movements": movements(own, found),
            "entries": {"call_off": found.reference}
            if who.may(Permission.SPEND_READ, found.authority_id)
            else None,
        },
    )
