"""Who and what there is before the first call-off: councils, partners, people, agreements, lots and places on them."""

import random
import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from calloffs.scale import moments
from calloffs.scale.sheets import Sheets
from calloffs.scale.sizes import Size
from framework.agreement import ExtensionOption, FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.regime import regime_for
from framework.people.party import Party, PartyKind
from framework.people.permissions import Role
from framework.people.person import Person, Post
from framework.records.audit import Subject
from lots.appointment import Appointment
from lots.evidence import Evidence, EvidenceKind
from lots.lot import AwardMethod, DirectAwardBasis, Lot, Mechanism
from lots.rate_card import Rate, RateCard

RATES = {
    ("Business analyst", 4): 680,
    ("Delivery manager", 4): 720,
    ("Designer", 4): 690,
    ("Developer", 4): 700,
    ("Developer", 5): 850,
    ("Technical architect", 5): 950,
    ("User researcher", 3): 550,
}
FIELDS = (
    "Smart city technologies",
    "Customer relationship management",
    "User centred design",
    "Web technologies",
    "Application development",
    "Cyber security",
    "General digital work",
    "Data and reporting",
)
PLACES = (
    *("Ash", "Birch", "Cold", "Dale", "East", "Fern", "Green", "High", "Ivy", "Kirk"),
    *("Long", "Mill", "North", "Oak", "Pen", "Quarry", "Red", "South", "Thorn", "Upper"),
)
ENDINGS = ("bourne", "combe", "ford", "gate", "ham", "ley", "mere", "minster", "stoke", "wick")
LEVELS = {
    Role.AUTHORITY_ADMINISTRATOR: 1,
    Role.FRAMEWORK_OWNER: 1,
    Role.COMMISSIONING_MANAGER: 3,
    Role.APPROVER: 2,
    Role.FINANCE_REVIEWER: 1,
    Role.AUDITOR: 1,
}
LIMIT = Money.pounds(1_000_000)


@dataclass(slots=True)
class Council:
    """A contracting authority and the numbers of its people by role."""

    id: int
    name: str
    short: str
    people: dict[Role, list[int]]
    cases: int = 0
    waiting: int = 0


@dataclass(slots=True)
class Place:
    """A partner's place on a lot."""

    id: int
    supplier_id: int
    supplier: str
    person_id: int
    person: str
    card_id: int


@dataclass(slots=True)
class Ground:
    """A lot with everything that a call-off under it needs to know."""

    id: int
    reference: str
    number: int
    agreement: "Terms"
    ceiling: Money
    places: list[Place] = field(default_factory=list)
    turn: int = 0
    call_offs: int = 0


@dataclass(slots=True)
class Terms:
    """An agreement: its days, its basis and its members, the lead authority first."""

    id: int
    reference: str
    title: str
    basis: Basis
    starts_on: date
    ends_on: date
    members: list[Council]
    member_ids: dict[int, int]


def name_of(number: int) -> str:
    """A name of places that nobody lives in; the first two hundred are plain, later ones carry a number."""
    turn, place = divmod(number, len(PLACES) * len(ENDINGS))
    ending, start = divmod(place, len(PLACES))
    return f"{PLACES[start]}{ENDINGS[ending]}" + (f" {turn + 1}" if turn else "")


def councils(sheets: Sheets, size: Size, since: date) -> list[Council]:
    """Every council with people in each role. None of them has a password yet."""
    found = []
    for number in range(size.councils):
        place = name_of(number)
        host = f"{place.lower().replace(' ', '')}.example"
        party_id = sheets.add(
            Party,
            {
                "kind": PartyKind.AUTHORITY,
                "name": f"{place} Council",
                "short_name": f"{place[:3].upper()}{number + 1}",
                "address": f"Town Hall, {place} SC1 1AA",
                "is_sample": True,
                "case_threshold_net_pence": Money.pounds(10_000).pence,
                "price_tolerance_bp": 0,
                "invoice_address": f"Finance, Town Hall, {place} SC1 1AA",
                "invoice_email": f"invoices@{host}",
            },
        )
        people: dict[Role, list[int]] = {}
        for role, count in LEVELS.items():
            for one in range(count):
                name = f"{place} {role.label.lower()} {one + 1}"
                mail = f"{role.value.replace('_', '.')}.{one + 1}@{host}"
                limit = LIMIT.pence if role is Role.APPROVER else None
                people.setdefault(role, []).append(_person(sheets, name, mail, party_id, role, since, limit))
        found.append(Council(party_id, f"{place} Council", f"{place[:3].upper()}{number + 1}", people))
    return found


def _person(
    sheets: Sheets, name: str, mail: str, party_id: int, role: Role, since: date, limit: int | None = None
) -> int:
    person_id = sheets.add(
        Person,
        {
            "name": name,
            "email": mail,
            "fs_uniquifier": secrets.token_hex(16),
            "created_at": moments.at(since, 9),
            "is_sample": True,
        },
    )
    post = {
        "person_id": person_id,
        "party_id": party_id,
        "role": role,
        "limit_pence": limit,
        "starts_on": since,
    }
    sheets.add(Post, post)
    return person_id


def suppliers(sheets: Sheets, size: Size, since: date, today: date) -> list[tuple[int, str, int, str]]:
    """Every supplier with one person and insurances in force: (number, name, person, person's name)."""
    found = []
    for number in range(size.partners):
        place = name_of(number)
        name = f"{place} Digital Ltd"
        party_id = sheets.add(
            Party,
            {
                "kind": PartyKind.SUPPLIER,
                "name": name,
                "short_name": f"{place[:12]}-{number + 1}",
                "address": f"{number % 90 + 1} Mill Lane, {place} SC2 2BB",
                "is_sample": True,
                "company_number": f"{9_910_000 + number:08}",
                "staff": 20 + number % 200,
                "turnover_pence": Money.pounds(3_000_000).pence,
                "balance_sheet_pence": Money.pounds(1_000_000).pence,
                "size_evidence_on": since,
            },
        )
        person = f"{place} partner user"
        mail = f"work@{place.lower().replace(' ', '')}-digital.example"
        person_id = _person(sheets, person, mail, party_id, Role.PARTNER_USER, since)
        for kind in EvidenceKind:
            if kind.is_insurance:
                sheets.add(
                    Evidence,
                    {
                        "supplier_id": party_id,
                        "kind": kind,
                        "reference": f"{kind.value[:4].upper()}-{number + 1:05}",
                        "cover_pence": Money.pounds(5_000_000).pence,
                        "from_on": since,
                        "expires_on": today + timedelta(days=30 + number * 7 % 700),
                        "recorded_at": moments.at(since, 10),
                    },
                )
        found.append((party_id, name, person_id, person))
    return found


def agreement(
    sheets: Sheets, number: int, today: date, members: list[Council], lots: list[tuple[Money, int]]
) -> tuple[Terms, list[Ground]]:
    """One live or past agreement of 36 months with its lots. `lots` are ceilings and how many partners each may have."""
    starts_on = dates.add_months(today.replace(day=1), -(18 + number * 7 % 20))
    ends_on = dates.last_day_of(starts_on, 36)
    opened = moments.at(starts_on - timedelta(days=30), 10)
    lead = members[0]
    owner, approver = lead.people[Role.FRAMEWORK_OWNER][0], lead.people[Role.APPROVER][0]
    basis = Basis.GROSS if number % 4 == 3 else Basis.NET
    ceiling = Money(sum(money.pence for money, _ in lots))
    reference, title = f"SC{number + 1:03}", f"Digital services framework {number + 1} (made up)"
    commenced = dates.add_months(starts_on, -9)
    agreement_id = sheets.add(
        FrameworkAgreement,
        {
            "reference": reference,
            "title": title,
            "lead_authority_id": lead.id,
            "regime": regime_for(commenced),
            "commenced_on": commenced,
            "first_awarded_on": starts_on,
            "description": "Digital work for several councils, in lots",
            "price_mechanism": "Day rates up to each partner’s rate card",
            "selection_process": "The lot’s only partner, or its partners in turn",
            "notice_identifier": f"2024/S 000-{number:06}",
            "starts_on": starts_on,
            "ends_on": ends_on,
            "original_ends_on": ends_on,
            "ceiling_pence": ceiling.pence,
            "basis": basis,
            "created_at": opened,
            "created_by_id": owner,
            "submitted_at": opened,
            "submitted_by_id": owner,
            "confirmed_at": opened + timedelta(hours=2),
            "confirmed_by_id": approver,
            "is_sample": True,
        },
    )
    about = Subject("agreement", agreement_id, f"{title} ({reference})", None)
    said: dict[str, Any] = {"first": starts_on, "last": ends_on, "ceiling": ceiling, "basis": basis.label}
    sheets.record(opened, owner, "agreement_opened", about, {**said, "regime": regime_for(commenced).label})
    sheets.record(opened, owner, "agreement_submitted", about, {})
    option = {"agreement_id": agreement_id, "number": 1, "months": 12, "notice_months": 6}
    sheets.add(ExtensionOption, option)
    member_ids = {}
    for council in members:
        row = {"agreement_id": agreement_id, "authority_id": council.id, "joins_on": starts_on}
        # Any one member may take the whole; the ledger still keeps each share.
        member_ids[council.id] = sheets.add(MemberAuthority, {**row, "allocation_pence": ceiling.pence})
    terms = Terms(agreement_id, reference, title, basis, starts_on, ends_on, members, member_ids)
    grounds = [_lot(sheets, terms, one + 1, *asked) for one, asked in enumerate(lots)]
    sheets.record(opened + timedelta(hours=2), approver, "agreement_confirmed", about, said)
    return terms, grounds


def _lot(sheets: Sheets, terms: Terms, number: int, ceiling: Money, partners: int) -> Ground:
    several = partners > 1
    reference = f"{terms.reference}-{number}"
    lot_id = sheets.add(
        Lot,
        {
            "agreement_id": terms.id,
            "number": number,
            "reference": reference,
            "title": FIELDS[(number - 1) % len(FIELDS)],
            "scope": f"Work on {FIELDS[(number - 1) % len(FIELDS)].lower()} for the member councils.",
            "ceiling_pence": ceiling.pence,
            "award_method": AwardMethod.EITHER if several else AwardMethod.DIRECT,
            "direct_award_basis": DirectAwardBasis.OBJECTIVE_MECHANISM
            if several
            else DirectAwardBasis.SINGLE_SUPPLIER,
            "mechanism": Mechanism.ROTATION if several else None,
            "mechanism_text": "Partners take turns" if several else "The lot has one partner",
            "max_partners": partners,
            "long_stop_on": dates.add_months(terms.ends_on, 24),
            "professional_indemnity_pence": Money.pounds(1_000_000).pence,
        },
    )
    return Ground(lot_id, reference, number, terms, ceiling)


def appoint(sheets: Sheets, lot: Ground, supplier: tuple[int, str, int, str], chance: random.Random) -> None:
    """A place on a lot with a rate card a little above or below the usual."""
    party_id, name, person_id, person = supplier
    begun = moments.at(lot.agreement.starts_on - timedelta(days=20), 11)
    place_id = sheets.add(
        Appointment,
        {
            "lot_id": lot.id,
            "supplier_id": party_id,
            "rank": len(lot.places) + 1,
            "created_at": begun,
            "active_from": lot.agreement.starts_on,
            "contract_manager": person,
            "contract_manager_email": f"contracts{party_id}@partner.example",
        },
    )
    card = {"appointment_id": place_id, "version": 1, "from_on": lot.agreement.starts_on, "created_at": begun}
    card_id = sheets.add(RateCard, card)
    for (role, level), pounds in RATES.items():
        rate = Money.pounds(pounds + 5 * chance.randrange(-12, 13))
        row = {"rate_card_id": card_id, "role": role, "level": level, "day_rate_pence": rate.pence}
        sheets.add(Rate, row)
    owner = lot.agreement.members[0].people[Role.FRAMEWORK_OWNER][0]
    about = Subject("appointment", place_id, f"{name} on lot {lot.reference}", None)
    facts = {"rank": len(lot.places) + 1, "active_from": lot.agreement.starts_on, "lot": lot.reference}
    sheets.record(begun, owner, "partner_appointed", about, facts)
    sheets.record(
        begun, owner, "rate_card_entered", about, {"version": 1, "from_on": lot.agreement.starts_on}
    )
    lot.places.append(Place(place_id, party_id, name, person_id, person, card_id))
