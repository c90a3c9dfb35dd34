"""Finding evidence and its file: a partner its own, people of councils that of partners they see. Rivals find nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, or_, select

from framework.definitions import dates
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.records.stored_document import StoredDocument
from lots import finding
from lots.covering import below_the_law
from lots.evidence import MEETS, Evidence, Standing
from lots.showing import SOON_DAYS, latest_of

MOST_TO_CHECK = 50


def own_piece(session: Session, visitor: Visitor, evidence_id: int) -> Evidence:
    """One piece of the visitor's own company. Raises `NotFound`."""
    found = session.get(Evidence, evidence_id)
    if found is None or found.supplier_id not in visitor.parties_where(Permission.COMPANY_KEEP):
        raise NotFound
    return found


def piece(session: Session, visitor: Visitor, supplier_id: int, evidence_id: int) -> tuple[Party, Evidence]:
    """One piece of a supplier that this person of a council sees. Raises `NotFound`."""
    supplier, places = finding.partner(session, visitor, supplier_id)
    found = session.get(Evidence, evidence_id)
    if found is None or found.supplier_id != supplier_id:
        raise NotFound
    if found.by_partner and not any(one.agreement.is_public or one.appointment.invited_at for one in places):
        # What a company showed to one council is no other's to open, which no agreement joins to it or which it never answered.
        raise NotFound
    return supplier, found


def file_of(session: Session, evidence: Evidence) -> StoredDocument:
    """Its file. Raises `NotFound` where there is none."""
    found = session.get(StoredDocument, evidence.document_id) if evidence.document_id else None
    if found is None:
        raise NotFound
    return found


def to_check(session: Session, visitor: Visitor) -> list[tuple[Evidence, Party]]:
    """What the partners that this framework owner looks after recorded themselves and nobody has looked at, the oldest first."""
    suppliers = {place.supplier.id: place.supplier for place in finding.led_partners(session, visitor)}
    waiting = session.exec(
        select(Evidence)
        .where(
            col(Evidence.supplier_id).in_(list(suppliers)),
            col(Evidence.by_partner).is_(True),
            col(Evidence.checked_at).is_(None),
            col(Evidence.sent_back_at).is_(None),
            col(Evidence.struck_at).is_(None),
        )
        .where(~followed_by_another())
        .order_by(col(Evidence.id))
        .limit(MOST_TO_CHECK)
    )
    return [(one, suppliers[one.supplier_id]) for one in waiting]


def followed_by_another() -> Any:
    """For a query on `Evidence`: whether a later one that counts, and that meets the same need, lasts as long or longer."""
    newer = aliased(Evidence)
    return (
        select(newer.id)
        .where(
            newer.supplier_id == Evidence.supplier_id,
            or_(
                and_(col(newer.kind) == Evidence.kind, col(newer.called) == Evidence.called),
                *(
                    and_(col(Evidence.kind) == asked, col(newer.kind).in_(meets))
                    for asked, meets in MEETS.items()
                ),
            ),
            col(newer.struck_at).is_(None),
            col(newer.sent_back_at).is_(None),
            or_(
                col(newer.expires_on) > Evidence.expires_on,
                and_(col(newer.expires_on) == Evidence.expires_on, col(newer.id) > Evidence.id),
            ),
        )
        .exists()
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece as a page shows it."""

    evidence: Evidence
    left: str
    """How long it still lasts, in words."""
    tone: str
    warning: str = ""
    """Where it covers less than the law asks for."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A supplier's evidence: the latest of each kind that counts, and everything else."""

    latest: tuple[Piece, ...]
    earlier: tuple[Piece, ...]


def pieces_of(shown: Iterable[Evidence], day: date) -> Pieces:
    """Evidence in hand, laid out for a London day. What was sent back stands with the latest until something follows it."""
    every = list(shown)
    newest = {one.id for one in latest_of(every).values()}
    first = [one for one in every if one.id in newest or _still_open(one, every)]
    rest = [one for one in every if one not in first]
    return Pieces(
        tuple(_piece(one, day) for one in first),
        tuple(_piece(one, day) for one in rest),
    )


def _still_open(one: Evidence, every: Sequence[Evidence]) -> bool:
    return one.standing is Standing.SENT_BACK and not any(
        other.kind is one.kind and other.id > one.id for other in every
    )


def _piece(one: Evidence, day: date) -> Piece:
    if one.expires_on < day:
        return Piece(one, f"Lapsed {dates.days_between_in_words(day, one.expires_on)}", "stopped")
    if one.from_on and one.from_on > day:
        return Piece(one, f"Begins {dates.days_between_in_words(day, one.from_on)}", "agreed")
    soon = (one.expires_on - day).days <= SOON_DAYS
    return Piece(
        one,
        f"Lapses {dates.days_between_in_words(day, one.expires_on)}",
        "ending" if soon else "live",
        below_the_law(one) if one.counts else "",
    )
