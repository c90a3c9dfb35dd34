"""Putting a checked extract right before it is confirmed: its columns, its rows that cannot be read, and rows that look alike."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, request

from calloffs.extracts import listing, mending
from calloffs.extracts.fields import FIELDS
from calloffs.extracts.spend_import import ImportState, SpendImport
from calloffs.extracts.written import findings_from, headings_from, read
from calloffs.web.extract import HERE
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission
from framework.records.csv_text import csv_blocks, safe
from framework.web.fields import VisitForm, clean
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("extract_mending", __name__)
LEAVE_OUT = "leave-out"


def _checked(number: int) -> SpendImport:
    imported = listing.one(session(), visitor(), number, to_change=True)
    if imported.state is not ImportState.CHECKED:
        raise NotFound
    return imported


@door.route(f"{HERE}/columns", methods=["GET", "POST"])
@requires(Permission.INVOICE_RECORD)
def columns(number: int) -> Any:
    """What each column is: said once, remembered for the next file of the source."""
    imported = _checked(number)
    headings = headings_from(imported.headings)
    form = VisitForm()
    typed = {f"column-{one.position}": one.field for one in headings}
    problems: dict[str, str] = {}
    if form.validate_on_submit():
        typed = {name: _field(request.form.get(name)) for name in typed}
        said = {one.folded: typed[f"column-{one.position}"] for one in headings}
        try:
            mending.explain_columns(session(), actor=visitor(), imported=imported, columns=said)
            return after("extract.show", number=number)
        except Refused as refusal:
            problems = _beside(form, refusal)
            imported = _checked(number)
    return page(
        "calloffs/extracts/columns.html",
        imported=imported,
        headings=headings,
        typed=typed,
        fields=FIELDS,
        leave_out=LEAVE_OUT,
        form=form,
        problems=problems,
        status=422 if form.problems or problems else 200,
    )


def _field(chosen: str | None) -> str | None:
    return "" if chosen == LEAVE_OUT else chosen or None


def _beside(form: VisitForm, refusal: Refused) -> dict[str, str]:
    refused(form, Refused(*refusal.refusals))
    found: dict[str, str] = {}
    for one in refusal.refusals:
        if one.field and one.sentence in form.general:
            form.general.remove(one.sentence)
            found.setdefault(one.field, one.sentence)
    return found


@door.get(f"{HERE}/rejects")
@requires(Permission.INVOICE_RECORD)
def rejects(number: int) -> Any:
    """Rows that cannot be read: where, what stands there, and what to do."""
    imported = _checked(number)
    return page(
        "calloffs/extracts/rejects.html",
        imported=imported,
        may_load=True,  # behind this lock
        rejects=listing.told_rejects(session(), imported, listing.MOST),
        most=listing.MOST,
    )


@door.get(f"{HERE}/rejects.csv")
@requires(Permission.INVOICE_RECORD)
def rejects_file(number: int) -> Response:
    """The same as a file, with the cells as they came, to be put right in a spreadsheet."""
    imported = _checked(number)
    heads = ("row", "column", "value", "what_to_do", *(one.text for one in headings_from(imported.headings)))
    rows: list[Iterable[str]] = [[safe(one) for one in heads]]
    for found in listing.told_rejects(session(), imported, None):
        for one in found.findings:
            rows.append([str(one.row), *map(safe, (one.column, one.value, one.mend, *found.cells))])
    return Response(
        list(csv_blocks(rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="rejects-{number}.csv"'},
    )


@door.route(f"{HERE}/rows/<int(max=2147483647):row>", methods=["GET", "POST"])
@requires(Permission.INVOICE_RECORD)
def row(number: int, row: int) -> Any:
    """One row that cannot be read, its cells as fields: put it right, or leave it out."""
    imported = _checked(number)
    staged = listing.staged_row(session(), imported, row)
    headings = headings_from(imported.headings)
    cells = list(read(staged.cells)) + [""] * len(headings)
    findings = findings_from(staged.findings)
    form = VisitForm()
    at = {one.text: f"cell-{one.position}" for one in headings}
    problems = {at[one.column]: one.without_row() for one in findings if one.column in at}
    general = [one.without_row() for one in findings if one.column not in at]
    sent = form.validate_on_submit()
    if sent:
        cells = [clean(request.form.get(f"cell-{one.position}")) for one in headings]
        try:
            if request.form.get("then") == "leave":
                mending.leave_out(session(), actor=visitor(), imported=imported, staged=staged)
            else:
                mending.mend_row(session(), actor=visitor(), imported=imported, staged=staged, cells=cells)
            return after("extract.show", number=number)
        except Refused as refusal:
            problems, general = _beside(form, refusal), []
            imported = _checked(number)
    return page(
        "calloffs/extracts/row.html",
        imported=imported,
        row=row,
        headings=headings,
        cells=cells,
        form=form,
        problems=problems,
        general=general,
        sent=sent,
        labels=listing.labels(),
        status=422 if sent else 200,
    )


@door.route(f"{HERE}/alike", methods=["GET", "POST"])
@requires(Permission.INVOICE_RECORD)
def alike(number: int) -> Any:
    """Rows that look like others, by group: kept unless they are ticked to be left out."""
    imported = _checked(number)
    groups = listing.alike(session(), imported)
    form = VisitForm()
    if form.validate_on_submit():
        asked = [one for group in groups for one in group.rows]
        left_out = set(request.form.getlist("leave", type=int))
        mending.decide_alike(
            session(),
            actor=visitor(),
            imported=imported,
            asked=asked,
            left_out=left_out & {one.row for one in asked},
        )
        return after("extract.show", number=number)
    return page(
        "calloffs/extracts/alike.html",
        imported=imported,
        groups=groups,
        form=form,
        most=listing.MOST,
        status=422 if form.problems else 200,
    )
