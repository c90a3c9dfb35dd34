"""A request by a partner to have something that is held on it put right."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.records.columns import index_where


class CorrectionRequest(SQLModel, table=True):
    """What a partner says is wrong, and what the council did about it."""

    __tablename__ = "correction_request"

    id: int = Field(default=None, primary_key=True)
    supplier_id: int = Field(foreign_key="party.id", index=True)
    about: str = Field(max_length=120)
    words: str = Field(max_length=2000)
    asked_at: datetime
    asked_by_id: int = Field(foreign_key="person.id")
    answered_at: datetime | None = None
    answered_by_id: int | None = Field(default=None, foreign_key="person.id")
    answer: str = Field(default="", max_length=2000)
    corrected: bool | None = None
    """Whether it was put right; None until it is answered."""

    __table_args__ = (
        index_where("ix_correction_request_waiting", "supplier_id", where="answered_at IS NULL"),
        sa.CheckConstraint("(answered_at IS NULL) = (corrected IS NULL)", name="answered_once"),
    )
