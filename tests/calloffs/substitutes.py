"""Signed call-offs and somebody to put in another's place on them."""

from datetime import date
from typing import Any

from sqlmodel import Session

from calloffs.answering import Answer
from calloffs.call_off import CallOff
from calloffs.serving import people_of
from calloffs.substituting_rules import Substitute
from framework.definitions import dates
from framework.definitions.money import Money
from lots.workforce import Clearance
from tests.calloffs.building import answer, awarded, person
from tests.cast import Cast

FROM = date(2022, 12, 1)


def signed(session: Session, cast: Cast, given: Answer | None = None, **how: Any) -> CallOff:
    """Awarded to Fennel Web and signed by both sides; 1 December 2022 to 31 January 2023. One developer, Nia, unless said otherwise."""
    call_off, _ = awarded(session, cast, given or answer(person(name="Nia")), **how)
    call_off.issued_at = call_off.buyer_signed_at = call_off.partner_signed_at = dates.now()
    call_off.signed_at = dates.now()
    session.add(call_off)
    session.flush()
    return call_off


def a_substitute(
    session: Session,
    call_off: CallOff,
    *,
    name: str = "Ola",
    rate: str | int = 800,
    days: float = 10,
    starts_on: date = FROM,
    **more: Any,
) -> Substitute:
    """Somebody as good as the last one to come, from the first day on."""
    return Substitute(
        **{
            "leaving": people_of(session, call_off)[-1].key,
            "name": name,
            "role": "Developer",
            "level": 4,
            "clearance": Clearance.NONE,
            "day_rate": Money.pounds(rate),
            "quarter_days": int(days * 4),
            "starts_on": starts_on,
            "like_for_like": "Both have built forms for ten years",
            "reason": "Nia is ill",
            **more,
        }
    )
