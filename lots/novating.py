"""A place passes to another company after a corporate restructuring: one proposes, somebody else agrees. Live call-offs stay, with a plan each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.regime import Regime
from framework.definitions.rules import NotFound, Refusal, Refused, refuse, require
from framework.holding import hold
from framework.people.finding import partner_people
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.people.registering import register_supplier, supplier_here
from framework.records import audit
from framework.records.uploading import Upload, keep
from lots.appointment import Appointment, AppointmentStatus
from lots.carrying_rates import carry_rates
from lots.covering import covers
from lots.finding_novations import Passing, waiting_novation
from lots.lot import Lot
from lots.novating_rules import RULES, RULES_TO_AGREE, NovationIntent
from lots.novation import Novation, Restructuring, ground_for
from lots.opening import take
from lots.place_ending import PlaceEnding
from lots.removing import keep_plans, missing_plans, new_ending, plans_of, waits_already
from lots.telling import about_place
from lots.withdrawing import touched_by
from lots.writing_to_partners import tell_both_sides, tell_council, tell_owners, tell_partner


@dataclass(frozen=True, slots=True)
class NewCompany:
    """A company that is not registered yet, by its legal name and number."""

    name: str
    company_number: str


@dataclass(frozen=True, slots=True)
class NovationFacts:
    """What is stated of a novation: first London day of the successor, what happened, and the change notice."""

    on: date
    restructuring: Restructuring | None
    reason: str
    conditions_met: bool
    """Somebody states that the conditions of the law's one ground hold."""
    notice_reference: str = ""
    notice_on: date | None = None


def propose_novation(
    session: Session,
    *,
    actor: Visitor,
    appointment: Appointment,
    successor: int | NewCompany,
    facts: NovationFacts,
    deed: Upload | None,
    plans: Mapping[str, str],
) -> Novation:
    """Propose that another company takes a partner's place; nothing changes until somebody else agrees.

    `successor` is a registered supplier by its id, or a new company, which is registered here. `plans` says for each live call-off what
    happens to it. Raises `NotFound`, and `Refused` with every reason (RULE-08, RULE-09, RULE-36, RULE-37, RULE-54).
    """
    lot = session.get_one(Lot, appointment.lot_id)
    agreement = take(session, actor, lot.agreement_id)
    session.refresh(appointment)
    predecessor = session.get_one(Party, appointment.supplier_id)
    refusals: list[Refusal] = []
    company: Party | None = None
    try:
        company = _company(session, actor, successor)
    except Refused as refused:
        refusals += refused.refusals
    intent = _intent(session, agreement, lot, appointment, predecessor, company, facts)
    try:
        require(intent, RULES)
    except Refused as refused:
        refusals += refused.refusals
    if deed is None:
        refusals.append(Refusal("Choose the deed, or other evidence of what happened, as a PDF", "file"))
    refusals += missing_plans(session, appointment, plans)
    refusals += waits_already(session, appointment.id)
    if refusals:
        raise Refused(*refusals)
    assert company is not None
    assert deed is not None
    assert facts.restructuring is not None
    about = about_place(agreement, lot, appointment, predecessor)
    kept = keep(
        session,
        actor=actor,
        upload=deed,
        kind="novation",
        reference=f"{lot.reference}-novation",
        title=f"Deed of {predecessor.name} to {company.name}",
        subject=about,
    )
    ending = new_ending(actor, appointment, AppointmentStatus.NOVATED, facts.on, facts.reason)
    keep_plans(session, ending, plans)
    novation = Novation(
        ending_id=ending.id,
        successor_id=company.id,
        restructuring=facts.restructuring,
        ground=ground_for(agreement.regime),
        notice_reference=facts.notice_reference.strip(),
        notice_on=facts.notice_on,
        document_id=kept.id,
    )
    session.add(novation)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="novation_proposed",
        subject=about,
        facts={
            "on": facts.on,
            "live_call_offs": len(plans),
            "ground": novation.ground.label,
            "restructuring": novation.restructuring.label,
            "notice": novation.notice_reference or "none",
            "notice_on": novation.notice_on,
            "deed": kept.reference,
        },
        words={"reason": facts.reason.strip(), "successor": company.name},
    )
    tell_council(
        session,
        agreement,
        why=f"novation_proposed:{novation.id}",
        subject=f"To agree: the place of {predecessor.name} on lot {lot.reference}",
        lines=[
            f"{actor.name} proposes that {company.name} takes over the place of {predecessor.name} on lot {lot.reference} "
            f"from {dates.in_words(facts.on)}.",
            f"/lots/{lot.reference}/partners/{appointment.id}/novation",
        ],
        permission=Permission.AGREEMENT_CONFIRM,
    )
    return novation


def decide_novation(session: Session, *, actor: Visitor, appointment: Appointment, agreed: bool) -> None:
    """Agree to a novation that somebody else proposed, or refuse it. One agreed to late takes effect on the day of the agreement.

    Raises `Refused` for the proposer's own, and with every rule that has come to stand in the way; `NotFound`.
    """
    lot = session.get_one(Lot, appointment.lot_id)
    agreement = hold(session, lot.agreement_id)
    session.refresh(appointment)
    permitted(actor, Permission.AGREEMENT_CONFIRM, agreement.lead_authority_id)
    waiting = waiting_novation(session, appointment.id)
    if waiting is None:
        raise NotFound
    ending, novation, predecessor, company = (
        waiting.ending,
        waiting.novation,
        waiting.predecessor,
        waiting.successor,
    )
    if ending.proposed_by_id == actor.person_id:
        refuse("You proposed this novation. Somebody else has to agree to it")
    if agreed:
        ending.from_on = max(ending.from_on, dates.today())
        _still_in_order(session, agreement, lot, appointment, waiting)
    ending.decided_at, ending.decided_by_id, ending.agreed = dates.now(), actor.person_id, agreed
    session.add(ending)
    if agreed:
        _pass_on(session, actor, agreement, lot, appointment, waiting)
        return
    audit.record(
        session,
        actor=actor,
        action="novation_refused",
        subject=about_place(agreement, lot, appointment, predecessor),
        words={"successor": company.name},
    )
    tell_owners(
        session,
        agreement,
        why=f"novation_refused:{novation.id}",
        subject=f"Not agreed: the place of {predecessor.name} on lot {lot.reference}",
        lines=[
            f"{actor.name} did not agree that {company.name} takes over this place. {predecessor.name} keeps it.",
            f"/lots/{lot.reference}/partners/{appointment.id}",
        ],
    )


def _company(session: Session, actor: Visitor, successor: int | NewCompany) -> Party:
    if isinstance(successor, int):
        return supplier_here(session, successor)
    return register_supplier(
        session, actor=actor, name=successor.name, company_number=successor.company_number
    )


def _intent(
    session: Session,
    agreement: FrameworkAgreement,
    lot: Lot,
    appointment: Appointment,
    predecessor: Party,
    company: Party | None,
    facts: NovationFacts,
) -> NovationIntent:
    return NovationIntent(
        agreement=agreement,
        lot=lot,
        appointment=appointment,
        predecessor=predecessor,
        successor=company,
        on_the_lot=session.exec(select(Appointment).where(col(Appointment.lot_id) == lot.id)).all(),
        on=facts.on,
        today=dates.today(),
        restructuring=facts.restructuring,
        reason=facts.reason,
        conditions_met=facts.conditions_met,
        notice_reference=facts.notice_reference,
        notice_on=facts.notice_on,
    )


def _still_in_order(
    session: Session, agreement: FrameworkAgreement, lot: Lot, appointment: Appointment, waiting: Passing
) -> None:
    ending, novation = waiting.ending, waiting.novation
    facts = NovationFacts(
        on=ending.from_on,
        restructuring=novation.restructuring,
        reason=ending.reason,
        conditions_met=True,
        notice_reference=novation.notice_reference,
        notice_on=novation.notice_on,
    )
    intent = _intent(session, agreement, lot, appointment, waiting.predecessor, waiting.successor, facts)
    require(intent, RULES_TO_AGREE)
    planned = {one.call_off_reference for one in plans_of(session, ending)}
    if new := [one.reference for one in touched_by(session, appointment.id) if one.reference not in planned]:
        refuse(
            f"No plan says what happens to {', '.join(new)}, awarded since this was proposed. "
            "Do not agree, so that it can be proposed again with a plan"
        )


def _pass_on(
    session: Session,
    actor: Visitor,
    agreement: FrameworkAgreement,
    lot: Lot,
    appointment: Appointment,
    waiting: Passing,
) -> None:
    ending, novation, predecessor, company = (
        waiting.ending,
        waiting.novation,
        waiting.predecessor,
        waiting.successor,
    )
    live = touched_by(session, appointment.id)
    place = _new_place(session, appointment, company, ending)
    version = carry_rates(session, actor=actor, old=appointment, new=place, day=ending.from_on)
    novation.appointment_id = place.id
    session.add(novation)
    session.flush()
    day = dates.in_words(ending.from_on)
    audit.record(
        session,
        actor=actor,
        action="place_passed_on",
        subject=about_place(agreement, lot, appointment, predecessor),
        facts={"on": ending.from_on, "live_call_offs": len(live), "ground": novation.ground.label},
        words={"reason": ending.reason, "successor": company.name},
    )
    audit.record(
        session,
        actor=actor,
        action="place_taken_over",
        subject=about_place(agreement, lot, place, company),
        facts={
            "rank": place.rank,
            "active_from": ending.from_on,
            "lot": lot.reference,
            "rate_card": version,
        },
        words={"predecessor": predecessor.name},
    )
    stays = "Work that has been awarded stays with it and goes on under its own terms, by the plan made for each call-off."
    tell_both_sides(
        session,
        agreement=agreement,
        lot=lot,
        appointment=appointment,
        supplier=predecessor,
        why=f"place_passed_on:{novation.id}",
        subject=f"{company.name} takes over from {predecessor.name} on lot {lot.reference} on {day}",
        lines=[
            f"From {day} {company.name} is the partner in the place of {predecessor.name} on lot {lot.reference}, {lot.title}. "
            f"From then on {predecessor.name} is offered no new work there.",
            stays,
        ],
    )
    tell_partner(
        session,
        company,
        why=f"place_taken_over:{novation.id}",
        subject=f"You take over a place on lot {lot.reference} on {day}",
        lines=[
            f"From {day} {company.name} is a partner on lot {lot.reference}, {lot.title}, in the place of {predecessor.name}, "
            "with the same rank and no higher rates.",
            "Please show your own insurances and certificates, and say who looks after this lot at your company.",
            "/my-company",
        ],
    )


def _new_place(session: Session, old: Appointment, company: Party, ending: PlaceEnding) -> Appointment:
    """The successor's place: rank and a suspension that still runs carry over, so that nobody escapes one by a new name."""
    old.ended_on, old.ended_as = ending.from_on, AppointmentStatus.NOVATED.value
    suspended = old.suspended_from is not None and (
        old.suspended_until is None or old.suspended_until >= ending.from_on
    )
    place = Appointment(
        lot_id=old.lot_id,
        supplier_id=company.id,
        rank=old.rank,
        created_at=dates.now(),
        active_from=ending.from_on,
        suspended_from=old.suspended_from if suspended else None,
        suspended_until=old.suspended_until if suspended else None,
        suspended_why=old.suspended_why if suspended else "",
    )
    session.add(old)
    session.add(place)
    session.flush()
    return place


def warnings_for(session: Session, agreement: FrameworkAgreement, waiting: Passing) -> list[str]:
    """What whoever agrees should know, in sentences: none of it stands in the way."""
    novation, company, day = waiting.novation, waiting.successor, max(waiting.ending.from_on, dates.today())
    found = []
    if not novation.notice_reference:
        found.append("No reference of a notice of this change is recorded")
    elif agreement.regime is Regime.PCR2015 and novation.notice_on is None:
        found.append("The day of the notice of this change is not recorded")
    if waiting.ending.from_on < dates.today():
        found.append(
            f"The day proposed has passed. If you agree now, the place passes today, {dates.in_words(day)}"
        )
    found += [one.sentence for one in covers(session, waiting.lot, company.id, day)]
    if not partner_people(session, company.id):
        found.append(
            f"Nobody signs in for {company.name} yet. Invite its first user when the place has passed"
        )
    return found
