"""Partners' returns that disagree with the ledger: one call-off and month a row, net of VAT, the newest month first."""

from collections.abc import Iterator
from datetime import date

from calloffs.returns.comparing import Compared, Match, council_rows
from calloffs.returns.monthly_return import month_before, month_in_words
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission

MONTHS = 6
_NET = "net of VAT"


def _months() -> list[date]:
    last = month_before(dates.today())
    return [dates.add_months(last, -back) for back in range(MONTHS)]


def _asked(asking: Asking) -> list[date]:
    if set(asking.filters) - {"month"}:
        raise NotFound
    said = asking.filters.get("month")
    if not said:
        return _months()
    found = [one for one in _months() if f"{one:%Y-%m}" == said]
    if not found:
        raise NotFound
    return found


def _found(asking: Asking) -> Iterator[Compared]:
    for month in _asked(asking):
        for row in council_rows(asking.session, asking.visitor, month):
            if row.match in (Match.DIFFERS, Match.EXPLAINED):
                yield row


def _rows(asking: Asking) -> Iterator[Row]:
    sent = 0
    for place, one in enumerate(_found(asking), start=1):
        if place <= asking.after:
            continue
        if asking.most is not None and sent >= asking.most:
            return
        sent += 1
        yield Row(
            (
                one.month,
                one.reference,
                one.title,
                one.lot,
                one.authority,
                one.partner,
                one.said,
                one.recorded,
                one.difference,
                one.match.label,
            ),
            ("comparing.show", {"reference": one.reference, "month": f"{one.month:%Y-%m}"}),
            place,
        )


def _totals(asking: Asking) -> list[Total]:
    rows = list(_found(asking))
    if not rows:
        return []

    def total(amounts: Iterator[Money]) -> Money:
        return sum(amounts, Money.zero())

    return [
        Total(
            _NET,
            {
                "returned": total(one.said or Money.zero() for one in rows),
                "recorded": total(one.recorded for one in rows),
                "difference": total(one.difference for one in rows),
            },
            len(rows),
        )
    ]


def _choices_of_month(_asking: Asking) -> list[tuple[str, str]]:
    return [(f"{one:%Y-%m}", month_in_words(one)) for one in _months()]


TABLE = FactTable(
    key="returns-differ",
    title="Partners’ returns that disagree with the ledger",
    permission=Permission.SPEND_READ,
    columns=(
        Column("month", "Month", Kind.DAY),
        Column("call_off", "Call-off", Kind.CODE),
        Column("title", "Title"),
        Column("lot", "Lot", Kind.CODE),
        Column("authority", "Authority"),
        Column("partner", "Partner"),
        Column("returned", "Partner returned", Kind.MONEY, _NET, summed=True),
        Column("recorded", "Council recorded", Kind.MONEY, _NET, summed=True),
        Column(
            "difference",
            "Difference",
            Kind.MONEY,
            _NET,
            summed=True,
            formula="{returned} - {recorded}",
        ),
        Column("state", "State"),
    ),
    rows=_rows,
    totals=_totals,
    how=f"Call-offs of your authority in the last {MONTHS} months whose partner returned another amount than the council recorded, net of "
    "VAT: invoices and credit notes dated in the month, recorded here or invoiced by a matched line, each once. The newest month is "
    "first, and in it the largest difference that nobody has explained.",
    filters=(Filter("month", "Month", _choices_of_month, blank=f"The last {MONTHS} months"),),
)
