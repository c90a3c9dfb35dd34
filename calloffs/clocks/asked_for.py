"""What the pages and tables of this room are asked for: an authority, and a half-year or a quarter named by its last day."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from sqlmodel import Session

from calloffs.clocks.compliance import halves
from calloffs.tables.fact_table import Asking, Choices
from framework.definitions import dates
from framework.definitions.payments import half_year_of, quarter_of
from framework.definitions.rules import NotFound
from framework.definitions.terms import Term
from framework.people import finding as people
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor

_QUARTERS = 8


def authorities(session: Session, visitor: Visitor, permission: Permission) -> list[Party]:
    """The authorities at which the visitor holds the permission, by name. Raises `NotFound` where there is none."""
    found = people.parties(session, sorted(visitor.parties_where(permission)))
    if not found:
        raise NotFound
    return found


def authority(session: Session, visitor: Visitor, permission: Permission, name: str) -> Party:
    """The one of them that is named, the first where none is. Raises `NotFound` for another."""
    found = authorities(session, visitor, permission)
    if not name:
        return found[0]
    chosen = next((one for one in found if one.name == name), None)
    if chosen is None:
        raise NotFound
    return chosen


def half_year(text: str) -> Term:
    """The half-year that ends on a day written as 2026-09-30; the last that is over where none is named. Raises `NotFound`."""
    if not text:
        return half_year_of(half_year_of(dates.today()).first - timedelta(days=1))
    return _ending(text, half_year_of)


def quarter(text: str) -> Term:
    """The quarter that ends on a day; the last that is over where none is named. Raises `NotFound`."""
    if not text:
        return quarter_of(quarter_of(dates.today()).first - timedelta(days=1))
    return _ending(text, quarter_of)


def term_in_words(term: Term) -> str:
    """Such as "1 April 2026 to 30 September 2026"."""
    return f"{dates.in_words(term.first)} to {dates.in_words(term.last)}"


def half_year_choices(_asking: Asking) -> list[tuple[str, str]]:
    """Half-years as choices of a table, the newest first."""
    return choices(halves(dates.today()))


def quarter_choices(_asking: Asking) -> list[tuple[str, str]]:
    """Quarters as choices of a table, the newest first."""
    return choices(quarters())


def quarters() -> list[Term]:
    """The quarter that runs and the seven before it, the newest first."""
    found = [quarter_of(dates.today())]
    while len(found) < _QUARTERS:
        found.append(quarter_of(found[-1].first - timedelta(days=1)))
    return found


def choices(terms: Iterable[Term]) -> list[tuple[str, str]]:
    """Terms as values, their last day, and words."""
    return [(one.last.isoformat(), term_in_words(one)) for one in terms]


def authority_choices(permission: Permission) -> Choices:
    """The visitor's authorities as choices of a table."""

    def ask(asking: Asking) -> list[tuple[str, str]]:
        found = people.parties(asking.session, sorted(asking.visitor.parties_where(permission)))
        return [(one.name, one.name) for one in found]

    return ask


def asked_authorities(asking: Asking, permission: Permission) -> list[int]:
    """Ids of the authorities that a table is about: the one of its filter, or all of the visitor's. Raises `NotFound`."""
    named = asking.filters.get("authority", "")
    if named:
        return [authority(asking.session, asking.visitor, permission, named).id]
    return sorted(asking.visitor.parties_where(permission))


def _ending(text: str, of: Callable[[date], Term]) -> Term:
    try:
        day = date.fromisoformat(text)
        found = of(day)
    except (ValueError, OverflowError):
        raise NotFound from None
    if found.last != day:
        raise NotFound
    return found
