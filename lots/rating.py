"""Entering a partner's rate card: versions by date, never a rise beyond what the lot states (RULE-78)."""

from collections.abc import Callable, Sequence
from datetime import date

from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import require
from framework.people.party import Party
from framework.people.permissions import Visitor
from framework.records import audit
from lots.appointment import Appointment
from lots.finding import Place
from lots.finding_novations import lines_of
from lots.lot import Lot
from lots.opening import is_open_to_change, take
from lots.rate_card import Rate, RateCard
from lots.rate_rules import RULES, Caps, RateIntent, RateLine, above_cap, caps_of
from lots.telling import about_place


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
    one entered before; once it is confirmed a version may lower rates or add to them, and a rate rises only by the lot's indexation
    rule (RULE-78). Call-offs keep the version they froze.
    """
    lot = session.exec(select(Lot).where(Lot.id == appointment.lot_id)).one()
    agreement = take(session, actor, lot.agreement_id)
    intent = rate_intent(session, agreement, lot, appointment, from_on, rates, hours_per_day_hundredths)
    return put_card(session, actor, intent)


def rate_intent(
    session: Session,
    agreement: FrameworkAgreement,
    lot: Lot,
    appointment: Appointment,
    from_on: date,
    rates: Sequence[RateLine],
    hours_per_day_hundredths: int,
) -> RateIntent:
    """A card as somebody wants it, beside what was promised before; of a draft agreement nothing was yet. The agreement is held."""
    supplier = session.exec(select(Party).where(Party.id == appointment.supplier_id)).one()
    # Nothing can have been priced by a card of a draft, so a mistake is simply written over.
    draft = is_open_to_change(agreement)
    versions = [] if draft else card_versions(session, appointment)
    return RateIntent(
        agreement=agreement,
        lot=lot,
        appointment=appointment,
        supplier=supplier,
        from_on=from_on,
        rates=[(" ".join(role.split()), level, rate) for role, level, rate in rates],
        hours_per_day_hundredths=hours_per_day_hundredths,
        newest=versions[-1][0] if versions else None,
        caps={} if draft else caps_for(session, appointment, versions),
    )


def above_here(
    session: Session, place: Place, from_on: date | None
) -> Callable[[RateLine], str | None] | None:
    """What tells, for a version of this place that begins on a London day, whether a rate is above its cap.

    None where nothing was promised yet, or where only the day could tell and there is none. The caller has fetched the place through
    the visitor.
    """
    if is_open_to_change(place.agreement) or (from_on is None and place.lot.rates_rise_from is not None):
        return None
    caps = caps_for(session, place.appointment, card_versions(session, place.appointment))
    return lambda line: above_cap(place.lot, caps, line, from_on or dates.today())


def put_card(session: Session, actor: Visitor, intent: RateIntent) -> RateCard:
    """Write the next version, once every rule has answered. Raises `Refused` with all that is in its way."""
    require(intent, RULES)
    if is_open_to_change(intent.agreement):
        forget_cards(session, intent.appointment)
    card = RateCard(
        appointment_id=intent.appointment.id,
        version=intent.newest.version + 1 if intent.newest else 1,
        from_on=intent.from_on,
        hours_per_day_hundredths=intent.hours_per_day_hundredths,
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
        subject=about_place(intent.agreement, intent.lot, intent.appointment, intent.supplier),
        facts={"version": card.version, "from_on": intent.from_on, "rates": len(intent.rates)},
    )
    return card


def forget_cards(session: Session, appointment: Appointment) -> None:
    """Take away the cards of a place on a draft."""
    for card, rates in card_versions(session, appointment):
        for rate in rates:
            session.delete(rate)
        session.flush()
        session.delete(card)
    session.flush()


def card_versions(session: Session, appointment: Appointment) -> list[tuple[RateCard, list[Rate]]]:
    """Every version of a place's card with its rates, the first one first."""
    cards = session.exec(
        select(RateCard).where(RateCard.appointment_id == appointment.id).order_by(col(RateCard.version))
    ).all()
    rates = session.exec(select(Rate).where(col(Rate.rate_card_id).in_([card.id for card in cards]))).all()
    return [(card, [rate for rate in rates if rate.rate_card_id == card.id]) for card in cards]


def caps_for(
    session: Session, appointment: Appointment, versions: Sequence[tuple[RateCard, list[Rate]]]
) -> Caps:
    """What binds a place: its own versions, and before them those of the places that passed on to it (RULE-78).

    So a role that a predecessor no longer offered comes back at no more than it was.
    """
    before = [
        one
        for number in lines_of(session, [appointment.id])[appointment.id]
        for one in card_versions(session, session.get_one(Appointment, number))
    ]
    return caps_of([*before, *versions])
