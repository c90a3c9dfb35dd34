"""Who paid what: a lot or an agreement parted by council, shared call-offs by the agreed shares, so that the parts add up to the penny."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.sharing.call_off_sharing import CallOffSharing
from calloffs.sharing.sharing import moves, versions_of
from calloffs.sharing.splitting import in_force, split, split_whole
from calloffs.spend import balances
from calloffs.spend.entry import EntryKind
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.records.columns import table_of
from lots.lot import Lot

_c, _sharing, _party = table_of(CallOff).c, table_of(CallOffSharing), table_of(Party)
_KINDS = (EntryKind.COMMITMENT, EntryKind.INVOICE, EntryKind.PAYMENT)
OTHERS = "Other authorities"
"""Everybody else together, for a member that does not lead."""


@dataclass(frozen=True, slots=True)
class Borne:
    """What one council bears, on the agreement's basis."""

    authority: str
    committed: Money
    invoiced: Money
    paid: Money


def who_paid(
    session: Session, visitor: Visitor, agreement: FrameworkAgreement, lot: Lot | None = None
) -> list[Borne]:
    """Each council's part of the lot, or of the whole agreement, who paid most first. Together they are its balances.

    The lead authority's readers see every council by name; another member sees its own and the rest as one.
    """
    wanted = _c.agreement_id == agreement.id if lot is None else _c.lot_id == lot.id
    sums = [sa.func.sum(_c[f"{name}_pence"]) for name in ("committed", "invoiced", "paid")]
    rows = session.connection().execute(
        sa.select(_c.authority_id, *sums).where(wanted).group_by(_c.authority_id)
    )
    parts = {one[0]: [Money(int(pence)) for pence in one[1:]] for one in rows}
    for authority_id, place, amount in _shared(session, wanted):
        own = parts.setdefault(authority_id, [Money.zero()] * len(_KINDS))
        own[place] = own[place] + amount
    return _named(session, visitor, agreement, parts)


def _shared(session: Session, wanted: sa.ColumnElement[bool]) -> Iterable[tuple[int, int, Money]]:
    """(authority, place of the kind, what moves to it) for call-offs that several bear: less for the buyer, as much more for the others.

    As each call-off's own page splits it: what stands committed by today's shares, what was billed and paid by those of its day.
    """
    query = sa.select(_c.id, _c.authority_id).where(
        wanted, _c.id.in_(sa.select(_sharing.c.call_off_id).where(_sharing.c.agreed_at.is_not(None)))
    )
    leads = {one[0]: one[1] for one in session.connection().execute(query)}
    if not leads:
        return
    versions = versions_of(session, list(leads))
    moved: dict[tuple[int, EntryKind], list[tuple[object, int]]] = {}
    for call_off_id, kind, day, on_basis, _ in moves(session, list(leads), _KINDS):
        moved.setdefault((call_off_id, kind), []).append((day, on_basis))
    for (call_off_id, kind), days in moved.items():
        lead, own = leads[call_off_id], versions.get(call_off_id, [])
        if kind is EntryKind.COMMITMENT:
            total = Money(sum(pence for _, pence in days))
            borne = dict(split_whole(total, in_force(own, lead, dates.today())))
        else:
            borne = split(own, lead, days)  # type: ignore[arg-type]
        for authority_id, amount in borne.items():
            if authority_id != lead:
                yield authority_id, _KINDS.index(kind), amount
                yield lead, _KINDS.index(kind), -amount


def _named(
    session: Session, visitor: Visitor, agreement: FrameworkAgreement, parts: dict[int, list[Money]]
) -> list[Borne]:
    names = {
        one[0]: one[1]
        for one in session.connection().execute(
            sa.select(_party.c.id, _party.c.name).where(_party.c.id.in_(list(parts)))
        )
    }
    mine = visitor.parties_where(Permission.SPEND_READ)
    leads = balances.leads(visitor, agreement)
    found, rest = [], [Money.zero()] * len(_KINDS)
    for authority_id, amounts in parts.items():
        if leads or authority_id in mine:
            found.append(Borne(names[authority_id], *amounts))
        else:
            rest = [one + more for one, more in zip(rest, amounts, strict=True)]
    found.sort(key=lambda one: (-one.paid.pence, -one.committed.pence, one.authority))
    if any(one.pence for one in rest):
        found.append(Borne(OTHERS, *rest))
    return found


def total_of(rows: Iterable[Borne]) -> Borne:
    """All of it."""
    found = Borne("Together", Money.zero(), Money.zero(), Money.zero())
    for one in rows:
        found = Borne(
            found.authority,
            found.committed + one.committed,
            found.invoiced + one.invoiced,
            found.paid + one.paid,
        )
    return found
