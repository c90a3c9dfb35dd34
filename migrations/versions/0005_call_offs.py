"""Call-offs with their options, decisions, variations and signatures."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "call_off",
        sa.Column("reserved_pence", sa.BigInteger(), nullable=False),
        sa.Column("committed_pence", sa.BigInteger(), nullable=False),
        sa.Column("invoiced_pence", sa.BigInteger(), nullable=False),
        sa.Column("paid_pence", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("exemption_reason", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("background", sqlmodel.sql.sqltypes.AutoString(length=40000), nullable=False),
        sa.Column("outcome_wanted", sqlmodel.sql.sqltypes.AutoString(length=40000), nullable=False),
        sa.Column("in_scope", sqlmodel.sql.sqltypes.AutoString(length=40000), nullable=False),
        sa.Column("out_of_scope", sqlmodel.sql.sqltypes.AutoString(length=40000), nullable=False),
        sa.Column("standards", sqlmodel.sql.sqltypes.AutoString(length=8000), nullable=False),
        sa.Column("location", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("working_hours", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("dependencies", sqlmodel.sql.sqltypes.AutoString(length=8000), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("base_net_pence", sa.BigInteger(), nullable=True),
        sa.Column("expenses_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("options_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("value_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("approved_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("vat_rate_bp", sa.Integer(), nullable=False),
        sa.Column(
            "charging_method",
            sa.Enum(
                "fixed",
                "milestone",
                "capped_time_and_materials",
                "time_and_materials",
                name="chargingmethod",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("expenses_policy", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("indexation", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column(
            "off_payroll",
            sa.Enum("contracted_out", "resource", name="offpayroll", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("special_terms", sqlmodel.sql.sqltypes.AutoString(length=8000), nullable=False),
        sa.Column("special_terms_confirmed", sa.Boolean(), nullable=False),
        sa.Column("break_notice_days", sa.Integer(), nullable=False),
        sa.Column("supplier_notice_days", sa.Integer(), nullable=False),
        sa.Column("acceptance_days", sa.Integer(), nullable=False),
        sa.Column("invoice_frequency", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("purchase_order", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("cost_centre", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("conflicts_declared", sa.Boolean(), nullable=False),
        sa.Column("representative", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("submissions", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("returned_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("rejected_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("approved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("approval_valid_until", sa.Date(), nullable=True),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("offered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("offer_deadline_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("accepted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("price_approved_net_pence", sa.BigInteger(), nullable=True),
        sa.Column("price_approval_asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("awarded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("awarded_by_id", sa.Integer(), nullable=True),
        sa.Column("award_reason", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("buyer_signed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("partner_signed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("signed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("award_withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("suspended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("terminated_on", sa.Date(), nullable=True),
        sa.Column("cancelled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("finance_agreed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("finance_agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("outcome_rating", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.CheckConstraint("committed_pence >= 0", name=op.f("ck_call_off_committed_not_negative")),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on",
            name=op.f("ck_call_off_starts_before_end"),
        ),
        sa.CheckConstraint("invoiced_pence >= 0", name=op.f("ck_call_off_invoiced_not_negative")),
        sa.CheckConstraint("paid_pence >= 0", name=op.f("ck_call_off_paid_not_negative")),
        sa.CheckConstraint("reserved_pence >= 0", name=op.f("ck_call_off_reserved_not_negative")),
        sa.CheckConstraint(
            "value_net_pence >= 0 AND expenses_net_pence >= 0", name=op.f("ck_call_off_values_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["framework_agreement.id"],
            name=op.f("fk_call_off_agreement_id_framework_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_call_off_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(["authority_id"], ["party.id"], name=op.f("fk_call_off_authority_id_party")),
        sa.ForeignKeyConstraint(
            ["awarded_by_id"], ["person.id"], name=op.f("fk_call_off_awarded_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["business_case.id"], name=op.f("fk_call_off_case_id_business_case")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_call_off_changed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_call_off_drafted_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["finance_agreed_by_id"], ["person.id"], name=op.f("fk_call_off_finance_agreed_by_id_person")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_call_off_lot_id_lot")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_call_off_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["person.id"], name=op.f("fk_call_off_submitted_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_off")),
        sa.UniqueConstraint("reference", name=op.f("uq_call_off_reference")),
    )
    op.create_index("ix_call_off_agreement_id_id", "call_off", ["agreement_id", "id"], unique=False)
    op.create_index(op.f("ix_call_off_appointment_id"), "call_off", ["appointment_id"], unique=False)
    op.create_index("ix_call_off_authority_id_id", "call_off", ["authority_id", "id"], unique=False)
    op.create_index(op.f("ix_call_off_case_id"), "call_off", ["case_id"], unique=False)
    op.create_index(
        "ix_call_off_ending",
        "call_off",
        ["ends_on"],
        unique=False,
        sqlite_where=sa.text("signed_at IS NOT NULL AND closed_at IS NULL AND terminated_on IS NULL"),
        postgresql_where=sa.text("signed_at IS NOT NULL AND closed_at IS NULL AND terminated_on IS NULL"),
    )
    op.create_index("ix_call_off_lot_id_id", "call_off", ["lot_id", "id"], unique=False)
    op.create_index(op.f("ix_call_off_owner_id"), "call_off", ["owner_id"], unique=False)
    op.create_index(
        "ix_call_off_partner_to_sign",
        "call_off",
        ["appointment_id", "awarded_at"],
        unique=False,
        sqlite_where=sa.text(
            "awarded_at IS NOT NULL AND signed_at IS NULL AND award_withdrawn_at IS NULL AND cancelled_at IS NULL"
        ),
        postgresql_where=sa.text(
            "awarded_at IS NOT NULL AND signed_at IS NULL AND award_withdrawn_at IS NULL AND cancelled_at IS NULL"
        ),
    )
    op.create_index(
        "ix_call_off_run_out",
        "call_off",
        ["approval_valid_until"],
        unique=False,
        sqlite_where=sa.text("reserved_pence > 0 AND awarded_at IS NULL"),
        postgresql_where=sa.text("reserved_pence > 0 AND awarded_at IS NULL"),
    )
    op.create_index(
        "ix_call_off_running",
        "call_off",
        ["authority_id", "ends_on"],
        unique=False,
        sqlite_where=sa.text("signed_at IS NOT NULL AND closed_at IS NULL"),
        postgresql_where=sa.text("signed_at IS NOT NULL AND closed_at IS NULL"),
    )
    op.create_index(
        "ix_call_off_to_award",
        "call_off",
        ["owner_id"],
        unique=False,
        sqlite_where=sa.text("accepted_at IS NOT NULL AND awarded_at IS NULL AND cancelled_at IS NULL"),
        postgresql_where=sa.text("accepted_at IS NOT NULL AND awarded_at IS NULL AND cancelled_at IS NULL"),
    )
    op.create_index(
        "ix_call_off_to_sign",
        "call_off",
        ["authority_id", "awarded_at"],
        unique=False,
        sqlite_where=sa.text(
            "awarded_at IS NOT NULL AND signed_at IS NULL AND award_withdrawn_at IS NULL AND cancelled_at IS NULL"
        ),
        postgresql_where=sa.text(
            "awarded_at IS NOT NULL AND signed_at IS NULL AND award_withdrawn_at IS NULL AND cancelled_at IS NULL"
        ),
    )
    op.create_index(
        "ix_call_off_undecided",
        "call_off",
        ["authority_id", "submitted_at"],
        unique=False,
        sqlite_where=sa.text("submitted_at IS NOT NULL AND approved_at IS NULL AND cancelled_at IS NULL"),
        postgresql_where=sa.text("submitted_at IS NOT NULL AND approved_at IS NULL AND cancelled_at IS NULL"),
    )
    op.create_index(
        "ix_call_off_unpriced",
        "call_off",
        ["authority_id", "price_approval_asked_at"],
        unique=False,
        sqlite_where=sa.text(
            "price_approval_asked_at IS NOT NULL AND price_approved_net_pence IS NULL AND awarded_at IS NULL"
        ),
        postgresql_where=sa.text(
            "price_approval_asked_at IS NOT NULL AND price_approved_net_pence IS NULL AND awarded_at IS NULL"
        ),
    )
    op.create_table(
        "call_off_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column("stage", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("value_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("conditions", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("limit_net_pence", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_call_off_decision_call_off_id_call_off")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_call_off_decision_decided_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_off_decision")),
    )
    op.create_index(
        op.f("ix_call_off_decision_call_off_id"), "call_off_decision", ["call_off_id"], unique=False
    )
    op.create_table(
        "call_off_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("notice_days", sa.Integer(), nullable=False),
        sa.Column("price_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "months BETWEEN 1 AND 60 AND notice_days >= 0 AND price_net_pence >= 0",
            name=op.f("ck_call_off_option_sensible"),
        ),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_call_off_option_call_off_id_call_off")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_off_option")),
        sa.UniqueConstraint("call_off_id", "number", name=op.f("uq_call_off_option_call_off_id_number")),
    )
    op.create_index(op.f("ix_call_off_option_call_off_id"), "call_off_option", ["call_off_id"], unique=False)
    op.create_table(
        "signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("document_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("side", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("authority", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("method", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("signed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_signature_call_off_id_call_off")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["stored_document.id"], name=op.f("fk_signature_document_id_stored_document")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_signature_party_id_party")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signature_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("call_off_id", "side", name=op.f("uq_signature_call_off_id_side")),
    )
    op.create_index(op.f("ix_signature_call_off_id"), "signature", ["call_off_id"], unique=False)
    op.create_table(
        "variation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("ground", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("old_value_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("new_value_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("old_ends_on", sa.Date(), nullable=False),
        sa.Column("new_ends_on", sa.Date(), nullable=False),
        sa.Column("proposed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("refused_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("agreed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "new_value_net_pence >= 0 AND old_value_net_pence >= 0",
            name=op.f("ck_variation_values_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["person.id"], name=op.f("fk_variation_agreed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_variation_call_off_id_call_off")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_variation_proposed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variation")),
        sa.UniqueConstraint("call_off_id", "number", name=op.f("uq_variation_call_off_id_number")),
    )
    op.create_index(op.f("ix_variation_call_off_id"), "variation", ["call_off_id"], unique=False)


def downgrade() -> None:
    op.drop_table("variation")
    op.drop_table("signature")
    op.drop_table("call_off_option")
    op.drop_table("call_off_decision")
    op.drop_table("call_off")
