"""Another company takes over a partner's place."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "novation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ending_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column(
            "restructuring",
            sa.Enum(
                "takeover",
                "merger",
                "transfer",
                "insolvency",
                "other",
                name="restructuring",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "ground",
            sa.Enum("pcr_72_1_d", "pa_schedule_8_9", name="novationground", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("notice_reference", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("notice_on", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "ground <> 'pa_schedule_8_9' OR (notice_reference <> '' AND notice_on IS NOT NULL)",
            name=op.f("ck_novation_change_notice"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_novation_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["stored_document.id"], name=op.f("fk_novation_document_id_stored_document")
        ),
        sa.ForeignKeyConstraint(
            ["ending_id"], ["place_ending.id"], name=op.f("fk_novation_ending_id_place_ending")
        ),
        sa.ForeignKeyConstraint(["successor_id"], ["party.id"], name=op.f("fk_novation_successor_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_novation")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_novation_appointment_id")),
        sa.UniqueConstraint("ending_id", name=op.f("uq_novation_ending_id")),
    )
    with op.batch_alter_table("novation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_novation_successor_id"), ["successor_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("novation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_novation_successor_id"))

    op.drop_table("novation")
