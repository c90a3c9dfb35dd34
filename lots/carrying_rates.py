"""Carrying a partner's rates over to whoever takes its place: what was promised stays promised, to the penny."""

from datetime import date

from sqlmodel import Session

from framework.definitions import dates
from framework.people.permissions import Visitor
from lots.appointment import Appointment
from lots.rate_card import Rate, RateCard
from lots.rating import card_versions


def carry_rates(
    session: Session, *, actor: Visitor, old: Appointment, new: Appointment, day: date
) -> int | None:
    """Give a new place the rates in force at the old one on a London day, net of VAT, as version 1 from that day.

    A version that begins later follows as the next. Returns the number of the newest, None where there was no card.
    """
    versions = card_versions(session, old)
    begun = [one for one in versions if one[0].from_on <= day][-1:]
    later = [one for one in versions if one[0].from_on > day]
    for number, (card, rates) in enumerate([*begun, *later], start=1):
        copy = RateCard(
            appointment_id=new.id,
            version=number,
            from_on=max(card.from_on, day),
            hours_per_day_hundredths=card.hours_per_day_hundredths,
            created_at=dates.now(),
            created_by_id=actor.person_id,
        )
        session.add(copy)
        session.flush()
        session.add_all(
            Rate(rate_card_id=copy.id, role=rate.role, level=rate.level, day_rate_pence=rate.day_rate_pence)
            for rate in rates
        )
        session.flush()
    return len(begun) + len(later) or None
