"""Delivering a promise: the partner says how much is done, with evidence, and the council confirms or refuses."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from framework.definitions import dates
from framework.definitions.rules import Refusal, Refused, refuse
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit, uploading
from framework.records.uploading import Upload
from lots.forward.promise import Promise, PromiseDelivery
from lots.forward.promising import MOST_AMOUNT, about, hold_promise, nothing_waits
from lots.forward.telling import tell_council, tell_partner

LEAST = 20
"""Characters of evidence in words, where no file is given."""
TAKEN_BACK = "Taken back by the partner"


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """All that is delivered so far in the promise's unit, until when, and how it can be seen."""

    amount: int | None
    delivered_on: date | None
    words: str


def tell_delivery(
    session: Session, *, actor: Visitor, promise: Promise, facts: DeliveryFacts, upload: Upload | None = None
) -> PromiseDelivery:
    """Say how much is delivered so far, with evidence in words and, if wanted, a proved file. Raises `Refused` or `NotFound`."""
    hold_promise(session, promise)
    permitted(actor, Permission.COMPANY_KEEP, promise.supplier_id)
    nothing_waits(promise)
    if promise.agreed_number is None:
        refuse("The council has not agreed to this promise yet")
    if promise.is_kept:
        refuse("All of it is confirmed already")
    _makes_sense(promise, facts, with_file=upload is not None)
    assert facts.amount is not None
    assert facts.delivered_on is not None
    delivery = PromiseDelivery(
        promise_id=promise.id,
        amount=facts.amount,
        delivered_on=facts.delivered_on,
        words=facts.words,
        told_at=dates.now(),
        told_by_id=actor.person_id,
    )
    session.add(delivery)
    session.flush()
    if upload is not None:
        document = uploading.keep(
            session,
            actor=actor,
            upload=upload,
            kind="promise_evidence",
            reference=f"promise-{promise.id}-{delivery.id}",
            title=f"Evidence of promise {promise.id}",
            subject=about(promise),
        )
        delivery.document_id = document.id
    promise.waits_for = "confirmation"
    session.add(promise)
    audit.record(
        session,
        actor=actor,
        action="promise_delivered",
        subject=about(promise),
        facts={"amount": facts.amount, "of": promise.amount, "on": facts.delivered_on},
        words={"words": facts.words},
    )
    supplier = session.get_one(Party, promise.supplier_id)
    tell_council(
        session,
        promise.authority_id,
        why=f"promise-delivered:{delivery.id}",
        subject=f"A partner has delivered on a promise: {supplier.name}",
        lines=["Confirm what was delivered, or say why not.", f"/promises/{promise.id}"],
    )
    return delivery


def withdraw_delivery(session: Session, *, actor: Visitor, promise: Promise, delivery_id: int) -> None:
    """Take back a delivery that the council has not answered yet; another may be sent in its place. Raises `Refused` or `NotFound`.

    Nothing is edited away: it stays among the deliveries as taken back. `delivery_id` is what the actor read.
    """
    hold_promise(session, promise)
    permitted(actor, Permission.COMPANY_KEEP, promise.supplier_id)
    delivery = waiting_delivery(session, promise)
    if delivery is None or delivery.id != delivery_id:
        refuse("This no longer waits for confirmation. Look at the promise as it is now")
    delivery.confirmed, delivery.why = False, TAKEN_BACK
    delivery.decided_at, delivery.decided_by_id = dates.now(), actor.person_id
    promise.waits_for = ""
    session.add(delivery)
    session.add(promise)
    audit.record(
        session,
        actor=actor,
        action="promise_delivery_withdrawn",
        subject=about(promise),
        facts={"amount": delivery.amount},
    )


def decide_delivery(
    session: Session,
    *,
    actor: Visitor,
    promise: Promise,
    delivery_id: int,
    confirm: bool,
    words: str = "",
) -> None:
    """The council confirms the amount that waits, or refuses it with a reason. `delivery_id` is what the actor read."""
    hold_promise(session, promise)
    permitted(actor, Permission.FORWARD_WRITE, promise.authority_id)
    delivery = waiting_delivery(session, promise)
    if delivery is None or delivery.id != delivery_id:
        refuse("This no longer waits for confirmation. Look at the promise as it is now")
    if not confirm and not words:
        refuse("Say why it is not confirmed. The partner reads it", "words")
    if len(words) > 1000:
        refuse("Write 1,000 characters or fewer", "words")
    delivery.confirmed, delivery.why = confirm, words
    delivery.decided_at, delivery.decided_by_id = dates.now(), actor.person_id
    if confirm:
        promise.confirmed = delivery.amount
    promise.waits_for = ""
    session.add(delivery)
    session.add(promise)
    audit.record(
        session,
        actor=actor,
        action="promise_confirmed" if confirm else "promise_not_confirmed",
        subject=about(promise),
        facts={"amount": delivery.amount, "of": promise.amount},
        words={"words": words},
    )
    tell_partner(
        session,
        promise.supplier_id,
        why=f"promise-confirmed:{delivery.id}",
        subject="Your delivery is confirmed" if confirm else "Your delivery is not confirmed",
        lines=[
            "The council has confirmed what you delivered."
            if confirm
            else "The council says why it is not confirmed.",
            f"/promises/{promise.id}",
        ],
    )


def waiting_delivery(session: Session, promise: Promise) -> PromiseDelivery | None:
    """What the council still has to confirm, or None."""
    newest = deliveries_of(session, promise)[:1]
    return newest[0] if newest and newest[0].confirmed is None else None


def deliveries_of(session: Session, promise: Promise) -> list[PromiseDelivery]:
    """Everything told about a promise fetched through the visitor, the newest first."""
    return list(
        session.exec(
            select(PromiseDelivery)
            .where(PromiseDelivery.promise_id == promise.id)
            .order_by(col(PromiseDelivery.id).desc())
        )
    )


def _makes_sense(promise: Promise, facts: DeliveryFacts, *, with_file: bool) -> None:
    found = []
    if facts.amount is None or not promise.confirmed < facts.amount <= MOST_AMOUNT:
        least = f"more than the {promise.confirmed:,} confirmed so far" if promise.confirmed else "at least 1"
        found.append(Refusal(f"Enter all that is delivered so far, {least}", "amount"))
    if facts.delivered_on is None:
        found.append(Refusal("Enter the day on which it was delivered", "delivered_on"))
    elif facts.delivered_on > dates.today():
        found.append(Refusal("The day of delivery cannot lie ahead", "delivered_on"))
    elif facts.delivered_on < dates.as_london(promise.made_at).date():
        made = dates.in_words(promise.made_at)
        found.append(
            Refusal(f"This was promised on {made}, so it was delivered then or later", "delivered_on")
        )
    if len(facts.words) > 4000:
        found.append(Refusal("Write 4,000 characters or fewer", "words"))
    elif len(facts.words.strip()) < LEAST and not with_file:
        found.append(
            Refusal(
                f"Say what was done and how it can be seen, in {LEAST} characters or more, or give a file that shows it",
                "words",
            )
        )
    if found:
        raise Refused(*found)
