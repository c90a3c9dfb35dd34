"""How far past committed a call-off may stand now, because somebody accepted it with a reason (RULE-33)."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.matching.spend_match import SpendMatch
from calloffs.spend.entry import EntryKind, LedgerEntry
from framework.records.columns import table_of

_match, _entry = table_of(SpendMatch), table_of(LedgerEntry)


def accepted_overs(session: Session, call_off_ids: Collection[int]) -> dict[int, int]:
    """By call-off, in pence on the agreement's basis; those without any are left out. Two statements.

    What was accepted is added when its line was posted. Once more is committed (a variation that covers it), it counts only as far as
    more is still invoiced than committed: what is covered is accepted no longer.
    """
    accepted = session.connection().execute(
        sa.select(_match.c.call_off_id, _match.c.line_id, _match.c.over_pence, _match.c.matched_at).where(
            _match.c.call_off_id.in_(call_off_ids), _match.c.undone_at.is_(None), _match.c.over_pence > 0
        )
    )
    waiting = {one.line_id: one for one in accepted}
    if not waiting:
        return {}
    entries = session.connection().execute(
        sa.select(
            *(
                _entry.c[name]
                for name in ("call_off_id", "kind", "amount_pence", "spend_line_id", "posted_at")
            )
        )
        .where(
            _entry.c.call_off_id.in_({one.call_off_id for one in waiting.values()}),
            _entry.c.kind.in_((EntryKind.COMMITMENT, EntryKind.INVOICE)),
        )
        .order_by(_entry.c.call_off_id, _entry.c.id)
    )
    allowed: dict[int, int] = {}
    past: dict[int, int] = {}
    for call_off_id, kind, pence, line_id, posted_at in entries:
        over = past[call_off_id] = past.get(call_off_id, 0) + (pence if kind == EntryKind.INVOICE else -pence)
        match = waiting.get(line_id) if kind == EntryKind.INVOICE else None
        if match is not None and match.call_off_id == call_off_id and posted_at >= match.matched_at:
            allowed[call_off_id] = allowed.get(call_off_id, 0) + int(match.over_pence)
            del waiting[line_id]
        elif kind == EntryKind.COMMITMENT and pence > 0:
            allowed[call_off_id] = min(allowed.get(call_off_id, 0), max(0, over))
    return {call_off_id: pence for call_off_id, pence in allowed.items() if pence}
