"""What a supplier said of its own company facts: that they are still right, or that its name or number should change."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.records.columns import index_where


class FactsConfirmed(SQLModel, table=True):
    """Somebody at the supplier said that its company facts are still right."""

    __tablename__ = "facts_confirmed"

    id: int = Field(default=None, primary_key=True)
    supplier_id: int = Field(foreign_key="party.id", index=True)
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="person.id")


class NameChange(SQLModel, table=True):
    """A change of legal name or company number that a supplier asks for; papers rest on both, so a framework owner decides."""

    __tablename__ = "name_change"

    id: int = Field(default=None, primary_key=True)
    supplier_id: int = Field(foreign_key="party.id", index=True)
    name: str = Field(max_length=200)
    company_number: str | None = Field(default=None, max_length=8)
    reason: str = Field(max_length=1000)
    asked_at: datetime
    asked_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    accepted: bool | None = None
    answer: str = Field(default="", max_length=1000)

    __table_args__ = (
        sa.CheckConstraint("(decided_at IS NULL) = (accepted IS NULL)", name="decided_whole"),
        index_where("ix_name_change_waiting", "supplier_id", where="decided_at IS NULL"),
    )
