"""The table of accruals: a row for each running call-off at the end of a month or period."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice

from calloffs.periods.accruing import Accrued, accrued, added, ends_for, words_of
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.definitions import dates
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission

RULE = (
    "Earned: milestones with a price that are accepted or due by the day, where a call-off has such; else what is committed, without options that nobody has used, by the days of "
    "its term that have passed, both ends counted, half up to the penny. Accrual by the rule: earned less invoiced by the day, never below "
    "nothing; where more is invoiced than earned, the rest is a prepayment. Accrual is that with what somebody adjusted. Creditors: "
    "invoiced and not paid by the day. Committed, invoiced and paid are sums of ledger entries that count for a day up to this one."
)
_NET = "net of VAT"
_VALUES: dict[str, Callable[[Accrued], str]] = {
    "authority": lambda one: one.authority,
    "agreement": lambda one: one.agreement,
    "lot": lambda one: one.lot,
    "partner": lambda one: one.partner,
    "programme": lambda one: one.programme,
}


def day_asked(asking: Asking) -> date:
    """The day of the table: the one asked for, else the newest that may be chosen. Raises `NotFound` for another."""
    ends = ends_for(asking.visitor, asking.session)
    asked = asking.filters.get("on")
    if asked is None:
        return ends[0]
    found = next((one for one in ends if one.isoformat() == asked), None)
    if found is None:
        raise NotFound
    return found


def _wanted(asking: Asking) -> list[Accrued]:
    if set(asking.filters) - {"on", *_VALUES}:
        raise NotFound
    found = accrued(asking.session, asking.visitor, day_asked(asking))
    for name, value in asking.filters.items():
        if name != "on":
            found = [one for one in found if _VALUES[name](one) == value]
    return found


def _rows(asking: Asking) -> Iterator[Row]:
    day = day_asked(asking)
    most = None if asking.most is None else asking.after + asking.most
    for place, one in islice(enumerate(_wanted(asking), start=1), asking.after, most):
        yield Row(
            (
                one.reference,
                one.title,
                one.earned,
                one.invoiced,
                one.ruled,
                one.adjustment,
                one.accrual,
                one.prepaid,
                one.reason,
                one.committed,
                one.paid,
                one.creditors,
                day,
                "By milestones" if one.by_milestones else "By days",
                one.days_passed,
                one.days_of_term,
                one.authority,
                one.agreement,
                one.lot,
                one.partner,
                one.programme,
                one.cost_centre,
                one.starts_on,
                one.ends_on,
            ),
            ("accruing.show", {"reference": one.reference, "day": day.isoformat()}),
            place,
        )


def _totals(asking: Asking) -> list[Total]:
    found = _wanted(asking)
    return [Total(_NET, dict(added(found)), len(found))] if found else []


def _said(asking: Asking) -> list[str]:
    found, day = _wanted(asking), day_asked(asking)
    sums = added(found)
    ledger = f"Accrual by the rule and invoiced, less prepayments, make {sums['earned']}: what was earned"
    adjusted = ""
    if sums["adjustment"].pence or any(one.reason for one in found):
        adjusted = f". With adjustments of {sums['adjustment']} the accrual is {sums['accrual']}, net of VAT"
    return [
        f"At the end of {dates.in_words(day)} {sums['ruled']} was earned and not invoiced, net of VAT{adjusted}",
        f"{ledger}, net of VAT",
    ]


def _choices(name: str) -> Callable[[Asking], list[tuple[str, str]]]:
    def ask(asking: Asking) -> list[tuple[str, str]]:
        found = words_of(asking.session, asking.visitor, day_asked(asking), name)
        return [(one, one) for one in found]

    return ask


def _ends(asking: Asking) -> list[tuple[str, str]]:
    # The newest stands for the blank choice and is not said twice, but where an address names it.
    newest, *older = ends_for(asking.visitor, asking.session)
    shown = [newest, *older] if asking.filters.get("on") == newest.isoformat() else older
    return [(one.isoformat(), dates.in_words(one)) for one in shown]


def _newest(asking: Asking) -> str:
    return f"{dates.in_words(ends_for(asking.visitor, asking.session)[0])}, the newest"


def _money(name: str, heading: str, formula: str = "") -> Column:
    return Column(name, heading, Kind.MONEY, _NET, summed=True, formula=formula)


TABLE = FactTable(
    key="accruals",
    title="Accruals",
    permission=Permission.SPEND_READ,
    columns=(
        Column("call_off", "Call-off", Kind.CODE),
        Column("title", "Title"),
        _money("earned", "Earned"),
        _money("invoiced", "Invoiced"),
        _money("ruled", "Accrual by the rule", "MAX({earned} - {invoiced}, 0)"),
        _money("adjustment", "Adjusted by"),
        _money("accrual", "Accrual", "{ruled} + {adjustment}"),
        _money("prepaid", "Prepayment", "MAX({invoiced} - {earned}, 0)"),
        Column("reason", "Why it was adjusted"),
        _money("committed", "Committed"),
        _money("paid", "Paid"),
        _money("creditors", "Creditors", "{invoiced} - {paid}"),
        Column("day", "At the end of", Kind.DAY),
        Column("rule", "Rule"),
        Column("days_passed", "Days passed", Kind.COUNT),
        Column("days_of_term", "Days of the term", Kind.COUNT),
        Column("authority", "Authority"),
        Column("agreement", "Agreement", Kind.CODE),
        Column("lot", "Lot", Kind.CODE),
        Column("partner", "Partner"),
        Column("programme", "Programme"),
        Column("cost_centre", "Cost centre", Kind.CODE),
        Column("starts_on", "First day", Kind.DAY),
        Column("ends_on", "Last day", Kind.DAY),
    ),
    rows=_rows,
    totals=_totals,
    how=RULE,
    said=_said,
    filters=(
        Filter("on", "At the end of", _ends, blank=_newest),
        *(
            Filter(name, label, _choices(name))
            for name, label in (
                ("authority", "Authority"),
                ("agreement", "Agreement"),
                ("lot", "Lot"),
                ("partner", "Partner"),
                ("programme", "Programme"),
            )
        ),
    ),
)
