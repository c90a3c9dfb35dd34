"""Call-offs on their way from approved to awarded, by the same actions as real work."""

from datetime import date
from typing import Any

from sqlmodel import Session

from calloffs.answering import Answer, DeliverableLine, PersonLine, SkillLine, accept_offer
from calloffs.awarding import award_call_off
from calloffs.call_off import CallOff, ChargingMethod
from calloffs.offer import Offer
from calloffs.offering import make_offer
from framework.definitions.money import Money
from lots.workforce import Depth
from tests.calloffs.making import approved
from tests.cast import Cast

# Whose mail it is to answer for each partner that has somebody in the cast.
ANSWERS = {"Fennel Web": "Faye", "Quill Works": "Qi", "Tern Systems": "Tess"}
TIME = ChargingMethod.CAPPED_TIME_AND_MATERIALS

WHY = "A clear plan, with people who have done this before"
"""Words that a partner reads at an award."""


def pounds(text: str | int) -> Money:
    return Money.pounds(text)


def offered(session: Session, cast: Cast, *, working_days: int = 5, **how: Any) -> tuple[CallOff, Offer]:
    """Approved and offered; on lot 4 (Fennel Web's alone) unless said otherwise."""
    call_off = approved(session, cast, **{"lot": 4, "charging_method": TIME, **how})
    actor = cast.visitor(session, how.get("who", "Asha"))
    return call_off, make_offer(session, actor=actor, call_off=call_off, working_days=working_days)


def person(
    role: str = "Developer", level: int = 4, rate: str | int = 800, days: float = 10, **more: Any
) -> PersonLine:
    return PersonLine(role, level, pounds(rate), int(days * 4), **more)


def milestone(payment: str | int | None = None, **more: Any) -> DeliverableLine:
    return DeliverableLine(
        **{
            "description": "A tested form",
            "criteria": "Nine of ten people finish it first time",
            "due_on": date(2023, 1, 20),
            "payment": None if payment is None else pounds(payment),
            **more,
        }
    )


def answer(*people: PersonLine, deliverables: tuple[DeliverableLine, ...] = (), **more: Any) -> Answer:
    """A whole answer for work charged by time: one developer for ten days unless said otherwise."""
    return Answer(
        people=people or (person(),),
        skills=(SkillLine("Accessible forms", Depth.EXPERT),),
        deliverables=deliverables or (milestone(),),
        **more,
    )


def accepted(session: Session, cast: Cast, given: Answer | None = None, **how: Any) -> tuple[CallOff, Offer]:
    """Offered and accepted by the partner's own person."""
    call_off, offer = offered(session, cast, **how)
    by = "Qi" if how.get("lot") == 7 else "Faye"
    accept_offer(session, actor=cast.visitor(session, by), offer=offer, answer=given or answer())
    return call_off, offer


def awarded(session: Session, cast: Cast, given: Answer | None = None, **how: Any) -> tuple[CallOff, Offer]:
    """Accepted and awarded."""
    call_off, offer = accepted(session, cast, given, **how)
    officer = cast.visitor(session, how.get("who", "Asha"))
    award_call_off(session, actor=officer, call_off=call_off, reason="Good value", feedback=WHY)
    return call_off, offer
