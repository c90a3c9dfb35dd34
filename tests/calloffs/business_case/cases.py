"""A complete short case, and cases at each stage of their life, made through the actions."""

from dataclasses import replace
from typing import Any

from sqlmodel import Session

from calloffs.business_case.case import BusinessCase, CaseType
from calloffs.business_case.deciding import decide_case
from calloffs.business_case.lines import BenefitLine, CaseFacts, CostLine, FundingLine
from calloffs.business_case.writing import submit_case, write_case
from framework.definitions.money import Money
from tests.cast import Cast

COMPLETE = CaseFacts(
    title="A planning service that residents can finish",
    kind=CaseType.SERVICE_IMPROVEMENT,
    need="Four in ten applications come back incomplete",
    baseline="Two people go on retyping forms",
    costs=(
        CostLine(0, one_off=Money.pounds(30_000)),
        CostLine(1, one_off=Money.pounds(5_000), recurring=Money.pounds(15_000)),
    ),
    benefits=(
        BenefitLine("Less retyping", "Head of planning", "Hours a week", True, Money.pounds(20_000)),
        BenefitLine("Happier residents", "Head of planning", "Yearly survey"),
    ),
    funding=(
        FundingLine("Transformation reserve", "TR-0042", Money.pounds(40_000)),
        FundingLine("Planning revenue", "PL-0007", Money.pounds(10_000)),
    ),
)
"""Asks for £50,000.00 net of VAT."""


def costing(pence: int) -> CaseFacts:
    """The complete case, at exactly this cost."""
    return replace(
        COMPLETE,
        costs=(CostLine(0, one_off=Money(pence)),),
        funding=(FundingLine("Transformation reserve", "TR-0042", Money(pence)),),
    )


def written(
    session: Session, cast: Cast, facts: CaseFacts = COMPLETE, by: str = "Asha", at: str = "Northbank"
) -> BusinessCase:
    """A draft."""
    return write_case(session, actor=cast.visitor(session, by), authority_id=cast.party[at], facts=facts)


def submitted(session: Session, cast: Cast, facts: CaseFacts = COMPLETE, by: str = "Asha") -> BusinessCase:
    """A case that waits for a decision."""
    case = written(session, cast, facts, by, "Southmere" if by == "Cara" else "Northbank")
    return submit_case(session, actor=cast.visitor(session, by), case=case)


def decided(
    session: Session, cast: Cast, outcome: str = "approved", facts: CaseFacts = COMPLETE, **more: Any
) -> BusinessCase:
    """A case that Bram has decided."""
    case = submitted(session, cast, facts)
    if outcome != "approved":
        more.setdefault("reason", "The baseline has no figures")
    decide_case(session, actor=cast.visitor(session, "Bram"), case=case, outcome=outcome, **more)
    return case
