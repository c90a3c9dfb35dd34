"""The lines of a case as a person gives them: costs by year, benefits and funding. Amounts are net of VAT."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, delete, select

from calloffs.business_case.case import BusinessCase, CaseBenefit, CaseCost, CaseFunding, CaseType
from framework.definitions.money import Money

YEARS = range(5)
"""The years a short case looks at, from its start: year 0 is the first."""
MOST_LINES = 30
"""The most benefits, and the most funding lines, that one case may have."""
_NOTHING = Money.zero()


@dataclass(frozen=True, slots=True)
class CostLine:
    """What one year costs."""

    year: int
    one_off: Money = _NOTHING
    recurring: Money = _NOTHING

    @property
    def total(self) -> Money:
        return self.one_off + self.recurring


@dataclass(frozen=True, slots=True)
class BenefitLine:
    """What gets better, who answers for it and how it will be seen; a cashable one has an amount a year."""

    description: str = ""
    owner: str = ""
    measure: str = ""
    is_cashable: bool = False
    yearly: Money | None = None


@dataclass(frozen=True, slots=True)
class FundingLine:
    """Where money comes from."""

    source: str = ""
    cost_code: str = ""
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Everything a person writes in a short case. `requested` follows from the costs and is never typed (RULE-62)."""

    title: str
    kind: CaseType | None
    need: str = ""
    baseline: str = ""
    options: str = ""
    risks: str = ""
    self_evident_reason: str = ""
    costs: tuple[CostLine, ...] = ()
    benefits: tuple[BenefitLine, ...] = ()
    funding: tuple[FundingLine, ...] = ()

    @property
    def one_off(self) -> Money:
        """Sum of what is paid once, net of VAT."""
        return sum((line.one_off for line in self.costs), Money.zero())

    @property
    def recurring(self) -> Money:
        """Sum of what is paid each year, net of VAT."""
        return sum((line.recurring for line in self.costs), Money.zero())

    @property
    def requested(self) -> Money:
        """Sum of the costs, net of VAT."""
        return sum((line.total for line in self.costs), Money.zero())

    @property
    def funded(self) -> Money:
        """Sum of the funding, net of VAT."""
        return sum((line.amount for line in self.funding if line.amount), Money.zero())

    @property
    def cashable(self) -> Money:
        """Sum of the cashable benefits of one year; the only benefits that count as money (RULE-71)."""
        return _yearly(one for one in self.benefits if one.is_cashable)

    @property
    def not_cashable(self) -> Money:
        """Sum of what the other benefits of one year are thought to be worth."""
        return _yearly(one for one in self.benefits if not one.is_cashable)


def _yearly(benefits: Iterable[BenefitLine]) -> Money:
    return sum((one.yearly for one in benefits if one.yearly), Money.zero())


def facts_of(session: Session, case: BusinessCase) -> CaseFacts:
    """A case as it is written now: three statements."""
    costs = session.exec(select(CaseCost).where(CaseCost.case_id == case.id).order_by(col(CaseCost.year)))
    benefits = session.exec(
        select(CaseBenefit).where(CaseBenefit.case_id == case.id).order_by(col(CaseBenefit.number))
    )
    funding = session.exec(
        select(CaseFunding).where(CaseFunding.case_id == case.id).order_by(col(CaseFunding.number))
    )
    return CaseFacts(
        title=case.title,
        kind=case.kind,
        need=case.need,
        baseline=case.baseline,
        options=case.options,
        risks=case.risks,
        self_evident_reason=case.self_evident_reason,
        costs=tuple(
            CostLine(one.year, Money(one.one_off_net_pence), Money(one.recurring_net_pence)) for one in costs
        ),
        benefits=tuple(
            BenefitLine(one.description, one.owner, one.measure, one.is_cashable, _money(one.yearly_pence))
            for one in benefits
        ),
        funding=tuple(
            FundingLine(one.source, one.cost_code, _money(one.amount_net_pence)) for one in funding
        ),
    )


def _money(pence: int | None) -> Money | None:
    return None if pence is None else Money(pence)


def put(session: Session, case: BusinessCase, facts: CaseFacts) -> None:
    """Write the facts into the case, its lines anew, and work out what it asks for."""
    assert facts.kind is not None
    case.title, case.kind, case.need, case.baseline = facts.title, facts.kind, facts.need, facts.baseline
    case.options, case.risks = facts.options, facts.risks
    case.self_evident_reason = facts.self_evident_reason
    case.requested_net_pence = facts.requested.pence
    session.add(case)
    session.flush()
    for model in (CaseCost, CaseBenefit, CaseFunding):
        session.exec(delete(model).where(model.case_id == case.id))  # type: ignore[arg-type]
    for cost in facts.costs:
        if cost.total.pence:
            session.add(
                CaseCost(
                    case_id=case.id,
                    year=cost.year,
                    one_off_net_pence=cost.one_off.pence,
                    recurring_net_pence=cost.recurring.pence,
                )
            )
    for number, one in enumerate(facts.benefits, start=1):
        session.add(
            CaseBenefit(
                case_id=case.id,
                number=number,
                description=one.description,
                owner=one.owner,
                measure=one.measure,
                is_cashable=one.is_cashable,
                yearly_pence=one.yearly.pence if one.yearly else None,
            )
        )
    for number, line in enumerate(facts.funding, start=1):
        session.add(
            CaseFunding(
                case_id=case.id,
                number=number,
                source=line.source,
                cost_code=line.cost_code,
                amount_net_pence=line.amount.pence if line.amount else None,
            )
        )
    session.flush()
