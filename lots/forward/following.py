"""Following coming work, a lot or an agreement: one tick, and one to stop. A partner's people follow their own lots unasked."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, select

from framework.definitions import dates
from framework.definitions.rules import NotFound
from framework.people.permissions import Visitor
from framework.records.database import insert_once
from lots.forward import finding
from lots.forward.follow import Follow
from lots.forward.pipeline import PipelineItem
from lots.forward.reach import Reach
from lots.lot import Lot

KINDS = ("item", "lot", "agreement")
STOPPED = "stopped:"


def follow(session: Session, *, actor: Visitor, kind: str, number: int) -> None:
    """Begin to follow what the actor may see; twice is once. Raises `NotFound`."""
    _visible(session, actor, kind, number)
    _forget(session, actor, f"{STOPPED}{kind}:{number}")
    _keep(session, actor, f"{kind}:{number}")


def unfollow(session: Session, *, actor: Visitor, kind: str, number: int) -> None:
    """Stop following, also what can no longer be seen, and what is followed unasked."""
    if kind not in KINDS:
        raise NotFound
    _forget(session, actor, f"{kind}:{number}")
    unasked = (
        finding.sees(session, actor, number)
        if kind == "item"
        else kind == "lot" and number in finding.reach_of(session, actor).lots
    )
    if unasked:
        _keep(session, actor, f"{STOPPED}{kind}:{number}")


@dataclass(frozen=True, slots=True)
class Follows:
    """What one person follows, and what they stopped."""

    names: frozenset[str]
    """As "item:12"; the company's own lots are among them until they are stopped."""
    stopped: frozenset[str]

    def __contains__(self, about: object) -> bool:
        return about in self.names

    def item(self, item: PipelineItem) -> bool:
        """Whether this piece of work is followed: by itself, or with its lot or agreement and not stopped."""
        own = f"item:{item.id}"
        wide = {f"lot:{item.lot_id}", f"agreement:{item.agreement_id}"}
        return own in self.names or (own not in self.stopped and bool(self.names & wide))


def followed(session: Session, visitor: Visitor, reach: Reach | None = None) -> Follows:
    """What the visitor follows. `reach` spares reading again what the caller has read."""
    lots = (reach or finding.reach_of(session, visitor)).lots
    return follows_of(session.exec(select(Follow.about).where(Follow.person_id == visitor.person_id)), lots)


def follows_of(rows: Iterable[str], own_lots: Iterable[int]) -> Follows:
    """The same from what a person chose and the lots of their company."""
    kept = frozenset(rows)
    stopped = frozenset(one.removeprefix(STOPPED) for one in kept if one.startswith(STOPPED))
    chosen = {one for one in kept if not one.startswith(STOPPED)}
    unasked = {f"lot:{one}" for one in own_lots} - stopped
    return Follows(frozenset(chosen | unasked), stopped)


def _keep(session: Session, actor: Visitor, about: str) -> None:
    insert_once(
        session, Follow, ["person_id", "about"], person_id=actor.person_id, about=about, since=dates.now()
    )


def _forget(session: Session, actor: Visitor, about: str) -> None:
    for one in session.exec(select(Follow).where(Follow.person_id == actor.person_id, Follow.about == about)):
        session.delete(one)


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
