"""What this floor holds on a partner: its facts, contacts, places, rates, evidence, people, and who looked at them."""

from datetime import datetime

from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.people.company_record import FactsConfirmed
from framework.people.finding import names
from framework.people.held import MOST_ROWS, Held, looks_at
from framework.people.party import Party
from framework.people.party_contact import PartyContact
from framework.people.permissions import Visitor
from framework.people.registering import size_in_words
from lots import finding
from lots.correction_request import CorrectionRequest
from lots.declaration import Declaration
from lots.finding import Place
from lots.skillset import Skillset, SkillsetPerson, SkillsetPlace, SkillsetSkill

_COUNCILS = "You, and people of the councils whose agreements you are in"
_PLACE_KEPT = "As long as the agreement’s records are kept: six years after its end"


def held(session: Session, visitor: Visitor, supplier: Party) -> list[Held]:
    """Every list of this floor about the visitor's own company."""
    places = finding.own_places(session, visitor, supplier.id)
    return [
        _facts(supplier),
        _contacts(session, supplier),
        _places(places),
        _rates(session, places),
        _evidence(session, supplier),
        _people(session, places),
        _looks(session, supplier, places),
        _said(session, supplier),
        _corrections(session, supplier),
    ]


def _facts(supplier: Party) -> Held:
    rows = (
        ("Legal name", supplier.name),
        ("Company number", supplier.company_number),
        ("Address", supplier.address),
        ("VAT number", supplier.vat_number),
        ("PPON or DUNS", supplier.ppon),
        ("Small or medium-sized enterprise", size_in_words(supplier)),
        ("Voluntary, community or social enterprise", "Yes" if supplier.is_vcse else "No"),
        ("Its registered number", supplier.vcse_number),
        ("Region", supplier.region.label if supplier.region else None),
        ("Living wage", supplier.living_wage.label if supplier.living_wage else None),
        ("Modern slavery statement", supplier.modern_slavery_address),
        ("Day of that statement", supplier.modern_slavery_on),
    )
    return Held(
        "Your company", ("Fact", "Held"), rows, _COUNCILS, "As long as your company works with a council here"
    )


def _contacts(session: Session, supplier: Party) -> Held:
    rows = session.exec(
        select(PartyContact)
        .where(PartyContact.supplier_id == supplier.id)
        .order_by(col(PartyContact.kind), col(PartyContact.id))
    )
    return Held(
        "Your contacts",
        ("For", "Name", "E-mail address", "Phone"),
        tuple((one.kind.label, one.name, one.email, one.phone) for one in rows),
        _COUNCILS,
        "Until you change or remove them",
    )


def _places(places: list[Place]) -> Held:
    return Held(
        "Your places on lots",
        ("Lot", "Agreement", "Active from", "Left on", "Contract manager", "E-mail address"),
        tuple(
            (
                f"{one.lot.reference}: {one.lot.title}",
                one.agreement.title,
                one.appointment.active_from,
                one.appointment.ended_on,
                one.appointment.contract_manager,
                one.appointment.contract_manager_email,
            )
            for one in places
        ),
        _COUNCILS,
        _PLACE_KEPT,
    )


def _rates(session: Session, places: list[Place]) -> Held:
    return Held(
        "Your day rates, net of VAT",
        ("Lot", "Version", "In force from", "Role or category of work", "Level", "Day rate"),
        tuple(
            (place.lot.reference, card.version, card.from_on, role, level, rate)
            for place in places
            for card, rates in finding.rate_cards(session, place.appointment.id)
            for (role, level), rate in rates.items()
        )[:MOST_ROWS],
        "You, and people of the councils of that agreement. Each look is recorded",
        _PLACE_KEPT,
    )


def _evidence(session: Session, supplier: Party) -> Held:
    return Held(
        "Your insurances, certificates and statements",
        ("What", "Issuer", "Number", "Cover", "First day", "Last day", "File", "Recorded", "Standing", "Why"),
        tuple(
            (
                one.name,
                one.issuer,
                one.reference,
                one.cover,
                one.from_on,
                one.expires_on,
                "Yes" if one.document_id else "No",
                one.recorded_at,
                one.standing.value,
                one.struck_why or one.sent_back_why,
            )
            for one in finding.evidence_of(session, [supplier.id])[supplier.id]
        ),
        _COUNCILS,
        _PLACE_KEPT,
    )


def _people(session: Session, places: list[Place]) -> Held:
    lots = {one.appointment.id: one.lot.reference for one in places}
    mine = (
        select(SkillsetPerson.id)
        .join(Skillset, col(Skillset.id) == col(SkillsetPerson.skillset_id))
        .where(col(Skillset.appointment_id).in_(list(lots)))
    )
    skills: dict[int, list[str]] = {}
    for skill in session.exec(select(SkillsetSkill).where(col(SkillsetSkill.person_id).in_(mine))):
        skills.setdefault(skill.person_id, []).append(f"{skill.skill} ({skill.depth.value})")
    where: dict[int, list[str]] = {}
    for one in session.exec(select(SkillsetPlace).where(col(SkillsetPlace.person_id).in_(mine))):
        where.setdefault(one.person_id, []).append(one.place.label)
    rows = session.exec(
        select(SkillsetPerson, Skillset)
        .join(Skillset, col(Skillset.id) == col(SkillsetPerson.skillset_id))
        .where(col(Skillset.appointment_id).in_(list(lots)))
        .order_by(col(Skillset.id).desc(), col(SkillsetPerson.number))
        .limit(MOST_ROWS)
    )
    return Held(
        "People you put forward",
        (
            "Lot",
            "Version",
            "Status",
            "Name",
            "Role",
            "Level",
            "Skills",
            "Days a week",
            "Available from",
            "Available to",
            "Places",
            "Clearance",
            "Clearance given",
            "Employment",
            "Off-payroll",
            "Day rate of their own, net of VAT",
            "Erased",
        ),
        tuple(
            (
                lots[skillset.appointment_id],
                skillset.version,
                skillset.status.label,
                person.called,
                person.role,
                person.level,
                "; ".join(sorted(skills.get(person.id, []))),
                person.days_a_week,
                person.available_from,
                person.available_to,
                "; ".join(sorted(where.get(person.id, []))),
                person.clearance.label,
                person.clearance_on,
                person.employment.label,
                person.off_payroll.label,
                person.day_rate,
                person.erased_at,
            )
            for person, skillset in rows
        ),
        "You; accepted versions also by commissioning managers, framework owners and auditors of the agreement’s councils. "
        "Each look is recorded",
        "Name and clearance until 12 months after the version was replaced or sent back, or your place ended",
    )


def _said(session: Session, supplier: Party) -> Held:
    declared = session.exec(
        select(Declaration, FrameworkAgreement.title)
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Declaration.agreement_id))
        .where(Declaration.supplier_id == supplier.id)
        .order_by(col(Declaration.made_at))
    ).all()
    confirmed = session.exec(
        select(FactsConfirmed)
        .where(FactsConfirmed.supplier_id == supplier.id)
        .order_by(col(FactsConfirmed.at).desc())
    ).all()
    who = names(
        session,
        {one.made_by_id for one, _ in declared if one.made_by_id}
        | {one.by_id for one in confirmed if one.by_id},
    )
    rows: list[tuple[datetime, str, str]] = [
        (one.made_at, who.get(one.made_by_id or 0, ""), f"{one.kind.words} ({title})")
        for one, title in declared
    ]
    rows += [(one.at, who.get(one.by_id or 0, ""), "Our company facts are still right") for one in confirmed]
    rows.sort(reverse=True)
    return Held(
        "What you declared and confirmed",
        ("When", "Who", "What"),
        tuple(rows),
        _COUNCILS,
        _PLACE_KEPT,
    )


def _looks(session: Session, supplier: Party, places: list[Place]) -> Held:
    appointments = [one.appointment.id for one in places]
    skillsets = list(session.exec(select(Skillset.id).where(col(Skillset.appointment_id).in_(appointments))))
    return Held(
        "Who looked at your people and rates",
        ("When", "Who", "From", "What"),
        tuple(
            looks_at(session, {"appointment": appointments, "skillset": skillsets, "partner": [supplier.id]})
        ),
        "You, and auditors of the councils",
        "With the audit record, for good",
    )


def _corrections(session: Session, supplier: Party) -> Held:
    rows = session.exec(
        select(CorrectionRequest)
        .where(CorrectionRequest.supplier_id == supplier.id)
        .order_by(col(CorrectionRequest.id).desc())
    )
    return Held(
        "Corrections you asked for",
        ("Asked", "About", "What is wrong", "Answered", "Put right", "Answer"),
        tuple(
            (
                one.asked_at,
                one.about,
                one.words,
                one.answered_at,
                None if one.corrected is None else "Yes" if one.corrected else "No",
                one.answer,
            )
            for one in rows
        ),
        "You, and framework owners of the agreements you are in",
        _PLACE_KEPT,
    )
