"""Opening: the lead authority puts down the terms of an agreement, as a draft that it may change until it is sent for confirmation."""

from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from sqlmodel import Session, select

from framework import finding
from framework.agreement import ExtensionOption, FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.regime import Regime, regime_for
from framework.definitions.rules import NotFound, Refusal, Refused, refuse, require
from framework.holding import about, hold
from framework.opening_rules import RULES, Opening, allocation_refusals, option_refusals, term_refusals
from framework.options import unused_months
from framework.people.party import Party, PartyKind
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFacts:
    """What is typed about an agreement. Amounts on `basis`; dates in London, both ends included; rates in basis points."""

    title: str
    reference: str
    commenced_on: date | None
    """Day the framework's own procurement commenced; it fixes the regime (RULE-01)."""
    starts_on: date | None
    ends_on: date | None
    ceiling: Money | None
    basis: Basis | None
    regime: Regime | None = None
    """Left out, it follows `commenced_on`; said, it must agree with it."""
    vat_rate_bp: int | None = 2000
    is_light_touch: bool = False
    is_open_framework: bool = False
    first_awarded_on: date | None = None
    is_shared_pool: bool = False
    description: str = ""
    price_mechanism: str = ""
    selection_process: str = ""
    fee_bp: int | None = None
    """Fee to partners, as a fixed percentage of each call-off's estimated value (RULE-07); None for no fee."""
    long_term_reason: str = ""
    governance_days: int | None = 60
    notice_identifier: str = ""
    ocid: str = ""


_SAME = tuple(
    one.name for one in fields(AgreementFacts) if one.name not in ("ceiling", "notice_identifier", "ocid")
)


def facts_of(agreement: FrameworkAgreement) -> AgreementFacts:
    """What the agreement says now, to be changed with `dataclasses.replace` and handed to `change_agreement`."""
    return AgreementFacts(
        ceiling=agreement.ceiling,
        notice_identifier=agreement.notice_identifier or "",
        ocid=agreement.ocid or "",
        **{name: getattr(agreement, name) for name in _SAME},
    )


def _tidied(facts: AgreementFacts) -> AgreementFacts:
    regime = facts.regime or (regime_for(facts.commenced_on) if facts.commenced_on else None)
    return replace(
        facts,
        reference=facts.reference.strip().upper(),
        title=facts.title.strip(),
        regime=regime,
        first_awarded_on=facts.first_awarded_on if facts.is_open_framework else None,
    )


def _columns(facts: AgreementFacts) -> dict[str, Any]:
    said = asdict(facts) | {
        "notice_identifier": facts.notice_identifier or None,
        "ocid": facts.ocid or None,
        "ceiling_pence": facts.ceiling.pence if facts.ceiling else None,
        "original_ends_on": facts.ends_on,
    }
    del said["ceiling"]
    return said


def _check(session: Session, facts: AgreementFacts, agreement: FrameworkAgreement | None = None) -> None:
    taken = session.exec(
        select(FrameworkAgreement.id).where(FrameworkAgreement.reference == facts.reference)
    ).one_or_none()
    mine = agreement.id if agreement else None
    members = finding.members(session, agreement) if agreement else []
    biggest = max((member.allocation_pence or 0 for member, _ in members), default=0)
    require(
        Opening(
            facts=facts,
            reference_is_taken=taken is not None and taken != mine,
            options_months=unused_months(finding.options(session, agreement)) if agreement else (),
            biggest_allocation=Money(biggest),
        ),
        RULES,
    )


def open_agreement(
    session: Session,
    *,
    actor: Visitor,
    lead_authority_id: int,
    facts: AgreementFacts,
    like: FrameworkAgreement | None = None,
) -> FrameworkAgreement:
    """Open a draft led by this authority, which becomes its first member for the whole term.

    With `like`, the members of that agreement are named in this one too; allocations and options are agreed anew.

    Raises `Refused` with every reason at once (RULES 01, 05, 06, 07; a blank ceiling never means unlimited), `NotFound` when the
    actor may not open agreements there.
    """
    permitted(actor, Permission.AGREEMENT_OPEN, lead_authority_id)
    facts = _tidied(facts)
    _check(session, facts)
    lead = session.get(Party, lead_authority_id)
    if lead is None or lead.kind is not PartyKind.AUTHORITY:
        raise NotFound
    agreement = FrameworkAgreement(
        lead_authority_id=lead_authority_id,
        created_at=dates.now(),
        created_by_id=actor.person_id,
        is_sample=lead.is_sample,
        **_columns(facts),
    )
    session.add(agreement)
    session.flush()
    others = [member.authority_id for member, _ in finding.members(session, like)] if like else []
    for authority_id in dict.fromkeys((lead_authority_id, *others)):
        session.add(
            MemberAuthority(
                agreement_id=agreement.id, authority_id=authority_id, joins_on=agreement.starts_on
            )
        )
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="agreement_opened",
        subject=about(agreement),
        facts={
            "first": agreement.starts_on,
            "last": agreement.ends_on,
            "ceiling": agreement.ceiling,
            "basis": agreement.basis.label,
            "regime": agreement.regime.label,
        },
        words={"reason": facts.long_term_reason},
    )
    return agreement


def change_agreement(
    session: Session, *, actor: Visitor, agreement: FrameworkAgreement, facts: AgreementFacts
) -> FrameworkAgreement:
    """Say the terms of a draft anew. Raises `Refused` as `open_agreement` does, and when it is no longer a draft."""
    agreement = hold_draft(session, actor, agreement)
    facts = _tidied(facts)
    _check(session, facts, agreement)
    before, moved = facts_of(agreement), agreement.starts_on
    for name, value in _columns(facts).items():
        setattr(agreement, name, value)
    for member, _ in finding.members(session, agreement):
        # A member that joined with the agreement joins with it still when its first day moves.
        if member.joins_on == moved:
            member.joins_on = agreement.starts_on
    session.flush()
    plain = {
        one.name: (getattr(before, one.name), getattr(facts, one.name))
        for one in fields(AgreementFacts)
        if getattr(before, one.name) != getattr(facts, one.name)
    }
    typed = {"description", "price_mechanism", "selection_process", "long_term_reason"}
    audit.record(
        session,
        actor=actor,
        action="agreement_changed",
        subject=about(agreement),
        facts={"what": [name.replace("_", " ") for name in sorted(plain)] or "nothing"}
        | {name: pair for name, pair in plain.items() if name not in typed},
        words={name: pair[1] for name, pair in plain.items() if name in typed},
    )
    return agreement


def hold_draft(session: Session, actor: Visitor, agreement: FrameworkAgreement) -> FrameworkAgreement:
    """The agreement held for a change by its lead authority. Raises `NotFound`, and `Refused` when it is no longer a draft."""
    permitted(actor, Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    agreement = hold(session, agreement.id)
    if not agreement.is_draft:
        refuse(
            "Only a draft can be changed here. This agreement has been sent for confirmation or is past that"
        )
    return agreement


def add_authority(
    session: Session,
    *,
    actor: Visitor,
    agreement: FrameworkAgreement,
    authority_id: int,
    joins_on: date | None = None,
    leaves_on: date | None = None,
    allocation: Money | None = None,
) -> MemberAuthority:
    """Name an authority that may call off (RULE-03), or say anew the dates and allocation of one that is named.

    `joins_on` left out means the agreement's first day. `allocation` is on the agreement's basis, None for no limit of its own; it may
    not pass the ceiling. Raises `Refused` with fields "authority_id", "joins_on", "leaves_on" and "allocation".
    """
    agreement = hold_draft(session, actor, agreement)
    party = session.get(Party, authority_id)
    if party is None or party.kind is not PartyKind.AUTHORITY:
        raise Refused(Refusal("Choose a contracting authority", "authority_id", "RULE-03"))
    joins_on = joins_on or agreement.starts_on
    refusals = allocation_refusals(agreement, joins_on, leaves_on, allocation)
    if refusals:
        raise Refused(*refusals)
    member = session.exec(
        select(MemberAuthority).where(
            MemberAuthority.agreement_id == agreement.id, MemberAuthority.authority_id == authority_id
        )
    ).one_or_none() or MemberAuthority(agreement_id=agreement.id, authority_id=authority_id)
    member.joins_on, member.leaves_on = joins_on, leaves_on
    member.allocation_pence = allocation.pence if allocation else None
    session.add(member)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="agreement_authority_added",
        subject=about(agreement),
        facts={
            "authority": party.name,
            "joins": joins_on,
            "leaves": leaves_on,
            "allocation": allocation or "no allocation of its own",
        },
    )
    return member


def remove_authority(
    session: Session, *, actor: Visitor, agreement: FrameworkAgreement, authority_id: int
) -> None:
    """Take an authority off a draft. Raises `Refused` for the lead authority, `NotFound` when it is not named there."""
    agreement = hold_draft(session, actor, agreement)
    for member, party in finding.members(session, agreement):
        if member.authority_id == authority_id:
            if authority_id == agreement.lead_authority_id:
                refuse(f"{party.name} leads this agreement, so it stays a member")
            session.delete(member)
            session.flush()
            audit.record(
                session,
                actor=actor,
                action="agreement_authority_removed",
                subject=about(agreement),
                facts={"authority": party.name},
            )
            return
    raise NotFound


def add_option(
    session: Session,
    *,
    actor: Visitor,
    agreement: FrameworkAgreement,
    months: int | None,
    notice_months: int = 0,
    notice_days: int = 0,
    long_term_reason: str = "",
) -> ExtensionOption:
    """Add a right to extend by whole months, with the notice it needs (a number of months or of days, not both).

    Options count towards the longest term (RULE-05): past 4 years a reason is needed here or on the agreement. Raises `Refused` with
    fields "months", "notice" and "long_term_reason".
    """
    agreement = hold_draft(session, actor, agreement)
    known = finding.options(session, agreement)
    refusals = option_refusals(months, notice_months, notice_days)
    if refusals:
        raise Refused(*refusals)
    assert months is not None
    reason = long_term_reason.strip() or agreement.long_term_reason
    term = term_refusals(
        replace(facts_of(agreement), long_term_reason=reason), (*unused_months(known), months)
    )
    if term:
        raise Refused(*term)
    agreement.long_term_reason = reason
    option = ExtensionOption(
        agreement_id=agreement.id,
        number=max((one.number for one in known), default=0) + 1,
        months=months,
        notice_months=notice_months,
        notice_days=notice_days,
    )
    session.add(option)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="agreement_option_added",
        subject=about(agreement),
        facts={"number": option.number, "months": months, "notice": _notice_words(option)},
        words={"reason": long_term_reason.strip()},
    )
    return option


def _notice_words(option: ExtensionOption) -> str:
    known = str(option.notice)
    return known if known == "no notice" else f"{known} of notice"


def remove_option(session: Session, *, actor: Visitor, agreement: FrameworkAgreement, number: int) -> None:
    """Take the last option off a draft. Raises `NotFound`, and `Refused` when a later option builds on it."""
    agreement = hold_draft(session, actor, agreement)
    option = finding.option(session, agreement, number)
    if any(one.number > number for one in finding.options(session, agreement)):
        refuse("Take the last option off first: this one comes before it")
    session.delete(option)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="agreement_option_removed",
        subject=about(agreement),
        facts={"number": number, "months": option.months},
    )
