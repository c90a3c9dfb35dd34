"""Matching all certain lines of an authority: what would be done is shown with its sum first, then done in short transactions.

A line is certain when the rules say so, its amounts say enough, it stays within what is committed, and its call-off is open.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.extracts.finding import counts
from calloffs.extracts.finding import line as _line
from calloffs.extracts.spend_line import SpendLine
from calloffs.matching import matching, posting, weighing
from calloffs.matching.flagging import when_matched
from calloffs.matching.flags import column
from calloffs.matching.known import candidate, known, said_by
from calloffs.matching.queue import amount_of
from calloffs.matching.rules import Candidate, Known, Suggestion, suggestions
from calloffs.matching.spend_match import SpendMatch
from calloffs.matching.supplier_meant import suppliers_of
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from framework.records.columns import table_of

_READ = 1000
IN_ONE = 200
"""Lines matched in one transaction, so that nobody waits long for the agreement's row."""

Writing = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Sure:
    """A line that is certain: where it belongs, why, and what it adds on the agreement's basis."""

    row: Any
    suggestion: Suggestion
    amount: Money


@dataclass(frozen=True, slots=True)
class Held:
    """A line that the rules are certain of and that is not matched without a look, and why."""

    row: Any
    suggestion: Suggestion
    why: str

    @property
    def amount(self) -> tuple[Money, str]:
        """What the line says, and on which basis."""
        return amount_of(self.row)


@dataclass(slots=True)
class Plan:
    """All certain lines of an authority. Sums are by basis, because net and gross are never added."""

    sure: list[Sure] = field(default_factory=list)
    looked_at: int = 0
    held: list[Held] = field(default_factory=list)
    """Lines that would be certain, but pass their call-off's value, are perhaps paid twice, or the like."""

    @property
    def held_back(self) -> int:
        return len(self.held)

    @property
    def sums(self) -> list[tuple[str, int, Money]]:
        """Of each basis: its name, how many lines, and their sum."""
        found: dict[str, tuple[int, Money]] = {}
        for one in self.sure:
            basis = one.suggestion.candidate.basis.label
            lines, total = found.get(basis, (0, Money.zero()))
            found[basis] = (lines + 1, total + one.amount)
        return [(basis, lines, total) for basis, (lines, total) in sorted(found.items())]

    @property
    def by_call_off(self) -> list[tuple[Candidate, int, Money]]:
        """Of each call-off: how many lines and their sum, the largest first."""
        found: dict[int, tuple[Candidate, int, Money]] = {}
        for one in self.sure:
            target = one.suggestion.candidate
            _, lines, total = found.get(target.call_off_id, (target, 0, Money.zero()))
            found[target.call_off_id] = (target, lines + 1, total + one.amount)
        return sorted(found.values(), key=lambda one: -one[2].pence)

    @property
    def mark(self) -> str:
        """What was shown, so that nothing else is done: how many lines, their sum and the last of them."""
        total = sum(one.amount.pence for one in self.sure)
        return f"{len(self.sure)}.{total}.{max((one.row.id for one in self.sure), default=0)}"


def plan(
    session: Session,
    visitor: Visitor,
    authority_id: int,
    *,
    source: int | None = None,
    imported: int | None = None,
) -> Plan:
    """Look at every waiting line that names anything certain, or at those of one source or import alone.

    Raises `NotFound` for somebody who may not match here.
    """
    permitted(visitor, Permission.INVOICE_RECORD, authority_id)
    everything, made = known(session, authority_id), Plan()
    room: dict[int, tuple[int, int]] = {}
    seen: dict[weighing.Key, int] = {}
    for rows in _waiting(session, authority_id, source, imported):
        made.looked_at += len(rows)
        said = said_by(session, rows)
        found = [(row, _certain(said[row.id], everything)) for row in rows]
        sure = [(row, one) for row, one in found if one is not None]
        standing = weighing.facts(session, everything, [(row, one.candidate) for row, one in sure], seen)
        for row, one in sorted(sure, key=lambda pair: (pair[0].net_pence or 0) < 0):
            _weigh(made, room, row, one, standing)
    return made


def _certain(said: Any, everything: Known) -> Suggestion | None:
    found = suggestions(said, everything, by_name=False)
    return found[0] if found and found[0].certain else None


def _weigh(
    made: Plan,
    room: dict[int, tuple[int, int]],
    row: Any,
    one: Suggestion,
    standing: weighing.Facts,
) -> None:
    target = one.candidate
    amount = posting.counted(target.basis, row.net_pence, row.gross_pence)
    no = weighing.held_back(row, target, standing)
    if no is None and amount is not None and standing.invoice(row, target) is None:
        invoiced, paid = room.get(target.call_off_id, (target.invoiced.pence, target.paid.pence))
        step = amount.on_basis.pence
        no = weighing.no_room(target, invoiced, paid, step, row.paid_on is not None)
        if no is None:
            room[target.call_off_id] = (invoiced + step, paid + (step if row.paid_on else 0))
    if no is not None or amount is None:
        made.held.append(Held(row, one, no or ""))
        return
    standing.remember(row, target)
    made.sure.append(Sure(row, one, amount.on_basis))


def _waiting(
    session: Session, authority_id: int, source: int | None, imported: int | None
) -> Iterator[Sequence[Any]]:
    """Blocks of the waiting lines that have anything to go by, in the order in which they came."""
    c, last = _line.c, 0
    only = [
        column == value
        for column, value in ((c.source_id, source), (c.import_id, imported))
        if value is not None
    ]
    while True:
        query = (
            sa.select(*_line.c)
            .where(c.authority_id == authority_id, c.id > last, matching.likely(), counts(), *only)
            .order_by(c.id)
            .limit(_READ)
        )
        rows = session.connection().execute(query).all()
        if not rows:
            return
        yield rows
        last = rows[-1].id


def match_all_certain(writing: Writing, *, actor: Visitor, authority_id: int, shown: Plan, mark: str) -> int:
    """Match every certain line as it was shown; returns how many. Each transaction holds one agreement and is short.

    `shown` is what is certain now, looked at before anybody's turn to write is taken; `mark` is that of the page. Raises
    `ChangedMeanwhile` where they differ. What was matched before a breakdown stays matched.
    """
    permitted(actor, Permission.INVOICE_RECORD, authority_id)
    if shown.mark != mark:
        raise ChangedMeanwhile
    groups: dict[int, list[Sure]] = {}
    for one in shown.sure:
        groups.setdefault(one.suggestion.candidate.agreement_id, []).append(one)
    done = 0
    for agreement_id in sorted(groups):
        lines = sorted(groups[agreement_id], key=lambda one: one.suggestion.candidate.call_off_id)
        for start in range(0, len(lines), IN_ONE):
            with writing() as session:
                done += match_block(
                    session,
                    actor=actor,
                    authority_id=authority_id,
                    agreement_id=agreement_id,
                    lines=lines[start : start + IN_ONE],
                )
    return done


def match_block(
    session: Session, *, actor: Visitor, authority_id: int, agreement_id: int, lines: Sequence[Sure]
) -> int:
    """Match certain lines of one agreement in the caller's transaction, with one record; returns how many were matched.

    Under the hold each line is claimed and weighed again: whatever is no longer certain is left in the queue.
    """
    permitted(actor, Permission.INVOICE_RECORD, authority_id)
    agreement = ledger.hold(session, agreement_id)
    by_call_off: dict[int, list[Sure]] = {}
    for one in lines:
        by_call_off.setdefault(one.suggestion.candidate.call_off_id, []).append(one)
    made: list[SpendMatch] = []
    for call_off_id, own in sorted(by_call_off.items()):
        call_off = session.exec(
            select(CallOff)
            .where(CallOff.id == call_off_id, col(CallOff.authority_id) == authority_id)
            .execution_options(populate_existing=True)
        ).one()
        if call_off.closed_at is None:
            made += _match_on(session, actor, agreement, call_off, own)
    if made:
        audit.record(
            session,
            actor=actor,
            action="lines_matched",
            subject=audit.Subject("framework_agreement", agreement_id, agreement.reference, authority_id),
            facts={
                "lines": len(made),
                "call_offs": len({one.call_off_id for one in made}),
                "invoiced": Money(sum(one.invoiced_pence for one in made)),
                "paid": Money(sum(one.paid_pence for one in made)),
                "basis": agreement.basis.label,
                "first_line": min(one.line_id for one in made),
                "last_line": max(one.line_id for one in made),
            },
        )
    return len(made)


def _match_on(
    session: Session, actor: Visitor, agreement: Any, call_off: CallOff, own: Sequence[Sure]
) -> list[SpendMatch]:
    target = candidate(session, call_off)
    everything = known(session, call_off.authority_id)
    standing = weighing.facts(session, everything, [(one.row, target) for one in own])
    plain: list[Sure] = []
    linked: list[Sure] = []
    for one in own:
        # Somebody may have matched another line like it, or recorded its invoice, since it was shown.
        if weighing.held_back(one.row, target, standing) is None:
            (plain if standing.invoice(one.row, target) is None else linked).append(one)
    made = _match_plain(session, actor, call_off, target, plain)
    for one in linked:
        line = session.get_one(SpendLine, one.row.id)
        try:
            found = matching.match(
                session,
                actor=actor,
                line=line,
                call_off=call_off,
                why=one.suggestion.why,
                because=one.suggestion.because,
                told=False,
            )
        except ChangedMeanwhile:
            continue  # somebody else took this line first
        made.append(found)
    return made


def _match_plain(
    session: Session, actor: Visitor, call_off: CallOff, target: Candidate, own: Sequence[Sure]
) -> list[SpendMatch]:
    """Many lines at once: the rows in bulk, each balance moved once for each kind."""
    fits, steps = [], []
    invoiced, paid = call_off.invoiced_pence, call_off.paid_pence
    for one in own:
        wanted = posting.should_stand(
            one.row, posting.counted(target.basis, one.row.net_pence, one.row.gross_pence)
        )
        by = wanted.sum_of(EntryKind.INVOICE).on_basis.pence
        by_paid = wanted.sum_of(EntryKind.PAYMENT).on_basis.pence
        if (by > 0 and invoiced + by > call_off.committed_pence) or invoiced + by < 0 or paid + by_paid < 0:
            continue
        invoiced, paid = invoiced + by, paid + by_paid
        fits.append((one, wanted))
    claimed = matching.claim(session, [one.row.id for one, _ in fits], call_off.id) if fits else set()
    made, flagged = [], []
    now = dates.now()
    meant = suppliers_of(session, [one.row for one, _ in fits])
    for one, wanted in fits:
        if one.row.id not in claimed:
            continue
        found = SpendMatch(
            line_id=one.row.id,
            call_off_id=call_off.id,
            why=one.suggestion.why,
            because=one.suggestion.because[:300],
            matched_at=now,
            matched_by_id=actor.person_id,
        )
        matching.note(found, wanted)
        made.append(found)
        steps += posting.steps({}, wanted)
        flags = column(when_matched(one.row, target, meant.get(one.row.id)))
        if flags != one.row.flags:
            flagged.append({"b_id": one.row.id, "b_flags": flags})
    if made:
        rows = [one.model_dump(exclude={"id"}) for one in made]
        session.connection().execute(table_of(SpendMatch).insert(), rows)
    if flagged:
        session.connection().execute(
            _line.update().where(_line.c.id == sa.bindparam("b_id")).values(flags=sa.bindparam("b_flags")),
            flagged,
        )
    posting.post(session, call_off, steps, actor=actor)
    return made
