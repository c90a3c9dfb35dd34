"""Spend by contracting authority of one agreement; a member that does not lead sees the others as one row."""

from collections.abc import Iterator

from calloffs.reports.report import Asked, Column, Line, Report, total_of_agreement
from calloffs.spend import balances


def _rows(asked: Asked) -> Iterator[Line]:
    for name, figures in balances.by_authority(asked.session, asked.visitor, asked.one_agreement):
        yield Line((name,), figures, asked.basis)


def _rest(asked: Asked) -> list[Line]:
    if balances.leads(asked.visitor, asked.one_agreement):
        return []
    return others(asked)


def others(asked: Asked) -> list[Line]:
    """What the other authorities have, together: the agreement's balances less the reader's own."""
    found = asked.one_agreement
    rest = balances.figures_of(found) - balances.own_share(asked.session, asked.visitor, found)
    return [] if rest.is_nothing else [Line(("Other authorities together",), rest, asked.basis)]


REPORT = Report(
    key="authorities",
    title="Spend by authority",
    columns=(Column("authority", "Authority"),),
    rows=_rows,
    rest=_rest,
    total=total_of_agreement,
    bars=True,
)
