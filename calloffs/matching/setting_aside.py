"""Lines that belong to no call-off of ours: set aside with a reason, and taken back."""

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.extracts.finding import counts
from calloffs.extracts.finding import line as _line
from calloffs.extracts.spend_line import SpendLine
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, Refusal, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit

MOST_WORDS = 500


def set_aside(session: Session, *, actor: Visitor, line: SpendLine, why: str) -> None:
    """Say that a line belongs to no call-off of ours, with a reason. Raises `Refused`, `ChangedMeanwhile`, `NotFound`."""
    permitted(actor, Permission.INVOICE_RECORD, line.authority_id)
    words = why.strip()
    if not words or len(words) > MOST_WORDS:
        raise Refused(Refusal("Enter why it belongs to no call-off, up to 500 characters", "why"))
    _change(
        session,
        line,
        sa.and_(counts(), _line.c.call_off_id.is_(None), _line.c.not_ours_at.is_(None)),
        not_ours_at=dates.now(),
        not_ours_why=words,
        not_ours_by_id=actor.person_id,
    )
    _tell(session, actor, line, "line_not_ours", words)


def take_up(session: Session, *, actor: Visitor, line: SpendLine) -> None:
    """Put a line that was set aside back into the queue. Raises `ChangedMeanwhile`, `NotFound`."""
    permitted(actor, Permission.INVOICE_RECORD, line.authority_id)
    _change(
        session,
        line,
        sa.and_(counts(), _line.c.not_ours_at.is_not(None)),
        not_ours_at=None,
        not_ours_why="",
        not_ours_by_id=None,
    )
    _tell(session, actor, line, "line_ours_again", "")


def _change(session: Session, line: SpendLine, where: sa.ColumnElement[bool], **values: object) -> None:
    session.flush()
    changed = session.connection().execute(
        _line.update().where(_line.c.id == line.id, where).values(**values)
    )
    if changed.rowcount != 1:
        raise ChangedMeanwhile
    session.refresh(line)


def _tell(session: Session, actor: Visitor, line: SpendLine, action: str, words: str) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=audit.Subject("spend_line", line.id, f"line {line.id}", line.authority_id),
        facts={"row": line.row},
        words={"reason": words},
    )
