"""The reminders and messages of the sample's past: queued by the same job as real ones, and sent as far as the sample knows."""

from datetime import timedelta

from sqlmodel import Session, col, update

from calloffs.sample.calendar import Diary, Span
from framework import reminding
from framework.definitions import dates
from framework.records.messages import Message

_DAYS = 120


def plan_reminders(diary: Diary, span: Span) -> None:
    """The reminders job on each working day of the last four months: enough for a believable past without a long wait."""
    for back in range(_DAYS, 0, -1):
        day = span.today - timedelta(days=back)
        # A day off would fall on the next working day, which has its own.
        if dates.is_working_day(day):
            diary.put(day, 8, _remind)


def _remind(session: Session) -> None:
    reminding.remind(session)


def sent_before(session: Session) -> None:
    """Whatever the past queued has gone out by now; nothing of it is sent again."""
    session.exec(
        update(Message)
        .where(col(Message.status) == "queued")
        .values(status="sent", sent_at=col(Message.queued_at), tries=1)
    )
