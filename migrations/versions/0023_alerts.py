"""Alerts as ceilings are approached."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0023"
down_revision = "0022"

APPEND_ONLY = ("ceiling_alert", "sme_target")
"""What was reached, and what was aimed at, is never changed: the same triggers as those of 0014."""


def upgrade() -> None:
    op.create_table(
        "sme_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("target_bp", sa.Integer(), nullable=True),
        sa.Column("set_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "target_bp IS NULL OR target_bp BETWEEN 1 AND 10000", name=op.f("ck_sme_target_target_a_share")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["framework_agreement.id"],
            name=op.f("fk_sme_target_agreement_id_framework_agreement"),
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["person.id"], name=op.f("fk_sme_target_set_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sme_target")),
    )
    with op.batch_alter_table("sme_target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sme_target_agreement_id"), ["agreement_id"], unique=False)

    op.create_table(
        "ceiling_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("scope", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column(
            "measure",
            sa.Enum("committed", "paid", name="measure", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("crossing", sa.Integer(), nullable=False),
        sa.Column("reached_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("stood_pence", sa.BigInteger(), nullable=False),
        sa.Column("limit_pence", sa.BigInteger(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "mark > 0 AND crossing > 0", name=op.f("ck_ceiling_alert_mark_and_crossing_counted")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["framework_agreement.id"],
            name=op.f("fk_ceiling_alert_agreement_id_framework_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_ceiling_alert_call_off_id_call_off")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceiling_alert")),
        sa.UniqueConstraint(
            "scope",
            "scope_id",
            "measure",
            "mark",
            "crossing",
            name=op.f("uq_ceiling_alert_scope_scope_id_measure_mark_crossing"),
        ),
    )
    with op.batch_alter_table("ceiling_alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ceiling_alert_agreement_id"), ["agreement_id"], unique=False)

    op.create_table(
        "alert_reader",
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["ceiling_alert.id"], name=op.f("fk_alert_reader_alert_id_ceiling_alert")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_alert_reader_person_id_person")),
        sa.PrimaryKeyConstraint("alert_id", "person_id", name=op.f("pk_alert_reader")),
    )
    with op.batch_alter_table("alert_reader", schema=None) as batch_op:
        batch_op.create_index(
            "ix_alert_reader_open",
            ["person_id"],
            unique=False,
            sqlite_where=sa.text("acknowledged_at IS NULL"),
            postgresql_where=sa.text("acknowledged_at IS NULL"),
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
    with op.batch_alter_table("alert_reader", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_alert_reader_open",
            sqlite_where=sa.text("acknowledged_at IS NULL"),
            postgresql_where=sa.text("acknowledged_at IS NULL"),
        )

    op.drop_table("alert_reader")
    with op.batch_alter_table("ceiling_alert", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ceiling_alert_agreement_id"))

    op.drop_table("ceiling_alert")
    with op.batch_alter_table("sme_target", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sme_target_agreement_id"))

    op.drop_table("sme_target")
