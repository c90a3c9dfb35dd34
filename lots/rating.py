"""Entering a partner's rate card: versions by date, never a rise (RULE-78)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import Refusal, require
from framework.people.party import Party
from framework.people.permissions import Visitor
from framework.records import audit
from lots.appointment import Appointment
from lots.lot import Lot
from lots.opening import is_open_to_change, take
from lots.rate_card import Rate, RateCard
from lots.telling import about_place

LEVELS = range(1, 8)
LEAST_HOURS, MOST_HOURS = 100, 2400  # hundredths of an hour
RateLine = tuple[str, int, Money]
"""A role, a level from 1 to 7 and the most a day may cost, net of VAT."""


@dataclass(frozen=True, slots=True)
class RateIntent:
    """A rate card as somebody wants it, beside the newest one and the caps promised so far."""

    agreement: FrameworkAgreement
    appointment: Appointment
    supplier: Party
    from_on: date
    rates: Sequence[RateLine]
    hours_per_day_hundredths: int
    newest: RateCard | None
    caps: dict[tuple[str, int], tuple[Money, int]] = field(default_factory=dict)
    """By role (in small letters) and level: the latest rate promised, and in which version."""


def enter_rate_card(
    session: Session,
    *,
    actor: Visitor,
    appointment: Appointment,
    from_on: date,
    rates: Sequence[RateLine],
    hours_per_day_hundredths: int = 750,
) -> RateCard:
    """Put down the next version of a partner's day rates, net of VAT, in force from a London day.

    A role and level that is not among `rates` is not offered (RULE-77). While the agreement is a draft a new card replaces the
    one entered before; once it is confirmed a version may lower rates or add to them, and a rise is refused (RULE-78). Call-offs
    keep the version they froze.
    """
    lot = session.exec(select(Lot).where(Lot.id == appointment.lot_id)).one()
    agreement = take(session, actor, lot.agreement_id)
    supplier = session.exec(select(Party).where(Party.id == appointment.supplier_id)).one()
    if is_open_to_change(agreement):
        _forget_cards(session, appointment)
    versions = _versions(session, appointment)
    newest = versions[-1][0] if versions else None
    intent = RateIntent(
        agreement=agreement,
        appointment=appointment,
        supplier=supplier,
        from_on=from_on,
        rates=[(role.strip(), level, rate) for role, level, rate in rates],
        hours_per_day_hundredths=hours_per_day_hundredths,
        newest=newest,
        caps={
            (rate.role.lower(), rate.level): (rate.day_rate, card.version)
            for card, lines in versions
            for rate in lines
        },
    )
    require(intent, RULES)
    card = RateCard(
        appointment_id=appointment.id,
        version=newest.version + 1 if newest else 1,
        from_on=from_on,
        hours_per_day_hundredths=hours_per_day_hundredths,
        created_at=dates.now(),
        created_by_id=actor.person_id,
    )
    session.add(card)
    session.flush()
    session.add_all(
        Rate(rate_card_id=card.id, role=role, level=level, day_rate_pence=rate.pence)
        for role, level, rate in intent.rates
    )
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="rate_card_entered",
        subject=about_place(agreement, lot, appointment, supplier),
        facts={"version": card.version, "from_on": from_on, "rates": len(intent.rates)},
    )
    return card


def read_hours(text: str) -> int:
    """Hours in a day as hundredths: "7.5" is 750. Raises ValueError with a sentence."""
    found = re.fullmatch(r"([0-9]{1,2})(?:\.([0-9]{1,2}))?", text.strip())
    hundredths = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else 0
    if not LEAST_HOURS <= hundredths <= MOST_HOURS:
        raise ValueError("Enter the hours in a day as a number from 1 to 24, like 7.5")
    return hundredths


def hours_shown(hundredths: int) -> str:
    """Hundredths of an hour as hours: 750 is "7.5"."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".")


def _forget_cards(session: Session, appointment: Appointment) -> None:
    # Nothing can have been priced by a card of a draft, so a mistake is simply written over.
    for card, rates in _versions(session, appointment):
        for rate in rates:
            session.delete(rate)
        session.flush()
        session.delete(card)
    session.flush()


def _versions(session: Session, appointment: Appointment) -> list[tuple[RateCard, list[Rate]]]:
    cards = session.exec(
        select(RateCard).where(RateCard.appointment_id == appointment.id).order_by(col(RateCard.version))
    ).all()
    rates = session.exec(select(Rate).where(col(Rate.rate_card_id).in_([card.id for card in cards]))).all()
    return [(card, [rate for rate in rates if rate.rate_card_id == card.id]) for card in cards]


def place_has_not_ended(intent: RateIntent) -> Refusal | None:
    """A partner that has left a lot has no new rates there."""
    if intent.appointment.ended_on is None:
        return None
    return Refusal(f"{intent.supplier.name} left this lot on {dates.in_words(intent.appointment.ended_on)}")


def rates_can_be_read(intent: RateIntent) -> Iterator[Refusal]:
    """At least one rate; each role named, each level from 1 to 7, each rate above nothing, none of them twice."""
    if not intent.rates:
        yield Refusal("Enter at least one day rate", field="rates")
    seen: set[tuple[str, int]] = set()
    for role, level, rate in intent.rates:
        if not role or len(role) > 80:
            yield Refusal("Each row needs a role of 80 characters or fewer", field="rates")
        if level not in LEVELS:
            yield Refusal(f"{role}: the level must be from 1 to 7", field="rates", rule="RULE-77")
        if rate.pence <= 0:
            yield Refusal(
                f"{role}, level {level}: the day rate must be more than £0. Leave it blank when it is not offered",
                field="rates",
                rule="RULE-77",
            )
        if (role.lower(), level) in seen:
            yield Refusal(f"{role}, level {level} is there twice", field="rates")
        seen.add((role.lower(), level))


def no_rate_rises(intent: RateIntent) -> Iterator[Refusal]:
    """RULE-78: the most a partner may charge is fixed for the life of the agreement; lower is welcome."""
    for role, level, rate in intent.rates:
        known = intent.caps.get((role.lower(), level))
        if known and rate > known[0]:
            yield Refusal(
                f"{role}, level {level}: {rate} is more than the {known[0]} of rate card version {known[1]}. "
                "Rates are fixed for the life of the agreement and may only go down",
                field="rates",
                rule="RULE-78",
                left=known[0],
            )


def begins_in_time(intent: RateIntent) -> Refusal | None:
    """The first card covers the partner's first day; a later one follows the one before and never reaches back."""
    first, newest = intent.appointment.active_from, intent.newest
    if intent.agreement.recorded_as_past:
        return None
    if newest is None:
        if first and intent.from_on > first:
            return Refusal(
                f"The first rate card must begin by {dates.in_words(first)}, the partner’s first day on the lot",
                field="from_on",
            )
        return None
    if intent.from_on <= newest.from_on:
        return Refusal(
            f"Version {newest.version} began on {dates.in_words(newest.from_on)}, so the next must begin later",
            field="from_on",
        )
    if intent.from_on < dates.today():
        return Refusal("A new version must begin today or later", field="from_on")
    return None


def hours_are_sensible(intent: RateIntent) -> Refusal | None:
    """A day of work, without travel and lunch."""
    if LEAST_HOURS <= intent.hours_per_day_hundredths <= MOST_HOURS:
        return None
    return Refusal("The hours in a day must be from 1 to 24, like 7.5", field="hours_per_day")


# Every rule about a rate card. A new one is a function above and its name here.
RULES = (place_has_not_ended, rates_can_be_read, no_rate_rises, begins_in_time, hours_are_sensible)
