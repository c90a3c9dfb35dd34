"""Deciding a business case: by an approver who did not write it, within their own limit."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlmodel import Session, select

from calloffs.business_case.case import BusinessCase, CaseDecision, CaseStatus
from calloffs.business_case.holding import hold, subject_of
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, Refusal, require
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.records import audit


class Outcome(StrEnum):
    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Intent:
    """What an approver means to decide; the amount and the limit are net of VAT."""

    case: BusinessCase
    actor: Visitor
    outcome: str
    reason: str
    amount: Money
    limit: Money | None
    valid_until: date
    worked_on_it: bool = False
    """Whether the actor ever changed or submitted it, also when somebody else did so last."""

    @property
    def approves(self) -> bool:
        return self.outcome == Outcome.APPROVED


def decide_case(
    session: Session,
    *,
    actor: Visitor,
    case: BusinessCase,
    outcome: str,
    reason: str = "",
    conditions: str = "",
    amount: Money | None = None,
    valid_until: date | None = None,
    seen: int | None = None,
) -> CaseDecision:
    """Approve, return or reject a submitted case, and keep the approver's limit as it was.

    Approving takes an amount net of VAT (by default all that is asked for) and a last day (by default the authority's own
    number of days from today). Raises `Refused` with every reason, `ChangedMeanwhile` when it was decided or changed first.
    """
    held = hold(session, actor, Permission.CASE_DECIDE, case, seen)
    if held.status_on(dates.today()) is not CaseStatus.SUBMITTED:
        raise ChangedMeanwhile
    intent = Intent(
        case=held,
        actor=actor,
        outcome=outcome,
        reason=reason,
        amount=held.requested if amount is None else amount,
        limit=actor.limit_at(held.authority_id, Permission.CASE_DECIDE),
        valid_until=valid_until or default_last_day(session, held),
        worked_on_it=audit.has_done(session, actor, _WORK, "business_case", held.id),
    )
    require(intent, RULES)
    return _put_down(session, intent, conditions)


def default_last_day(session: Session, case: BusinessCase) -> date:
    """The last day, London, of an approval given today when nobody says otherwise."""
    days = session.exec(select(Party.approval_valid_days).where(Party.id == case.authority_id)).one()
    return dates.today() + timedelta(days=days)


_WORK = ("case_written", "case_changed", "case_submitted")
_OWN = Refusal("You wrote, changed or submitted this case, so another approver must decide it")


def own_case(case: BusinessCase, actor: Visitor) -> Refusal | None:
    """Why this person may not decide the case: nobody decides what they wrote or submitted."""
    if actor.person_id in (case.author_id, case.submitted_by_id, case.changed_by_id):
        return _OWN
    return None


def is_not_their_own(intent: Intent) -> Refusal | None:
    if intent.worked_on_it:
        return _OWN
    return own_case(intent.case, intent.actor)


def outcome_is_known(intent: Intent) -> Refusal | None:
    if intent.outcome not in set(Outcome):
        return Refusal("Choose whether to approve, return or reject the case", "outcome")
    return None


def reason_is_given(intent: Intent) -> Refusal | None:
    if intent.outcome in (Outcome.RETURNED, Outcome.REJECTED) and not intent.reason.strip():
        verb = "returned" if intent.outcome == Outcome.RETURNED else "rejected"
        return Refusal(f"Say why the case is {verb}", "reason")
    return None


def amount_is_asked_for(intent: Intent) -> Refusal | None:
    if not intent.approves:
        return None
    if intent.amount.pence <= 0:
        return Refusal("Approve an amount above £0, or return or reject the case", "amount")
    if intent.amount > intent.case.requested:
        return Refusal(
            f"The case asks for {intent.case.requested} net of VAT; approve that or less", "amount"
        )
    return None


def amount_is_within_the_limit(intent: Intent) -> Refusal | None:
    if not intent.approves:
        return None
    # No limit on record means that nothing was delegated, never that anything may be approved.
    if intent.limit is None:
        return Refusal(
            "You have no approval limit, so you cannot approve. Ask your authority's administrator", "amount"
        )
    if intent.amount > intent.limit:
        return Refusal(
            f"Your limit is {intent.limit} net of VAT and this approval is {intent.amount}",
            "amount",
            left=intent.limit,
        )
    return None


def last_day_is_ahead(intent: Intent) -> Refusal | None:
    if intent.approves and intent.valid_until < dates.today():
        return Refusal("The approval must last until today or later", "valid_until")
    return None


# What stands against a decision. A new rule is one function and its name here.
RULES = (
    is_not_their_own,
    outcome_is_known,
    reason_is_given,
    amount_is_asked_for,
    amount_is_within_the_limit,
    last_day_is_ahead,
)


def _put_down(session: Session, intent: Intent, conditions: str) -> CaseDecision:
    case, actor = intent.case, intent.actor
    assert actor.person_id is not None
    case.decided_at = dates.now()
    case.outcome = intent.outcome
    case.version += 1
    approved = intent.amount if intent.approves else Money.zero()
    if intent.approves:
        case.approved_net_pence = approved.pence
        case.valid_until = intent.valid_until
    decision = CaseDecision(
        case_id=case.id,
        outcome=intent.outcome,
        amount_net_pence=approved.pence,
        reason=intent.reason,
        conditions=conditions,
        decided_by_id=actor.person_id,
        limit_net_pence=None if intent.limit is None else intent.limit.pence,
        decided_at=case.decided_at,
    )
    session.add_all([case, decision])
    session.flush()
    facts = (
        {"amount": approved, "valid_until": intent.valid_until, "limit": intent.limit}
        if intent.approves
        else {"requested": case.requested}
    )
    audit.record(
        session,
        actor=actor,
        action=f"case_{intent.outcome}",
        subject=subject_of(case),
        facts=facts,
        words={"reason": intent.reason, "conditions": conditions},
    )
    return decision
