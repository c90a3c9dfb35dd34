"""The choices of the filters of figures: only what the reader may see by name."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from calloffs.figures.dimension import NAMED
from calloffs.figures.scope import (
    NO_PROGRAMME,
    OTHERS,
    TOGETHER,
    agreements,
    call_offs,
    lots,
    parties,
    places,
)
from calloffs.spend.balances import visible_agreements
from calloffs.spend.entry import EntryKind
from calloffs.spend.verifying_figures import WORD
from calloffs.tables.fact_table import Asking, Filter
from framework.agreement import MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Basis
from framework.definitions.periods import calendars, periods_of
from framework.definitions.terms import financial_year
from framework.people.permissions import Permission, Visitor
from framework.records.columns import table_of

Choice = tuple[str, str]
_YEARS = 6
_MOST = 500
_members = table_of(MemberAuthority)


def _own(visitor: Visitor) -> frozenset[int]:
    return visitor.parties_where(Permission.SPEND_READ)


def _rows(asking: Asking, query: sa.Select[Any]) -> list[Choice]:
    rows = asking.session.connection().execute(query.limit(_MOST))
    return [(str(row[0]), str(row[1])) for row in rows]


def _agreements(asking: Asking) -> list[Choice]:
    words = agreements.c.reference + " " + agreements.c.title
    query = sa.select(agreements.c.reference, words).where(
        visible_agreements(asking.visitor), agreements.c.recorded_as_past.is_(False)
    )
    return _rows(asking, query.order_by(agreements.c.reference))


def _lots(asking: Asking) -> list[Choice]:
    query = (
        sa.select(lots.c.reference, lots.c.reference + " " + lots.c.title)
        .join(agreements, agreements.c.id == lots.c.agreement_id)
        .where(visible_agreements(asking.visitor), agreements.c.recorded_as_past.is_(False))
        .order_by(agreements.c.reference, lots.c.number)
    )
    if "agreement" in asking.filters:
        query = query.where(agreements.c.reference == asking.filters["agreement"])
    return _rows(asking, query)


def _authorities(asking: Asking) -> list[Choice]:
    own = _own(asking.visitor)
    led = (
        sa.select(_members.c.authority_id)
        .join(agreements, agreements.c.id == _members.c.agreement_id)
        .where(agreements.c.lead_authority_id.in_(own), agreements.c.confirmed_at.is_not(None))
    )
    named = sa.or_(parties.c.id.in_(own), parties.c.id.in_(led))
    query = sa.select(parties.c.id, parties.c.name).where(named).order_by(parties.c.name)
    return [*_rows(asking, query), (OTHERS, TOGETHER)]


def _partners(asking: Asking) -> list[Choice]:
    query = (
        sa.select(parties.c.id, parties.c.name)
        .join(places, places.c.supplier_id == parties.c.id)
        .join(lots, lots.c.id == places.c.lot_id)
        .join(agreements, agreements.c.id == lots.c.agreement_id)
        .where(visible_agreements(asking.visitor))
        .distinct()
        .order_by(parties.c.name)
    )
    return _rows(asking, query)


def _programmes(asking: Asking) -> list[Choice]:
    query = (
        sa.select(call_offs.c.programme, call_offs.c.programme)
        .where(call_offs.c.authority_id.in_(_own(asking.visitor)), call_offs.c.programme > "")
        .distinct()
        .order_by(call_offs.c.programme)
    )
    return [*_rows(asking, query), (NO_PROGRAMME, "No programme")]


def _kinds(_asking: Asking) -> list[Choice]:
    both = [("left", "Reserved and committed"), ("left_to_invoice", "Committed and invoiced")]
    return [*((kind.value, WORD[kind].capitalize()) for kind in EntryKind), *both]


def years(_asking: Asking) -> list[Choice]:
    """Next year, this one and five before."""
    first = dates.first_of_financial_year(dates.today())
    years = [financial_year(dates.add_months(first, 12 * (1 - back))) for back in range(_YEARS + 1)]
    return [(one, one) for one in years]


def periods(asking: Asking) -> list[Choice]:
    """Of the calendars that the reader's own authorities close by, and of the one asked for: this year's and last year's."""
    query = sa.select(parties.c.calendar).where(parties.c.id.in_(_own(asking.visitor))).distinct()
    codes = set(asking.session.connection().execute(query).scalars())
    codes |= {asking.filters["calendar"]} & set(calendars()) if "calendar" in asking.filters else set()
    years = (dates.today(), dates.add_months(dates.today(), -12))
    found = {
        one.first_day.isoformat(): f"{one.name.capitalize()}, from {dates.in_words(one.first_day)}"
        for code in sorted(codes)
        for day in years
        for one in reversed(periods_of(code, day))
        if one.first_day <= dates.today()
    }
    return _with(list(found.items()), asking.filters.get("period", ""))


def _months(asking: Asking) -> list[Choice]:
    first = dates.today().replace(day=1)
    months = [dates.add_months(first, -back) for back in range(24)]
    return _with([(f"{one:%Y-%m}", f"{one:%B %Y}") for one in months], asking.filters.get("month", ""))


def _with(choices: list[Choice], chosen: str) -> list[Choice]:
    return choices if not chosen or chosen in dict(choices) else [*choices, (chosen, chosen)]


def _calendars(_asking: Asking) -> list[Choice]:
    return list(calendars().items())


def chosen(name: str) -> "_Chosen":
    """The choices of a filter that is only ever followed to: the value that it has."""
    return _Chosen(name)


class _Chosen:
    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, asking: Asking) -> list[Choice]:
        value = asking.filters.get(self._name, "")
        return [(value, value)] if value else []


def _standing(_asking: Asking) -> list[Choice]:
    return [("yes", "Everything up to its end")]


_CHOICES = {
    "agreement": _agreements,
    "lot": _lots,
    "authority": _authorities,
    "partner": _partners,
    "programme": _programmes,
    "year": years,
    "period": periods,
    "month": _months,
}
CORE: Sequence[Filter] = tuple(Filter(name, NAMED[name].heading, ask) for name, ask in _CHOICES.items())
"""Filters that figures and their entries share."""
ENTRIES: Sequence[Filter] = (
    *CORE[:4],
    Filter("call_off", "Call-off", chosen("call_off")),
    CORE[4],
    Filter("kind", "Kind", _kinds),
    *CORE[5:],
    Filter("calendar", "Calendar of periods", _calendars),
    Filter("standing", "Of the year, period or month", _standing, blank="What counts for it alone"),
    Filter("basis", "VAT basis", lambda _asking: [(one.value, one.label.capitalize()) for one in Basis]),
    Filter("as_at", "Posted up to the end of"),
    Filter("since", "Posted after the end of"),
)
"""Filters of the table of entries."""
