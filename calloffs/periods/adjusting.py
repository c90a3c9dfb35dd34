"""Adjusting one accrual: another amount in its place, with a reason. Nothing is edited; the newest one counts and all are shown."""

from datetime import date

from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.periods.accruing import one_accrued
from calloffs.periods.period_closing import AccrualAdjustment
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refusal, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.people.person import Person
from framework.records import audit


def adjust_accrual(
    session: Session, *, actor: Visitor, reference: str, day: date, accrual: Money | None, reason: str
) -> AccrualAdjustment:
    """Put an amount net of VAT in the place of the rule's, or (None) go back to the rule. Raises `Refused`, `NotFound`."""
    call_off = session.exec(select(CallOff).where(CallOff.reference == reference)).one_or_none()
    if call_off is None:
        raise NotFound
    permitted(actor, Permission.INVOICE_RECORD, call_off.authority_id)
    session.refresh(call_off, with_for_update=True)
    before = one_accrued(session, actor, reference, day)
    found = []
    if not reason.strip():
        found.append(Refusal("Enter why the accrual is another one", "reason"))
    if accrual is not None and accrual.pence < 0:
        found.append(Refusal("An accrual is never below nothing", "accrual"))
    if accrual is None and not before.reason:
        found.append(Refusal("Enter the accrual, net of VAT", "accrual"))
    if found:
        raise Refused(*found)
    assert actor.person_id is not None
    made = AccrualAdjustment(
        call_off_id=call_off.id,
        on_day=day,
        accrual_net_pence=None if accrual is None else accrual.pence,
        reason=reason.strip(),
        made_at=dates.now(),
        made_by_id=actor.person_id,
    )
    session.add(made)
    session.flush()
    after = before.ruled if accrual is None else accrual
    audit.record(
        session,
        actor=actor,
        action="accrual_adjusted",
        subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
        facts={"day": day, "accrual": (before.accrual, after)},
        words={"reason": reason.strip()},
    )
    return made


def adjustments(session: Session, call_off_id: int, day: date) -> list[tuple[AccrualAdjustment, str]]:
    """Every adjustment of a call-off for a day with who made it, the newest first."""
    return list(
        session.exec(
            select(AccrualAdjustment, Person.name)
            .join(Person, col(Person.id) == col(AccrualAdjustment.made_by_id))
            .where(AccrualAdjustment.call_off_id == call_off_id, AccrualAdjustment.on_day == day)
            .order_by(col(AccrualAdjustment.id).desc())
        )
    )
