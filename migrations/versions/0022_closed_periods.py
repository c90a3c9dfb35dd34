"""Periods that are closed."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0022"
down_revision = "0021"

APPEND_ONLY = (
    "period_closing",
    "closed_figure",
    "accrual_adjustment",
)
"""Never changed: the same triggers as those of 0007."""


def upgrade() -> None:
    op.create_table(
        "period_closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("calendar", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("period_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("last_entry_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("period_on <= last_on", name=op.f("ck_period_closing_first_before_last")),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["party.id"], name=op.f("fk_period_closing_authority_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["person.id"], name=op.f("fk_period_closing_closed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_closing")),
        sa.UniqueConstraint(
            "authority_id", "period_on", name=op.f("uq_period_closing_authority_id_period_on")
        ),
    )
    op.create_table(
        "accrual_adjustment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("accrual_net_pence", sa.BigInteger(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_accrual_adjustment_has_reason")),
        sa.CheckConstraint(
            "accrual_net_pence IS NULL OR accrual_net_pence >= 0",
            name=op.f("ck_accrual_adjustment_not_below_nothing"),
        ),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_accrual_adjustment_call_off_id_call_off")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_accrual_adjustment_made_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accrual_adjustment")),
    )
    with op.batch_alter_table("accrual_adjustment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_accrual_adjustment_call_off_id_on_day", ["call_off_id", "on_day"], unique=False
        )

    op.create_table(
        "closed_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("closing_id", sa.Integer(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
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
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["framework_agreement.id"],
            name=op.f("fk_closed_figure_agreement_id_framework_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_closed_figure_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_closed_figure_call_off_id_call_off")
        ),
        sa.ForeignKeyConstraint(
            ["closing_id"], ["period_closing.id"], name=op.f("fk_closed_figure_closing_id_period_closing")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_closed_figure_lot_id_lot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_figure")),
        sa.UniqueConstraint(
            "closing_id", "call_off_id", "kind", name=op.f("uq_closed_figure_closing_id_call_off_id_kind")
        ),
    )
    _refuse_changes()


def _refuse_changes() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in APPEND_ONLY:
        if not sqlite:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
            continue
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def downgrade() -> None:
    op.drop_table("closed_figure")
    with op.batch_alter_table("accrual_adjustment", schema=None) as batch_op:
        batch_op.drop_index("ix_accrual_adjustment_call_off_id_on_day")

    op.drop_table("accrual_adjustment")
    op.drop_table("period_closing")
