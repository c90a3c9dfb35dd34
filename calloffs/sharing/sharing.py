"""Reading shares: which version holds on a day, and what moved on the call-offs that are shared."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.sharing.call_off_sharing import CallOffShare, CallOffSharing
from calloffs.sharing.splitting import Shares, Version, in_force
from calloffs.spend.entry import EntryKind, LedgerEntry
from framework.definitions import dates
from framework.records.columns import table_of

_sharing, _share, _entry, _call_off = (
    table_of(one) for one in (CallOffSharing, CallOffShare, LedgerEntry, CallOff)
)


def shares_of(session: Session, call_off_id: int, day: date | None = None) -> Shares:
    """(authority id, basis points) on a day (None: today), the buying authority first; that one alone where nothing is shared."""
    lead_id = session.connection().execute(
        sa.select(_call_off.c.authority_id).where(_call_off.c.id == call_off_id)
    )
    versions = versions_of(session, [call_off_id]).get(call_off_id, [])
    return in_force(versions, lead_id.scalar_one(), day or dates.today())


def versions_of(session: Session, call_off_ids: Collection[int]) -> dict[int, list[Version]]:
    """Every agreed version of each call-off that has one, in order."""
    rows = session.connection().execute(
        sa.select(
            _sharing.c.call_off_id,
            _sharing.c.number,
            _sharing.c.from_on,
            _share.c.authority_id,
            _share.c.share_bp,
        )
        .join(_share, _share.c.sharing_id == _sharing.c.id)
        .where(_sharing.c.call_off_id.in_(call_off_ids), _sharing.c.agreed_at.is_not(None))
        .order_by(_sharing.c.call_off_id, _sharing.c.number, _share.c.place)
    )
    gathered: dict[int, dict[int, tuple[date, list[tuple[int, int]]]]] = {}
    for call_off_id, number, from_on, authority_id, bp in rows:
        own = gathered.setdefault(call_off_id, {}).setdefault(number, (from_on, []))
        own[1].append((authority_id, bp))
    return {
        call_off_id: [Version(from_on, tuple(shares)) for from_on, shares in numbers.values()]
        for call_off_id, numbers in gathered.items()
    }


def moves(
    session: Session, call_off_ids: Collection[int], kinds: Sequence[EntryKind]
) -> Iterator[tuple[int, EntryKind, date, int, int]]:
    """(call-off, kind, London day it counts for, pence on basis, pence net of VAT): one for each day that has entries."""
    whose = (_entry.c.call_off_id, _entry.c.kind)
    wanted = sa.and_(_entry.c.call_off_id.in_(call_off_ids), _entry.c.kind.in_(kinds))
    sums = sa.func.sum(_entry.c.amount_pence), sa.func.sum(_entry.c.net_pence)
    dated = session.connection().execute(
        sa.select(*whose, _entry.c.effective_on, *sums)
        .where(wanted, _entry.c.effective_on.is_not(None))
        .group_by(*whose, _entry.c.effective_on)
    )
    for call_off_id, kind, day, on_basis, net in dated:
        yield call_off_id, EntryKind(kind), day, int(on_basis), int(net)
    # Entries from before there were days count for the London day on which they were posted.
    undated = session.connection().execute(
        sa.select(*whose, _entry.c.posted_at, _entry.c.amount_pence, _entry.c.net_pence).where(
            wanted, _entry.c.effective_on.is_(None)
        )
    )
    for call_off_id, kind, moment, on_basis, net in undated:
        yield call_off_id, EntryKind(kind), dates.as_london(moment).date(), on_basis, net
