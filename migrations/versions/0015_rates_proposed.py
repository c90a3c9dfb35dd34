"""Rate cards that partners propose, and how rates may rise."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "rate_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("basis_version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("hours_per_day_hundredths", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("submitted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("returned_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("returned_by_id", sa.Integer(), nullable=True),
        sa.Column("return_reason", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_version", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "hours_per_day_hundredths BETWEEN 100 AND 2400", name=op.f("ck_rate_proposal_hours_sensible")
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["person.id"], name=op.f("fk_rate_proposal_accepted_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_rate_proposal_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_rate_proposal_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["returned_by_id"], ["person.id"], name=op.f("fk_rate_proposal_returned_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["person.id"], name=op.f("fk_rate_proposal_submitted_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["person.id"], name=op.f("fk_rate_proposal_withdrawn_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_proposal")),
    )
    with op.batch_alter_table("rate_proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rate_proposal_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(
            "ix_rate_proposal_waiting",
            ["submitted_at"],
            unique=False,
            sqlite_where=sa.text(
                "submitted_at IS NOT NULL AND accepted_at IS NULL AND returned_at IS NULL AND withdrawn_at IS NULL"
            ),
            postgresql_where=sa.text(
                "submitted_at IS NOT NULL AND accepted_at IS NULL AND returned_at IS NULL AND withdrawn_at IS NULL"
            ),
        )
        batch_op.create_index(
            "uq_rate_proposal_open",
            ["appointment_id"],
            unique=True,
            sqlite_where=sa.text("returned_at IS NULL AND withdrawn_at IS NULL AND accepted_at IS NULL"),
            postgresql_where=sa.text("returned_at IS NULL AND withdrawn_at IS NULL AND accepted_at IS NULL"),
        )

    op.create_table(
        "rate_proposal_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rate_proposal_id", sa.Integer(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("day_rate_pence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("day_rate_pence > 0", name=op.f("ck_rate_proposal_line_day_rate_above_nothing")),
        sa.CheckConstraint("level BETWEEN 1 AND 7", name=op.f("ck_rate_proposal_line_level_one_to_seven")),
        sa.ForeignKeyConstraint(
            ["rate_proposal_id"],
            ["rate_proposal.id"],
            name=op.f("fk_rate_proposal_line_rate_proposal_id_rate_proposal"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_proposal_line")),
        sa.UniqueConstraint(
            "rate_proposal_id",
            "role",
            "level",
            name=op.f("uq_rate_proposal_line_rate_proposal_id_role_level"),
        ),
    )
    with op.batch_alter_table("rate_proposal_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rate_proposal_line_rate_proposal_id"), ["rate_proposal_id"], unique=False
        )

    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rate_rise_bp", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("rates_rise_from", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.drop_column("rates_rise_from")
        batch_op.drop_column("rate_rise_bp")

    with op.batch_alter_table("rate_proposal_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rate_proposal_line_rate_proposal_id"))

    op.drop_table("rate_proposal_line")
    with op.batch_alter_table("rate_proposal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_rate_proposal_open",
            sqlite_where=sa.text("returned_at IS NULL AND withdrawn_at IS NULL AND accepted_at IS NULL"),
            postgresql_where=sa.text("returned_at IS NULL AND withdrawn_at IS NULL AND accepted_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_rate_proposal_waiting",
            sqlite_where=sa.text(
                "submitted_at IS NOT NULL AND accepted_at IS NULL AND returned_at IS NULL AND withdrawn_at IS NULL"
            ),
            postgresql_where=sa.text(
                "submitted_at IS NOT NULL AND accepted_at IS NULL AND returned_at IS NULL AND withdrawn_at IS NULL"
            ),
        )
        batch_op.drop_index(batch_op.f("ix_rate_proposal_appointment_id"))

    op.drop_table("rate_proposal")
