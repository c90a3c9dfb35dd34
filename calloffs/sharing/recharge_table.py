"""The table of recharges: a row for each shared call-off, accounting period and authority that owes."""

from collections.abc import Callable, Iterator
from itertools import islice

from calloffs.sharing.recharging import Owed, schedule
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.definitions.money import Basis, Money
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission

RULE = (
    "The authority that buys pays the partner and recharges the others. Each of them owes its share of everything paid so far, rounded down "
    "to the penny, less what it owed for the periods before; the odd penny stays with the authority that buys. Shares are those in force on "
    "the day a payment counts for, periods those of the authority that buys. What two authorities owe each other is not set off."
)

_VALUES: dict[str, Callable[[Owed], str]] = {
    "call_off": lambda one: one.reference,
    "agreement": lambda one: one.agreement,
    "lot": lambda one: one.lot,
    "pays": lambda one: one.payer,
    "receives": lambda one: one.payee,
    "year": lambda one: one.period.year,
}
_NET = "net of VAT"
_AGREED = "the agreement's basis"
_SUMMED = ("recharge_net", "raised_net", "left_net", "recharge")


def _wanted(asking: Asking) -> list[Owed]:
    if set(asking.filters) - set(_VALUES):
        raise NotFound
    found = schedule(asking.session, asking.visitor, asking.filters.get("call_off", ""))
    for name, value in asking.filters.items():
        found = [one for one in found if _VALUES[name](one) == value]
    return sorted(found, key=lambda one: (one.reference, one.period.first_day, one.payer))


def _rows(asking: Asking) -> Iterator[Row]:
    most = None if asking.most is None else asking.after + asking.most
    for place, one in islice(enumerate(_wanted(asking), start=1), asking.after, most):
        yield Row(
            (
                one.reference,
                one.title,
                one.agreement,
                one.lot,
                one.payer,
                one.payee,
                one.period.year,
                one.period.number,
                one.period.first_day,
                one.period.last_day,
                one.share_bp,
                one.paid[0],
                one.owed[0],
                one.raised[0],
                one.left[0],
                one.basis.label,
                one.owed[1],
                ", ".join(str(number) for number in one.numbers),
            ),
            ("sharing.show", {"reference": one.reference}),
            place,
        )


def _totals(asking: Asking) -> list[Total]:
    found = []
    rows = _wanted(asking)
    for basis in Basis:
        own = [one for one in rows if one.basis is basis]
        sums = [(one.owed[0], one.raised[0], one.left[0], one.owed[1]) for one in own]
        added = [sum(column, Money.zero()) for column in zip(*sums, strict=True)]
        if own:
            found.append(Total(basis.label, dict(zip(_SUMMED, added, strict=True)), len(own)))
    return found


def _choices(name: str) -> Callable[[Asking], list[tuple[str, str]]]:
    def ask(asking: Asking) -> list[tuple[str, str]]:
        values = {_VALUES[name](one) for one in schedule(asking.session, asking.visitor)}
        return [(one, one) for one in sorted(values)]

    return ask


TABLE = FactTable(
    key="recharges",
    title="Recharges between authorities",
    permission=Permission.SPEND_READ,
    columns=(
        Column("call_off", "Call-off", Kind.CODE),
        Column("title", "Title"),
        Column("agreement", "Agreement", Kind.CODE),
        Column("lot", "Lot", Kind.CODE),
        Column("pays", "Owes"),
        Column("receives", "Is owed"),
        Column("year", "Financial year", Kind.CODE),
        Column("period", "Period", Kind.COUNT),
        Column("first_day", "First day", Kind.DAY),
        Column("last_day", "Last day", Kind.DAY),
        Column("share", "Share", Kind.SHARE),
        # Not summed: where two authorities owe, it stands on both rows.
        Column("paid_net", "Paid to the partner", Kind.MONEY, _NET),
        Column("recharge_net", "Recharge", Kind.MONEY, _NET, summed=True),
        Column("raised_net", "Raised", Kind.MONEY, _NET, summed=True),
        Column(
            "left_net",
            "Left to raise",
            Kind.MONEY,
            _NET,
            summed=True,
            formula="{recharge_net} - {raised_net}",
        ),
        Column("basis", "Basis"),
        Column("recharge", "Recharge as the agreement counts", Kind.MONEY, _AGREED, summed=True),
        Column("statements", "Statements", Kind.CODE),
    ),
    rows=_rows,
    totals=_totals,
    how=RULE,
    filters=tuple(
        Filter(name, label, _choices(name))
        for name, label in (
            ("call_off", "Call-off"),
            ("agreement", "Agreement"),
            ("lot", "Lot"),
            ("pays", "Owes"),
            ("receives", "Is owed"),
            ("year", "Financial year"),
        )
    ),
)
