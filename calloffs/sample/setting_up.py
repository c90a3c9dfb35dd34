"""The first acts of the sample: two councils, their people, nine partners and the agreement that goes live."""

import secrets
from datetime import date, timedelta
from functools import partial

from sqlmodel import Session, select

from calloffs.sample.calendar import Diary, Span
from calloffs.sample.people import (
    ALSO_SIGNING_IN,
    COUNCILS,
    LOTS,
    OPERATOR,
    PARTNERS,
    RATES,
    SIGNING_IN,
    SampleCouncil,
    mail_of,
    rate_of,
)
from calloffs.sample.plain_pdf import plain_pdf
from framework.agreement import FrameworkAgreement
from framework.attaching import attach_document
from framework.confirming import confirm_agreement, submit_agreement
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.regime import Regime
from framework.opening import AgreementFacts, add_authority, add_option, open_agreement
from framework.people import beginning, finding, settling, signing_in, staffing
from framework.people.party import Party
from framework.people.permissions import Role, Visitor
from framework.people.person import Person
from framework.people.registering import SizeFacts, add_partner_user, register_supplier
from lots.appointing import appoint
from lots.appointment import Appointment
from lots.evidence import EvidenceKind
from lots.evidencing import record_evidence
from lots.lot import AwardMethod, DirectAwardBasis, Lot, Mechanism
from lots.opening import LotFacts, add_lot
from lots.rating import enter_rate_card

REFERENCE = "DPF2"
TITLE = "Digital Partners Framework 2 (sample)"
RISE_BP = 300
"""By how much day rates on the several-partner lot may rise in a year, from the agreement's second year."""
PROFESSIONAL, PUBLIC, EMPLOYERS = 2_000_000, 5_000_000, 5_000_000


def by_name(session: Session, name: str) -> Visitor:
    """A person of the sample as the actor of an act."""
    person_id = session.exec(select(Person.id).where(Person.name == name)).one()
    found = finding.visitor(session, person_id)
    assert found is not None, name
    return found


def in_role(council: SampleCouncil, role: Role) -> str:
    """Name of whoever has this role at a council."""
    return next(name for name, held, _ in council.people if held is role)


def the_agreement(session: Session) -> FrameworkAgreement:
    return session.exec(select(FrameworkAgreement).where(FrameworkAgreement.reference == REFERENCE)).one()


def the_party(session: Session, name: str) -> Party:
    return session.exec(select(Party).where(Party.name == name)).one()


def plan(diary: Diary, span: Span) -> None:
    """Put everything up to the agreement's confirmation, and each year's insurances, into the diary."""
    day = span.began_on
    diary.put(day, 9, _begin)
    diary.put(day + timedelta(days=1), 10, _second_council)
    for index, council in enumerate(COUNCILS):
        diary.put(day + timedelta(days=2), 11 + index, partial(_staff, council=council))
    diary.put(day + timedelta(days=6), 10, _partners)
    diary.put(day + timedelta(days=8), 10, lambda session: _open(session, span))
    diary.put(day + timedelta(days=10), 10, _appoint)
    diary.put(day + timedelta(days=11), 14, _submit)
    diary.put(day + timedelta(days=15), 11, _confirm)
    _insure(diary, span)


def _begin(session: Session) -> None:
    lead = COUNCILS[0]
    name = in_role(lead, Role.AUTHORITY_ADMINISTRATOR)
    secret = secrets.token_urlsafe(24)
    person = beginning.begin(
        session, name=name, email=mail_of(name, lead.mail), authority=lead.name, password=secret
    )
    # Running the installation is another person's work in the sample, so that an operator can be seen to see no records.
    person.is_operator = False
    operator = staffing.add_person(
        session, name=OPERATOR, email=mail_of(OPERATOR, "operator.example"), is_sample=True
    )
    operator.is_operator = True


def _second_council(session: Session) -> None:
    other = COUNCILS[1]
    name = in_role(other, Role.AUTHORITY_ADMINISTRATOR)
    beginning.add_authority(
        session,
        actor=by_name(session, OPERATOR),
        authority=other.name,
        name=name,
        email=mail_of(name, other.mail),
    )


def _staff(session: Session, council: SampleCouncil) -> None:
    administrator = by_name(session, in_role(council, Role.AUTHORITY_ADMINISTRATOR))
    party = the_party(session, council.name)
    settling.change_settings(
        session,
        actor=administrator,
        party_id=party.id,
        wanted=settling.AuthoritySettings(
            name=council.name,
            address=council.address,
            ppon=council.ppon,
            colour=council.colour,
            case_threshold=Money.pounds(council.case_threshold),
            price_tolerance_bp=500,
            approval_valid_days=90,
            invoice_address=f"Accounts payable, {council.address}",
            invoice_email=f"invoices@{council.mail}",
        ),
    )
    for name, role, limit in council.people:
        if role is not Role.AUTHORITY_ADMINISTRATOR:
            staffing.give_post(
                session,
                actor=administrator,
                party_id=party.id,
                name=name,
                email=mail_of(name, council.mail),
                role=role,
                limit=None if limit is None else Money.pounds(limit),
            )


def _owner(session: Session) -> Visitor:
    return by_name(session, in_role(COUNCILS[0], Role.FRAMEWORK_OWNER))


def _partners(session: Session) -> None:
    owner = _owner(session)
    for number, partner in enumerate(PARTNERS, start=1):
        supplier = register_supplier(
            session,
            actor=owner,
            name=partner.name,
            company_number=partner.company_number,
            address=partner.address,
            ppon=f"PSUP-{2000 + number}-SMPL",
            size=SizeFacts(
                partner.staff,
                Money.pounds(partner.turnover),
                Money.pounds(partner.balance_sheet),
                dates.today() - timedelta(days=40),
            ),
            is_vcse=partner.is_vcse,
        )
        host = f"{supplier.short_name.lower().split()[0].replace('’', '')}.example"
        add_partner_user(
            session,
            actor=owner,
            supplier_id=supplier.id,
            name=partner.person,
            email=mail_of(partner.person, host),
        )


def _open(session: Session, span: Span) -> None:
    owner = _owner(session)
    agreement = open_agreement(
        session,
        actor=owner,
        lead_authority_id=the_party(session, COUNCILS[0].name).id,
        facts=AgreementFacts(
            title=TITLE,
            reference=REFERENCE,
            commenced_on=span.commenced_on,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            ceiling=Money.pounds(12_000_000),
            basis=Basis.NET,
            regime=Regime.PA2023,
            notice_identifier="000000-2025",
            ocid="ocds-000000-sample-dpf2",
            description="Digital, data and technology work for two councils, in seven lots, six of them with one smaller company each.",
            price_mechanism="Day rates up to each partner’s rate card, or a fixed price built from them.",
            selection_process="The lot’s only partner on lots 1 to 6; on lot 7 in turn, the partner asked longest ago first.",
        ),
    )
    for council in COUNCILS:
        add_authority(
            session,
            actor=owner,
            agreement=agreement,
            authority_id=the_party(session, council.name).id,
            joins_on=span.starts_on,
            allocation=Money.pounds(council.allocation),
        )
    add_option(session, actor=owner, agreement=agreement, months=12, notice_months=6)
    attach_document(
        session,
        actor=owner,
        agreement=agreement,
        file_name="digital-partners-framework-2-sample.pdf",
        content=plain_pdf(TITLE, "An invented agreement document, here so that there is one to open."),
    )
    for number, (title, scope, ceiling, most) in enumerate(LOTS, start=1):
        add_lot(
            session,
            actor=owner,
            agreement=agreement,
            facts=LotFacts(
                number=number,
                title=title,
                scope=scope,
                ceiling=Money.pounds(ceiling),
                award_method=AwardMethod.DIRECT if most == 1 else AwardMethod.EITHER,
                direct_award_basis=DirectAwardBasis.SINGLE_SUPPLIER
                if most == 1
                else DirectAwardBasis.OBJECTIVE_MECHANISM,
                mechanism=None if most == 1 else Mechanism.ROTATION,
                mechanism_text=(
                    "The lot’s only partner is asked."
                    if most == 1
                    else "The active partner who was offered work on this lot longest ago is asked; before anyone was, in order of rank."
                ),
                max_partners=most,
                long_stop_on=span.long_stop_on,
                employers_liability=Money.pounds(EMPLOYERS),
                public_liability=Money.pounds(PUBLIC),
                professional_indemnity=Money.pounds(PROFESSIONAL),
                needs_cyber_essentials=number in (5, 6),
                rate_rise_bp=RISE_BP if most > 1 else None,
                rates_rise_from=dates.add_months(span.starts_on, 12) if most > 1 else None,
            ),
        )


def _appoint(session: Session) -> None:
    owner = _owner(session)
    agreement = the_agreement(session)
    assert agreement.starts_on is not None
    lots = {lot.number: lot for lot in session.exec(select(Lot).where(Lot.agreement_id == agreement.id))}
    for partner in PARTNERS:
        supplier = the_party(session, partner.name)
        for number in partner.lots:
            appointment = appoint(
                session,
                actor=owner,
                lot=lots[number],
                supplier_id=supplier.id,
                contract_manager=partner.person,
                contract_manager_email=mail_of(
                    partner.person, f"{supplier.short_name.lower().split()[0]}.example".replace("’", "")
                ),
            )
            _rates(session, owner, appointment, agreement.starts_on)


def _rates(session: Session, owner: Visitor, appointment: Appointment, from_on: date) -> None:
    supplier = session.get_one(Party, appointment.supplier_id)
    partner = next(one for one in PARTNERS if one.name == supplier.name)
    rates = [
        (role, level, rate_of(partner, role, level)) for role, levels in RATES.items() for level in levels
    ]
    enter_rate_card(session, actor=owner, appointment=appointment, from_on=from_on, rates=rates)


def _submit(session: Session) -> None:
    submit_agreement(session, actor=_owner(session), agreement=the_agreement(session))


def _confirm(session: Session) -> None:
    second = by_name(session, in_role(COUNCILS[0], Role.APPROVER))
    confirm_agreement(session, actor=second, agreement=the_agreement(session))


def _insure(diary: Diary, span: Span) -> None:
    """Each partner shows its covers before the agreement goes live and renews them yearly, each in its own month."""
    for index, partner in enumerate(PARTNERS):
        first_day = dates.add_months(span.began_on, -1 - index)
        for year in range(4):
            from_on = dates.add_months(first_day, 12 * year)
            shown = max(from_on - timedelta(days=10), span.began_on + timedelta(days=12))
            for kind, cover in (
                (EvidenceKind.EMPLOYERS_LIABILITY, EMPLOYERS * 2),
                (EvidenceKind.PUBLIC_LIABILITY, PUBLIC),
                (EvidenceKind.PROFESSIONAL_INDEMNITY, PROFESSIONAL),
                (EvidenceKind.CYBER_ESSENTIALS, None),
            ):
                diary.put(shown, 13, _Evidence(partner.name, kind, cover, from_on))


class _Evidence:
    """The framework owner records one policy or certificate that a partner shows."""

    def __init__(self, partner: str, kind: EvidenceKind, cover: int | None, from_on: date) -> None:
        self.partner, self.kind, self.cover, self.from_on = partner, kind, cover, from_on

    def __call__(self, session: Session) -> None:
        supplier = the_party(session, self.partner)
        record_evidence(
            session,
            actor=_owner(session),
            supplier_id=supplier.id,
            kind=self.kind,
            cover=None if self.cover is None else Money.pounds(self.cover),
            reference=f"{supplier.short_name.split()[0].upper()[:4]}-{self.from_on.year}-{self.kind.value[:2].upper()}",
            from_on=self.from_on,
            expires_on=dates.last_day_of(self.from_on, 12),
        )


def give_passwords(session: Session) -> list[tuple[str, str, str, str]]:
    """A password for one person in each role, three partners' people and the operator: (organisation, role, address, password)."""
    found = []
    for council in COUNCILS:
        found += [(council.name, role.label, name) for name, role, _ in council.people]
    found += [(one.name, "Partner administrator", one.person) for one in PARTNERS if one.name in SIGNING_IN]
    found += [(where, role.label, name) for where, role, name in ALSO_SIGNING_IN]
    order = list(dict.fromkeys(where for where, _, _ in found))
    found.sort(key=lambda one: order.index(one[0]))
    found.append(("Installation", "Operator", OPERATOR))
    rows = []
    for organisation, role, name in found:
        person = session.exec(select(Person).where(Person.name == name)).one()
        password = "-".join(secrets.choice(_WORDS) for _ in range(3)) + f"-{secrets.randbelow(90) + 10}"
        signing_in.set_password(session, person, password)
        rows.append((organisation, role, person.email, password))
    return rows


_WORDS = [
    "amber",
    "barley",
    "cedar",
    "dapple",
    "ember",
    "falcon",
    "garnet",
    "hazel",
    "indigo",
    "juniper",
    "kestrel",
    "lantern",
    "meadow",
    "nettle",
    "orchard",
    "pebble",
    "quartz",
    "river",
    "saffron",
    "thistle",
    "umber",
    "velvet",
    "willow",
    "yarrow",
    "zephyr",
    "basil",
    "copper",
    "drift",
    "fennel",
    "gable",
    "harbour",
]
