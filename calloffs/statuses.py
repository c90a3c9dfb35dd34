"""What a call-off is now, said to the database: the same question as `CallOff.status_at`, for lists.

A test holds the two to the same answer in every state.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from calloffs.call_off import CallOff, CallOffStatus
from framework.definitions import dates
from framework.records.columns import table_of

S = CallOffStatus

# Groups of the list's filter: the word in the address, what the reader sees, and the statuses meant.
GROUPS: dict[str, tuple[str, tuple[CallOffStatus, ...]]] = {
    "draft": ("Being drafted", (S.DRAFT, S.RETURNED)),
    "waiting": ("Waiting for approval", (S.SUBMITTED,)),
    "approved": ("Approved", (S.APPROVED, S.APPROVAL_RAN_OUT)),
    "offered": ("With a partner", (S.OFFERED, S.ACCEPTED)),
    "awarded": ("Awarded, not yet started", (S.AWARDED, S.ISSUED, S.SIGNED)),
    "live": ("Live", (S.LIVE, S.SUSPENDED)),
    "ended": ("Ended or closed", (S.ENDED, S.TERMINATED, S.CLOSED)),
    "stopped": ("Rejected, withdrawn or cancelled", (S.REJECTED, S.AWARD_WITHDRAWN, S.CANCELLED)),
}


def status_of(moment: datetime) -> sa.ColumnElement[str]:
    """An expression that says each row's status at a moment, in the order in which `status_at` asks."""
    c = table_of(CallOff).c
    today = dates.as_london(moment).date()

    def happened(column: Any) -> Any:
        return column.is_not(None)

    running = sa.case(
        (c.terminated_on < today, S.TERMINATED.value),
        (c.ends_on < today, S.ENDED.value),
        (happened(c.suspended_at), S.SUSPENDED.value),
        (c.starts_on > today, S.SIGNED.value),
        else_=S.LIVE.value,
    )
    requested = sa.case(
        (c.submitted_at.is_(None), S.DRAFT.value),
        (c.rejected_at >= c.submitted_at, S.REJECTED.value),
        (c.returned_at >= c.submitted_at, S.RETURNED.value),
        (c.approved_at.is_(None), S.SUBMITTED.value),
        (c.approval_valid_until < today, S.APPROVAL_RAN_OUT.value),
        (happened(c.accepted_at), S.ACCEPTED.value),
        (c.offer_deadline_at >= moment, S.OFFERED.value),
        else_=S.APPROVED.value,
    )
    return sa.case(
        (happened(c.cancelled_at), S.CANCELLED.value),
        (happened(c.award_withdrawn_at), S.AWARD_WITHDRAWN.value),
        (happened(c.closed_at), S.CLOSED.value),
        (happened(c.signed_at), running),
        (sa.and_(happened(c.awarded_at), happened(c.issued_at)), S.ISSUED.value),
        (happened(c.awarded_at), S.AWARDED.value),
        else_=requested,
    )


def undecided() -> sa.ColumnElement[bool]:
    """The terms of the index of requests that wait; every submitted call-off meets them."""
    c = table_of(CallOff).c
    return sa.and_(c.submitted_at.is_not(None), c.approved_at.is_(None), c.cancelled_at.is_(None))


def unpriced() -> sa.ColumnElement[bool]:
    """The terms of the index of accepted prices that wait for an approver."""
    c = table_of(CallOff).c
    asked = c.price_approval_asked_at.is_not(None)
    return sa.and_(asked, c.price_approved_net_pence.is_(None), c.awarded_at.is_(None))


def is_one_of(statuses: tuple[CallOffStatus, ...], moment: datetime) -> sa.ColumnElement[bool]:
    """Whether a row's status at a moment is one of these."""
    if statuses == (S.SUBMITTED,):
        # Says nothing new, but lets the database find what waits without reading everything that ever was.
        return sa.and_(undecided(), status_of(moment) == S.SUBMITTED.value)
    return status_of(moment).in_([one.value for one in statuses])
