"""Framework agreements with their members and options."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "framework_agreement",
        sa.Column("reserved_pence", sa.BigInteger(), nullable=False),
        sa.Column("committed_pence", sa.BigInteger(), nullable=False),
        sa.Column("invoiced_pence", sa.BigInteger(), nullable=False),
        sa.Column("paid_pence", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("lead_authority_id", sa.Integer(), nullable=False),
        sa.Column(
            "regime",
            sa.Enum("pcr2015", "pa2023", name="regime", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("commenced_on", sa.Date(), nullable=True),
        sa.Column("is_light_touch", sa.Boolean(), nullable=False),
        sa.Column("is_open_framework", sa.Boolean(), nullable=False),
        sa.Column("first_awarded_on", sa.Date(), nullable=True),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("price_mechanism", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("selection_process", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("fee_bp", sa.Integer(), nullable=True),
        sa.Column("long_term_reason", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("notice_identifier", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("ocid", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("original_ends_on", sa.Date(), nullable=False),
        sa.Column("governance_days", sa.Integer(), nullable=False),
        sa.Column("ceiling_pence", sa.BigInteger(), nullable=True),
        sa.Column(
            "basis", sa.Enum("net", "gross", name="basis", native_enum=False, length=32), nullable=False
        ),
        sa.Column("vat_rate_bp", sa.Integer(), nullable=False),
        sa.Column("is_shared_pool", sa.Boolean(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("suspended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("suspended_why", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("lessons", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("cancelled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("recorded_as_past", sa.Boolean(), nullable=False),
        sa.Column("past_note", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "ceiling_pence IS NULL OR ceiling_pence > 0",
            name=op.f("ck_framework_agreement_ceiling_above_nothing"),
        ),
        sa.CheckConstraint(
            "committed_pence >= 0", name=op.f("ck_framework_agreement_committed_not_negative")
        ),
        sa.CheckConstraint("invoiced_pence >= 0", name=op.f("ck_framework_agreement_invoiced_not_negative")),
        sa.CheckConstraint("paid_pence >= 0", name=op.f("ck_framework_agreement_paid_not_negative")),
        sa.CheckConstraint(
            "recorded_as_past OR ceiling_pence IS NOT NULL", name=op.f("ck_framework_agreement_ceiling_known")
        ),
        sa.CheckConstraint(
            "reserved_pence + committed_pence <= COALESCE(ceiling_pence, 0)",
            name=op.f("ck_framework_agreement_within_ceiling"),
        ),
        sa.CheckConstraint("reserved_pence >= 0", name=op.f("ck_framework_agreement_reserved_not_negative")),
        sa.CheckConstraint(
            "starts_on IS NULL OR starts_on <= ends_on", name=op.f("ck_framework_agreement_starts_before_end")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_framework_agreement_confirmed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_framework_agreement_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["stored_document.id"],
            name=op.f("fk_framework_agreement_document_id_stored_document"),
        ),
        sa.ForeignKeyConstraint(
            ["lead_authority_id"], ["party.id"], name=op.f("fk_framework_agreement_lead_authority_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["person.id"], name=op.f("fk_framework_agreement_submitted_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_agreement")),
        sa.UniqueConstraint("reference", name=op.f("uq_framework_agreement_reference")),
    )
    op.create_index(
        op.f("ix_framework_agreement_lead_authority_id"),
        "framework_agreement",
        ["lead_authority_id"],
        unique=False,
    )
    op.create_table(
        "extension_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("notice_months", sa.Integer(), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("ended_before", sa.Date(), nullable=True),
        sa.Column("use_published", sa.Boolean(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("proposed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("late_reason", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("partner_agreement", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("longer_reason", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.CheckConstraint("months BETWEEN 1 AND 96", name=op.f("ck_extension_option_months_sensible")),
        sa.CheckConstraint(
            "notice_months >= 0 AND notice_days >= 0", name=op.f("ck_extension_option_notice_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["framework_agreement.id"],
            name=op.f("fk_extension_option_agreement_id_framework_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_extension_option_proposed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_option")),
        sa.UniqueConstraint("agreement_id", "number", name=op.f("uq_extension_option_agreement_id_number")),
    )
    op.create_index(
        op.f("ix_extension_option_agreement_id"), "extension_option", ["agreement_id"], unique=False
    )
    op.create_table(
        "member_authority",
        sa.Column("reserved_pence", sa.BigInteger(), nullable=False),
        sa.Column("committed_pence", sa.BigInteger(), nullable=False),
        sa.Column("invoiced_pence", sa.BigInteger(), nullable=False),
        sa.Column("paid_pence", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("joins_on", sa.Date(), nullable=True),
        sa.Column("leaves_on", sa.Date(), nullable=True),
        sa.Column("allocation_pence", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "allocation_pence IS NULL OR allocation_pence > 0",
            name=op.f("ck_member_authority_allocation_above_nothing"),
        ),
        sa.CheckConstraint(
            "allocation_pence IS NULL OR reserved_pence + committed_pence <= allocation_pence",
            name=op.f("ck_member_authority_within_allocation"),
        ),
        sa.CheckConstraint("committed_pence >= 0", name=op.f("ck_member_authority_committed_not_negative")),
        sa.CheckConstraint("invoiced_pence >= 0", name=op.f("ck_member_authority_invoiced_not_negative")),
        sa.CheckConstraint("paid_pence >= 0", name=op.f("ck_member_authority_paid_not_negative")),
        sa.CheckConstraint("reserved_pence >= 0", name=op.f("ck_member_authority_reserved_not_negative")),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["framework_agreement.id"],
            name=op.f("fk_member_authority_agreement_id_framework_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["party.id"], name=op.f("fk_member_authority_authority_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_authority")),
        sa.UniqueConstraint(
            "agreement_id", "authority_id", name=op.f("uq_member_authority_agreement_id_authority_id")
        ),
    )
    op.create_index(
        op.f("ix_member_authority_agreement_id"), "member_authority", ["agreement_id"], unique=False
    )
    op.create_index(
        op.f("ix_member_authority_authority_id"), "member_authority", ["authority_id"], unique=False
    )
    op.create_table(
        "extension_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["party.id"], name=op.f("fk_extension_decision_authority_id_party")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_extension_decision_by_id_person")),
        sa.ForeignKeyConstraint(
            ["option_id"],
            ["extension_option.id"],
            name=op.f("fk_extension_decision_option_id_extension_option"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_decision")),
        sa.UniqueConstraint(
            "option_id", "authority_id", name=op.f("uq_extension_decision_option_id_authority_id")
        ),
    )
    op.create_index(
        op.f("ix_extension_decision_option_id"), "extension_decision", ["option_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("extension_decision")
    op.drop_table("member_authority")
    op.drop_table("extension_option")
    op.drop_table("framework_agreement")
