"""What is held on a partner, shown to it as plain lists and as files; and having something put right."""

import json
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, url_for
from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refused
from framework.people.held import Cell, Held, held_on
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.records.workbook import XLSX, workbook
from framework.web.fields import ChoiceField, PickField, VisitForm, WordsField, at_most, needed
from framework.web.home import Panel, Waiting
from framework.web.visit import after, page, refused, requires, session, visitor
from lots import finding
from lots.correcting import answer_correction, ask_correction, request_of, waiting_for

door = Blueprint("held", __name__)
_HERE = "/my-company/<int(max=2147483647):supplier_id>"


class CorrectionForm(VisitForm):
    about = PickField("What is it about?", [needed("Choose what it is about")])
    words = WordsField(
        "What is wrong, and what would be right?",
        [needed("Say what is wrong"), at_most(2000, "What is wrong")],
    )


class AnswerForm(VisitForm):
    corrected = ChoiceField(
        "Was it put right?",
        [needed("Choose whether it was put right")],
        choices=[("yes", "Yes"), ("no", "No")],
    )
    answer = WordsField("What was done, or why nothing was", [at_most(2000, "The answer")])


@door.get("/my-company/held")
@requires(Permission.OFFER_READ)
def show() -> Any:
    """Everything held on the visitor's companies, list by list."""
    own, who = session(), visitor()
    return page(
        "lots/held/page.html",
        companies=[(one, _shown(held_on(own, who, one))) for one in finding.own_companies(own, who)],
        as_at=dates.now(),
    )


@door.get(f"{_HERE}/held.xlsx")
@requires(Permission.OFFER_READ)
def xlsx(supplier_id: int) -> Any:
    """The same as a workbook, a sheet for each list."""
    supplier = _company(supplier_id)
    lists = held_on(session(), visitor(), supplier)
    notes = [
        ("Company", supplier.name),
        ("As at", dates.moment_in_words(dates.now())),
        ("For", visitor().name),
        *((one.title, f"Seen by: {one.seen_by}. Kept: {one.kept}") for one in lists),
    ]
    content = workbook(((one.title, one.columns, one.rows) for one in lists), notes)
    return _file(content, XLSX, "held.xlsx")


@door.get(f"{_HERE}/held.json")
@requires(Permission.OFFER_READ)
def as_json(supplier_id: int) -> Any:
    """The same for a machine: amounts in pence, days as ISO, moments in UTC."""
    supplier = _company(supplier_id)
    told = {
        "company": supplier.name,
        "as_at": dates.now().isoformat(timespec="seconds"),
        "lists": [
            {
                "title": one.title,
                "seen_by": one.seen_by,
                "kept": one.kept,
                "rows": [
                    {
                        _named(column, cell): _plain(cell)
                        for column, cell in zip(one.columns, row, strict=True)
                    }
                    for row in one.rows
                ],
            }
            for one in held_on(session(), visitor(), supplier)
        ],
    }
    return _file(json.dumps(told, ensure_ascii=False, indent=1).encode(), "application/json", "held.json")


@door.route(f"{_HERE}/corrections/new", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def correction(supplier_id: int) -> Any:
    """A partner says what is wrong."""
    supplier = _company(supplier_id)
    form = CorrectionForm()
    titles = [one.title for one in held_on(session(), visitor(), supplier)]
    form.about.choices = [
        ("", "Choose"),
        *((one, one) for one in titles),
        ("Something else", "Something else"),
    ]
    if form.validate_on_submit():
        try:
            ask_correction(
                session(),
                actor=visitor(),
                supplier=supplier,
                about=form.about.data,
                words=form.words.data,
            )
            return after("held.show")
        except Refused as refusal:
            refused(form, refusal)
            supplier = _company(supplier_id)
    return page(
        "lots/held/correction.html", form=form, supplier=supplier, status=422 if form.problems else 200
    )


@door.route(
    "/partners/<int(max=2147483647):supplier_id>/corrections/<int(max=2147483647):request_id>",
    methods=["GET", "POST"],
)
@requires(Permission.AGREEMENT_OPEN)
def answer(supplier_id: int, request_id: int) -> Any:
    """A framework owner answers."""
    asked = request_of(session(), visitor(), supplier_id, request_id)
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            answer_correction(
                session(),
                actor=visitor(),
                asked=asked,
                corrected=form.corrected.data == "yes",
                answer=form.answer.data,
            )
            return after("partner.show", supplier_id=supplier_id)
        except Refused as refusal:
            refused(form, refusal)
            asked = request_of(session(), visitor(), supplier_id, request_id)
    supplier, _ = finding.partner(session(), visitor(), supplier_id)
    return page(
        "lots/held/answer.html",
        form=form,
        supplier=supplier,
        asked=asked,
        status=422 if form.problems else 200,
    )


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home: corrections that partners ask for."""
    waiting = waiting_for(own, who)
    if not waiting:
        return None
    return Panel(
        heading="Corrections that partners ask for",
        items=tuple(
            Waiting(
                title=f"{supplier.name}: {asked.about}",
                detail=f"Asked {dates.days_between_in_words(dates.today(), dates.as_london(asked.asked_at).date())}",
                address=url_for("held.answer", supplier_id=supplier.id, request_id=asked.id),
                kind="correction",
            )
            for asked, supplier in waiting
        ),
        empty="",
    )


def _company(supplier_id: int) -> Party:
    for one in finding.own_companies(session(), visitor()):
        if one.id == supplier_id:
            return one
    raise NotFound


def _shown(lists: list[Held]) -> list[tuple[Held, list[list[str]]]]:
    return [(one, [[_words(cell) for cell in row] for row in one.rows]) for one in lists]


def _words(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return dates.moment_in_words(cell)
    if isinstance(cell, date):
        return dates.in_words(cell)
    return str(cell)


def _named(column: str, cell: Cell) -> str:
    """The column's name, with its unit where the value is an amount."""
    return f"{column} (pence)" if isinstance(cell, Money) else column


def _plain(cell: Cell) -> Any:
    if isinstance(cell, Money):
        return cell.pence
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return cell


def _file(content: bytes, media_type: str, name: str) -> Response:
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
