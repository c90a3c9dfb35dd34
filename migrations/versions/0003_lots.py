"""Lots, appointments, rate cards and evidence."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "employers_liability",
                "public_liability",
                "professional_indemnity",
                "cyber_essentials",
                name="evidencekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("cover_pence", sa.BigInteger(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_evidence_recorded_by_id_person")
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["party.id"], name=op.f("fk_evidence_supplier_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_expires_on"), "evidence", ["expires_on"], unique=False)
    op.create_index(op.f("ix_evidence_supplier_id"), "evidence", ["supplier_id"], unique=False)
    op.create_table(
        "lot",
        sa.Column("reserved_pence", sa.BigInteger(), nullable=False),
        sa.Column("committed_pence", sa.BigInteger(), nullable=False),
        sa.Column("invoiced_pence", sa.BigInteger(), nullable=False),
        sa.Column("paid_pence", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("scope", sqlmodel.sql.sqltypes.AutoString(length=8000), nullable=False),
        sa.Column("ceiling_pence", sa.BigInteger(), nullable=True),
        sa.Column(
            "award_method",
            sa.Enum("direct", "competition", "either", name="awardmethod", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "direct_award_basis",
            sa.Enum(
                "single_supplier",
                "objective_mechanism",
                "none",
                name="directawardbasis",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "mechanism",
            sa.Enum("ranked", "rotation", name="mechanism", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("mechanism_text", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("min_partners", sa.Integer(), nullable=False),
        sa.Column("max_partners", sa.Integer(), nullable=False),
        sa.Column(
            "size_rule",
            sa.Enum("any", "sme_only", name="sizerule", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("long_stop_on", sa.Date(), nullable=True),
        sa.Column("last_call_off_number", sa.Integer(), nullable=False),
        sa.Column("employers_liability_pence", sa.BigInteger(), nullable=True),
        sa.Column("public_liability_pence", sa.BigInteger(), nullable=True),
        sa.Column("professional_indemnity_pence", sa.BigInteger(), nullable=True),
        sa.Column("needs_cyber_essentials", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "ceiling_pence IS NULL OR ceiling_pence > 0", name=op.f("ck_lot_ceiling_above_nothing")
        ),
        sa.CheckConstraint("committed_pence >= 0", name=op.f("ck_lot_committed_not_negative")),
        sa.CheckConstraint("invoiced_pence >= 0", name=op.f("ck_lot_invoiced_not_negative")),
        sa.CheckConstraint(
            "min_partners >= 0 AND max_partners >= 1 AND min_partners <= max_partners",
            name=op.f("ck_lot_partners"),
        ),
        sa.CheckConstraint("paid_pence >= 0", name=op.f("ck_lot_paid_not_negative")),
        sa.CheckConstraint(
            "reserved_pence + committed_pence <= COALESCE(ceiling_pence, 0)",
            name=op.f("ck_lot_within_ceiling"),
        ),
        sa.CheckConstraint("reserved_pence >= 0", name=op.f("ck_lot_reserved_not_negative")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["framework_agreement.id"], name=op.f("fk_lot_agreement_id_framework_agreement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("agreement_id", "number", name=op.f("uq_lot_agreement_id_number")),
        sa.UniqueConstraint("reference", name=op.f("uq_lot_reference")),
    )
    op.create_index(op.f("ix_lot_agreement_id"), "lot", ["agreement_id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("reserved_pence", sa.BigInteger(), nullable=False),
        sa.Column("committed_pence", sa.BigInteger(), nullable=False),
        sa.Column("invoiced_pence", sa.BigInteger(), nullable=False),
        sa.Column("paid_pence", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=True),
        sa.Column("suspended_from", sa.Date(), nullable=True),
        sa.Column("suspended_until", sa.Date(), nullable=True),
        sa.Column("suspended_why", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_as", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("contract_manager", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("contract_manager_email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.CheckConstraint("committed_pence >= 0", name=op.f("ck_appointment_committed_not_negative")),
        sa.CheckConstraint("invoiced_pence >= 0", name=op.f("ck_appointment_invoiced_not_negative")),
        sa.CheckConstraint("paid_pence >= 0", name=op.f("ck_appointment_paid_not_negative")),
        sa.CheckConstraint("reserved_pence >= 0", name=op.f("ck_appointment_reserved_not_negative")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_appointment_lot_id_lot")),
        sa.ForeignKeyConstraint(["supplier_id"], ["party.id"], name=op.f("fk_appointment_supplier_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("lot_id", "supplier_id", name=op.f("uq_appointment_lot_id_supplier_id")),
    )
    op.create_index(op.f("ix_appointment_lot_id"), "appointment", ["lot_id"], unique=False)
    op.create_index(op.f("ix_appointment_supplier_id"), "appointment", ["supplier_id"], unique=False)
    op.create_index(
        "ix_appointment_suspended",
        "appointment",
        ["suspended_until"],
        unique=False,
        sqlite_where=sa.text("suspended_until IS NOT NULL"),
        postgresql_where=sa.text("suspended_until IS NOT NULL"),
    )
    op.create_table(
        "rate_card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("hours_per_day_hundredths", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "hours_per_day_hundredths BETWEEN 100 AND 2400", name=op.f("ck_rate_card_hours_sensible")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_rate_card_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_rate_card_created_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_card")),
        sa.UniqueConstraint("appointment_id", "version", name=op.f("uq_rate_card_appointment_id_version")),
    )
    op.create_index(op.f("ix_rate_card_appointment_id"), "rate_card", ["appointment_id"], unique=False)
    op.create_table(
        "rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rate_card_id", sa.Integer(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("day_rate_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("day_rate_pence > 0", name=op.f("ck_rate_day_rate_above_nothing")),
        sa.CheckConstraint("level BETWEEN 1 AND 7", name=op.f("ck_rate_level_one_to_seven")),
        sa.ForeignKeyConstraint(
            ["rate_card_id"], ["rate_card.id"], name=op.f("fk_rate_rate_card_id_rate_card")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate")),
        sa.UniqueConstraint("rate_card_id", "role", "level", name=op.f("uq_rate_rate_card_id_role_level")),
    )
    op.create_index(op.f("ix_rate_rate_card_id"), "rate", ["rate_card_id"], unique=False)


def downgrade() -> None:
    op.drop_table("rate")
    op.drop_table("rate_card")
    op.drop_table("appointment")
    op.drop_table("lot")
    op.drop_table("evidence")
