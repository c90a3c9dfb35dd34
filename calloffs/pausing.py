"""Suspending a live call-off for a while, and resuming it. Its dates and reminders go on meanwhile."""

from sqlmodel import Session

from calloffs.call_off import CallOff, CallOffStatus
from framework.definitions import dates
from framework.definitions.rules import Refusal, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit


def suspend_call_off(session: Session, *, actor: Visitor, call_off: CallOff, reason: str) -> None:
    """Suspend a live call-off, with a reason. The last day does not move. Raises `Refused`, `NotFound`."""
    permitted(actor, Permission.CALL_OFF_RAISE, call_off.authority_id)
    session.flush()
    session.refresh(call_off, with_for_update=True)
    found = _reason(reason, "why the work stops")
    if call_off.status is not CallOffStatus.LIVE:
        found.append(
            Refusal(f"Only a live call-off can be suspended. {call_off.reference} is {_said(call_off)}")
        )
    if found:
        raise Refused(*found)
    call_off.suspended_at = dates.now()
    _record(session, actor, "call_off_suspended", call_off, reason)


def resume_call_off(session: Session, *, actor: Visitor, call_off: CallOff, reason: str) -> None:
    """Let the work go on, with a reason. Raises `Refused`, `NotFound`."""
    permitted(actor, Permission.CALL_OFF_RAISE, call_off.authority_id)
    session.flush()
    session.refresh(call_off, with_for_update=True)
    found = _reason(reason, "why the work goes on")
    if call_off.status is not CallOffStatus.SUSPENDED:
        found.append(
            Refusal(f"Only a suspended call-off can be resumed. {call_off.reference} is {_said(call_off)}")
        )
    if found:
        raise Refused(*found)
    call_off.suspended_at = None
    _record(session, actor, "call_off_resumed", call_off, reason)


def _reason(reason: str, what: str) -> list[Refusal]:
    return [] if reason.strip() else [Refusal(f"Enter {what}", "reason")]


def _said(call_off: CallOff) -> str:
    return call_off.status.label.lower()


def _record(session: Session, actor: Visitor, action: str, call_off: CallOff, reason: str) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
        words={"reason": reason.strip()},
    )
