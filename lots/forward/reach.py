"""How far a visitor sees in the forward view: as a council's reader, and as a partner on its own lots."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.people.permissions import Permission, Visitor
from lots.appointment import Appointment
from lots.forward.pipeline import PipelineItem
from lots.lot import Lot


@dataclass(frozen=True, slots=True)
class Reach:
    """Ids of everything through which a visitor reads."""

    councils: frozenset[int]
    """Authorities whose own plans it reads, shared or not."""
    agreements: frozenset[int]
    """Agreements of those authorities: what any member shares there it reads too."""
    suppliers: frozenset[int]
    lots: frozenset[int]
    """Lots on which its supplier holds a place: active, suspended or still joining."""
    agreements_of_lots: frozenset[int]

    def in_short(self, item: PipelineItem) -> bool:
        """Whether only the title, lot, council, dates and stage may be shown: a partner on another lot of the agreement."""
        council = item.authority_id in self.councils or item.agreement_id in self.agreements
        return not council and item.lot_id not in self.lots

    def sees(self, item: PipelineItem) -> bool:
        """Whether there is such an item for this visitor; the same as `clause` says to the database."""
        if item.authority_id in self.councils:
            return True
        if not item.is_shared:
            return False
        wide = item.is_agreement_wide and item.agreement_id in self.agreements_of_lots
        return item.agreement_id in self.agreements or item.lot_id in self.lots or wide

    @property
    def clause(self) -> Any:
        """The condition on `PipelineItem`. Another council's unshared plans are nobody else's, the framework owner's neither."""
        shared = col(PipelineItem.shared_at).is_not(None)
        return sa.or_(
            col(PipelineItem.authority_id).in_(self.councils),
            sa.and_(shared, col(PipelineItem.agreement_id).in_(self.agreements)),
            sa.and_(shared, col(PipelineItem.lot_id).in_(self.lots)),
            sa.and_(
                shared,
                col(PipelineItem.is_agreement_wide),
                col(PipelineItem.agreement_id).in_(self.agreements_of_lots),
            ),
        )


def reach_of(session: Session, visitor: Visitor) -> Reach:
    """What this visitor reaches today, in two statements."""
    councils = visitor.parties_where(Permission.FORWARD_READ) & visitor.parties_where(
        Permission.AGREEMENT_READ
    )
    suppliers = visitor.parties_where(Permission.FORWARD_READ) & visitor.parties_where(Permission.OFFER_READ)
    places = _places(session, suppliers)
    return Reach(
        councils,
        _agreements(session, councils),
        suppliers,
        frozenset(lot_id for lot_id, _ in places),
        frozenset(agreement_id for _, agreement_id in places),
    )


def holders_of(session: Session, visitor: Visitor, lot_id: int) -> list[int]:
    """Those of the visitor's companies that may propose on the lot: their place is active or still joining, not suspended."""
    return [
        supplier
        for supplier in sorted(visitor.parties_where(Permission.COMPANY_KEEP))
        if any(lot == lot_id for lot, _ in _places(session, frozenset({supplier}), ~_suspended()))
    ]


def suspended_until(session: Session, visitor: Visitor, lot_id: int) -> date | None:
    """The last day on which a company of the visitor is suspended on the lot; None where none is suspended today."""
    return session.exec(
        select(col(Appointment.suspended_until))
        .where(
            Appointment.lot_id == lot_id,
            col(Appointment.supplier_id).in_(visitor.parties_where(Permission.COMPANY_KEEP)),
            _suspended(),
        )
        .limit(1)
    ).first()


def _agreements(session: Session, councils: frozenset[int]) -> frozenset[int]:
    today = dates.today()
    # A member that has left keeps its own plans and no longer reads the others'.
    member = select(MemberAuthority.agreement_id).where(
        col(MemberAuthority.authority_id).in_(councils),
        sa.or_(col(MemberAuthority.leaves_on).is_(None), col(MemberAuthority.leaves_on) >= today),
    )
    return frozenset(
        session.exec(
            select(FrameworkAgreement.id).where(
                col(FrameworkAgreement.recorded_as_past).is_(False),
                sa.or_(
                    col(FrameworkAgreement.lead_authority_id).in_(councils),
                    sa.and_(
                        col(FrameworkAgreement.confirmed_at).is_not(None),
                        col(FrameworkAgreement.id).in_(member),
                    ),
                ),
            )
        )
    )


def _suspended() -> Any:
    today = dates.today()
    return sa.and_(
        col(Appointment.suspended_from).is_not(None),
        col(Appointment.suspended_from) <= today,
        sa.or_(col(Appointment.suspended_until).is_(None), col(Appointment.suspended_until) >= today),
    )


def _places(session: Session, suppliers: frozenset[int], *more: Any) -> list[tuple[int, int]]:
    """Lot and agreement of each place that has not ended, under agreements that have been confirmed."""
    today = dates.today()
    return list(
        session.exec(
            select(Appointment.lot_id, Lot.agreement_id)
            .join(Lot, col(Lot.id) == col(Appointment.lot_id))
            .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Lot.agreement_id))
            .where(
                col(Appointment.supplier_id).in_(suppliers),
                sa.or_(col(Appointment.ended_on).is_(None), col(Appointment.ended_on) > today),
                *more,
                col(FrameworkAgreement.confirmed_at).is_not(None),
                col(FrameworkAgreement.recorded_as_past).is_(False),
                col(FrameworkAgreement.cancelled_at).is_(None),
            )
        )
    )
