"""Answering: the partner says who will do the work, what it will hand over and for how much; or declines with a reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from calloffs import answers
from calloffs.call_off import CallOff, CallOffStatus, ChargingMethod
from calloffs.offer import Deliverable, Offer, OfferedPerson, OfferedSkill, OfferStatus
from calloffs.offering import hold_offer, reopen
from calloffs.telling import tell_owner
from framework.definitions import dates
from framework.definitions.money import Money, line
from framework.definitions.quantities import MOST_DAYS
from framework.definitions.rules import ChangedMeanwhile, Refusal, Refused, require
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots.appointment import Appointment
from lots.rate_card import RateCard
from lots.workforce import Depth

TO_BE_NAMED = "To be named"
MOST_ROWS = 50
CLEARANCES = ("none", "bpss", "sc", "dv")
BY_PRICE = (ChargingMethod.FIXED, ChargingMethod.MILESTONE)
"""Charging methods whose price is typed; for the others it is worked out from people and days."""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody offered: day rate net of VAT, days in quarters. A blank name means "to be named"."""

    role: str
    level: int
    day_rate: Money
    quarter_days: int
    name: str = ""
    is_key: bool = False
    clearance: str = "none"

    @property
    def total(self) -> Money:
        """Day rate times days, net of VAT (RULE-74)."""
        return line(self.day_rate, self.quarter_days)


@dataclass(frozen=True, slots=True)
class SkillLine:
    """A skill that the people bring, and how deep."""

    skill: str
    depth: Depth


@dataclass(frozen=True, slots=True)
class DeliverableLine:
    """Something handed over; `payment`, net of VAT, only where charges are fixed or by milestone."""

    description: str
    criteria: str
    due_on: date
    owner: str = ""
    payment: Money | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the partner returns. `fixed_price` is net of VAT and only for a fixed price or milestones."""

    people: tuple[PersonLine, ...]
    skills: tuple[SkillLine, ...]
    deliverables: tuple[DeliverableLine, ...]
    approach: str = ""
    fixed_price: Money | None = None

    @property
    def people_total(self) -> Money:
        """All people's lines together, net of VAT."""
        return sum((one.total for one in self.people), Money.zero())

    def price(self, method: ChargingMethod | None) -> Money:
        """Price of the work, net of VAT: typed for a fixed price or milestones, otherwise worked out (RULE-74)."""
        if method in BY_PRICE:
            return self.fixed_price or Money.zero()
        return self.people_total


@dataclass(frozen=True, slots=True)
class Intent:
    call_off: CallOff
    answer: Answer
    card: RateCard
    rates: dict[tuple[str, int], Money]


def names_people(intent: Intent) -> Iterator[Refusal]:
    """At least one person, each with a role, a rate above nothing and some days."""
    if no := _too_few_or_many(len(intent.answer.people), "person", "people"):
        yield no
    for number, one in enumerate(intent.answer.people):
        if not 0 < one.quarter_days <= MOST_DAYS * 4:
            yield Refusal("Enter how many days this person will work", f"people-{number}-days")
        if one.day_rate.pence <= 0:
            yield Refusal("Enter a day rate above £0.00", f"people-{number}-day_rate")
        if one.clearance not in CLEARANCES:
            yield Refusal("Choose one of the clearances listed", f"people-{number}-clearance")


def _too_few_or_many(number: int, one: str, field: str) -> Refusal | None:
    if not number:
        return Refusal(f"Enter at least one {one}", field)
    if number > MOST_ROWS:
        return Refusal(f"Enter no more than {MOST_ROWS} {field}", field)
    return None


def rates_are_within_the_card(intent: Intent) -> Iterator[Refusal]:
    """RULE-78, RULE-77: no rate above the frozen card; a blank place on it means "not offered", never free."""
    version = f"version {intent.card.version} of your rate card"
    for number, one in enumerate(intent.answer.people):
        what = f"{one.role} at level {one.level}"
        most = intent.rates.get((one.role, one.level))
        if most is None:
            yield Refusal(
                f"{what} is not offered on {version}, so it cannot be priced",
                f"people-{number}-work",
                "RULE-77",
            )
        elif one.day_rate > most:
            yield Refusal(
                f"{what}: {one.day_rate} a day is above {most}, the most on {version}",
                f"people-{number}-day_rate",
                "RULE-78",
                left=most,
            )


def names_skills(intent: Intent) -> Refusal | None:
    """At least one skill."""
    named = [one for one in intent.answer.skills if one.skill]
    return _too_few_or_many(len(named), "skill that these people bring", "skills")


def deliverables_can_be_judged(intent: Intent) -> Iterator[Refusal]:
    """At least one deliverable, each due within the term and with criteria by which it is accepted."""
    if no := _too_few_or_many(len(intent.answer.deliverables), "deliverable", "deliverables"):
        yield no
    starts, ends = intent.call_off.starts_on, intent.call_off.ends_on
    for number, one in enumerate(intent.answer.deliverables):
        row = f"deliverables-{number}"
        if not one.description:
            yield Refusal("Enter what will be handed over", f"{row}-description")
        if not one.criteria:
            yield Refusal("Enter how the council will judge that it is done", f"{row}-criteria")
        if starts and ends and not starts <= one.due_on <= ends:
            yield Refusal(
                f"The date due must be within the call-off, {dates.in_words(starts)} to {dates.in_words(ends)}",
                f"{row}-due_on",
            )


def price_adds_up(intent: Intent) -> Iterator[Refusal]:
    """RULE-74: a fixed price is above nothing, and payments by deliverable add up to it to the penny."""
    method, answer = intent.call_off.charging_method, intent.answer
    payments = [one.payment for one in answer.deliverables]
    if method not in BY_PRICE:
        if any(payment is not None for payment in payments):
            yield Refusal("Work charged by time has no payment for each deliverable", "deliverables")
        return
    price = answer.fixed_price
    if price is None or price.pence <= 0:
        yield Refusal("Enter the price of the work, net of VAT", "fixed_price")
        return
    if method is ChargingMethod.MILESTONE:
        for number, payment in enumerate(payments):
            if payment is None:
                yield Refusal("Enter what is paid for this milestone", f"deliverables-{number}-payment")
        if None in payments:
            return
    given = [payment for payment in payments if payment is not None]
    together = sum(given, Money.zero())
    if given and together != price:
        yield Refusal(
            f"The payments add up to {together} and the price is {price}: they differ by {abs(price - together)}",
            "fixed_price",
            "RULE-74",
        )


RULES = (
    names_people,
    rates_are_within_the_card,
    names_skills,
    deliverables_can_be_judged,
    price_adds_up,
)


def accept_offer(session: Session, *, actor: Visitor, offer: Offer, answer: Answer) -> None:
    """Accept an open offer with people, skills, deliverables and a price.

    A price above the approved value may be sent; the council then needs its approver before it awards. Raises `Refused`
    with every reason (RULE-74, 77, 78) or because the deadline has passed; `NotFound` for anybody but the partner asked.
    """
    call_off, partner = _hold_open(session, actor, offer)
    card, rates = answers.frozen_rates(session, offer)
    require(Intent(call_off, answer, card, rates), RULES)
    price = answer.price(call_off.charging_method)
    _keep(session, offer, answer)
    offer.price_net_pence = price.pence
    offer.approach = answer.approach
    offer.draft = ""
    offer.accepted_at = call_off.accepted_at = dates.now()
    offer.answered_by_id = actor.person_id
    session.add(offer)
    session.add(call_off)
    _record(session, actor, call_off, offer, partner, action="offer_accepted", facts={"price": price})
    tell_owner(
        session,
        call_off,
        offer,
        why="offer-accepted",
        subject=f"Offer accepted: {call_off.reference}",
        lines=[f"{partner.name} has accepted {call_off.title}. Sign in to read its answer and to award:"],
    )


def decline_offer(session: Session, *, actor: Visitor, offer: Offer, reason: str) -> None:
    """Decline an open offer; the call-off goes back to approved with its reservation kept. Raises `Refused` without a reason."""
    call_off, partner = _hold_open(session, actor, offer)
    if not reason.strip():
        raise Refused(Refusal("Enter why you are declining. The council will see it", "reason"))
    offer.declined_at = dates.now()
    offer.decline_reason = reason
    offer.answered_by_id = actor.person_id
    offer.draft = ""
    session.add(offer)
    reopen(session, call_off)
    _record(session, actor, call_off, offer, partner, action="offer_declined", words={"reason": reason})
    tell_owner(
        session,
        call_off,
        offer,
        why="offer-declined",
        subject=f"Offer declined: {call_off.reference}",
        lines=[
            f"{partner.name} has declined {call_off.title}. Sign in to read why and to decide what comes next:"
        ],
    )


def save_draft(session: Session, *, actor: Visitor, offer: Offer, typed: str) -> None:
    """Keep what the partner has typed so far (at most 100,000 characters), to come back to. Only the partner sees it."""
    _, partner = _hold_open(session, actor, offer)
    if len(typed) > 100_000:
        raise Refused(Refusal("This is too long to save. Shorten it, or send the answer"))
    offer.draft = typed
    session.add(offer)
    audit.record(
        session,
        actor=actor,
        action="answer_saved",
        subject=audit.Subject("offer", offer.id, offer.reference, partner.id),
    )


def _hold_open(session: Session, actor: Visitor, offer: Offer) -> tuple[CallOff, Party]:
    partner = session.get_one(Party, session.get_one(Appointment, offer.appointment_id).supplier_id)
    permitted(actor, Permission.OFFER_ANSWER, partner.id)
    call_off = session.get_one(CallOff, offer.call_off_id)
    hold_offer(session, call_off, offer)
    if offer.status is OfferStatus.LAPSED:
        raise Refused(
            Refusal(
                f"The time to answer ended at {dates.moment_in_words(offer.deadline_at)}, so the offer has lapsed. "
                "Ask the council if you would like to be asked again"
            )
        )
    if offer.status is not OfferStatus.OFFERED:
        raise ChangedMeanwhile(Refusal(f"This offer is already {offer.status.label.lower()}"))
    if call_off.status is not CallOffStatus.OFFERED:
        raise Refused(Refusal("The council’s approval of this work has ended, so it cannot be answered now"))
    return call_off, partner


def _keep(session: Session, offer: Offer, answer: Answer) -> None:
    for number, one in enumerate(answer.people, start=1):
        session.add(
            OfferedPerson(
                offer_id=offer.id,
                number=number,
                name=one.name or TO_BE_NAMED,
                role=one.role,
                level=one.level,
                day_rate_pence=one.day_rate.pence,
                quarter_days=one.quarter_days,
                is_key=one.is_key,
                clearance=one.clearance,
            )
        )
    for number, skill in enumerate(answer.skills, start=1):
        session.add(OfferedSkill(offer_id=offer.id, number=number, skill=skill.skill, depth=skill.depth))
    for number, due in enumerate(answer.deliverables, start=1):
        session.add(
            Deliverable(
                offer_id=offer.id,
                number=number,
                description=due.description,
                criteria=due.criteria,
                due_on=due.due_on,
                owner=due.owner,
                payment_net_pence=None if due.payment is None else due.payment.pence,
            )
        )


def _record(
    session: Session,
    actor: Visitor,
    call_off: CallOff,
    offer: Offer,
    partner: Party,
    *,
    action: str,
    facts: dict[str, Money] | None = None,
    words: dict[str, str] | None = None,
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
        facts={"offer": offer.reference, "partner": partner.name, **(facts or {})},
        words=words,
    )
