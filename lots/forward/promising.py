"""Promising: a partner offers social value or skills transfer, the council agrees or sends back, and every change is a new version."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from framework.definitions import dates
from framework.definitions.rules import NotFound, Refusal, refuse, require
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots.finding import Place
from lots.forward.planning import councils_of
from lots.forward.promise import Promise, PromiseKind, PromiseVersion
from lots.forward.telling import tell_council, tell_partner

MOST_AMOUNT = 1_000_000
FARTHEST_MONTHS = 120

# What the floor above asks before a promise is agreed (such as whether its call-off was awarded): filled by app.py.
ASK: list[Callable[[Session, Promise], Refusal | None]] = []


@dataclass(frozen=True, slots=True)
class PromiseFacts:
    """A promise as somebody typed it: a number and its unit, by a London day."""

    kind: PromiseKind
    amount: int | None
    unit: str
    due_on: date | None
    words: str = ""
    staff: int | None = None
    skill: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Promised:
    """What the rules are asked about."""

    facts: PromiseFacts
    today: date
    agreed: PromiseVersion | None = None
    confirmed: int = 0


def amount_is_said(one: Promised) -> Refusal | None:
    """A promise that cannot be measured cannot be ticked off."""
    amount = one.facts.amount
    if amount is None or not 1 <= amount <= MOST_AMOUNT:
        return Refusal(f"Enter a whole number from 1 to {MOST_AMOUNT:,}", "amount", rule="RULE-55")
    if amount < one.confirmed:
        return Refusal(f"{one.confirmed:,} are confirmed already, so the number cannot be lower", "amount")
    return None


def unit_is_said(one: Promised) -> Refusal | None:
    """A number needs its unit."""
    if not one.facts.unit or len(one.facts.unit) > 40:
        return Refusal("Enter the unit, such as days, in up to 40 characters", "unit", rule="RULE-55")
    return None


def day_lies_ahead(one: Promised) -> Refusal | None:
    """Due today at the earliest; a change may keep a day that has passed."""
    due = one.facts.due_on
    if due is None:
        return Refusal("Enter the day by which it will be done", "due_on", rule="RULE-55")
    if due < one.today and (one.agreed is None or due != one.agreed.due_on):
        return Refusal(f"{dates.in_words(due)} is over. Enter a day ahead", "due_on")
    if due > dates.add_months(one.today, FARTHEST_MONTHS):
        return Refusal("Enter a day within the next 10 years", "due_on")
    return None


def words_are_said(one: Promised) -> list[Refusal]:
    """What exactly, in the partner's words."""
    found = []
    if not one.facts.words or len(one.facts.words) > 4000:
        found.append(Refusal("Say what you promise, in up to 4,000 characters", "words"))
    if len(one.facts.why) > 1000:
        found.append(Refusal("Why it changes must be 1,000 characters or fewer", "why"))
    if one.agreed is not None and not one.facts.why:
        found.append(Refusal("Say why the promise should change", "why"))
    return found


def staff_is_said(one: Promised) -> list[Refusal]:
    """Skills transfer counts the people who learn, and names what they learn."""
    if not one.facts.kind.is_for_staff:
        return []
    found = []
    if one.facts.staff is None or not 1 <= one.facts.staff <= 10_000:
        found.append(Refusal("Enter how many council staff it is for", "staff"))
    if not one.facts.skill or len(one.facts.skill) > 200:
        found.append(Refusal("Enter the skill they learn, in up to 200 characters", "skill"))
    return found


def measure_stays(one: Promised) -> Refusal | None:
    """What is confirmed is counted in the agreed unit, so another unit is another promise."""
    if one.agreed is None:
        return None
    if (one.facts.kind, one.facts.unit) == (one.agreed.kind, one.agreed.unit):
        return None
    return Refusal(
        "The kind and the unit of an agreed promise stay. Offer another promise instead",
        "kind" if one.facts.kind is not one.agreed.kind else "unit",
    )


RULES: tuple[Callable[[Promised], Any], ...] = (
    amount_is_said,
    unit_is_said,
    day_lies_ahead,
    words_are_said,
    staff_is_said,
    measure_stays,
)


def about(promise: Promise) -> audit.Subject:
    """A promise as the subject of an audit record: both sides read it, and only they and the framework owner find the page."""
    return audit.Subject("promise", promise.id, f"promise {promise.id}")


def offer_promise(
    session: Session, *, actor: Visitor, place: Place, authority_id: int, facts: PromiseFacts
) -> Promise:
    """Offer a promise on one's own place to one council of the agreement. Raises `Refused` or `NotFound`."""
    permitted(actor, Permission.COMPANY_KEEP, place.supplier.id)
    if place.appointment.ended_on and place.appointment.ended_on <= dates.today():
        refuse(f"{place.supplier.name} has left lot {place.lot.reference}")
    if not place.agreement.is_public or place.agreement.recorded_as_past:
        refuse(f"{place.agreement.title} has no councils to promise anything to yet, or is over")
    if authority_id not in {one.id for one in councils_of(session, place.agreement.id)}:
        refuse("Choose one of the councils", "authority_id", rule="RULE-03")
    require(Promised(facts, dates.today()), RULES)
    promise = Promise(
        agreement_id=place.agreement.id,
        lot_id=place.lot.id,
        appointment_id=place.appointment.id,
        supplier_id=place.supplier.id,
        authority_id=authority_id,
        made_at=dates.now(),
    )
    session.add(promise)
    session.flush()
    _add(session, actor, promise, 1, facts)
    audit.record(session, actor=actor, action="promise_offered", subject=about(promise), facts=_facts(facts))
    _tell_council(session, promise, "1", "A partner has offered a promise")
    return promise


def change_promise(session: Session, *, actor: Visitor, promise: Promise, facts: PromiseFacts) -> None:
    """Offer a further version: after it was sent back, or of an agreed promise. The agreed one holds until the council agrees."""
    hold_promise(session, promise)
    permitted(actor, Permission.COMPANY_KEEP, promise.supplier_id)
    nothing_waits(promise)
    if promise.is_kept:
        refuse("This promise is kept, so it does not change any more")
    known = versions_of(session, promise)
    agreed = next((one for one in known if one.number == promise.agreed_number), None)
    require(Promised(facts, dates.today(), agreed, promise.confirmed), RULES)
    number = known[0].number + 1
    _add(session, actor, promise, number, facts)
    promise.waits_for = "agreement"
    session.add(promise)
    audit.record(
        session,
        actor=actor,
        action="promise_changed",
        subject=about(promise),
        facts={**_facts(facts), "version": number},
        words={"why": facts.why},
    )
    _tell_council(session, promise, str(number), "A partner has offered a changed promise")


def decide_version(
    session: Session, *, actor: Visitor, promise: Promise, number: int, agree: bool, words: str = ""
) -> None:
    """The council agrees to the version that waits, or sends it back with the reason. `number` is the one the actor read."""
    hold_promise(session, promise)
    permitted(actor, Permission.FORWARD_WRITE, promise.authority_id)
    version = versions_of(session, promise)[0]
    if promise.waits_for != "agreement" or version.number != number or promise.withdrawn_at:
        refuse("This version no longer waits for an answer. Look at the promise as it is now")
    if not agree and not words:
        refuse("Say what should be different. The partner reads it", "words")
    if len(words) > 1000:
        refuse("Write 1,000 characters or fewer", "words")
    if agree:
        require(promise, [lambda one: [no for ask in ASK if (no := ask(session, one)) is not None]])
        promise.agreed_number, promise.due_on, promise.amount = version.number, version.due_on, version.amount
    version.agreed, version.decided_at, version.decided_by_id = agree, dates.now(), actor.person_id
    version.reply = words
    promise.waits_for = ""
    session.add(version)
    session.add(promise)
    audit.record(
        session,
        actor=actor,
        action="promise_agreed" if agree else "promise_sent_back",
        subject=about(promise),
        facts={"version": number},
        words={"words": words},
    )
    tell_partner(
        session,
        promise.supplier_id,
        why=f"promise-decided:{promise.id}:{number}",
        subject="Your promise is agreed" if agree else "Your promise has come back to you",
        lines=[
            "The council has agreed to your promise."
            if agree
            else "The council asks for something different.",
            f"/promises/{promise.id}",
        ],
    )


def withdraw_promise(session: Session, *, actor: Visitor, promise: Promise) -> None:
    """Take back what was never agreed. An agreed promise can only be changed, with the council's agreement."""
    hold_promise(session, promise)
    permitted(actor, Permission.COMPANY_KEEP, promise.supplier_id)
    if promise.agreed_number is not None:
        refuse("The council has agreed to this promise. Offer a change instead")
    if promise.withdrawn_at:
        return
    promise.withdrawn_at, promise.waits_for = dates.now(), ""
    session.add(promise)
    audit.record(session, actor=actor, action="promise_withdrawn", subject=about(promise))


def hold_promise(session: Session, promise: Promise) -> None:
    """Hold the promise's row until the transaction ends and read it afresh."""
    found = session.exec(
        select(Promise)
        .where(Promise.id == promise.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound


def nothing_waits(promise: Promise) -> None:
    """Raise `Refused` while the council has something to answer, and for what was withdrawn."""
    if promise.withdrawn_at:
        refuse("This promise was withdrawn")
    if promise.waits_for:
        refuse("The council has not answered yet what you sent last")


def versions_of(session: Session, promise: Promise) -> list[PromiseVersion]:
    """Every version of a promise fetched through the visitor, the newest first."""
    return list(
        session.exec(
            select(PromiseVersion)
            .where(PromiseVersion.promise_id == promise.id)
            .order_by(col(PromiseVersion.number).desc())
        )
    )


def _add(session: Session, actor: Visitor, promise: Promise, number: int, facts: PromiseFacts) -> None:
    for_staff = facts.kind.is_for_staff
    session.add(
        PromiseVersion(
            promise_id=promise.id,
            number=number,
            kind=facts.kind,
            amount=facts.amount or 0,
            unit=facts.unit,
            due_on=facts.due_on or dates.today(),
            words=facts.words,
            staff=facts.staff if for_staff else None,
            skill=facts.skill if for_staff else "",
            offered_at=dates.now(),
            offered_by_id=actor.person_id,
            why=facts.why,
        )
    )


def _facts(facts: PromiseFacts) -> dict[str, Any]:
    return {"kind": facts.kind.label, "amount": facts.amount, "due_on": facts.due_on}


def _tell_council(session: Session, promise: Promise, why: str, subject: str) -> None:
    supplier = session.get_one(Party, promise.supplier_id)
    tell_council(
        session,
        promise.authority_id,
        why=f"promise-offered:{promise.id}:{why}",
        subject=f"{subject}: {supplier.name}",
        lines=[
            f"{subject}. Agree to it, or send it back with what should be different.",
            f"/promises/{promise.id}",
        ],
    )
