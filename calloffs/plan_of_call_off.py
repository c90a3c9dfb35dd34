"""The plan that a call-off came from, and what its readers hear as the call-off is raised, taken back or cancelled."""

from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.planned import PlannedCallOff
from framework.people.permissions import Visitor
from lots.forward.pipeline import PipelineItem, Stage
from lots.forward.sharing import mark_ahead_again, mark_requested


def linked_item(session: Session, call_off: CallOff) -> PipelineItem | None:
    """The plan that a call-off fetched through the visitor belongs to."""
    return session.exec(
        select(PipelineItem)
        .join(PlannedCallOff, PlannedCallOff.item_id == PipelineItem.id)  # type: ignore[arg-type]
        .where(PlannedCallOff.call_off_id == call_off.id)
    ).one_or_none()


def plan_is_asked_for(session: Session, *, actor: Visitor, call_off: CallOff) -> None:
    """The call-off is raised: its plan, if it has one, says that the work has been asked for."""
    item = linked_item(session, call_off)
    if item is not None:
        mark_requested(session, actor=actor, item=item)


def plan_is_prepared_again(session: Session, *, actor: Visitor, call_off: CallOff) -> None:
    """The request was taken back to be changed: its plan is being prepared again."""
    item = linked_item(session, call_off)
    if item is not None:
        mark_ahead_again(session, actor=actor, item=item, stage=Stage.PREPARED)


def plan_is_free_again(session: Session, *, actor: Visitor, call_off: CallOff) -> None:
    """The call-off is cancelled: its plan is planned again, and another request may be begun from it."""
    item = linked_item(session, call_off)
    if item is None:
        return
    mark_ahead_again(session, actor=actor, item=item, stage=Stage.PLANNED)
    for link in session.exec(select(PlannedCallOff).where(PlannedCallOff.call_off_id == call_off.id)):
        session.delete(link)
