"""Proving matches: what stands for each in the ledger is what the match says, and each matched line has one that stands."""

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.extracts.finding import line as _line
from calloffs.matching.spend_match import SpendMatch
from calloffs.spend.entry import EntryKind, LedgerEntry
from framework.definitions.money import Money
from framework.records.columns import table_of

_match, _entry = table_of(SpendMatch), table_of(LedgerEntry)


def matches(session: Session) -> tuple[str, int, list[str]]:
    """What was compared, how many, and every difference in words. Sums are made by the database."""
    count = int(session.connection().execute(sa.select(sa.func.count(_match.c.id))).scalar_one())
    return "matches of lines and their entries", count, [*_amounts(session), *_lines(session)]


def _amounts(session: Session) -> list[str]:
    def of(kind: EntryKind, column: str) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((_entry.c.kind == kind, _entry.c[column]), else_=0))

    kept = ("invoiced_pence", "invoiced_net_pence", "paid_pence", "paid_net_pence")
    posted = (
        sa.select(
            _entry.c.spend_line_id.label("line_id"),
            of(EntryKind.INVOICE, "amount_pence").label("invoiced_pence"),
            of(EntryKind.INVOICE, "net_pence").label("invoiced_net_pence"),
            of(EntryKind.PAYMENT, "amount_pence").label("paid_pence"),
            of(EntryKind.PAYMENT, "net_pence").label("paid_net_pence"),
        )
        .where(_entry.c.spend_line_id.is_not(None))
        .group_by(_entry.c.spend_line_id)
        .subquery()
    )
    said = (
        sa.select(_match.c.line_id, *(_match.c[name] for name in kept))
        .where(_match.c.undone_at.is_(None))
        .subquery()
    )
    zero = sa.func.coalesce
    pairs = [(zero(said.c[name], 0), zero(posted.c[name], 0)) for name in kept]
    either = sa.union(sa.select(posted.c.line_id), sa.select(said.c.line_id)).subquery()
    rows = session.connection().execute(
        sa.select(either.c.line_id, *(one for pair in pairs for one in pair))
        .select_from(
            either.outerjoin(posted, posted.c.line_id == either.c.line_id).outerjoin(
                said, said.c.line_id == either.c.line_id
            )
        )
        .where(sa.or_(*(one != other for one, other in pairs)))
        .order_by(either.c.line_id)
    )
    return [
        f"Line {line_id}: its match says {Money(int(one))} {name.split('_')[0]}, its entries add up to {Money(int(other))}"
        for line_id, *figures in rows
        for name, one, other in zip(kept, figures[::2], figures[1::2], strict=True)
        if one != other
    ]


def _lines(session: Session) -> list[str]:
    standing = sa.and_(_match.c.line_id == _line.c.id, _match.c.undone_at.is_(None))
    rows = session.connection().execute(
        sa.select(_line.c.id)
        .select_from(_line.outerjoin(_match, standing))
        .where(
            sa.or_(
                sa.and_(_line.c.call_off_id.is_not(None), _match.c.id.is_(None)),
                sa.and_(_match.c.id.is_not(None), _line.c.call_off_id.is_(None)),
                _line.c.call_off_id != _match.c.call_off_id,
            )
        )
        .order_by(_line.c.id)
    )
    return [f"Line {line_id}: it and its match name different call-offs" for line_id in rows.scalars()]
