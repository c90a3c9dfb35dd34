"""A skill that a lot is expected to supply: what the framework owner compares the partners' skillsets with."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class LotSkill(SQLModel, table=True):
    """One expected skill of a lot."""

    __tablename__ = "lot_skill"

    id: int = Field(default=None, primary_key=True)
    lot_id: int = Field(foreign_key="lot.id", index=True)
    skill: str = Field(max_length=120)
    key: str = Field(max_length=120)
    """The skill in small letters without doubled spaces, as skillsets keep theirs."""
    added_at: datetime
    added_by_id: int | None = Field(default=None, foreign_key="person.id")

    __table_args__ = (sa.UniqueConstraint("lot_id", "key"),)
