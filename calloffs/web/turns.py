"""Whose turn it was on a lot: a page, and the same as a file."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from sqlmodel import Session

from calloffs.turn import Turn
from calloffs.turns import Asking, Turns, headline, turns
from calloffs.web.outcomes import TONES
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission, Visitor
from framework.records.csv_text import csv_blocks, safe
from framework.web.sections import Step
from framework.web.visit import page, requires, session, visitor
from lots import finding
from lots.lot import Lot

door = Blueprint("turns", __name__)
_SHOWN = 100
# What a fair look asks for first; each offer is in exactly one of these columns.
_COLUMNS = (
    Turn.WON,
    Turn.DECLINED,
    Turn.LAPSED,
    Turn.WAITING,
    Turn.ANSWERED,
    Turn.NOT_AWARDED,
    Turn.AWARD_WITHDRAWN,
    Turn.TAKEN_BACK,
)


@door.get("/lots/<reference>/turns")
@requires(Permission.CALL_OFF_READ)
def show(reference: str) -> Any:
    """Who was asked, who declined and who won, in one financial year or in all."""
    lot, agreement, found = _found(reference)
    return page(
        "calloffs/turns/page.html",
        lot=lot,
        agreement=agreement,
        found=found,
        headline=headline(found),
        kinds=_COLUMNS,
        rows=found.rows[:_SHOWN],
        shown=_SHOWN,
        tones=TONES,
        file=url_for("turns.file", reference=lot.reference, year=found.year),
    )


@door.get("/lots/<reference>/turns.csv")
@requires(Permission.CALL_OFF_READ)
def file(reference: str) -> Any:
    """Every offer that the page may show, one to a row."""
    lot, _, found = _found(reference)
    name = f"turns-{_plain(lot.reference)}-{dates.today().isoformat()}.csv"
    return Response(
        "".join(csv_blocks(_lines(lot, found))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _found(reference: str) -> tuple[Lot, FrameworkAgreement, Turns]:
    lot, agreement = finding.lot_and_agreement(session(), visitor(), reference)
    typed = request.args.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else None
    found = turns(session(), visitor(), lot, agreement, year)
    if typed and found.year is None:
        raise NotFound
    return lot, agreement, found


def _plain(reference: str) -> str:
    """A reference as part of a file name."""
    return "".join(one if one.isascii() and one.isalnum() else "-" for one in reference)


def _lines(lot: Lot, found: Turns) -> Any:
    moment = dates.as_london(dates.now()).isoformat(timespec="seconds")
    yield [
        "lot",
        "offer",
        "call_off",
        "council",
        "partner",
        "offered_on",
        "outcome",
        "maximum_value_pounds",
        "basis",
        "route",
        "reason",
        "as_at",
    ]
    for one in found.rows:
        yield [*(safe(text) for text in _texts(lot, one)), moment]


def _texts(lot: Lot, one: Asking) -> list[str]:
    return [
        lot.reference,
        one.reference,
        one.call_off,
        one.authority,
        one.partner,
        one.offered_on.isoformat(),
        one.turn.label,
        one.value.plain,
        "net of VAT",
        one.route,
        one.why,
    ]


def step(_own: Session, who: Visitor, lot: Lot) -> Step | None:
    """From the lot's page."""
    if not who.may(Permission.CALL_OFF_READ):
        return None
    return Step("See whose turn it was", url_for("turns.show", reference=lot.reference))
