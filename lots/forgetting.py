"""Erasing whom an invitation was sent to, a year after it was answered, withdrawn or ran out (RULE-81)."""

from collections.abc import Iterable
from datetime import timedelta

from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.records.audit import Subject
from framework.records.erasing import ERASED, UNSUCCESSFUL_MONTHS, Erased, erase_words
from lots.invitation import Invitation


def erase_invited(session: Session, most: int) -> Iterable[Erased]:
    """Name and address of invitations whose link stopped working a year ago; that a company was invited, and when, stays."""
    last_day = dates.add_months(dates.today(), -UNSUCCESSFUL_MONTHS)
    before = dates.start_of(last_day + timedelta(days=1))
    rows = session.exec(
        select(Invitation, FrameworkAgreement.lead_authority_id)
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Invitation.agreement_id))
        .where(col(Invitation.expires_at) < before, col(Invitation.email) != ERASED)
        .order_by(col(Invitation.id))
        .limit(most)
    ).all()
    for invitation, lead in rows:
        invitation.contact_name = invitation.email = ERASED
        session.add(invitation)
        erase_words(session, "invitation", [invitation.id], ["contact"])
        yield Erased(
            Subject("invitation", invitation.id, invitation.company_name, lead),
            1,
            "its link stopped working a year ago",
        )
