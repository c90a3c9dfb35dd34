"""Planning ahead with call-offs: a draft is shared as coming work, a plan becomes a request, a promise is made with an offer."""

from sqlmodel import Session, select

from calloffs.call_off import CallOff, CallOffStatus
from calloffs.drafting import DraftFacts, change_draft, draft_call_off
from calloffs.offer import Offer, OfferStatus
from calloffs.plan_of_call_off import linked_item
from calloffs.planned import PlannedCallOff, PromisedCallOff
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refusal, refuse
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots import finding as lots_finding
from lots.forward.pipeline import PipelineItem
from lots.forward.planning import ItemFacts, hold_item, plan_item
from lots.forward.promise import Promise
from lots.forward.promising import PromiseFacts, offer_promise
from lots.forward.sharing import mark_begun, share_item
from lots.lot import Lot


def share_draft(session: Session, *, actor: Visitor, call_off: CallOff, facts: ItemFacts) -> PipelineItem:
    """Share a draft as coming work: only what is typed into `facts`, never its value, case or approvals.

    Its owner does so, while it is a draft. The link stays private. Raises `Refused` or `NotFound`.
    """
    permitted(actor, Permission.FORWARD_WRITE, call_off.authority_id)
    if call_off.owner_id != actor.person_id:
        raise NotFound
    if call_off.status is not CallOffStatus.DRAFT:
        refuse(f"{call_off.reference} is no draft any more, so it is no longer coming work")
    if linked_item(session, call_off) is not None:
        refuse("This draft has been shared already")
    item = plan_item(
        session,
        actor=actor,
        lot=session.get_one(Lot, call_off.lot_id),
        authority_id=call_off.authority_id,
        facts=facts,
    )
    share_item(session, actor=actor, item=item)
    _link(session, item, call_off)
    audit.record(session, actor=actor, action="draft_shared_ahead", subject=_about(call_off))
    return item


def request_from_plan(session: Session, *, actor: Visitor, item: PipelineItem) -> CallOff:
    """Begin a draft call-off from a plan, with its title, lot and words; readers are told that an officer has begun it.

    Raises `Refused` with what keeps a call-off from being drafted, or `NotFound`.
    """
    permitted(actor, Permission.FORWARD_WRITE, item.authority_id)
    call_off = draft_call_off(
        session,
        actor=actor,
        lot=session.get_one(Lot, item.lot_id),
        authority_id=item.authority_id,
        title=item.title,
    )
    # Read afresh now that the agreement is held: two officers may press the button together.
    hold_item(session, item)
    if linked_call_off(session, item) is not None:
        refuse("A call-off has been drafted from this plan already")
    change_draft(
        session,
        actor=actor,
        call_off=call_off,
        facts=DraftFacts(background=item.why, in_scope=item.what, dependencies=item.unsettled),
    )
    _link(session, item, call_off)
    mark_begun(session, actor=actor, item=item)
    return call_off


def promise_with_offer(session: Session, *, actor: Visitor, offer: Offer, facts: PromiseFacts) -> Promise:
    """Promise something with an offer put to one's own company; the call-off's council agrees once it has awarded it."""
    place = lots_finding.own_place(session, actor, offer.appointment_id, Permission.COMPANY_KEEP)
    call_off = session.get_one(CallOff, offer.call_off_id)
    if not may_promise_with(offer, call_off):
        refuse("This offer is over, so nothing can be promised with it")
    promise = offer_promise(
        session, actor=actor, place=place, authority_id=call_off.authority_id, facts=facts
    )
    session.add(PromisedCallOff(promise_id=promise.id, call_off_id=call_off.id))
    session.flush()
    return promise


def may_promise_with(offer: Offer, call_off: CallOff) -> bool:
    """Whether the work may still come to, or has come to, the partner that this offer was put to."""
    if call_off.awarded_at is not None:
        return call_off.offer_id == offer.id and call_off.closed_at is None
    return call_off.cancelled_at is None and offer.status in (OfferStatus.OFFERED, OfferStatus.ACCEPTED)


def awarded_to_its_partner(session: Session, promise: Promise) -> Refusal | None:
    """A promise made with an offer is agreed only once that call-off is the partner's."""
    call_off = session.exec(
        select(CallOff)
        .join(PromisedCallOff, PromisedCallOff.call_off_id == CallOff.id)  # type: ignore[arg-type]
        .where(PromisedCallOff.promise_id == promise.id)
    ).one_or_none()
    if call_off is None:
        return None
    taken = call_off.awarded_at is not None and call_off.award_withdrawn_at is None
    if taken and call_off.appointment_id == promise.appointment_id:
        return None
    return Refusal(f"{call_off.reference} has not been awarded to this partner, so what it promises waits")


def linked_call_off(session: Session, item: PipelineItem) -> CallOff | None:
    """The call-off of a plan; whoever shows it asks first whether the visitor may see it."""
    return session.exec(
        select(CallOff)
        .join(PlannedCallOff, PlannedCallOff.call_off_id == CallOff.id)  # type: ignore[arg-type]
        .where(PlannedCallOff.item_id == item.id)
    ).one_or_none()


def promised_call_off(session: Session, promise: Promise) -> CallOff | None:
    """The call-off that a promise was made with."""
    return session.exec(
        select(CallOff)
        .join(PromisedCallOff, PromisedCallOff.call_off_id == CallOff.id)  # type: ignore[arg-type]
        .where(PromisedCallOff.promise_id == promise.id)
    ).one_or_none()


def promises_with(session: Session, call_off: CallOff, appointment_id: int | None) -> list[Promise]:
    """Promises made with a call-off fetched through the visitor, of one place: a partner's own, or the one it was awarded to."""
    return list(
        session.exec(
            select(Promise)
            .join(PromisedCallOff, PromisedCallOff.promise_id == Promise.id)  # type: ignore[arg-type]
            .where(
                PromisedCallOff.call_off_id == call_off.id,
                *([Promise.appointment_id == appointment_id] if appointment_id else []),
            )
            .order_by(Promise.id)  # type: ignore[arg-type]
        )
    )


def call_off_of(session: Session, offer: Offer) -> CallOff:
    """The call-off of an offer fetched through the visitor."""
    return session.get_one(CallOff, offer.call_off_id)


def _link(session: Session, item: PipelineItem, call_off: CallOff) -> None:
    session.add(PlannedCallOff(item_id=item.id, call_off_id=call_off.id, linked_at=dates.now()))
    session.flush()


def _about(call_off: CallOff) -> audit.Subject:
    return audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id)
