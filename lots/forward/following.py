"""Following coming work, a lot or an agreement: one tick, and one to stop."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from framework.definitions import dates
from framework.definitions.rules import NotFound
from framework.people.permissions import Visitor
from framework.records.database import insert_once
from lots.forward import finding
from lots.forward.follow import Follow
from lots.lot import Lot

KINDS = ("item", "lot", "agreement")


def follow(session: Session, *, actor: Visitor, kind: str, number: int) -> None:
    """Begin to follow what the actor may see; twice is once. Raises `NotFound`."""
    _visible(session, actor, kind, number)
    insert_once(
        session,
        Follow,
        ["person_id", "about"],
        person_id=actor.person_id,
        about=f"{kind}:{number}",
        since=dates.now(),
    )


def unfollow(session: Session, *, actor: Visitor, kind: str, number: int) -> None:
    """Stop following, also what can no longer be seen."""
    if kind not in KINDS:
        raise NotFound
    for one in session.exec(
        select(Follow).where(Follow.person_id == actor.person_id, Follow.about == f"{kind}:{number}")
    ):
        session.delete(one)


def followed(session: Session, visitor: Visitor, about: Iterable[str] | None = None) -> set[str]:
    """What the visitor follows (of these, when given), as "item:12"."""
    query = select(Follow.about).where(Follow.person_id == visitor.person_id)
    if about is not None:
        query = query.where(col(Follow.about).in_(list(about)))
    return set(session.exec(query))


def _visible(session: Session, actor: Visitor, kind: str, number: int) -> None:
    if kind == "item":
        finding.item(session, actor, number)
        return
    reach = finding.reach_of(session, actor)
    if kind == "agreement" and number in reach.agreements | reach.agreements_of_lots:
        return
    lot = session.get(Lot, number) if kind == "lot" else None
    if lot is None or (lot.id not in reach.lots and lot.agreement_id not in reach.agreements):
        raise NotFound
