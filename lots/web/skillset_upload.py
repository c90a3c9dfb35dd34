"""A sheet of people: pasted or uploaded, checked, mended on the page, and put into the draft only on confirmation."""

import re
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, request

from framework.definitions.rules import Refused, refuse
from framework.people.permissions import Permission
from framework.records.database import writing
from framework.records.sheet import Sheet, after_colon, pasted
from framework.records.sheet_reading import MOST_BYTES, read_sheet
from framework.web.fields import ChoiceField, VisitForm
from framework.web.visit import (
    after,
    page,
    refused,
    repeatable,
    requires,
    session,
    visitor,
    writes_apart,
)
from lots import copying
from lots import skillset_finding as skillsets
from lots.checking_people import (
    check,
    confirm_sheet,
    drop_sheet,
    keep_sheet,
    kept_sheet,
    mend_sheet,
    sheet_of,
)
from lots.person_rules import MOST_PEOPLE
from lots.skillset_reading import MOST_ROWS_READ, ReadRow
from lots.skillset_words import NEEDED, TITLES
from lots.submitting import submit_skillset
from lots.web.skillset import HERE, LoadForm, may_change, own_place

door = Blueprint("skillset_upload", __name__)
_CELL = re.compile(r"cell-([0-9]{1,7})-([0-9]{1,2})")


class CheckForm(VisitForm):
    how = ChoiceField(
        "What should happen with the people who are there already?",
        choices=[("add", "Keep them and add these"), ("replace", "Put these in their place")],
    )


@door.route(f"{HERE}/load", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
@repeatable
@writes_apart
def load(appointment_id: int) -> Any:
    """Choose a file or paste rows. They are read and checked; nobody is put into a version yet."""
    place = own_place(appointment_id)
    form = LoadForm()
    if form.validate_on_submit():
        try:
            sheet = _sheet(form)
            # Reading a stranger's file takes a while, so the writers' turn is taken only now.
            session().close()
            with writing() as apart:
                kept = keep_sheet(apart, actor=visitor(), place=place, sheet=sheet)
                number = kept.id
            return after("skillset_upload.check_page", appointment_id=appointment_id, number=number)
        except Refused as refusal:
            refused(form, refusal)
            place = own_place(appointment_id)
    return page(
        "lots/skillset/load.html",
        form=form,
        place=place,
        may_change=may_change(place),
        titles=TITLES,
        needed=NEEDED,
        most=MOST_PEOPLE,
        status=422 if form.problems else 200,
    )


@door.post(f"{HERE}/copy")
@requires(Permission.COMPANY_KEEP)
def copy(appointment_id: int) -> Any:
    """The people of another of the company's own lots as a sheet to check; nobody is put into a version yet."""
    place = own_place(appointment_id)
    if VisitForm().validate_on_submit():
        from_id = request.form.get("from", 0, type=int)
        sheet = copying.people_of(session(), visitor(), place, from_id)
        kept = keep_sheet(session(), actor=visitor(), place=place, sheet=sheet)
        return after("skillset_upload.check_page", appointment_id=appointment_id, number=kept.id)
    return after("skillset.show", appointment_id=appointment_id)


def _sheet(form: LoadForm) -> Sheet:
    sent = form.file.data
    if sent and sent.filename:
        return read_sheet(sent.read(MOST_BYTES + 1), sent.filename, field="file", most_rows=MOST_ROWS_READ)
    if not form.rows.data:
        refuse("Choose a file, or paste rows below", "file")
    return pasted(form.rows.data, field="rows", most_rows=MOST_ROWS_READ)


@door.route(f"{HERE}/checks/<int(max=2147483647):number>", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def check_page(appointment_id: int, number: int) -> Any:
    """What was found, row by row, with the cells to mend; confirming puts the ready rows into the draft, or sends them as well."""
    place = own_place(appointment_id)
    kept = kept_sheet(session(), visitor(), place, number)
    form = CheckForm()
    people_there = _people_there(appointment_id)
    if form.validate_on_submit():
        try:
            new = mend_sheet(session(), actor=visitor(), place=place, kept=kept, typed=_typed())
            checked, _ = check(session(), place, sheet_of(kept))
            then = request.form.get("then")
            if then not in ("confirm", "send") or (new and checked.rows_to_mend):
                return after("skillset_upload.check_page", appointment_id=appointment_id, number=number)
            if people_there and not form.how.data:
                refuse("Choose what should happen with the people who are there already", "how")
            draft = confirm_sheet(
                session(),
                actor=visitor(),
                place=place,
                kept=kept,
                replacing=not people_there or form.how.data == "replace",
            )
            if then == "send":
                submit_skillset(session(), actor=visitor(), place=place, skillset=draft)
            return after("skillset.show", appointment_id=appointment_id)
        except Refused as refusal:
            refused(form, refusal)
            place = own_place(appointment_id)
            kept = kept_sheet(session(), visitor(), place, number)
    sheet = sheet_of(kept)
    checked, rows = check(session(), place, sheet)
    return page(
        "lots/skillset/check.html",
        form=form,
        place=place,
        kept=kept,
        checked=checked,
        mends=_mends(rows, sheet),
        faults=_faults(rows),
        ready=[row for row in rows if row.ready],
        people_there=people_there,
        status=422 if form.problems else 200,
    )


def _mends(rows: Iterable[ReadRow], sheet: Sheet) -> list[dict[str, Any]]:
    """The rows to mend, each with its cells as they were read or are typed now, and every sentence about a cell together."""
    cells, typed = {row.number: row for row in sheet.rows}, _typed()
    found = []
    for row in rows:
        by_cell: dict[int, dict[str, Any]] = {}
        for one in row.findings:
            name = f"cell-{row.number}-{one.index}" if one.index >= 0 else ""
            cell = by_cell.setdefault(
                one.index,
                {
                    "name": name,
                    "id": name or f"row-{row.number}",
                    "column": one.finding.column,
                    "value": typed.get((row.number, one.index), cells[row.number].cell(one.index)),
                    "mends": [],
                },
            )
            cell["mends"].append(one.finding.mend)
        if by_cell:
            called = row.person.name or (f"{row.person.role}" if row.person.role else "")
            found.append({"number": row.number, "called": called[:80], "cells": list(by_cell.values())})
    return found


def _faults(rows: Iterable[ReadRow]) -> list[tuple[str, str]]:
    """Each thing to mend as a line of the summary on top: the id of its cell, and the words."""
    found = []
    for row in rows:
        for one in row.findings:
            place = f"cell-{row.number}-{one.index}" if one.index >= 0 else f"row-{row.number}-error"
            found.append((place, f"Row {row.number}, {one.finding.column}: {after_colon(one.finding.mend)}"))
    return found


def _people_there(appointment_id: int) -> int:
    newest = skillsets.versions(session(), appointment_id).shown
    return len(skillsets.people_of(session(), newest))


def _typed() -> dict[tuple[int, int], str]:
    found = {}
    for name, text in request.form.items():
        if cell := _CELL.fullmatch(name):
            found[int(cell[1]), int(cell[2])] = text
    return found


@door.post(f"{HERE}/checks/<int(max=2147483647):number>/drop")
@requires(Permission.COMPANY_KEEP)
def drop(appointment_id: int, number: int) -> Any:
    """Forget the sheet; nobody of it is kept."""
    place = own_place(appointment_id)
    kept = kept_sheet(session(), visitor(), place, number)
    if VisitForm().validate_on_submit():
        drop_sheet(session(), actor=visitor(), kept=kept)
    return after("skillset.show", appointment_id=appointment_id)
