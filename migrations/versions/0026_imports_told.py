"""More of what is known of an import."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "staged_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["spend_import.id"], name=op.f("fk_staged_part_import_id_spend_import")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_part")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_staged_part_import_id_number")),
    )
    with op.batch_alter_table("spend_import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rows_asked", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("settled", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(
            sa.Column("named", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("mended", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="")
        )
        batch_op.create_index(
            "uq_spend_import_saving",
            ["source_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('confirming', 'undoing')"),
            postgresql_where=sa.text("state IN ('confirming', 'undoing')"),
        )

    with op.batch_alter_table("spend_line", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "identity", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False, server_default=""
            )
        )
        batch_op.add_column(sa.Column("alike", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.drop_index(
            batch_op.f("uq_spend_line_identity"), sqlite_where=sa.text("withdrawn_at IS NULL")
        )
        batch_op.create_index(
            "uq_spend_line_identity",
            ["source_id", "identity", "occurrence"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL AND identity <> ''"),
            postgresql_where=sa.text("withdrawn_at IS NULL AND identity <> ''"),
        )
        batch_op.create_index("ix_spend_line_authority_id_alike", ["authority_id", "alike"], unique=False)

    with op.batch_alter_table("staged_line", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "identity", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False, server_default=""
            )
        )
        batch_op.add_column(sa.Column("alike", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("staged_line", schema=None) as batch_op:
        batch_op.drop_column("alike")
        batch_op.drop_column("identity")

    with op.batch_alter_table("spend_line", schema=None) as batch_op:
        batch_op.drop_index("ix_spend_line_authority_id_alike")
        batch_op.drop_index(
            "uq_spend_line_identity",
            sqlite_where=sa.text("withdrawn_at IS NULL AND identity <> ''"),
            postgresql_where=sa.text("withdrawn_at IS NULL AND identity <> ''"),
        )
        batch_op.create_index(
            batch_op.f("uq_spend_line_identity"),
            ["source_id", "transaction_number", "line_number", "occurrence"],
            unique=1,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.drop_column("alike")
        batch_op.drop_column("identity")

    with op.batch_alter_table("spend_import", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_spend_import_saving",
            sqlite_where=sa.text("state IN ('confirming', 'undoing')"),
            postgresql_where=sa.text("state IN ('confirming', 'undoing')"),
        )
        batch_op.drop_column("mended")
        batch_op.drop_column("named")
        batch_op.drop_column("place")
        batch_op.drop_column("settled")
        batch_op.drop_column("rows_asked")

    op.drop_table("staged_part")
