"""Tables of facts: the list of them, and each as a page, a CSV and a workbook that say the same."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, request, url_for

from calloffs.tables.cells import RIGHT, basis_of, shown
from calloffs.tables.csv_of import csv_of
from calloffs.tables.fact_table import Asking, FactTable
from calloffs.tables.filtering import (
    blanks_of,
    choices_of,
    in_words,
    read_filters,
    table_for,
    tables_for,
    whole,
)
from calloffs.tables.in_blocks import in_blocks
from calloffs.tables.workbook_of import workbook_of
from framework.definitions import dates
from framework.people.permissions import Permission
from framework.records.database import one_moment
from framework.records.workbook import XLSX
from framework.web.visit import page, requires, session, visitor

door = Blueprint("table", __name__)
_PAGE = 50


@door.get("/spend/tables/")
@requires(Permission.SPEND_READ)
def index() -> Any:
    """Every table that the visitor may open, by title."""
    return page("calloffs/tables/index.html", tables=tables_for(visitor()))


@door.get("/spend/tables/<key>")
@requires(Permission.SPEND_READ)
def show(key: str) -> Any:
    """One table as asked, or its rows alone when htmx asks."""
    table, filters = _asked(key)
    asking = Asking(session(), visitor(), filters, _after(), _PAGE + 1 if table.paged else None)
    rows = list(table.rows(asking))
    further = rows[_PAGE - 1].place if table.paged and len(rows) > _PAGE else None
    choosing = choices_of(table, asking)
    here: dict[str, Any] = {"key": key, **filters}
    return page(
        "calloffs/tables/page.html",
        fragment="calloffs/tables/_table.html",
        table=table,
        filters=filters,
        choosing=choosing,
        blanks=blanks_of(table, asking),
        chips=[
            (label, words, url_for("table.show", **{one: said for one, said in here.items() if one != name}))
            for name, label, words in in_words(table, filters, choosing)
        ],
        said=table.said(whole(asking)),
        rows=rows[:_PAGE] if table.paged else rows,
        totals=table.totals(whole(asking)),
        first_summed=_first_summed(table),
        shown=shown,
        basis_of=basis_of,
        known=date.fromisoformat(filters["as_at"]) if "as_at" in filters else None,
        right=RIGHT,
        is_first=not asking.after,
        newest=url_for("table.show", **here),
        further=url_for("table.show", **here, after=further) if further else None,
        downloads={kind: url_for("table.file", **here, form=kind) for kind in ("csv", "xlsx")},
    )


@door.get("/spend/tables/<key>.csv", defaults={"form": "csv"})
@door.get("/spend/tables/<key>.xlsx", defaults={"form": "xlsx"})
@requires(Permission.SPEND_READ)
def file(key: str, form: str) -> Response:
    """Every row of a table as asked, as a file."""
    table, filters = _asked(key)
    one_moment(session())
    asking, as_at = Asking(session(), visitor(), filters), dates.now()
    made = csv_of(table, asking, as_at) if form == "csv" else workbook_of(table, asking, as_at)
    name = f"{table.key}-{dates.today().isoformat()}.{form}"
    return Response(
        in_blocks(made),
        content_type="text/csv; charset=utf-8" if form == "csv" else XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _asked(key: str) -> tuple[FactTable, dict[str, str]]:
    table = table_for(visitor(), key)
    return table, read_filters(table, request.args.to_dict(flat=False))


def _first_summed(table: FactTable) -> int:
    """How many columns stand before the first that has a total: the words of the totals go there."""
    places = [place for place, one in enumerate(table.columns) if one.summed]
    return min(places, default=len(table.columns))


def _after() -> int:
    said = request.args.get("after", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0
