"""Confirming: one person sends a whole agreement, a second person confirms it, and from its first day it is live."""

from collections.abc import Callable

from sqlmodel import Session

from framework import finding
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.regime import Regime
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, Refused, refuse
from framework.holding import about, hold
from framework.opening import facts_of, hold_draft
from framework.opening_rules import term_refusals
from framework.options import unused_months
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit

# Whether the floors above have what they need before the agreement goes live: (session, agreement) -> refusals. Filled by app.py.
COMPLETE: list[Callable[[Session, FrameworkAgreement], list[Refusal]]] = []


def what_is_missing(session: Session, agreement: FrameworkAgreement) -> list[Refusal]:
    """Everything that keeps the agreement from going live, this floor's first and then what the floors above ask."""
    found = [*_statements(agreement), *_term(session, agreement), *_places(session, agreement)]
    for ask in COMPLETE:
        found.extend(ask(session, agreement))
    return found


def _statements(agreement: FrameworkAgreement) -> list[Refusal]:
    # RULE-04, Procurement Act 2023 s.45(5); light touch frameworks are exempt by s.45(9).
    found = []
    if agreement.regime is Regime.PA2023 and not agreement.is_light_touch:
        for text, what in (
            (agreement.description, "a description of what may be bought"),
            (agreement.price_mechanism, "the price or how it is worked out"),
            (agreement.selection_process, "how a partner is chosen for a call-off"),
        ):
            if not text.strip():
                found.append(Refusal(f"The agreement must state {what}", "statement", "RULE-04"))
    if agreement.ceiling is None:
        found.append(Refusal("The agreement must state its ceiling", "ceiling", "RULE-04"))
    if agreement.document_id is None:
        found.append(Refusal("Attach the agreement document", "document", "RULE-04"))
    return found


def _term(session: Session, agreement: FrameworkAgreement) -> list[Refusal]:
    if agreement.ends_on < dates.today():
        sentence = (
            f"The agreement’s last day, {dates.in_words(agreement.ends_on)}, has passed. "
            "Record it as a past agreement instead"
        )
        return [Refusal(sentence, "ends_on", "RULE-04")]
    return term_refusals(facts_of(agreement), unused_months(finding.options(session, agreement)))


def _places(session: Session, agreement: FrameworkAgreement) -> list[Refusal]:
    if finding.members(session, agreement):
        return []
    return [Refusal("Name at least one authority that may call off", "authorities", "RULE-03")]


def submit_agreement(
    session: Session, *, actor: Visitor, agreement: FrameworkAgreement
) -> FrameworkAgreement:
    """Send a whole draft to be confirmed by a second person. Raises `Refused` with everything that is still missing."""
    agreement = hold_draft(session, actor, agreement)
    if missing := what_is_missing(session, agreement):
        raise Refused(*missing)
    agreement.submitted_at, agreement.submitted_by_id = dates.now(), actor.person_id
    session.flush()
    audit.record(session, actor=actor, action="agreement_submitted", subject=about(agreement))
    return agreement


def confirm_agreement(
    session: Session, *, actor: Visitor, agreement: FrameworkAgreement
) -> FrameworkAgreement:
    """Confirm a sent agreement as a second person: it is scheduled, or live when its first day has come (RULE-04).

    Raises `ChangedMeanwhile` when somebody else has confirmed it or taken it back, `Refused` when the actor opened or sent it, or when
    something is missing by now.
    """
    agreement = _hold_sent(session, actor, agreement)
    if refusal := may_not_confirm(actor, agreement):
        raise Refused(refusal)
    if missing := what_is_missing(session, agreement):
        raise Refused(*missing)
    agreement.confirmed_at, agreement.confirmed_by_id = dates.now(), actor.person_id
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="agreement_confirmed",
        subject=about(agreement),
        facts={
            "first": agreement.starts_on,
            "last": agreement.ends_on,
            "ceiling": agreement.ceiling,
            "basis": agreement.basis.label,
        },
    )
    return agreement


def may_not_confirm(actor: Visitor, agreement: FrameworkAgreement) -> Refusal | None:
    """Why this person may not be the second one, or None. Nobody confirms what they opened or sent."""
    if actor.person_id is not None and actor.person_id in (
        agreement.created_by_id,
        agreement.submitted_by_id,
    ):
        return Refusal("You opened or sent this agreement, so somebody else must confirm it")
    return None


def return_agreement(
    session: Session, *, actor: Visitor, agreement: FrameworkAgreement, reason: str
) -> FrameworkAgreement:
    """Send a sent agreement back to draft, with a reason. Raises `Refused` with the field "reason"."""
    agreement = _hold_sent(session, actor, agreement)
    reason = reason.strip()
    if not reason:
        refuse("Say what must change before it can be confirmed", "reason")
    agreement.submitted_at = agreement.submitted_by_id = None
    session.flush()
    audit.record(
        session, actor=actor, action="agreement_returned", subject=about(agreement), words={"reason": reason}
    )
    return agreement


def _hold_sent(session: Session, actor: Visitor, agreement: FrameworkAgreement) -> FrameworkAgreement:
    permitted(actor, Permission.AGREEMENT_CONFIRM, agreement.lead_authority_id)
    agreement = hold(session, agreement.id)
    if agreement.confirmed_at:
        raise ChangedMeanwhile(Refusal("This agreement has been confirmed already"))
    if agreement.recorded_as_past or agreement.cancelled_at:
        raise NotFound
    if agreement.submitted_at is None:
        raise ChangedMeanwhile(Refusal("This agreement is a draft: it is not waiting to be confirmed"))
    return agreement
