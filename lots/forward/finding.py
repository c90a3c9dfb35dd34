"""Finding plans, visions and proposals: every row is fetched through what this person may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from lots.forward.follow import Follow
from lots.forward.pipeline import OPEN_STAGES, PipelineItem, PipelineNews
from lots.forward.reach import Reach, reach_of
from lots.lot import Lot

MOST = 200
"""Items shown on one page."""
SHORT = ("Title", "Lot", "Expected to be asked", "Expected start", "Stage")
"""What a reader in short is told of a change."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A piece of coming work as one visitor may read it."""

    item: PipelineItem
    lot: Lot
    agreement: FrameworkAgreement
    authority: Party
    in_short: bool


def item(session: Session, visitor: Visitor, item_id: int) -> Seen:
    """One piece of coming work. Raises `NotFound` when there is none that this visitor may see."""
    reach = reach_of(session, visitor)
    found = _items(session, reach, [PipelineItem.id == item_id])
    if not found:
        raise NotFound
    return found[0]


def own_item(session: Session, visitor: Visitor, item_id: int) -> Seen:
    """As `item`, of a council for which this visitor may write. Raises `NotFound`."""
    found = item(session, visitor, item_id)
    if not visitor.may(Permission.FORWARD_WRITE, found.item.authority_id):
        raise NotFound
    return found


def items(
    session: Session,
    reach: Reach,
    *,
    ended: bool = False,
    lot: Lot | None = None,
    agreement: FrameworkAgreement | None = None,
    ids: Iterable[int] | None = None,
) -> list[Seen]:
    """At most `MOST` pieces of coming work, the first expected first; with `ended`, those asked for or dropped, the newest first."""
    stage = col(PipelineItem.stage)
    where: list[object] = [stage.not_in(OPEN_STAGES) if ended else stage.in_(OPEN_STAGES)]
    if lot is not None:
        where.append(PipelineItem.lot_id == lot.id)
    if agreement is not None:
        where.append(PipelineItem.agreement_id == agreement.id)
    if ids is not None:
        where.append(col(PipelineItem.id).in_(list(ids)))
    return _items(session, reach, where, ended)


def _items(session: Session, reach: Reach, where: Sequence[object], ended: bool = False) -> list[Seen]:
    first = sa.func.coalesce(col(PipelineItem.asked_from), col(PipelineItem.starts_from))
    order = [col(PipelineItem.ended_at).desc()] if ended else [first, col(PipelineItem.starts_from)]
    rows = session.exec(
        select(PipelineItem, Lot, FrameworkAgreement, Party)
        .join(Lot, col(Lot.id) == col(PipelineItem.lot_id))
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(PipelineItem.agreement_id))
        .join(Party, col(Party.id) == col(PipelineItem.authority_id))
        .where(reach.clause, *where)  # type: ignore[arg-type]
        .order_by(*order, col(PipelineItem.id))
        .limit(MOST)
    )
    return [Seen(*row, reach.in_short(row[0])) for row in rows]


def news(session: Session, seen: Seen, most: int = 50) -> list[PipelineNews]:
    """What readers were told about an item, the newest first."""
    return list(
        session.exec(
            select(PipelineNews)
            .where(PipelineNews.item_id == seen.item.id)
            .order_by(col(PipelineNews.id).desc())
            .limit(most)
        )
    )


def differences(seen: Seen, one: PipelineNews) -> list[tuple[str, str, str]]:
    """What was changed, as far as this reader may know it."""
    return [change for change in one.differences if not seen.in_short or change[0] in SHORT]


def lots_to_plan(session: Session, visitor: Visitor) -> list[tuple[Lot, FrameworkAgreement]]:
    """Lots of agreements that are not over, of which an authority for which this visitor plans is a member today."""
    today = dates.today()
    member = select(MemberAuthority.agreement_id).where(
        col(MemberAuthority.authority_id).in_(visitor.parties_where(Permission.FORWARD_WRITE)),
        sa.or_(col(MemberAuthority.leaves_on).is_(None), col(MemberAuthority.leaves_on) >= today),
    )
    rows = session.exec(
        select(Lot, FrameworkAgreement)
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Lot.agreement_id))
        .where(
            col(FrameworkAgreement.id).in_(member),
            col(FrameworkAgreement.confirmed_at).is_not(None),
            col(FrameworkAgreement.recorded_as_past).is_(False),
            col(FrameworkAgreement.closed_at).is_(None),
            col(FrameworkAgreement.cancelled_at).is_(None),
            col(FrameworkAgreement.ends_on) >= today,
        )
        .order_by(col(FrameworkAgreement.ends_on), col(FrameworkAgreement.id), col(Lot.number))
    )
    return [(lot, agreement) for lot, agreement in rows]


def planners(session: Session, visitor: Visitor) -> list[Party]:
    """Councils for which this visitor plans, by name."""
    ids = visitor.parties_where(Permission.FORWARD_WRITE)
    return list(session.exec(select(Party).where(col(Party.id).in_(ids)).order_by(col(Party.name))))


def lot(session: Session, visitor: Visitor, reference: str) -> tuple[Lot, FrameworkAgreement, Reach]:
    """A lot of the view, with its agreement. Raises `NotFound` unless the visitor's council or company belongs to it."""
    reach = reach_of(session, visitor)
    row = session.exec(
        select(Lot, FrameworkAgreement)
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Lot.agreement_id))
        .where(
            Lot.reference == reference,
            sa.or_(col(Lot.id).in_(reach.lots), col(Lot.agreement_id).in_(reach.agreements)),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1], reach


def agreement(session: Session, visitor: Visitor, reference: str) -> tuple[FrameworkAgreement, Reach]:
    """An agreement of the view. Raises `NotFound` as `lot` does."""
    reach = reach_of(session, visitor)
    found = session.exec(
        select(FrameworkAgreement).where(
            FrameworkAgreement.reference == reference,
            col(FrameworkAgreement.id).in_(reach.agreements | reach.agreements_of_lots),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found, reach


def agreements(session: Session, reach: Reach) -> list[tuple[FrameworkAgreement, list[Lot]]]:
    """Agreements of the view that are not over, with the lots of each that this visitor reads about."""
    ids = reach.agreements | reach.agreements_of_lots
    found: dict[int, tuple[FrameworkAgreement, list[Lot]]] = {}
    for one, of in session.exec(
        select(FrameworkAgreement, Lot)
        .join(Lot, col(Lot.agreement_id) == col(FrameworkAgreement.id))
        .where(
            col(FrameworkAgreement.id).in_(ids),
            col(FrameworkAgreement.closed_at).is_(None),
            col(FrameworkAgreement.cancelled_at).is_(None),
            col(FrameworkAgreement.ends_on) >= dates.today(),
            sa.or_(col(Lot.id).in_(reach.lots), col(FrameworkAgreement.id).in_(reach.agreements)),
        )
        .order_by(col(FrameworkAgreement.ends_on), col(FrameworkAgreement.id), col(Lot.number))
    ):
        found.setdefault(one.id, (one, []))[1].append(of)
    return list(found.values())


def sees(session: Session, visitor: Visitor, item_id: int) -> bool:
    """Whether there is such an item for this visitor."""
    return bool(_items(session, reach_of(session, visitor), [PipelineItem.id == item_id]))


def reaches_lot(session: Session, visitor: Visitor, lot: Lot) -> bool:
    """Whether the lot has a forward view for this visitor."""
    reach = reach_of(session, visitor)
    return lot.id in reach.lots or lot.agreement_id in reach.agreements


def newly_shared(session: Session, visitor: Visitor) -> list[Seen]:
    """Work shared in the last 14 days on the visitor's own lots, followed or not, and on what else it follows; at most 50."""
    follows = select(Follow.about).where(Follow.person_id == visitor.person_id)
    followed = set(session.exec(follows))
    reach = reach_of(session, visitor)
    lots = [*reach.lots, *(int(one.removeprefix("lot:")) for one in followed if one.startswith("lot:"))]
    whole = [int(one.removeprefix("agreement:")) for one in followed if one.startswith("agreement:")]
    if not (lots or whole):
        return []
    return _items(
        session,
        reach,
        [
            sa.or_(col(PipelineItem.lot_id).in_(lots), col(PipelineItem.agreement_id).in_(whole)),
            col(PipelineItem.shared_at) >= dates.now() - timedelta(days=14),
            col(PipelineItem.stage).in_(OPEN_STAGES),
        ],
    )[:50]
