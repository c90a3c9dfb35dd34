"""Putting matches right when their lines change or go: the ledger gets the difference, and nothing is edited."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.extracts.spend_line import SpendLine
from calloffs.matching import matching, posting, settling
from calloffs.matching.flagging import when_matched
from calloffs.matching.flags import Flag, column, of
from calloffs.matching.known import candidate
from calloffs.matching.posting import Wanted
from calloffs.matching.spend_match import SpendMatch
from calloffs.matching.supplier_meant import suppliers_of
from calloffs.matching.undoing import let_go, reverse
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import Refusal, Refused
from framework.people.permissions import Visitor
from framework.records import audit
from framework.records.columns import table_of

_BLOCK = 500
_Held = tuple[FrameworkAgreement, CallOff, list[SpendMatch]]


def matched(session: Session, line_ids: Sequence[int]) -> list[SpendMatch]:
    """The standing matches of lines, ordered so that every session takes agreements in the same order."""
    found: list[SpendMatch] = []
    for start in range(0, len(line_ids), _BLOCK):
        query = select(SpendMatch).where(
            col(SpendMatch.line_id).in_(line_ids[start : start + _BLOCK]), col(SpendMatch.undone_at).is_(None)
        )
        found += session.exec(query.execution_options(populate_existing=True))
    return found


def _by_call_off(session: Session, matches: Sequence[SpendMatch]) -> Iterator[_Held]:
    """Matches by call-off, each under its agreement's hold, agreements in the order of their numbers."""
    if not matches:
        return
    ids = {one.call_off_id for one in matches}
    rows = session.connection().execute(
        sa.select(col(CallOff.id), col(CallOff.agreement_id)).where(col(CallOff.id).in_(ids))
    )
    where = dict(rows.all())
    ordered = sorted(matches, key=lambda one: (where[one.call_off_id], one.call_off_id, one.line_id))
    for call_off_id, own in groupby(ordered, key=lambda one: one.call_off_id):
        agreement = ledger.hold(session, where[call_off_id])
        call_off = session.exec(
            select(CallOff).where(CallOff.id == call_off_id).execution_options(populate_existing=True)
        ).one()
        yield agreement, call_off, list(own)


def put_right(session: Session, *, actor: Visitor, matches: Sequence[SpendMatch]) -> None:
    """Post what changed on matched lines; a line that no longer fits goes back into the queue. Never refuses."""
    for agreement, call_off, own in _by_call_off(session, matches):
        before = (call_off.invoiced_pence, call_off.paid_pence)
        taken_out = 0
        for one in own:
            line = _line_of(session, one)
            taken_out += _follow(session, actor, agreement, call_off, line, one)
        _tell(session, actor, agreement, call_off, "lines_followed", len(own), before, taken_out)


def _follow(
    session: Session,
    actor: Visitor,
    agreement: FrameworkAgreement,
    call_off: CallOff,
    line: SpendLine,
    match: SpendMatch,
) -> bool:
    """Put one match right; True when its line was taken out of the call-off."""
    target = candidate(session, call_off)
    flags = {Flag.CHANGED}
    if call_off.closed_at is None:
        billed = settling.invoice_of(session, line, target.supplier_id)
        try:
            if match.invoice_id is not None or billed is not None:
                flags |= _again(session, actor, agreement, call_off, line, match)
            else:
                _difference(session, actor, agreement, call_off, line, match)
        except Refused:
            return _out(session, actor, agreement, call_off, line, match)
    elif match.invoiced_pence or match.paid_pence:
        flags.add(Flag.CLOSED)
    if match.over_pence:
        flags.add(Flag.OVER_VALUE)
    meant = suppliers_of(session, [line]).get(line.id)
    line.supplier_id = meant or line.supplier_id
    line.flags = column(flags | set(when_matched(line, target, meant)))
    session.add(line)
    session.flush()
    return False


def _difference(
    session: Session,
    actor: Visitor,
    agreement: FrameworkAgreement,
    call_off: CallOff,
    line: SpendLine,
    match: SpendMatch,
) -> None:
    if no := posting.too_early(line):
        raise Refused(no)
    wanted = posting.should_stand(line, posting.counted(agreement.basis, line.net_pence, line.gross_pence))
    wanted.reason = "line corrected"
    stands = posting.standing(session, [line.id], call_off.id).get(line.id, {})
    made = posting.steps(stands, wanted)
    if no := posting.below_nothing(call_off, made, agreement.basis):
        raise Refused(no)
    step = posting.moved(made, EntryKind.INVOICE)
    if wanted.sum_of(EntryKind.INVOICE).on_basis.pence < 0:
        _within(session, call_off, step, Money.zero())
    elif over := posting.over_by(call_off, step).pence:
        # What somebody accepted was another line's, or another amount: nobody has accepted this.
        raise Refused(_past(call_off, over))
    posting.post(session, call_off, made, actor=actor)
    matching.note(match, wanted)
    session.add(match)


def _again(
    session: Session,
    actor: Visitor,
    agreement: FrameworkAgreement,
    call_off: CallOff,
    line: SpendLine,
    match: SpendMatch,
) -> set[Flag]:
    """A line that pays an invoice recorded here: the payment is taken back and made anew."""
    if match.invoice_id is not None:
        now = call_off.paid_pence - match.paid_pence
        if now < 0:
            raise Refused(Refusal("A credit rests on this payment"))
    reverse(session, actor=actor, agreement=agreement, call_off=call_off, match=match)
    match.invoice_id = match.payment_id = None
    matching.note(match, Wanted(match.line_id))
    match.over_pence, match.over_why = 0, ""
    session.flush()
    return matching.write(
        session, actor=actor, agreement=agreement, call_off=call_off, line=line, match=match
    )


def _out(
    session: Session,
    actor: Visitor,
    agreement: FrameworkAgreement,
    call_off: CallOff,
    line: SpendLine,
    match: SpendMatch,
) -> bool:
    try:
        reverse(session, actor=actor, agreement=agreement, call_off=call_off, match=match)
    except Refused:
        # Neither the new amount nor none at all can stand: the old one stays, and somebody has to look.
        line.flags = column({*of(line.flags), Flag.CHANGED})
        session.add(line)
        session.flush()
        return False
    line.supplier_id = suppliers_of(session, [line]).get(line.id)
    let_go(session, actor=actor, line=line, match=match, also=(Flag.CHANGED, Flag.OVER_VALUE), forget=False)
    return True


def take_out(session: Session, *, actor: Visitor, matches: Sequence[SpendMatch]) -> None:
    """Undo many matches whose lines go, each call-off's entries together. Raises `Refused` where that cannot be."""
    for agreement, call_off, own in _by_call_off(session, matches):
        before = (call_off.invoiced_pence, call_off.paid_pence)
        plain = [one for one in own if one.invoice_id is None]
        for one in own:
            if one.invoice_id is not None:
                reverse(session, actor=actor, agreement=agreement, call_off=call_off, match=one)
        _reverse_together(session, actor, agreement, call_off, plain)
        for one in own:
            let_go(session, actor=actor, line=_line_of(session, one), match=one, forget=True)
        _tell(session, actor, agreement, call_off, "line_matches_taken_back", len(own), before, len(own))


def _reverse_together(
    session: Session,
    actor: Visitor,
    agreement: FrameworkAgreement,
    call_off: CallOff,
    matches: Sequence[SpendMatch],
) -> None:
    posted = [one for one in matches if one.invoiced_pence or one.paid_pence]
    if not posted:
        return
    if call_off.closed_at:
        raise Refused(_final(call_off))
    ids = [one.line_id for one in posted]
    stands = posting.standing(session, ids, call_off.id)
    made = [
        step
        for line_id in ids
        for step in posting.steps(stands.get(line_id, {}), Wanted(line_id, reason="file taken back"))
    ]
    if no := posting.below_nothing(call_off, made, agreement.basis):
        raise Refused(no)
    lost = Money(sum(one.over_pence for one in posted))
    _within(session, call_off, posting.moved(made, EntryKind.INVOICE), lost)
    posting.post(session, call_off, made, actor=actor)


def _within(session: Session, call_off: CallOff, step: Money, lost: Money) -> None:
    """Refuse a step that takes invoiced further past committed than was accepted. `lost` is what is no longer accepted."""
    over = call_off.invoiced_pence + step.pence - call_off.committed_pence
    accepted = posting.accepted_over(session, call_off.id) - lost
    if step.pence > 0 and over > max(accepted.pence, 0):
        raise Refused(_past(call_off, over))


def _past(call_off: CallOff, over: int) -> Refusal:
    return Refusal(
        f"{Money(over)} more would be invoiced on {call_off.reference} than its value. Vary the call-off first",
        rule="RULE-33",
    )


def against_taking_out(session: Session, import_id: int) -> list[Refusal]:
    """Why matches of an import's lines cannot all be undone, by call-off: what is final, what a credit rests on, what would be past a value."""
    call_off, lines, own = (table_of(one) for one in (CallOff, SpendLine, SpendMatch))
    posted = sa.or_(own.c.invoiced_pence != 0, own.c.paid_pence != 0)
    sums = [sa.func.sum(own.c[f"{name}_pence"]) for name in ("invoiced", "paid", "over")]
    rows = session.connection().execute(
        sa.select(own.c.call_off_id, *sums)
        .select_from(
            lines.join(own, sa.and_(own.c.line_id == lines.c.id, own.c.undone_at.is_(None))).join(
                call_off, call_off.c.id == own.c.call_off_id
            )
        )
        .where(lines.c.import_id == import_id, lines.c.withdrawn_at.is_(None), posted)
        .group_by(own.c.call_off_id)
        .order_by(own.c.call_off_id)
    )
    found = []
    for call_off_id, *pence in rows.all():
        one, (invoiced, paid, lost) = session.get_one(CallOff, call_off_id), map(int, pence)
        over = one.invoiced_pence - invoiced - one.committed_pence
        if one.closed_at:
            found.append(_final(one))
        elif one.invoiced_pence < invoiced or one.paid_pence < paid:
            found.append(
                Refusal(f"A credit on {one.reference} rests on lines of this file. Undo its match first")
            )
        elif invoiced < 0 and over > max(posting.accepted_over(session, one.id).pence - lost, 0):
            found.append(_past(one, over))
    return found


def _final(call_off: CallOff) -> Refusal:
    assert call_off.closed_at is not None
    return Refusal(
        f"{call_off.reference} was closed on {dates.in_words(call_off.closed_at)} and its figures are final. "
        "Its lines cannot be taken back any more"
    )


def _line_of(session: Session, match: SpendMatch) -> SpendLine:
    return session.exec(
        select(SpendLine).where(SpendLine.id == match.line_id).execution_options(populate_existing=True)
    ).one()


def _tell(
    session: Session,
    actor: Visitor,
    agreement: FrameworkAgreement,
    call_off: CallOff,
    action: str,
    lines: int,
    before: tuple[int, int],
    taken_out: int,
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action if actor.person_id else f"{action}_by_command",
        subject=matching.subject_of(call_off),
        facts={
            "lines": lines,
            "taken_out": taken_out,
            "invoiced": (Money(before[0]), Money(call_off.invoiced_pence)),
            "paid": (Money(before[1]), Money(call_off.paid_pence)),
            "basis": agreement.basis.label,
        },
    )
