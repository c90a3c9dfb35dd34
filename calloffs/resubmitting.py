"""What changed between one raising of a call-off and the next, for whoever decides it again (check 21)."""

from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from framework.people.permissions import Permission, Visitor
from framework.records import timeline
from framework.records.audit import AuditRecord

_RAISED = ("call_off_raised", "call_off_raised_again", "request_withdrawn")
_CHANGED = ("draft_changed", "options_changed")


def changes_since(session: Session, visitor: Visitor, call_off: CallOff) -> list[timeline.Happening]:
    """Every change made after the request was first raised, told as the timeline tells it; nothing on a first raising."""
    if call_off.submissions < 2 or not visitor.may(Permission.AUDIT_READ, call_off.authority_id):
        return []
    about = (AuditRecord.subject_kind == "call_off", AuditRecord.subject_id == call_off.id)
    first = session.exec(
        select(AuditRecord.id)
        .where(*about, col(AuditRecord.action).in_(_RAISED))
        .order_by(col(AuditRecord.id))
        .limit(1)
    ).first()
    if first is None:
        return []
    records = session.exec(
        select(AuditRecord)
        .where(*about, col(AuditRecord.action).in_(_CHANGED), col(AuditRecord.id) > first)
        .order_by(col(AuditRecord.id).desc())
        .limit(50)
    )
    return timeline.told(session, list(records))
