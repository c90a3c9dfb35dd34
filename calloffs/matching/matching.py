"""Matching one line to a call-off: the decision, its entries in the ledger, its flags and its record."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.extracts.finding import counts
from calloffs.extracts.finding import line as _line
from calloffs.extracts.spend_import import ImportState, SpendImport
from calloffs.extracts.spend_line import LIKELY, SpendLine
from calloffs.matching import learning, naming, posting, settling, weighing
from calloffs.matching.flagging import when_matched
from calloffs.matching.flags import Flag, column
from calloffs.matching.known import candidate, known
from calloffs.matching.rules import Candidate
from calloffs.matching.spend_match import SpendMatch, Why
from calloffs.matching.supplier_meant import named_by_line, suppliers_by_line, suppliers_of
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from framework.records.columns import table_of

_import = table_of(SpendImport)
MOST_WORDS = 500


def match(
    session: Session,
    *,
    actor: Visitor,
    line: SpendLine,
    call_off: CallOff,
    why: Why,
    because: str,
    over_why: str = "",
    told: bool = True,
) -> SpendMatch:
    """Match a line to a call-off of its own authority and post it (RULE-91).

    `over_why` is the reason for going past what is committed (RULE-33), refused when it is needed and blank. Nothing is posted on a
    closed call-off, nor for a line whose amounts do not say enough: the line is matched and flagged. A batch, which has one record
    for all its lines and teaches nothing, says `told=False`. Raises `Refused`, `ChangedMeanwhile` when the line is matched already,
    `NotFound`.
    """
    permitted(actor, Permission.INVOICE_RECORD, line.authority_id)
    if call_off.authority_id != line.authority_id:
        raise NotFound
    agreement = ledger.hold(session, call_off.agreement_id)
    session.refresh(call_off)
    if call_off.awarded_at is None or call_off.award_withdrawn_at or call_off.cancelled_at:
        raise Refused(
            Refusal(
                f"{call_off.reference} is {call_off.status.label.lower()}. A line can be matched to it once it is awarded",
                "call_off",
            )
        )
    if not claim(session, [line.id], call_off.id):
        raise ChangedMeanwhile
    session.refresh(line)
    target = candidate(session, call_off)
    made = SpendMatch(
        line_id=line.id,
        call_off_id=call_off.id,
        why=why,
        because=because[:300],
        matched_at=dates.now(),
        matched_by_id=actor.person_id,
    )
    session.add(made)
    session.flush()
    flags = write(
        session, actor=actor, agreement=agreement, call_off=call_off, line=line, match=made, over_why=over_why
    )
    # What the line means before this match teaches anything: only so can it be said that it names somebody else.
    flags |= set(when_matched(line, target, _supplier(session, line)))
    if told and weighing.perhaps_twice(session, known(session, line.authority_id), line, target):
        flags.add(Flag.DUPLICATE_PAYMENT)
    learned = (
        told
        and not _names_another(session, line, target)
        and learning.learn(session, actor=actor, line=line, supplier_id=target.supplier_id, match=made)
    )
    line.flags = column(flags)
    session.add(line)
    session.flush()
    if told:
        _tell(session, actor, call_off, agreement, line, made, learned)
    return made


def claim(session: Session, line_ids: list[int], call_off_id: int) -> set[int]:
    """Take lines that wait: of two who match the same line at once, one is answered with nothing."""
    taken = session.connection().execute(
        _line.update()
        .where(
            _line.c.id.in_(line_ids),
            counts(),
            _line.c.call_off_id.is_(None),
            _line.c.not_ours_at.is_(None),
            _line.c.import_id.not_in(sa.select(_import.c.id).where(_import.c.state == ImportState.UNDOING)),
        )
        .values(call_off_id=call_off_id)
        .returning(_line.c.id)
    )
    return set(taken.scalars())


def write(
    session: Session,
    *,
    actor: Visitor,
    agreement: FrameworkAgreement,
    call_off: CallOff,
    line: SpendLine,
    match: SpendMatch,
    over_why: str = "",
) -> set[Flag]:
    """Post what a match asks of the ledger and note it on the match; returns the flags that come of it."""
    if call_off.closed_at:
        return {Flag.CLOSED}
    if no := posting.too_early(line):
        raise Refused(no)
    target = candidate(session, call_off)
    invoice = settling.invoice_of(session, line, target.supplier_id)
    if invoice is not None:
        if no := settling.elsewhere(session, invoice, call_off):
            raise Refused(no)
        return _pay(session, actor, agreement, call_off, line, match, invoice)
    wanted = posting.should_stand(line, posting.counted(agreement.basis, line.net_pence, line.gross_pence))
    stands = posting.standing(session, [line.id], call_off.id).get(line.id, {})
    made = posting.steps(stands, wanted)
    if no := posting.below_nothing(call_off, made, agreement.basis):
        raise Refused(no)
    over = posting.over_by(call_off, posting.moved(made, EntryKind.INVOICE))
    if over.pence and not over_why.strip():
        raise Refused(past(target, over))
    posting.post(session, call_off, made, actor=actor)
    note(match, wanted)
    match.over_pence, match.over_why = over.pence, over_why.strip()[:MOST_WORDS] if over.pence else ""
    session.add(match)
    session.flush()
    return {Flag.OVER_VALUE} if over.pence else set()


def past(target: Candidate, over: Money) -> Refusal:
    """The question that a line past a call-off's value asks."""
    left = max(target.committed - target.invoiced, Money.zero())
    return Refusal(
        f"{target.reference} has {left} ({target.basis.label}) left to invoice, and this line takes it {over} past its value. "
        "Vary the call-off first, or tick that you accept it and say why",
        "over_why",
        "RULE-33",
        left,
    )


def _pay(
    session: Session,
    actor: Visitor,
    agreement: FrameworkAgreement,
    call_off: CallOff,
    line: SpendLine,
    match: SpendMatch,
    invoice: Any,
) -> set[Flag]:
    settled = settling.settle(
        session, actor=actor, agreement=agreement, call_off=call_off, invoice=invoice, line=line
    )
    match.invoice_id = invoice.id
    match.payment_id = settled.payment.id if settled.payment else None
    match.paid_pence, match.paid_net_pence = settled.paid.on_basis.pence, settled.paid.net.pence
    session.add(match)
    session.flush()
    flags = {Flag.DUPLICATE_PAYMENT} if settled.twice else set()
    return flags | ({Flag.NEEDS_VAT} if settled.unclear else set())


def note(match: SpendMatch, wanted: posting.Wanted) -> None:
    """Keep on the match what stands for it."""
    invoiced, paid = wanted.sum_of(EntryKind.INVOICE), wanted.sum_of(EntryKind.PAYMENT)
    match.invoiced_pence, match.invoiced_net_pence = invoiced.on_basis.pence, invoiced.net.pence
    match.paid_pence, match.paid_net_pence = paid.on_basis.pence, paid.net.pence


def _supplier(session: Session, line: SpendLine) -> int | None:
    return suppliers_of(session, [line]).get(line.id)


def _names_another(session: Session, line: SpendLine, target: Candidate) -> bool:
    """Whether the line has another partner's own name or company number: its supplier number is not this one's then."""
    registered = suppliers_by_line(session, [line])[line.id][1]
    named = named_by_line(session, [line]).get(line.id)
    if named is not None and naming.same(line.supplier_name, target.partner):
        named = target.supplier_id
    return any(one is not None and one != target.supplier_id for one in (registered, named))


def _tell(
    session: Session,
    actor: Visitor,
    call_off: CallOff,
    agreement: FrameworkAgreement,
    line: SpendLine,
    made: SpendMatch,
    learned: bool,
) -> None:
    audit.record(
        session,
        actor=actor,
        action="line_matched",
        subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
        facts={
            "line": line.id,
            "why": made.why.value,
            "invoiced": Money(made.invoiced_pence),
            "paid": Money(made.paid_pence),
            "basis": agreement.basis.label,
            "over": Money(made.over_pence),
            "supplier_number_learned": learned,
        },
        words={"because": made.because, "over_why": made.over_why},
    )


def subject_of(call_off: CallOff) -> audit.Subject:
    """The call-off as records name it."""
    return audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id)


def waits() -> sa.ColumnElement[bool]:
    """Lines that wait to be matched, said as the index of them says it."""
    return sa.and_(
        _line.c.call_off_id.is_(None), _line.c.withdrawn_at.is_(None), _line.c.not_ours_at.is_(None)
    )


def likely() -> sa.ColumnElement[bool]:
    """Lines that wait and say anything by which a match could be certain, as the index of them says it."""
    return sa.literal_column(f"({LIKELY})", sa.Boolean)
