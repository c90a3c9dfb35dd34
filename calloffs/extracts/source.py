"""A source: one finance system of one authority, with what was learned about its files."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from calloffs.extracts.amount_basis import AmountBasis
from framework.records.columns import one_of

__all__ = ["AmountBasis", "SourceColumn", "SpendSource"]


class SpendSource(SQLModel, table=True):
    """Where extracts come from. Its name is unique in the installation, in whatever capitals."""

    __tablename__ = "spend_source"

    id: int = Field(default=None, primary_key=True)
    authority_id: int = Field(foreign_key="party.id", index=True)
    name: str = Field(max_length=60)
    name_key: str = Field(max_length=60, unique=True)
    """The name in small letters."""
    basis: AmountBasis = Field(sa_type=one_of(AmountBasis))
    known_as: str = Field(default="", max_length=2000)
    """Names and codes by which its files call the authority, one on each line: confirmed by a person when first seen."""
    created_at: datetime
    created_by_id: int | None = Field(default=None, foreign_key="person.id")


class SourceColumn(SQLModel, table=True):
    """What a heading of this source means, once somebody has said so: remembered for the next file."""

    __tablename__ = "source_column"

    id: int = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="spend_source.id")
    heading: str = Field(max_length=120)
    """Folded: small letters, one space between words."""
    field: str = Field(default="", max_length=40)
    """The name of the field (see `fields.py`); blank means that the column is left out."""
    decided_at: datetime
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")

    __table_args__ = (sa.UniqueConstraint("source_id", "heading"),)
