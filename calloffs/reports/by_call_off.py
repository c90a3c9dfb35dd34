"""Spend by call-off of one agreement: the reader's own authority's, and the others' as one row."""

from collections.abc import Iterator

from calloffs.reports.by_authority import others
from calloffs.reports.report import Asked, Column, Line, Report, total_of_agreement
from calloffs.spend import balances


def _rows(asked: Asked) -> Iterator[Line]:
    for number, reference, title, authority, lot, figures in balances.by_call_off(
        asked.session, asked.visitor, asked.one_agreement, asked.after, asked.most
    ):
        yield Line(
            (reference, title, lot, authority),
            figures,
            asked.basis,
            ("call_off.show", reference),
            number,
            {"call_off": reference},
        )


REPORT = Report(
    key="call-offs",
    title="Spend by call-off",
    columns=(
        Column("call_off", "Call-off"),
        Column("title", "Title"),
        Column("lot", "Lot"),
        Column("authority", "Authority"),
    ),
    rows=_rows,
    rest=others,
    total=total_of_agreement,
    paged=True,
)
