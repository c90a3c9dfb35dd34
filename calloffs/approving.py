"""Approving a call-off request: somebody else, within their limit, decides; a no frees the reservation at once."""

from datetime import timedelta

from sqlmodel import Session

from calloffs.call_off import CallOff, CallOffDecision, CallOffStatus
from calloffs.drafting import about
from calloffs.holding import hold_call_off
from calloffs.offer import Offer
from calloffs.spend import ledger
from framework.agreement import AgreementStatus, FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, Refusal, Refused, refuse
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit

OUTCOMES = ("approved", "returned", "rejected")
# Whoever did any of these worked on the request, also when somebody else touched it last.
_WORK = (
    "draft_changed",
    "options_changed",
    "call_off_raised",
    "call_off_raised_again",
    "price_approval_asked",
)


def decide_call_off(
    session: Session,
    *,
    actor: Visitor,
    call_off: CallOff,
    outcome: str,
    reason: str = "",
    conditions: str = "",
    submission: int | None = None,
) -> CallOffDecision:
    """Approve, return or reject a request. `submission` is the one the approver was shown, when known.

    Raises `Refused` (own request, limit, missing reason), `ChangedMeanwhile` when somebody decided or changed it first, `NotFound`.
    """
    agreement = hold_call_off(session, call_off)
    permitted(actor, Permission.CALL_OFF_APPROVE, call_off.authority_id)
    if call_off.status is not CallOffStatus.SUBMITTED:
        raise ChangedMeanwhile(
            Refusal(
                f"{call_off.reference} does not wait for a decision: it is {call_off.status.label.lower()}"
            )
        )
    if submission is not None and submission != call_off.submissions:
        raise ChangedMeanwhile()
    value = call_off.value
    limit = actor.limit_at(call_off.authority_id, Permission.CALL_OFF_APPROVE)
    refusals = _against(session, actor, call_off, outcome, reason)
    if outcome == "approved":
        refusals += [*_over_limit(limit, value), *_not_live(agreement)]
    if refusals:
        raise Refused(*refusals)
    freed = Money.zero()
    if outcome == "approved":
        authority = session.get_one(Party, call_off.authority_id)
        call_off.approved_at = dates.now()
        call_off.approved_net_pence = value.pence
        call_off.approval_valid_until = dates.today() + timedelta(days=authority.approval_valid_days)
    else:
        if outcome == "returned":
            call_off.returned_at = dates.now()
        else:
            call_off.rejected_at = dates.now()
        freed = ledger.free_reservation(session, call_off, actor=actor, reason=outcome)
    session.add(call_off)
    decision = _decision(session, actor, call_off, "raise", outcome, value, limit, reason, conditions)
    audit.record(
        session,
        actor=actor,
        action=f"call_off_{outcome}",
        subject=about(call_off),
        facts={
            "value": value,
            "limit": limit,
            "freed": freed,
            "basis": agreement.basis.label,
            "valid_until": call_off.approval_valid_until,
            "submission": call_off.submissions,
        },
        words={"reason": reason, "conditions": conditions},
    )
    return decision


def own_request(actor: Visitor, call_off: CallOff) -> bool:
    """Whether the actor drafted, changed, raised or has the call-off: nobody approves what they raised."""
    return actor.person_id in {
        call_off.owner_id,
        call_off.drafted_by_id,
        call_off.changed_by_id,
        call_off.submitted_by_id,
    }


def _against(session: Session, actor: Visitor, call_off: CallOff, outcome: str, reason: str) -> list[Refusal]:
    found = []
    if outcome not in OUTCOMES:
        found.append(Refusal("Choose to approve, return or reject", field="outcome"))
    if own_request(actor, call_off) or audit.has_done(session, actor, _WORK, "call_off", call_off.id):
        found.append(Refusal("You worked on this request, so somebody else must decide it", field="outcome"))
    if outcome in ("returned", "rejected") and not reason:
        found.append(Refusal("Say why, so that the commissioning manager knows what to do", field="reason"))
    return found


def _over_limit(limit: Money | None, value: Money) -> list[Refusal]:
    if limit is None:
        return [Refusal("You have no approval limit, so you cannot approve", field="outcome")]
    if value > limit:
        return [
            Refusal(
                f"Your limit is {limit} net of VAT, and this is worth {value} net of VAT, options included. "
                "Somebody with a higher limit must approve it",
                field="outcome",
            )
        ]
    return []


def _not_live(agreement: FrameworkAgreement) -> list[Refusal]:
    status = agreement.status_on(dates.today())
    if status in (AgreementStatus.LIVE, AgreementStatus.EXHAUSTED):
        return []
    return [
        Refusal(
            f"{agreement.title} is {status.label.lower()}, so nothing can be approved under it today",
            field="outcome",
            rule="RULE-21",
        )
    ]


def _decision(
    session: Session,
    actor: Visitor,
    call_off: CallOff,
    stage: str,
    outcome: str,
    value: Money,
    limit: Money | None,
    reason: str,
    conditions: str,
) -> CallOffDecision:
    decision = CallOffDecision(
        call_off_id=call_off.id,
        stage=stage,
        outcome=outcome,
        value_net_pence=value.pence,
        reason=reason,
        conditions=conditions,
        decided_by_id=actor.person_id,  # type: ignore[arg-type]
        limit_net_pence=None if limit is None else limit.pence,
        decided_at=dates.now(),
    )
    session.add(decision)
    session.flush()
    return decision


def price_to_approve(session: Session, call_off: CallOff) -> Money | None:
    """The maximum value at the accepted offer's price, net of VAT, options and expenses cap included; None without one."""
    offer = session.get(Offer, call_off.offer_id) if call_off.offer_id else None
    if offer is None or offer.price_net_pence is None:
        return None
    return Money(offer.price_net_pence + call_off.options_net_pence + call_off.expenses_net_pence)


def ask_price_approval(session: Session, *, actor: Visitor, call_off: CallOff) -> None:
    """Ask an approver for an accepted price above what was approved. Nothing more is reserved until award."""
    hold_call_off(session, call_off)
    permitted(actor, Permission.CALL_OFF_AWARD, call_off.authority_id)
    price = price_to_approve(session, call_off)
    if call_off.status is not CallOffStatus.ACCEPTED or price is None:
        refuse(f"{call_off.reference} has no accepted price to approve")
    if call_off.price_approval_asked_at and call_off.price_approved_net_pence is None:
        refuse(f"An approver has already been asked about the price of {call_off.reference}")
    if price.pence <= max(call_off.approved_net_pence, call_off.price_approved_net_pence or 0):
        refuse(f"{price} net of VAT is already approved for {call_off.reference}")
    call_off.price_approval_asked_at = dates.now()
    call_off.price_approved_net_pence = None
    session.add(call_off)
    audit.record(
        session,
        actor=actor,
        action="price_approval_asked",
        subject=about(call_off),
        facts={"price": price, "approved": Money(call_off.approved_net_pence)},
    )


def price_waits(call_off: CallOff) -> bool:
    """Whether an approver has been asked about the price and has not answered."""
    return (
        call_off.status is CallOffStatus.ACCEPTED
        and call_off.price_approval_asked_at is not None
        and call_off.price_approved_net_pence is None
    )


def approve_price(
    session: Session, *, actor: Visitor, call_off: CallOff, outcome: str = "approved", reason: str = ""
) -> CallOffDecision:
    """Approve or reject the accepted price. Rejecting keeps the offer; the commissioning manager decides what follows."""
    agreement = hold_call_off(session, call_off)
    permitted(actor, Permission.CALL_OFF_APPROVE, call_off.authority_id)
    price = price_to_approve(session, call_off)
    if not price_waits(call_off) or price is None:
        raise ChangedMeanwhile(Refusal(f"The price of {call_off.reference} does not wait for a decision"))
    limit = actor.limit_at(call_off.authority_id, Permission.CALL_OFF_APPROVE)
    refusals = _against(session, actor, call_off, outcome, reason)
    if outcome == "returned":
        refusals.append(Refusal("Approve the price or reject it", field="outcome"))
    if outcome == "approved":
        refusals += [*_over_limit(limit, price), *_not_live(agreement)]
    if refusals:
        raise Refused(*refusals)
    if outcome == "approved":
        call_off.price_approved_net_pence = price.pence
    else:
        call_off.price_approval_asked_at = None
    session.add(call_off)
    decision = _decision(session, actor, call_off, "price", outcome, price, limit, reason, "")
    audit.record(
        session,
        actor=actor,
        action=f"price_{outcome}",
        subject=about(call_off),
        facts={"price": price, "limit": limit},
        words={"reason": reason},
    )
    return decision
