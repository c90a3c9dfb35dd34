"""Finding proposals: the partner its own, the council those on its plans, and a framework owner only what it was said to read."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from lots.forward.pipeline import PipelineItem
from lots.forward.proposal import Proposal, ProposalWord
from lots.lot import Lot


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal as one visitor may read it."""

    proposal: Proposal
    item: PipelineItem
    lot: Lot
    agreement: FrameworkAgreement
    supplier: Party
    authority: Party
    is_own: bool
    """Whether it is the visitor's own company's."""


def proposal(session: Session, visitor: Visitor, proposal_id: int) -> Proposed:
    """One proposal. Raises `NotFound` for a rival, another council, and a council for a draft."""
    found = _proposals(session, visitor, [Proposal.id == proposal_id])
    if not found:
        raise NotFound
    return found[0]


def proposals_on(session: Session, visitor: Visitor, item: PipelineItem) -> list[Proposed]:
    """Those on one piece of coming work that this visitor may read."""
    return _proposals(session, visitor, [Proposal.item_id == item.id])


def own_proposals(session: Session, visitor: Visitor) -> list[Proposed]:
    """Those of the visitor's own company, the newest first."""
    mine = visitor.parties_where(Permission.COMPANY_KEEP)
    return _proposals(session, visitor, [col(Proposal.supplier_id).in_(mine)])


def waiting(session: Session, visitor: Visitor) -> list[Proposed]:
    """Those to which a council of this visitor's still has to reply, for whoever may."""
    mine = visitor.parties_where(Permission.FORWARD_WRITE)
    if not mine:
        return []
    return _proposals(session, visitor, [col(Proposal.waits), col(PipelineItem.authority_id).in_(mine)])


def said_about(session: Session, proposal: Proposal) -> list[ProposalWord]:
    """What was said about a proposal fetched through the visitor, the first said first."""
    return list(
        session.exec(
            select(ProposalWord).where(ProposalWord.proposal_id == proposal.id).order_by(col(ProposalWord.id))
        )
    )


def _proposals(session: Session, visitor: Visitor, where: list[object]) -> list[Proposed]:
    own = visitor.parties_where(Permission.COMPANY_KEEP)
    rows = session.exec(
        select(Proposal, PipelineItem, Lot, FrameworkAgreement)
        .join(PipelineItem, col(PipelineItem.id) == col(Proposal.item_id))
        .join(Lot, col(Lot.id) == col(PipelineItem.lot_id))
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(PipelineItem.agreement_id))
        .where(_readable(visitor), *where)  # type: ignore[arg-type]
        .order_by(col(Proposal.id).desc())
        .limit(200)
    ).all()
    ids = {one.supplier_id for one, *_ in rows} | {item.authority_id for _, item, *_ in rows}
    parties = (
        {party.id: party for party in session.exec(select(Party).where(col(Party.id).in_(ids)))}
        if ids
        else {}
    )
    return [
        Proposed(
            one,
            item,
            lot,
            agreement,
            parties[one.supplier_id],
            parties[item.authority_id],
            one.supplier_id in own,
        )
        for one, item, lot, agreement in rows
    ]


def _readable(visitor: Visitor) -> Any:
    own = visitor.parties_where(Permission.COMPANY_KEEP)
    councils = visitor.parties_where(Permission.FORWARD_READ) & visitor.parties_where(
        Permission.AGREEMENT_READ
    )
    leads = visitor.parties_where(Permission.AGREEMENT_OPEN)
    return sa.or_(
        col(Proposal.supplier_id).in_(own),
        sa.and_(
            col(Proposal.sent_at).is_not(None),
            sa.or_(
                col(PipelineItem.authority_id).in_(councils),
                sa.and_(col(Proposal.lead_reads), col(FrameworkAgreement.lead_authority_id).in_(leads)),
            ),
        ),
    )
