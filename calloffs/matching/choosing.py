"""Choosing a call-off for a line by hand: one click on a suggestion, or a reference that was typed."""

from dataclasses import dataclass

from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.extracts.spend_line import SpendLine
from calloffs.matching.matching import match
from calloffs.matching.queue import call_off_of, suggested
from calloffs.matching.spend_match import SpendMatch, Why
from framework.definitions.rules import NotFound, refuse
from framework.people.permissions import Permission, Visitor


def match_by_hand(
    session: Session, *, actor: Visitor, line: SpendLine, reference: str, over_why: str = ""
) -> SpendMatch:
    """Match a line to the call-off with this reference; why it was suggested is kept, where it was.

    Raises `Refused` where this authority has no such call-off, and whatever `match` raises.
    """
    try:
        call_off = call_off_of(session, line, reference)
    except NotFound:
        refuse(
            "No awarded call-off of your authority has this reference. Check it, or search below", "call_off"
        )
    found = suggested(session, [line]).get(line.id, [])
    why, because = next(
        ((one.why, one.because) for one in found if one.candidate.call_off_id == call_off.id),
        (Why.BY_HAND, "Chosen by hand"),
    )
    return match(
        session, actor=actor, line=line, call_off=call_off, why=why, because=because, over_why=over_why
    )


@dataclass(frozen=True, slots=True)
class Made:
    """A match that stands, with its call-off's reference."""

    match: SpendMatch
    reference: str


def made(session: Session, visitor: Visitor, number: int) -> Made:
    """A standing match of the visitor's own authorities. Raises `NotFound`."""
    row = session.exec(
        select(SpendMatch, CallOff)
        .join(CallOff, CallOff.id == SpendMatch.call_off_id)  # type: ignore[arg-type]
        .where(SpendMatch.id == number)
    ).one_or_none()
    if row is None or row[0].undone_at or not visitor.may(Permission.INVOICE_RECORD, row[1].authority_id):
        raise NotFound
    return Made(row[0], row[1].reference)
