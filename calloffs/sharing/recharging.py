"""The recharge schedule: what each authority owes another for call-offs they share, by accounting period of the one that paid."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.sharing.call_off_sharing import CallOffShare, CallOffSharing
from calloffs.sharing.recharge_statement import RechargeLine, RechargeStatement
from calloffs.sharing.sharing import moves, versions_of
from calloffs.sharing.splitting import Version, in_force, split_by
from calloffs.spend.entry import EntryKind
from framework.agreement import FrameworkAgreement
from framework.definitions.money import Basis, Money
from framework.definitions.periods import Period, period_of
from framework.people.party import Party, PartyKind
from framework.people.permissions import Permission, Visitor
from framework.records.columns import table_of
from lots.lot import Lot

_call_off, _sharing, _share, _line, _statement, _agreement, _lot, _party = (
    table_of(one)
    for one in (
        CallOff,
        CallOffSharing,
        CallOffShare,
        RechargeLine,
        RechargeStatement,
        FrameworkAgreement,
        Lot,
        Party,
    )
)


@dataclass(frozen=True, slots=True)
class Owed:
    """What one authority owes another for one call-off and period. Amounts net of VAT, and apart on the agreement's basis."""

    call_off_id: int
    reference: str
    title: str
    agreement: str
    lot: str
    basis: Basis
    payee_id: int
    payee: str
    payer_id: int
    payer: str
    period: Period
    share_bp: int
    """The payer's share on the last day of the period."""
    paid: tuple[Money, Money]
    """What the payee paid the partner in the period: (net of VAT, on the agreement's basis)."""
    owed: tuple[Money, Money]
    raised: tuple[Money, Money]
    """What stands in statements already."""
    numbers: tuple[int, ...]
    """The statements that have it."""

    @property
    def left(self) -> tuple[Money, Money]:
        """Owed and not yet in a statement; below nothing where too much was recharged."""
        return self.owed[0] - self.raised[0], self.owed[1] - self.raised[1]


@dataclass(slots=True)
class _Shared:
    """A shared call-off and everything that was recharged of it."""

    row: Any
    paid: dict[int, list[tuple[date, int]]] = field(default_factory=lambda: {0: [], 1: []})
    raised: dict[tuple[date, int], tuple[int, int, tuple[int, ...]]] = field(default_factory=dict)


def schedule(session: Session, visitor: Visitor, reference: str = "") -> list[Owed]:
    """Every amount owed to or by the visitor's authorities, by call-off, period and payer (of one call-off, when named).

    Each stands on the running total of ledger payments by the day they count for. The number of statements does not grow with them.
    """
    mine = visitor.parties_where(Permission.SPEND_READ)
    found = {one.row[0]: one for one in _shared(session, mine, reference)}
    if not found:
        return []
    for call_off_id, _, day, on_basis, net in moves(session, found, (EntryKind.PAYMENT,)):
        found[call_off_id].paid[0].append((day, net))
        found[call_off_id].paid[1].append((day, on_basis))
    _put_raised(session, found)
    versions = versions_of(session, found)
    names = _authorities(session)
    rows: list[Owed] = []
    for one in found.values():
        own = versions.get(one.row[0], [])
        rows += (owed for owed in _owed(one, own, names) if owed.payer_id in mine or owed.payee_id in mine)
    return rows


def _authorities(session: Session) -> dict[int, str]:
    rows = session.connection().execute(
        sa.select(_party.c.id, _party.c.name).where(_party.c.kind == PartyKind.AUTHORITY)
    )
    return {one.id: one.name for one in rows}


def _shared(session: Session, mine: Iterable[int], reference: str) -> list[_Shared]:
    bears = (
        sa.select(_sharing.c.call_off_id)
        .join(_share, _share.c.sharing_id == _sharing.c.id)
        .where(_sharing.c.agreed_at.is_not(None), _share.c.authority_id.in_(mine))
    )
    query = (
        sa.select(
            _call_off.c.id,
            _call_off.c.reference,
            _call_off.c.title,
            _call_off.c.authority_id,
            _party.c.name,
            _party.c.calendar,
            _agreement.c.basis,
            _agreement.c.reference,
            _lot.c.reference,
        )
        .join(_party, _party.c.id == _call_off.c.authority_id)
        .join(_agreement, _agreement.c.id == _call_off.c.agreement_id)
        .join(_lot, _lot.c.id == _call_off.c.lot_id)
        .where(_call_off.c.id.in_(bears))
        .order_by(_call_off.c.reference)
    )
    if reference:
        query = query.where(_call_off.c.reference == reference)
    return [_Shared(row) for row in session.connection().execute(query)]


def _put_raised(session: Session, found: dict[int, _Shared]) -> None:
    rows = session.connection().execute(
        sa.select(
            _line.c.call_off_id,
            _line.c.period_on,
            _statement.c.payer_id,
            _line.c.net_pence,
            _line.c.amount_pence,
            _statement.c.number,
        )
        .join(_statement, _statement.c.id == _line.c.statement_id)
        .where(_line.c.call_off_id.in_(list(found)))
        .order_by(_line.c.id)
    )
    for call_off_id, period_on, payer_id, net, amount, number in rows:
        raised = found[call_off_id].raised
        before = raised.get((period_on, payer_id), (0, 0, ()))
        raised[period_on, payer_id] = (before[0] + net, before[1] + amount, (*before[2], number))


def _owed(one: _Shared, versions: list[Version], names: dict[int, str]) -> Iterable[Owed]:
    call_off_id, reference, title, payee_id, payee, calendar, basis, agreement, lot = one.row

    def period_on(day: date) -> date:
        return period_of(calendar, day).first_day

    parts = [split_by(versions, payee_id, one.paid[place], period_on) for place in (0, 1)]
    keys = {(period, payer) for part in parts for period, row in part.items() for payer in row}
    for period_first, payer_id in sorted(keys | set(one.raised)):
        if payer_id == payee_id:
            continue
        period = period_of(calendar, period_first)
        rows = [part.get(period_first, {}) for part in parts]
        net, amount, numbers = one.raised.get((period_first, payer_id), (0, 0, ()))
        owed = Owed(
            call_off_id,
            reference,
            title,
            agreement,
            lot,
            basis,
            payee_id,
            payee,
            payer_id,
            names[payer_id],
            period,
            dict(in_force(versions, payee_id, period.last_day)).get(payer_id, 0),
            _pair(sum(row.values(), Money.zero()) for row in rows),
            _pair(row.get(payer_id, Money.zero()) for row in rows),
            (Money(net), Money(amount)),
            numbers,
        )
        if numbers or any(amount.pence for amount in owed.owed):
            yield owed


def _pair(amounts: Iterable[Money]) -> tuple[Money, Money]:
    net, on_basis = amounts
    return net, on_basis


@dataclass(frozen=True, slots=True)
class Pair:
    """One authority that owes another, in all: net of VAT."""

    payee_id: int
    payee: str
    payer_id: int
    payer: str
    owed: Money
    raised: Money

    @property
    def left(self) -> Money:
        """Owed and not yet in a statement."""
        return self.owed - self.raised


def pairs(rows: Iterable[Owed]) -> list[Pair]:
    """The schedule added up for each pair of authorities. What two owe each other is not set off."""
    found: dict[tuple[int, int], Pair] = {}
    for one in rows:
        nothing = Pair(one.payee_id, one.payee, one.payer_id, one.payer, Money.zero(), Money.zero())
        was = found.get((one.payee_id, one.payer_id), nothing)
        found[one.payee_id, one.payer_id] = Pair(
            was.payee_id,
            was.payee,
            was.payer_id,
            was.payer,
            was.owed + one.owed[0],
            was.raised + one.raised[0],
        )
    return [found[key] for key in sorted(found)]
