"""Extracts of finance systems."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "spend_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("name_key", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column(
            "basis",
            sa.Enum("net", "gross", "both", name="amountbasis", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("known_as", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["party.id"], name=op.f("fk_spend_source_authority_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_spend_source_created_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spend_source")),
        sa.UniqueConstraint("name_key", name=op.f("uq_spend_source_name_key")),
    )
    with op.batch_alter_table("spend_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spend_source_authority_id"), ["authority_id"], unique=False)

    op.create_table(
        "source_column",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("heading", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("field", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_source_column_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["spend_source.id"], name=op.f("fk_source_column_source_id_spend_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_column")),
        sa.UniqueConstraint("source_id", "heading", name=op.f("uq_source_column_source_id_heading")),
    )
    op.create_table(
        "spend_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "reading",
                "checked",
                "confirming",
                "confirmed",
                "undoing",
                "undone",
                "refused",
                name="importstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("leased_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_new", sa.Integer(), nullable=False),
        sa.Column("rows_changed", sa.Integer(), nullable=False),
        sa.Column("rows_known", sa.Integer(), nullable=False),
        sa.Column("rows_rejected", sa.Integer(), nullable=False),
        sa.Column("rows_left_out", sa.Integer(), nullable=False),
        sa.Column("net_pence", sa.BigInteger(), nullable=True),
        sa.Column("vat_pence", sa.BigInteger(), nullable=True),
        sa.Column("gross_pence", sa.BigInteger(), nullable=True),
        sa.Column("headings", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("warnings", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("notes", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("refusal", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("checked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("confirmed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("undo_until", sa.Date(), nullable=True),
        sa.Column("undone_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["party.id"], name=op.f("fk_spend_import_authority_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_spend_import_confirmed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["spend_source.id"], name=op.f("fk_spend_import_source_id_spend_source")
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["person.id"], name=op.f("fk_spend_import_started_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["person.id"], name=op.f("fk_spend_import_undone_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spend_import")),
    )
    with op.batch_alter_table("spend_import", schema=None) as batch_op:
        batch_op.create_index(
            "ix_spend_import_at_work",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state IN ('waiting', 'reading', 'confirming', 'undoing')"),
            postgresql_where=sa.text("state IN ('waiting', 'reading', 'confirming', 'undoing')"),
        )
        batch_op.create_index(batch_op.f("ix_spend_import_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_spend_import_source_id"), ["source_id"], unique=False)

    op.create_table(
        "staged_line",
        sa.Column("transaction_number", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("line_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("invoice_number", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("purchase_order", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("call_off_reference", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("supplier_number", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("supplier_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("company_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("invoice_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("net_pence", sa.BigInteger(), nullable=True),
        sa.Column("vat_pence", sa.BigInteger(), nullable=True),
        sa.Column("gross_pence", sa.BigInteger(), nullable=True),
        sa.Column("irrecoverable_vat_pence", sa.BigInteger(), nullable=True),
        sa.Column("cost_centre", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("account_code", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("account_label", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("directorate", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("service", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("narrative", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("category", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("spend_type", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("card", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("authority_named", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "new",
                "changed",
                "known",
                "rejected",
                "left_out",
                name="verdict",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("accounting_on", sa.Date(), nullable=True),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("cells", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("findings", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("asked", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["spend_import.id"], name=op.f("fk_staged_line_import_id_spend_import")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_line")),
        sa.UniqueConstraint("import_id", "row", name=op.f("uq_staged_line_import_id_row")),
    )
    with op.batch_alter_table("staged_line", schema=None) as batch_op:
        batch_op.create_index(
            "ix_staged_line_import_id_verdict", ["import_id", "verdict", "row"], unique=False
        )

    op.create_table(
        "spend_line",
        sa.Column("transaction_number", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("line_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("invoice_number", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("purchase_order", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("call_off_reference", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("supplier_number", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("supplier_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("company_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("invoice_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("net_pence", sa.BigInteger(), nullable=True),
        sa.Column("vat_pence", sa.BigInteger(), nullable=True),
        sa.Column("gross_pence", sa.BigInteger(), nullable=True),
        sa.Column("irrecoverable_vat_pence", sa.BigInteger(), nullable=True),
        sa.Column("cost_centre", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("account_code", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("account_label", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("directorate", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("service", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("narrative", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("category", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("spend_type", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("card", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("authority_named", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("accounting_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("supplier_id", sa.Integer(), nullable=True),
        sa.Column("call_off_id", sa.Integer(), nullable=True),
        sa.Column("flags", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("not_ours_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("not_ours_why", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("not_ours_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "net_pence IS NOT NULL OR gross_pence IS NOT NULL", name=op.f("ck_spend_line_has_an_amount")
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["party.id"], name=op.f("fk_spend_line_authority_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_spend_line_call_off_id_call_off")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["spend_import.id"], name=op.f("fk_spend_line_import_id_spend_import")
        ),
        sa.ForeignKeyConstraint(
            ["not_ours_by_id"], ["person.id"], name=op.f("fk_spend_line_not_ours_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["spend_source.id"], name=op.f("fk_spend_line_source_id_spend_source")
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["party.id"], name=op.f("fk_spend_line_supplier_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spend_line")),
    )
    with op.batch_alter_table("spend_line", schema=None) as batch_op:
        batch_op.create_index("ix_spend_line_authority_id_id", ["authority_id", "id"], unique=False)
        batch_op.create_index(
            "ix_spend_line_call_off_id",
            ["call_off_id"],
            unique=False,
            sqlite_where=sa.text("call_off_id IS NOT NULL"),
            postgresql_where=sa.text("call_off_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_spend_line_flagged",
            ["authority_id", "id"],
            unique=False,
            sqlite_where=sa.text("flags <> ''"),
            postgresql_where=sa.text("flags <> ''"),
        )
        batch_op.create_index(batch_op.f("ix_spend_line_import_id"), ["import_id"], unique=False)
        batch_op.create_index(
            "ix_spend_line_supplier_id",
            ["supplier_id"],
            unique=False,
            sqlite_where=sa.text("supplier_id IS NOT NULL"),
            postgresql_where=sa.text("supplier_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_spend_line_unmatched",
            ["authority_id", "id"],
            unique=False,
            sqlite_where=sa.text("call_off_id IS NULL AND withdrawn_at IS NULL AND not_ours_at IS NULL"),
            postgresql_where=sa.text("call_off_id IS NULL AND withdrawn_at IS NULL AND not_ours_at IS NULL"),
        )
        batch_op.create_index(
            "uq_spend_line_identity",
            ["source_id", "transaction_number", "line_number", "occurrence"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "spend_line_version",
        sa.Column("transaction_number", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("line_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("invoice_number", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("purchase_order", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("call_off_reference", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("supplier_number", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("supplier_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("company_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("invoice_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("net_pence", sa.BigInteger(), nullable=True),
        sa.Column("vat_pence", sa.BigInteger(), nullable=True),
        sa.Column("gross_pence", sa.BigInteger(), nullable=True),
        sa.Column("irrecoverable_vat_pence", sa.BigInteger(), nullable=True),
        sa.Column("cost_centre", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("account_code", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("account_label", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("directorate", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("service", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("narrative", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("category", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("spend_type", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("card", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("authority_named", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("replaced_by_import_id", sa.Integer(), nullable=False),
        sa.Column("accounting_on", sa.Date(), nullable=False),
        sa.Column("replaced_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("restored_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["line_id"], ["spend_line.id"], name=op.f("fk_spend_line_version_line_id_spend_line")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_import_id"],
            ["spend_import.id"],
            name=op.f("fk_spend_line_version_replaced_by_import_id_spend_import"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spend_line_version")),
    )
    with op.batch_alter_table("spend_line_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spend_line_version_line_id"), ["line_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_spend_line_version_replaced_by_import_id"), ["replaced_by_import_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("spend_line_version")
    op.drop_table("spend_line")
    op.drop_table("staged_line")
    op.drop_table("spend_import")
    op.drop_table("source_column")
    op.drop_table("spend_source")
