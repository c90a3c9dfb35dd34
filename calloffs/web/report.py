"""Reports: each is a page, its fragment, a CSV file and a workbook."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from calloffs.figures.completeness import completeness
from calloffs.reports.every_report import OVERVIEW, REPORTS
from calloffs.reports.report import FIGURES, Asked, Report
from calloffs.reports.sheets import Noted, csv_file, workbook
from calloffs.spend import balances
from calloffs.tables.in_blocks import in_blocks
from calloffs.web.spend import bar_of
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission
from framework.web.visit import after, page, requires, session, visitor

door = Blueprint("report", __name__)
_PAGE = 50


@door.get("/spend/agreements/<reference>")
@requires(Permission.SPEND_READ)
def agreement(reference: str) -> Any:
    """The first report of an agreement."""
    found = balances.agreement(session(), visitor(), reference)
    return after("report.show", reference=found.reference, key=REPORTS[0].key)


@door.get("/spend/agreements/<reference>/<key>")
@requires(Permission.SPEND_READ)
def show(reference: str, key: str) -> Any:
    """One report of an agreement, or its table alone when htmx asks."""
    found, report = _found(reference, key)
    asked = Asked(session(), visitor(), found, _after(), _PAGE + 1 if report.paged else None)
    lines = list(report.rows(asked))
    further = lines[_PAGE - 1].number if report.paged and len(lines) > _PAGE else None
    lines = [*(lines[:_PAGE] if report.paged else lines), *report.rest(asked)]
    bars = [
        bar_of(f"row-{place}", line.words[0], line.figures, line.basis)
        for place, line in enumerate(lines, start=1)
        if report.bars
    ]
    return page(
        "calloffs/reports/page.html",
        fragment="calloffs/reports/_table.html",
        agreement=found,
        report=report,
        reports=REPORTS,
        heads=FIGURES,
        lines=lines,
        totals=report.total(asked),
        bars=bars,
        further=further,
        completeness=completeness(session(), visitor(), found.id),
        downloads={
            kind: url_for("report.file", reference=found.reference, key=key, form=kind)
            for kind in ("csv", "xlsx")
        },
    )


@door.get("/spend/agreements/<reference>/<key>.csv", defaults={"form": "csv"})
@door.get("/spend/agreements/<reference>/<key>.xlsx", defaults={"form": "xlsx"})
@requires(Permission.SPEND_READ)
def file(reference: str, key: str, form: str) -> Any:
    """The whole report as a file."""
    found, report = _found(reference, key)
    return _file(report, Asked(session(), visitor(), found), form, f"{found.title} ({found.reference})")


@door.get("/spend/agreements.csv", defaults={"form": "csv"})
@door.get("/spend/agreements.xlsx", defaults={"form": "xlsx"})
@requires(Permission.SPEND_READ)
def overview_file(form: str) -> Any:
    """The overview as a file."""
    return _file(OVERVIEW, Asked(session(), visitor()), form, "every agreement you may see")


def _found(reference: str, key: str) -> tuple[FrameworkAgreement, Report]:
    report = next((one for one in REPORTS if one.key == key), None)
    if report is None:
        raise NotFound
    return balances.agreement(session(), visitor(), reference), report


def _after() -> int:
    said = request.args.get("after", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def _file(report: Report, asked: Asked, form: str, about: str) -> Response:
    moment = dates.now()
    of = f"-{asked.agreement.reference}" if asked.agreement else ""
    name = f"spend-{report.key}{of}-{dates.today().isoformat()}.{form}"
    if form == "csv":
        made = csv_file(report, asked, moment)
        kind = "text/csv; charset=utf-8"
    else:
        made = workbook(report, asked, Noted(visitor().name, moment, about))
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(
        in_blocks(made),
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{_plain(name)}"'},
    )


def _plain(name: str) -> str:
    return "".join(one if one.isascii() and (one.isalnum() or one in "-._") else "-" for one in name)
