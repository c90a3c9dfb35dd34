"""Erasing who could do proposed work: a proposal may name people, and is not kept for them (RULE-81)."""

from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from framework.definitions import dates
from framework.records.audit import Subject
from framework.records.erasing import UNSUCCESSFUL_MONTHS, Erased
from lots.forward.proposal import Proposal


def erase_proposals(session: Session, most: int) -> Iterable[Erased]:
    """Whom a proposal named, a year after it was sent, withdrawn or begun and never sent. What was proposed stays."""
    before = dates.start_of(dates.add_months(dates.today(), -UNSUCCESSFUL_MONTHS) + timedelta(days=1))
    rows = session.exec(
        select(Proposal)
        .where(
            Proposal.who != "",
            or_(
                col(Proposal.sent_at) < before,
                sa.and_(col(Proposal.sent_at).is_(None), col(Proposal.created_at) < before),
            ),
        )
        .order_by(col(Proposal.id))
        .limit(most)
    ).all()
    for proposal in rows:
        proposal.who = ""
        session.add(proposal)
        yield Erased(
            Subject("proposal", proposal.id, f"proposal {proposal.id}", proposal.supplier_id),
            1,
            f"{UNSUCCESSFUL_MONTHS} months after it was made",
        )
