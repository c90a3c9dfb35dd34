"""Writing, submitting and withdrawing a business case, through the actions."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from calloffs.business_case.case import BusinessCase, CaseStatus, CaseType
from calloffs.business_case.lines import BenefitLine, CaseFacts, CostLine, FundingLine, facts_of
from calloffs.business_case.writing import change_case, submit_case, withdraw_case, write_case
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.people.permissions import Role
from framework.people.person import Post
from framework.records.audit import AuditRecord
from tests.calloffs.business_case.cases import COMPLETE, costing, decided, submitted, written
from tests.cast import Cast


def refusals(refused: pytest.ExceptionInfo[Refused]) -> dict[str | None, str]:
    return {one.field: one.sentence for one in refused.value.refusals}


def test_cases_are_numbered_within_their_authority(session: Session, cast: Cast) -> None:
    first, second = written(session, cast), written(session, cast)
    southern = written(session, cast, by="Cara", at="Southmere")
    assert [first.reference, second.reference, southern.reference] == [
        "BC-NB-0001",
        "BC-NB-0002",
        "BC-SM-0001",
    ]


def test_what_a_case_asks_for_is_the_sum_of_its_costs(session: Session, cast: Cast) -> None:
    case = written(session, cast)
    assert case.requested == Money.pounds(50_000)
    costs = (CostLine(4, recurring=Money(1)), CostLine(0, one_off=Money(2)))
    change_case(session, actor=cast.visitor(session, "Asha"), case=case, facts=replace(COMPLETE, costs=costs))
    assert case.requested == Money(3)


def test_everything_that_was_written_is_read_back(session: Session, cast: Cast) -> None:
    case = written(session, cast)
    session.commit()
    assert facts_of(session, case) == COMPLETE


def test_a_draft_may_have_gaps_but_not_a_missing_title_or_type(session: Session, cast: Cast) -> None:
    gaps = CaseFacts(
        title="Begun",
        kind=CaseType.STATUTORY,
        benefits=(BenefitLine(owner="Somebody"),),
        funding=(FundingLine(source="Reserve"),),
    )
    case = written(session, cast, gaps)
    assert case.status_on(dates.today()) is CaseStatus.DRAFT
    with pytest.raises(Refused) as refused:
        written(session, cast, replace(gaps, title=" ", kind=None))
    assert set(refusals(refused)) == {"title", "kind"}


def test_lines_that_make_no_sense_are_refused_even_in_a_draft(session: Session, cast: Cast) -> None:
    wrong = replace(
        COMPLETE,
        costs=(CostLine(0, Money(1)), CostLine(0, Money(1))),
        funding=(FundingLine("Reserve", "R1", Money(0)),),
    )
    with pytest.raises(Refused) as refused:
        written(session, cast, wrong)
    assert set(refusals(refused)) == {"costs", "funding-0-amount"}
    with pytest.raises(Refused):
        written(session, cast, replace(COMPLETE, costs=(CostLine(5, Money(1)),)))


def test_a_case_holds_at_most_thirty_lines_of_a_kind(session: Session, cast: Cast) -> None:
    written(session, cast, replace(COMPLETE, benefits=(BenefitLine("One"),) * 30))
    with pytest.raises(Refused) as refused:
        written(
            session,
            cast,
            replace(COMPLETE, benefits=(BenefitLine("One"),) * 31, funding=(FundingLine("One"),) * 31),
        )
    assert set(refusals(refused)) == {"benefits", "funding"}


def test_an_incomplete_case_is_told_everything_it_lacks_at_once(session: Session, cast: Cast) -> None:
    bare = CaseFacts(title="Begun", kind=CaseType.SELF_EVIDENT)
    case = written(session, cast, bare)
    with pytest.raises(Refused) as refused:
        submit_case(session, actor=cast.visitor(session, "Asha"), case=case)
    assert set(refusals(refused)) == {"need", "baseline", "self_evident_reason", "costs"}


def test_benefits_are_asked_for_unless_the_law_or_the_evidence_speaks(session: Session, cast: Cast) -> None:
    asha = cast.visitor(session, "Asha")
    for kind in (CaseType.STATUTORY, CaseType.SELF_EVIDENT):
        facts = replace(COMPLETE, kind=kind, benefits=(), self_evident_reason="The old one is switched off")
        submit_case(session, actor=asha, case=written(session, cast, facts))
    for kind in (CaseType.INVEST_TO_SAVE, CaseType.RISK_OR_END_OF_LIFE, CaseType.SERVICE_IMPROVEMENT):
        case = written(session, cast, replace(COMPLETE, kind=kind, benefits=()))
        with pytest.raises(Refused) as refused:
            submit_case(session, actor=asha, case=case)
        assert set(refusals(refused)) == {"benefits"}


def test_a_benefit_needs_an_owner_and_a_measure_and_a_cashable_one_an_amount(
    session: Session, cast: Cast
) -> None:
    case = written(session, cast, replace(COMPLETE, benefits=(BenefitLine("Savings", is_cashable=True),)))
    with pytest.raises(Refused) as refused:
        submit_case(session, actor=cast.visitor(session, "Asha"), case=case)
    assert set(refusals(refused)) == {"benefits-0-owner", "benefits-0-measure", "benefits-0-yearly"}


@pytest.mark.parametrize(
    ("funded", "words"), [(49_999_99, "£0.01 less than the costs"), (50_000_01, "£0.01 more than the costs")]
)
def test_funding_that_is_a_penny_out_is_refused_and_the_difference_named(
    session: Session, cast: Cast, funded: int, words: str
) -> None:
    case = written(session, cast, replace(COMPLETE, funding=(FundingLine("Reserve", "R1", Money(funded)),)))
    with pytest.raises(Refused) as refused:
        submit_case(session, actor=cast.visitor(session, "Asha"), case=case)
    assert words in refusals(refused)["funding"]


def test_a_funding_line_names_its_source_cost_code_and_amount(session: Session, cast: Cast) -> None:
    case = written(session, cast, replace(COMPLETE, funding=(*COMPLETE.funding, FundingLine())))
    with pytest.raises(Refused) as refused:
        submit_case(session, actor=cast.visitor(session, "Asha"), case=case)
    assert set(refusals(refused)) == {"funding-2-source", "funding-2-cost_code", "funding-2-amount"}


def test_a_submitted_case_cannot_be_changed_until_it_is_returned(session: Session, cast: Cast) -> None:
    asha = cast.visitor(session, "Asha")
    case = submitted(session, cast)
    with pytest.raises(Refused, match="waits for a decision"):
        change_case(session, actor=asha, case=case, facts=COMPLETE)
    returned = decided(session, cast, "returned")
    change_case(session, actor=asha, case=returned, facts=costing(100))
    submit_case(session, actor=asha, case=returned)
    assert returned.status_on(dates.today()) is CaseStatus.SUBMITTED
    approved = decided(session, cast)
    with pytest.raises(Refused, match="is approved, so it cannot be changed"):
        change_case(session, actor=asha, case=approved, facts=COMPLETE)


def test_a_colleague_with_the_same_role_may_change_a_case_and_nobody_else(
    session: Session, cast: Cast
) -> None:
    case = written(session, cast)
    session.add(
        Post(
            person_id=cast.person["Stranger"],
            party_id=cast.party["Northbank"],
            role=Role.COMMISSIONING_MANAGER,
            starts_on=dates.today(),
        )
    )
    session.flush()
    change_case(session, actor=cast.visitor(session, "Stranger"), case=case, facts=costing(5))
    assert case.requested == Money(5)
    assert case.author_id == cast.person["Asha"]
    for name in ("Bram", "Audra", "Olu", "Cara", "Zed", "Faye"):
        with pytest.raises(NotFound):
            change_case(session, actor=cast.visitor(session, name), case=case, facts=COMPLETE)
        with pytest.raises(NotFound):
            submit_case(session, actor=cast.visitor(session, name), case=case)
        with pytest.raises(NotFound):
            withdraw_case(session, actor=cast.visitor(session, name), case=case, reason="Mine")
    with pytest.raises(NotFound):
        write_case(
            session,
            actor=cast.visitor(session, "Zed"),
            authority_id=cast.party["Northbank"],
            facts=COMPLETE,
        )


def test_a_change_made_on_an_old_view_is_refused(session: Session, cast: Cast) -> None:
    asha = cast.visitor(session, "Asha")
    case = written(session, cast)
    seen = case.version
    change_case(session, actor=asha, case=case, facts=costing(5), seen=seen)
    with pytest.raises(ChangedMeanwhile):
        change_case(session, actor=asha, case=case, facts=costing(6), seen=seen)
    with pytest.raises(ChangedMeanwhile):
        submit_case(session, actor=asha, case=case, seen=seen)
    assert case.requested == Money(5)


def test_a_case_is_withdrawn_with_a_reason_before_it_is_approved(session: Session, cast: Cast) -> None:
    asha = cast.visitor(session, "Asha")
    case = submitted(session, cast)
    with pytest.raises(Refused) as refused:
        withdraw_case(session, actor=asha, case=case, reason="  ")
    assert set(refusals(refused)) == {"reason"}
    withdraw_case(session, actor=asha, case=case, reason="Bought elsewhere")
    assert case.status_on(dates.today()) is CaseStatus.WITHDRAWN
    for closed in (case, decided(session, cast), decided(session, cast, "rejected")):
        with pytest.raises(ChangedMeanwhile):
            withdraw_case(session, actor=asha, case=closed, reason="Again")


def test_every_step_leaves_its_record(session: Session, cast: Cast) -> None:
    asha = cast.visitor(session, "Asha")
    case = decided(session, cast, "returned")
    change_case(session, actor=asha, case=case, facts=costing(5))
    withdraw_case(session, actor=asha, case=case, reason="Bought elsewhere")
    session.commit()
    actions = session.exec(
        select(AuditRecord.action)
        .where(AuditRecord.subject_kind == "business_case", AuditRecord.subject_id == case.id)
        .order_by(AuditRecord.id)  # type: ignore[arg-type]
    ).all()
    assert actions == ["case_written", "case_submitted", "case_returned", "case_changed", "case_withdrawn"]


def test_nothing_is_kept_of_a_refused_case(session: Session, cast: Cast) -> None:
    with pytest.raises(Refused):
        written(session, cast, replace(COMPLETE, title=""))
    session.commit()
    assert session.exec(select(BusinessCase)).all() == []
