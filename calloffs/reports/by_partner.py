"""Spend by partner and lot of one agreement; nothing is reserved for a partner before award."""

from collections.abc import Iterator

from calloffs.figures.scope import NOT_AWARDED
from calloffs.reports.by_authority import others
from calloffs.reports.report import Asked, Column, Line, Report, total_of_agreement
from calloffs.spend import balances
from calloffs.spend.balances import NOTHING, Figures
from framework.definitions.money import Money


def _rows(asked: Asked) -> Iterator[Line]:
    for partner, lot, figures in balances.by_partner(asked.session, asked.visitor, asked.one_agreement):
        yield Line((partner, lot), figures, asked.basis, entries={"lot": lot, "partner": partner})


def _rest(asked: Asked) -> list[Line]:
    found = asked.one_agreement
    if balances.leads(asked.visitor, found):
        waiting, rest = balances.figures_of(found).reserved, []
    else:
        waiting = balances.own_share(asked.session, asked.visitor, found).reserved
        rest = others(asked)
    if not waiting.pence:
        return rest
    none = Money.zero()
    entries = {"agreement": found.reference, "partner": NOT_AWARDED}
    reserved = NOTHING + Figures(waiting, none, none, none)
    return [Line(("Not awarded yet", ""), reserved, asked.basis, entries=entries), *rest]


REPORT = Report(
    key="partners",
    title="Spend by partner",
    columns=(Column("partner", "Partner"), Column("lot", "Lot")),
    rows=_rows,
    rest=_rest,
    total=total_of_agreement,
)
