"""How many entries stand behind each figure of a period, and the ways to an authority's entries and to its newest lines."""

from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0027"
down_revision = "0026"

_COUNTS = {
    "reservation": "reserved_count",
    "commitment": "committed_count",
    "invoice": "invoiced_count",
    "payment": "paid_count",
}
_WAITING = "call_off_id IS NULL AND withdrawn_at IS NULL AND not_ours_at IS NULL"


def upgrade() -> None:
    with op.batch_alter_table("period_figure", schema=None) as batch_op:
        for name in _COUNTS.values():
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    # Not in a batch: its triggers would go if it were ever rebuilt.
    op.create_index("ix_ledger_entry_authority_id_id", "ledger_entry", ["authority_id", "id"])
    with op.batch_alter_table("spend_line", schema=None) as batch_op:
        batch_op.create_index("ix_spend_line_import_id_accounting_on", ["import_id", "accounting_on"])
        batch_op.create_index(
            "ix_spend_line_waiting",
            ["authority_id", "import_id", "net_pence", "gross_pence"],
            sqlite_where=sa.text(_WAITING),
            postgresql_where=sa.text(_WAITING),
        )
    _count_entries()


def _count_entries() -> None:
    """Each entry counts in the last of its call-off's figures of that month which begins on its day or before."""
    entries = sa.table(
        "ledger_entry",
        *(sa.column(name) for name in ("id", "call_off_id", "kind")),
        sa.column("effective_on", sa.Date()),
        sa.column("posted_at", sqlmodel.sql.sqltypes.UTCDateTime()),
    )
    figures = sa.table(
        "period_figure",
        sa.column("call_off_id"),
        sa.column("month_on", sa.Date()),
        sa.column("period_on", sa.Date()),
        *(sa.column(name) for name in _COUNTS.values()),
    )
    keys = (figures.c.call_off_id, figures.c.month_on, figures.c.period_on)
    periods: dict[tuple[int, date], list[date]] = {}
    for call_off_id, month, period in op.get_bind().execute(sa.select(*keys).order_by(*keys)):
        periods.setdefault((call_off_id, month), []).append(period)
    counts: dict[tuple[int, date, date], dict[str, int]] = {}
    for entry in op.get_bind().execute(sa.select(entries).order_by(entries.c.id)):
        day = entry.effective_on or entry.posted_at.astimezone(ZoneInfo("Europe/London")).date()
        month = day.replace(day=1)
        begun = [one for one in periods.get((entry.call_off_id, month), []) if one <= day]
        if not begun:
            continue
        key = (entry.call_off_id, month, begun[-1])
        row = counts.setdefault(key, dict.fromkeys(_COUNTS.values(), 0))
        row[_COUNTS[entry.kind]] += 1
    if not counts:
        return
    op.get_bind().execute(
        sa.update(figures)
        .where(
            figures.c.call_off_id == sa.bindparam("call_off"),
            figures.c.month_on == sa.bindparam("month"),
            figures.c.period_on == sa.bindparam("period"),
        )
        .values({name: sa.bindparam(f"n_{name}") for name in _COUNTS.values()}),
        [
            {
                "call_off": key[0],
                "month": key[1],
                "period": key[2],
                **{f"n_{name}": one for name, one in row.items()},
            }
            for key, row in counts.items()
        ],
    )


def downgrade() -> None:
    with op.batch_alter_table("spend_line", schema=None) as batch_op:
        batch_op.drop_index("ix_spend_line_waiting")
        batch_op.drop_index("ix_spend_line_import_id_accounting_on")
    op.drop_index("ix_ledger_entry_authority_id_id", "ledger_entry")
    with op.batch_alter_table("period_figure", schema=None) as batch_op:
        for name in reversed(_COUNTS.values()):
            batch_op.drop_column(name)
