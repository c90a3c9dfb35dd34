"""Evidence with its file."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "called", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False, server_default=""
            )
        )
        batch_op.add_column(
            sa.Column(
                "issuer", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False, server_default=""
            )
        )
        batch_op.add_column(sa.Column("document_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("by_partner", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("checked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("checked_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("sent_back_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("sent_back_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "sent_back_why",
                sqlmodel.sql.sqltypes.AutoString(length=500),
                nullable=False,
                server_default="",
            )
        )
        batch_op.add_column(sa.Column("struck_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("struck_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "struck_why", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False, server_default=""
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_evidence_document_id_stored_document"), "stored_document", ["document_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_evidence_sent_back_by_id_person"), "person", ["sent_back_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_evidence_struck_by_id_person"), "person", ["struck_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_evidence_checked_by_id_person"), "person", ["checked_by_id"], ["id"]
        )

    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("needs_iso_27001", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("warns_on_offers", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.drop_column("warns_on_offers")
        batch_op.drop_column("needs_iso_27001")

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_evidence_checked_by_id_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_evidence_struck_by_id_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_evidence_sent_back_by_id_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_evidence_document_id_stored_document"), type_="foreignkey")
        batch_op.drop_column("struck_why")
        batch_op.drop_column("struck_by_id")
        batch_op.drop_column("struck_at")
        batch_op.drop_column("sent_back_why")
        batch_op.drop_column("sent_back_by_id")
        batch_op.drop_column("sent_back_at")
        batch_op.drop_column("checked_by_id")
        batch_op.drop_column("checked_at")
        batch_op.drop_column("by_partner")
        batch_op.drop_column("document_id")
        batch_op.drop_column("issuer")
        batch_op.drop_column("called")
