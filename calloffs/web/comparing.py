"""Returns beside the council's own invoices: by month, by lot, and one call-off with both sides' notes."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Blueprint, Response, request, url_for
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.listing import owner_of
from calloffs.returns import reading
from calloffs.returns.comparing import Match, by_lot, council_rows, council_summary, numbers, one_row
from calloffs.returns.explaining import notes_of, seen_row, side_of, write_note
from calloffs.returns.monthly_return import Side, due_at, month_before, month_in_words
from calloffs.web.returns import month_of
from framework.definitions import dates
from framework.definitions.money import Money, MoneyError
from framework.definitions.rules import Refused
from framework.people.permissions import Permission, Visitor
from framework.records.csv_text import csv_blocks, safe
from framework.web.fields import TickField, VisitForm, WordsField, at_most, needed
from framework.web.home import Panel, Waiting
from framework.web.sections import Section
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("comparing", __name__)

TONES = {
    Match.DIFFERS: "stopped",
    Match.SILENT: "waiting",
    Match.EXPLAINED: "ended",
    Match.AGREES: "agreed",
    Match.NOT_ASKED: "draft",
}
_MOST = 100


class NoteForm(VisitForm):
    words = WordsField("Your note", [needed("Enter what explains the difference"), at_most(2000, "The note")])
    settles = TickField("Mark this difference as explained")


@door.get("/spend/returns")
@requires(Permission.SPEND_READ)
def index() -> Any:
    """One month: who gave, who is silent, and the largest differences first; for a framework owner also the totals by lot."""
    month = _month()
    rows = council_rows(session(), visitor(), month, _MOST)
    return page(
        "calloffs/returns/compared.html",
        month=month,
        words=month_in_words(month),
        due=due_at(month),
        rows=rows,
        tones=TONES,
        most=_MOST,
        summary=council_summary(session(), visitor(), month),
        lots=by_lot(session(), visitor(), month) if owner_of(visitor()) else [],
        earlier=dates.add_months(month, -1),
        later=dates.add_months(month, 1) if month < month_before(dates.today()) else None,
    )


@door.get("/spend/returns.csv")
@requires(Permission.SPEND_READ)
def file() -> Any:
    """Every row of a month as a file."""
    month, moment = _month(), dates.now()
    heads = ("month", "authority", "partner", "lot", "call_off", "title", "state", "given")
    amounts = ("returned_net", "recorded_net", "difference_net", "as_at")
    rows = [
        [
            f"{month:%Y-%m}",
            *(safe(one) for one in (row.authority, row.partner, row.lot, row.reference, row.title)),
            row.match.label,
            row.first_given_at.isoformat() if row.first_given_at and row.said is not None else "",
            "" if row.said is None else row.said.plain,
            row.recorded.plain,
            "" if row.said is None else row.difference.plain,
            moment.isoformat(),
        ]
        for row in council_rows(session(), visitor(), month)
    ]
    return _csv(f"returns-{month:%Y-%m}.csv", [[*heads, *amounts], *rows])


@door.get("/spend/returns-by-lot.csv")
@requires(Permission.SPEND_READ)
def lots_file() -> Any:
    """Totals of each lot in a month as a file, for the lead authority's framework owner."""
    month, moment = _month(), dates.now()
    heads = ["month", "lot", "title", "asked", "given", "returned_net", "recorded_net", "no_return", "as_at"]
    rows = [
        [
            f"{month:%Y-%m}",
            *(safe(one) for one in (row.lot, row.title)),
            str(row.asked),
            str(row.given),
            row.said.plain,
            row.recorded.plain,
            safe("; ".join(row.silent)),
            moment.isoformat(),
        ]
        for row in by_lot(session(), visitor(), month)
    ]
    return _csv(f"returns-by-lot-{month:%Y-%m}.csv", [heads, *rows])


def _csv(name: str, rows: Iterable[list[str]]) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("".join(csv_blocks(rows)), content_type="text/csv; charset=utf-8", headers=headers)


def _month() -> date:
    return month_of(request.args.get("month") or f"{month_before(dates.today()):%Y-%m}")


# Both sides come in here; what each may see is decided row by row.
@door.route("/call-offs/<reference>/returns/<month>", methods=["GET", "POST"])
@requires(Permission.HOME_READ)
def show(reference: str, month: str) -> Any:
    """One call-off in one month: both figures, the invoice numbers that only one side knows, every version, and notes."""
    first = month_of(month)
    found, row = seen_row(session(), visitor(), reference, first)
    form = NoteForm()
    if form.validate_on_submit():
        try:
            write_note(
                session(),
                actor=visitor(),
                reference=reference,
                month=first,
                words=form.words.data,
                settles=bool(form.settles.data),
                figures=_figures(),
            )
            return after("comparing.show", reference=reference, month=month, _anchor="notes")
        except Refused as refusal:
            refused(form, refusal)
            found, row = seen_row(session(), visitor(), reference, first)
    said = reading.said_of(session(), found.id, first)
    given = said[0][2][0].invoice_numbers if said else ()
    side = side_of(visitor(), found, row)
    return page(
        "calloffs/returns/line.html",
        form=form,
        row=row,
        words=month_in_words(first),
        slug=month,
        tone=TONES[row.match],
        told=[
            (version, by, reading.facts_of(*one), reading.days_in_words(reading.facts_of(*one)))
            for version, by, one in said
        ],
        numbers=numbers(session(), found.id, first, given),
        given_numbers=given,
        notes=notes_of(session(), found.id, first),
        side=side,
        is_council=visitor().may(Permission.SPEND_READ, found.authority_id),
        may_settle=side is Side.COUNCIL and row.match is Match.DIFFERS,
        status=422 if form.problems else 200,
    )


def _figures() -> tuple[Money, Money] | None:
    try:
        typed = [
            Money.pounds(request.form.get(name, ""), allow_negative=True) for name in ("said", "recorded")
        ]
    except MoneyError:
        return None
    return typed[0], typed[1]


def section(own: Session, who: Visitor, found: CallOff) -> Section | None:
    """The newest months in which the partner returned something on a call-off, for its authority and for the partner."""
    if found.signed_at is None:
        return None
    council = who.may(Permission.SPEND_READ, found.authority_id)
    if not council and not who.may(Permission.RETURN_GIVE):
        return None
    last = month_before(dates.today())
    now = one_row(own, found, last)
    months = [
        (
            month_in_words(month),
            net,
            url_for("comparing.show", reference=found.reference, month=f"{month:%Y-%m}"),
        )
        for month, net in reading.months_of_call_off(own, found.id)
    ]
    silent = now if now is not None and now.match is Match.SILENT else None
    if not months and silent is None:
        return None
    heading = "Partner’s returns" if council else "Your returns"
    return Section(
        "returns",
        heading,
        "calloffs/returns/_section.html",
        {"months": months, "silent": silent, "last": month_in_words(last)},
    )


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home of a finance reviewer: last month's returns that differ from the council's own figures, or are missing."""
    if not who.may(Permission.INVOICE_RECORD):
        return None
    month = month_before(dates.today())
    found = council_summary(own, who, month)
    if not found.differing and not found.missing:
        return None
    return Panel(
        heading="Partners’ returns",
        items=(
            Waiting(
                title=f"Returns for {month_in_words(month)}",
                detail=f"{found.given} of {found.asked} given, {found.differing} unlike our own figures, net of VAT",
                address=url_for("comparing.index"),
                kind="return",
            ),
        ),
        empty="",
    )
