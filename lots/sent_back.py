"""What the council sent back to a joining partner: one task, with the reason."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class SentBack(SQLModel, table=True):
    """A task of a place's list that is not right yet. It counts until the partner says that it has mended it."""

    __tablename__ = "sent_back"

    id: int = Field(default=None, primary_key=True)
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    task: str = Field(max_length=40)
    """The key of the task, such as "rates"."""
    reason: str = Field(max_length=1000)
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="person.id")
    mended_at: datetime | None = None
