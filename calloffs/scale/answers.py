"""The offer to a partner and the answer that it returns."""

from datetime import datetime, timedelta
from typing import Any

from calloffs.offer import Deliverable, Offer, OfferedPerson, OfferedSkill
from calloffs.scale.life import Life
from calloffs.scale.stage import RATES, Place
from framework.definitions import dates
from framework.definitions.money import Money, line
from framework.records.messages import Message
from lots.workforce import Depth

TEAM = (("Delivery manager", 4, 30), ("Developer", 4, 45), ("User researcher", 3, 25))
"""Role, level and its part of the price in hundredths. Their usual rate is below every rate card, which lies 60 pounds around it."""


def offer(life: Life, officer: int) -> Money:
    """Plan the offers and, unless the last one is still open, the answer; returns its price net of VAT."""
    again = life.ask.fate == "declined_first"
    if again:
        _offer(life, officer, 1, life.day(7), life.day(9))
    moment = life.day(10) if again else life.day(7)
    return _offer(life, officer, 2 if again else 1, moment, None)


def _offer(life: Life, officer: int, number: int, moment: datetime, declined: datetime | None) -> Money:
    lot, row = life.lot, life.row
    place = life.place = lot.places[lot.turn % len(lot.places)]
    lot.turn += 1
    people, price = _team(life)
    offer_id, reference = life.sheets.number(Offer), f"{row['reference']}-O{number}"
    deadline = dates.deadline(dates.as_london(moment).date(), 10)
    several = len(lot.places) > 1
    route = (
        f"Turns: {place.supplier} was offered work longest ago"
        if several
        else f"{place.supplier} is the only active partner of lot {lot.number}"
    )
    written: dict[str, Any] = {
        "id": offer_id,
        "reference": reference,
        "call_off_id": row["id"],
        "number": number,
        "appointment_id": place.id,
        "rate_card_id": place.card_id,
        "route": route,
        "offered_at": moment,
        "offered_by_id": officer,
        "deadline_at": deadline,
    }
    facts = {
        "offer": reference,
        "partner": place.supplier,
        "deadline": deadline,
        "route": route,
        "rate_card_version": 1,
    }
    life.then(moment, _put, life, written)
    life.tell(moment, officer, "offer_made", facts)
    life.then(
        moment, _tell, life, place, "offer", offer_id, reference, moment, f"Work offered: {row['reference']}"
    )
    told = {"offer": reference, "partner": place.supplier}
    if declined:
        reason = "Our people are on other work until the spring."
        written.update(declined_at=declined, decline_reason=reason, answered_by_id=place.person_id)
        life.tell(declined, place.person_id, "offer_declined", told, reason=reason)
        return price
    row.update(offer_id=offer_id, offer_deadline_at=deadline)
    if life.ask.fate != "offered":
        accepted = life.day(14)
        approach = "A small team that works in the open, two weeks at a time."
        written.update(
            accepted_at=accepted,
            answered_by_id=place.person_id,
            price_net_pence=price.pence,
            approach=approach,
        )
        row["accepted_at"] = accepted
        life.then(accepted, _answer, life, offer_id, people)
        life.tell(accepted, place.person_id, "offer_accepted", {**told, "price": price})
    return price


def _team(life: Life) -> tuple[list[dict[str, Any]], Money]:
    """People whose work comes to the base value at most, a quarter of a day at least each."""
    people, total = [], 0
    for number, (role, level, part) in enumerate(TEAM, start=1):
        rate = Money.pounds(RATES[role, level] - 60)
        quarters = max(1, life.ask.base.pence * part // 100 * 4 // rate.pence)
        total += line(rate, quarters).pence
        person = {"number": number, "name": f"{role} {life.row['id'] % 97}", "role": role, "level": level}
        people.append({**person, "day_rate_pence": rate.pence, "quarter_days": quarters})
    return people, Money(total)


def _put(life: Life, written: dict[str, Any]) -> None:
    life.sheets.add(Offer, written)


def _answer(life: Life, offer_id: int, people: list[dict[str, Any]]) -> None:
    for person in people:
        life.sheets.add(OfferedPerson, {**person, "offer_id": offer_id})
    for number, skill in enumerate(("Service design", "Python"), start=1):
        life.add(OfferedSkill, offer_id=offer_id, number=number, skill=skill, depth=Depth.PRACTITIONER)
    over = life.row["ends_on"] < life.today - timedelta(days=30)
    ends_on, starts_on = life.row["ends_on"], life.row["starts_on"]
    halfway = starts_on + (ends_on - starts_on) / 2
    for number, (what, due_on) in enumerate(
        (("A first version in use", halfway), ("The whole, handed over", ends_on)), start=1
    ):
        accepted = (
            {"accepted_at": life.now - timedelta(days=1), "accepted_by_id": life.row["owner_id"]}
            if over
            else {}
        )
        life.add(
            Deliverable,
            offer_id=offer_id,
            number=number,
            description=what,
            criteria="People who use it say that it works",
            due_on=due_on,
            **accepted,
        )


def _tell(
    life: Life, place: Place, why: str, offer_id: int, reference: str, moment: datetime, subject: str
) -> None:
    life.add(
        Message,
        key=f"{why}:{offer_id}:{place.person_id}",
        person_id=place.person_id,
        to_address=f"work{place.supplier_id}@partner.example",
        subject=subject,
        text=f"Hello {place.person},\n\n{subject}\n\n/offers/{reference}\n",
        queued_at=moment,
        status="sent",
        tries=1,
        sent_at=moment + timedelta(minutes=1),
        message_id=f"<{why}.{offer_id}@scale.example>",
    )
