"""A supplier number that was learned: which party one source means by it, because a person said so."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

_KNOWN = sa.text("forgotten_at IS NULL")


class SupplierNumber(SQLModel, table=True):
    """Learned from a match by hand, kept when it is forgotten again. One number of one source means one party at a time."""

    __tablename__ = "supplier_number"

    id: int = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="spend_source.id")
    number: str = Field(max_length=80)
    """Folded: capitals, without spaces."""
    supplier_id: int = Field(foreign_key="party.id", index=True)
    learned_at: datetime
    learned_by_id: int | None = Field(default=None, foreign_key="person.id")
    match_id: int | None = Field(default=None, foreign_key="spend_match.id")
    """The match that taught it."""
    forgotten_at: datetime | None = None
    forgotten_by_id: int | None = Field(default=None, foreign_key="person.id")

    __table_args__ = (
        sa.Index(
            "uq_supplier_number_known",
            *("source_id", "number"),
            unique=True,
            sqlite_where=_KNOWN,
            postgresql_where=_KNOWN,
        ),
    )
