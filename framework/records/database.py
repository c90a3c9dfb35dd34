"""The database: sessions, the writer's lock, and statements that must read the same on SQLite and PostgreSQL."""

import fcntl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from framework.records.columns import table_of

db = SQLAlchemy(session_options={"class_": Session, "expire_on_commit": False})
"""The session of this visit or command. Doors and commands take `db.session`; actions are handed it."""


def current() -> Session:
    """The session of this visit or command."""
    return cast(Session, db.session)


def _fresh() -> Session:
    return cast(Session, db.sessionmaker())


def open_database(app: Flask, url: str) -> None:
    """Bind the database to an application and tune its connections."""
    app.config["SQLALCHEMY_ENGINES"] = {
        "default": {"url": url, "pool_pre_ping": not url.startswith("sqlite")}
    }
    db.init_app(app)
    with app.app_context():
        tune(db.engine)


def tune(engine: sa.Engine) -> None:
    """Make SQLite durable and strict, and queue its writers. PostgreSQL needs nothing: the row lock is its queue."""
    if engine.dialect.name != "sqlite":
        return
    lock = WriterLock(engine.url.database)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we emit BEGIN ourselves
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("write"):
            lock.take()
            connection.info["writing"] = True
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")

    # Given back when the connection returns to the pool, which is after COMMIT or ROLLBACK has really happened.
    @event.listens_for(engine, "checkin")
    def _checkin(_connection: Any, record: Any) -> None:
        if record.info.pop("writing", False):
            lock.give_back()


class WriterLock:
    """One writer at a time, in this process and across processes.

    SQLite's own busy handler sleeps between tries; a blocking lock wakes the next writer at once. Whoever waits holds the place
    of the next: one who writes many transactions one after another cannot take the turn again before them.
    """

    def __init__(self, database: str | None) -> None:
        self._mutex, self._next = threading.Lock(), threading.Lock()
        self._owner: int | None = None
        kept = bool(database) and database != ":memory:"
        self._file = open(f"{database}.writer", "a") if kept else None  # noqa: SIM115
        self._place = open(f"{database}.next", "a") if kept else None  # noqa: SIM115

    def take(self) -> None:
        """Wait for the turn to write. Raises RuntimeError when this thread is already writing elsewhere."""
        if self._owner == threading.get_ident():
            raise RuntimeError("this thread already writes in another session: finish that transaction first")
        with self._next:
            self._mutex.acquire()
        self._owner = threading.get_ident()
        if self._file and self._place:
            fcntl.flock(self._place, fcntl.LOCK_EX)
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX)
            finally:
                fcntl.flock(self._place, fcntl.LOCK_UN)

    def give_back(self) -> None:
        """Let the next writer in."""
        if self._file:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._owner = None
        self._mutex.release()


def begin_writing(session: Session) -> Session:
    """Mark the session's transaction as one that writes, before its first statement."""
    session.connection(execution_options={"write": True})
    return session


def one_moment(session: Session) -> None:
    """Everything that the session reads from here on is as it stands now, whatever others commit meanwhile.

    For files whose totals and rows are asked for one after the other. What was read before is let go.
    """
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    # SQLite reads one snapshot from its first statement to the end of the transaction.


@contextmanager
def writing() -> Iterator[Session]:
    """A short transaction of its own: committed at the end, rolled back when anything is raised.

    For commands, jobs and what is written whatever the answer (refusals, failed sign-ins, looks at confidential rows).
    """
    session = _fresh()
    try:
        begin_writing(session)
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()


def insert_once(session: Session, model: type[SQLModel], unique: Sequence[str], /, **values: Any) -> bool:
    """Insert a row unless one with the same key is there; True when this call inserted it."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    table = table_of(model)
    statement = insert(table).values(**values).on_conflict_do_nothing(index_elements=list(unique))
    # Asked back rather than counted: on PostgreSQL the count of such an insert is not known (-1).
    inserted = session.connection().execute(statement.returning(table.c[unique[0]]))
    return inserted.first() is not None


def migrations_folder() -> Path:
    """Where the migrations are: in the repository, or beside the installed package."""
    here = Path(__file__).resolve().parent.parent
    beside = here.parent / "migrations"
    return beside if beside.exists() else here / "migrations"


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest schema."""
    from alembic import command

    command.upgrade(_alembic(url), "head")


def at_newest(session: Session, url: str) -> bool:
    """Whether the schema is the newest that this code knows."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    head = ScriptDirectory.from_config(_alembic(url)).get_current_head()
    return MigrationContext.configure(session.connection()).get_current_revision() == head


def _alembic(url: str) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
