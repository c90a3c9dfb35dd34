"""Alert marks to the penny, again after falling below, to named owners, and never twice (RULE-33, RULE-97, check 42)."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.forecasting import alerts
from calloffs.spend import ledger
from calloffs.spend.ceiling_alert import AlertReader, CeilingAlert, Measure
from calloffs.spend.crossing import MARKS, Moved, crossed
from calloffs.spend.entry import EntryKind
from calloffs.spend.ledger import Amount
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.permissions import CLOCK
from framework.records.messages import Message
from lots.lot import Lot
from tests.calloffs.spend.building import live_call_off
from tests.calloffs.test_ledger_race import _at_once
from tests.statements import seen_by


def _post(session: Session, call_off: CallOff, kind: EntryKind, pence: int) -> None:
    ledger.hold(session, call_off.agreement_id)
    amount = Amount(Money(pence), Money(pence))
    ledger.post(
        session,
        call_off,
        {kind: amount},
        actor=CLOCK,
        reason="by test",
        appointment_id=call_off.appointment_id,
    )


def _alerts(session: Session, scope: str) -> list[tuple[str, int, int]]:
    return [
        (one.measure.value, one.mark, one.crossing)
        for one in session.exec(
            select(CeilingAlert).where(CeilingAlert.scope == scope).order_by(col(CeilingAlert.id))
        )
    ]


def _told(session: Session) -> list[tuple[str, str]]:
    return sorted(
        (one.to_address.split("@")[0], one.subject)
        for one in session.exec(select(Message).where(col(Message.key).startswith("ceiling-alert:")))
    )


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("measure", list(Measure))
def test_a_mark_is_reached_at_its_very_penny_and_not_one_before(mark, measure):
    limit, at = 1_000_001, -(-1_000_001 * mark // 100)

    def marks(before: int, now: int) -> list[int]:
        pair = (now, 0) if measure is Measure.COMMITTED else (0, now)
        step = (now - before, 0) if measure is Measure.COMMITTED else (0, now - before)
        return [one for _, _, found in crossed(Moved("lot", 1, pair, step, limit)) for one in found]

    assert mark not in marks(0, at - 1)
    assert marks(at - 1, at) == [mark]
    assert marks(at, at + 1) == []
    assert marks(at + 1, at) == []


@given(
    st.lists(st.tuples(st.integers(-400, 400), st.integers(-400, 400)), max_size=30),
    st.lists(st.integers(1, 300), min_size=1, max_size=4),
)
@settings(max_examples=200, deadline=None)
def test_any_story_of_movements_and_limits_crosses_what_a_naive_replay_says(steps, limits):
    stood, found, said = [0, 0], [], []
    for place, step in enumerate(steps):
        limit = limits[place * len(limits) // len(steps)]
        before = list(stood)
        stood = [max(one + more, 0) for one, more in zip(stood, step, strict=True)]
        moved = Moved("lot", 1, (stood[0], stood[1]), (stood[0] - before[0], stood[1] - before[1]), limit)
        found += [(place, measure.value, mark) for measure, _, marks in crossed(moved) for mark in marks]
        for name, was, now in zip(("committed", "paid"), before, stood, strict=True):
            said += [
                (place, name, mark)
                for mark in MARKS
                if was * 100 < mark * limit and now * 100 >= mark * limit
            ]
    assert found == said


def test_falling_below_and_reaching_a_mark_again_alerts_again_and_once_each(session, cast, both_databases):
    call_off = live_call_off(session, cast, lot=4, value="499,999.99")
    assert _alerts(session, "lot") == []
    _post(session, call_off, EntryKind.COMMITMENT, 1)
    assert _alerts(session, "lot") == [("committed", 50, 1)]
    _post(session, call_off, EntryKind.COMMITMENT, -1)
    _post(session, call_off, EntryKind.COMMITMENT, 1)
    assert _alerts(session, "lot") == [("committed", 50, 1), ("committed", 50, 2)]
    told = "Lot 4 of Digital Partners: 50% committed"
    # Finance of the posting's authority, the lead's owners, and the approvers of every member authority.
    everybody = ("bram", "brook", "dev", "finn", "odette", "olu")
    assert _told(session) == sorted((who, told) for who in everybody for _ in range(2))
    session.flush()
    # What was reached is never changed.
    with pytest.raises(sa.exc.DBAPIError):
        session.connection().execute(sa.text("UPDATE ceiling_alert SET mark = 75"))


def test_passing_three_marks_at_once_records_each_and_tells_of_the_highest(session, cast):
    live_call_off(session, cast, lot=4, value="950,000")
    assert _alerts(session, "lot") == [("committed", mark, 1) for mark in (50, 75, 90)]
    assert {subject for _, subject in _told(session)} == {"Lot 4 of Digital Partners: 90% committed"}
    texts = [one.text for one in session.exec(select(Message)) if one.key.startswith("ceiling-alert:")]
    assert texts
    assert all("/forecast/DP21" in one and "£" not in one for one in texts)


def test_paid_is_told_apart_from_committed_and_an_allocation_to_its_own_finance_and_approvers(session, cast):
    for number in (1, 2):
        live_call_off(session, cast, lot=number, value="900,000", authority="Southmere")
    call_off = live_call_off(session, cast, lot=7, value="200,000", authority="Southmere")
    assert _alerts(session, "member_authority") == [("committed", 50, 1)]
    mine = [who for who, subject in _told(session) if subject.startswith("Southmere under")]
    assert mine == ["dev", "fern"]
    _post(session, call_off, EntryKind.INVOICE, 2_000_000_00)
    _post(session, call_off, EntryKind.PAYMENT, 2_000_000_00)
    assert _alerts(session, "member_authority")[1:] == [("paid", 50, 1)]
    assert ("cara", f"{call_off.reference}: more is paid than is committed") in _told(session)


def test_approvers_of_an_authority_that_left_are_told_no_longer(session, cast):
    member = session.exec(
        select(MemberAuthority).where(MemberAuthority.authority_id == cast.party["Southmere"])
    ).one()
    member.leaves_on = dates.today()
    session.add(member)
    live_call_off(session, cast, lot=4, value="500,000")
    assert "dev" in {who for who, _ in _told(session)}, "the last day counts"
    # Another council's call-off reached it, and home says so to this approver as well.
    assert [one.mark for one in alerts.standing(session, cast.visitor(session, "Dev"))] == [50]
    member.leaves_on = dates.today() - timedelta(days=1)
    session.add(member)
    live_call_off(session, cast, lot=4, value="260,000")
    late = {who for who, subject in _told(session) if "75%" in subject}
    assert "bram" in late
    assert "dev" not in late


def test_a_raised_ceiling_counts_from_its_new_marks(session, cast):
    call_off = live_call_off(session, cast, lot=4, value="760,000")
    assert [one[1] for one in _alerts(session, "lot")] == [50, 75]
    session.get_one(Lot, cast.lot[4]).ceiling_pence = 200_000_000
    session.flush()
    _post(session, call_off, EntryKind.COMMITMENT, 24_000_000)
    assert _alerts(session, "lot")[2:] == [("committed", 50, 2)]


def test_more_paid_than_committed_is_told_once_until_it_is_put_right(session, cast):
    call_off = live_call_off(session, cast, value="100")
    for kind, pence in (
        (EntryKind.PAYMENT, 10_000),
        (EntryKind.PAYMENT, 1),
        (EntryKind.PAYMENT, 500),
        (EntryKind.COMMITMENT, 501),
        (EntryKind.COMMITMENT, -1),
    ):
        before = len(_alerts(session, "call_off"))
        _post(session, call_off, kind, pence)
        over = call_off.paid_pence > call_off.committed_pence
        assert len(_alerts(session, "call_off")) == before + (over and pence in (1, -1))
    assert _alerts(session, "call_off") == [("paid", 100, 1), ("paid", 100, 2)]
    people = {who for who, subject in _told(session) if subject.startswith(call_off.reference)}
    assert people == {"asha", "finn"}


def test_a_posting_that_crosses_nothing_asks_nothing_of_alerts(session, cast, app):
    call_off = live_call_off(session, cast, value="100")
    seen = seen_by(app, lambda: _post(session, call_off, EntryKind.COMMITMENT, 100))
    assert seen
    assert not [one for one, _ in seen if "alert" in one]


def _commit(session: Session, reference: str, pence: int) -> str:
    call_off = session.exec(select(CallOff).where(CallOff.reference == reference)).one()
    _post(session, call_off, EntryKind.COMMITMENT, pence)
    return reference


def test_two_workers_over_one_mark_alert_once(session, cast, settings, both_databases):
    references: list[Any] = [live_call_off(session, cast, lot=4, value="240,000").reference for _ in "ab"]
    session.commit()
    _at_once(settings, _commit, [(one, 2_000_000) for one in references])
    assert _alerts(session, "lot") == [("committed", 50, 1)]
    agreement = session.get_one(FrameworkAgreement, cast.agreement)
    assert agreement.committed_pence == 52_000_000
    assert not [one for one in session.exec(select(MemberAuthority)) if one.paid_pence]
    readers = session.exec(select(sa.func.count()).select_from(AlertReader)).one()
    assert readers == len(_told(session)) == len(set(_told(session))) == 6
