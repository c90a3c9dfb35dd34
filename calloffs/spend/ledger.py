"""The spend ledger: entries are posted, never edited; every balance equals a sum of them.

The only room that moves balances. One posting moves every scope it belongs to (agreement, authority share, lot, partner, call-off
and business case) by conditional updates in the caller's transaction; a movement that would pass a ceiling changes no row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, select

from calloffs.business_case.case import BusinessCase
from calloffs.call_off import CallOff
from calloffs.spend import crossing, period_moving
from calloffs.spend.entry import EntryKind, LedgerEntry
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Basis, Money, gross_of
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal
from framework.people.party import Party
from framework.people.permissions import CLOCK, Visitor
from framework.records import audit
from framework.records.columns import table_of
from lots.appointment import Appointment
from lots.lot import Lot

_COLUMN = {
    EntryKind.RESERVATION: "reserved_pence",
    EntryKind.COMMITMENT: "committed_pence",
    EntryKind.INVOICE: "invoiced_pence",
    EntryKind.PAYMENT: "paid_pence",
}
_PROMISES = (EntryKind.RESERVATION, EntryKind.COMMITMENT)


@dataclass(frozen=True, slots=True)
class Amount:
    """One movement: on the agreement's own basis, and the same movement net of VAT."""

    on_basis: Money
    net: Money

    @classmethod
    def of(cls, net: Money, agreement: FrameworkAgreement, vat_rate_bp: int) -> "Amount":
        """A net amount as the agreement counts it."""
        return cls(net if agreement.basis is Basis.NET else gross_of(net, vat_rate_bp), net)

    def __neg__(self) -> "Amount":
        return Amount(-self.on_basis, -self.net)

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(self.on_basis - other.on_basis, self.net - other.net)


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry to be posted: how much, why, and the London day it counts for (None: today)."""

    amount: Amount
    reason: str
    on: date | None = None
    invoice_id: int | None = None
    spend_line_id: int | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit over a call-off and what is left under it, on the agreement's basis."""

    sentence: str
    left: Money


def hold(session: Session, agreement_id: int) -> FrameworkAgreement:
    """Take the agreement's row until the transaction ends, before any headroom is read, and read it afresh.

    Reservations whose approval has run out are freed first, so headroom is true whether or not a job has run.
    """
    agreement = session.exec(
        select(FrameworkAgreement)
        .where(FrameworkAgreement.id == agreement_id)
        # Not against rows that merely point at the agreement: they and a posting could wait for each other for ever.
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if agreement is None:
        raise NotFound
    if release_run_out(session, agreement_id=agreement_id):
        session.refresh(agreement)
    return agreement


def limits(session: Session, agreement: FrameworkAgreement, lot_id: int, authority_id: int) -> list[Limit]:
    """What is left at lot, authority and agreement level, the tightest first (RULE-32). Call it under `hold`."""
    fresh = {"populate_existing": True}
    lot = session.exec(select(Lot).where(Lot.id == lot_id).execution_options(**fresh)).one()
    member, authority = session.exec(
        select(MemberAuthority, Party)
        .join(Party, Party.id == MemberAuthority.authority_id)  # type: ignore[arg-type]
        .where(MemberAuthority.agreement_id == agreement.id, MemberAuthority.authority_id == authority_id)
        .execution_options(**fresh)
    ).one()
    basis = agreement.basis.label
    found = [Limit(f"Lot {lot.number} has {lot.headroom} ({basis}) left under its ceiling", lot.headroom)]
    if member.headroom is not None:
        found.append(
            Limit(f"{authority.name} has {member.headroom} ({basis}) left of its allocation", member.headroom)
        )
    found.append(
        Limit(
            f"{agreement.title} has {agreement.headroom} ({basis}) left under its ceiling", agreement.headroom
        )
    )
    return sorted(found, key=lambda limit: limit.left)


def headroom_for(
    session: Session,
    agreement: FrameworkAgreement,
    call_off: CallOff,
    wanted: Amount,
    *,
    field: str | None = None,
) -> Refusal | None:
    """None when `wanted` (its own reservation or commitment set aside) fits under every limit, else the tightest, named.

    Equality fits. Call it under `hold`.
    """
    own = Money(call_off.reserved_pence + call_off.committed_pence)
    tightest = limits(session, agreement, call_off.lot_id, call_off.authority_id)[0]
    if wanted.on_basis <= tightest.left + own:
        return None
    already = f", and this call-off already holds {own}" if own.pence else ""
    return Refusal(
        f"{tightest.sentence}{already}. This call-off needs {wanted.on_basis} ({agreement.basis.label})",
        field=field,
        rule="RULE-32",
        left=tightest.left + own,
    )


def post(
    session: Session,
    call_off: CallOff,
    movements: Mapping[EntryKind, Amount],
    *,
    actor: Visitor,
    reason: str,
    appointment_id: int | None = None,
    invoice_id: int | None = None,
    on: date | None = None,
) -> None:
    """Post one entry for each movement that is not nothing, and move every balance with it.

    `appointment_id` is the partner that the money belongs to, from award on; `on` the London day that it counts for (None: today). Raises `ChangedMeanwhile` when a ceiling, an
    allocation or an approval would be passed: under `hold` the rules have answered before this, so it means that somebody
    else acted in between.
    """
    moved = {kind: amount for kind, amount in movements.items() if amount.on_basis.pence or amount.net.pence}
    if not moved:
        return
    _move(session, call_off, moved, appointment_id)
    lines = [(kind, Posting(amount, reason, on, invoice_id)) for kind, amount in moved.items()]
    _enter(session, call_off, lines, actor=actor, appointment_id=appointment_id)


def post_lines(
    session: Session,
    call_off: CallOff,
    kind: EntryKind,
    lines: Sequence[Posting],
    *,
    actor: Visitor,
) -> None:
    """Post many entries of one kind on one call-off, and move every balance once by their sum.

    For files of invoices and their payments and for lines of extracts; raises and changes nothing as `post` does.
    """
    entries = [(kind, one) for one in lines if one.amount.on_basis.pence or one.amount.net.pence]
    total = Amount(
        sum((one.amount.on_basis for _, one in entries), Money.zero()),
        sum((one.amount.net for _, one in entries), Money.zero()),
    )
    if not entries:
        return
    _move(session, call_off, {kind: total}, call_off.appointment_id)
    _enter(session, call_off, entries, actor=actor, appointment_id=call_off.appointment_id)


def _move(
    session: Session, call_off: CallOff, moved: Mapping[EntryKind, Amount], appointment_id: int | None
) -> None:
    session.flush()
    promised = sum(amount.on_basis.pence for kind, amount in moved.items() if kind in _PROMISES)
    promised_net = sum(amount.net.pence for kind, amount in moved.items() if kind in _PROMISES)
    steps = {_COLUMN[kind]: amount.on_basis.pence for kind, amount in moved.items()}
    connection = session.connection()
    told: list[crossing.Moved] = []
    for table, where, ceiling in _scopes(call_off, appointment_id):
        partner = table is table_of(Appointment)
        own = {name: step for name, step in steps.items() if not (partner and name == "reserved_pence")}
        if not own:
            continue
        update = (
            table.update()
            .where(where)
            .values({table.c[name]: table.c[name] + step for name, step in own.items()})
        )
        if ceiling is not None and promised > 0:
            update = update.where(table.c.reserved_pence + table.c.committed_pence + promised <= ceiling)
        most = sa.null() if partner else _limit_of(table)
        row = connection.execute(
            update.returning(table.c.id, table.c.committed_pence, table.c.paid_pence, most)
        ).one_or_none()
        if row is None:
            raise ChangedMeanwhile
        if row[3] is not None:
            steps_of = (own.get("committed_pence", 0), own.get("paid_pence", 0))
            told.append(crossing.Moved(table.name, row[0], (row[1], row[2]), steps_of, row[3]))
    if call_off.case_id and promised_net:
        cases = table_of(BusinessCase)
        used = (
            cases.update()
            .where(cases.c.id == call_off.case_id)
            .values(used_net_pence=cases.c.used_net_pence + promised_net)
        )
        if promised_net > 0:
            used = used.where(cases.c.used_net_pence + promised_net <= cases.c.approved_net_pence)
        if connection.execute(used).rowcount != 1:
            raise ChangedMeanwhile
    crossing.note(session, call_off, told)


def _limit_of(table: sa.Table) -> sa.ColumnElement[int]:
    """The column of a scope's own limit: an authority has an allocation, a call-off what is committed, the others a ceiling."""
    if table is table_of(CallOff):
        return table.c.committed_pence
    return table.c.allocation_pence if table is table_of(MemberAuthority) else table.c.ceiling_pence


def _enter(
    session: Session,
    call_off: CallOff,
    lines: Sequence[tuple[EntryKind, Posting]],
    *,
    actor: Visitor,
    appointment_id: int | None,
) -> None:
    today = dates.today()
    session.connection().execute(
        table_of(LedgerEntry).insert(),
        [
            {
                "posted_at": dates.now(),
                "kind": kind,
                "amount_pence": one.amount.on_basis.pence,
                "net_pence": one.amount.net.pence,
                "reason": one.reason,
                "agreement_id": call_off.agreement_id,
                "lot_id": call_off.lot_id,
                "authority_id": call_off.authority_id,
                "call_off_id": call_off.id,
                "case_id": call_off.case_id,
                "appointment_id": appointment_id,
                "invoice_id": one.invoice_id,
                "actor_id": actor.person_id,
                "effective_on": one.on or today,
                "spend_line_id": one.spend_line_id,
            }
            for kind, one in lines
        ],
    )
    period_moving.move(
        session,
        call_off,
        [
            (_COLUMN[kind], one.on or today, one.amount.on_basis.pence, one.amount.net.pence)
            for kind, one in lines
        ],
    )
    session.refresh(call_off, [*_COLUMN.values()])


def _scopes(
    call_off: CallOff, appointment_id: int | None
) -> Iterable[tuple[sa.Table, sa.ColumnElement[bool], sa.ColumnElement[int] | None]]:
    agreement, member, lot, appointment, own = (
        table_of(t) for t in (FrameworkAgreement, MemberAuthority, Lot, Appointment, CallOff)
    )
    yield agreement, agreement.c.id == call_off.agreement_id, sa.func.coalesce(agreement.c.ceiling_pence, 0)
    mine = sa.and_(
        member.c.agreement_id == call_off.agreement_id, member.c.authority_id == call_off.authority_id
    )
    unlimited = member.c.reserved_pence + member.c.committed_pence
    # An authority without an allocation is limited by the agreement and the lot alone.
    yield member, mine, sa.func.coalesce(member.c.allocation_pence, unlimited + 2**62)
    yield lot, lot.c.id == call_off.lot_id, sa.func.coalesce(lot.c.ceiling_pence, 0)
    if appointment_id is not None:
        yield appointment, appointment.c.id == appointment_id, None
    yield own, own.c.id == call_off.id, None


def held_by(session: Session, call_off: CallOff, kind: EntryKind) -> Amount:
    """What the call-off's entries of one kind add up to: on basis and net. Reads this call-off's own entries only."""
    entries = table_of(LedgerEntry)
    on_basis, net = (
        session.connection()
        .execute(
            sa.select(
                sa.func.coalesce(sa.func.sum(entries.c.amount_pence), 0),
                sa.func.coalesce(sa.func.sum(entries.c.net_pence), 0),
            ).where(entries.c.call_off_id == call_off.id, entries.c.kind == kind)
        )
        .one()
    )
    return Amount(Money(int(on_basis)), Money(int(net)))


def free_reservation(
    session: Session, call_off: CallOff, *, actor: Visitor, reason: str, on: date | None = None
) -> Money:
    """Give back whatever the call-off still reserves, counting for `on` (None: today); returns it on the agreement's basis."""
    held = held_by(session, call_off, EntryKind.RESERVATION)
    post(session, call_off, {EntryKind.RESERVATION: -held}, actor=actor, reason=reason, on=on)
    return held.on_basis


def run_out(session: Session, agreement_id: int | None = None) -> list[int]:
    """Ids of call-offs whose approval has passed its last day with the reservation still standing (a few at most)."""
    table = table_of(CallOff)
    query = sa.select(table.c.id).where(
        # A literal, as the index says it, and sorted here: otherwise the whole table would be read on every page.
        table.c.reserved_pence > sa.literal_column("0"),
        table.c.awarded_at.is_(None),
        table.c.approval_valid_until < dates.today(),
    )
    if agreement_id is not None:
        query = query.where(table.c.agreement_id == agreement_id)
    return sorted(session.connection().execute(query).scalars())


def release_run_out(session: Session, agreement_id: int | None = None) -> int:
    """Free the reservations of approvals that have run out, as the clock; returns how many. Take the agreement's row first."""
    found = run_out(session, agreement_id)
    for call_off_id in found:
        call_off = session.exec(
            select(CallOff).where(CallOff.id == call_off_id).execution_options(populate_existing=True)
        ).one()
        basis = session.get_one(FrameworkAgreement, call_off.agreement_id).basis
        # It counts for the day on which it ran out, whenever somebody or a job came to write it down.
        ended = call_off.approval_valid_until
        ran_out_on = ended + timedelta(days=1) if ended else None
        freed = free_reservation(session, call_off, actor=CLOCK, reason="approval ran out", on=ran_out_on)
        audit.record(
            session,
            actor=CLOCK,
            action="approval_ran_out",
            subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
            facts={"freed": freed, "basis": basis.label, "last_day": call_off.approval_valid_until},
        )
    return len(found)
