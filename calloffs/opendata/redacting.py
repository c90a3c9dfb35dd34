"""Marking a spend line as personal data, so that what is published names nobody, and taking the mark away."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from calloffs.extracts.finding import counts
from calloffs.extracts.spend_line import SpendLine
from calloffs.opendata.personal_line import PersonalLine
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, NotFound, refuse
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit


def line_of(session: Session, visitor: Visitor, line_id: int) -> SpendLine:
    """A line that counts, of an authority whose extracts the visitor reads. Raises `NotFound`."""
    found = session.exec(
        select(SpendLine).where(
            SpendLine.id == line_id,
            counts(),
            col(SpendLine.authority_id).in_(visitor.parties_where(Permission.EXTRACT_READ)),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def standing_mark(session: Session, line_id: int) -> PersonalLine | None:
    """The mark that stands on a line, or None."""
    return session.exec(
        select(PersonalLine).where(PersonalLine.line_id == line_id, col(PersonalLine.taken_away_at).is_(None))
    ).one_or_none()


def mark(session: Session, *, actor: Visitor, found: SpendLine) -> PersonalLine:
    """From now on the line's beneficiary is published as redacted.

    Raises `NotFound` for somebody who may not record there, `Refused` where it is marked, `ChangedMeanwhile` for the slower of two.
    """
    permitted(actor, Permission.INVOICE_RECORD, found.authority_id)
    if standing_mark(session, found.id) is not None:
        refuse("This line is marked as personal data already")
    row = PersonalLine(line_id=found.id, marked_at=dates.now(), marked_by_id=actor.person_id)
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        raise ChangedMeanwhile from None
    _record(session, actor, found, "line_marked_personal")
    return row


def take_away(session: Session, *, actor: Visitor, found: SpendLine) -> None:
    """The line is published with its beneficiary's name again. Raises `NotFound`, `Refused` where it is not marked."""
    permitted(actor, Permission.INVOICE_RECORD, found.authority_id)
    row = standing_mark(session, found.id)
    if row is None:
        refuse("This line is not marked as personal data")
    row.taken_away_at, row.taken_away_by_id = dates.now(), actor.person_id
    _record(session, actor, found, "line_mark_taken_away")


def _record(session: Session, actor: Visitor, found: SpendLine, action: str) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=audit.Subject("spend_line", found.id, f"spend line {found.id}", found.authority_id),
    )
