"""A council's vision for an agreement or a lot, in versions, with the outcomes it intends."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Vision(SQLModel, table=True):
    """One version. A draft until it is published; what was published is never changed, and the next one follows it."""

    __tablename__ = "vision"

    id: int = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="framework_agreement.id", index=True)
    lot_id: int | None = Field(default=None, foreign_key="lot.id", index=True)
    """None where the vision is for the whole agreement."""
    authority_id: int = Field(foreign_key="party.id", index=True)
    about: str = Field(max_length=24)
    """As "agreement:3" or "lot:7": what it is for, as one word that can be unique with the council and the number."""
    number: int
    words: str = Field(default="", max_length=8000)
    changed_at: datetime
    changed_by_id: int | None = Field(default=None, foreign_key="person.id")
    published_at: datetime | None = None
    published_by_id: int | None = Field(default=None, foreign_key="person.id")
    replaced_at: datetime | None = None
    """When the next version was published."""

    __table_args__ = (sa.UniqueConstraint("about", "authority_id", "number"),)

    @property
    def is_draft(self) -> bool:
        """Whether only its own council may read it."""
        return self.published_at is None


class IntendedOutcome(SQLModel, table=True):
    """What a council means to reach, by when, and how it will be known."""

    __tablename__ = "intended_outcome"

    id: int = Field(default=None, primary_key=True)
    vision_id: int = Field(foreign_key="vision.id", index=True)
    position: int
    words: str = Field(max_length=500)
    by_on: date
    known_by: str = Field(max_length=500)

    __table_args__ = (sa.UniqueConstraint("vision_id", "position"),)
