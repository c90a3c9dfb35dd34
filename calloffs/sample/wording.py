"""What the sample's people write: cases, briefs and answers, in words that fit each story."""

from collections.abc import Sequence
from datetime import date, timedelta

from calloffs.answering import TO_BE_NAMED, Answer, DeliverableLine, PersonLine, SkillLine
from calloffs.business_case.case import CaseType
from calloffs.business_case.lines import BenefitLine, CaseFacts, CostLine, FundingLine
from calloffs.call_off import ChargingMethod
from calloffs.drafting import DraftFacts
from calloffs.sample.people import PARTNERS, SamplePartner, rate_of
from calloffs.sample.story import Story
from calloffs.sample.teams import TEAMS, Member, who_does
from framework.definitions import dates
from framework.definitions.money import Money

INVITATION = "The brief is below. Please answer with people, days and deliverables; ask on the page whatever is not clear."
_KINDS = (
    CaseType.SERVICE_IMPROVEMENT,
    CaseType.INVEST_TO_SAVE,
    CaseType.RISK_OR_END_OF_LIFE,
    CaseType.STATUTORY,
)
# Two more people of each partner, in the partners' order.
_OTHERS = (
    "Elsie Marr",
    "Bogdan Petrescu",
    "Hana Kowalski",
    "Rupert Ngata",
    "Oscar Lindley",
    "Mabel Duarte",
    "Struan Keir",
    "Lena Vogt",
    "Ollie Trevanion",
    "Sadia Karim",
    "Felix Amankwah",
    "Joan Hartnell",
    "Cecily Rowe",
    "Anil Deshmukh",
    "Niall Forde",
    "Ottilie Baumann",
    "Jean-Luc Adeyemi",
    "Pippa Wainwright",
)
# By lot.
_PROGRAMMES = (
    "Smart streets and homes",
    "One view of the resident",
    "Digital front door",
    "Digital front door",
    "Core systems renewal",
    "Secure by design",
    "Shared services",
)
_FUNDS = ("Digital programme", "Transformation reserve", "Service budget", "Invest to save fund")


def case_facts(story: Story, maximum: Money, number: int) -> CaseFacts:
    """A short case for what the call-off may cost at most, and a variation's worth besides."""
    asked = maximum + Money.pounds(story.vary)
    kind = _KINDS[number % len(_KINDS)]
    saving = Money(asked.pence * 45 // 100 // 100_000 * 100_000)
    benefits = [
        BenefitLine(
            "Fewer calls and less typing twice for staff",
            "Head of the service",
            "Calls and hours in the three months before and after",
            is_cashable=kind is CaseType.INVEST_TO_SAVE,
            yearly=saving if kind is CaseType.INVEST_TO_SAVE else None,
        ),
        BenefitLine(
            "Residents finish what they came for", "Service owner", "Share of people who finish, each month"
        ),
    ]
    return CaseFacts(
        title=story.title,
        kind=kind,
        need=story.need,
        baseline=f"{story.need} If nothing is done it goes on, and costs more each year.",
        options="Do nothing; do it ourselves over a longer time; buy the skills for as long as they are needed (preferred).",
        risks="Staff have little time for tests: time is set aside with the service’s managers.",
        costs=(CostLine(0, one_off=asked),),
        benefits=tuple(benefits),
        funding=(FundingLine(_FUNDS[number % len(_FUNDS)], f"C{2300 + number}", asked),),
    )


def brief(story: Story) -> DraftFacts:
    """The brief of a call-off: what is wanted and on which terms."""
    return {
        "background": f"{story.need}\n\nThe business case was agreed with the service, which gives its time.",
        "outcome_wanted": f"{story.title}: something that people use, measured before and after, that our own staff can keep going.",
        "in_scope": "Finding out what is needed, making it in small steps shown every fortnight, and handing over what was learned.",
        "out_of_scope": "Licences, hosting and hardware. Changes to other systems, beyond the interfaces named.",
        "standards": "WCAG 2.2 AA; the Service Standard; open standards and open source where possible; secure by default.",
        "location": "Council offices one or two days a week, otherwise remote",
        "working_hours": "Monday to Friday, 9am to 5pm, without bank holidays",
        "dependencies": "The council gives access to systems, data and staff within five working days of the start.",
    }


def answer(story: Story, partner: SamplePartner, starts_on: date, ends_on: date) -> Answer:
    """A partner's answer: its people at its own rates, and three deliverables over the term."""
    team = TEAMS[PARTNERS.index(partner)]
    doing = [
        who_does(team, role, level, index + len(story.title))
        for index, (role, level, _) in enumerate(story.team)
    ]
    names = _names(partner, doing)
    people = tuple(
        PersonLine(
            role=role,
            level=level,
            day_rate=rate_of(partner, role, level),
            quarter_days=days * 4,
            name=names[index],
            is_key=index == 0,
            clearance="bpss",
        )
        for index, (role, level, days) in enumerate(story.team)
    )
    total = sum((one.total for one in people), Money.zero())
    by_price = story.method in (ChargingMethod.FIXED, ChargingMethod.MILESTONE)
    first = Money(total.pence * 30 // 100)
    second = Money(total.pence * 45 // 100)
    payments = (first, second, total - first - second) if by_price else (None, None, None)
    third = (ends_on - starts_on).days // 3
    told = (
        ("Findings and a plan", "The service owner can say what was found and agrees what comes next"),
        (
            "A first version in use",
            "Used by at least ten people who do this work; faults of the two worst kinds mended",
        ),
        (
            "The finished work, handed over",
            "Council staff have made a change themselves with what they were given",
        ),
    )
    deliverables = tuple(
        DeliverableLine(
            description=words,
            criteria=criteria,
            due_on=ends_on if index == 2 else starts_on + timedelta(days=third * (index + 1)),
            owner=partner.person,
            payment=payments[index],
        )
        for index, (words, criteria) in enumerate(told)
    )
    return Answer(
        people=people,
        skills=_skills_of([one for one in doing if one] or [team[0]]),
        deliverables=deliverables,
        approach="A small team, the same people throughout. Something to look at every fortnight, and notes that anyone can follow.",
        fixed_price=total if by_price else None,
    )


def _names(partner: SamplePartner, doing: Sequence[Member | None]) -> list[str]:
    """Members of the team, each once; for the rest others of the partner's, who are not in its skillset."""
    at = 2 * PARTNERS.index(partner)
    others = iter((*_OTHERS[at : at + 2], TO_BE_NAMED, TO_BE_NAMED))
    return [one.name if one and one not in doing[:index] else next(others) for index, one in enumerate(doing)]


def _skills_of(doing: Sequence[Member]) -> tuple[SkillLine, ...]:
    """The first skill of each of the people, no skill twice."""
    first = dict(one.depths[0] for one in doing)
    return tuple(SkillLine(skill, depth) for skill, depth in first.items())


def invoice_words(story: Story, day: date) -> str:
    """What an invoice says it is for."""
    return f"{story.title}, work to {dates.in_words(day)}"


def programme_of(story: Story, number: int) -> str | None:
    """The council's programme that pays for it; a few have none."""
    return None if number % 9 == 0 else _PROGRAMMES[story.lot - 1]
