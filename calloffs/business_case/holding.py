"""Taking a case's row, so that two people cannot both act on what only one of them may change."""

from sqlmodel import Session, select

from calloffs.business_case.case import BusinessCase
from framework.definitions.rules import ChangedMeanwhile, NotFound
from framework.people.permissions import Permission, Visitor, permitted
from framework.records.audit import Subject


def hold(
    session: Session, actor: Visitor, permission: Permission, case: BusinessCase, seen: int | None
) -> BusinessCase:
    """The case read afresh, its row held until the transaction ends.

    `seen` is the version the person had before them (None: whatever it is now). Raises `NotFound` without the permission at
    the case's authority, and `ChangedMeanwhile` when the case has moved on from the version seen.
    """
    permitted(actor, permission, case.authority_id)
    held = session.exec(
        select(BusinessCase)
        .where(BusinessCase.id == case.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if held is None:
        raise NotFound
    if seen is not None and seen != held.version:
        raise ChangedMeanwhile
    return held


def subject_of(case: BusinessCase) -> Subject:
    """The case as audit records name it."""
    return Subject("business_case", case.id, case.reference, case.authority_id)
