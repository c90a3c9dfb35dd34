"""One piece of coming work: planned, changed, shared, noted, dropped; and how partners read it."""

from typing import Any

from flask import Blueprint, request, url_for

from framework.definitions import dates
from framework.definitions.rules import CHANGED_MEANWHILE, NotFound, Refused
from framework.people.permissions import Permission
from framework.records import timeline
from framework.web.sections import Step, sections_of, steps_of
from framework.web.visit import after, page, refused, requires, session, visitor
from lots.forward import finding
from lots.forward.finding import Seen
from lots.forward.finding_proposals import proposals_on
from lots.forward.following import followed
from lots.forward.periods import ahead_in_words
from lots.forward.planning import change_item, plan_item
from lots.forward.proposing import NO_RIGHT
from lots.forward.reach import holders_of, suspended_until
from lots.forward.sharing import drop_item, note_item, share_item
from lots.web.forward import TONES
from lots.web.forward_forms import AskForm, ItemForm, NoteForm, ReasonForm, shown_item

door = Blueprint("pipeline", __name__)
_HERE = "/forward/items/<int(max=2147483647):item_id>"


@door.route("/forward/items/new", methods=["GET", "POST"])
@requires(Permission.FORWARD_WRITE)
def new() -> Any:
    """Put down coming work; nobody outside the council reads it yet."""
    own, who = session(), visitor()
    form = ItemForm(lot=request.args.get("lot"))
    lots, councils = finding.lots_to_plan(own, who), finding.planners(own, who)
    form.lot.choices = [
        ("", "Choose a lot"),
        *((lot.reference, f"{lot.reference} {lot.title} ({agreement.title})") for lot, agreement in lots),
    ]
    form.authority_id.choices = [(str(one.id), one.name) for one in councils]
    if len(councils) == 1:
        form.authority_id.data = str(councils[0].id)
    if form.validate_on_submit():
        chosen = next(lot for lot, _ in lots if lot.reference == form.lot.data)
        try:
            item = plan_item(
                own, actor=who, lot=chosen, authority_id=int(form.authority_id.data), facts=form.facts()
            )
            return after("pipeline.show", item_id=item.id)
        except Refused as refusal:
            refused(form, refusal)
    return page(
        "lots/forward/form.html",
        form=form,
        seen=None,
        councils=councils,
        can_plan=bool(lots),
        mark=0,
        status=422 if form.problems else 200,
    )


@door.get(_HERE)
@requires(Permission.FORWARD_READ)
def show(item_id: int) -> Any:
    """What is coming, when, and what has changed; for its own council also what may be done next."""
    own, who = session(), visitor()
    seen = finding.item(own, who, item_id)
    today = dates.today()
    item = seen.item
    mine = who.may(Permission.AGREEMENT_READ, item.authority_id)
    proposes = who.may(Permission.COMPANY_KEEP) and not seen.in_short and item.stage.is_open
    return page(
        "lots/forward/item.html",
        seen=seen,
        stage=(item.stage.label, TONES[item.stage]),
        asking=_when(item.asking, today) if item.asking else "Not known yet",
        start=_when(item.start, today),
        news=[(one, finding.differences(seen, one)) for one in finding.news(own, seen)]
        if item.is_shared
        else [],
        follows={f"item:{item.id}"} if followed(own, who).item(item) else set(),
        may_propose=proposes and bool(holders_of(own, who, seen.lot.id)),
        suspended=suspended_until(own, who, seen.lot.id) if proposes else None,
        is_partner=who.may(Permission.COMPANY_KEEP),
        proposals=proposals_on(own, who, item),
        is_own=mine,
        steps=[*_steps(seen), *steps_of("pipeline_item", own, who, item)],
        sections=sections_of("pipeline_item", own, who, item),
        happenings=timeline.of(own, who, "pipeline_item", item.id) if mine else [],
        no_right=NO_RIGHT,
    )


def _when(period: Any, today: Any) -> str:
    return f"{period}, {ahead_in_words(period, today)}"


def _steps(seen: Seen) -> list[Step]:
    item = seen.item
    if not visitor().may(Permission.FORWARD_WRITE, item.authority_id):
        return []
    steps = []
    if item.stage.is_open:
        if not item.is_shared:
            steps.append(
                Step("Share with partners", url_for("pipeline.share", item_id=item.id), primary=True)
            )
        steps.append(Step("Change it", url_for("pipeline.change", item_id=item.id)))
    if item.is_shared:
        steps.append(Step("Add a note for all readers", url_for("pipeline.note", item_id=item.id)))
    if item.stage.is_open:
        steps.append(Step("Drop it", url_for("pipeline.drop", item_id=item.id)))
    return steps


@door.route(f"{_HERE}/change", methods=["GET", "POST"])
@requires(Permission.FORWARD_WRITE)
def change(item_id: int) -> Any:
    """Change it. Where it is shared, readers are told what changed."""
    seen = finding.own_item(session(), visitor(), item_id)
    form = ItemForm(data=shown_item(seen.item, seen.lot.reference))
    form.lot.choices = [(seen.lot.reference, seen.lot.title)]
    form.authority_id.choices = [(str(seen.authority.id), seen.authority.name)]
    form.lot.data, form.authority_id.data = seen.lot.reference, str(seen.authority.id)
    mark = request.form.get("mark", str(seen.item.changes))
    if form.validate_on_submit():
        try:
            change_item(
                session(),
                actor=visitor(),
                item=seen.item,
                facts=form.facts(),
                seen=int(mark) if mark.isascii() and mark.isdigit() and len(mark) < 10 else -1,
            )
            return after("pipeline.show", item_id=item_id)
        except Refused as refusal:
            refused(form, refusal)
            seen = finding.own_item(session(), visitor(), item_id)
    return page(
        "lots/forward/form.html",
        form=form,
        seen=seen,
        councils=[seen.authority],
        can_plan=True,
        mark=seen.item.changes if CHANGED_MEANWHILE in form.general else mark,
        status=422 if form.problems else 200,
    )


@door.route(f"{_HERE}/share", methods=["GET", "POST"])
@requires(Permission.FORWARD_WRITE)
def share(item_id: int) -> Any:
    """Let partners read it."""
    seen = finding.own_item(session(), visitor(), item_id)
    form = AskForm()
    if form.validate_on_submit():
        try:
            share_item(session(), actor=visitor(), item=seen.item)
            return after("pipeline.show", item_id=item_id)
        except Refused as refusal:
            refused(form, refusal)
            seen = finding.own_item(session(), visitor(), item_id)
    return page("lots/forward/share.html", form=form, seen=seen, status=422 if form.problems else 200)


@door.route(f"{_HERE}/drop", methods=["GET", "POST"])
@requires(Permission.FORWARD_WRITE)
def drop(item_id: int) -> Any:
    """Say that it is not coming, and why."""
    seen = finding.own_item(session(), visitor(), item_id)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            drop_item(session(), actor=visitor(), item=seen.item, reason=form.reason.data or "")
            return after("pipeline.show", item_id=item_id)
        except Refused as refusal:
            refused(form, refusal)
            seen = finding.own_item(session(), visitor(), item_id)
    return page("lots/forward/drop.html", form=form, seen=seen, status=422 if form.problems else 200)


@door.route(f"{_HERE}/note", methods=["GET", "POST"])
@requires(Permission.FORWARD_WRITE)
def note(item_id: int) -> Any:
    """Tell every reader what one partner was told."""
    seen = finding.own_item(session(), visitor(), item_id)
    if not seen.item.is_shared:
        raise NotFound
    form = NoteForm()
    if form.validate_on_submit():
        try:
            note_item(session(), actor=visitor(), item=seen.item, words=form.words.data or "")
            return after("pipeline.show", item_id=item_id)
        except Refused as refusal:
            refused(form, refusal)
            seen = finding.own_item(session(), visitor(), item_id)
    return page("lots/forward/note.html", form=form, seen=seen, status=422 if form.problems else 200)
