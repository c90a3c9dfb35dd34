"""Writing a business case: from an empty draft until it is put to an approver, or given up."""

from sqlmodel import Session, select

from calloffs.business_case.case import BusinessCase, CaseStatus
from calloffs.business_case.completing import TO_KEEP, TO_SUBMIT
from calloffs.business_case.holding import hold, subject_of
from calloffs.business_case.lines import CaseFacts, facts_of, put
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, Refused, refuse, require
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit

_OPEN = (CaseStatus.DRAFT, CaseStatus.RETURNED)


def write_case(session: Session, *, actor: Visitor, authority_id: int, facts: CaseFacts) -> BusinessCase:
    """Begin a case as a draft, with the authority's next reference; gaps are allowed, a title and a type are needed.

    Raises `NotFound` without the permission at the authority and `Refused` when the lines make no sense.
    """
    permitted(actor, Permission.CASE_WRITE, authority_id)
    require(facts, TO_KEEP)
    assert facts.kind is not None
    assert actor.person_id is not None
    authority = _number(session, authority_id)
    case = BusinessCase(
        reference=f"BC-{authority.short_name}-{authority.last_case_number:04}",
        authority_id=authority_id,
        author_id=actor.person_id,
        changed_by_id=actor.person_id,
        kind=facts.kind,
        title=facts.title,
        created_at=dates.now(),
    )
    put(session, case, facts)
    audit.record(
        session,
        actor=actor,
        action="case_written",
        subject=subject_of(case),
        facts={"requested": facts.requested},
    )
    return case


def _number(session: Session, authority_id: int) -> Party:
    # The authority's row is held so that two cases begun at once do not share a number.
    authority = session.exec(
        select(Party)
        .where(Party.id == authority_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if authority is None:
        raise NotFound
    authority.last_case_number += 1
    session.add(authority)
    return authority


def change_case(
    session: Session, *, actor: Visitor, case: BusinessCase, facts: CaseFacts, seen: int | None = None
) -> BusinessCase:
    """Write the case anew; any commissioning manager of its authority may, while it is a draft or has been returned.

    `seen` is the version that was before the writer. Raises `Refused` when the case can no longer be changed or its lines make
    no sense, and `ChangedMeanwhile` when somebody else changed it first.
    """
    held = hold(session, actor, Permission.CASE_WRITE, case, seen)
    if refusal := may_not_change(held):
        raise Refused(refusal)
    require(facts, TO_KEEP)
    before = held.requested
    put(session, held, facts)
    held.changed_by_id = actor.person_id
    held.version += 1
    audit.record(
        session,
        actor=actor,
        action="case_changed",
        subject=subject_of(held),
        facts={"requested": (before, held.requested)},
    )
    return held


def may_not_change(case: BusinessCase) -> Refusal | None:
    """Why the case cannot be changed any more; None while it is a draft or has been returned."""
    status = case.status_on(dates.today())
    if status in _OPEN:
        return None
    if status is CaseStatus.SUBMITTED:
        return Refusal(
            "This case waits for a decision, so it cannot be changed. Ask an approver to return it to you"
        )
    return Refusal(f"This case is {status.label.lower()}, so it cannot be changed. Write a new one instead")


def submit_case(
    session: Session, *, actor: Visitor, case: BusinessCase, seen: int | None = None
) -> BusinessCase:
    """Put a complete case to the authority's approvers; from then on it cannot be changed until they return it.

    Raises `Refused` with everything that is missing (RULE-62, RULE-64, RULE-71).
    """
    held = hold(session, actor, Permission.CASE_WRITE, case, seen)
    if held.status_on(dates.today()) not in _OPEN:
        raise ChangedMeanwhile
    require(facts_of(session, held), TO_SUBMIT)
    held.submitted_at = dates.now()
    held.submitted_by_id = actor.person_id
    # A new submission waits for a new decision; the earlier one stays in the decisions.
    held.decided_at = held.outcome = None
    held.version += 1
    session.add(held)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="case_submitted",
        subject=subject_of(held),
        facts={"requested": held.requested},
    )
    return held


def withdraw_case(
    session: Session, *, actor: Visitor, case: BusinessCase, reason: str = "", seen: int | None = None
) -> BusinessCase:
    """Give the case up for good, with the reason, before it is approved or rejected."""
    held = hold(session, actor, Permission.CASE_WRITE, case, seen)
    if held.status_on(dates.today()) not in (*_OPEN, CaseStatus.SUBMITTED):
        raise ChangedMeanwhile
    if not reason.strip():
        refuse("Say why the case is withdrawn", "reason")
    held.withdrawn_at = dates.now()
    held.version += 1
    session.add(held)
    session.flush()
    audit.record(
        session, actor=actor, action="case_withdrawn", subject=subject_of(held), words={"reason": reason}
    )
    return held
