"""Matches of lines to call-offs, and the figures of periods."""

from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "period_figure",
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("period_on", sa.Date(), nullable=False),
        sa.Column("reserved_pence", sa.BigInteger(), nullable=False),
        sa.Column("committed_pence", sa.BigInteger(), nullable=False),
        sa.Column("invoiced_pence", sa.BigInteger(), nullable=False),
        sa.Column("paid_pence", sa.BigInteger(), nullable=False),
        sa.Column("reserved_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("committed_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("invoiced_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("paid_net_pence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_period_figure_call_off_id_call_off")
        ),
        sa.PrimaryKeyConstraint("call_off_id", "month_on", "period_on", name=op.f("pk_period_figure")),
    )
    with op.batch_alter_table("period_figure", schema=None) as batch_op:
        batch_op.create_index("ix_period_figure_period_on", ["period_on"], unique=False)

    op.create_table(
        "spend_match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("call_off_id", sa.Integer(), nullable=False),
        sa.Column(
            "why",
            sa.Enum(
                "purchase_order",
                "call_off_reference",
                "supplier_number",
                "company_number",
                "name",
                "by_hand",
                name="why",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("because", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=True),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("invoiced_pence", sa.BigInteger(), nullable=False),
        sa.Column("invoiced_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("paid_pence", sa.BigInteger(), nullable=False),
        sa.Column("paid_net_pence", sa.BigInteger(), nullable=False),
        sa.Column("over_pence", sa.BigInteger(), nullable=False),
        sa.Column("over_why", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("matched_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("matched_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_off_id"], ["call_off.id"], name=op.f("fk_spend_match_call_off_id_call_off")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_spend_match_invoice_id_invoice")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["spend_line.id"], name=op.f("fk_spend_match_line_id_spend_line")
        ),
        sa.ForeignKeyConstraint(
            ["matched_by_id"], ["person.id"], name=op.f("fk_spend_match_matched_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_spend_match_payment_id_payment")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["person.id"], name=op.f("fk_spend_match_undone_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spend_match")),
    )
    with op.batch_alter_table("spend_match", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spend_match_call_off_id"), ["call_off_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_spend_match_invoice_id"), ["invoice_id"], unique=False)
        batch_op.create_index(
            "uq_spend_match_standing",
            ["line_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    with op.batch_alter_table("call_off", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "programme", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False, server_default=""
            )
        )

    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("effective_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("spend_line_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            "ix_ledger_entry_spend_line_id",
            ["spend_line_id"],
            unique=False,
            sqlite_where=sa.text("spend_line_id IS NOT NULL"),
            postgresql_where=sa.text("spend_line_id IS NOT NULL"),
        )

    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "calendar",
                sqlmodel.sql.sqltypes.AutoString(length=20),
                nullable=False,
                server_default="months",
            )
        )

    _fill_period_figures()


def _fill_period_figures() -> None:
    """Entries of before count for the London day on which they were posted; every authority still closes by months."""
    entries = sa.table(
        "ledger_entry",
        *(sa.column(name) for name in ("id", "call_off_id", "kind", "amount_pence", "net_pence")),
        sa.column("posted_at", sqlmodel.sql.sqltypes.UTCDateTime()),
    )
    columns = {"reservation": "reserved", "commitment": "committed", "invoice": "invoiced", "payment": "paid"}
    rows: dict[tuple[int, date], dict[str, int]] = {}
    found = op.get_bind().execute(sa.select(entries).order_by(entries.c.id))
    for entry in found:
        key = (entry.call_off_id, entry.posted_at.astimezone(ZoneInfo("Europe/London")).date().replace(day=1))
        row = rows.setdefault(
            key, {f"{one}{end}": 0 for one in columns.values() for end in ("_pence", "_net_pence")}
        )
        row[f"{columns[entry.kind]}_pence"] += entry.amount_pence
        row[f"{columns[entry.kind]}_net_pence"] += entry.net_pence
    if not rows:
        return
    names = [f"{one}{end}" for one in columns.values() for end in ("_pence", "_net_pence")]
    figures = sa.table(
        "period_figure",
        sa.column("call_off_id"),
        sa.column("month_on", sa.Date()),
        sa.column("period_on", sa.Date()),
        *(sa.column(name) for name in names),
    )
    op.bulk_insert(
        figures,
        [
            {"call_off_id": one, "month_on": month, "period_on": month, **row}
            for (one, month), row in rows.items()
        ],
    )


def downgrade() -> None:
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.drop_column("calendar")

    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_ledger_entry_spend_line_id",
            sqlite_where=sa.text("spend_line_id IS NOT NULL"),
            postgresql_where=sa.text("spend_line_id IS NOT NULL"),
        )
    # Never rebuilt: its triggers would go.
    op.execute("ALTER TABLE ledger_entry DROP COLUMN spend_line_id")
    op.execute("ALTER TABLE ledger_entry DROP COLUMN effective_on")

    with op.batch_alter_table("call_off", schema=None) as batch_op:
        batch_op.drop_column("programme")

    with op.batch_alter_table("spend_match", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_spend_match_standing",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_spend_match_invoice_id"))
        batch_op.drop_index(batch_op.f("ix_spend_match_call_off_id"))

    op.drop_table("spend_match")
    with op.batch_alter_table("period_figure", schema=None) as batch_op:
        batch_op.drop_index("ix_period_figure_period_on")

    op.drop_table("period_figure")
