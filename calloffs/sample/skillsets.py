"""The sample's skillsets: a version of each partner accepted, a second one that waits, one sent back and one still a draft."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session, col, select

from calloffs.sample.calendar import Diary, Span
from calloffs.sample.people import PARTNERS, SamplePartner, rate_of
from calloffs.sample.places import BLUESTONE, FIELDFARE, HEDGEROW, lot_of, owner, place_of
from calloffs.sample.setting_up import the_agreement
from calloffs.sample.teams import EXPECTED, TEAMS, Member, Team
from framework.definitions import dates
from framework.definitions.money import Money
from lots.entering_people import put_people
from lots.finding import Place
from lots.person_rules import PersonFacts
from lots.skillset import Skillset
from lots.submitting import accept_skillset, return_skillset, start_skillset, submit_skillset
from lots.supplying import keep_expected
from lots.workforce import Clearance

FIRST_VERSIONS_AFTER = 24
"""Days from the agreement's first until partners begin to put their people forward."""


def plan(diary: Diary, span: Span) -> None:
    """First versions in the agreement's second month; what the last weeks brought; and what each lot is expected to supply."""
    for index, partner in enumerate(PARTNERS):
        day = span.starts_on + timedelta(days=FIRST_VERSIONS_AFTER + index)
        fell = diary.put(day, 10, _Puts(partner, TEAMS[index]))
        diary.put(fell + timedelta(days=4), 16, _Accepts(partner), after=fell)
    diary.put(span.starts_on + timedelta(days=45), 10, _expect)
    fell = diary.put(span.today - timedelta(days=9), 11, _Puts(HEDGEROW, _hedgerow_now()))
    fell = diary.put(span.today - timedelta(days=30), 11, _Puts(BLUESTONE, _bluestone_now()))
    diary.put(fell + timedelta(days=5), 12, _return, after=fell)
    diary.put(span.today - timedelta(days=3), 16, _begin)


def _hedgerow_now() -> Team:
    """One has left, one is new, one asks a little less and one works fewer days."""
    owen, isla, _, fiona, calum = TEAMS[3]
    new = Member("Rowan Sinclair", "Developer", 3, "Front-end code p, Open-source publishing w", owen.places)
    return (owen, replace(isla, cheaper_by=10), replace(fiona, days=3), calum, new)


def _bluestone_now() -> Team:
    return (*TEAMS[8][:3], Member("", "Programme manager", 6, "Programme planning a"))


def facts_of(partner: SamplePartner, number: int, one: Member) -> PersonFacts:
    """A member of a team as its partner enters them."""
    today = dates.today()
    rate = rate_of(partner, one.role, one.level) - Money.pounds(one.cheaper_by) if one.cheaper_by else None
    return PersonFacts(
        role=one.role,
        level=one.level,
        skills=one.depths,
        quarter_days=int(one.days * 4),
        available_from=today + timedelta(days=one.free_in),
        places=one.places,
        employment=one.employment,
        off_payroll=one.off_payroll,
        name=one.name,
        clearance=one.clearance,
        clearance_on=None if one.clearance is Clearance.NONE else today - timedelta(days=300 + 40 * number),
        day_rate=rate,
        number=number,
    )


class _Puts:
    """A partner enters a version and sends it."""

    def __init__(self, partner: SamplePartner, team: Team) -> None:
        self.partner, self.team = partner, team

    def __call__(self, session: Session) -> None:
        actor, place = place_of(session, self.partner)
        people = [facts_of(self.partner, number, one) for number, one in enumerate(self.team, start=1)]
        skillset = put_people(session, actor=actor, place=place, people=people)
        submit_skillset(session, actor=actor, place=place, skillset=skillset)


class _Accepts:
    """The framework owner accepts the version that waits."""

    def __init__(self, partner: SamplePartner) -> None:
        self.partner = partner

    def __call__(self, session: Session) -> None:
        _, place = place_of(session, self.partner)
        accept_skillset(session, actor=owner(session), place=place, skillset=newest_of(session, place))


def newest_of(session: Session, place: Place) -> Skillset:
    """The newest version at a place."""
    return session.exec(
        select(Skillset)
        .where(Skillset.appointment_id == place.appointment.id)
        .order_by(col(Skillset.version).desc())
        .limit(1)
    ).one()


def _return(session: Session) -> None:
    _, place = place_of(session, BLUESTONE)
    return_skillset(
        session,
        actor=owner(session),
        place=place,
        skillset=newest_of(session, place),
        reason="A programme manager at level 6 needs more than awareness of programme planning. Who leads while Luke Tranter is away?",
    )


def _begin(session: Session) -> None:
    actor, place = place_of(session, FIELDFARE)
    start_skillset(session, actor=actor, place=place)


def _expect(session: Session) -> None:
    agreement = the_agreement(session)
    for number, skills in EXPECTED.items():
        lot = lot_of(session, number)
        keep_expected(session, actor=owner(session), lot=lot, agreement=agreement, skills=skills)
