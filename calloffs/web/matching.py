"""Matching: the queue of lines with their suggestions, one line with everything about it, and what may be done with it."""

from typing import Any

from flask import Blueprint, request, url_for
from sqlmodel import Session

from calloffs.extracts import mends
from calloffs.extracts.spend_line import SpendLine
from calloffs.matching import choosing, flags, queue, reviewing
from calloffs.matching.queue import Filters
from calloffs.matching.setting_aside import MOST_WORDS, set_aside, take_up
from calloffs.matching.undoing import standing_match, undo_match
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.web.fields import LineField, TickField, VisitForm, WordsField, at_most, needed
from framework.web.home import Panel, Waiting
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("matching", __name__)
LINE = "/spend/matching/lines/<int(max=2147483647):number>"


class MatchForm(VisitForm):
    call_off = LineField(
        "Call-off reference", [needed("Enter the call-off’s reference"), at_most(40, "The reference")]
    )
    accept = TickField("I accept that this goes past the call-off’s value")
    over_why = WordsField("Why", [at_most(500, "The reason")])


class AsideForm(VisitForm):
    why = WordsField(
        "Why does it belong to no call-off?",
        [
            needed("Enter why it belongs to no call-off, up to 500 characters"),
            at_most(MOST_WORDS, "The reason"),
        ],
    )


def _number(name: str) -> int | None:
    said = request.args.get(name, "")
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and len(said) < 10):
        raise NotFound
    return int(said)


def _filters() -> Filters:
    return Filters(
        request.args.get("show") or "likely",
        _number("source"),
        _number("import"),
        request.args.get("supplier", "")[:200],
    )


def _kept() -> dict[str, Any]:
    """The filters as the next address carries them."""
    found = {name: request.args.get(name, "") for name in ("show", "source", "import", "supplier")}
    return {name: value for name, value in found.items() if value}


@door.get("/spend/matching/")
@requires(Permission.EXTRACT_READ)
def index() -> Any:
    """Lines that wait, each with its best suggestion and one click to match it."""
    filters = _filters()
    found = queue.queue(session(), visitor(), filters, _number("after") or 0)
    done = _number("done")
    return page(
        "calloffs/matching/queue.html",
        filters=filters,
        kept=_kept(),
        shown=queue.SHOWN,
        found=found,
        sources=queue.sources(session(), visitor()),
        imports=queue.imports(session(), visitor()),
        done=_done(done) if done else None,
        may_match=visitor().may(Permission.INVOICE_RECORD),
    )


def _done(number: int) -> choosing.Made | None:
    try:
        return choosing.made(session(), visitor(), number)
    except NotFound:
        return None


@door.route(LINE, methods=["GET", "POST"])
@requires(Permission.SPEND_READ)
def line(number: int) -> Any:
    """One line: what it says, its flags, its match or everything suggested for it, and a search by hand."""
    found = queue.line_of(session(), visitor(), number)
    form = MatchForm()
    if request.method == "POST":
        permitted(visitor(), Permission.INVOICE_RECORD, found.authority_id)
    if form.validate_on_submit():
        try:
            made = choosing.match_by_hand(
                session(),
                actor=visitor(),
                line=found,
                reference=form.call_off.data or "",
                over_why=(form.over_why.data or "") if form.accept.data else "",
            )
            return after("matching.index", **_kept(), done=made.id)
        except Refused as refusal:
            refused(form, refusal)
            found = queue.line_of(session(), visitor(), number)
    return _line(found, form)


def _line(found: SpendLine, form: MatchForm) -> Any:
    may_match = visitor().may(Permission.INVOICE_RECORD, found.authority_id)
    match = standing_match(session(), found.id)
    waits = match is None and found.not_ours_at is None
    words = request.args.get("words", "")[:100]
    return page(
        "calloffs/matching/line.html",
        form=form,
        line=found,
        amount=queue.amount_of(found),
        source=queue.source_of(session(), found),
        mends=mends.of_line(session(), found),
        flags=flags.of(found.flags),
        match=match,
        call_off=queue.reference_of(session(), found),
        why=match.why.value.replace("_", " ") if match else "",
        suggestions=queue.suggested(session(), [found])[found.id] if waits and may_match else [],
        words=words,
        results=queue.search(session(), found, words) if waits and may_match and words.strip() else None,
        may_match=may_match,
        may_look_through=visitor().may(Permission.EXTRACT_READ),
        waits=waits,
        kept=_kept(),
        asks_over=bool(form.over_why.errors) or bool(form.accept.data),
        status=422 if form.problems else 200,
    )


@door.post(f"{LINE}/undo")
@requires(Permission.INVOICE_RECORD)
def undo(number: int) -> Any:
    """Undo the match of a line."""
    found = queue.line_of(session(), visitor(), number)
    match = standing_match(session(), found.id)
    if match is None:
        raise NotFound
    undo_match(session(), actor=visitor(), match=match)
    return after("matching.line", number=number)


@door.route(f"{LINE}/not-ours", methods=["GET", "POST"])
@requires(Permission.INVOICE_RECORD)
def not_ours(number: int) -> Any:
    """Say that a line belongs to no call-off, with a reason."""
    found = _ours(number)
    form = AsideForm()
    if form.validate_on_submit():
        try:
            set_aside(session(), actor=visitor(), line=found, why=form.why.data or "")
            return after("matching.line", number=number)
        except Refused as refusal:
            refused(form, refusal)
            found = _ours(number)
    return page(
        "calloffs/matching/not_ours.html",
        form=form,
        line=found,
        amount=queue.amount_of(found),
        status=422 if form.problems else 200,
    )


@door.post(f"{LINE}/ours-again")
@requires(Permission.INVOICE_RECORD)
def ours_again(number: int) -> Any:
    """Put a line that was set aside back into the queue."""
    take_up(session(), actor=visitor(), line=_ours(number))
    return after("matching.line", number=number)


@door.post(f"{LINE}/seen")
@requires(Permission.INVOICE_RECORD)
def seen(number: int) -> Any:
    """Say that somebody looked at what a later file changed."""
    reviewing.seen(session(), actor=visitor(), line=_ours(number))
    return after("matching.line", number=number)


def _ours(number: int) -> SpendLine:
    found = queue.line_of(session(), visitor(), number)
    permitted(visitor(), Permission.INVOICE_RECORD, found.authority_id)
    return found


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home of a finance reviewer: how many lines may be ours and wait, and how many have to be looked at."""
    if not who.may(Permission.INVOICE_RECORD):
        return None
    waiting, flagged = queue.how_many(own, who, "likely"), queue.how_many(own, who, "flagged")
    items = []
    if waiting:
        items.append(
            Waiting(
                f"{_some(waiting)} of extracts to match to call-offs",
                "Each comes with the best suggestion, and why",
                url_for("matching.index"),
                "line",
            )
        )
    if flagged:
        items.append(
            Waiting(
                f"{_some(flagged)} to look at",
                "Past a value, outside a term, without a purchase order, or changed by a later file",
                url_for("matching.index", show="flagged"),
                "line",
            )
        )
    return Panel("Lines of extracts", tuple(items), "")


def _some(number: int) -> str:
    if number > queue.MOST_COUNTED:
        return f"More than {queue.MOST_COUNTED:,} lines"
    return "1 line" if number == 1 else f"{number:,} lines"
