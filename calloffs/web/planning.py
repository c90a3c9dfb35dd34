"""Coming work and call-offs: sharing a draft ahead, turning a plan into a request, and promises made with an offer."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs import answers, finding
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.offer import Offer
from calloffs.plan_of_call_off import linked_item
from calloffs.planning import (
    call_off_of,
    linked_call_off,
    may_promise_with,
    promise_with_offer,
    promised_call_off,
    promises_with,
    request_from_plan,
    share_draft,
)
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor
from framework.web.sections import Section, Step
from framework.web.visit import after, page, refused, requires, session, visitor
from lots.forward import finding as forward
from lots.forward.finding_promises import among
from lots.forward.pipeline import PipelineItem, Stage
from lots.forward.promise import Promise
from lots.web.forward_forms import AskForm, ItemForm, PromiseForm

door = Blueprint("planning", __name__)
_ITEM = "/forward/items/<int(max=2147483647):item_id>"


@door.route("/call-offs/<reference>/share-ahead", methods=["GET", "POST"])
@requires(Permission.FORWARD_WRITE)
def share(reference: str) -> Any:
    """Share a draft as coming work: nothing of it is taken over but its title and lot."""
    found = _draft(reference)
    around = finding.around(session(), found)
    form = ItemForm(data={"title": found.title, "stage": Stage.PREPARED.value})
    form.lot.choices = [(around.lot.reference, around.lot.title)]
    form.authority_id.choices = [(str(found.authority_id), around.authority.name)]
    form.lot.data, form.authority_id.data = around.lot.reference, str(found.authority_id)
    if form.validate_on_submit():
        try:
            item = share_draft(session(), actor=visitor(), call_off=found, facts=form.facts())
            return after("pipeline.show", item_id=item.id)
        except Refused as refusal:
            refused(form, refusal)
            found = _draft(reference)
            around = finding.around(session(), found)
    return page(
        "calloffs/planning/share.html",
        form=form,
        call_off=found,
        around=around,
        status=422 if form.problems else 200,
    )


def _draft(reference: str) -> CallOff:
    found = finding.call_off(session(), visitor(), reference)
    if not _may_share(visitor(), found):
        raise NotFound
    return found


def _may_share(who: Visitor, found: CallOff) -> bool:
    return (
        found.status is CallOffStatus.DRAFT
        and found.owner_id == who.person_id
        and who.may(Permission.FORWARD_WRITE, found.authority_id)
    )


def share_step(own: Session, who: Visitor, found: CallOff) -> Step | None:
    """On a draft's page: share it as coming work, until that was done."""
    if not _may_share(who, found) or linked_item(own, found) is not None:
        return None
    return Step("Share it as coming work", url_for("planning.share", reference=found.reference))


@door.route(f"{_ITEM}/request", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def request_it(item_id: int) -> Any:
    """Begin a draft call-off from a plan."""
    seen = forward.own_item(session(), visitor(), item_id)
    if not visitor().may(Permission.CALL_OFF_RAISE, seen.item.authority_id):
        raise NotFound
    form = AskForm()
    if form.validate_on_submit():
        try:
            call_off = request_from_plan(session(), actor=visitor(), item=seen.item)
            return after("drafting.tasks", reference=call_off.reference)
        except Refused as refusal:
            refused(form, refusal)
            seen = forward.own_item(session(), visitor(), item_id)
    return page("calloffs/planning/request.html", form=form, seen=seen, status=422 if form.problems else 200)


def item_step(own: Session, who: Visitor, item: PipelineItem) -> Step | None:
    """On a plan's page: make it a request, until that was done."""
    if not item.stage.is_open or not who.may(Permission.FORWARD_WRITE, item.authority_id):
        return None
    if not who.may(Permission.CALL_OFF_RAISE, item.authority_id) or linked_call_off(own, item) is not None:
        return None
    return Step("Make it a request", url_for("planning.request_it", item_id=item.id))


def item_section(own: Session, who: Visitor, item: PipelineItem) -> Section | None:
    """On a plan's page: its call-off, for those who may see that."""
    if not who.may(Permission.CALL_OFF_READ, item.authority_id):
        return None
    call_off = linked_call_off(own, item)
    if call_off is None:
        return None
    return Section("call-off", "Call-off", "calloffs/planning/_call_off.html", {"call_off": call_off})


def promise_section(own: Session, who: Visitor, promise: Promise) -> Section | None:
    """On a promise's page: the call-off it was made with, for those who may see that."""
    call_off = promised_call_off(own, promise)
    if call_off is None:
        return None
    council = who.may(Permission.CALL_OFF_READ, call_off.authority_id)
    partner = who.may(Permission.OFFER_READ, promise.supplier_id)
    if not council and not partner:
        return None
    return Section(
        "call-off",
        "Made with a call-off",
        "calloffs/planning/_call_off.html",
        {"call_off": call_off if council else None, "title": call_off.title},
    )


@door.route("/offers/<reference>/promise", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def promise(reference: str) -> Any:
    """Promise social value or skills transfer with an offer."""
    asked = answers.asked(session(), visitor(), reference)
    form = PromiseForm()
    del form.appointment_id
    del form.authority_id
    del form.why
    if form.validate_on_submit():
        try:
            made = promise_with_offer(session(), actor=visitor(), offer=asked.offer, facts=form.facts())
            return after("promising.show", promise_id=made.id)
        except Refused as refusal:
            refused(form, refusal)
            asked = answers.asked(session(), visitor(), reference)
    return page(
        "calloffs/planning/promise.html",
        form=form,
        asked=asked,
        status=422 if form.problems else 200,
    )


def offer_step(own: Session, who: Visitor, offer: Offer) -> Step | None:
    """On the partner's page of an offer: promise something with it."""
    if not who.may(Permission.COMPANY_KEEP) or not may_promise_with(offer, call_off_of(own, offer)):
        return None
    return Step("Promise social value with it", url_for("planning.promise", reference=offer.reference))


def offer_section(own: Session, who: Visitor, offer: Offer) -> Section | None:
    """On the partner's page of an offer: what it promised with it."""
    return _promised(own, who, call_off_of(own, offer), offer.appointment_id)


def call_off_section(own: Session, who: Visitor, found: CallOff) -> Section | None:
    """On a call-off's page: what was promised with it, and the plan it came from."""
    return _promised(own, who, found, found.appointment_id)


def _promised(own: Session, who: Visitor, found: CallOff, appointment_id: int | None) -> Section | None:
    held = among(own, who, [one.id for one in promises_with(own, found, appointment_id)])
    item = linked_item(own, found) if who.may(Permission.CALL_OFF_READ, found.authority_id) else None
    if not held and item is None:
        return None
    return Section(
        "promises",
        "Promises and plans",
        "calloffs/planning/_promises.html",
        {"held": held, "item": item},
    )
