"""Spend by framework agreement: every agreement that the reader may see, totals apart for each VAT basis."""

from collections.abc import Iterator

from calloffs.reports.report import Asked, Column, Line, Report
from calloffs.spend import balances
from framework.definitions.money import Basis


def _rows(asked: Asked) -> Iterator[Line]:
    for reference, title, basis, figures in balances.by_agreement(asked.session, asked.visitor):
        yield Line(
            (reference, title),
            figures,
            basis,
            ("report.agreement", reference),
            entries={"agreement": reference},
        )


def _total(asked: Asked) -> list[Line]:
    # Net and gross are never added (RULE-29): one total for each basis.
    totals: dict[str, balances.Figures] = {}
    for line in _rows(asked):
        totals[line.basis] = totals.get(line.basis, balances.NOTHING) + line.figures
    labels = {one.label: one.value for one in Basis}
    return [
        Line((f"All agreements {basis}",), figures, basis, entries={"basis": labels[basis]})
        for basis, figures in totals.items()
    ]


REPORT = Report(
    key="agreements",
    title="Spend by framework agreement",
    columns=(Column("agreement", "Agreement"), Column("title", "Title")),
    rows=_rows,
    total=_total,
    bars=True,
)
