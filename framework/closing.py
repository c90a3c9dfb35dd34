"""Closing: an expired agreement is put away when nothing runs under it and what was learned is written down."""

from collections.abc import Callable

from sqlmodel import Session

from framework.agreement import AgreementStatus, FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, Refusal, Refused
from framework.holding import about, hold
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit

# What the floors above still hold open under the agreement: (session, agreement) -> refusals. Filled by app.py.
ASK: list[Callable[[Session, FrameworkAgreement], list[Refusal]]] = []


def close_agreement(
    session: Session, *, actor: Visitor, agreement: FrameworkAgreement, lessons: str
) -> FrameworkAgreement:
    """Close an expired agreement. Raises `Refused` with the field "lessons" and with everything that still runs under it."""
    permitted(actor, Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    agreement = hold(session, agreement.id)
    status = agreement.status_on(dates.today())
    if status is AgreementStatus.CLOSED:
        raise ChangedMeanwhile(Refusal("This agreement has been closed already"))
    refusals = []
    if status is not AgreementStatus.EXPIRED:
        refusals.append(
            Refusal(f"Only an expired agreement can be closed. This one is {status.label.lower()}")
        )
    if agreement.reserved_pence:
        refusals.append(Refusal("Money is still reserved under this agreement"))
    for ask in ASK:
        refusals.extend(ask(session, agreement))
    lessons = lessons.strip()
    if not lessons:
        refusals.append(Refusal("Write what was learned, for whoever opens the next one", "lessons"))
    if refusals:
        raise Refused(*refusals)
    agreement.closed_at, agreement.lessons = dates.now(), lessons
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="agreement_closed",
        subject=about(agreement),
        facts={"paid": Money(agreement.paid_pence), "basis": agreement.basis.label},
        words={"lessons": lessons},
    )
    return agreement
