"""A form acts once: the key made when it was shown is spent when it is sent."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from framework.definitions import dates
from framework.records.columns import table_of
from framework.records.database import insert_once


class SpentKey(SQLModel, table=True):
    """The key of a form that was sent, by whom, and the page that it led to."""

    __tablename__ = "spent_key"

    id: int = Field(default=None, primary_key=True)
    key: str = Field(max_length=64, unique=True)
    person_id: int | None = Field(default=None, index=True)
    location: str = Field(default="", max_length=500)
    spent_at: datetime


def new_key() -> str:
    """A key for a form about to be shown."""
    return secrets.token_urlsafe(24)


def spend(session: Session, key: str, person_id: int | None) -> bool:
    """Spend the key in the caller's transaction; False when it was spent before.

    On PostgreSQL a second sender waits here until the first has committed or failed; on SQLite it waited for its turn
    to write. Either way both never act.
    """
    return insert_once(
        session, SpentKey, ["key"], key=key[:64], person_id=person_id, location="", spent_at=dates.now()
    )


def give_back(session: Session, key: str) -> None:
    """Take back that a key was spent, because its form did nothing."""
    table = table_of(SpentKey)
    session.connection().execute(table.delete().where(table.c.key == key[:64]))


def led_to(session: Session, key: str, person_id: int | None, location: str | None = None) -> str | None:
    """Where the form with this key led; with `location`, note it. None for a key of somebody else's."""
    table = table_of(SpentKey)
    mine = sa.and_(table.c.key == key[:64], table.c.person_id.is_not_distinct_from(person_id))
    if location is not None:
        session.connection().execute(table.update().where(mine).values(location=location[:500]))
        return location
    return session.connection().execute(sa.select(table.c.location).where(mine)).scalar_one_or_none()
