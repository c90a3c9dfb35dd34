"""Runs migrations on an engine of its own: SQLite's foreign keys stay off while tables are rebuilt."""

import sqlalchemy as sa
from alembic import context
from sqlalchemy import event
from sqlmodel import SQLModel

import calloffs.every_table  # noqa: F401  every table must be known before models and schema are compared


def run() -> None:
    engine = sa.create_engine(context.config.get_main_option("sqlalchemy.url") or "")
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:
        # A batch migration rebuilds a parent table; with foreign keys on that would delete its cascading children.
        @event.listens_for(engine, "connect")
        def _connect(connection, _record):  # type: ignore[no-untyped-def]
            connection.isolation_level = None
            connection.execute("PRAGMA foreign_keys=OFF")
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA busy_timeout=15000")

        @event.listens_for(engine, "begin")
        def _begin(connection):  # type: ignore[no-untyped-def]
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.begin() as connection:
        if not sqlite:
            # Two starts at once: the second waits, then finds nothing to do.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7203412)")
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=False,
        )
        context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"migration left rows that point nowhere: {broken[:5]}")
    engine.dispose()


run()
