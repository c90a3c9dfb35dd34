"""Deciding a business case: who may, up to which amount, and only once."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from calloffs.business_case.case import BusinessCase, CaseDecision, CaseStatus
from calloffs.business_case.deciding import decide_case
from calloffs.business_case.writing import change_case, submit_case
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.people.permissions import Role
from framework.people.person import Post
from framework.records import database
from framework.records.audit import AuditRecord
from tests.calloffs.business_case.cases import COMPLETE, costing, decided, submitted, written
from tests.cast import Cast


def fields(refused: pytest.ExceptionInfo[Refused]) -> set[str | None]:
    return {one.field for one in refused.value.refusals}


def also_approver(session: Session, cast: Cast, name: str, limit: int | None = 500_000) -> None:
    session.add(
        Post(
            person_id=cast.person[name],
            party_id=cast.party["Northbank"],
            role=Role.APPROVER,
            limit_pence=None if limit is None else Money.pounds(limit).pence,
            starts_on=dates.today(),
        )
    )
    session.flush()


def test_an_approver_decides_up_to_the_penny_of_their_limit(session: Session, cast: Cast) -> None:
    brook = cast.visitor(session, "Brook")
    within = submitted(session, cast, costing(50_000_00))
    decision = decide_case(session, actor=brook, case=within, outcome="approved")
    assert within.approved == Money.pounds(50_000)
    assert decision.limit_net_pence == 50_000_00
    above = submitted(session, cast, costing(50_000_01))
    with pytest.raises(Refused, match=r"Your limit is £50,000\.00 .* £50,000\.01"):
        decide_case(session, actor=brook, case=above, outcome="approved")
    assert above.status_on(dates.today()) is CaseStatus.SUBMITTED
    decide_case(session, actor=brook, case=above, outcome="approved", amount=Money.pounds(50_000))
    assert above.approved == Money.pounds(50_000)


def test_a_limit_does_not_bind_who_returns_or_rejects(session: Session, cast: Cast) -> None:
    brook = cast.visitor(session, "Brook")
    for outcome in ("returned", "rejected"):
        case = submitted(session, cast, costing(90_000_00))
        decide_case(session, actor=brook, case=case, outcome=outcome, reason="No figures")
        assert case.status_on(dates.today()).value == outcome
        assert case.approved == Money.zero()


def test_no_limit_on_record_is_no_power_to_approve(session: Session, cast: Cast) -> None:
    also_approver(session, cast, "Finn", limit=None)
    case = submitted(session, cast)
    with pytest.raises(Refused, match="You have no approval limit"):
        decide_case(session, actor=cast.visitor(session, "Finn"), case=case, outcome="approved")


def test_nobody_decides_what_they_wrote_submitted_or_changed(session: Session, cast: Cast) -> None:
    for name in ("Asha", "Bram"):
        for role in (Role.COMMISSIONING_MANAGER, Role.APPROVER):
            session.add(
                Post(
                    person_id=cast.person[name],
                    party_id=cast.party["Northbank"],
                    role=role,
                    limit_pence=Money.pounds(500_000).pence,
                    starts_on=dates.today(),
                )
            )
    session.flush()
    asha, bram = cast.visitor(session, "Asha"), cast.visitor(session, "Bram")
    own = submitted(session, cast)
    sent_by_bram = submit_case(session, actor=bram, case=written(session, cast))
    changed_by_bram = written(session, cast)
    change_case(session, actor=bram, case=changed_by_bram, facts=COMPLETE)
    submit_case(session, actor=asha, case=changed_by_bram)
    for actor, case in ((asha, own), (bram, sent_by_bram), (bram, changed_by_bram)):
        for outcome in ("approved", "rejected", "returned"):
            with pytest.raises(Refused, match="another approver must decide"):
                decide_case(session, actor=actor, case=case, outcome=outcome, reason="Because")
    decide_case(session, actor=bram, case=own, outcome="approved")


def test_only_an_approver_of_that_authority_decides(session: Session, cast: Cast) -> None:
    case = submitted(session, cast)
    for name in ("Dev", "Zoe", "Finn", "Audra", "Olu", "Ari", "Faye"):
        with pytest.raises(NotFound):
            decide_case(session, actor=cast.visitor(session, name), case=case, outcome="approved")


def test_a_reason_is_needed_to_return_or_reject(session: Session, cast: Cast) -> None:
    case = submitted(session, cast)
    for outcome in ("returned", "rejected"):
        with pytest.raises(Refused) as refused:
            decide_case(session, actor=cast.visitor(session, "Bram"), case=case, outcome=outcome, reason=" ")
        assert fields(refused) == {"reason"}


def test_every_objection_comes_at_once(session: Session, cast: Cast) -> None:
    case = submitted(session, cast, costing(300_000_00))
    with pytest.raises(Refused) as refused:
        decide_case(
            session,
            actor=cast.visitor(session, "Bram"),
            case=case,
            outcome="approved",
            amount=Money(300_000_01),
            valid_until=dates.today() - timedelta(days=1),
        )
    assert [one.field for one in refused.value.refusals] == ["amount", "amount", "valid_until"]
    with pytest.raises(Refused) as refused:
        decide_case(session, actor=cast.visitor(session, "Bram"), case=case, outcome="maybe")
    assert fields(refused) == {"outcome"}


@pytest.mark.parametrize("pence", [50_000_01, 0, -1])
def test_no_more_than_was_asked_for_and_more_than_nothing_is_approved(
    session: Session, cast: Cast, pence: int
) -> None:
    case = submitted(session, cast)
    with pytest.raises(Refused) as refused:
        decide_case(
            session,
            actor=cast.visitor(session, "Bram"),
            case=case,
            outcome="approved",
            amount=Money(pence),
        )
    assert fields(refused) == {"amount"}


def test_an_approval_lasts_as_long_as_the_authority_says_and_then_lapses(
    session: Session, cast: Cast
) -> None:
    case = decided(session, cast)
    assert case.valid_until == dates.today() + timedelta(days=90)
    assert case.status_on(case.valid_until) is CaseStatus.APPROVED
    assert case.status_on(case.valid_until + timedelta(days=1)) is CaseStatus.LAPSED
    case.used_net_pence = 1
    assert case.status_on(case.valid_until + timedelta(days=1)) is CaseStatus.APPROVED
    chosen = decided(session, cast, valid_until=dates.today())
    assert chosen.valid_until == dates.today()


def test_conditions_and_reason_are_kept_with_the_decision(session: Session, cast: Cast) -> None:
    case = decided(session, cast, conditions="Report monthly", reason="Well argued")
    kept = session.exec(select(CaseDecision).where(CaseDecision.case_id == case.id)).one()
    assert (kept.conditions, kept.reason, kept.decided_by_id) == (
        "Report monthly",
        "Well argued",
        cast.person["Bram"],
    )


def test_conditions_written_for_a_returned_case_are_not_lost(session: Session, cast: Cast) -> None:
    case = decided(session, cast, "returned", conditions="Ask finance first")
    kept = session.exec(select(CaseDecision).where(CaseDecision.case_id == case.id)).one()
    assert kept.conditions == "Ask finance first"


def test_a_returned_case_put_right_is_decided_anew_and_both_decisions_stay(
    session: Session, cast: Cast
) -> None:
    asha, bram = cast.visitor(session, "Asha"), cast.visitor(session, "Bram")
    case = decided(session, cast, "returned")
    change_case(session, actor=asha, case=case, facts=replace(COMPLETE, need="Now with figures"))
    submit_case(session, actor=asha, case=case)
    decide_case(session, actor=bram, case=case, outcome="approved")
    outcomes = session.exec(
        select(CaseDecision.outcome).where(CaseDecision.case_id == case.id).order_by(CaseDecision.id)  # type: ignore[arg-type]
    ).all()
    assert outcomes == ["returned", "approved"]


def test_a_decision_on_what_was_seen_before_a_new_submission_is_refused(session: Session, cast: Cast) -> None:
    asha, bram, brook = (cast.visitor(session, name) for name in ("Asha", "Bram", "Brook"))
    case = submitted(session, cast)
    seen = case.version
    decide_case(session, actor=bram, case=case, outcome="returned", reason="Too dear")
    change_case(session, actor=asha, case=case, facts=costing(49_000_00))
    submit_case(session, actor=asha, case=case)
    with pytest.raises(ChangedMeanwhile):
        decide_case(session, actor=brook, case=case, outcome="approved", seen=seen)


def test_two_approvers_at_once_make_one_decision(both_databases: str, app: Flask, cast: Cast) -> None:
    with app.app_context(), database.writing() as session:
        case_id = submitted(session, cast, costing(10_000_00)).id
    told: dict[str, str] = {}
    ready = threading.Barrier(2)

    def press(name: str, outcome: str) -> None:
        with app.app_context():
            with database.writing() as own:
                actor = cast.visitor(own, name)
            ready.wait()
            try:
                with database.writing() as own:
                    case = own.exec(select(BusinessCase).where(BusinessCase.id == case_id)).one()
                    decide_case(own, actor=actor, case=case, outcome=outcome, reason="Said so")
                told[name] = outcome
            except ChangedMeanwhile as meanwhile:
                told[name] = str(meanwhile)

    presses = [
        threading.Thread(target=press, args=one) for one in (("Bram", "approved"), ("Brook", "rejected"))
    ]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    with app.app_context(), database.writing() as session:
        kept = session.exec(select(CaseDecision).where(CaseDecision.case_id == case_id)).one()
        case = session.exec(select(BusinessCase).where(BusinessCase.id == case_id)).one()
        records = session.exec(
            select(AuditRecord).where(AuditRecord.subject_id == case_id, AuditRecord.action != "case_written")
        ).all()
    winner = "Bram" if kept.decided_by_id == cast.person["Bram"] else "Brook"
    loser = "Brook" if winner == "Bram" else "Bram"
    assert told[winner] == kept.outcome == case.outcome
    assert "Someone else changed this" in told[loser]
    assert [one.action for one in records] == ["case_submitted", f"case_{kept.outcome}"]


def test_cases_begun_at_once_have_different_references(both_databases: str, app: Flask, cast: Cast) -> None:
    ready = threading.Barrier(4)
    made: list[str] = []

    def begin() -> None:
        with app.app_context():
            ready.wait()
            with database.writing() as own:
                made.append(written(own, cast).reference)

    begun = [threading.Thread(target=begin) for _ in range(4)]
    for one in begun:
        one.start()
    for one in begun:
        one.join()
    assert sorted(made) == ["BC-NB-0001", "BC-NB-0002", "BC-NB-0003", "BC-NB-0004"]
