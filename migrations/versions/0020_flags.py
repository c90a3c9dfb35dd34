"""What is said of lines and matches."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0020"
down_revision = "0019"

_INVOICED = "spend_line_id IS NOT NULL AND kind = 'invoice'"
_LIKELY = (
    "call_off_id IS NULL AND withdrawn_at IS NULL AND not_ours_at IS NULL "
    "AND (supplier_id IS NOT NULL OR call_off_reference <> '' OR purchase_order <> '')"
)


def upgrade() -> None:
    op.create_table(
        "supplier_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("learned_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("learned_by_id", sa.Integer(), nullable=True),
        sa.Column("match_id", sa.Integer(), nullable=True),
        sa.Column("forgotten_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("forgotten_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["forgotten_by_id"], ["person.id"], name=op.f("fk_supplier_number_forgotten_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["learned_by_id"], ["person.id"], name=op.f("fk_supplier_number_learned_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["spend_match.id"], name=op.f("fk_supplier_number_match_id_spend_match")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["spend_source.id"], name=op.f("fk_supplier_number_source_id_spend_source")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["party.id"], name=op.f("fk_supplier_number_supplier_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier_number")),
    )
    with op.batch_alter_table("supplier_number", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supplier_number_supplier_id"), ["supplier_id"], unique=False)
        batch_op.create_index(
            "uq_supplier_number_known",
            ["source_id", "number"],
            unique=True,
            sqlite_where=sa.text("forgotten_at IS NULL"),
            postgresql_where=sa.text("forgotten_at IS NULL"),
        )

    op.create_index(
        "ix_spend_line_likely",
        "spend_line",
        ["authority_id", "id"],
        unique=False,
        sqlite_where=sa.text(_LIKELY),
        postgresql_where=sa.text(_LIKELY),
    )
    op.create_index(
        "ix_ledger_entry_invoiced_by_lines",
        "ledger_entry",
        ["call_off_id", "effective_on"],
        unique=False,
        sqlite_where=sa.text(_INVOICED),
        postgresql_where=sa.text(_INVOICED),
    )


def downgrade() -> None:
    op.drop_index("ix_ledger_entry_invoiced_by_lines", table_name="ledger_entry")
    op.drop_index("ix_spend_line_likely", table_name="spend_line")
    with op.batch_alter_table("supplier_number", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_supplier_number_known",
            sqlite_where=sa.text("forgotten_at IS NULL"),
            postgresql_where=sa.text("forgotten_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_supplier_number_supplier_id"))

    op.drop_table("supplier_number")
