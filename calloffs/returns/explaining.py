"""Explaining a difference: either side adds a note, and the council may settle the difference with words."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from calloffs import finding
from calloffs.call_off import CallOff
from calloffs.returns.comparing import Compared, Match, one_row
from calloffs.returns.monthly_return import ReturnNote, Side, month_in_words
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, Refused
from framework.people.permissions import Permission, Visitor
from framework.people.person import Person
from framework.records import audit
from framework.records.audit import Subject

_COUNCIL = (Permission.INVOICE_RECORD, Permission.CALL_OFF_RAISE)


def seen_row(session: Session, visitor: Visitor, reference: str, month: date) -> tuple[CallOff, Compared]:
    """One call-off in one month, for readers of spend at its authority and for its own partner. Raises `NotFound`."""
    found = finding.call_off(session, visitor, reference)
    row = one_row(session, found, month)
    if row is None:
        raise NotFound
    council = visitor.may(Permission.SPEND_READ, found.authority_id)
    if not council and not visitor.may(Permission.RETURN_GIVE, row.supplier_id):
        raise NotFound
    return found, row


def side_of(visitor: Visitor, found: CallOff, row: Compared) -> Side | None:
    """For which side the visitor may write; None for somebody who only reads."""
    if any(visitor.may(one, found.authority_id) for one in _COUNCIL):
        return Side.COUNCIL
    return Side.PARTNER if visitor.may(Permission.RETURN_GIVE, row.supplier_id) else None


def write_note(
    session: Session,
    *,
    actor: Visitor,
    reference: str,
    month: date,
    words: str,
    settles: bool = False,
    figures: tuple[Money, Money] | None = None,
) -> ReturnNote:
    """Add a note. A council's may settle the difference between the two figures as they are: once one changes, it is open again.

    `figures` are what the writer saw (returned, recorded; net of VAT): other ones since then are a `ChangedMeanwhile`.
    Raises `Refused` with every reason, `NotFound` for somebody who only reads.
    """
    found, row = seen_row(session, actor, reference, month)
    side = side_of(actor, found, row)
    if side is None:
        raise NotFound
    now = (row.said or Money.zero(), row.recorded)
    if figures is not None and figures != now:
        raise ChangedMeanwhile
    reasons = list(_against(row, words, side, settles))
    if reasons:
        raise Refused(*reasons)
    assert actor.person_id is not None
    note = ReturnNote(
        call_off_id=found.id,
        month=month,
        side=side,
        words=words.strip(),
        settles=settles,
        said_net_pence=now[0].pence,
        recorded_net_pence=now[1].pence,
        written_at=dates.now(),
        written_by_id=actor.person_id,
    )
    session.add(note)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="return_explained" if settles else "return_noted",
        subject=Subject("call_off", found.id, found.reference, found.authority_id),
        facts={"month": month_in_words(month), "returned": now[0], "recorded": now[1]},
        words={"note": note.words},
    )
    return note


def _against(row: Compared, words: str, side: Side, settles: bool) -> Sequence[Refusal]:
    reasons = []
    if not words.strip():
        reasons.append(Refusal("Enter what explains the difference", "words"))
    if len(words) > 2000:
        reasons.append(Refusal("The note must be 2,000 characters or fewer", "words"))
    if settles and side is not Side.COUNCIL:
        reasons.append(Refusal("Only the council can mark a difference as explained", "settles"))
    elif settles and row.match is not Match.DIFFERS:
        reasons.append(Refusal("There is no open difference to mark as explained", "settles"))
    return reasons


def notes_of(session: Session, call_off_id: int, month: date) -> list[tuple[ReturnNote, str]]:
    """Every note on a call-off and month with the name of its writer, the newest first."""
    return list(
        session.exec(
            select(ReturnNote, Person.name)
            .join(Person, col(Person.id) == col(ReturnNote.written_by_id))
            .where(ReturnNote.call_off_id == call_off_id, ReturnNote.month == month)
            .order_by(col(ReturnNote.id).desc())
        )
    )
