"""Call-offs that councils share."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0021"
down_revision = "0020"

APPEND_ONLY = (
    "call_off_share",
    "sharing_answer",
    "recharge_statement",
    "recharge_line",
)
"""Never changed: the same triggers as those of 0007."""


def upgrade() -> None:
    op.create_table(
        "recharge_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payee_id", sa.Integer(), nullable=False),
        sa.Column("payer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("through_on", sa.Date(), nullable=False),
        sa.Column("invoice_number", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("net_pence", sa.BigInteger(), nullable=False),
        sa.Column("marked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("marked_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("payee_id <> payer_id", name=op.f("ck_recharge_statement_two_authorities")),
        sa.ForeignKeyConstraint(
            ["marked_by_id"], ["person.id"], name=op.f("fk_recharge_statement_marked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["payee_id"], ["party.id"], name=op.f("fk_recharge_statement_payee_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["payer_id"], ["party.id"], name=op.f("fk_recharge_statement_payer_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recharge_statement")),
        sa.UniqueConstraint(
            "payee_id", "invoice_number", name=op.f("uq_recharge_statement_payee_id_invoice_number")
        ),
        sa.UniqueConstraint(
            "payee_id", "payer_id", "number", name=op.f("uq_recharge_statement_payee_id_payer_id_number")
        ),
    )
    with op.batch_alter_table("recharge_statement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recharge_statement_payer_id"), ["payer_id"], unique=False)

    op.create_table(
        "call_off_sharing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("proposed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("agreed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("refused_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_call_off_sharing_call_off_id_call_off")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_call_off_sharing_proposed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_off_sharing")),
        sa.UniqueConstraint("call_off_id", "number", name=op.f("uq_call_off_sharing_call_off_id_number")),
    )
    with op.batch_alter_table("call_off_sharing", schema=None) as batch_op:
        batch_op.create_index(
            "ix_call_off_sharing_agreed",
            ["call_off_id"],
            unique=False,
            sqlite_where=sa.text("agreed_at IS NOT NULL"),
            postgresql_where=sa.text("agreed_at IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_call_off_sharing_waiting",
            ["call_off_id"],
            unique=True,
            sqlite_where=sa.text("agreed_at IS NULL AND refused_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("agreed_at IS NULL AND refused_at IS NULL AND withdrawn_at IS NULL"),
        )

    op.create_table(
        "recharge_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column("period_on", sa.Date(), nullable=False),
        sa.Column("net_pence", sa.BigInteger(), nullable=False),
        sa.Column("amount_pence", sa.BigInteger(), nullable=False),
        sa.Column("is_correction", sa.Boolean(), nullable=False),
        sa.CheckConstraint("net_pence <> 0 OR amount_pence <> 0", name=op.f("ck_recharge_line_not_nothing")),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_recharge_line_call_off_id_call_off")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["recharge_statement.id"],
            name=op.f("fk_recharge_line_statement_id_recharge_statement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recharge_line")),
        sa.UniqueConstraint(
            "statement_id",
            "call_off_id",
            "period_on",
            name=op.f("uq_recharge_line_statement_id_call_off_id_period_on"),
        ),
    )
    with op.batch_alter_table("recharge_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recharge_line_call_off_id"), ["call_off_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recharge_line_statement_id"), ["statement_id"], unique=False)

    op.create_table(
        "call_off_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sharing_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("share_bp", sa.Integer(), nullable=False),
        sa.CheckConstraint("share_bp BETWEEN 0 AND 10000", name=op.f("ck_call_off_share_part_of_a_whole")),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["party.id"], name=op.f("fk_call_off_share_authority_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["sharing_id"],
            ["call_off_sharing.id"],
            name=op.f("fk_call_off_share_sharing_id_call_off_sharing"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_off_share")),
        sa.UniqueConstraint(
            "sharing_id", "authority_id", name=op.f("uq_call_off_share_sharing_id_authority_id")
        ),
        sa.UniqueConstraint("sharing_id", "place", name=op.f("uq_call_off_share_sharing_id_place")),
    )
    with op.batch_alter_table("call_off_share", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_off_share_authority_id"), ["authority_id"], unique=False)

    op.create_table(
        "sharing_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sharing_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("agrees OR reason <> ''", name=op.f("ck_sharing_answer_refusal_has_reason")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_sharing_answer_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["party.id"], name=op.f("fk_sharing_answer_authority_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["sharing_id"],
            ["call_off_sharing.id"],
            name=op.f("fk_sharing_answer_sharing_id_call_off_sharing"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_answer")),
        sa.UniqueConstraint(
            "sharing_id", "authority_id", name=op.f("uq_sharing_answer_sharing_id_authority_id")
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
    # A version takes its one answer, and from then on it is never edited.
    answered = "OLD.agreed_at IS NOT NULL OR OLD.refused_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL"
    if not sqlite:
        op.execute(
            "CREATE TRIGGER call_off_sharing_settled BEFORE UPDATE ON call_off_sharing FOR EACH ROW "
            f"WHEN ({answered}) EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER call_off_sharing_kept BEFORE DELETE OR TRUNCATE ON call_off_sharing "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    op.execute(
        f"CREATE TRIGGER call_off_sharing_settled BEFORE UPDATE ON call_off_sharing WHEN {answered} "
        "BEGIN SELECT RAISE(ABORT, 'call_off_sharing is append-only'); END"
    )
    op.execute(
        "CREATE TRIGGER call_off_sharing_kept BEFORE DELETE ON call_off_sharing "
        "BEGIN SELECT RAISE(ABORT, 'call_off_sharing is append-only'); END"
    )


def downgrade() -> None:
    op.drop_table("sharing_answer")
    with op.batch_alter_table("call_off_share", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_off_share_authority_id"))

    op.drop_table("call_off_share")
    with op.batch_alter_table("recharge_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recharge_line_statement_id"))
        batch_op.drop_index(batch_op.f("ix_recharge_line_call_off_id"))

    op.drop_table("recharge_line")
    with op.batch_alter_table("call_off_sharing", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_call_off_sharing_waiting",
            sqlite_where=sa.text("agreed_at IS NULL AND refused_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("agreed_at IS NULL AND refused_at IS NULL AND withdrawn_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_call_off_sharing_agreed",
            sqlite_where=sa.text("agreed_at IS NOT NULL"),
            postgresql_where=sa.text("agreed_at IS NOT NULL"),
        )

    op.drop_table("call_off_sharing")
    with op.batch_alter_table("recharge_statement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recharge_statement_payer_id"))

    op.drop_table("recharge_statement")
