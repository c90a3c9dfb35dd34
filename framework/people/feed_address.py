"""A feed address: a secret by which a person's own spreadsheet reads what that person may read, and nothing is ever written."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class FeedAddress(SQLModel, table=True):
    """One secret address of one person. Only the digest of the secret is kept; a renewed address is a row of its own."""

    __tablename__ = "feed_address"

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    name: str = Field(max_length=80)
    digest: str = Field(max_length=64, unique=True)
    made_at: datetime
    last_day: date
    """London; it works to the end of this day."""
    ended_at: datetime | None = None
    last_used_at: datetime | None = None

    __table_args__ = (sa.Index("ix_feed_address_person_id_id", "person_id", "id"),)

    def works_on(self, day: date) -> bool:
        """Whether the address itself is in force: what its person may read is asked apart."""
        return self.ended_at is None and day <= self.last_day
