"""A person's wish to be told about a piece of coming work, a lot or an agreement."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Follow(SQLModel, table=True):
    """One person follows one thing; gone when they stop. What they are told is read again through what they may see then."""

    __tablename__ = "follow"

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    about: str = Field(max_length=24)
    """What is followed, as "item:12", "lot:7" or "agreement:3".

    A partner's people follow their company's own lots unasked, so what they stopped stands here too: "stopped:lot:7"."""
    since: datetime

    __table_args__ = (sa.UniqueConstraint("person_id", "about"),)
