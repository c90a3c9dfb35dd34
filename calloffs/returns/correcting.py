"""Correcting a return: the lines of the version before are reversed and new ones added; nothing that was given is changed."""

from datetime import date

from sqlmodel import Session

from calloffs.returns.asking import asked_of
from calloffs.returns.giving import RULES, Intent, ReturnFacts, Seen, as_seen, hold, spoken, write_down
from calloffs.returns.monthly_return import ReturnVersion
from calloffs.returns.reading import facts_of, newest_lines
from framework.definitions import dates
from framework.definitions.rules import NotFound, require
from framework.people.permissions import Permission, Visitor, permitted


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
    newest = newest_lines(session, head)
    before = {line.call_off_id for line, _ in newest}
    asked = {one.id: one for one in asked_of(session, supplier_id, month, before)}
    lines = spoken(facts, asked)
    said = tuple(facts_of(line, days) for line, days in newest)
    require(Intent(month, dates.today(), asked, lines, True, reason, said), RULES)
    return write_down(
        session, actor=actor, head=head, lines=lines, asked=asked, reason=reason.strip(), reverses=newest
    )
