"""Leaving: an authority's place in a confirmed agreement ends on a day; what it did stays readable."""

from datetime import date

from sqlmodel import Session

from framework import finding
from framework.agreement import AgreementStatus, FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refusal, Refused, refuse
from framework.holding import about, hold
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit

_OVER = (AgreementStatus.EXPIRED, AgreementStatus.CLOSED, AgreementStatus.CANCELLED, AgreementStatus.ENDED)


def leave_agreement(
    session: Session,
    *,
    actor: Visitor,
    agreement: FrameworkAgreement,
    authority_id: int,
    last_day: date | None,
    reason: str,
) -> MemberAuthority:
    """Say the last day, included, on which a member may call off (RULE-03); its call-offs run on and stay readable.

    Recorded by the lead authority. Raises `Refused` with fields "last_day" and "reason", and for the lead authority itself; `NotFound`
    when the authority has no place in the agreement.
    """
    permitted(actor, Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    agreement = hold(session, agreement.id)
    rows = finding.members(session, agreement)
    member, party = next((row for row in rows if row[0].authority_id == authority_id), (None, None))
    if member is None or party is None:
        raise NotFound
    if not agreement.is_public or agreement.status_on(dates.today()) in _OVER:
        refuse("Only an agreement that is confirmed and not over can be left")
    if authority_id == agreement.lead_authority_id:
        refuse(f"{party.name} leads this agreement, so it cannot leave it")
    refusals = []
    if last_day is None:
        refusals.append(Refusal("Enter the last day on which it may call off", "last_day", "RULE-03"))
    elif last_day < dates.today():
        refusals.append(Refusal("The last day must be today or later", "last_day", "RULE-03"))
    elif last_day > agreement.ends_on:
        ends = dates.in_words(agreement.ends_on)
        refusals.append(Refusal(f"The agreement itself ends on {ends}", "last_day", "RULE-03"))
    elif member.joins_on and last_day < member.joins_on:
        joins = dates.in_words(member.joins_on)
        refusals.append(Refusal(f"It joins on {joins}, so it cannot leave before", "last_day", "RULE-03"))
    if not reason.strip():
        refusals.append(Refusal("Say why it leaves", "reason"))
    if refusals:
        raise Refused(*refusals)
    member.leaves_on = last_day
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="agreement_authority_left",
        subject=about(agreement),
        facts={"authority": party.name, "last": last_day},
        words={"reason": reason.strip()},
    )
    return member
