"""Closing a call-off: deliverables settled, the final figures agreed by finance, the outcome recorded, the rest released."""

from collections.abc import Iterable
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff, CallOffStatus
from calloffs.feedback import Moment
from calloffs.giving_feedback import give_feedback, too_little
from calloffs.offer import Deliverable, Offer
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from calloffs.spend.invoice import Invoice
from calloffs.spend.ledger import Amount
from calloffs.telling import tell_partner
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refusal, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from framework.records.columns import table_of

_OVER = (CallOffStatus.ENDED, CallOffStatus.TERMINATED)


class Rating(StrEnum):
    """How the call-off went, in the words of the performance notice (RULE-41)."""

    GOOD = "good"
    APPROACHING_TARGET = "approaching_target"
    REQUIRES_IMPROVEMENT = "requires_improvement"
    INADEQUATE = "inadequate"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


def deliverables(session: Session, call_off: CallOff) -> list[Deliverable]:
    """What the partner of the accepted offer promised to hand over, in order."""
    return list(
        session.exec(
            select(Deliverable)
            .where(Deliverable.offer_id == call_off.offer_id)
            .order_by(col(Deliverable.number))
        )
    )


def accept_deliverable(
    session: Session,
    *,
    actor: Visitor,
    call_off: CallOff,
    deliverable: Deliverable,
    waived_reason: str | None = None,
) -> None:
    """Accept a deliverable of a signed call-off, or, with a reason, do without it. Raises `Refused`, `NotFound`."""
    permitted(actor, Permission.CALL_OFF_RAISE, call_off.authority_id)
    if deliverable.offer_id != call_off.offer_id:
        raise NotFound
    session.flush()
    session.refresh(call_off, with_for_update=True)
    session.refresh(deliverable)
    found = []
    if call_off.signed_at is None or call_off.closed_at:
        found.append(
            Refusal(
                f"Deliverables are accepted between signing and closing. {call_off.reference} is {call_off.status.label.lower()}"
            )
        )
    if is_settled(deliverable):
        found.append(Refusal(f"Deliverable {deliverable.number} is settled already"))
    if waived_reason is not None and not waived_reason.strip():
        found.append(Refusal("Enter why the council does without it", "waived_reason"))
    if found:
        raise Refused(*found)
    deliverable.accepted_by_id = actor.person_id
    if waived_reason is None:
        deliverable.accepted_at = dates.now()
    else:
        deliverable.waived_reason = waived_reason.strip()
    audit.record(
        session,
        actor=actor,
        action="deliverable_accepted" if waived_reason is None else "deliverable_waived",
        subject=_subject(call_off),
        facts={"number": deliverable.number, "due_on": deliverable.due_on},
        words={} if waived_reason is None else {"reason": waived_reason.strip()},
    )


def is_settled(deliverable: Deliverable) -> bool:
    """Whether a deliverable has been accepted or waived."""
    return deliverable.accepted_at is not None or bool(deliverable.waived_reason)


def unsettled(session: Session, call_off: CallOff) -> list[Refusal]:
    """Every invoice not paid in full, when together they leave something to pay or to be refunded."""
    table = table_of(Invoice)
    left = table.c.gross_pence - table.c.paid_gross_pence
    rows = session.connection().execute(
        sa.select(table.c.number, table.c.due_on, left.label("unpaid"))
        .where(table.c.call_off_id == call_off.id, left != 0)
        .order_by(table.c.id)
    )
    found = rows.all()
    # A credit note that cancels what is left of an invoice settles both: no money need move.
    if not sum(row.unpaid for row in found):
        return []
    return [
        Refusal(
            f"Invoice {row.number} has {Money(row.unpaid)} including VAT left to pay, due {dates.in_words(row.due_on)}"
            if row.unpaid > 0
            else f"Credit note {row.number} has {Money(-row.unpaid)} including VAT left to be refunded"
        )
        for row in found
    ]


def agree_final(session: Session, *, actor: Visitor, call_off: CallOff) -> None:
    """Finance agrees that everything billed is settled, so that the call-off may close.

    A later invoice or payment undoes the agreement. Raises `Refused` naming each unpaid invoice, `NotFound`.
    """
    permitted(actor, Permission.CALL_OFF_CLOSE, call_off.authority_id)
    permitted(actor, Permission.INVOICE_RECORD, call_off.authority_id)
    ledger.hold(session, call_off.agreement_id)
    session.refresh(call_off)
    found = _is_over(call_off)
    if call_off.finance_agreed_at:
        found.append(Refusal("The final figures are agreed already"))
    found.extend(unsettled(session, call_off))
    found.extend(_not_covered(session, call_off))
    if found:
        raise Refused(*found)
    call_off.finance_agreed_at = dates.now()
    call_off.finance_agreed_by_id = actor.person_id
    audit.record(
        session,
        actor=actor,
        action="final_figures_agreed",
        subject=_subject(call_off),
        facts={"invoiced": Money(call_off.invoiced_pence), "paid": Money(call_off.paid_pence)},
    )


def close_call_off(
    session: Session, *, actor: Visitor, call_off: CallOff, outcome: str, rating: Rating | None, feedback: str
) -> Money:
    """Close an ended or terminated call-off; returns what went back to headroom, on the agreement's basis.

    Needs every deliverable accepted or waived, the final figures agreed by somebody else in finance, an outcome and a rating,
    and feedback. The partner reads rating and `feedback`; `outcome` stays at the council.
    What was committed becomes what was invoiced, and the case's use follows (RULE-32). Raises `Refused`, `NotFound`.
    """
    permitted(actor, Permission.CALL_OFF_CLOSE, call_off.authority_id)
    permitted(actor, Permission.CALL_OFF_RAISE, call_off.authority_id)
    ledger.hold(session, call_off.agreement_id)
    session.refresh(call_off)
    found = [
        *_is_over(call_off),
        *_not_ready(session, actor, call_off),
        *_not_covered(session, call_off),
    ]
    if not outcome.strip():
        found.append(Refusal("Enter what the council got for its money", "outcome"))
    if rating is None:
        found.append(Refusal("Choose how it went", "rating", "RULE-41"))
    if no := too_little(feedback):
        found.append(no)
    if found or rating is None:
        raise Refused(*found)
    before = Money(call_off.committed_pence)
    released = _release(session, actor, call_off)
    call_off.closed_at = dates.now()
    call_off.outcome = outcome.strip()
    call_off.outcome_rating = rating.value
    audit.record(
        session,
        actor=actor,
        action="call_off_closed",
        subject=_subject(call_off),
        facts={
            "committed": (before, Money(call_off.committed_pence)),
            "released": released,
            "rating": rating.value,
        },
        words={"outcome": outcome.strip()},
    )
    _tell(session, actor, call_off, feedback)
    return released


def _tell(session: Session, actor: Visitor, call_off: CallOff, feedback: str) -> None:
    offer = session.get_one(Offer, call_off.offer_id)
    give_feedback(session, actor=actor, call_off=call_off, offer=offer, moment=Moment.CLOSE, words=feedback)
    tell_partner(
        session,
        offer,
        why="closed",
        subject=f"Closed, with feedback: {call_off.reference}",
        lines=[
            f"{call_off.title} is closed. The council has said how it went.",
            "You may reply once, and your reply is kept beside its words. Sign in to read them:",
        ],
    )


def _release(session: Session, actor: Visitor, call_off: CallOff) -> Money:
    committed = ledger.held_by(session, call_off, EntryKind.COMMITMENT)
    rest = committed - ledger.held_by(session, call_off, EntryKind.INVOICE)
    # Where the basis is gross and less VAT was billed than expected, more net may have been billed than was committed:
    # then the case keeps what it has, and nothing more is asked of it.
    rest = Amount(rest.on_basis, max(rest.net, Money.zero()))
    ledger.post(
        session,
        call_off,
        {EntryKind.COMMITMENT: -rest},
        actor=actor,
        reason="closed",
        appointment_id=call_off.appointment_id,
    )
    return rest.on_basis


def _is_over(call_off: CallOff) -> list[Refusal]:
    if call_off.status in _OVER:
        return []
    return [
        Refusal(
            f"A call-off is closed after its last day. {call_off.reference} is {call_off.status.label.lower()}"
        )
    ]


def _not_ready(session: Session, actor: Visitor, call_off: CallOff) -> list[Refusal]:
    found = [
        Refusal(f"Deliverable {one.number} is neither accepted nor waived")
        for one in deliverables(session, call_off)
        if not is_settled(one)
    ]
    if call_off.finance_agreed_at is None:
        found.append(Refusal("Finance has not agreed the final figures yet"))
    elif call_off.finance_agreed_by_id == actor.person_id:
        found.append(Refusal("You agreed the final figures, so somebody else must close the call-off"))
    return found


def _not_covered(session: Session, call_off: CallOff) -> list[Refusal]:
    """More was invoiced than is committed, because somebody accepted it on a match: a variation has to cover it first (RULE-33)."""
    over = Money(call_off.invoiced_pence - call_off.committed_pence)
    if over.pence <= 0:
        return []
    basis = session.get_one(FrameworkAgreement, call_off.agreement_id).basis.label
    return [
        Refusal(
            f"{over} ({basis}) more is invoiced on {call_off.reference} than its value. Vary the call-off first, so that its value "
            "covers what was invoiced, or undo the match that went past it",
            rule="RULE-33",
        )
    ]


def _subject(call_off: CallOff) -> audit.Subject:
    return audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id)


def ended_not_closed(
    session: Session, authority_ids: Iterable[int], *, agreed: bool | None = None
) -> list[CallOff]:
    """The first ten call-offs of these authorities that are over and not closed, the longest ago first.

    `agreed` keeps only those whose final figures finance has agreed (or not).
    """
    today = dates.today()
    query = select(CallOff).where(
        col(CallOff.authority_id).in_(set(authority_ids)),
        col(CallOff.signed_at).is_not(None),
        col(CallOff.closed_at).is_(None),
        col(CallOff.award_withdrawn_at).is_(None),
        col(CallOff.cancelled_at).is_(None),
        sa.or_(col(CallOff.ends_on) < today, col(CallOff.terminated_on) < today),
    )
    if agreed is not None:
        known = col(CallOff.finance_agreed_at)
        query = query.where(known.is_not(None) if agreed else known.is_(None))
    return list(session.exec(query.order_by(col(CallOff.ends_on), col(CallOff.id)).limit(10)))
