"""Awarding: a reservation becomes a commitment, once, at the real price."""

import threading
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from calloffs.answering import accept_offer
from calloffs.approving import approve_price, ask_price_approval
from calloffs.awarding import award_call_off
from calloffs.business_case.case import BusinessCase
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.drafting import OptionFacts
from calloffs.offer import Offer
from calloffs.offering import make_offer, withdraw_offer
from calloffs.spend.entry import EntryKind, LedgerEntry
from calloffs.withdrawing_award import withdraw_award
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Basis
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.people.party import Party
from framework.records import database
from framework.records.messages import Message
from lots.appointment import Appointment
from lots.lot import Lot
from tests.calloffs.building import WHY, accepted, answer, awarded, milestone, offered, person, pounds
from tests.calloffs.making import an_approved_case, approved
from tests.cast import Cast


def _award(
    session: Session, cast: Cast, call_off: CallOff, who: str = "Asha", reason: str = "Good value"
) -> None:
    award_call_off(session, actor=cast.visitor(session, who), call_off=call_off, reason=reason, feedback=WHY)


def _balances(row: Any) -> tuple[int, int]:
    return row.reserved_pence, row.committed_pence


def _everywhere(session: Session, cast: Cast, lot: int = 4) -> list[tuple[int, int]]:
    member = session.exec(
        select(MemberAuthority).where(MemberAuthority.authority_id == cast.party["Northbank"])
    ).one()
    rows = (session.get_one(FrameworkAgreement, cast.agreement), member, session.get_one(Lot, cast.lot[lot]))
    for row in rows:
        session.refresh(row)
    return [_balances(row) for row in rows]


def test_the_reservation_becomes_a_commitment_at_the_answers_price_in_every_scope(session, cast):
    call_off, offer = accepted(session, cast)
    assert _everywhere(session, cast) == [(2_000_000, 0)] * 3
    _award(session, cast, call_off)
    assert call_off.status is CallOffStatus.AWARDED
    assert _everywhere(session, cast) == [(0, 800_000)] * 3
    assert _balances(call_off) == (0, 800_000)
    place = session.get_one(Appointment, cast.appointment[(4, "Fennel Web")])
    session.refresh(place)
    assert _balances(place) == (0, 800_000)
    assert (call_off.value, call_off.appointment_id) == (pounds(8_000), place.id)
    assert (call_off.awarded_by_id, call_off.award_reason) == (cast.person["Asha"], "Good value")
    case = session.get_one(BusinessCase, call_off.case_id)
    session.refresh(case)
    assert case.used_net_pence == 800_000
    entries = session.exec(select(LedgerEntry).order_by(col(LedgerEntry.id)))
    assert [(one.kind, one.amount_pence) for one in entries] == [
        (EntryKind.RESERVATION, 2_000_000),
        (EntryKind.RESERVATION, -2_000_000),
        (EntryKind.COMMITMENT, 800_000),
    ]
    mail = session.exec(
        select(Message).where(Message.key == f"awarded:{offer.id}:{cast.person['Faye']}")
    ).one()
    assert "£" not in mail.text


def test_options_and_the_expenses_cap_count_from_the_award(session, cast):
    call_off, _ = awarded(
        session,
        cast,
        answer(person(rate=800, days=100)),
        value=80_000,
        options=(OptionFacts(3, 30, pounds(20_000)),),
        expenses=pounds(1_000),
    )
    assert call_off.value == pounds(101_000)
    assert _balances(call_off) == (0, pounds(101_000).pence)


def test_an_agreement_that_counts_gross_commits_gross_and_the_case_net(session, cast):
    session.get_one(FrameworkAgreement, cast.agreement).basis = Basis.GROSS
    call_off, _ = awarded(session, cast)
    assert _balances(call_off) == (0, pounds(9_600).pence)
    assert call_off.value == pounds(8_000)
    case = session.get_one(BusinessCase, call_off.case_id)
    session.refresh(case)
    assert case.used_net_pence == pounds(8_000).pence


def test_a_penny_above_what_was_approved_is_refused_and_says_what_to_do(session, cast):
    method = {"charging_method": "milestone"}
    given = answer(deliverables=(milestone("20,000.01"),), fixed_price=pounds("20,000.01"))
    call_off, _ = accepted(session, cast, given, **method)
    with pytest.raises(Refused, match=r"£0\.01 more than the £20,000\.00") as refused:
        _award(session, cast, call_off)
    assert "Ask an approver to agree the price" in str(refused.value)
    assert _balances(call_off) == (pounds(20_000).pence, 0)


def test_the_authoritys_tolerance_is_counted_to_the_penny_and_rounded_down(session, cast):
    session.get_one(Party, cast.party["Northbank"]).price_tolerance_bp = 333
    most, over = "20,666.00", "20,666.01"
    for price, allowed in ((most, True), (over, False)):
        given = answer(deliverables=(milestone(price),), fixed_price=pounds(price))
        call_off, _ = accepted(session, cast, given, charging_method="milestone")
        if allowed:
            _award(session, cast, call_off)
            assert call_off.value == pounds(most)
        else:
            with pytest.raises(Refused, match=r"£0\.01 more"):
                _award(session, cast, call_off)


def test_a_price_that_an_approver_has_agreed_is_awarded(session, cast):
    call_off, _ = accepted(session, cast, answer(person(rate=800, days=30)))
    ask_price_approval(session, actor=cast.visitor(session, "Asha"), call_off=call_off)
    with pytest.raises(Refused, match=r"£4,000\.00 more"):
        _award(session, cast, call_off)
    approve_price(session, actor=cast.visitor(session, "Bram"), call_off=call_off, outcome="approved")
    _award(session, cast, call_off)
    assert _balances(call_off) == (0, pounds(24_000).pence)


def test_an_agreed_price_belongs_to_its_own_answer_alone(session, cast):
    call_off = _agreed(session, cast, 30)
    assert call_off.price_approved_net_pence == pounds(24_000).pence
    asha = cast.visitor(session, "Asha")
    withdraw_offer(
        session,
        actor=asha,
        offer=session.get_one(Offer, call_off.offer_id),
        reason="The dates we gave were wrong",
    )
    again = make_offer(session, actor=asha, call_off=call_off)
    accept_offer(
        session, actor=cast.visitor(session, "Faye"), offer=again, answer=answer(person(rate=800, days=30))
    )
    with pytest.raises(Refused, match=r"£4,000\.00 more"):
        _award(session, cast, call_off)


def _leave(session: Session, cast: Cast, lot: int, left: str | int) -> None:
    """Lower the lot's ceiling so that so much is left under it."""
    row = session.get_one(Lot, cast.lot[lot])
    session.refresh(row)
    row.ceiling_pence = row.reserved_pence + row.committed_pence + pounds(left).pence
    session.flush()


def _agreed(session: Session, cast: Cast, days: float, **how: Any) -> CallOff:
    call_off, _ = accepted(session, cast, answer(person(rate=800, days=days)), **how)
    ask_price_approval(session, actor=cast.visitor(session, "Asha"), call_off=call_off)
    approve_price(session, actor=cast.visitor(session, "Bram"), call_off=call_off, outcome="approved")
    return call_off


def test_an_award_above_its_reservation_may_take_the_last_penny_of_the_lot_and_no_more(session, cast):
    call_off = _agreed(session, cast, 30)
    _leave(session, cast, 4, "3,999.99")
    with pytest.raises(Refused, match=r"Lot 4 has £3,999\.99 \(net of VAT\) left") as refused:
        _award(session, cast, call_off)
    only = refused.value.refusals[0]
    assert (only.rule, only.left) == ("RULE-32", pounds("23,999.99"))
    assert _balances(call_off) == (pounds(20_000).pence, 0)
    _leave(session, cast, 4, "4,000")
    _award(session, cast, call_off)
    lot = session.get_one(Lot, cast.lot[4])
    session.refresh(lot)
    assert lot.headroom == pounds(0)


def test_the_business_case_must_cover_the_award(session, cast):
    case = an_approved_case(session, cast, amount=22_000)
    call_off = _agreed(session, cast, 30, case=case)
    with pytest.raises(Refused, match=r"has £22,000\.00 net of VAT left of its approval") as refused:
        _award(session, cast, call_off)
    assert refused.value.refusals[0].left == pounds(22_000)


def test_an_award_on_the_agreements_last_day_is_in_time_and_a_minute_into_the_next_is_not(session, cast):
    late = {"starts_on": date(2023, 5, 1), "ends_on": date(2023, 6, 30)}
    given = answer(deliverables=(milestone(due_on=date(2023, 6, 1)),))
    one, _ = accepted(session, cast, given, **late)
    two, _ = accepted(session, cast, given, **late)
    for call_off in (one, two):
        call_off.approval_valid_until = date(2023, 12, 31)
    session.flush()
    with dates.at(datetime(2023, 5, 31, 22, 59, tzinfo=UTC)):
        _award(session, cast, one)
    assert one.status is CallOffStatus.AWARDED
    with dates.at(datetime(2023, 5, 31, 23, 1, tzinfo=UTC)), pytest.raises(Refused) as refused:
        _award(session, cast, two)
    assert [no.rule for no in refused.value.refusals] == ["RULE-21"]


def test_nothing_is_awarded_while_the_agreement_is_suspended(session, cast):
    call_off, _ = accepted(session, cast)
    session.get_one(FrameworkAgreement, cast.agreement).suspended_at = dates.now()
    with pytest.raises(Refused, match="is suspended"):
        _award(session, cast, call_off)


def test_nothing_is_awarded_to_a_partner_that_is_suspended_or_excluded(session, cast):
    call_off, _ = accepted(session, cast)
    place = session.get_one(Appointment, cast.appointment[(4, "Fennel Web")])
    place.suspended_from = date(2022, 11, 22)
    session.flush()
    with pytest.raises(Refused, match="Fennel Web is suspended on this lot"):
        _award(session, cast, call_off)
    place.suspended_from = None
    session.get_one(Party, cast.party["Fennel Web"]).excluded = True
    session.flush()
    with pytest.raises(Refused, match="is excluded") as refused:
        _award(session, cast, call_off)
    assert [no.rule for no in refused.value.refusals] == ["RULE-08"]


def test_an_award_needs_a_reason_and_an_accepted_offer(session, cast):
    call_off, _ = accepted(session, cast)
    with pytest.raises(Refused, match="Enter why"):
        _award(session, cast, call_off, reason=" ")
    for waiting in (approved(session, cast, lot=4), offered(session, cast)[0]):
        with pytest.raises(ChangedMeanwhile, match="Only an accepted offer can be awarded"):
            _award(session, cast, waiting)


def test_an_award_goes_to_whoever_was_asked_and_to_nobody_else(session, cast):
    call_off, offer = accepted(session, cast, lot=7)
    # Not even a call-off that points at another offer can be turned to another partner.
    _, other = accepted(session, cast)
    call_off.offer_id = other.id
    session.flush()
    with pytest.raises(ChangedMeanwhile):
        _award(session, cast, call_off)
    call_off.offer_id = offer.id
    session.flush()
    _award(session, cast, call_off)
    assert call_off.appointment_id == cast.appointment[(7, "Quill Works")]


def test_an_approval_that_ran_out_stops_the_award_and_frees_the_money(session, cast):
    call_off, _ = accepted(session, cast)
    call_off.approval_valid_until = date(2022, 11, 30)
    session.flush()
    with (
        dates.on(date(2022, 12, 1)),
        pytest.raises(ChangedMeanwhile, match="approval ran out"),
    ):
        _award(session, cast, call_off)
    assert call_off.reserved_pence == 0


@pytest.mark.parametrize("name", ["Bram", "Finn", "Olu", "Audra", "Cara", "Faye", "Qi", "Stranger"])
def test_only_a_commissioning_manager_of_the_authority_awards_or_withdraws(session, cast, name):
    call_off, _ = accepted(session, cast)
    with pytest.raises(NotFound):
        _award(session, cast, call_off, who=name)
    _award(session, cast, call_off)
    with pytest.raises(NotFound):
        withdraw_award(session, actor=cast.visitor(session, name), call_off=call_off, reason="Mine")


def test_withdrawing_an_award_gives_the_commitment_back_and_tells_the_partner(session, cast):
    call_off, offer = awarded(session, cast)
    asha = cast.visitor(session, "Asha")
    with pytest.raises(Refused, match="Tell the partner why"):
        withdraw_award(session, actor=asha, call_off=call_off, reason="")
    withdraw_award(session, actor=asha, call_off=call_off, reason="The grant fell through")
    assert call_off.status is CallOffStatus.AWARD_WITHDRAWN
    assert _everywhere(session, cast) == [(0, 0)] * 3
    place = session.get_one(Appointment, call_off.appointment_id)
    session.refresh(place)
    assert _balances(place) == (0, 0)
    key = f"award-withdrawn:{offer.id}:{cast.person['Faye']}"
    assert session.exec(select(Message).where(Message.key == key)).one().to_address == "faye@example.org"
    with pytest.raises(ChangedMeanwhile, match="no award to withdraw"):
        withdraw_award(session, actor=asha, call_off=call_off, reason="Again")


def test_an_award_that_both_have_signed_is_not_withdrawn(session, cast):
    call_off, _ = awarded(session, cast)
    call_off.issued_at = call_off.signed_at = dates.now()
    session.flush()
    with pytest.raises(ChangedMeanwhile, match="ended by terminating it"):
        withdraw_award(session, actor=cast.visitor(session, "Asha"), call_off=call_off, reason="No")


def _at_once(app: Flask, cast: Cast, call_offs: list[int]) -> list[str]:
    """Award each from a thread of its own, all at the same moment; what each was told."""
    ready, told = threading.Barrier(len(call_offs)), []

    def press(call_off_id: int) -> None:
        with app.app_context():
            with database.writing() as own:
                asha = cast.visitor(own, "Asha")
            ready.wait()
            try:
                with database.writing() as own:
                    award_call_off(
                        own,
                        actor=asha,
                        call_off=own.get_one(CallOff, call_off_id),
                        reason="Good value",
                        feedback=WHY,
                    )
                told.append("awarded")
            except Refused as refused:
                told.append(str(refused))

    presses = [threading.Thread(target=press, args=(one,)) for one in call_offs]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    return sorted(told)


def test_two_awards_of_one_call_off_at_once_make_one(both_databases: str, app: Flask, cast: Cast) -> None:
    with app.app_context(), database.writing() as session:
        call_off_id = accepted(session, cast)[0].id
    told = _at_once(app, cast, [call_off_id, call_off_id])
    assert told == ["Only an accepted offer can be awarded; DP21-4-0001 is awarded", "awarded"]
    with app.app_context(), database.writing() as session:
        commitments = session.exec(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.COMMITMENT)).all()
        assert [one.amount_pence for one in commitments] == [800_000]
        assert _everywhere(session, cast) == [(0, 800_000)] * 3


def test_the_last_pounds_go_to_one_of_two_awards_above_their_reservations(
    both_databases: str, app: Flask, cast: Cast
) -> None:
    with app.app_context(), database.writing() as session:
        wanted = [_agreed(session, cast, 30).id for _ in range(2)]
        _leave(session, cast, 4, "4,000")
    told = _at_once(app, cast, wanted)
    assert told[1] == "awarded"
    assert (
        "Lot 4 has £0.00 (net of VAT) left under its ceiling, and this call-off already holds £20,000.00"
        in told[0]
    )
    with app.app_context(), database.writing() as session:
        assert _everywhere(session, cast) == [(2_000_000, 2_400_000)] * 3


def test_an_answer_is_accepted_whole_or_not_at_all(session, cast):
    _, offer = offered(session, cast)
    with pytest.raises(Refused):
        accept_offer(
            session,
            actor=cast.visitor(session, "Faye"),
            offer=offer,
            answer=answer(deliverables=(milestone(criteria=""),)),
        )
    assert session.get_one(Offer, offer.id).accepted_at is None
