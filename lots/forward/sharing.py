"""Sharing coming work with partners, telling them more, and saying how it ended."""

import json

from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.rules import Refusal, Refused, refuse
from framework.people.permissions import Visitor
from framework.records import audit
from lots.forward.pipeline import NewsKind, PipelineItem, Stage
from lots.forward.planning import about, hold_item, lacking, may_plan, still_ahead, tell


def share_item(session: Session, *, actor: Visitor, item: PipelineItem) -> None:
    """Let partners on the lot read it (and those on other lots in short, where the item says so). It is never hidden again."""
    hold_item(session, item)
    may_plan(session, actor, item.agreement_id, item.authority_id)
    still_ahead(item)
    if item.is_shared:
        return
    missing = lacking(item)
    if item.start.last < dates.today():
        missing.append(
            Refusal(f"{item.start} is over. Change the expected start before you share it", "start_part")
        )
    if missing:
        raise Refused(*missing)
    item.shared_at, item.shared_by_id = dates.now(), actor.person_id
    session.add(item)
    tell(session, item, NewsKind.SHARED)
    audit.record(session, actor=actor, action="work_shared", subject=about(item))


def note_item(session: Session, *, actor: Visitor, item: PipelineItem, words: str) -> None:
    """Tell every reader what one partner was told, without saying who asked. Raises `Refused` for a plan that is not shared."""
    hold_item(session, item)
    may_plan(session, actor, item.agreement_id, item.authority_id)
    if not item.is_shared:
        refuse("Only partners who can read the plan can read a note. Share it first", "words")
    if not words:
        refuse("Write the note", "words")
    if len(words) > 4000:
        refuse("The note must be 4,000 characters or fewer", "words")
    tell(session, item, NewsKind.NOTE, words=words)
    audit.record(session, actor=actor, action="work_noted", subject=about(item), words={"note": words})


def drop_item(session: Session, *, actor: Visitor, item: PipelineItem, reason: str) -> None:
    """Say that the work is not coming, and why. Readers of a shared plan are told."""
    hold_item(session, item)
    may_plan(session, actor, item.agreement_id, item.authority_id)
    still_ahead(item)
    if not reason:
        refuse("Say why it is dropped. Partners read the reason", "reason")
    if len(reason) > 1000:
        refuse("The reason must be 1,000 characters or fewer", "reason")
    item.stage, item.ended_at, item.dropped_why = Stage.DROPPED, dates.now(), reason
    session.add(item)
    if item.is_shared:
        tell(session, item, NewsKind.DROPPED, words=reason)
    audit.record(session, actor=actor, action="work_dropped", subject=about(item), words={"reason": reason})


def mark_begun(session: Session, *, actor: Visitor, item: PipelineItem) -> None:
    """Say that an officer has begun the request. Nothing has been asked for yet; whether it will be, nobody knows."""
    hold_item(session, item)
    may_plan(session, actor, item.agreement_id, item.authority_id)
    still_ahead(item)
    item.stage = Stage.PREPARED
    session.add(item)
    if item.is_shared:
        tell(session, item, NewsKind.BEGUN)
    audit.record(session, actor=actor, action="work_begun", subject=about(item))


def mark_requested(session: Session, *, actor: Visitor, item: PipelineItem) -> None:
    """Say that the work has been asked for; not of whom, and without any reference. What is over stays as it is.

    For actions that have proved that the actor may ask for it: who raises a request is not stopped by its plan.
    """
    hold_item(session, item)
    if not item.stage.is_open:
        return
    item.stage, item.ended_at = Stage.REQUESTED, dates.now()
    session.add(item)
    if item.is_shared:
        tell(session, item, NewsKind.REQUESTED)
    audit.record(session, actor=actor, action="work_requested", subject=about(item))


def mark_ahead_again(session: Session, *, actor: Visitor, item: PipelineItem, stage: Stage) -> None:
    """Bring work back among what is coming, because its request was taken back or cancelled. What was dropped stays dropped.

    For actions that have proved that the actor may take the request back.
    """
    hold_item(session, item)
    before = item.stage
    if before in (Stage.DROPPED, stage):
        return
    item.stage, item.ended_at = stage, None
    session.add(item)
    if item.is_shared:
        tell(session, item, NewsKind.CHANGED, changed=json.dumps([("Stage", before.label, stage.label)]))
    audit.record(session, actor=actor, action="work_ahead_again", subject=about(item))
