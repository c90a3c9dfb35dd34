"""A sheet of people that was read and checked, kept for its owner until it is confirmed, dropped or a day old."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class SkillsetCheck(SQLModel, table=True):
    """The cells as they were read and mended since. They name people, so the row is deleted as soon as nobody needs it (RULE-81)."""

    __tablename__ = "skillset_check"

    id: int = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="person.id", index=True)
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    cells: str = Field(sa_type=sa.Text)
    """JSON: rows of [number, cells], and the notes of the reading."""
    rows_ready: int
    """How many rows the owner was last shown as ready."""
    read_at: datetime
    expires_at: datetime = Field(index=True)
