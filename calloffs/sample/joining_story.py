"""A second agreement of the sample, still in preparation: companies invited to its lots, on their way and ready to be appointed."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, select

from calloffs.sample.calendar import Diary, Span
from calloffs.sample.papers import Shows
from calloffs.sample.people import COUNCILS, RATES, SamplePartner, mail_of, rate_of
from calloffs.sample.places import HEDGEROW, authority_id, host_of, owner
from calloffs.sample.setting_up import EMPLOYERS, PROFESSIONAL, PUBLIC, by_name, the_party
from calloffs.sample.skillsets import facts_of, newest_of
from calloffs.sample.teams import BPSS, NE, OFF, Member, Team
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.regime import Regime
from framework.definitions.regions import Region
from framework.opening import AgreementFacts, add_authority, add_option, open_agreement
from framework.people.contacting import ContactFacts, keep_contacts
from framework.people.keeping import CompanyFacts, keep_facts
from framework.people.party import LivingWage
from framework.people.party_contact import ContactKind
from framework.people.permissions import Visitor
from framework.people.registering import SizeFacts, record_size
from lots import finding
from lots.accepting import accept, sign_up
from lots.declaration import DeclarationKind
from lots.entering_people import put_people
from lots.evidence import EvidenceKind
from lots.finding import Place
from lots.inviting import invite
from lots.joining import declare, send_back, send_to_council
from lots.lot import AwardMethod, DirectAwardBasis, Lot, Mechanism
from lots.opening import LotFacts, add_lot
from lots.rate_deciding import accept_proposal, return_proposal
from lots.rate_finding import proposals
from lots.rate_proposing import save_proposal, submit_proposal
from lots.submitting import accept_skillset, submit_skillset

REFERENCE = "DIP1"
TITLE = "Data and Insight Partners (sample)"
LOTS = (
    ("Data and insight", "Data engineering, analysis and what is shown to those who decide.", 1_200_000, 2),
    (
        "Assisted digital",
        "Help for people who cannot or will not go online, beside each service.",
        500_000,
        2,
    ),
    ("Automation of office work", "Small robots and forms that take typing away from staff.", 800_000, 1),
)


@dataclass(frozen=True, slots=True)
class Joiner:
    """A company that is new here: who it is, the lot it is invited to, and the team it puts forward."""

    company: SamplePartner
    lot: int
    team: Team


SALTMARSH = Joiner(
    SamplePartner(
        "Saltmarsh Analytics Ltd", "09900010", "", (1,), 22, 1_900_000, 600_000, "Noor Aldridge", 98
    ),
    1,
    (),
)
OTTERBURN = Joiner(
    SamplePartner(
        "Otterburn Insight Ltd",
        "09900011",
        "3 Weavers’ Court, Northmere NX3 7JJ",
        (1,),
        31,
        2_700_000,
        800_000,
        "Gwen Sadler",
        97,
    ),
    1,
    (
        Member("Mei Thornbury", "Data engineer", 5, "Data platforms e, Python e", (NE, OFF)),
        Member("Callista Boyd", "Performance analyst", 4, "Data analysis e, SQL e", (NE,)),
        Member("", "Data engineer", 4, "SQL p, Python p", (OFF,), BPSS, 4),
    ),
)
KITTIWAKE = Joiner(
    SamplePartner(
        "Kittiwake Automation Ltd",
        "09900012",
        "11 Lighthouse Road, Eastwold EW5 1CD",
        (3,),
        14,
        1_100_000,
        240_000,
        "Tobias Renwick",
        93,
    ),
    3,
    (
        Member("Tobias Renwick", "Developer", 5, "Process automation e, Python p", (OFF,)),
        Member("Shanthi Moore", "Business analyst", 4, "Process mapping e", (OFF,), days=3),
    ),
)
RETURNED = {
    "rates": "The lot asks for a delivery manager at level 5. Please price one, or say that you offer none.",
    "contacts": "Invoices and signing name the same person twice; please name somebody else for one of them.",
}


def plan(diary: Diary, span: Span) -> None:
    """The agreement six weeks ago, invitations since, and how far each company has come."""
    today = span.today
    opened = diary.put(today - timedelta(days=55), 10, lambda session: _open(session, span))
    for joiner, ago in ((OTTERBURN, 42), (KITTIWAKE, 40), (SALTMARSH, 5)):
        acts = _Joining(joiner)
        fell = diary.put(today - timedelta(days=ago), 10, acts.invite, after=opened)
        if joiner is SALTMARSH:
            continue
        fell = diary.put(fell + timedelta(days=2), 14, acts.sign_up, after=fell)
        fell = diary.put(fell + timedelta(days=3), 11, acts.say, after=fell)
        fell = diary.put(fell + timedelta(days=4), 11, acts.offer_rates_and_people, after=fell)
        if joiner is OTTERBURN:
            _insure(diary, fell)
        fell = diary.put(fell + timedelta(days=3), 16, acts.send, after=fell)
        if joiner is KITTIWAKE:
            diary.put(today - timedelta(days=6), 12, acts.send_back, after=fell)
        else:
            diary.put(today - timedelta(days=8), 12, acts.take, after=fell)
    again = _Again()
    fell = diary.put(today - timedelta(days=20), 10, again.invite, after=opened)
    fell = diary.put(fell + timedelta(days=3), 9, again.accept, after=fell)
    diary.put(fell + timedelta(days=4), 17, again.begin_rates, after=fell)


def draft_agreement(session: Session) -> FrameworkAgreement:
    """The agreement in preparation."""
    return session.exec(select(FrameworkAgreement).where(FrameworkAgreement.reference == REFERENCE)).one()


def _open(session: Session, span: Span) -> None:
    starts_on = dates.add_months(span.today.replace(day=1), 3)
    ends_on = dates.last_day_of(starts_on, 36)
    agreement = open_agreement(
        session,
        actor=owner(session),
        lead_authority_id=authority_id(session, 0),
        facts=AgreementFacts(
            title=TITLE,
            reference=REFERENCE,
            commenced_on=dates.today() - timedelta(days=150),
            starts_on=starts_on,
            ends_on=ends_on,
            ceiling=Money.pounds(2_500_000),
            basis=Basis.NET,
            regime=Regime.PA2023,
            description="Data, insight and the help that people need beside it, in three lots.",
            price_mechanism="Day rates up to each partner’s rate card.",
            selection_process="The partner asked longest ago first; the lot’s only partner where there is one.",
        ),
    )
    for council in range(len(COUNCILS)):
        add_authority(
            session,
            actor=owner(session),
            agreement=agreement,
            authority_id=authority_id(session, council),
            joins_on=starts_on,
        )
    add_option(session, actor=owner(session), agreement=agreement, months=12, notice_months=6)
    for number, (title, scope, ceiling, most) in enumerate(LOTS, start=1):
        add_lot(
            session,
            actor=owner(session),
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
                mechanism_text="The lot’s only partner is asked." if most == 1 else "In turn.",
                max_partners=most,
                long_stop_on=dates.last_day_of(starts_on, 60),
                employers_liability=Money.pounds(EMPLOYERS),
                public_liability=Money.pounds(PUBLIC),
                professional_indemnity=Money.pounds(PROFESSIONAL),
            ),
        )


def _lot(session: Session, number: int) -> Lot:
    agreement = draft_agreement(session)
    return session.exec(select(Lot).where(Lot.agreement_id == agreement.id, Lot.number == number)).one()


class _Joining:
    """One new company's way to its place."""

    def __init__(self, joiner: Joiner) -> None:
        self.joiner, self.company = joiner, joiner.company
        self.token = ""

    def _place(self, session: Session) -> tuple[Visitor, Place]:
        actor = by_name(session, self.company.person)
        return actor, finding.own_places(session, actor, the_party(session, self.company.name).id)[0]

    def invite(self, session: Session) -> None:
        self.token = invite(
            session,
            actor=owner(session),
            agreement_id=draft_agreement(session).id,
            lot_ids=[_lot(session, self.joiner.lot).id],
            company_name=self.company.name,
            contact_name=self.company.person,
            email=mail_of(self.company.person, host_of(self.company)),
        ).token

    def sign_up(self, session: Session) -> None:
        sign_up(session, token=self.token, name=self.company.person, password=secrets.token_urlsafe(24))

    def say(self, session: Session) -> None:
        """Company facts, contacts and declarations."""
        company = self.company
        actor, place = self._place(session)
        supplier_id = place.supplier.id
        keep_facts(
            session,
            actor=actor,
            supplier_id=supplier_id,
            facts=CompanyFacts(
                name=company.name,
                company_number=company.company_number,
                address=company.address,
                region=Region.NORTH_EAST,
                living_wage=LivingWage.PAYS,
            ),
        )
        record_size(
            session,
            actor=actor,
            supplier_id=supplier_id,
            size=SizeFacts(
                company.staff,
                Money.pounds(company.turnover),
                Money.pounds(company.balance_sheet),
                dates.today() - timedelta(days=90),
            ),
        )
        contact = ContactFacts(company.person, mail_of(company.person, host_of(company)), "01632 960199")
        needed = (ContactKind.CONTRACT_MANAGER, ContactKind.FINANCE, ContactKind.SIGNATORY)
        keep_contacts(session, actor=actor, supplier_id=supplier_id, contacts=dict.fromkeys(needed, contact))
        declare(session, actor=actor, place=place, kinds=list(DeclarationKind))

    def offer_rates_and_people(self, session: Session) -> None:
        actor, place = self._place(session)
        _propose_rates(session, actor, place, self.company)
        team = [facts_of(self.company, number, one) for number, one in enumerate(self.joiner.team, start=1)]
        skillset = put_people(session, actor=actor, place=place, people=team)
        submit_skillset(session, actor=actor, place=place, skillset=skillset)

    def send(self, session: Session) -> None:
        actor, place = self._place(session)
        send_to_council(session, actor=actor, place=place)

    def send_back(self, session: Session) -> None:
        """Rates and people go back with their reasons, and so does the list."""
        _, place = self._place(session)
        waiting = proposals(session, place.appointment.id)[0]
        by = owner(session)
        return_proposal(session, actor=by, place=place, proposal=waiting, reason=RETURNED["rates"])
        send_back(session, actor=by, appointment=place.appointment, reasons=RETURNED)

    def take(self, session: Session) -> None:
        """Rates and people are accepted; what is left is to appoint it."""
        _, place = self._place(session)
        accept_proposal(
            session,
            actor=owner(session),
            place=place,
            proposal=proposals(session, place.appointment.id)[0],
        )
        accept_skillset(session, actor=owner(session), place=place, skillset=newest_of(session, place))


def _insure(diary: Diary, day: date) -> None:
    """The three insurances that every lot asks for, shown by the company and checked."""
    for kind, cover in (
        (EvidenceKind.EMPLOYERS_LIABILITY, EMPLOYERS),
        (EvidenceKind.PUBLIC_LIABILITY, PUBLIC),
        (EvidenceKind.PROFESSIONAL_INDEMNITY, PROFESSIONAL),
    ):
        last = dates.last_day_of(day - timedelta(days=60), 12)
        Shows(
            OTTERBURN.company, kind, day - timedelta(days=60), last, cover=cover, issuer="Anglian Assurance"
        ).plan(diary, day)


def _propose_rates(session: Session, actor: Visitor, place: Place, company: SamplePartner) -> None:
    roles = ("Data engineer", "Performance analyst", "Developer", "Business analyst")
    proposal = save_proposal(
        session,
        actor=actor,
        place=place,
        from_on=place.agreement.starts_on,
        rates=[(role, level, rate_of(company, role, level)) for role in roles for level in RATES[role]],
        basis_version=0,
    )
    if company is not HEDGEROW:
        submit_proposal(session, actor=actor, place=place, proposal=proposal, revision=proposal.revision)


class _Again:
    """A partner of the present agreement that is invited to a lot of the next: its facts are asked once."""

    def __init__(self) -> None:
        self.token = ""

    def invite(self, session: Session) -> None:
        self.token = invite(
            session,
            actor=owner(session),
            agreement_id=draft_agreement(session).id,
            lot_ids=[_lot(session, 2).id],
            company_name=HEDGEROW.name,
            contact_name=HEDGEROW.person,
            email=mail_of(HEDGEROW.person, host_of(HEDGEROW)),
            supplier_id=the_party(session, HEDGEROW.name).id,
        ).token

    def accept(self, session: Session) -> None:
        accept(session, actor=by_name(session, HEDGEROW.person), token=self.token)

    def begin_rates(self, session: Session) -> None:
        actor = by_name(session, HEDGEROW.person)
        agreement = draft_agreement(session)
        places = finding.own_places(session, actor, the_party(session, HEDGEROW.name).id)
        place = next(one for one in places if one.agreement.id == agreement.id)
        _propose_rates(session, actor, place, HEDGEROW)
