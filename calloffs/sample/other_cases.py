"""Business cases of the sample that no call-off rests on yet: one for each place where a case can stand."""

from datetime import timedelta
from functools import partial

from sqlmodel import Session

from calloffs.business_case.case import CaseType
from calloffs.business_case.deciding import decide_case
from calloffs.business_case.lines import BenefitLine, CaseFacts, CostLine, FundingLine
from calloffs.business_case.writing import submit_case, withdraw_case, write_case
from calloffs.sample.calendar import Diary, Span
from calloffs.sample.people import COUNCILS
from calloffs.sample.setting_up import by_name, in_role, the_party
from framework.definitions.money import Money
from framework.people.permissions import Role

# (council, days before the day of loading, title, need, cost in pounds net, where it stands)
CASES = (
    (
        0,
        3,
        "Replace the parking permit website",
        "The supplier ends support in nine months.",
        140_000,
        "submitted",
    ),
    (
        1,
        2,
        "One sign-in for residents",
        "Residents keep five passwords for one council.",
        85_000,
        "submitted",
    ),
    (
        0,
        9,
        "Digital welcome for new tenants",
        "New tenants get eleven letters in their first week.",
        48_000,
        "returned",
    ),
    (1, 21, "Drone surveys of flat roofs", "Surveys need scaffolding and take months.", 60_000, "rejected"),
    (
        0,
        34,
        "Queue screens in the civic hall",
        "Visitors do not know when it is their turn.",
        32_000,
        "withdrawn",
    ),
    (1, 6, "Translation of web pages", "One household in six reads another language first.", 27_500, "draft"),
    (0, 260, "Electronic signing for tenancies", "Tenancies wait for a day in the office.", 22_000, "lapsed"),
)


def plan_cases(diary: Diary, span: Span) -> None:
    """Put each case into the diary, as far as it goes."""
    for council, ago, title, need, cost, stands in CASES:
        day = span.today - timedelta(days=ago)
        diary.put(day, 11, partial(_tell, council=council, title=title, need=need, cost=cost, stands=stands))


def _tell(session: Session, *, council: int, title: str, need: str, cost: int, stands: str) -> None:
    where = COUNCILS[council]
    author = by_name(session, in_role(where, Role.COMMISSIONING_MANAGER))
    amount = Money.pounds(cost)
    whole = stands != "draft"
    facts = CaseFacts(
        title=title,
        kind=CaseType.SERVICE_IMPROVEMENT,
        need=need,
        baseline=f"{need} It goes on, and the work around it grows." if whole else "",
        costs=(CostLine(0, one_off=amount),),
        benefits=(
            BenefitLine("Less waiting for residents", "Head of the service", "Days from asking to having"),
        )
        if whole
        else (),
        funding=(FundingLine("Digital programme", "C2390", amount),) if whole else (),
    )
    case = write_case(session, actor=author, authority_id=the_party(session, where.name).id, facts=facts)
    if not whole:
        return
    submit_case(session, actor=author, case=case)
    approver = by_name(session, in_role(where, Role.APPROVER))
    if stands == "returned":
        decide_case(
            session,
            actor=approver,
            case=case,
            outcome="returned",
            reason="Which of the letters does the law ask for?",
        )
    elif stands == "rejected":
        decide_case(
            session,
            actor=approver,
            case=case,
            outcome="rejected",
            reason="The roof contract already includes surveys.",
        )
    elif stands == "withdrawn":
        withdraw_case(session, actor=author, case=case, reason="The hall closes for two years of repairs.")
    elif stands == "lapsed":
        decide_case(session, actor=approver, case=case, outcome="approved")
