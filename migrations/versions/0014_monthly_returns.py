"""What partners say they delivered and invoiced in a month."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0014"
down_revision = "0013"

APPEND_ONLY = (
    "monthly_return_version",
    "monthly_return_line",
    "monthly_return_days",
    "monthly_return_note",
)
"""Given lines are never changed: the same triggers as those of 0007."""


def upgrade() -> None:
    op.create_table(
        "monthly_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.Column("draft", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("draft_saves", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "versions >= 0 AND draft_saves >= 0", name=op.f("ck_monthly_return_counts_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["party.id"], name=op.f("fk_monthly_return_supplier_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_return")),
        sa.UniqueConstraint("supplier_id", "month", name=op.f("uq_monthly_return_supplier_id_month")),
    )
    op.create_table(
        "monthly_return_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("given_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.CheckConstraint(
            "number = 1 OR reason <> ''", name=op.f("ck_monthly_return_version_correction_has_reason")
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["person.id"], name=op.f("fk_monthly_return_version_given_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["monthly_return.id"],
            name=op.f("fk_monthly_return_version_return_id_monthly_return"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_return_version")),
        sa.UniqueConstraint("return_id", "number", name=op.f("uq_monthly_return_version_return_id_number")),
    )
    op.create_table(
        "monthly_return_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("net_pence", sa.BigInteger(), nullable=False),
        sa.Column("no_business", sa.Boolean(), nullable=False),
        sa.Column("delivered", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("done", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("invoices", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.Column("forecast_net_pence", sa.BigInteger(), nullable=True),
        sa.Column("concerns", sqlmodel.sql.sqltypes.AutoString(length=4000), nullable=False),
        sa.CheckConstraint(
            "no_business = false OR (net_pence = 0 AND invoices = '')",
            name=op.f("ck_monthly_return_line_no_business_no_money"),
        ),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_monthly_return_line_call_off_id_call_off")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"],
            ["monthly_return_line.id"],
            name=op.f("fk_monthly_return_line_reverses_id_monthly_return_line"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["monthly_return_version.id"],
            name=op.f("fk_monthly_return_line_version_id_monthly_return_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_return_line")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_monthly_return_line_reverses_id")),
    )
    with op.batch_alter_table("monthly_return_line", schema=None) as batch_op:
        batch_op.create_index(
            "ix_monthly_return_line_call_off_id_month", ["call_off_id", "month"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_monthly_return_line_version_id"), ["version_id"], unique=False)

    op.create_table(
        "monthly_return_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "side", sa.Enum("council", "partner", name="side", native_enum=False, length=32), nullable=False
        ),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("settles", sa.Boolean(), nullable=False),
        sa.Column("said_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("recorded_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "settles = false OR side = 'council'", name=op.f("ck_monthly_return_note_council_settles")
        ),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_monthly_return_note_call_off_id_call_off")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_monthly_return_note_written_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_return_note")),
    )
    with op.batch_alter_table("monthly_return_note", schema=None) as batch_op:
        batch_op.create_index(
            "ix_monthly_return_note_call_off_id_month", ["call_off_id", "month"], unique=False
        )

    op.create_table(
        "monthly_return_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("quarter_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 7", name=op.f("ck_monthly_return_days_level_known")),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["monthly_return_line.id"],
            name=op.f("fk_monthly_return_days_line_id_monthly_return_line"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_return_days")),
        sa.UniqueConstraint("line_id", "level", name=op.f("uq_monthly_return_days_line_id_level")),
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
    op.drop_table("monthly_return_days")
    with op.batch_alter_table("monthly_return_note", schema=None) as batch_op:
        batch_op.drop_index("ix_monthly_return_note_call_off_id_month")

    op.drop_table("monthly_return_note")
    with op.batch_alter_table("monthly_return_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_monthly_return_line_version_id"))
        batch_op.drop_index("ix_monthly_return_line_call_off_id_month")

    op.drop_table("monthly_return_line")
    op.drop_table("monthly_return_version")
    op.drop_table("monthly_return")
