"""The cast that everyone learns once: two councils, one agreement of seven lots, and the people around it.

Northbank leads and Southmere is a member; Elsewhere is a council outside the agreement. Lots 1 to 6 have one partner each, lot 7 has
three in ranked order. The agreement is of the founding shape: PCR 2015, £10,000,000 net, 1 June 2021 to 31 May 2023.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

import calloffs.every_table  # noqa: F401
from framework.agreement import ExtensionOption, FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.regime import Regime
from framework.definitions.regions import Region
from framework.people import finding
from framework.people.party import LivingWage, Party, PartyKind
from framework.people.permissions import Role, Visitor
from framework.people.person import Person, Post
from framework.records.database import current
from lots.appointment import Appointment
from lots.evidence import Evidence, EvidenceKind
from lots.lot import AwardMethod, DirectAwardBasis, Lot, Mechanism
from lots.rate_card import Rate, RateCard

# name: (organisation, role, limit in whole pounds)
PEOPLE: dict[str, tuple[str, Role, int | None]] = {
    "Asha": ("Northbank", Role.COMMISSIONING_MANAGER, None),
    "Bram": ("Northbank", Role.APPROVER, 250_000),
    "Brook": ("Northbank", Role.APPROVER, 50_000),
    "Finn": ("Northbank", Role.FINANCE_REVIEWER, None),
    "Olu": ("Northbank", Role.FRAMEWORK_OWNER, None),
    "Odette": ("Northbank", Role.FRAMEWORK_OWNER, None),
    "Audra": ("Northbank", Role.AUDITOR, None),
    "Ari": ("Northbank", Role.AUTHORITY_ADMINISTRATOR, None),
    "Cara": ("Southmere", Role.COMMISSIONING_MANAGER, None),
    "Dev": ("Southmere", Role.APPROVER, 500_000),
    "Fern": ("Southmere", Role.FINANCE_REVIEWER, None),
    "Zed": ("Elsewhere", Role.COMMISSIONING_MANAGER, None),
    "Zoe": ("Elsewhere", Role.APPROVER, 500_000),
    "Faye": ("Fennel Web", Role.PARTNER_USER, None),
    "Qi": ("Quill Works", Role.PARTNER_USER, None),
    "Tess": ("Tern Systems", Role.PARTNER_USER, None),
}
LOTS = (
    "Smart city technologies",
    "Customer relationship management",
    "User centred design",
    "Web technologies",
    "Application development",
    "Cyber security",
    "General",
)
SOLE = ("Alder Cities", "Birch Systems", "Cedar Design", "Fennel Web", "Elm Apps", "Fir Security")
RANKED = ("Quill Works", "Fennel Web", "Tern Systems")
RATES = {
    ("Designer", 3): 600,
    ("Designer", 4): 935,
    ("Developer", 4): 850,
    ("Developer", 5): 1115,
    ("Delivery manager", 5): 900,
}


@dataclass
class Cast:
    """Ids of the cast by name, and its people as visitors."""

    party: dict[str, int]
    person: dict[str, int]
    lot: dict[int, int]
    appointment: dict[tuple[int, str], int]
    agreement: int

    @classmethod
    def read(cls) -> "Cast":
        session = current()
        lots = {lot.number: lot.id for lot in session.exec(select(Lot))}
        number = {lot_id: one for one, lot_id in lots.items()}
        parties = {party.name: party.id for party in session.exec(select(Party))}
        name = {party_id: one for one, party_id in parties.items()}
        found = cls(
            party=parties,
            person={person.name: person.id for person in session.exec(select(Person))},
            lot=lots,
            appointment={
                (number[one.lot_id], name[one.supplier_id]): one.id
                for one in session.exec(select(Appointment))
            },
            agreement=session.exec(
                select(FrameworkAgreement.id).where(FrameworkAgreement.reference == "DP21")
            ).one(),
        )
        session.rollback()
        session.close()
        return found

    def visitor(self, session: Session, name: str) -> Visitor:
        """A person of the cast as the actor of an action."""
        who = finding.visitor(session, self.person[name])
        assert who is not None
        return who


def people_the_stage(url: str) -> None:
    """Put the cast into an empty, migrated database."""
    engine = sa.create_engine(url)
    with Session(engine) as session:
        parties = _parties(session)
        _people(session, parties)
        lots = _agreement(session, parties)
        for number, name in enumerate(SOLE, start=1):
            _appoint(session, lots[number], parties[name], rank=1)
        for rank, name in enumerate(RANKED, start=1):
            _appoint(session, lots[7], parties[name], rank=rank)
        session.commit()
    engine.dispose()


def _add(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def _parties(session: Session) -> dict[str, Party]:
    found = {}
    for name, short in (("Northbank", "NB"), ("Southmere", "SM"), ("Elsewhere", "EW")):
        found[name] = _add(
            session,
            Party(
                kind=PartyKind.AUTHORITY,
                name=name,
                short_name=short,
                address=f"Town Hall, {name}",
                case_threshold_net_pence=Money.pounds(5_000).pence,
                invoice_address=f"Finance, Town Hall, {name}",
                invoice_email=f"invoices@{name.lower()}.example",
            ),
        )
    for index, name in enumerate(dict.fromkeys(SOLE + RANKED), start=1):
        found[name] = _add(
            session,
            Party(
                kind=PartyKind.SUPPLIER,
                name=name,
                short_name=name.split()[0],
                address=f"{index} Mill Lane, Anytown",
                company_number=f"{index:08}",
                region=Region.WALES,
                living_wage=LivingWage.PAYS,
                staff=40,
                turnover_pence=Money.pounds(3_000_000).pence,
                balance_sheet_pence=Money.pounds(1_000_000).pence,
                size_evidence_on=date(2022, 1, 1),
            ),
        )
    return found


def _people(session: Session, parties: dict[str, Party]) -> None:
    for name, (party, role, limit) in PEOPLE.items():
        person = _person(session, name)
        limit_pence = None if limit is None else Money.pounds(limit).pence
        _add(
            session,
            Post(
                person_id=person.id,
                party_id=parties[party].id,
                role=role,
                limit_pence=limit_pence,
                starts_on=date(2021, 1, 1),
            ),
        )
    _person(session, "Stranger")
    operator = _person(session, "Opal")
    operator.is_operator = True


def _person(session: Session, name: str) -> Person:
    return _add(
        session,
        Person(
            name=name,
            email=f"{name.lower()}@example.org",
            fs_uniquifier=f"u-{name.lower()}",
            created_at=dates.now(),
        ),
    )


def _agreement(session: Session, parties: dict[str, Party]) -> dict[int, Lot]:
    agreement = _add(
        session,
        FrameworkAgreement(
            reference="DP21",
            title="Digital Partners",
            notice_identifier="2021/S 101-264183",
            lead_authority_id=parties["Northbank"].id,
            regime=Regime.PCR2015,
            commenced_on=date(2021, 1, 11),
            description="Digital partners for two councils",
            price_mechanism="Day rates up to each partner's rate card",
            selection_process="Direct award to the lot's partner; ranked order on lot 7",
            starts_on=date(2021, 6, 1),
            ends_on=date(2023, 5, 31),
            original_ends_on=date(2023, 5, 31),
            ceiling_pence=Money.pounds(10_000_000).pence,
            basis=Basis.NET,
            created_at=dates.now(),
            submitted_at=dates.now(),
            confirmed_at=dates.now(),
        ),
    )
    _add(session, ExtensionOption(agreement_id=agreement.id, number=1, months=24, notice_months=6))
    for name, allocation in (("Northbank", 6_000_000), ("Southmere", 4_000_000)):
        _add(
            session,
            MemberAuthority(
                agreement_id=agreement.id,
                authority_id=parties[name].id,
                joins_on=date(2021, 6, 1),
                allocation_pence=Money.pounds(allocation).pence,
            ),
        )
    lots = {}
    for number, title in enumerate(LOTS, start=1):
        general = number == 7
        lots[number] = _add(
            session,
            Lot(
                agreement_id=agreement.id,
                number=number,
                reference=f"DP21-{number}",
                title=title,
                scope=f"Work on {title.lower()}",
                ceiling_pence=Money.pounds(4_000_000 if general else 1_000_000).pence,
                award_method=AwardMethod.EITHER if general else AwardMethod.DIRECT,
                direct_award_basis=DirectAwardBasis.OBJECTIVE_MECHANISM
                if general
                else DirectAwardBasis.SINGLE_SUPPLIER,
                mechanism=Mechanism.RANKED if general else None,
                mechanism_text="The highest-ranked partner is asked first"
                if general
                else "The lot has one partner",
                max_partners=3 if general else 1,
                long_stop_on=date(2024, 5, 31),
                professional_indemnity_pence=Money.pounds(1_000_000).pence,
            ),
        )
    return lots


def _appoint(session: Session, lot: Lot, supplier: Party, *, rank: int) -> None:
    appointment = _add(
        session,
        Appointment(
            lot_id=lot.id,
            supplier_id=supplier.id,
            rank=rank,
            created_at=dates.now(),
            active_from=date(2021, 6, 1),
            contract_manager=f"Contract manager of {supplier.name}",
            contract_manager_email=f"contracts@{supplier.short_name.lower()}.example",
        ),
    )
    card = _add(
        session,
        RateCard(appointment_id=appointment.id, version=1, from_on=date(2021, 6, 1), created_at=dates.now()),
    )
    for (role, level), pounds in RATES.items():
        session.add(
            Rate(rate_card_id=card.id, role=role, level=level, day_rate_pence=Money.pounds(pounds).pence)
        )
    known = session.exec(select(Evidence).where(Evidence.supplier_id == supplier.id)).first()
    if known is None:
        for kind in (
            EvidenceKind.PROFESSIONAL_INDEMNITY,
            EvidenceKind.PUBLIC_LIABILITY,
            EvidenceKind.EMPLOYERS_LIABILITY,
        ):
            session.add(
                Evidence(
                    supplier_id=supplier.id,
                    kind=kind,
                    reference=f"{supplier.short_name}-{kind.value[:4]}",
                    cover_pence=Money.pounds(5_000_000).pence,
                    from_on=date(2022, 7, 1),
                    expires_on=date(2023, 6, 30),
                    recorded_at=dates.now(),
                )
            )
    session.flush()
