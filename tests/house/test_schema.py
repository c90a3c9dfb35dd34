"""The schema that the migrations make is the one that the models describe, on both databases."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

import calloffs.every_table
from tests.house.reading import ROOT


def test_migrations_make_what_the_models_describe(session, both_databases):
    context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
    assert compare_metadata(context, SQLModel.metadata) == []


def test_every_check_of_the_models_is_in_the_database(session, both_databases):
    # Alembic does not compare checks, and they are the last wall under every ceiling.
    inspector = sa.inspect(session.connection())
    for table in SQLModel.metadata.sorted_tables:
        wanted = {one.name for one in table.constraints if isinstance(one, sa.CheckConstraint)}
        there = {one["name"] for one in inspector.get_check_constraints(table.name)}
        assert {str(name) for name in wanted} <= there, table.name


def test_every_table_is_named():
    named = {table.__tablename__ for table in calloffs.every_table.TABLES}
    assert named == set(SQLModel.metadata.tables)


def test_no_two_migrations_have_one_number():
    numbers = [path.name[:4] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py")]
    assert len(numbers) == len(set(numbers))
