"""Coming work, proposals and promises for tests, made through the real actions."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session

from framework.people.permissions import Permission
from lots import finding
from lots.forward.periods import period_of
from lots.forward.pipeline import PipelineItem, Stage
from lots.forward.planning import ItemFacts, plan_item
from lots.forward.promise import Promise, PromiseKind
from lots.forward.promising import PromiseFacts, decide_version, offer_promise
from lots.forward.sharing import drop_item, mark_requested, share_item
from lots.lot import Lot
from tests.cast import Cast

FACTS = ItemFacts(
    title="A new parking app",
    what="People pay for parking by phone",
    why="Fewer machines to look after",
    asking=period_of("q1", 2023),
    start=period_of("m04", 2023),
    months=9,
    band="100k_to_250k",
    stage=Stage.PLANNED,
    unsettled="Which car parks come first",
    contact_role="Head of digital",
)
PROMISE = PromiseFacts(
    kind=PromiseKind.APPRENTICE_DAYS,
    amount=20,
    unit="days",
    due_on=date(2023, 3, 31),
    words="Two apprentices for ten days each",
)


def planned(session: Session, cast: Cast, who: str = "Asha", lot: int = 4, **facts: Any) -> PipelineItem:
    """Coming work that its own council alone sees."""
    actor = cast.visitor(session, who)
    return plan_item(
        session,
        actor=actor,
        lot=session.get_one(Lot, cast.lot[lot]),
        authority_id=actor.posts[0].party_id,
        facts=replace(FACTS, **facts),
    )


def shared(session: Session, cast: Cast, who: str = "Asha", lot: int = 4, **facts: Any) -> PipelineItem:
    """Coming work that partners read."""
    item = planned(session, cast, who, lot, **facts)
    share_item(session, actor=cast.visitor(session, who), item=item)
    return item


def in_state(session: Session, cast: Cast, state: str) -> PipelineItem:
    """Northbank's plan on lot 4, brought to a state."""
    if state == "private":
        return planned(session, cast)
    item = shared(session, cast, is_agreement_wide=state == "wide")
    if state == "dropped":
        drop_item(session, actor=cast.visitor(session, "Asha"), item=item, reason="No money for it")
    if state == "requested":
        mark_requested(session, actor=cast.visitor(session, "Asha"), item=item)
    return item


def promised(session: Session, cast: Cast, agreed: bool = True, **facts: Any) -> Promise:
    """Fennel Web's promise to Northbank on lot 4."""
    faye = cast.visitor(session, "Faye")
    place = finding.own_place(session, faye, cast.appointment[4, "Fennel Web"], Permission.COMPANY_KEEP)
    promise = offer_promise(
        session,
        actor=faye,
        place=place,
        authority_id=cast.party["Northbank"],
        facts=replace(PROMISE, **facts),
    )
    if agreed:
        decide_version(session, actor=cast.visitor(session, "Asha"), promise=promise, number=1, agree=True)
    return promise
