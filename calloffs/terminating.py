"""Ending a call-off before its last day."""

from datetime import date

from sqlmodel import Session

from calloffs.call_off import CallOff, CallOffStatus
from calloffs.offer import Offer
from calloffs.telling import tell_partner
from framework.definitions import dates
from framework.definitions.rules import Refusal, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit

RUNNING = (CallOffStatus.SIGNED, CallOffStatus.LIVE, CallOffStatus.SUSPENDED)


def terminate_call_off(
    session: Session, *, actor: Visitor, call_off: CallOff, last_day: date, reason: str
) -> None:
    """End a call-off on `last_day` (London, included), with a reason.

    Nothing goes back to headroom yet: what is unused is released only at closing (RULE-32). Raises `Refused`, `NotFound`.
    """
    permitted(actor, Permission.CALL_OFF_RAISE, call_off.authority_id)
    session.flush()
    session.refresh(call_off, with_for_update=True)
    found = []
    if call_off.status not in RUNNING:
        found.append(
            Refusal(
                f"Only a signed call-off that is still running can be terminated. {call_off.reference} is {call_off.status.label.lower()}"
            )
        )
    if call_off.terminated_on:
        found.append(
            Refusal(f"{call_off.reference} already ends early, on {dates.in_words(call_off.terminated_on)}")
        )
    if not reason.strip():
        found.append(Refusal("Enter why the call-off ends early", "reason"))
    if last_day < dates.today():
        found.append(Refusal("The last day must be today or later", "last_day"))
    elif call_off.ends_on and last_day >= call_off.ends_on:
        found.append(
            Refusal(
                f"The last day must be before {dates.in_words(call_off.ends_on)}, when {call_off.reference} ends anyway",
                "last_day",
            )
        )
    if found:
        raise Refused(*found)
    call_off.terminated_on = last_day
    offer = session.get_one(Offer, call_off.offer_id)
    tell_partner(
        session,
        offer,
        why="ended-early",
        subject=f"{call_off.reference} ends early, on {dates.in_words(last_day)}",
        lines=[
            f"{call_off.reference} now ends on {dates.in_words(last_day)}, before the day that was agreed. The page says why."
        ],
    )
    audit.record(
        session,
        actor=actor,
        action="call_off_terminated",
        subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
        facts={
            "last_day": (call_off.ends_on, last_day),
            "notice_days": (last_day - dates.today()).days,
            "agreed_notice_days": call_off.break_notice_days,
        },
        words={"reason": reason.strip()},
    )
