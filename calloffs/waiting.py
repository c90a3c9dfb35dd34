"""Who has a call-off now, and for how many days."""

from dataclasses import dataclass
from datetime import datetime

from calloffs.call_off import CallOff, CallOffStatus
from framework.definitions import dates

S = CallOffStatus
YOU = "You"
"""The owner, said to the owner."""
_OVER = (S.REJECTED, S.CANCELLED, S.CLOSED, S.AWARD_WITHDRAWN)
_WITH_OWNER = (
    S.DRAFT,
    S.RETURNED,
    S.APPROVED,
    S.APPROVAL_RAN_OUT,
    S.ACCEPTED,
    S.AWARDED,
    S.ENDED,
    S.TERMINATED,
)


@dataclass(frozen=True, slots=True)
class Having:
    """Who has it, what for, and since when; `who` is None when nobody has anything left to do."""

    who: str | None
    what: str
    since: datetime
    several: bool = False

    @property
    def days(self) -> int:
        """Whole London days since, 0 on the same day."""
        return (dates.today() - dates.as_london(self.since).date()).days

    @property
    def verb(self) -> str:
        """ "has" for one, "have" for you and for both sides of an order form."""
        return "have" if self.several or self.who == YOU else "has"


_WHAT = {
    S.DRAFT: "to finish and raise",
    S.SUBMITTED: "to decide",
    S.RETURNED: "to put right and raise again",
    S.REJECTED: "rejected",
    S.APPROVED: "to offer to a partner",
    S.APPROVAL_RAN_OUT: "to raise again or cancel",
    S.OFFERED: "to answer the offer",
    S.ACCEPTED: "to award",
    S.AWARDED: "to issue the order form",
    S.ISSUED: "to sign",
    S.SIGNED: "signed, not yet started",
    S.LIVE: "work under way",
    S.SUSPENDED: "work suspended",
    S.ENDED: "to close",
    S.TERMINATED: "to close",
    S.CLOSED: "closed",
    S.AWARD_WITHDRAWN: "award withdrawn",
    S.CANCELLED: "cancelled",
}


def having(call_off: CallOff, *, owner: str, authority: str, partner: str | None, nobody: str = "") -> Having:
    """Read who has it from its status; `nobody` says why none can be asked, where that is known. Both sides have an issued order form until each has signed."""
    status = call_off.status
    who: str | None = owner
    several = False
    if status in _OVER:
        who = None
    elif status is S.SUBMITTED or _price_waits(call_off):
        who = f"An approver at {authority}"
    elif status is S.OFFERED:
        who = "The partner"
    elif status is S.ISSUED:
        left = _signing(call_off, authority, partner or "The partner")
        who, several = " and ".join(left) or authority, len(left) > 1
    elif status not in _WITH_OWNER:
        who = partner
    what = "to approve the price" if _price_waits(call_off) else _WHAT[status]
    if status is S.APPROVED and nobody:
        what = f"to change or to cancel, because {nobody}"
    return Having(who, what, _since(call_off, status), several)


def _price_waits(call_off: CallOff) -> bool:
    asked, answered = call_off.price_approval_asked_at, call_off.price_approved_net_pence
    return call_off.status is S.ACCEPTED and asked is not None and answered is None


def _signing(call_off: CallOff, authority: str, partner: str) -> list[str]:
    return [
        name
        for name, at in ((authority, call_off.buyer_signed_at), (partner, call_off.partner_signed_at))
        if at is None
    ]


def _since(call_off: CallOff, status: CallOffStatus) -> datetime:
    moments = {
        S.DRAFT: call_off.created_at,
        S.SUBMITTED: call_off.submitted_at,
        S.RETURNED: call_off.returned_at,
        S.REJECTED: call_off.rejected_at,
        S.CANCELLED: call_off.cancelled_at,
        S.CLOSED: call_off.closed_at,
        S.AWARD_WITHDRAWN: call_off.award_withdrawn_at,
        S.OFFERED: call_off.offered_at,
        S.ACCEPTED: call_off.price_approval_asked_at or call_off.accepted_at,
        S.AWARDED: call_off.awarded_at,
        S.ISSUED: call_off.issued_at,
        S.SUSPENDED: call_off.suspended_at,
    }
    if status is S.APPROVAL_RAN_OUT and call_off.approval_valid_until:
        return dates.end_of(call_off.approval_valid_until)
    if status is S.TERMINATED and call_off.terminated_on:
        return dates.end_of(call_off.terminated_on)
    if status is S.ENDED and call_off.ends_on:
        return dates.end_of(call_off.ends_on)
    last = (call_off.signed_at, call_off.approved_at, call_off.submitted_at, call_off.created_at)
    return moments.get(status) or next(one for one in last if one is not None)
