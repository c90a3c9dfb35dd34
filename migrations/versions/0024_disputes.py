"""Disputed invoices and the clocks of payment."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0024"
down_revision = "0023"

APPEND_ONLY = ("dispute_event", "invalid_invoice", "compliance_report")
"""What was decided is never changed: the same triggers as those of 0007."""


def upgrade() -> None:
    op.create_table(
        "compliance_report",
        sa.Column("payments", sa.Integer(), nullable=False),
        sa.Column("payments_pence", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("first_band", sa.Integer(), nullable=False),
        sa.Column("second_band", sa.Integer(), nullable=False),
        sa.Column("third_band", sa.Integer(), nullable=False),
        sa.Column("fell_due", sa.Integer(), nullable=False),
        sa.Column("fell_due_pence", sa.BigInteger(), nullable=False),
        sa.Column("not_in_time", sa.Integer(), nullable=False),
        sa.Column("not_in_time_pence", sa.BigInteger(), nullable=False),
        sa.Column("without_received", sa.Integer(), nullable=False),
        sa.Column("without_paid", sa.Integer(), nullable=False),
        sa.Column("without_gross", sa.Integer(), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.Column("disputed", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("finance_director", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("finance_director <> ''", name=op.f("ck_compliance_report_names_the_director")),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["party.id"], name=op.f("fk_compliance_report_authority_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_compliance_report_recorded_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compliance_report")),
        sa.UniqueConstraint(
            "authority_id",
            "ends_on",
            "version",
            name=op.f("uq_compliance_report_authority_id_ends_on_version"),
        ),
    )
    op.create_table(
        "invalid_invoice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("gross_pence", sa.BigInteger(), nullable=True),
        sa.Column("faults", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("sent_back_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("sent_back_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("faults <> '' AND words <> ''", name=op.f("ck_invalid_invoice_says_why")),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["party.id"], name=op.f("fk_invalid_invoice_authority_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_invalid_invoice_call_off_id_call_off")
        ),
        sa.ForeignKeyConstraint(
            ["sent_back_by_id"], ["person.id"], name=op.f("fk_invalid_invoice_sent_back_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["party.id"], name=op.f("fk_invalid_invoice_supplier_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invalid_invoice")),
    )
    with op.batch_alter_table("invalid_invoice", schema=None) as batch_op:
        batch_op.create_index("ix_invalid_invoice_authority_id_id", ["authority_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invalid_invoice_call_off_id"), ["call_off_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invalid_invoice_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "dispute_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opened",
                "to_be_credited",
                "to_be_paid",
                "settled",
                name="disputekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "number >= 1 AND (number % 2 = 1) = (kind = 'opened')",
            name=op.f("ck_dispute_event_opened_then_resolved"),
        ),
        sa.CheckConstraint("words <> ''", name=op.f("ck_dispute_event_says_why")),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_dispute_event_invoice_id_invoice")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_dispute_event_recorded_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_event")),
        sa.UniqueConstraint("invoice_id", "number", name=op.f("uq_dispute_event_invoice_id_number")),
    )
    op.create_table(
        "personal_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("marked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("marked_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_away_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("taken_away_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["line_id"], ["spend_line.id"], name=op.f("fk_personal_line_line_id_spend_line")
        ),
        sa.ForeignKeyConstraint(
            ["marked_by_id"], ["person.id"], name=op.f("fk_personal_line_marked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["taken_away_by_id"], ["person.id"], name=op.f("fk_personal_line_taken_away_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_line")),
    )
    with op.batch_alter_table("personal_line", schema=None) as batch_op:
        batch_op.create_index(
            "uq_personal_line_standing",
            ["line_id"],
            unique=True,
            sqlite_where=sa.text("taken_away_at IS NULL"),
            postgresql_where=sa.text("taken_away_at IS NULL"),
        )

    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("disputed_on", sa.Date(), nullable=True))
        batch_op.create_index("ix_invoice_authority_id_due_on", ["authority_id", "due_on"], unique=False)
        batch_op.create_index(
            "ix_invoice_disputed",
            ["authority_id", "id"],
            unique=False,
            sqlite_where=sa.text("disputed_on IS NOT NULL"),
            postgresql_where=sa.text("disputed_on IS NOT NULL"),
        )

    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_paid_on"), ["paid_on"], unique=False)

    with op.batch_alter_table("spend_line", schema=None) as batch_op:
        batch_op.create_index(
            "ix_spend_line_matched",
            ["authority_id", "accounting_on"],
            unique=False,
            sqlite_where=sa.text("call_off_id IS NOT NULL"),
            postgresql_where=sa.text("call_off_id IS NOT NULL"),
        )

    _refuse_changes()


def _refuse_changes() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in APPEND_ONLY:
        if not sqlite:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
            continue
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def downgrade() -> None:
    with op.batch_alter_table("spend_line", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_spend_line_matched",
            sqlite_where=sa.text("call_off_id IS NOT NULL"),
            postgresql_where=sa.text("call_off_id IS NOT NULL"),
        )

    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_paid_on"))

    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_invoice_disputed",
            sqlite_where=sa.text("disputed_on IS NOT NULL"),
            postgresql_where=sa.text("disputed_on IS NOT NULL"),
        )
        batch_op.drop_index("ix_invoice_authority_id_due_on")
        batch_op.drop_column("disputed_on")

    with op.batch_alter_table("personal_line", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_personal_line_standing",
            sqlite_where=sa.text("taken_away_at IS NULL"),
            postgresql_where=sa.text("taken_away_at IS NULL"),
        )

    op.drop_table("personal_line")
    op.drop_table("dispute_event")
    with op.batch_alter_table("invalid_invoice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invalid_invoice_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_invalid_invoice_call_off_id"))
        batch_op.drop_index("ix_invalid_invoice_authority_id_id")

    op.drop_table("invalid_invoice")
    op.drop_table("compliance_report")
