"""Offers and their answers, invoices, payments and the ledger."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "checked_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("good_rows", sa.Integer(), nullable=False),
        sa.Column("good_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("confirmed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_checked_file_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checked_file")),
    )
    op.create_index(op.f("ix_checked_file_owner_id"), "checked_file", ["owner_id"], unique=False)
    op.create_table(
        "invoice_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_kept", sa.Integer(), nullable=False),
        sa.Column("net_pence", sa.BigInteger(), nullable=False),
        sa.Column("imported_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["party.id"], name=op.f("fk_invoice_import_authority_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["person.id"], name=op.f("fk_invoice_import_imported_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_import")),
    )
    op.create_index(op.f("ix_invoice_import_authority_id"), "invoice_import", ["authority_id"], unique=False)
    op.create_table(
        "invoice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("net_pence", sa.BigInteger(), nullable=False),
        sa.Column("vat_pence", sa.BigInteger(), nullable=False),
        sa.Column("gross_pence", sa.BigInteger(), nullable=False),
        sa.Column("paid_gross_pence", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("without_purchase_order", sa.Boolean(), nullable=False),
        sa.CheckConstraint("gross_pence <> 0", name=op.f("ck_invoice_not_nothing")),
        sa.CheckConstraint("net_pence + vat_pence = gross_pence", name=op.f("ck_invoice_adds_up")),
        sa.ForeignKeyConstraint(["authority_id"], ["party.id"], name=op.f("fk_invoice_authority_id_party")),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_invoice_call_off_id_call_off")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["invoice_import.id"], name=op.f("fk_invoice_import_id_invoice_import")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_invoice_recorded_by_id_person")
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["party.id"], name=op.f("fk_invoice_supplier_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("supplier_id", "number", name=op.f("uq_invoice_supplier_id_number")),
    )
    op.create_index(op.f("ix_invoice_authority_id"), "invoice", ["authority_id"], unique=False)
    op.create_index("ix_invoice_authority_id_id", "invoice", ["authority_id", "id"], unique=False)
    op.create_index(op.f("ix_invoice_call_off_id"), "invoice", ["call_off_id"], unique=False)
    op.create_index(op.f("ix_invoice_import_id"), "invoice", ["import_id"], unique=False)
    op.create_index(op.f("ix_invoice_supplier_id"), "invoice", ["supplier_id"], unique=False)
    op.create_index(
        "ix_invoice_unpaid",
        "invoice",
        ["authority_id", "due_on"],
        unique=False,
        sqlite_where=sa.text("gross_pence > paid_gross_pence"),
        postgresql_where=sa.text("gross_pence > paid_gross_pence"),
    )
    op.create_index(
        "ix_invoice_without_order",
        "invoice",
        ["authority_id", "id"],
        unique=False,
        sqlite_where=sa.text("without_purchase_order = 1"),
        postgresql_where=sa.text("without_purchase_order"),
    )
    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=48), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("rate_card_id", sa.Integer(), nullable=False),
        sa.Column("route", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("message", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("offered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=False),
        sa.Column("deadline_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("accepted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("declined_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("decline_reason", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("withdraw_reason", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("price_net_pence", sa.BigInteger(), nullable=True),
        sa.Column("approach", sqlmodel.sql.sqltypes.AutoString(length=20000), nullable=False),
        sa.Column("draft", sqlmodel.sql.sqltypes.AutoString(length=100000), nullable=False),
        sa.CheckConstraint(
            "price_net_pence IS NULL OR price_net_pence > 0", name=op.f("ck_offer_price_above_nothing")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_offer_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_offer_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(["call_off_id"], ["call_off.id"], name=op.f("fk_offer_call_off_id_call_off")),
        sa.ForeignKeyConstraint(["offered_by_id"], ["person.id"], name=op.f("fk_offer_offered_by_id_person")),
        sa.ForeignKeyConstraint(
            ["rate_card_id"], ["rate_card.id"], name=op.f("fk_offer_rate_card_id_rate_card")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("call_off_id", "number", name=op.f("uq_offer_call_off_id_number")),
        sa.UniqueConstraint("reference", name=op.f("uq_offer_reference")),
    )
    op.create_index(op.f("ix_offer_appointment_id"), "offer", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_offer_call_off_id"), "offer", ["call_off_id"], unique=False)
    op.create_table(
        "deliverable",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("criteria", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("owner", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("payment_net_pence", sa.BigInteger(), nullable=True),
        sa.Column("accepted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("waived_reason", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["person.id"], name=op.f("fk_deliverable_accepted_by_id_person")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_deliverable_offer_id_offer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliverable")),
        sa.UniqueConstraint("offer_id", "number", name=op.f("uq_deliverable_offer_id_number")),
    )
    op.create_index(op.f("ix_deliverable_offer_id"), "deliverable", ["offer_id"], unique=False)
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("posted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reservation",
                "commitment",
                "invoice",
                "payment",
                name="entrykind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("net_pence", sa.BigInteger(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("invoice_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "amount_pence <> 0 OR net_pence <> 0", name=op.f("ck_ledger_entry_amount_not_nothing")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_ledger_entry_actor_id_person")),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["framework_agreement.id"],
            name=op.f("fk_ledger_entry_agreement_id_framework_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_ledger_entry_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["party.id"], name=op.f("fk_ledger_entry_authority_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_ledger_entry_call_off_id_call_off")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["business_case.id"], name=op.f("fk_ledger_entry_case_id_business_case")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_ledger_entry_invoice_id_invoice")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_ledger_entry_lot_id_lot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
    )
    op.create_index(op.f("ix_ledger_entry_agreement_id"), "ledger_entry", ["agreement_id"], unique=False)
    op.create_index(
        "ix_ledger_entry_agreement_id_posted_at", "ledger_entry", ["agreement_id", "posted_at"], unique=False
    )
    op.create_index(op.f("ix_ledger_entry_appointment_id"), "ledger_entry", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_ledger_entry_call_off_id"), "ledger_entry", ["call_off_id"], unique=False)
    op.create_index(op.f("ix_ledger_entry_case_id"), "ledger_entry", ["case_id"], unique=False)
    op.create_index(op.f("ix_ledger_entry_invoice_id"), "ledger_entry", ["invoice_id"], unique=False)
    op.create_index(op.f("ix_ledger_entry_lot_id"), "ledger_entry", ["lot_id"], unique=False)
    op.create_table(
        "offered_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("day_rate_pence", sa.BigInteger(), nullable=False),
        sa.Column("quarter_days", sa.Integer(), nullable=False),
        sa.Column("is_key", sa.Boolean(), nullable=False),
        sa.Column("clearance", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.CheckConstraint(
            "day_rate_pence > 0 AND quarter_days > 0", name=op.f("ck_offered_person_work_above_nothing")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offered_person_offer_id_offer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offered_person")),
        sa.UniqueConstraint("offer_id", "number", name=op.f("uq_offered_person_offer_id_number")),
    )
    op.create_index(op.f("ix_offered_person_offer_id"), "offered_person", ["offer_id"], unique=False)
    op.create_table(
        "offered_skill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("skill", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column(
            "depth",
            sa.Enum(
                "awareness", "working", "practitioner", "expert", name="depth", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offered_skill_offer_id_offer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offered_skill")),
        sa.UniqueConstraint("offer_id", "number", name=op.f("uq_offered_skill_offer_id_number")),
    )
    op.create_index(op.f("ix_offered_skill_offer_id"), "offered_skill", ["offer_id"], unique=False)
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("gross_pence", sa.BigInteger(), nullable=False),
        sa.Column("net_pence", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_payment_invoice_id_invoice")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_payment_recorded_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    op.create_index(op.f("ix_payment_invoice_id"), "payment", ["invoice_id"], unique=False)


def downgrade() -> None:
    op.drop_table("payment")
    op.drop_table("offered_skill")
    op.drop_table("offered_person")
    op.drop_table("ledger_entry")
    op.drop_table("deliverable")
    op.drop_table("offer")
    op.drop_table("invoice")
    op.drop_table("invoice_import")
    op.drop_table("checked_file")
