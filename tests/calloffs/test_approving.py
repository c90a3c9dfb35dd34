"""Approving: somebody else, within their limit; a no frees the reservation at once."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from calloffs.approving import approve_price, ask_price_approval, decide_call_off
from calloffs.call_off import CallOffDecision, CallOffStatus
from calloffs.drafting import OptionFacts
from calloffs.handing_over import hand_over
from calloffs.offer import Offer
from calloffs.raising import raise_call_off, withdraw_request
from calloffs.spend import ledger
from calloffs.spend.lapsing import bring_up_to_date
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.people.permissions import Role
from framework.people.person import Post
from lots.lot import Lot
from lots.rate_card import RateCard
from tests.calloffs.making import approved, drafted, pounds, raised


def decide(session, cast, call_off, who="Bram", outcome="approved", **more):
    return decide_call_off(
        session, actor=cast.visitor(session, who), call_off=call_off, outcome=outcome, **more
    )


def test_an_approval_keeps_the_reservation_and_has_a_last_day(session, cast):
    call_off = raised(session, cast)
    decision = decide(session, cast, call_off, conditions="Weekly reports")
    assert call_off.status is CallOffStatus.APPROVED
    assert call_off.approval_valid_until == date(2022, 11, 22) + timedelta(days=90)
    assert (call_off.approved_net_pence, call_off.reserved_pence) == (2_000_000, 2_000_000)
    assert (decision.limit_net_pence, decision.value_net_pence) == (25_000_000, 2_000_000)
    assert (decision.stage, decision.conditions) == ("raise", "Weekly reports")


@pytest.mark.parametrize("outcome", ["returned", "rejected"])
def test_a_no_frees_the_reservation_at_once_and_needs_a_reason(session, cast, outcome):
    """Check 39."""
    call_off = raised(session, cast)
    with pytest.raises(Refused, match="Say why"):
        decide(session, cast, call_off, outcome=outcome)
    assert call_off.reserved_pence == 2_000_000
    decide(session, cast, call_off, outcome=outcome, reason="Not now")
    assert call_off.status is CallOffStatus(outcome)
    lot = session.get_one(Lot, cast.lot[3], populate_existing=True)
    assert (call_off.reserved_pence, lot.reserved_pence) == (0, 0)


@pytest.mark.parametrize(("value", "allowed"), [("50,000", True), ("50,000.01", False)])
def test_a_limit_is_reached_and_not_passed(session, cast, value, allowed):
    """Check 19."""
    call_off = raised(session, cast, value=value)
    if allowed:
        decide(session, cast, call_off, "Brook")
        assert call_off.status is CallOffStatus.APPROVED
    else:
        with pytest.raises(
            Refused, match=r"Your limit is £50,000\.00 net of VAT, and this is worth £50,000\.01"
        ):
            decide(session, cast, call_off, "Brook")
        assert call_off.status is CallOffStatus.SUBMITTED


def test_options_and_expenses_count_against_the_limit(session, cast):
    call_off = raised(
        session, cast, value=40_000, options=(OptionFacts(2, 30, pounds(10_000)),), expenses=pounds("0.01")
    )
    with pytest.raises(Refused, match="Your limit"):
        decide(session, cast, call_off, "Brook")


def test_a_lower_limit_may_still_return_a_request(session, cast):
    call_off = raised(session, cast, value=200_000)
    decide(session, cast, call_off, "Brook", "returned", reason="Too dear")
    assert call_off.status is CallOffStatus.RETURNED


def _also_an_approver(session, cast, name, limit=1_000_000):
    session.add(
        Post(
            person_id=cast.person[name],
            party_id=cast.party["Northbank"],
            role=Role.APPROVER,
            limit_pence=pounds(limit).pence,
            starts_on=date(2021, 1, 1),
        )
    )
    session.flush()


def test_nobody_approves_what_they_raised_had_or_wrote(session, cast):
    """Check 18: a second role does not help."""
    call_off = raised(session, cast)
    _also_an_approver(session, cast, "Asha")
    for outcome in ("approved", "returned", "rejected"):
        with pytest.raises(Refused, match="somebody else must decide"):
            decide(session, cast, call_off, "Asha", outcome, reason="Mine")
    session.add(
        Post(person_id=cast.person["Bram"], party_id=cast.party["Northbank"], role=Role.COMMISSIONING_MANAGER,
             starts_on=date(2021, 1, 1))
    )  # fmt: skip
    session.flush()
    hand_over(
        session, actor=cast.visitor(session, "Asha"), call_off=call_off, to_person_id=cast.person["Bram"]
    )
    with pytest.raises(Refused, match="somebody else must decide"):
        decide(session, cast, call_off, "Bram")
    # Handing it over does not make the raiser a stranger to it.
    with pytest.raises(Refused, match="somebody else must decide"):
        decide(session, cast, call_off, "Asha")


def test_only_approvers_of_that_authority_decide(session, cast):
    call_off = raised(session, cast)
    for name in ("Dev", "Zoe", "Finn", "Olu", "Audra", "Ari", "Faye", "Stranger", "Opal"):
        with pytest.raises(NotFound):
            decide(session, cast, call_off, name)


def test_the_second_approver_finds_it_decided(session, cast):
    """Check 23."""
    call_off = raised(session, cast)
    decide(session, cast, call_off, "Bram")
    with pytest.raises(ChangedMeanwhile, match="it is approved"):
        decide(session, cast, call_off, "Brook", "rejected", reason="No")
    assert len(session.exec(select(CallOffDecision)).all()) == 1


def test_a_request_that_changed_meanwhile_is_not_decided(session, cast):
    call_off = raised(session, cast)
    shown = call_off.submissions
    asha = cast.visitor(session, "Asha")
    withdraw_request(session, actor=asha, call_off=call_off, reason="More")
    raise_call_off(session, actor=asha, call_off=call_off)
    with pytest.raises(ChangedMeanwhile):
        decide(session, cast, call_off, submission=shown)
    decide(session, cast, call_off, submission=call_off.submissions)


def test_nothing_is_approved_under_an_agreement_that_has_ended(session, cast):
    call_off = raised(session, cast, starts_on=date(2023, 5, 31), ends_on=date(2023, 9, 30))
    with dates.on(date(2023, 6, 1)), pytest.raises(Refused, match="Digital Partners is expired"):
        decide(session, cast, call_off)
    with dates.on(date(2023, 6, 1)):
        decide(session, cast, call_off, outcome="rejected", reason="Too late")
    assert call_off.reserved_pence == 0


def test_an_unknown_outcome_is_refused(session, cast):
    with pytest.raises(Refused, match="Choose to approve"):
        decide(session, cast, raised(session, cast), outcome="maybe")


def test_an_approval_that_ran_out_is_free_again_without_any_job(session, cast):
    """The clock moves; the next reader and the next hold find the truth."""
    call_off = approved(session, cast)
    last = call_off.approval_valid_until
    with dates.on(last):
        assert call_off.status is CallOffStatus.APPROVED
        assert ledger.run_out(session) == []
    with dates.on(last + timedelta(days=1)):
        assert call_off.status is CallOffStatus.APPROVAL_RAN_OUT
        agreement = ledger.hold(session, cast.agreement)
        assert agreement.reserved_pence == 0
        session.refresh(call_off)
        assert call_off.reserved_pence == 0
        assert ledger.release_run_out(session) == 0


def test_a_page_view_frees_what_has_run_out(visit, session, cast):
    call_off = approved(session, cast)
    day = call_off.approval_valid_until + timedelta(days=1)
    session.commit()
    session.close()
    with dates.on(day):
        shown = visit("Asha").get(f"/call-offs/{call_off.reference}")
        assert "Approval ran out" in shown.text
        assert "Lot 3 has £1,000,000.00 (net of VAT) left" in shown.text
        assert "went back to headroom" in shown.text
    assert session.get_one(Lot, cast.lot[3], populate_existing=True).reserved_pence == 0


def test_bringing_up_to_date_twice_frees_once(session, cast):
    call_off = approved(session, cast)
    session.commit()
    with dates.on(call_off.approval_valid_until + timedelta(days=1)):
        bring_up_to_date(session)
        bring_up_to_date(session)
    agreement = session.get_one(FrameworkAgreement, cast.agreement, populate_existing=True)
    assert agreement.reserved_pence == 0


def test_a_run_out_approval_may_be_taken_back_and_raised_again(session, cast):
    call_off = approved(session, cast, starts_on=date(2023, 4, 1), ends_on=date(2023, 5, 1))
    with dates.on(call_off.approval_valid_until + timedelta(days=1)):
        asha = cast.visitor(session, "Asha")
        withdraw_request(session, actor=asha, call_off=call_off, reason="It ran out")
        raise_call_off(session, actor=asha, call_off=call_off)
        assert call_off.status is CallOffStatus.SUBMITTED
        ledger.hold(session, cast.agreement)
        session.refresh(call_off)
        assert call_off.reserved_pence == 2_000_000


def _accepted(session, cast, price):
    call_off = approved(session, cast)
    card = session.exec(
        select(RateCard).where(RateCard.appointment_id == cast.appointment[3, "Cedar Design"])
    ).one()
    offer = Offer(
        reference=f"{call_off.reference}-O1",
        call_off_id=call_off.id,
        appointment_id=card.appointment_id,
        rate_card_id=card.id,
        route="The lot's only partner",
        offered_at=dates.now(),
        offered_by_id=cast.person["Asha"],
        deadline_at=dates.now() + timedelta(days=5),
        accepted_at=dates.now(),
        price_net_pence=pounds(price).pence,
    )
    session.add(offer)
    session.flush()
    call_off.offer_id, call_off.accepted_at, call_off.offer_deadline_at = (
        offer.id,
        dates.now(),
        offer.deadline_at,
    )
    session.flush()
    assert call_off.status is CallOffStatus.ACCEPTED
    return call_off


def test_a_higher_price_goes_back_to_an_approver_within_their_limit(session, cast):
    call_off = _accepted(session, cast, "50,000.01")
    asha = cast.visitor(session, "Asha")
    with pytest.raises(ChangedMeanwhile):
        approve_price(session, actor=cast.visitor(session, "Bram"), call_off=call_off)
    ask_price_approval(session, actor=asha, call_off=call_off)
    with pytest.raises(Refused, match="already been asked"):
        ask_price_approval(session, actor=asha, call_off=call_off)
    with pytest.raises(Refused, match="Your limit"):
        approve_price(session, actor=cast.visitor(session, "Brook"), call_off=call_off)
    approve_price(session, actor=cast.visitor(session, "Bram"), call_off=call_off)
    assert call_off.price_approved_net_pence == 5_000_001
    assert call_off.reserved_pence == 2_000_000


def test_a_price_that_is_refused_may_be_asked_about_again(session, cast):
    call_off = _accepted(session, cast, "30,000")
    asha, bram = cast.visitor(session, "Asha"), cast.visitor(session, "Bram")
    ask_price_approval(session, actor=asha, call_off=call_off)
    with pytest.raises(Refused, match="Say why"):
        approve_price(session, actor=bram, call_off=call_off, outcome="rejected")
    approve_price(session, actor=bram, call_off=call_off, outcome="rejected", reason="Ask for less")
    assert call_off.price_approved_net_pence is None
    ask_price_approval(session, actor=asha, call_off=call_off)


def test_a_price_within_the_approval_is_not_asked_about(session, cast):
    call_off = _accepted(session, cast, "20,000")
    with pytest.raises(Refused, match="already approved"):
        ask_price_approval(session, actor=cast.visitor(session, "Asha"), call_off=call_off)


def test_drafts_cannot_be_decided(session, cast):
    with pytest.raises(ChangedMeanwhile, match="it is draft"):
        decide(session, cast, drafted(session, cast))


def test_a_price_is_decided_on_its_own_page(visit, session, cast):
    call_off = _accepted(session, cast, "30,000")
    ask_price_approval(session, actor=cast.visitor(session, "Asha"), call_off=call_off)
    session.commit()
    session.close()
    bram, at = visit("Bram"), f"/call-offs/{call_off.reference}"
    assert "Price: £30,000.00 net of VAT" in bram.get("/").text
    assert "Price: £30,000.00" not in visit("Dev").get("/").text
    shown = bram.get(f"{at}/approve-price")
    assert "£30,000.00 net of VAT" in shown.text
    bram.send(f"{at}/approve-price", {"outcome": "rejected"}, status=422)
    bram.send(f"{at}/approve-price", {"outcome": "approved"})
    assert "Bram approved the price, £30,000.00 net of VAT" in bram.get(at).text
    assert "Price: £30,000.00" not in bram.get("/").text
    assert bram.get(f"{at}/approve-price", 303).location.endswith(at)
    for name in ("Asha", "Dev", "Faye"):
        visit(name).get(f"{at}/approve-price", 404)
