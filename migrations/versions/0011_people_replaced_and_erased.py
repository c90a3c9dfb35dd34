"""Substitutes on call-offs, and the skills that a lot is expected to supply."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    promised = "awarded_at IS NOT NULL AND award_withdrawn_at IS NULL AND closed_at IS NULL"
    op.create_index(
        "ix_call_off_promised",
        "call_off",
        ["appointment_id"],
        unique=False,
        sqlite_where=sa.text(promised),
        postgresql_where=sa.text(promised),
    )
    op.create_table(
        "lot_skill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("skill", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_lot_skill_added_by_id_person")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_skill_lot_id_lot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_skill")),
        sa.UniqueConstraint("lot_id", "key", name=op.f("uq_lot_skill_lot_id_key")),
    )
    with op.batch_alter_table("lot_skill", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_skill_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "substitution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("leaving_person_id", sa.Integer(), nullable=True),
        sa.Column("leaving_substitution_id", sa.Integer(), nullable=True),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=True),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column(
            "clearance",
            sa.Enum("none", "bpss", "sc", "dv", name="clearance", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("day_rate_pence", sa.BigInteger(), nullable=False),
        sa.Column("quarter_days", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("like_for_like", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("difference", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("proposed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("consented_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("refused_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("erased_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(leaving_person_id IS NULL) <> (leaving_substitution_id IS NULL)",
            name=op.f("ck_substitution_one_leaves"),
        ),
        sa.CheckConstraint(
            "day_rate_pence > 0 AND quarter_days > 0", name=op.f("ck_substitution_work_above_nothing")
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 7", name=op.f("ck_substitution_level_one_to_seven")),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_substitution_call_off_id_call_off")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_substitution_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["leaving_person_id"],
            ["offered_person.id"],
            name=op.f("fk_substitution_leaving_person_id_offered_person"),
        ),
        sa.ForeignKeyConstraint(
            ["leaving_substitution_id"],
            ["substitution.id"],
            name=op.f("fk_substitution_leaving_substitution_id_substitution"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_substitution_proposed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
        sa.UniqueConstraint("call_off_id", "number", name=op.f("uq_substitution_call_off_id_number")),
    )
    with op.batch_alter_table("substitution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_substitution_call_off_id"), ["call_off_id"], unique=False)
        batch_op.create_index(
            "ix_substitution_open",
            ["call_off_id"],
            unique=False,
            sqlite_where=sa.text("consented_at IS NULL AND refused_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("consented_at IS NULL AND refused_at IS NULL AND withdrawn_at IS NULL"),
        )
        batch_op.create_index(
            "uq_substitution_person",
            ["leaving_person_id"],
            unique=True,
            sqlite_where=sa.text("refused_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("refused_at IS NULL AND withdrawn_at IS NULL"),
        )
        batch_op.create_index(
            "uq_substitution_substitute",
            ["leaving_substitution_id"],
            unique=True,
            sqlite_where=sa.text("refused_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("refused_at IS NULL AND withdrawn_at IS NULL"),
        )


def downgrade() -> None:
    op.drop_index("ix_call_off_promised", table_name="call_off")
    with op.batch_alter_table("substitution", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_substitution_substitute",
            sqlite_where=sa.text("refused_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("refused_at IS NULL AND withdrawn_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_substitution_person",
            sqlite_where=sa.text("refused_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("refused_at IS NULL AND withdrawn_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_substitution_open",
            sqlite_where=sa.text("consented_at IS NULL AND refused_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("consented_at IS NULL AND refused_at IS NULL AND withdrawn_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_substitution_call_off_id"))

    op.drop_table("substitution")
    with op.batch_alter_table("lot_skill", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lot_skill_lot_id"))

    op.drop_table("lot_skill")
