"""Undoing a match: the ledger gets the reverse, the line waits again, and what the match taught is forgotten."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.extracts.spend_line import SpendLine
from calloffs.matching import learning, posting, settling
from calloffs.matching.flagging import at_arrival
from calloffs.matching.flags import Flag, column
from calloffs.matching.matching import subject_of
from calloffs.matching.posting import Wanted
from calloffs.matching.spend_match import SpendMatch
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, Refusal, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit


def undo_match(session: Session, *, actor: Visitor, match: SpendMatch) -> None:
    """Undo a match: post the reverse on the same days, and put the line back in the queue.

    Raises `Refused` where the call-off is closed or another line rests on this one, `ChangedMeanwhile`, `NotFound`.
    """
    call_off = session.get_one(CallOff, match.call_off_id)
    permitted(actor, Permission.INVOICE_RECORD, call_off.authority_id)
    agreement = ledger.hold(session, call_off.agreement_id)
    session.refresh(call_off)
    session.refresh(match)
    if match.undone_at:
        raise ChangedMeanwhile
    line = session.exec(
        select(SpendLine).where(SpendLine.id == match.line_id).execution_options(populate_existing=True)
    ).one()
    reverse(session, actor=actor, agreement=agreement, call_off=call_off, match=match)
    let_go(session, actor=actor, line=line, match=match)
    audit.record(
        session,
        actor=actor,
        action="line_match_undone",
        subject=subject_of(call_off),
        facts={
            "line": line.id,
            "invoiced": Money(match.invoiced_pence),
            "paid": Money(match.paid_pence),
            "basis": agreement.basis.label,
        },
    )


def reverse(
    session: Session, *, actor: Visitor, agreement: FrameworkAgreement, call_off: CallOff, match: SpendMatch
) -> None:
    """Post the reverse of whatever stands for a match. Raises `Refused` and posts nothing where that cannot be."""
    if call_off.closed_at and (match.invoiced_pence or match.paid_pence):
        raise Refused(
            Refusal(
                f"{call_off.reference} was closed on {dates.in_words(call_off.closed_at)} and its figures are final. "
                "This line cannot be taken out of it any more"
            )
        )
    settling.take_back(session, actor=actor, agreement=agreement, call_off=call_off, match=match)
    if match.invoice_id is not None:
        return
    stands = posting.standing(session, [match.line_id], call_off.id).get(match.line_id, {})
    made = posting.steps(stands, Wanted(match.line_id, reason="match undone"))
    if no := posting.below_nothing(call_off, made, agreement.basis):
        raise Refused(no)
    step = posting.moved(made, EntryKind.INVOICE)
    room = posting.accepted_over(session, call_off.id) - Money(match.over_pence)
    after = Money(call_off.invoiced_pence + step.pence - call_off.committed_pence)
    if step.pence > 0 and after > max(room, Money.zero()):
        raise Refused(
            Refusal(
                f"Without this credit, {after} ({agreement.basis.label}) more would be invoiced on {call_off.reference} than its value. "
                "Undo the match of an invoice first, or vary the call-off",
                rule="RULE-33",
            )
        )
    posting.post(session, call_off, made, actor=actor)


def let_go(
    session: Session,
    *,
    actor: Visitor,
    line: SpendLine,
    match: SpendMatch,
    also: Iterable[Flag] = (),
    forget: bool = True,
) -> None:
    """The line waits again, and the match is kept as undone."""
    match.undone_at, match.undone_by_id = dates.now(), actor.person_id
    session.add(match)
    session.flush()
    line.call_off_id = None
    known = {*at_arrival(line)} if line.supplier_id is not None else set()
    line.flags = column({*known, *also}, may_be_ours=True)
    session.add(line)
    session.flush()
    if forget:
        learning.forget(session, actor=actor, match=match)


def standing_match(session: Session, line_id: int) -> SpendMatch | None:
    """The match of a line that stands now, if there is one."""
    return session.exec(
        select(SpendMatch).where(SpendMatch.line_id == line_id, col(SpendMatch.undone_at).is_(None))
    ).one_or_none()
