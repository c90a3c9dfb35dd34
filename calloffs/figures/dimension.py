"""By what figures can be told apart: agreement, lot, authority, partner, programme, financial year, accounting period and month."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from calloffs.figures.asking import Moment
from calloffs.figures.scope import (
    NO_PROGRAMME,
    NOT_AWARDED,
    OTHERS,
    TOGETHER,
    UNNAMED,
    Scope,
    agreements,
    authority,
    call_offs,
    is_named,
    is_own,
    lots,
    partner,
    places,
)
from framework.definitions.money import Money
from framework.definitions.periods import calendars, period_of
from framework.definitions.terms import financial_year, first_of_financial_year

_NOBODY = -1


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a dimension: how it is told, in which order it stands, and the filters that ask for it alone."""

    order: tuple[Any, ...]
    words: str
    filters: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)
    title: str = ""
    ceiling: Money | None = None
    until: tuple[str, date] | None = None
    """Of a stretch of days: its calendar and first day."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension: its name in addresses, its heading, its columns, and the part that their values make."""

    name: str
    heading: str
    keys: Callable[[Scope], Sequence[sa.ColumnElement[Any]]] = lambda _scope: ()
    part: Callable[..., Part] = lambda: Part((), "")
    timed: Callable[[Moment], Part] | None = None


def _agreement(reference: str, title: str, ceiling: int | None) -> Part:
    return Part((reference,), reference, {"agreement": reference}, title, _money(ceiling))


def _lot(agreement: str, number: int, reference: str, title: str, ceiling: int | None) -> Part:
    return Part((agreement, number), reference, {"lot": reference}, title, _money(ceiling))


def _money(pence: int | None) -> Money | None:
    return None if pence is None else Money(pence)


def _authority_keys(scope: Scope) -> Sequence[sa.ColumnElement[Any]]:
    named = is_named(scope)
    return (
        sa.case((named, call_offs.c.authority_id), else_=_NOBODY),
        sa.case((named, authority.c.name), else_=""),
    )


def _authority(party_id: int, name: str) -> Part:
    if party_id == _NOBODY:
        return Part((1, ""), TOGETHER, {"authority": UNNAMED})
    return Part((0, name, party_id), name, {"authority": str(party_id)})


def _partner_keys(scope: Scope) -> Sequence[sa.ColumnElement[Any]]:
    named = is_named(scope)
    return (
        sa.case((named, sa.func.coalesce(places.c.supplier_id, 0)), else_=_NOBODY),
        sa.case((named, sa.func.coalesce(partner.c.name, "")), else_=""),
    )


def _partner(party_id: int, name: str) -> Part:
    if party_id == _NOBODY:
        return Part((2, ""), TOGETHER, {"authority": UNNAMED})
    if party_id == 0:
        return Part((1, ""), "Not awarded yet", {"partner": NOT_AWARDED})
    return Part((0, name, party_id), name, {"partner": str(party_id)})


def _programme_keys(scope: Scope) -> Sequence[sa.ColumnElement[Any]]:
    # An authority's programmes are its own: not even the lead is told of them.
    own = is_own(scope)
    return (sa.case((own, 1), else_=0), sa.case((own, call_offs.c.programme), else_=""))


def _programme(own: int, name: str) -> Part:
    if not own:
        return Part((2, ""), TOGETHER, {"authority": OTHERS})
    if not name:
        return Part((1, ""), "No programme", {"programme": NO_PROGRAMME})
    return Part((0, name), name, {"programme": name})


def _year(moment: Moment) -> Part:
    first = first_of_financial_year(moment.period_on)
    words = financial_year(first)
    return Part((first, ""), words, {"year": words}, until=("", first))


def _period(moment: Moment) -> Part:
    one = period_of(moment.calendar, moment.period_on)
    calendar = "" if moment.calendar == "months" else f", {calendars()[one.calendar]}"
    return Part(
        (one.first_day, one.calendar),
        one.name.capitalize(),
        {"period": one.first_day.isoformat(), "calendar": one.calendar},
        f"{one.first_day:%-d %B %Y} to {one.last_day:%-d %B %Y}{calendar}",
        until=(one.calendar, one.first_day),
    )


def _month(moment: Moment) -> Part:
    first = moment.month_on
    return Part((first, ""), f"{first:%B %Y}", {"month": f"{first:%Y-%m}"}, until=("", first))


DIMENSIONS = (
    Dimension(
        "agreement",
        "Agreement",
        lambda _scope: (agreements.c.reference, agreements.c.title, agreements.c.ceiling_pence),
        _agreement,
    ),
    Dimension(
        "lot",
        "Lot",
        lambda _scope: (
            agreements.c.reference,
            lots.c.number,
            lots.c.reference,
            lots.c.title,
            lots.c.ceiling_pence,
        ),
        _lot,
    ),
    Dimension("authority", "Authority", _authority_keys, _authority),
    Dimension("partner", "Partner", _partner_keys, _partner),
    Dimension("programme", "Programme", _programme_keys, _programme),
    Dimension("year", "Financial year", timed=_year),
    Dimension("period", "Accounting period", timed=_period),
    Dimension("month", "Month", timed=_month),
)
NAMED = {one.name: one for one in DIMENSIONS}
