"""The audit chain under attack: changed rows, undone visits, many writers at once."""

import pytest
import sqlalchemy as sa
from sqlmodel import select

from framework.records import audit, chain, database


def test_facts_are_append_only_on_both_databases(app, town, both_databases):
    for table in ("audit_record", "ledger_entry", "stored_document", "signature"):
        for change in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with (
                app.app_context(),
                pytest.raises(sa.exc.DBAPIError, match="append-only"),
                database.writing() as session,
            ):
                session.connection().exec_driver_sql(change)


def test_an_undone_visit_leaves_no_record_and_the_chain_whole(app, cast):
    with app.app_context():
        with pytest.raises(ZeroDivisionError), database.writing() as session:  # noqa: PT012
            audit.record(
                session,
                actor=cast.visitor(session, "Bram"),
                action="password_set",
                subject=audit.Subject("person", 1, "x"),
            )
            session.flush()
            1 / 0  # noqa: B018
        with database.writing() as session:
            assert not session.exec(select(audit.AuditRecord).where(audit.AuditRecord.subject == "x")).all()
            assert chain.verify(session)[1] == []


def test_writers_at_once_keep_the_chain_whole(app, cast, both_databases):
    from threading import Thread

    with app.app_context(), database.writing() as session:
        bram = cast.visitor(session, "Bram")
        before = chain.verify(session)[0]

    def write() -> None:
        with app.app_context():
            for _ in range(5):
                with database.writing() as own:
                    audit.record(
                        own, actor=bram, action="password_set", subject=audit.Subject("person", 1, "x")
                    )

    writers = [Thread(target=write) for _ in range(6)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    with app.app_context(), database.writing() as session:
        assert chain.verify(session) == (before + 30, [])
