"""The parts of an agreement's page that this floor fills: its sections, and the steps that a visitor may take next."""

from typing import Any

from flask import url_for
from sqlmodel import Session

from framework import confirming, extending, finding
from framework.agreement import AgreementStatus, FrameworkAgreement
from framework.definitions import dates
from framework.options import planned
from framework.people.permissions import Permission, Visitor
from framework.web.sections import Section, Step

_RUNS = (AgreementStatus.SCHEDULED, *extending.EXTENDABLE)


def to_do(session: Session, visitor: Visitor, agreement: FrameworkAgreement) -> Section | None:
    """While it is a draft: the tasks, and what is still missing before it can go live."""
    if not agreement.is_draft:
        return None
    missing = confirming.what_is_missing(session, agreement)
    open_fields = {one.field for one in missing}
    where: dict[str, Any] = {"reference": agreement.reference}
    tasks = [
        (
            "Title, term and ceiling",
            url_for("opening.change", **where),
            not open_fields & {"ends_on", "ceiling"},
        ),
        ("What the agreement states", url_for("opening.statement", **where), "statement" not in open_fields),
        (
            "Authorities that may call off",
            url_for("opening.authority", **where),
            "authorities" not in open_fields,
        ),
        ("Extension options", url_for("opening.option", **where), None),
        ("Agreement document", url_for("attaching.form", **where), "document" not in open_fields),
    ]
    return Section(
        "to-do",
        "Before it can go live",
        "framework/agreement/_to_do.html",
        {
            "tasks": tasks if visitor.may(Permission.AGREEMENT_OPEN, agreement.lead_authority_id) else [],
            "missing": missing,
        },
    )


def statement(_session: Session, _visitor: Visitor, agreement: FrameworkAgreement) -> Section | None:
    """What the agreement says of itself (RULE-04)."""
    if agreement.recorded_as_past and not (agreement.description or agreement.past_note):
        return None
    return Section(
        "statement",
        "What the agreement states",
        "framework/agreement/_statement.html",
        {"agreement": agreement},
    )


def members(session: Session, visitor: Visitor, agreement: FrameworkAgreement) -> Section | None:
    """The authorities with their dates and allocations; what each has called off only for those who may see it."""
    rows = finding.members(session, agreement)
    allocated = finding.allocated(rows)
    return Section(
        "authorities",
        "Authorities that may call off",
        "framework/agreement/_members.html",
        {
            "agreement": agreement,
            "rows": [
                (member, party, finding.sees_share(visitor, agreement, member.authority_id))
                for member, party in rows
            ],
            "allocated": allocated,
            "over": agreement.ceiling is not None and allocated > agreement.ceiling,
            "may_change": _may_change(visitor, agreement),
            "may_leave": _owns(visitor, agreement) and agreement.status_on(dates.today()) in _RUNS,
        },
    )


def options(session: Session, visitor: Visitor, agreement: FrameworkAgreement) -> Section | None:
    """The options to extend, with the last day to act and whose approval is missing."""
    plans = planned(agreement, finding.options(session, agreement))
    if not plans:
        return None
    approved = finding.approvals(session, [one.option.id for one in plans])
    still = finding.still_members(session, agreement, dates.today())
    return Section(
        "options",
        "Options to extend",
        "framework/agreement/_options.html",
        {
            "agreement": agreement,
            "rows": [
                (
                    plan,
                    extending.names([one for one in still if one.id in approved[plan.option.id]]),
                    extending.names([one for one in still if one.id not in approved[plan.option.id]]),
                )
                for plan in plans
            ],
            "may_change": _may_change(visitor, agreement),
        },
    )


def document(session: Session, _visitor: Visitor, agreement: FrameworkAgreement) -> Section | None:
    """The document as received, with its size and hash."""
    found = finding.document_facts(session, agreement)
    if found is None:
        return None
    facts = {**found, "agreement": agreement}
    return Section("document", "Agreement document", "framework/agreement/_document.html", facts)


def _may_change(visitor: Visitor, agreement: FrameworkAgreement) -> bool:
    return agreement.is_draft and visitor.may(Permission.AGREEMENT_OPEN, agreement.lead_authority_id)


def _owns(visitor: Visitor, agreement: FrameworkAgreement) -> bool:
    return visitor.may(Permission.AGREEMENT_OPEN, agreement.lead_authority_id)


# Steps, each None when it is not for this visitor now.


def send(session: Session, visitor: Visitor, agreement: FrameworkAgreement) -> Step | None:
    if not _may_change(visitor, agreement):
        return None
    address = url_for("confirming.submit", reference=agreement.reference)
    return Step("Send to be confirmed", address, primary=True)


def confirm(_session: Session, visitor: Visitor, agreement: FrameworkAgreement) -> Step | None:
    if not _awaits(visitor, agreement) or confirming.may_not_confirm(visitor, agreement):
        return None
    return Step(
        "Confirm this agreement", url_for("confirming.confirm", reference=agreement.reference), primary=True
    )


def give_back(_session: Session, visitor: Visitor, agreement: FrameworkAgreement) -> Step | None:
    if not _awaits(visitor, agreement):
        return None
    return Step("Return it to draft", url_for("confirming.give_back", reference=agreement.reference))


def _awaits(visitor: Visitor, agreement: FrameworkAgreement) -> bool:
    waiting = agreement.status_on(dates.today()) is AgreementStatus.AWAITING_CONFIRMATION
    return waiting and visitor.may(Permission.AGREEMENT_CONFIRM, agreement.lead_authority_id)


def extend(session: Session, visitor: Visitor, agreement: FrameworkAgreement) -> Step | None:
    """Propose, or approve, the use of the next option."""
    if agreement.status_on(dates.today()) not in extending.EXTENDABLE:
        return None
    plan = next((one for one in planned(agreement, finding.options(session, agreement)) if one.is_next), None)
    if plan is None:
        return None
    where: dict[str, Any] = {"reference": agreement.reference, "number": plan.option.number}
    if plan.option.proposed_at is None:
        if not _owns(visitor, agreement):
            return None
        return Step(
            f"Use option {plan.option.number} to extend", url_for("agreement_extending.propose", **where)
        )
    if not extending.awaited_from(session, visitor, agreement, plan.option):
        return None
    return Step(
        f"Decide on extending by option {plan.option.number}",
        url_for("agreement_extending.decide", **where),
        True,
    )


def suspend(_session: Session, visitor: Visitor, agreement: FrameworkAgreement) -> Step | None:
    status = agreement.status_on(dates.today())
    where: dict[str, Any] = {"reference": agreement.reference}
    if not _owns(visitor, agreement):
        return None
    if status is AgreementStatus.SUSPENDED:
        return Step("Resume", url_for("agreement_suspending.resume", **where), primary=True)
    if status in (AgreementStatus.LIVE, AgreementStatus.EXHAUSTED):
        return Step("Suspend", url_for("agreement_suspending.suspend", **where))
    return None


def cancel(_session: Session, visitor: Visitor, agreement: FrameworkAgreement) -> Step | None:
    early = (AgreementStatus.DRAFT, AgreementStatus.AWAITING_CONFIRMATION, AgreementStatus.SCHEDULED)
    if agreement.status_on(dates.today()) not in early or not _owns(visitor, agreement):
        return None
    return Step("Cancel this agreement", url_for("agreement_cancelling.form", reference=agreement.reference))


def close(_session: Session, visitor: Visitor, agreement: FrameworkAgreement) -> Step | None:
    if agreement.status_on(dates.today()) is not AgreementStatus.EXPIRED or not _owns(visitor, agreement):
        return None
    return Step(
        "Close this agreement", url_for("agreement_closing.form", reference=agreement.reference), primary=True
    )
