"""Business cases with their lines and decisions."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "business_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invest_to_save",
                "statutory",
                "risk_or_end_of_life",
                "service_improvement",
                "self_evident",
                name="casetype",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("need", sqlmodel.sql.sqltypes.AutoString(length=8000), nullable=False),
        sa.Column("baseline", sqlmodel.sql.sqltypes.AutoString(length=8000), nullable=False),
        sa.Column("options", sqlmodel.sql.sqltypes.AutoString(length=8000), nullable=False),
        sa.Column("risks", sqlmodel.sql.sqltypes.AutoString(length=8000), nullable=False),
        sa.Column("self_evident_reason", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("submitted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("requested_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("approved_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("used_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "requested_net_pence >= 0 AND approved_net_pence >= 0",
            name=op.f("ck_business_case_amounts_not_negative"),
        ),
        sa.CheckConstraint(
            "used_net_pence <= approved_net_pence", name=op.f("ck_business_case_within_approval")
        ),
        sa.CheckConstraint("used_net_pence >= 0", name=op.f("ck_business_case_used_not_negative")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_business_case_author_id_person")),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["party.id"], name=op.f("fk_business_case_authority_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_business_case_changed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["person.id"], name=op.f("fk_business_case_submitted_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_case")),
        sa.UniqueConstraint("reference", name=op.f("uq_business_case_reference")),
    )
    op.create_index(
        "ix_business_case_author_outcome", "business_case", ["author_id", "outcome", "id"], unique=False
    )
    op.create_index(
        "ix_business_case_authority_newest", "business_case", ["authority_id", "id"], unique=False
    )
    op.create_index(
        "ix_business_case_authority_outcome", "business_case", ["authority_id", "outcome", "id"], unique=False
    )
    op.create_index(
        "ix_business_case_something_left",
        "business_case",
        ["authority_id", "outcome", "id"],
        unique=False,
        sqlite_where=sa.text("used_net_pence < approved_net_pence"),
        postgresql_where=sa.text("used_net_pence < approved_net_pence"),
    )
    op.create_index(
        "ix_business_case_waiting",
        "business_case",
        ["authority_id", "submitted_at"],
        unique=False,
        sqlite_where=sa.text("submitted_at IS NOT NULL AND outcome IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("submitted_at IS NOT NULL AND outcome IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "case_benefit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("owner", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("measure", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("is_cashable", sa.Boolean(), nullable=False),
        sa.Column("yearly_pence", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["business_case.id"], name=op.f("fk_case_benefit_case_id_business_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_benefit")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_case_benefit_case_id_number")),
    )
    op.create_index(op.f("ix_case_benefit_case_id"), "case_benefit", ["case_id"], unique=False)
    op.create_table(
        "case_cost",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("one_off_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("recurring_net_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "one_off_net_pence >= 0 AND recurring_net_pence >= 0",
            name=op.f("ck_case_cost_costs_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["business_case.id"], name=op.f("fk_case_cost_case_id_business_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_cost")),
        sa.UniqueConstraint("case_id", "year", name=op.f("uq_case_cost_case_id_year")),
    )
    op.create_index(op.f("ix_case_cost_case_id"), "case_cost", ["case_id"], unique=False)
    op.create_table(
        "case_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("amount_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("conditions", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("limit_net_pence", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["business_case.id"], name=op.f("fk_case_decision_case_id_business_case")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_case_decision_decided_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_decision")),
    )
    op.create_index(op.f("ix_case_decision_case_id"), "case_decision", ["case_id"], unique=False)
    op.create_table(
        "case_funding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("cost_code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("amount_net_pence", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount_net_pence > 0", name=op.f("ck_case_funding_amount_above_nothing")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["business_case.id"], name=op.f("fk_case_funding_case_id_business_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_funding")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_case_funding_case_id_number")),
    )
    op.create_index(op.f("ix_case_funding_case_id"), "case_funding", ["case_id"], unique=False)


def downgrade() -> None:
    op.drop_table("case_funding")
    op.drop_table("case_decision")
    op.drop_table("case_cost")
    op.drop_table("case_benefit")
    op.drop_table("business_case")
