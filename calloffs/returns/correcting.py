"""Correcting a return: the lines of the version before are reversed and new ones added; nothing that was given is changed."""

from datetime import date

from sqlmodel import Session

from calloffs.returns.asking import AskedCallOff, asked_of
from calloffs.returns.giving import (
    RULES,
    Intent,
    LineFacts,
    ReturnFacts,
    Seen,
    as_seen,
    hold,
    spoken,
    write_down,
)
from calloffs.returns.monthly_return import MonthlyReturn, ReturnVersion
from calloffs.returns.reading import Said, facts_of, head_of, newest_lines
from framework.definitions import dates
from framework.definitions.rules import NotFound, require
from framework.people.permissions import Permission, Visitor, permitted


def check_correction(
    session: Session, *, actor: Visitor, supplier_id: int, month: date, facts: ReturnFacts, reason: str
) -> None:
    """Ask every rule about a correction, and change nothing. Raises `Refused` and `NotFound` as correcting does."""
    permitted(actor, Permission.RETURN_GIVE, supplier_id)
    head = head_of(session, supplier_id, month)
    if head is None or not head.versions:
        raise NotFound
    _checked(session, head, facts, reason)


def correct_return(
    session: Session,
    *,
    actor: Visitor,
    supplier_id: int,
    month: date,
    facts: ReturnFacts,
    reason: str,
    seen: Seen,
) -> ReturnVersion:
    """Give the next version, with a reason. It replaces the one before, which stays readable.

    Raises `Refused` with every reason, `NotFound`, or `ChangedMeanwhile` when a colleague corrected it first.
    """
    permitted(actor, Permission.RETURN_GIVE, supplier_id)
    head = hold(session, supplier_id, month)
    if not head.versions:
        raise NotFound
    as_seen(head, seen)
    lines, asked, newest = _checked(session, head, facts, reason)
    return write_down(
        session, actor=actor, head=head, lines=lines, asked=asked, reason=reason.strip(), reverses=newest
    )


def _checked(
    session: Session, head: MonthlyReturn, facts: ReturnFacts, reason: str
) -> tuple[tuple[LineFacts, ...], dict[int, AskedCallOff], list[Said]]:
    newest = newest_lines(session, head)
    before = {line.call_off_id for line, _ in newest}
    asked = {one.id: one for one in asked_of(session, head.supplier_id, head.month, before)}
    lines = spoken(facts, asked)
    said = tuple(facts_of(line, days) for line, days in newest)
    require(Intent(head.month, dates.today(), asked, lines, True, reason, said), RULES)
    return lines, asked, newest
