"""What the forward view holds on a partner: what it proposed, and what it promised."""

from sqlmodel import Session, col, select

from framework.people.held import MOST_ROWS, Held
from framework.people.party import Party
from framework.people.permissions import Visitor
from lots.forward.pipeline import PipelineItem
from lots.forward.promise import Promise, PromiseVersion
from lots.forward.proposal import Proposal

_KEPT = "As long as the agreement’s records are kept: six years after its end"


def held(session: Session, visitor: Visitor, supplier: Party) -> list[Held]:
    """Proposals and promises of the visitor's own company, every version."""
    proposals = session.exec(
        select(Proposal, PipelineItem.title)
        .join(PipelineItem, col(PipelineItem.id) == col(Proposal.item_id))
        .where(Proposal.supplier_id == supplier.id)
        .order_by(col(Proposal.id).desc())
        .limit(MOST_ROWS)
    )
    promises = session.exec(
        select(PromiseVersion, Promise, Party.name)
        .join(Promise, col(Promise.id) == col(PromiseVersion.promise_id))
        .join(Party, col(Party.id) == col(Promise.authority_id))
        .where(Promise.supplier_id == supplier.id)
        .order_by(col(Promise.id).desc(), col(PromiseVersion.number))
        .limit(MOST_ROWS)
    )
    return [
        Held(
            "What you proposed",
            ("Coming work", "Your title", "Words", "Who could do it", "Sent", "Withdrawn"),
            tuple(
                (title, one.title, one.words, one.who, one.sent_at, one.withdrawn_at)
                for one, title in proposals
            ),
            "You; once sent, the council that plans the work and those named on the proposal before you sent it",
            f"{_KEPT}. Who could do it until 12 months after you sent it",
        ),
        Held(
            "What you promised",
            ("Council", "What", "Version", "How much", "Unit", "By", "Agreed", "Confirmed so far"),
            tuple(
                (
                    council,
                    version.kind.label,
                    version.number,
                    version.amount,
                    version.unit,
                    version.due_on,
                    None if version.agreed is None else "Yes" if version.agreed else "No",
                    promise.confirmed,
                )
                for version, promise, council in promises
            ),
            "You, the council it was promised to, and the agreement’s framework owner",
            _KEPT,
        ),
    ]
