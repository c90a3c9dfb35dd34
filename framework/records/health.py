"""How the installation is: the database, its schema, the mail that waits and the scheduler's last tick."""

from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, func, select

from framework.records.database import at_newest
from framework.records.jobs import JobRun
from framework.records.messages import Message


def mail_and_scheduler(session: Session) -> tuple[int, datetime | None]:
    """How many messages wait to be sent, and when a periodic job last ran."""
    unsent = col(Message.status).in_(("queued", "sending"))
    waiting = session.exec(select(func.count()).select_from(Message).where(unsent)).one()
    return waiting, session.exec(select(func.max(col(JobRun.ran_at)))).one()


def readiness(session: Session, url: str) -> dict[str, object]:
    """Whether the database answers and its schema is the newest, and when the scheduler last ticked."""
    state: dict[str, object] = {"database": False, "migrations": False, "scheduler_last_tick": None}
    try:
        state["database"] = session.exec(select(1)).one() == 1
        state["migrations"] = at_newest(session, url)
        _, last = mail_and_scheduler(session)
        state["scheduler_last_tick"] = last.isoformat() if last else None
    except SQLAlchemyError:
        session.rollback()
    return state
