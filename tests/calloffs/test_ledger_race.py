"""Several processes at once, on both databases: the last pounds go to exactly one, and nothing is promised twice."""

import multiprocessing
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app import create_app
from calloffs.approving import decide_call_off
from calloffs.call_off import CallOff, CallOffDecision
from calloffs.drafting import draft_call_off
from calloffs.raising import raise_call_off
from calloffs.spend import ledger
from framework.agreement import ExtensionOption, FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import Refused
from framework.people import finding as people
from framework.people.person import Person
from framework.records.database import db, writing
from framework.records.settings import Settings
from lots.lot import Lot
from tests.calloffs.balances import balances_equal_entries
from tests.calloffs.making import an_approved_case, drafted, raised
from tests.conftest import NOW

# Processes of their own, made from a server that has imported everything once.
_spawn = multiprocessing.get_context("forkserver")
_spawn.set_forkserver_preload(["app", "tests.calloffs.test_ledger_race"])
Answer = tuple[str, str, int | None]


def _worker(settings: Settings, act: Callable[..., str], what: Any, start: Any, answers: Any) -> None:
    with dates.at(NOW):
        app = create_app(settings)
        with app.app_context():
            start.wait(60)
            try:
                with writing() as session:
                    answer: Answer = ("done", act(session, *what), None)
            except Refused as refused:
                left = refused.refusals[0].left
                answer = ("refused", str(refused), left.pence if left else None)
            except Exception as error:
                answer = ("failed", repr(error), None)
            answers.put(answer)
            db.engine.dispose()


def _at_once(settings: Settings, act: Callable[..., str], each: list[tuple[Any, ...]]) -> list[Answer]:
    """Let a process for each do the same act at the same moment."""
    start, answers = _spawn.Barrier(len(each)), _spawn.Queue()
    workers = [
        _spawn.Process(target=_worker, args=(settings, act, what, start, answers), daemon=True)
        for what in each
    ]
    for worker in workers:
        worker.start()
    found = [answers.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join(30)
    assert not [one for one in found if one[0] == "failed"], found
    return found


def _actor(session: Session, name: str) -> Any:
    person = session.exec(select(Person).where(Person.name == name)).one()
    who = people.visitor(session, person.id)
    assert who is not None
    return who


def _raise(session: Session, reference: str) -> str:
    call_off = session.exec(select(CallOff).where(CallOff.reference == reference)).one()
    raise_call_off(session, actor=_actor(session, "Asha"), call_off=call_off)
    return reference


def _decide(session: Session, reference: str, name: str, outcome: str) -> str:
    call_off = session.exec(select(CallOff).where(CallOff.reference == reference)).one()
    decide_call_off(session, actor=_actor(session, name), call_off=call_off, outcome=outcome, reason="No")
    return outcome


def _draft(session: Session, lot_id: int, authority_id: int) -> str:
    lot = session.get_one(Lot, lot_id)
    draft = draft_call_off(
        session, actor=_actor(session, "Asha"), lot=lot, authority_id=authority_id, title="One of many"
    )
    return draft.reference


@pytest.mark.usefixtures("both_databases")
def test_the_last_pounds_of_a_lot_go_to_exactly_one(session, cast, settings):
    """T-40 and check 36."""
    case = an_approved_case(session, cast)
    raised(session, cast, value=900_000, case=case)
    drafts = [drafted(session, cast, value=60_000, case=case).reference for _ in range(4)]
    session.commit()
    found = _at_once(settings, _raise, [(reference,) for reference in drafts])
    assert [one[0] for one in found].count("done") == 1
    for outcome, words, left in found:
        if outcome == "refused":
            assert "Lot 3 has £40,000.00 (net of VAT) left under its ceiling" in words
            assert left == 4_000_000
    session.rollback()
    lot = session.get_one(Lot, cast.lot[3], populate_existing=True)
    assert lot.reserved_pence == 96_000_000
    assert (
        session.get_one(FrameworkAgreement, cast.agreement, populate_existing=True).reserved_pence
        == 96_000_000
    )
    balances_equal_entries(session)


@pytest.mark.usefixtures("both_databases")
def test_the_last_pounds_of_a_case_go_to_exactly_one(session, cast, settings):
    case = an_approved_case(session, cast, amount=100_000)
    drafts = [drafted(session, cast, lot=number, value=60_000, case=case).reference for number in (3, 4, 5)]
    session.commit()
    found = _at_once(settings, _raise, [(reference,) for reference in drafts])
    assert [one[0] for one in found].count("done") == 1
    assert all(
        "has £40,000.00 net of VAT left" in words for outcome, words, _ in found if outcome == "refused"
    )
    session.rollback()
    balances_equal_entries(session)


@pytest.mark.usefixtures("both_databases")
def test_one_call_off_raised_by_many_is_reserved_once(session, cast, settings):
    reference = drafted(session, cast, value=60_000).reference
    session.commit()
    found = _at_once(settings, _raise, [(reference,)] * 3)
    assert [one[0] for one in found].count("done") == 1
    session.rollback()
    assert session.get_one(Lot, cast.lot[3], populate_existing=True).reserved_pence == 6_000_000
    balances_equal_entries(session)


@pytest.mark.usefixtures("both_databases")
def test_two_approvers_at_once_make_one_decision(session, cast, settings):
    """Check 23."""
    reference = raised(session, cast, value=20_000).reference
    session.commit()
    found = _at_once(settings, _decide, [(reference, "Bram", "approved"), (reference, "Brook", "rejected")])
    assert sorted(one[0] for one in found) == ["done", "refused"]
    session.rollback()
    decision = session.exec(select(CallOffDecision)).one()
    kept = session.get_one(Lot, cast.lot[3], populate_existing=True).reserved_pence
    assert kept == (2_000_000 if decision.outcome == "approved" else 0)
    balances_equal_entries(session)


@pytest.mark.usefixtures("both_databases")
def test_drafts_begun_at_once_have_references_of_their_own(session, cast, settings):
    session.commit()
    each = [(cast.lot[3], cast.party["Northbank"])] * 4
    found = _at_once(settings, _draft, each)
    assert sorted(one[1] for one in found) == [f"DP21-3-{number:04}" for number in range(1, 5)]


@pytest.mark.postgres
def test_holding_an_agreement_does_not_hold_up_rows_that_only_point_at_it(postgres, cast):
    """Otherwise a row that points at the agreement and a posting could each wait for the other for ever."""
    engine = sa.create_engine(postgres.copy("stage"))
    with Session(engine) as holder, Session(engine) as other:
        ledger.hold(holder, cast.agreement)
        other.connection().exec_driver_sql("SET LOCAL lock_timeout = '2s'")
        other.add(ExtensionOption(agreement_id=cast.agreement, number=9, months=1))
        other.flush()
        other.rollback()
        holder.rollback()
    engine.dispose()
