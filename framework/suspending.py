"""Suspending: new call-offs stop for a while, live ones run on."""

from sqlmodel import Session

from framework.agreement import AgreementStatus, FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, Refusal, refuse
from framework.holding import about, hold
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit


def suspend_agreement(
    session: Session, *, actor: Visitor, agreement: FrameworkAgreement, reason: str
) -> FrameworkAgreement:
    """Refuse new call-offs until the agreement is resumed. Raises `Refused` with the field "reason", or when it is not live."""
    permitted(actor, Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    agreement = hold(session, agreement.id)
    status = agreement.status_on(dates.today())
    if status is AgreementStatus.SUSPENDED:
        raise ChangedMeanwhile(Refusal("This agreement is suspended already"))
    if status not in (AgreementStatus.LIVE, AgreementStatus.EXHAUSTED):
        refuse(f"Only a live agreement can be suspended. This one is {status.label.lower()}")
    reason = reason.strip()
    if not reason:
        refuse("Say why the agreement is suspended", "reason")
    agreement.suspended_at, agreement.suspended_why = dates.now(), reason
    session.flush()
    audit.record(
        session, actor=actor, action="agreement_suspended", subject=about(agreement), words={"reason": reason}
    )
    return agreement


def resume_agreement(
    session: Session, *, actor: Visitor, agreement: FrameworkAgreement, reason: str
) -> FrameworkAgreement:
    """Let call-offs be raised again. Raises `Refused` with the field "reason", or when it is not suspended."""
    permitted(actor, Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    agreement = hold(session, agreement.id)
    if agreement.status_on(dates.today()) is not AgreementStatus.SUSPENDED:
        raise ChangedMeanwhile(Refusal("This agreement is not suspended"))
    reason = reason.strip()
    if not reason:
        refuse("Say why the agreement is resumed", "reason")
    agreement.suspended_at, agreement.suspended_why = None, ""
    session.flush()
    audit.record(
        session, actor=actor, action="agreement_resumed", subject=about(agreement), words={"reason": reason}
    )
    return agreement
