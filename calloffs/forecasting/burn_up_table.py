"""The burn-up as a table of facts: one row for each month of each ceiling, so far and ahead."""

from collections.abc import Iterator

from calloffs.forecasting.burning_up import ahead, so_far
from calloffs.forecasting.forecast import RULE
from calloffs.forecasting.forecast_table import (
    AGREED,
    agreement_choices,
    asked,
    ceilings_asked,
    lot_choices,
)
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total, Value
from framework.people.permissions import Permission


def _rows(asking: Asking) -> Iterator[Row]:
    rows: list[Row] = []
    for one in ceilings_asked(asking):
        whose = (one.agreement.reference, one.lot.reference if one.lot else "", one.basis)
        facts: list[tuple[Value, ...]] = [
            ("so far", past.month, past.until, past.committed, past.total, None, None) for past in so_far(one)
        ]
        facts += [
            ("forecast", to_come.until.replace(day=1), to_come.until, None, None, to_come.slow, to_come.fast)
            for to_come in ahead(one)
        ]
        for fact in facts:
            link = ("forecast.show", {"reference": one.agreement.reference})
            rows.append(Row((*whose, *fact), link, len(rows) + 1))
    return asked(asking, rows)


def _totals(_asking: Asking) -> list[Total]:
    return []


TABLE = FactTable(
    key="burn-up",
    title="Burn-up of ceilings by month",
    permission=Permission.SPEND_READ,
    columns=(
        Column("agreement", "Agreement", Kind.CODE),
        Column("lot", "Lot", Kind.CODE),
        Column("basis", "Basis"),
        Column("kind", "So far or forecast"),
        Column("month", "Month", Kind.DAY),
        Column("until", "Until", Kind.DAY),
        Column("committed", "Committed in the month", Kind.MONEY, AGREED),
        Column("total", "Committed until then", Kind.MONEY, AGREED),
        Column("slow", "Used at the slow rate", Kind.MONEY, AGREED),
        Column("fast", "Used at the fast rate", Kind.MONEY, AGREED),
    ),
    rows=_rows,
    totals=_totals,
    how=f"Commitments less releases by the day they count for. A blank lot is the whole agreement. {RULE}",
    filters=(
        Filter("agreement", "Agreement", agreement_choices),
        Filter("lot", "Lot", lot_choices),
    ),
    paged=False,
    hidden=True,
)
