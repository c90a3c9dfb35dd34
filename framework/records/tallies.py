"""Tallies: how often something was tried within a window of time, counted the same by every process."""

import hashlib
import hmac
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel

from framework.definitions import dates
from framework.records.columns import table_of


class Tally(SQLModel, table=True):
    """One count: of what, by whom (a keyed digest, so that no network address is kept), from when."""

    __tablename__ = "tally"

    id: int = Field(default=None, primary_key=True)
    what: str = Field(max_length=30)
    who: str = Field(max_length=64)
    began_at: datetime = Field(index=True)
    times: int

    __table_args__ = (sa.UniqueConstraint("what", "who", "began_at"),)


_KEPT = timedelta(days=2)


def who(secret: str, name: str) -> str:
    """A digest that stands for a network address or an e-mail address and cannot be guessed back without the secret."""
    return hmac.new(secret.encode(), name.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def count(session: Session, what: str, whom: str, window: timedelta) -> int:
    """Count one more in the window that now falls in, in the caller's transaction; returns how many there are by now.

    Whoever begins a window also forgets those of more than two days ago.
    """
    table = table_of(Tally)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(table)
        .values(what=what, who=whom, began_at=_window(window), times=1)
        .on_conflict_do_update(index_elements=["what", "who", "began_at"], set_={"times": table.c.times + 1})
        .returning(table.c.times)
    )
    times: int = session.connection().execute(statement).scalar_one()
    if times == 1:
        session.connection().execute(table.delete().where(table.c.began_at < dates.now() - _KEPT))
    return times


def so_far(session: Session, what: str, whom: str, window: timedelta) -> int:
    """How many there are in the window that now falls in; counts nothing."""
    table = table_of(Tally)
    mine = (table.c.what == what, table.c.who == whom, table.c.began_at == _window(window))
    return session.connection().execute(sa.select(table.c.times).where(*mine)).scalar_one_or_none() or 0


def _window(window: timedelta) -> datetime:
    now = dates.now()
    first = datetime(1970, 1, 1, tzinfo=now.tzinfo)
    return first + ((now - first) // window) * window
