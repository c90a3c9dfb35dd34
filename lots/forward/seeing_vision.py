"""The visions a visitor may read: what was published, and the drafts of its own council."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Visitor
from lots.forward.reach import Reach, reach_of
from lots.forward.vision import IntendedOutcome, Vision
from lots.lot import Lot


@dataclass(frozen=True, slots=True)
class Shown:
    """One version of a council's vision with its outcomes."""

    vision: Vision
    authority: Party
    outcomes: list[IntendedOutcome]


def name_of(agreement: FrameworkAgreement, lot: Lot | None) -> str:
    """What a vision is for, as its rows have it."""
    return f"agreement:{agreement.id}" if lot is None else f"lot:{lot.id}"


def in_force(session: Session, about: str) -> list[Shown]:
    """What each council has published and not yet replaced, by council; for a lot or agreement fetched through the visitor."""
    return _shown(
        session,
        [
            Vision.about == about,
            col(Vision.published_at).is_not(None),
            col(Vision.replaced_at).is_(None),
        ],
    )


def versions(session: Session, reach: Reach, about: str, authority_id: int) -> list[Shown]:
    """Every version of one council's vision that may be read, the newest first."""
    own = authority_id in reach.councils
    where: list[object] = [Vision.about == about, Vision.authority_id == authority_id]
    if not own:
        where.append(col(Vision.published_at).is_not(None))
    return _shown(session, where)


def version(
    session: Session, visitor: Visitor, vision_id: int
) -> tuple[Shown, FrameworkAgreement, Lot | None]:
    """One version. Raises `NotFound` for another council's draft, and for what belongs to a lot or agreement not reached."""
    found = _shown(session, [Vision.id == vision_id])
    if not found:
        raise NotFound
    vision, reach = found[0].vision, reach_of(session, visitor)
    reached = (
        vision.agreement_id in reach.agreements
        or vision.lot_id in reach.lots
        or (vision.lot_id is None and vision.agreement_id in reach.agreements_of_lots)
    )
    own = vision.authority_id in reach.councils
    if not own and (vision.is_draft or not reached):
        raise NotFound
    lot = session.get(Lot, vision.lot_id) if vision.lot_id else None
    return found[0], session.get_one(FrameworkAgreement, vision.agreement_id), lot


def draft_of(session: Session, about: str, authority_id: int) -> Shown | None:
    """The council's draft, or None. The caller has asked whether the visitor writes for this council."""
    found = _shown(
        session,
        [Vision.about == about, Vision.authority_id == authority_id, col(Vision.published_at).is_(None)],
    )
    return found[0] if found else None


def _shown(session: Session, where: list[object]) -> list[Shown]:
    rows = session.exec(
        select(Vision, Party)
        .join(Party, col(Party.id) == col(Vision.authority_id))
        .where(*where)  # type: ignore[arg-type]
        .order_by(col(Party.name), col(Vision.number).desc())
    ).all()
    outcomes: dict[int, list[IntendedOutcome]] = {vision.id: [] for vision, _ in rows}
    if outcomes:
        for one in session.exec(
            select(IntendedOutcome)
            .where(col(IntendedOutcome.vision_id).in_(list(outcomes)))
            .order_by(col(IntendedOutcome.position))
        ):
            outcomes[one.vision_id].append(one)
    return [Shown(vision, party, outcomes[vision.id]) for vision, party in rows]


def newest_number(session: Session, about: str, authority_id: int) -> int:
    """The highest number given so far; 0 where there is no version."""
    return (
        session.exec(
            select(sa.func.max(Vision.number)).where(
                Vision.about == about, Vision.authority_id == authority_id
            )
        ).one()
        or 0
    )
