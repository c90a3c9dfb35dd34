"""The forecast as a table of facts: one row for each ceiling of each agreement."""

from collections.abc import Iterator

from calloffs.forecasting import finding
from calloffs.forecasting.finding import Ceiling
from calloffs.forecasting.forecast import RULE
from calloffs.forecasting.wording import runs_out, start
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission

AGREED = "the agreement's basis"


def ceilings_asked(asking: Asking) -> list[Ceiling]:
    """Every ceiling that was asked for: of one agreement or of all that the visitor may see, of one lot or of all."""
    if set(asking.filters) - {"agreement", "lot"}:
        raise NotFound
    reference, lot = asking.filters.get("agreement"), asking.filters.get("lot")
    if reference:
        chosen = [finding.agreement(asking.session, asking.visitor, reference)]
    else:
        chosen = finding.agreements(asking.session, asking.visitor)
    found = finding.ceilings(asking.session, chosen)
    if lot:
        found = [one for one in found if one.lot is not None and one.lot.reference == lot]
        if not found:
            raise NotFound
    return found


def asked(asking: Asking, rows: list[Row]) -> Iterator[Row]:
    """The rows from the place that was asked for on, as many as were."""
    chosen = rows[asking.after :]
    yield from chosen if asking.most is None else chosen[: asking.most]


def agreement_choices(asking: Asking) -> list[tuple[str, str]]:
    return [
        (one.reference, f"{one.title} ({one.reference})")
        for one in finding.agreements(asking.session, asking.visitor)
    ]


def lot_choices(asking: Asking) -> list[tuple[str, str]]:
    chosen = finding.agreements(asking.session, asking.visitor)
    return [
        (one.lot.reference, f"{one.lot.reference} {one.lot.title}")
        for one in finding.ceilings(asking.session, chosen)
        if one.lot is not None
    ]


def _rows(asking: Asking) -> Iterator[Row]:
    rows = []
    for place, one in enumerate(ceilings_asked(asking), start=1):
        said = one.forecast
        rows.append(
            Row(
                (
                    one.agreement.reference,
                    one.lot.reference if one.lot else "",
                    one.name,
                    one.basis,
                    said.ceiling,
                    one.figures.committed,
                    one.figures.reserved,
                    said.left,
                    len(said.history),
                    said.slow_rate,
                    said.fast_rate,
                    said.earliest,
                    said.latest,
                    runs_out(said),
                    said.last_day,
                    said.first,
                    said.start_by,
                    start(said),
                ),
                ("forecast.show", {"reference": one.agreement.reference}),
                place,
            )
        )
    return asked(asking, rows)


def _totals(_asking: Asking) -> list[Total]:
    # An agreement's ceiling is not the sum of its lots', so nothing is added up.
    return []


TABLE = FactTable(
    key="forecast",
    title="Forecast of ceilings",
    permission=Permission.SPEND_READ,
    columns=(
        Column("agreement", "Agreement", Kind.CODE),
        Column("lot", "Lot", Kind.CODE),
        Column("name", "Name"),
        Column("basis", "Basis"),
        Column("ceiling", "Ceiling", Kind.MONEY, AGREED),
        Column("committed", "Committed", Kind.MONEY, AGREED),
        Column("reserved", "Reserved", Kind.MONEY, AGREED),
        Column("left", "Left", Kind.MONEY, AGREED, formula="{ceiling} - {committed} - {reserved}"),
        Column("months", "Whole months known", Kind.COUNT),
        Column("slow_rate", "Slow rate a month", Kind.MONEY, AGREED),
        Column("fast_rate", "Fast rate a month", Kind.MONEY, AGREED),
        Column("earliest", "Runs out at the fast rate", Kind.DAY),
        Column("latest", "Runs out at the slow rate", Kind.DAY),
        Column("runs_out", "Runs out"),
        Column("ends_on", "Last day of the agreement", Kind.DAY),
        Column("first", "Comes first"),
        Column("start_by", "Start a new procurement by", Kind.DAY),
        Column("start", "What to do"),
    ),
    rows=_rows,
    totals=_totals,
    how=f"{RULE} What is reserved counts as used, but in no rate; this month is in no rate either.",
    filters=(
        Filter("agreement", "Agreement", agreement_choices),
        Filter("lot", "Lot", lot_choices),
    ),
    paged=False,
)
