"""Promises: offered, agreed, delivered and confirmed, for the partner, its council and the framework owner."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor
from framework.records import timeline
from framework.records.file_kinds import DOCUMENTS, said_first
from framework.records.uploading import MOST_BYTES, Upload, take_file
from framework.web.downloads import send_download
from framework.web.home import Panel, Waiting
from framework.web.sections import sections_of
from framework.web.visit import (
    after,
    page,
    reads_first,
    refused,
    requires,
    session,
    take_turn,
    visitor,
)
from lots import finding
from lots.finding import Place
from lots.forward.delivering import (
    TAKEN_BACK,
    DeliveryFacts,
    decide_delivery,
    deliveries_of,
    tell_delivery,
    waiting_delivery,
    withdraw_delivery,
)
from lots.forward.finding_promises import Held, due_by, evidence, on_lots, promise, promises, to_answer
from lots.forward.planning import councils_of
from lots.forward.promise import PromiseStatus
from lots.forward.promise_file import promise_rows
from lots.forward.promising import (
    change_promise,
    decide_version,
    offer_promise,
    versions_of,
    withdraw_promise,
)
from lots.web.forward_forms import AskForm, DecideForm, DeliveryForm, PromiseForm, shown_promise

door = Blueprint("promising", __name__)
_HERE = "/promises/<int(max=2147483647):promise_id>"
TONES = {
    PromiseStatus.OFFERED: "waiting",
    PromiseStatus.SENT_BACK: "draft",
    PromiseStatus.WITHDRAWN: "ended",
    PromiseStatus.AGREED: "agreed",
    PromiseStatus.DELIVERED: "waiting",
    PromiseStatus.KEPT: "live",
    PromiseStatus.LATE: "stopped",
}


@door.get("/promises/")
@requires(Permission.FORWARD_READ)
def index() -> Any:
    """Every promise that the visitor may read, and how many of each lot are kept and late."""
    found = promises(session(), visitor())
    return page(
        "lots/promising/index.html",
        rows=[(one, status_of(one)) for one in found],
        counts=on_lots(found),
        may_offer=visitor().may(Permission.COMPANY_KEEP),
    )


@door.get("/promises.csv")
@requires(Permission.FORWARD_READ)
def file() -> Any:
    """The same as a file."""
    name = f"promises-{dates.today().isoformat()}.csv"
    return Response(
        promise_rows(promises(session(), visitor())),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def status_of(held: Held) -> tuple[str, str]:
    """The word for what a promise is today, and its tone."""
    return held.status.label, TONES[held.status]


@door.route("/promises/new", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def new() -> Any:
    """Offer a promise on one of the company's own lots."""
    places = _places(session(), visitor())
    form = PromiseForm(appointment_id=request.args.get("place"))
    form.appointment_id.choices = [
        ("", "Choose a lot"),
        *((str(one.appointment.id), f"{one.lot.reference} {one.lot.title}") for one in places),
    ]
    councils = {one.id: one for place in places for one in councils_of(session(), place.agreement.id)}
    form.authority_id.choices = [(str(one.id), one.name) for one in councils.values()]
    del form.why
    if form.validate_on_submit():
        place = next(one for one in places if str(one.appointment.id) == form.appointment_id.data)
        try:
            made = offer_promise(
                session(),
                actor=visitor(),
                place=place,
                authority_id=int(form.authority_id.data),
                facts=form.facts(),
            )
            return after("promising.show", promise_id=made.id)
        except Refused as refusal:
            refused(form, refusal)
    return page(
        "lots/promising/form.html",
        form=form,
        held=None,
        places=places,
        status=422 if form.problems else 200,
    )


def _places(own: Session, who: Visitor) -> list[Place]:
    today = dates.today()
    return [
        place
        for supplier in sorted(who.parties_where(Permission.COMPANY_KEEP))
        for place in finding.own_places(own, who, supplier)
        if (place.appointment.ended_on is None or place.appointment.ended_on > today)
        and place.agreement.is_public
        and not place.agreement.recorded_as_past
    ]


@door.get(_HERE)
@requires(Permission.FORWARD_READ)
def show(promise_id: int) -> Any:
    """What was promised, in every version, what is delivered, and what waits for whom."""
    return _show(promise(session(), visitor(), promise_id))


def _show(held: Held, form: DecideForm | None = None) -> Any:
    own, who, one = session(), visitor(), held.promise
    mine = one.supplier_id in who.parties_where(Permission.COMPANY_KEEP)
    decides = who.may(Permission.FORWARD_WRITE, one.authority_id)
    versions = versions_of(own, one)
    still = not one.withdrawn_at
    return page(
        "lots/promising/promise.html",
        held=held,
        status_words=status_of(held),
        versions=versions,
        deliveries=deliveries_of(own, one),
        waiting=versions[0] if one.waits_for == "agreement" and still else None,
        to_confirm=waiting_delivery(own, one) if one.waits_for == "confirmation" else None,
        decides=decides,
        is_own=mine,
        taken_back=TAKEN_BACK,
        may_change=mine and still and not one.waits_for and not one.is_kept,
        may_withdraw=mine and still and one.agreed_number is None,
        may_deliver=mine and one.agreed_number is not None and not one.waits_for and not one.is_kept,
        sections=sections_of("promise", own, who, one),
        # The partner reads versions and deliveries; the names of a council's people stay with the council.
        happenings=[] if mine else timeline.of(own, who, "promise", one.id),
        form=form or DecideForm(formdata=None),
        status=422 if form and form.problems else 200,
    )


def _own(promise_id: int) -> Held:
    held = promise(session(), visitor(), promise_id)
    if held.promise.supplier_id not in visitor().parties_where(Permission.COMPANY_KEEP):
        raise NotFound
    return held


@door.route(f"{_HERE}/change", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def change(promise_id: int) -> Any:
    """Offer a further version; an agreed one holds until the council agrees to it."""
    held = _own(promise_id)
    newest = versions_of(session(), held.promise)[0]
    form = PromiseForm(data=shown_promise(newest))
    del form.appointment_id
    del form.authority_id
    if held.promise.agreed_number is None:
        del form.why
    if form.validate_on_submit():
        try:
            change_promise(session(), actor=visitor(), promise=held.promise, facts=form.facts())
            return after("promising.show", promise_id=promise_id)
        except Refused as refusal:
            refused(form, refusal)
            held = _own(promise_id)
    return page(
        "lots/promising/form.html", form=form, held=held, places=[], status=422 if form.problems else 200
    )


@door.route(f"{_HERE}/withdraw", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def withdraw(promise_id: int) -> Any:
    """Take back what was never agreed."""
    held = _own(promise_id)
    form = AskForm()
    if form.validate_on_submit():
        try:
            withdraw_promise(session(), actor=visitor(), promise=held.promise)
            return after("promising.show", promise_id=promise_id)
        except Refused as refusal:
            refused(form, refusal)
            held = _own(promise_id)
    return page("lots/promising/withdraw.html", form=form, held=held, status=422 if form.problems else 200)


@door.post(f"{_HERE}/decide")
@requires(Permission.FORWARD_WRITE)
def decide(promise_id: int) -> Any:
    """Agree to the version that waits, or send it back."""
    held = _ours(promise_id)
    form = DecideForm()
    if form.validate_on_submit():
        try:
            decide_version(
                session(),
                actor=visitor(),
                promise=held.promise,
                number=_number("number"),
                agree=request.form.get("then") == "agree",
                words=form.words.data or "",
            )
            return after("promising.show", promise_id=promise_id)
        except Refused as refusal:
            refused(form, refusal)
            held = _ours(promise_id)
    return _show(held, form)


@door.post(f"{_HERE}/confirm")
@requires(Permission.FORWARD_WRITE)
def confirm(promise_id: int) -> Any:
    """Confirm what was delivered, or say why not."""
    held = _ours(promise_id)
    form = DecideForm()
    if form.validate_on_submit():
        try:
            decide_delivery(
                session(),
                actor=visitor(),
                promise=held.promise,
                delivery_id=_number("delivery"),
                confirm=request.form.get("then") == "confirm",
                words=form.words.data or "",
            )
            return after("promising.show", promise_id=promise_id)
        except Refused as refusal:
            refused(form, refusal)
            held = _ours(promise_id)
    return _show(held, form)


def _number(name: str) -> int:
    said = request.form.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def _ours(promise_id: int) -> Held:
    held = promise(session(), visitor(), promise_id)
    if not visitor().may(Permission.FORWARD_WRITE, held.promise.authority_id):
        raise NotFound
    return held


@door.route(f"{_HERE}/deliver", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
@reads_first
def deliver(promise_id: int) -> Any:
    """Say how much is done, with evidence."""
    held = _own(promise_id)
    form = DeliveryForm()
    if form.validate_on_submit():
        try:
            upload = _taken()
            take_turn()
            held = _own(promise_id)
            tell_delivery(
                session(),
                actor=visitor(),
                promise=held.promise,
                facts=DeliveryFacts(form.amount.data, form.delivered_on.data, form.words.data or ""),
                upload=upload,
            )
            return after("promising.show", promise_id=promise_id)
        except Refused as refusal:
            refused(form, refusal)
            held = _own(promise_id)
    return page(
        "lots/promising/deliver.html",
        form=form,
        held=held,
        files=said_first(DOCUMENTS),
        status=422 if form.problems else 200,
    )


@door.post(f"{_HERE}/deliveries/<int(max=2147483647):delivery_id>/withdraw")
@requires(Permission.COMPANY_KEEP)
def withdraw_told(promise_id: int, delivery_id: int) -> Any:
    """Take back a delivery that still waits for the council."""
    held, form = _own(promise_id), AskForm()
    if form.validate_on_submit():
        try:
            withdraw_delivery(session(), actor=visitor(), promise=held.promise, delivery_id=delivery_id)
            return after("promising.show", promise_id=promise_id)
        except Refused as refusal:
            told = DecideForm(formdata=None)
            refused(told, refusal)
            return _show(_own(promise_id), told)
    raise NotFound


def _taken() -> Upload | None:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    return take_file(sent.filename, sent.stream.read(MOST_BYTES + 1), field="file")


@door.get(f"{_HERE}/deliveries/<int(max=2147483647):delivery_id>/file")
@requires(Permission.FORWARD_READ)
def evidence_file(promise_id: int, delivery_id: int) -> Any:
    """The file of one delivery, as a download."""
    return send_download(evidence(session(), promise(session(), visitor(), promise_id), delivery_id))


def due_panel(own: Session, who: Visitor) -> Panel | None:
    """Home of a partner: agreed promises due within 30 days, and those that are late."""
    if not who.may(Permission.COMPANY_KEEP):
        return None
    today = dates.today()
    found = due_by(own, who, dates.add_months(today, 1))
    return Panel(
        heading="Promises due",
        items=tuple(
            Waiting(
                title=f"{one.version.kind.label}, {one.version.amount:,} {one.version.unit}",
                detail=f"{one.authority.name}: {'late, due' if one.status is PromiseStatus.LATE else 'due'} "
                f"{dates.in_words(one.version.due_on)}, {dates.days_between_in_words(today, one.version.due_on)}",
                address=url_for("promising.show", promise_id=one.promise.id),
                kind="promise",
            )
            for one in found[:50]
        ),
        empty="No promise of yours is due within a month.",
        more=url_for("promising.index"),
    )


def to_answer_panel(own: Session, who: Visitor) -> Panel | None:
    """Home of an officer: promises to agree to and deliveries to confirm."""
    if not who.may(Permission.FORWARD_WRITE):
        return None
    return Panel(
        heading="Promises to answer",
        items=tuple(
            Waiting(
                title=f"{one.version.kind.label}, lot {one.lot.reference}",
                detail=f"{one.supplier.name}: {'agree or send back' if one.promise.waits_for == 'agreement' else 'confirm what was delivered'}",
                address=url_for("promising.show", promise_id=one.promise.id),
                kind="promise",
            )
            for one in to_answer(own, who)[:50]
        ),
        empty="No promise waits for your council.",
        more=url_for("promising.index"),
    )
