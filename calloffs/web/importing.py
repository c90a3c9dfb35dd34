"""Loading a file of invoices: upload, look at what was found, confirm."""

from typing import Any

from flask import Blueprint, Response, url_for

from calloffs.spend.checking import Checked, check_file, findings_table
from calloffs.spend.importing import confirm_file, imports_of, keep, kept_file
from calloffs.spend.reading import COLUMNS, MOST_BYTES, OPTIONAL
from framework.definitions.rules import Refused
from framework.people.permissions import Permission
from framework.records.csv_text import csv_blocks, safe
from framework.web.fields import UploadField, VisitForm
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("importing", __name__)
_SHOWN = 200


class UploadForm(VisitForm):
    file = UploadField("CSV file")


@door.route("/spend/imports/", methods=["GET", "POST"])
@requires(Permission.INVOICE_RECORD)
def upload() -> Any:
    """Choose a file. It is read and checked; nothing of it is saved as an invoice yet."""
    form = UploadForm()
    if form.validate_on_submit():
        sent = form.file.data
        data = sent.read(MOST_BYTES + 1) if sent else b""
        try:
            checked = check_file(
                session(), visitor(), data, (sent.filename if sent else "") or "invoices.csv"
            )
            kept = keep(session(), actor=visitor(), checked=checked, data=data)
            return after("importing.check", number=kept.id)
        except Refused as refusal:
            refused(form, refusal)
    return page(
        "calloffs/importing/upload.html",
        form=form,
        columns=COLUMNS,
        optional=OPTIONAL,
        status=422 if form.problems else 200,
    )


@door.get("/spend/imports/example.csv")
@requires(Permission.INVOICE_RECORD)
def example() -> Response:
    """A file with our columns and one row."""
    row = (
        "DP2-4-0001",
        "INV-001",
        "01/03/2027",
        "03/03/2027",
        "Design, February",
        "1000.00",
        "200.00",
        "1200.00",
    )
    return _csv([(*COLUMNS, *OPTIONAL), (*row, "", "")], "invoices-example.csv")


@door.route("/spend/imports/<int(max=2147483647):number>", methods=["GET", "POST"])
@requires(Permission.INVOICE_RECORD)
def check(number: int) -> Any:
    """What was found, row by row; confirming keeps the good rows."""
    kept = kept_file(session(), visitor(), number)
    form = VisitForm()
    if form.validate_on_submit():
        try:
            confirm_file(session(), actor=visitor(), kept=kept)
            return after("importing.check", number=number)
        except Refused as refusal:
            refused(form, refusal)
            kept = kept_file(session(), visitor(), number)
    if kept.confirmed_at:
        return page("calloffs/importing/done.html", kept=kept, imports=imports_of(session(), kept))
    checked = check_file(session(), visitor(), kept.content, kept.file_name)
    return page(
        "calloffs/importing/check.html",
        form=form,
        kept=kept,
        checked=checked,
        bad=checked.bad[:_SHOWN],
        good=checked.good[:_SHOWN],
        shown=_SHOWN,
        again=url_for("importing.upload"),
        status=422 if form.problems else 200,
    )


@door.get("/spend/imports/<int(max=2147483647):number>/findings.csv")
@requires(Permission.INVOICE_RECORD)
def every_finding(number: int) -> Response:
    """Every row with its finding, to put right in a spreadsheet."""
    kept = kept_file(session(), visitor(), number)
    checked: Checked = check_file(session(), visitor(), kept.content, kept.file_name)
    return _csv(findings_table(checked), "findings.csv")


def _csv(rows: Any, name: str) -> Response:
    text = ([_as_it_came(cell) for cell in row] for row in rows)
    return Response(
        list(csv_blocks(text)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _as_it_came(cell: str) -> str:
    # An amount below nothing begins with a minus sign and is still a number.
    return cell if cell[1:].replace(".", "", 1).replace(",", "").isdigit() and cell[0] == "-" else safe(cell)
