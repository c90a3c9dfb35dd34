"""Messages: one text to one reader. Writing one only queues it; the mail room sends it, once."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from framework.definitions import dates
from framework.records.database import insert_once


class Message(SQLModel, table=True):
    """A text waiting to be sent, being sent or sent. The key is unique: a second copy is nothing."""

    __tablename__ = "message"

    id: int = Field(default=None, primary_key=True)
    key: str = Field(max_length=200, unique=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    to_address: str = Field(max_length=254)
    subject: str = Field(max_length=200)
    text: str
    html: str = ""
    queued_at: datetime
    status: str = Field(default="queued", max_length=10)
    """queued, sending, sent or failed."""
    tries: int = 0
    claimed_by: str | None = Field(default=None, max_length=80)
    claimed_at: datetime | None = None
    sent_at: datetime | None = None
    message_id: str | None = Field(default=None, max_length=200)
    last_error: str = Field(default="", max_length=500)

    __table_args__ = (
        sa.CheckConstraint("status IN ('queued', 'sending', 'sent', 'failed')", name="status_known"),
        sa.Index(
            "ix_message_unsent",
            "queued_at",
            sqlite_where=sa.text("status IN ('queued', 'sending')"),
            postgresql_where=sa.text("status IN ('queued', 'sending')"),
        ),
    )


def queue(
    session: Session, *, key: str, to_address: str, subject: str, text: str, person_id: int | None = None
) -> bool:
    """Queue a message in the caller's transaction; False when one with the same key was queued before."""
    return insert_once(
        session,
        Message,
        ["key"],
        key=key,
        person_id=person_id,
        to_address=to_address,
        subject=subject,
        text=text,
        html="",
        queued_at=dates.now(),
        status="queued",
        tries=0,
        last_error="",
    )
