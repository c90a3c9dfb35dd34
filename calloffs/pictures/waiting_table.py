"""Where it waits as a table of facts: one row for each thing that waits."""

from collections.abc import Iterator

from calloffs.forecasting.forecast_table import asked
from calloffs.pictures.where_it_waits import STAGES, Item, items
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission


def _items(asking: Asking) -> list[Item]:
    stage = asking.filters.get("stage")
    if set(asking.filters) - {"stage"} or (stage and stage not in STAGES):
        raise NotFound
    return [one for one in items(asking.session, asking.visitor) if stage in (None, one.stage)]


def _rows(asking: Asking) -> Iterator[Row]:
    rows = [
        Row(
            (one.stage, one.reference, one.title, one.who, one.since, one.days),
            ("call_off.show", {"reference": one.reference}) if one.reference else None,
            place,
        )
        for place, one in enumerate(_items(asking), start=1)
    ]
    return asked(asking, rows)


def _totals(_asking: Asking) -> list[Total]:
    return []


TABLE = FactTable(
    key="where-it-waits",
    title="Where it waits",
    permission=Permission.CALL_OFF_READ,
    columns=(
        Column("stage", "Stage"),
        Column("call_off", "Call-off", Kind.CODE),
        Column("title", "What it is"),
        Column("who", "Who has it"),
        Column("since", "Since", Kind.DAY),
        Column("days", "Days", Kind.COUNT),
    ),
    rows=_rows,
    totals=_totals,
    how="Everything of your authority that waits for somebody now, the longest first: days are whole days since it came to whoever has "
    "it; an invoice waits from the day it was received, a line of an extract from its own date.",
    filters=(Filter("stage", "Stage", lambda _asking: [(one, one) for one in STAGES]),),
    paged=False,
)
