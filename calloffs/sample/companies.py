"""What the sample's partners say of themselves: company facts, contacts and colleagues, and what they want put right."""

from datetime import timedelta

from sqlmodel import Session

from calloffs.sample.calendar import Diary, Span
from calloffs.sample.people import PARTNERS, SamplePartner, mail_of
from calloffs.sample.places import FIELDFARE, HEDGEROW, IRONBARK, MERIDIAN, host_of
from calloffs.sample.setting_up import by_name, the_party
from framework.definitions import dates
from framework.definitions.regions import Region
from framework.people.colleagues import add_colleague
from framework.people.contacting import ContactFacts, keep_contacts
from framework.people.keeping import CompanyFacts, confirm_facts, keep_facts
from framework.people.party import LivingWage
from framework.people.party_contact import ContactKind
from framework.people.permissions import Role
from lots.correcting import ask_correction

# Beside each partner: its region, how it pays, its charity or community number, and who else works there for the contract:
# finance, signatory.
SAID: tuple[tuple[Region, LivingWage, str, tuple[str, str]], ...] = (
    (Region.NORTH_EAST, LivingWage.PAYS, "", ("Imogen Farrant", "Jonah Reid")),
    (Region.EAST, LivingWage.NO, "", ("Callum Osei", "Nadia Haddad")),
    (Region.EAST, LivingWage.ACCREDITED, "CIC 990003", ("Bethan Morys", "Carys Llwyd-Ŵyn")),
    (Region.SCOTLAND, LivingWage.ACCREDITED, "", ("Morag Lennox", "Ewan Rennie")),
    (Region.NORTH_EAST, LivingWage.PAYS, "", ("Hugo Pereira", "Beatriz Souza")),
    (Region.EAST, LivingWage.PAYS, "", ("Adaeze Obi", "Oliver Nkemelu")),
    (Region.LONDON, LivingWage.ACCREDITED, "", ("Simon Thackeray", "Victoria Ashdown")),
    (Region.LONDON, LivingWage.PAYS, "", ("Aoife Brannigan", "Patrick O’Hara")),
    (Region.NORTH_EAST, LivingWage.NO, "", ("Sanjay Varma", "Leila Farouk")),
)
# Somebody who joined later: the partner, the name, and whether they may add colleagues too.
COLLEAGUES = (
    (FIELDFARE, "Bethan Morys", Role.PARTNER_USER),
    (FIELDFARE, "Rhodri Penn", Role.PARTNER_ADMINISTRATOR),
    (HEDGEROW, "Morag Lennox", Role.PARTNER_USER),
    (MERIDIAN, "Simon Thackeray", Role.PARTNER_USER),
    (MERIDIAN, "Yetunde Salako", Role.PARTNER_ADMINISTRATOR),
)
# Hedgerow and Ironbark said so once, at the start; the others said lately that their facts are still right.
_LONG_AGO = (HEDGEROW, IRONBARK)


def plan(diary: Diary, span: Span) -> None:
    """Facts and contacts in the first weeks, colleagues after a month, the yearly “still right” and one correction asked."""
    for index, partner in enumerate(PARTNERS):
        fell = diary.put(span.starts_on + timedelta(days=3 + index), 11, _Facts(index))
        diary.put(fell + timedelta(days=2), 15, _Contacts(index), after=fell)
        if partner not in _LONG_AGO:
            diary.put(span.today - timedelta(days=40 + 9 * index), 9, _StillRight(partner), after=fell)
    for number, (partner, name, role) in enumerate(COLLEAGUES):
        diary.put(span.starts_on + timedelta(days=32 + number), 10, _Colleague(partner, name, role))
    diary.put(span.today - timedelta(days=5), 14, _ask_correction)


class _Facts:
    """A partner completes what the council put down of it."""

    def __init__(self, index: int) -> None:
        self.index = index

    def __call__(self, session: Session) -> None:
        partner = PARTNERS[self.index]
        region, pays, charity, _ = SAID[self.index]
        supplier = the_party(session, partner.name)
        is_large = partner.turnover >= 36_000_000
        keep_facts(
            session,
            actor=by_name(session, partner.person),
            supplier_id=supplier.id,
            facts=CompanyFacts(
                name=supplier.name,
                company_number=supplier.company_number or "",
                vat_number=f"GB9990000{10 + self.index}",
                ppon=supplier.ppon or "",
                address=supplier.address or "",
                region=region,
                is_vcse=partner.is_vcse,
                vcse_number=charity,
                living_wage=pays,
                modern_slavery_address=f"https://{host_of(partner)}/modern-slavery" if is_large else "",
                modern_slavery_on=dates.today() - timedelta(days=50) if is_large else None,
            ),
        )


class _Contacts:
    """A partner says whom to ask about the contract, invoices, data, security and signing."""

    def __init__(self, index: int) -> None:
        self.index = index

    def __call__(self, session: Session) -> None:
        partner = PARTNERS[self.index]
        finance, signatory = SAID[self.index][3]
        who = {
            ContactKind.CONTRACT_MANAGER: partner.person,
            ContactKind.FINANCE: finance,
            ContactKind.SIGNATORY: signatory,
            ContactKind.DATA_PROTECTION: finance,
            ContactKind.SECURITY: partner.person,
        }
        keep_contacts(
            session,
            actor=by_name(session, partner.person),
            supplier_id=the_party(session, partner.name).id,
            contacts={
                kind: ContactFacts(name, mail_of(name, host_of(partner)), f"01632 9601{10 + self.index}")
                for kind, name in who.items()
            },
        )


class _StillRight:
    """A partner says that its facts are still right."""

    def __init__(self, partner: SamplePartner) -> None:
        self.partner = partner

    def __call__(self, session: Session) -> None:
        confirm_facts(
            session,
            actor=by_name(session, self.partner.person),
            supplier_id=the_party(session, self.partner.name).id,
        )


class _Colleague:
    """A partner's administrator gives somebody a post, without the council."""

    def __init__(self, partner: SamplePartner, name: str, role: Role) -> None:
        self.partner, self.name, self.role = partner, name, role

    def __call__(self, session: Session) -> None:
        add_colleague(
            session,
            actor=by_name(session, self.partner.person),
            supplier_id=the_party(session, self.partner.name).id,
            name=self.name,
            email=mail_of(self.name, host_of(self.partner)),
            role=self.role,
        )


def _ask_correction(session: Session) -> None:
    ask_correction(
        session,
        actor=by_name(session, FIELDFARE.person),
        supplier=the_party(session, FIELDFARE.name),
        about="Our reference number",
        words="Order forms print PSUP-2003-SMPL. Since the register moved, our number ends in 3003; please change it before the next one.",
    )
