"""Every table of the first release, and the triggers that keep records append-only."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import SQLModel

import calloffs.every_table  # noqa: F401

revision = "0001"
down_revision = None

# Rows in these tables are facts: they are added and never changed or removed.
APPEND_ONLY = ("audit_record", "ledger_entry", "stored_document", "signature", "payment")


def upgrade() -> None:
    bind = op.get_bind()
    SQLModel.metadata.create_all(bind)
    op.execute(
        sa.text("INSERT INTO audit_head (id, last_id, last_hash) VALUES (1, 0, :genesis)").bindparams(
            genesis="0" * 64
        )
    )
    if bind.dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
