"""The numbers of DOMAIN.md about ceilings, limits and membership, by the actions that people really take."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, select

from calloffs.approving import decide_call_off
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.cancelling import cancel_call_off
from calloffs.closing import Rating, accept_deliverable, agree_final, close_call_off, deliverables
from calloffs.drafting import OptionFacts, draft_call_off
from calloffs.raising import raise_call_off
from calloffs.sample.founding import record_founding
from calloffs.signing import sign_for_buyer
from calloffs.spend.invoicing import record_invoice
from calloffs.spend.paying import record_payment
from calloffs.varying import Change, agree_variation, approve_variation, propose_variation
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import Refused
from framework.people.person import Post
from lots.lot import Lot
from tests.calloffs.balances import balances_equal_entries
from tests.calloffs.building import answer, awarded, milestone, offered
from tests.calloffs.building_awarded import issued_call_off
from tests.calloffs.making import an_approved_case, approved, drafted, pounds, raised
from tests.calloffs.spend.building import bill, live_call_off
from tests.cast import Cast


def _agreement(session: Session, cast: Cast) -> FrameworkAgreement:
    return session.get_one(FrameworkAgreement, cast.agreement, populate_existing=True)


def _lot(session: Session, cast: Cast, number: int) -> Lot:
    return session.get_one(Lot, cast.lot[number], populate_existing=True)


def _refusal(session: Session, cast: Cast, call_off: CallOff, who: str = "Asha") -> str:
    with pytest.raises(Refused) as refused:
        raise_call_off(session, actor=cast.visitor(session, who), call_off=call_off)
    (one,) = refused.value.refusals
    assert one.rule == "RULE-32"
    return one.sentence


def _roomy(session: Session, cast: Cast) -> None:
    """Lots and shares so large that only the agreement's ceiling binds."""
    for lot in session.exec(select(Lot)):
        lot.ceiling_pence = pounds(20_000_000).pence
    for member in session.exec(select(MemberAuthority)):
        member.allocation_pence = None
    session.flush()


def _milestone(value: str) -> dict[str, Any]:
    return {
        "given": answer(deliverables=(milestone(value),), fixed_price=pounds(value)),
        "charging_method": "milestone",
    }


def test_t35_the_last_forty_thousand_of_ten_million_fits_and_t36_a_penny_more_does_not(
    session: Session, cast: Cast
) -> None:
    _roomy(session, cast)
    session.exec(select(Post).where(Post.person_id == cast.person["Bram"])).one().limit_pence = 10**12
    case = an_approved_case(session, cast, amount=20_000_000)
    awarded(session, cast, value=9_960_000, case=case, **_milestone("9,960,000"))
    assert _agreement(session, cast).committed_pence == pounds(9_960_000).pence
    raised(session, cast, value=40_000, case=case)
    assert _agreement(session, cast).headroom == pounds(0)
    said = _refusal(session, cast, drafted(session, cast, value="0.01", case=case))
    assert said.startswith("Digital Partners has £0.00 (net of VAT) left under its ceiling")
    assert said.endswith("This call-off needs £0.01 (net of VAT)")
    balances_equal_entries(session)


def test_t38_an_option_counts_from_the_award_and_not_again_when_it_is_used(
    session: Session, cast: Cast
) -> None:
    call_off, _ = awarded(
        session, cast, value=80_000, options=(OptionFacts(3, 30, pounds(20_000)),), **_milestone("80,000")
    )
    assert call_off.committed_pence == _agreement(session, cast).committed_pence == pounds(100_000).pence
    call_off.issued_at = call_off.signed_at = dates.now()
    session.flush()
    # Using it moves the last day; the price of those months is in the maximum value already.
    later = Change(pounds(100_000), date(2023, 4, 30), "The option is used", "review_clause")
    variation = propose_variation(
        session, actor=cast.visitor(session, "Asha"), call_off=call_off, change=later
    )
    approve_variation(session, actor=cast.visitor(session, "Bram"), variation=variation)
    agree_variation(session, actor=cast.visitor(session, "Faye"), variation=variation)
    assert call_off.ends_on == date(2023, 4, 30)
    assert call_off.committed_pence == _agreement(session, cast).committed_pence == pounds(100_000).pence
    balances_equal_entries(session)


def test_t39_a_full_lot_of_half_a_million_blocks_though_the_agreement_is_half_empty(
    session: Session, cast: Cast
) -> None:
    _roomy(session, cast)
    _lot(session, cast, 3).ceiling_pence = pounds(500_000).pence
    session.flush()
    case = an_approved_case(session, cast)
    raised(session, cast, lot=3, value=500_000, case=case)
    raised(session, cast, lot=5, value=4_500_000, case=case)
    assert _agreement(session, cast).headroom == pounds(5_000_000)
    said = _refusal(session, cast, drafted(session, cast, lot=3, value="0.01", case=case))
    assert said.startswith("Lot 3 has £0.00 (net of VAT) left under its ceiling")


@pytest.mark.parametrize(("value", "may"), [(100_000_00, True), (100_000_01, False)])
def test_t82_a_signatory_signs_up_to_a_hundred_thousand_and_not_a_penny_more(
    session: Session, cast: Cast, value: int, may: bool
) -> None:
    post = session.exec(select(Post).where(Post.person_id == cast.person["Brook"])).one()
    post.limit_pence = pounds(100_000).pence
    call_off = issued_call_off(session, cast)
    call_off.value_net_pence = value
    session.flush()
    who: dict[str, Any] = {"role": "Director", "authority": "Scheme of delegation"}
    brook = cast.visitor(session, "Brook")
    if may:
        sign_for_buyer(session, actor=brook, call_off=call_off, **who)
        assert call_off.buyer_signed_at is not None
        return
    with pytest.raises(Refused, match=r"£100,000\.00 net of VAT.*£100,000\.01 net of VAT") as refused:
        sign_for_buyer(session, actor=brook, call_off=call_off, **who)
    assert [one.rule for one in refused.value.refusals] == ["RULE-75"]


def test_t83_nothing_new_goes_under_the_founding_framework_in_november_2026(
    session: Session, cast: Cast
) -> None:
    with dates.on(date(2026, 11, 22)):
        record_founding(session)
        founding = session.exec(
            select(FrameworkAgreement).where(FrameworkAgreement.reference == "ITDP")
        ).one()
        lot = session.exec(select(Lot).where(Lot.agreement_id == founding.id, Lot.number == 3)).one()
        post = session.exec(select(Post).where(Post.person_id == cast.person["Asha"])).one()
        post.party_id = founding.lead_authority_id
        session.flush()
        with pytest.raises(Refused, match=r"IT Digital Partners Framework.*ended on 31 May 2023"):
            draft_call_off(
                session,
                actor=cast.visitor(session, "Asha"),
                lot=lot,
                authority_id=founding.lead_authority_id,
                title="One more",
            )
    assert session.exec(select(CallOff)).first() is None


def test_check_38_no_ceiling_on_record_leaves_no_room_at_all(session: Session, cast: Cast) -> None:
    """Not even behind the rules' back: a lot without a published ceiling is full."""
    call_off = drafted(session, cast, value="0.01")
    _lot(session, cast, 3).ceiling_pence = None
    session.flush()
    with pytest.raises(Refused):
        raise_call_off(session, actor=cast.visitor(session, "Asha"), call_off=call_off)
    assert _lot(session, cast, 3).reserved_pence == 0


@pytest.mark.parametrize("way", ["returned", "rejected", "cancelled", "run out", "declined"])
def test_check_39_who_says_no_frees_the_money_at_once_and_a_decline_keeps_it(
    session: Session, cast: Cast, way: str
) -> None:
    if way == "declined":
        from calloffs.answering import decline_offer

        call_off, offer = offered(session, cast, value="12,345.67")
        decline_offer(session, actor=cast.visitor(session, "Faye"), offer=offer, reason="No people")
    elif way in ("returned", "rejected"):
        call_off = raised(session, cast, lot=4, value="12,345.67")
        bram = cast.visitor(session, "Bram")
        decide_call_off(session, actor=bram, call_off=call_off, outcome=way, reason="Not now")
    elif way == "cancelled":
        call_off = approved(session, cast, lot=4, value="12,345.67")
        cancel_call_off(session, actor=cast.visitor(session, "Asha"), call_off=call_off, reason="Not now")
    else:
        call_off = approved(session, cast, lot=4, value="12,345.67")
        session.flush()
        assert call_off.approval_valid_until is not None
        with dates.on(date.fromordinal(call_off.approval_valid_until.toordinal() + 1)):
            # The next person's own check frees it: no job has run.
            assert drafted(session, cast, lot=4, value=1)
    kept = pounds("12,345.67") if way == "declined" else pounds(0)
    assert _lot(session, cast, 4).headroom == pounds(1_000_000) - kept
    assert _agreement(session, cast).headroom == pounds(10_000_000) - kept
    balances_equal_entries(session)


def test_check_40_and_41_credits_variations_and_closing_count_nothing_twice(
    session: Session, cast: Cast
) -> None:
    """£60,000 awarded, £25,000 billed, £5,000 credited, varied to £50,000: closing gives £30,000 back."""
    finn, asha = cast.visitor(session, "Finn"), cast.visitor(session, "Asha")
    call_off = live_call_off(session, cast, value="60,000", case="80,000", deliverables=("A site",))
    first = record_invoice(session, actor=finn, call_off=call_off, facts=bill("I1", "25,000"))
    record_payment(session, actor=finn, invoice=first, paid_on=date(2022, 11, 20), gross=first.gross)
    credit = record_invoice(session, actor=finn, call_off=call_off, facts=bill("C1", "-5,000"))
    record_payment(session, actor=finn, invoice=credit, paid_on=date(2022, 11, 21), gross=credit.gross)
    assert call_off.invoiced_pence == call_off.paid_pence == pounds(20_000).pence
    assert call_off.ends_on is not None
    less = Change(pounds(50_000), call_off.ends_on, "Less to do", "not_substantial")
    variation = propose_variation(session, actor=asha, call_off=call_off, change=less)
    approve_variation(session, actor=cast.visitor(session, "Bram"), variation=variation)
    agree_variation(session, actor=cast.visitor(session, "Faye"), variation=variation)
    assert call_off.committed_pence == pounds(50_000).pence
    assert call_off.invoiced_pence == pounds(20_000).pence
    with dates.on(date(2023, 4, 3)):
        for one in deliverables(session, call_off):
            accept_deliverable(session, actor=asha, call_off=call_off, deliverable=one)
        agree_final(session, actor=finn, call_off=call_off)
        freed = close_call_off(
            session,
            actor=asha,
            call_off=call_off,
            outcome="A site",
            rating=Rating.GOOD,
            feedback="Delivered as agreed, in good time",
        )
    assert freed == pounds(30_000)
    assert call_off.status is CallOffStatus.CLOSED
    assert _agreement(session, cast).headroom == Money.pounds(10_000_000) - Money.pounds(20_000)
    balances_equal_entries(session)
