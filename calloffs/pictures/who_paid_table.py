"""Who paid what as a table of facts: one row for each council of each lot."""

from collections.abc import Iterator

from calloffs.forecasting.forecast_table import AGREED, agreement_choices, asked, ceilings_asked, lot_choices
from calloffs.pictures.who_paid import who_paid
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.definitions.money import Money
from framework.people.permissions import Permission

_SUMMED = ("committed", "invoiced", "paid")


def _all(asking: Asking) -> list[Row]:
    rows: list[Row] = []
    for one in ceilings_asked(asking):
        if one.lot is None:
            continue
        for part in who_paid(asking.session, asking.visitor, one.agreement, one.lot):
            facts = (
                one.agreement.reference,
                one.lot.reference,
                one.name,
                part.authority,
                one.basis,
                part.committed,
                part.invoiced,
                part.paid,
            )
            where = {"reference": one.agreement.reference, "lot": one.lot.reference}
            rows.append(Row(facts, ("pictures.paid", where), len(rows) + 1))
    return rows


def _rows(asking: Asking) -> Iterator[Row]:
    return asked(asking, _all(asking))


def _totals(asking: Asking) -> list[Total]:
    found: dict[str, list[Money]] = {}
    counts: dict[str, int] = {}
    for row in _all(asking):
        basis, amounts = str(row.values[4]), row.values[5:]
        before = found.setdefault(basis, [Money.zero()] * len(_SUMMED))
        found[basis] = [
            one + more for one, more in zip(before, amounts, strict=True) if isinstance(more, Money)
        ]
        counts[basis] = counts.get(basis, 0) + 1
    return [
        Total(basis, dict(zip(_SUMMED, sums, strict=True)), counts[basis])
        for basis, sums in sorted(found.items())
    ]


TABLE = FactTable(
    key="who-paid",
    title="Who paid what, by lot and council",
    permission=Permission.SPEND_READ,
    columns=(
        Column("agreement", "Agreement", Kind.CODE),
        Column("lot", "Lot", Kind.CODE),
        Column("name", "Name of the lot"),
        Column("authority", "Authority"),
        Column("basis", "Basis"),
        *(Column(name, name.capitalize(), Kind.MONEY, AGREED, summed=True) for name in _SUMMED),
    ),
    rows=_rows,
    totals=_totals,
    said=lambda _asking: [
        "As borne, after agreed shares. What each council bought stands in figures by authority."
    ],
    how="Each council’s own call-offs; a shared call-off is parted by the agreed shares, and the odd pence stay with the council that "
    "bought. The rows of a lot add up to the lot’s own balances.",
    filters=(
        Filter("agreement", "Agreement", agreement_choices),
        Filter("lot", "Lot", lot_choices),
    ),
    paged=False,
)
