"""Figures by council, lot and whatever else, each a link to its entries; and one entry followed from ceiling to payment."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request, url_for

from calloffs.figures.choices import CORE
from calloffs.figures.completeness import completeness
from calloffs.figures.dimension import DIMENSIONS, NAMED
from calloffs.figures.following import follow
from calloffs.figures.scope import scope_of
from calloffs.figures.sheet import Line, sheet
from calloffs.spend.verifying_figures import WORD
from calloffs.tables.fact_table import Asking
from calloffs.tables.filtering import NOT_YET
from framework.definitions import dates
from framework.definitions.dates import DateError
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission
from framework.web.visit import page, requires, session, visitor

door = Blueprint("figures", __name__)
_FIGURES = tuple((word, word.capitalize()) for word in WORD.values())


@door.get("/spend/figures")
@requires(Permission.SPEND_READ)
def index() -> Any:
    """Figures by one dimension or by two, for the filters in the address; the tables alone when htmx asks."""
    by, then = _dimension("by", "lot"), _dimension("then", "authority" if "by" not in request.args else "")
    if by is None or (then is not None and (then is by or then.timed is not None)):
        then = None
    filters = {one.name: said for one in CORE if (said := request.args.get(one.name, "").strip())}
    typed, wrong = request.args.get("as_at", "").strip(), ""
    if typed:
        try:
            day = dates.read_date_text(typed, "As at")
            if day > dates.today():
                wrong = NOT_YET
            else:
                filters["as_at"] = day.isoformat()
        except DateError as problem:
            wrong = problem.sentence
    scope = scope_of(session(), visitor(), filters)
    found = sheet(session(), scope, filters, by or NAMED["lot"], then)
    asking = Asking(session(), visitor(), filters)
    return page(
        "calloffs/figures/page.html",
        fragment="calloffs/figures/_sheet.html",
        status=422 if wrong else 200,
        sheet=found,
        filters=filters,
        choices=[(one.name, one.label, one.choices(asking)) for one in CORE if one.choices is not None],
        dimensions=DIMENSIONS,
        by=by or NAMED["lot"],
        then=then,
        heads=_FIGURES,
        link=_link,
        typed=typed,
        wrong=wrong,
        day=scope.as_at,
        completeness=completeness(session(), visitor(), scope.agreement_id),
        pivot=url_for("table.show", key="figures", **_shared(filters)),
    )


def _dimension(name: str, otherwise: str) -> Any:
    said = request.args.get(name, otherwise)
    if said and said not in NAMED:
        raise NotFound
    return NAMED.get(said)


def _shared(filters: Mapping[str, str]) -> dict[str, Any]:
    return {name: value for name, value in filters.items() if value}


def _link(line: Line, word: str, *, standing: bool = False) -> str:
    where: dict[str, Any] = dict(line.entries(word, standing=standing))
    return url_for("table.show", key="entries", **where)


@door.get("/spend/entries/<int(max=2147483647):number>")
@requires(Permission.SPEND_READ)
def entry(number: int) -> Any:
    """One entry on one page that prints: ceiling, call-off, invoice or line, and the council that pays."""
    return page("calloffs/figures/entry.html", one=follow(session(), visitor(), number))


def entries_of(**filters: Any) -> dict[str, str]:
    """Where each of the four figures of a scope leads, by its name: the entries that it is made of."""
    return {
        word: url_for("table.show", key="entries", kind=kind.value, **filters) for kind, word in WORD.items()
    }
