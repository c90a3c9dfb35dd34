"""Extending: the lead proposes to use an option, every member authority approves, and the last day moves once."""

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session

from framework import finding
from framework.agreement import (
    AgreementStatus,
    ExtensionDecision,
    ExtensionOption,
    FrameworkAgreement,
)
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, Refusal, Refused, refuse
from framework.holding import about, hold
from framework.opening import facts_of
from framework.opening_rules import term_refusals
from framework.options import PlannedOption, planned
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit

EXTENDABLE = (AgreementStatus.LIVE, AgreementStatus.SUSPENDED, AgreementStatus.EXHAUSTED)


def propose_extension(
    session: Session,
    *,
    actor: Visitor,
    agreement: FrameworkAgreement,
    number: int,
    late_reason: str = "",
    partner_agreement: str = "",
    longer_reason: str = "",
) -> ExtensionOption:
    """Propose to use option `number`; the last day moves when every member authority has approved.

    `late_reason` is needed after the day to decide by; after the last day of notice, so is `partner_agreement` (RULE-95).
    `longer_reason` is needed when the agreement would run past RULE-05's limit and gives no reason yet. Raises `Refused` with those
    fields.
    """
    permitted(actor, Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    agreement = hold(session, agreement.id)
    plan = _next(session, agreement, number)
    option = plan.option
    if option.proposed_at:
        raise ChangedMeanwhile(Refusal(f"The use of option {number} has been proposed already"))
    late_reason, partner_agreement = late_reason.strip(), partner_agreement.strip()
    longer_reason = longer_reason.strip()
    refusals = [
        *late_refusals(plan, late_reason, partner_agreement),
        *_longer_refusals(session, agreement, plan, longer_reason),
    ]
    if refusals:
        raise Refused(*refusals)
    option.proposed_at, option.proposed_by_id = dates.now(), actor.person_id
    option.late_reason, option.partner_agreement = late_reason, partner_agreement
    option.longer_reason = longer_reason
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="extension_proposed",
        subject=about(agreement),
        facts={"number": number, "last": (plan.ends_before, plan.ends_after)},
        words={
            "late_reason": late_reason,
            "partner_agreement": partner_agreement,
            "longer_reason": longer_reason,
        },
    )
    return option


def _next(session: Session, agreement: FrameworkAgreement, number: int) -> PlannedOption:
    options = finding.options(session, agreement)
    for one in options:
        # What was read before the agreement was held may be out of date.
        session.refresh(one)
    plan = next((one for one in planned(agreement, options) if one.option.number == number), None)
    if plan is None:
        refuse("There is no such option")
    if plan.option.used_at:
        refuse(
            f"Option {number} was used on {dates.in_words(plan.option.used_at)} and cannot be used again. "
            f"The agreement’s last day is {dates.in_words(agreement.ends_on)}"
        )
    if not plan.is_next:
        refuse(f"Option {number} can only be used after the options before it")
    status = agreement.status_on(dates.today())
    if status not in EXTENDABLE:
        refuse(f"Only a live agreement can be extended. This one is {status.label.lower()}")
    return plan


def late_refusals(plan: PlannedOption, late_reason: str, partner_agreement: str) -> list[Refusal]:
    """What a late use of an option still lacks today (RULE-95)."""
    today, found = dates.today(), []
    if today > plan.decide_by and not late_reason:
        sentence = f"The day to decide by was {dates.in_words(plan.decide_by)}. Say why this is decided late"
        found.append(Refusal(sentence, "late_reason", "RULE-95"))
    if today > plan.last_notice_day and not partner_agreement:
        found.append(
            Refusal(
                f"The last day to give notice was {dates.in_words(plan.last_notice_day)}. "
                "Say where the partners’ written agreement is kept",
                "partner_agreement",
                "RULE-95",
            )
        )
    return found


def _longer_refusals(
    session: Session, agreement: FrameworkAgreement, plan: PlannedOption, longer_reason: str
) -> list[Refusal]:
    facts = facts_of(agreement)
    reason = longer_reason or agreement.long_term_reason
    extended = replace(facts, ends_on=plan.ends_after, long_term_reason=reason)
    return [
        replace(one, field="longer_reason" if one.field == "long_term_reason" else one.field)
        for one in term_refusals(extended, ())
    ]


def approve_extension(
    session: Session,
    *,
    actor: Visitor,
    agreement: FrameworkAgreement,
    number: int,
    late_reason: str = "",
    partner_agreement: str = "",
) -> ExtensionOption:
    """Approve the proposed use for every member authority at which the actor may confirm; the last approval moves the last day.

    Nobody approves what they proposed. When the day to decide by, or the last day of notice, has passed since the proposal, the reasons
    are asked for here (RULE-95). The old last day is kept on the option. Raises `Refused`, or `NotFound` when it is not theirs.
    """
    mine = actor.parties_where(Permission.AGREEMENT_CONFIRM)
    members = finding.still_members(session, agreement, dates.today())
    permitted(actor, Permission.AGREEMENT_CONFIRM, [one.id for one in members])
    agreement = hold(session, agreement.id)
    plan = _next(session, agreement, number)
    option = plan.option
    approved = finding.approvals(session, [option.id])[option.id]
    if refusal := may_not_approve(actor, option):
        raise Refused(refusal)
    wanted = [one for one in members if one.id in mine and one.id not in approved]
    if not wanted:
        raise ChangedMeanwhile(Refusal("Your authority has approved this already"))
    late_reason = option.late_reason or late_reason.strip()
    partner_agreement = option.partner_agreement or partner_agreement.strip()
    if refusals := late_refusals(plan, late_reason, partner_agreement):
        raise Refused(*refusals)
    option.late_reason, option.partner_agreement = late_reason, partner_agreement
    for party in wanted:
        session.add(
            ExtensionDecision(
                option_id=option.id, authority_id=party.id, by_id=actor.person_id, at=dates.now()
            )
        )
    session.flush()
    missing = [one for one in members if one.id not in approved | {party.id for party in wanted}]
    audit.record(
        session,
        actor=actor,
        action="extension_approved",
        subject=about(agreement),
        facts={
            "number": number,
            "authorities": names(wanted),
            "missing": names(missing) if missing else "nobody’s",
        },
    )
    if not missing:
        _use(session, actor, agreement, plan)
    return option


def may_not_approve(actor: Visitor, option: ExtensionOption) -> Refusal | None:
    """Why this person may not approve the use of the option, or None."""
    if option.proposed_at is None:
        return Refusal("Nobody has proposed to use this option")
    if actor.person_id is not None and actor.person_id == option.proposed_by_id:
        return Refusal("You proposed this extension, so somebody else must approve it")
    return None


def awaited_from(
    session: Session, visitor: Visitor, agreement: FrameworkAgreement, option: ExtensionOption
) -> list[Party]:
    """The member authorities whose approval is missing and which this person may give it for; none for the proposer."""
    if may_not_approve(visitor, option):
        return []
    mine = visitor.parties_where(Permission.AGREEMENT_CONFIRM)
    approved = finding.approvals(session, [option.id])[option.id]
    members = finding.still_members(session, agreement, dates.today())
    return [one for one in members if one.id in mine and one.id not in approved]


def names(parties: Sequence[Party]) -> str:
    """Names of authorities as a person lists them: "Northbank and Southmere"."""
    *most, last = [one.name for one in parties] or ["nobody"]
    return f"{', '.join(most)} and {last}" if most else last


def _use(session: Session, actor: Visitor, agreement: FrameworkAgreement, plan: PlannedOption) -> None:
    plan.option.used_at, plan.option.ended_before = dates.now(), agreement.ends_on
    agreement.ends_on = plan.ends_after
    if plan.option.longer_reason:
        agreement.long_term_reason = plan.option.longer_reason
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="agreement_extended",
        subject=about(agreement),
        facts={"number": plan.option.number, "last": (plan.ends_before, plan.ends_after)},
    )


def refuse_extension(
    session: Session, *, actor: Visitor, agreement: FrameworkAgreement, number: int, reason: str
) -> ExtensionOption:
    """Say no to a proposed use, with a reason: the proposal ends, and may be made again. Raises `Refused` with the field "reason"."""
    members = finding.still_members(session, agreement, dates.today())
    permitted(actor, Permission.AGREEMENT_CONFIRM, [one.id for one in members])
    agreement = hold(session, agreement.id)
    option = _next(session, agreement, number).option
    if option.proposed_at is None:
        raise ChangedMeanwhile(Refusal("Nobody has proposed to use this option"))
    if not reason.strip():
        refuse("Say why the option should not be used", "reason")
    _take_back(session, option)
    audit.record(
        session,
        actor=actor,
        action="extension_refused",
        subject=about(agreement),
        facts={"number": number},
        words={"reason": reason.strip()},
    )
    return option


def _take_back(session: Session, option: ExtensionOption) -> None:
    option.proposed_at = option.proposed_by_id = None
    option.late_reason = option.partner_agreement = option.longer_reason = ""
    for decision in finding.decisions(session, option):
        session.delete(decision)
    session.flush()
