"""Cancelling: an agreement that never began is given up, with a reason."""

from sqlmodel import Session

from framework.agreement import AgreementStatus, FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, Refusal, refuse
from framework.holding import about, hold
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit

_BEFORE_LIFE = (
    AgreementStatus.DRAFT,
    AgreementStatus.AWAITING_CONFIRMATION,
    AgreementStatus.SCHEDULED,
)


def cancel_agreement(
    session: Session, *, actor: Visitor, agreement: FrameworkAgreement, reason: str
) -> FrameworkAgreement:
    """Give up a draft, or an agreement whose first day has not come. Raises `Refused` with the field "reason", or once it has begun."""
    permitted(actor, Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    agreement = hold(session, agreement.id)
    status = agreement.status_on(dates.today())
    if status is AgreementStatus.CANCELLED:
        raise ChangedMeanwhile(Refusal("This agreement has been cancelled already"))
    if status not in _BEFORE_LIFE:
        refuse(
            f"Only an agreement that has not begun can be cancelled. This one is {status.label.lower()}: suspend it instead"
        )
    reason = reason.strip()
    if not reason:
        refuse("Say why the agreement is cancelled", "reason")
    agreement.cancelled_at = dates.now()
    session.flush()
    audit.record(
        session, actor=actor, action="agreement_cancelled", subject=about(agreement), words={"reason": reason}
    )
    return agreement
