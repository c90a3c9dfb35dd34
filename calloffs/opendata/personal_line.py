"""The mark on a spend line whose beneficiary is an individual: published only as "REDACTED PERSONAL DATA" (RULE-53)."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class PersonalLine(SQLModel, table=True):
    """One marking of one line, kept when it is taken away. A line stands marked while `taken_away_at` is blank."""

    __tablename__ = "personal_line"

    id: int = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="spend_line.id")
    marked_at: datetime
    marked_by_id: int | None = Field(default=None, foreign_key="person.id")
    taken_away_at: datetime | None = None
    taken_away_by_id: int | None = Field(default=None, foreign_key="person.id")

    __table_args__ = (
        sa.Index(
            "uq_personal_line_standing",
            "line_id",
            unique=True,
            sqlite_where=sa.text("taken_away_at IS NULL"),
            postgresql_where=sa.text("taken_away_at IS NULL"),
        ),
    )
