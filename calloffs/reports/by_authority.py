"""Spend by contracting authority of one agreement; a member that does not lead sees the others as one row."""

from collections.abc import Iterator

from calloffs.figures.scope import OTHERS, TOGETHER
from calloffs.reports.report import Asked, Column, Line, Report, total_of_agreement
from calloffs.spend import balances


def _rows(asked: Asked) -> Iterator[Line]:
    for name, figures in balances.by_authority(asked.session, asked.visitor, asked.one_agreement):
        entries = {"agreement": asked.one_agreement.reference, "authority": name}
        yield Line((name,), figures, asked.basis, entries=entries)


def _rest(asked: Asked) -> list[Line]:
    if balances.leads(asked.visitor, asked.one_agreement):
        return []
    return others(asked)


def others(asked: Asked) -> list[Line]:
    """What the other authorities have, together: the agreement's balances less the reader's own."""
    found = asked.one_agreement
    rest = balances.figures_of(found) - balances.own_share(asked.session, asked.visitor, found)
    if rest.is_nothing:
        return []
    entries = {"agreement": found.reference, "authority": OTHERS}
    return [Line((TOGETHER,), rest, asked.basis, entries=entries)]


REPORT = Report(
    key="authorities",
    title="Spend by authority",
    columns=(Column("authority", "Authority"),),
    rows=_rows,
    rest=_rest,
    total=total_of_agreement,
    bars=True,
)
