"""What councils plan, and what partners promise."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0012"
down_revision = "0011"


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def upgrade() -> None:
    op.create_table(
        "follow",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("about", AutoString(length=24), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_follow_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
        sa.UniqueConstraint("person_id", "about", name=op.f("uq_follow_person_id_about")),
    )
    op.create_table(
        "pipeline_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("title", AutoString(length=200), nullable=False),
        sa.Column("what", AutoString(length=4000), nullable=False),
        sa.Column("why", AutoString(length=4000), nullable=False),
        sa.Column("asked_from", sa.Date(), nullable=True),
        sa.Column("asked_until", sa.Date(), nullable=True),
        sa.Column("starts_from", sa.Date(), nullable=False),
        sa.Column("starts_until", sa.Date(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("band", AutoString(length=20), nullable=False),
        sa.Column(
            "stage",
            _one_of("stage", "idea", "planned", "prepared", "requested", "dropped"),
            nullable=False,
        ),
        sa.Column("unsettled", AutoString(length=2000), nullable=False),
        sa.Column("contact_role", AutoString(length=120), nullable=False),
        sa.Column("is_agreement_wide", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("shared_at", UTCDateTime(), nullable=True),
        sa.Column("shared_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("dropped_why", AutoString(length=1000), nullable=False),
        sa.CheckConstraint(
            "(asked_from IS NULL) = (asked_until IS NULL)", name=op.f("ck_pipeline_item_asking_whole")
        ),
        sa.CheckConstraint("starts_from <= starts_until", name=op.f("ck_pipeline_item_start_in_order")),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["framework_agreement.id"],
            name=op.f("fk_pipeline_item_agreement_id_framework_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["party.id"], name=op.f("fk_pipeline_item_authority_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_pipeline_item_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_pipeline_item_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["shared_by_id"], ["person.id"], name=op.f("fk_pipeline_item_shared_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline_item")),
    )
    with op.batch_alter_table("pipeline_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pipeline_item_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pipeline_item_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pipeline_item_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "vision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=True),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("about", AutoString(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", AutoString(length=8000), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("replaced_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["framework_agreement.id"],
            name=op.f("fk_vision_agreement_id_framework_agreement"),
        ),
        sa.ForeignKeyConstraint(["authority_id"], ["party.id"], name=op.f("fk_vision_authority_id_party")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_vision_changed_by_id_person")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_vision_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["person.id"], name=op.f("fk_vision_published_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vision")),
        sa.UniqueConstraint(
            "about", "authority_id", "number", name=op.f("uq_vision_about_authority_id_number")
        ),
    )
    with op.batch_alter_table("vision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vision_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_vision_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_vision_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "intended_outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words", AutoString(length=500), nullable=False),
        sa.Column("by_on", sa.Date(), nullable=False),
        sa.Column("known_by", AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["vision_id"], ["vision.id"], name=op.f("fk_intended_outcome_vision_id_vision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intended_outcome")),
        sa.UniqueConstraint("vision_id", "position", name=op.f("uq_intended_outcome_vision_id_position")),
    )
    with op.batch_alter_table("intended_outcome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intended_outcome_vision_id"), ["vision_id"], unique=False)

    op.create_table(
        "pipeline_news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column(
            "kind",
            _one_of("newskind", "shared", "changed", "note", "requested", "dropped"),
            nullable=False,
        ),
        sa.Column("words", AutoString(length=4000), nullable=False),
        sa.Column("changed", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["pipeline_item.id"], name=op.f("fk_pipeline_news_item_id_pipeline_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline_news")),
    )
    with op.batch_alter_table("pipeline_news", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pipeline_news_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_pipeline_news_item_id"), ["item_id"], unique=False)

    op.create_table(
        "promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("agreed_number", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("waits_for", AutoString(length=20), nullable=False),
        sa.CheckConstraint("confirmed >= 0", name=op.f("ck_promise_confirmed_not_negative")),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["framework_agreement.id"],
            name=op.f("fk_promise_agreement_id_framework_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_promise_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(["authority_id"], ["party.id"], name=op.f("fk_promise_authority_id_party")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_promise_lot_id_lot")),
        sa.ForeignKeyConstraint(["supplier_id"], ["party.id"], name=op.f("fk_promise_supplier_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promise_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_promise_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_promise_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(
            "ix_promise_due",
            ["due_on"],
            unique=False,
            sqlite_where=sa.text("due_on IS NOT NULL AND withdrawn_at IS NULL AND confirmed < amount"),
            postgresql_where=sa.text("due_on IS NOT NULL AND withdrawn_at IS NULL AND confirmed < amount"),
        )
        batch_op.create_index(batch_op.f("ix_promise_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_promise_supplier_id"), ["supplier_id"], unique=False)
        batch_op.create_index(
            "ix_promise_waiting",
            ["authority_id"],
            unique=False,
            sqlite_where=sa.text("waits_for <> ''"),
            postgresql_where=sa.text("waits_for <> ''"),
        )

    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("title", AutoString(length=200), nullable=False),
        sa.Column("words", AutoString(length=8000), nullable=False),
        sa.Column("who", AutoString(length=2000), nullable=False),
        sa.Column("band", AutoString(length=20), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("lead_reads", sa.Boolean(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_proposal_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["pipeline_item.id"], name=op.f("fk_proposal_item_id_pipeline_item")
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["party.id"], name=op.f("fk_proposal_supplier_id_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_supplier_id"), ["supplier_id"], unique=False)
        batch_op.create_index(
            "ix_proposal_waiting",
            ["item_id"],
            unique=False,
            sqlite_where=sa.text("waits"),
            postgresql_where=sa.text("waits"),
        )

    op.create_table(
        "planned_call_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_planned_call_off_call_off_id_call_off")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["pipeline_item.id"], name=op.f("fk_planned_call_off_item_id_pipeline_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_call_off")),
        sa.UniqueConstraint("call_off_id", name=op.f("uq_planned_call_off_call_off_id")),
        sa.UniqueConstraint("item_id", name=op.f("uq_planned_call_off_item_id")),
    )
    op.create_table(
        "promise_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        sa.Column("words", AutoString(length=4000), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("told_at", UTCDateTime(), nullable=False),
        sa.Column("told_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("why", AutoString(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_promise_delivery_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["stored_document.id"],
            name=op.f("fk_promise_delivery_document_id_stored_document"),
        ),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promise.id"], name=op.f("fk_promise_delivery_promise_id_promise")
        ),
        sa.ForeignKeyConstraint(
            ["told_by_id"], ["person.id"], name=op.f("fk_promise_delivery_told_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_delivery")),
    )
    with op.batch_alter_table("promise_delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promise_delivery_promise_id"), ["promise_id"], unique=False)

    op.create_table(
        "promise_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _one_of(
                "promisekind",
                "apprentice_days",
                "work_experience",
                "events",
                "staff_training",
                "skills_transfer",
                "carbon",
                "other",
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", AutoString(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("words", AutoString(length=4000), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=True),
        sa.Column("skill", AutoString(length=200), nullable=False),
        sa.Column("offered_at", UTCDateTime(), nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("why", AutoString(length=1000), nullable=False),
        sa.Column("reply", AutoString(length=1000), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_promise_version_amount_above_nothing")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_promise_version_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["offered_by_id"], ["person.id"], name=op.f("fk_promise_version_offered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promise.id"], name=op.f("fk_promise_version_promise_id_promise")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_version")),
        sa.UniqueConstraint("promise_id", "number", name=op.f("uq_promise_version_promise_id_number")),
    )
    with op.batch_alter_table("promise_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promise_version_promise_id"), ["promise_id"], unique=False)

    op.create_table(
        "promised_call_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_promised_call_off_call_off_id_call_off")
        ),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promise.id"], name=op.f("fk_promised_call_off_promise_id_promise")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promised_call_off")),
        sa.UniqueConstraint("promise_id", name=op.f("uq_promised_call_off_promise_id")),
    )
    with op.batch_alter_table("promised_call_off", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promised_call_off_call_off_id"), ["call_off_id"], unique=False)

    op.create_table(
        "proposal_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column(
            "reply",
            _one_of("reply", "thanks", "more", "not_now"),
            nullable=True,
        ),
        sa.Column("words", AutoString(length=4000), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_proposal_word_by_id_person")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_word_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_word")),
    )
    with op.batch_alter_table("proposal_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_word_proposal_id"), ["proposal_id"], unique=False)


def downgrade() -> None:
    # Their indexes go with them.
    for table in (
        "proposal_word",
        "promised_call_off",
        "promise_version",
        "promise_delivery",
        "planned_call_off",
        "proposal",
        "promise",
        "pipeline_news",
        "intended_outcome",
        "vision",
        "pipeline_item",
        "follow",
    ):
        op.drop_table(table)
