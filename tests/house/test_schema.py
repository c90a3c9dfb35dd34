"""The schema that the migrations make is the one that the models describe, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

import calloffs.every_table
from tests.house.reading import ROOT


def test_migrations_make_what_the_models_describe(session, both_databases):
    context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
    assert compare_metadata(context, SQLModel.metadata) == []


def test_every_table_is_named():
    named = {table.__tablename__ for table in calloffs.every_table.TABLES}
    assert named == set(SQLModel.metadata.tables)


def test_no_two_migrations_have_one_number():
    numbers = [path.name[:4] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py")]
    assert len(numbers) == len(set(numbers))
