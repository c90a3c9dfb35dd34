"""Spend by lot of one agreement."""

from collections.abc import Iterator

from calloffs.reports.report import Asked, Column, Line, Report, total_of_agreement
from calloffs.spend import balances


def _rows(asked: Asked) -> Iterator[Line]:
    for reference, _number, title, figures in balances.by_lot(asked.session, asked.one_agreement):
        yield Line(
            (reference, title), figures, asked.basis, ("lot.show", reference), entries={"lot": reference}
        )


REPORT = Report(
    key="lots",
    title="Spend by lot",
    columns=(Column("lot", "Lot"), Column("title", "Title")),
    rows=_rows,
    total=total_of_agreement,
    bars=True,
)
