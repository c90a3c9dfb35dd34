"""Raising: every rule answers, the value is reserved, and the tightest limit is named with what is left."""

from datetime import date

import pytest
from sqlmodel import select

from calloffs.approving import decide_call_off
from calloffs.call_off import CallOffStatus
from calloffs.drafting import OptionFacts, change_draft
from calloffs.raising import intent_of, raise_call_off, withdraw_request
from calloffs.raising_rules import warnings
from calloffs.spend.entry import LedgerEntry
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Basis
from framework.definitions.rules import NotFound, Refused
from lots.appointment import Appointment
from lots.lot import AwardMethod, DirectAwardBasis, Lot
from tests.calloffs.making import an_approved_case, approved, drafted, pounds, raised


def refusals_of(session, cast, call_off, who="Asha"):
    with pytest.raises(Refused) as refused:
        raise_call_off(session, actor=cast.visitor(session, who), call_off=call_off)
    return refused.value.refusals


def only_sentence(session, cast, call_off, who="Asha"):
    found = refusals_of(session, cast, call_off, who)
    assert len(found) == 1, [one.sentence for one in found]
    return found[0].sentence


def test_raising_reserves_the_maximum_value_everywhere_at_once(session, cast):
    case = an_approved_case(session, cast, amount=200_000)
    option = OptionFacts(6, 30, pounds(20_000))
    call_off = raised(session, cast, value=80_000, case=case, options=(option,), expenses=pounds(5_000))
    assert call_off.status is CallOffStatus.SUBMITTED
    assert call_off.value == pounds(105_000)
    agreement = session.get_one(FrameworkAgreement, cast.agreement, populate_existing=True)
    lot = session.get_one(Lot, cast.lot[3], populate_existing=True)
    session.refresh(case)
    assert {call_off.reserved_pence, agreement.reserved_pence, lot.reserved_pence, case.used_net_pence} == {
        10_500_000
    }
    entry = session.exec(select(LedgerEntry)).one()
    assert (entry.amount_pence, entry.case_id) == (10_500_000, case.id)


def test_a_blank_draft_is_told_everything_at_once(session, cast):
    call_off = drafted(
        session, cast, background="", in_scope=" ", outcome_wanted="", starts_on=None, ends_on=None, base=None,
        case_id=None, charging_method=None, off_payroll=None, conflicts_declared=False, special_terms="Ours first",
    )  # fmt: skip
    fields = [one.field for one in refusals_of(session, cast, call_off)]
    assert fields == [
        "background", "outcome_wanted", "in_scope", "starts_on", "ends_on", "base", "case_id", "charging_method",
        "off_payroll", "special_terms_confirmed", "conflicts_declared",
    ]  # fmt: skip
    assert call_off.status is CallOffStatus.DRAFT
    assert call_off.reserved_pence == 0


def test_the_last_penny_of_the_lot_may_be_called_off(session, cast):
    raised(session, cast, value="999,999.99")
    raised(session, cast, value="0.01")
    call_off = drafted(session, cast, value="0.01")
    found = refusals_of(session, cast, call_off)
    assert "Lot 3 has £0.00 (net of VAT) left under its ceiling" in found[0].sentence
    assert found[0].left == pounds(0)
    assert found[0].rule == "RULE-32"


def test_a_full_lot_refuses_although_the_agreement_is_half_empty(session, cast):
    raised(session, cast, value=1_000_000)
    sentence = only_sentence(session, cast, drafted(session, cast, value=1))
    assert sentence.startswith("Lot 3 has £0.00")
    assert raised(session, cast, value=1, lot=4).status is CallOffStatus.SUBMITTED


def test_the_authority_s_allocation_is_named_when_it_is_the_tightest(session, cast):
    member = session.exec(
        select(MemberAuthority).where(MemberAuthority.authority_id == cast.party["Southmere"])
    ).one()
    member.allocation_pence = pounds(10_000).pence
    session.flush()
    call_off = drafted(session, cast, who="Cara", value=10_001)
    assert "Southmere has £10,000.00 (net of VAT) left of its allocation" in only_sentence(
        session, cast, call_off, "Cara"
    )


def test_the_agreement_s_ceiling_is_named_when_it_is_the_tightest(session, cast):
    session.get_one(FrameworkAgreement, cast.agreement).ceiling_pence = pounds(40_000).pence
    session.flush()
    assert raised(session, cast, value=40_000).reserved_pence == 4_000_000
    sentence = only_sentence(session, cast, drafted(session, cast, value="0.01", lot=4))
    assert sentence.startswith("Digital Partners has £0.00 (net of VAT) left under its ceiling")


def test_splitting_a_value_does_not_evade_the_limit(session, cast):
    """Check 37: £110 at once, and £100 then £10, against £105."""
    session.get_one(Lot, cast.lot[3]).ceiling_pence = pounds(105).pence
    session.flush()
    assert "Lot 3 has £105.00" in only_sentence(session, cast, drafted(session, cast, value=110))
    raised(session, cast, value=100)
    assert "Lot 3 has £5.00" in only_sentence(session, cast, drafted(session, cast, value=10))
    lines = drafted(session, cast, value=3, options=(OptionFacts(1, 0, pounds(2)),), expenses=pounds("0.01"))
    assert "Lot 3 has £5.00" in only_sentence(session, cast, lines)


def test_a_gross_agreement_counts_vat_in(session, cast):
    session.get_one(FrameworkAgreement, cast.agreement).basis = Basis.GROSS
    session.flush()
    call_off = raised(session, cast, value=100_000)
    assert call_off.reserved_pence == pounds(120_000).pence
    sentence = only_sentence(session, cast, drafted(session, cast, value=750_000))
    assert "Lot 3 has £880,000.00 (including VAT) left" in sentence
    assert "needs £900,000.00 (including VAT)" in sentence


@pytest.mark.parametrize(
    ("day", "allowed"),
    [(date(2023, 5, 31), True), (date(2023, 6, 1), False), (date(2026, 11, 22), False)],
)
def test_nothing_is_raised_after_the_agreement_s_last_day(session, cast, day, allowed):
    """T-15, T-83, check 3: the last day counts, in London summer time."""
    call_off = drafted(session, cast, starts_on=date(2023, 5, 31), ends_on=date(2024, 2, 28))
    call_off.case_id, call_off.exemption_reason, call_off.base_net_pence = None, "Small", 100
    session.flush()
    with dates.on(day):
        if allowed:
            raise_call_off(session, actor=cast.visitor(session, "Asha"), call_off=call_off)
            assert call_off.status is CallOffStatus.SUBMITTED
        else:
            sentences = [one.sentence for one in refusals_of(session, cast, call_off)]
            assert any("ended on 31 May 2023" in one for one in sentences)


def test_the_last_minute_of_the_last_day_is_london_s(session, cast):
    from datetime import UTC, datetime

    call_off = drafted(session, cast, starts_on=date(2023, 5, 31), ends_on=date(2023, 6, 30))
    with dates.at(datetime(2023, 5, 31, 23, 0, tzinfo=UTC)):  # midnight of 1 June in London
        assert any("ended on 31 May 2023" in one.sentence for one in refusals_of(session, cast, call_off))
    with dates.at(datetime(2023, 5, 31, 22, 59, tzinfo=UTC)):
        raise_call_off(session, actor=cast.visitor(session, "Asha"), call_off=call_off)


def test_work_may_outlive_the_agreement_up_to_the_long_stop(session, cast):
    """T-16 and check 8."""
    late = drafted(session, cast, starts_on=date(2023, 5, 31), ends_on=date(2024, 6, 1))
    assert "on or before 31 May 2024, the long-stop of lot 3" in only_sentence(session, cast, late)
    nine_months = drafted(session, cast, starts_on=date(2023, 5, 31), ends_on=date(2024, 2, 28))
    agreement = session.get_one(FrameworkAgreement, cast.agreement)
    assert warnings(intent_of(session, agreement, nine_months, None)) == []
    raise_call_off(session, actor=cast.visitor(session, "Asha"), call_off=nine_months)


def test_work_more_than_a_year_past_the_agreement_is_warned_about(session, cast):
    session.get_one(Lot, cast.lot[3]).long_stop_on = date(2025, 5, 31)
    call_off = drafted(session, cast, ends_on=date(2024, 6, 1))
    agreement = session.get_one(FrameworkAgreement, cast.agreement)
    assert "more than 12 months past the end" in warnings(intent_of(session, agreement, call_off, None))[0]


def test_a_start_after_the_agreement_or_before_today_is_refused(session, cast):
    late = drafted(session, cast, starts_on=date(2023, 6, 1), ends_on=date(2023, 6, 30))
    assert "on or before 31 May 2023" in only_sentence(session, cast, late)
    past = drafted(session, cast, starts_on=date(2022, 11, 21), ends_on=date(2023, 6, 30))
    assert "which has passed" in only_sentence(session, cast, past)
    assert raised(session, cast, starts_on=date(2022, 11, 22), ends_on=date(2022, 11, 22))


def test_an_authority_that_left_may_not_call_off(session, cast):
    call_off = drafted(session, cast)
    member = session.exec(
        select(MemberAuthority).where(MemberAuthority.authority_id == cast.party["Northbank"])
    ).one()
    member.leaves_on = date(2022, 11, 21)
    session.flush()
    assert "Northbank is not a member of Digital Partners today" in only_sentence(session, cast, call_off)


def test_a_suspended_agreement_takes_no_new_call_offs(session, cast):
    call_off = drafted(session, cast)
    session.get_one(FrameworkAgreement, cast.agreement).suspended_at = dates.now()
    session.flush()
    assert "is suspended" in only_sentence(session, cast, call_off)


def test_a_lot_without_a_route_or_a_partner_is_refused(session, cast):
    call_off = drafted(session, cast)
    lot = session.get_one(Lot, cast.lot[3])
    lot.award_method, lot.direct_award_basis = AwardMethod.DIRECT, DirectAwardBasis.NONE
    session.flush()
    assert "states no way to award" in only_sentence(session, cast, call_off)
    lot.direct_award_basis = DirectAwardBasis.SINGLE_SUPPLIER
    session.get_one(Appointment, cast.appointment[3, "Cedar Design"]).ended_on = date(2022, 11, 1)
    session.flush()
    assert "has no partner" in only_sentence(session, cast, call_off)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"outcome": "returned"}, "is not approved: it is returned"),
        ({"outcome": None, "decided_at": None}, "is not approved: it is submitted"),
        ({"valid_until": date(2022, 11, 21)}, "ran out after 21 November 2022"),
        ({"valid_until": date(2022, 11, 21), "used_net_pence": 1}, "ran out after 21 November 2022"),
        ({"approved_net_pence": 1_999_999}, "has £19,999.99 net of VAT left of its approval"),
    ],
)
def test_a_case_must_be_approved_in_date_and_large_enough(session, cast, facts, words):
    call_off = drafted(session, cast, value=20_000, case=an_approved_case(session, cast, **facts))
    assert words in only_sentence(session, cast, call_off)


def test_two_call_offs_cannot_use_the_same_money_of_a_case(session, cast):
    case = an_approved_case(session, cast, amount=30_000)
    raised(session, cast, value=20_000, case=case)
    assert "has £10,000.00 net of VAT left" in only_sentence(
        session, cast, drafted(session, cast, value="10,000.01", case=case)
    )
    assert raised(session, cast, value=10_000, case=case)


def test_another_authority_s_case_cannot_be_used(session, cast):
    theirs = an_approved_case(session, cast, authority="Southmere")
    with pytest.raises(Refused, match="one of the cases listed"):
        drafted(session, cast, case=theirs)
    mine = drafted(session, cast)
    mine.case_id = theirs.id
    session.flush()
    assert "your own authority" in only_sentence(session, cast, mine)


def test_an_exemption_is_for_values_below_the_threshold_only(session, cast):
    assert raised(session, cast, exempt=True, value="4,999.99")
    sentence = only_sentence(session, cast, drafted(session, cast, exempt=True, value=5_000))
    assert sentence == (
        "Northbank needs a business case from £5,000.00 net of VAT, "
        "and this call-off is worth £5,000.00 net of VAT"
    )


def test_options_count_against_the_exemption_threshold(session, cast):
    call_off = drafted(session, cast, exempt=True, value=4_000, options=(OptionFacts(3, 0, pounds(1_000)),))
    assert "needs a business case" in only_sentence(session, cast, call_off)


def test_nobody_else_raises_it(session, cast):
    call_off = drafted(session, cast)
    for name in ("Cara", "Zed", "Bram", "Olu", "Audra", "Faye", "Stranger"):
        with pytest.raises(NotFound):
            raise_call_off(session, actor=cast.visitor(session, name), call_off=call_off)


def test_raising_twice_is_refused(session, cast):
    call_off = raised(session, cast)
    assert "is submitted, so it cannot be changed" in only_sentence(session, cast, call_off)
    assert call_off.reserved_pence == 2_000_000


def test_a_request_taken_back_frees_its_money_and_loses_its_approval(session, cast):
    """Check 21."""
    call_off = approved(session, cast)
    asha, bram = cast.visitor(session, "Asha"), cast.visitor(session, "Bram")
    freed = withdraw_request(session, actor=asha, call_off=call_off, reason="The scope grew")
    assert (freed, call_off.reserved_pence, call_off.status) == (pounds(20_000), 0, CallOffStatus.DRAFT)
    change_draft(session, actor=asha, call_off=call_off, facts={"base": pounds(25_000)})
    raise_call_off(session, actor=asha, call_off=call_off)
    assert call_off.status is CallOffStatus.SUBMITTED
    assert call_off.reserved_pence == 2_500_000
    assert call_off.approved_net_pence == 0
    decide_call_off(session, actor=bram, call_off=call_off, outcome="approved")
    assert call_off.approved_net_pence == 2_500_000


def test_a_returned_request_raised_at_the_same_moment_is_submitted_again(session, cast):
    """The clock is held: returned and raised again carry the same time, and the later act still counts."""
    call_off = raised(session, cast)
    asha, bram = cast.visitor(session, "Asha"), cast.visitor(session, "Bram")
    decide_call_off(session, actor=bram, call_off=call_off, outcome="returned", reason="Say why")
    assert call_off.status is CallOffStatus.RETURNED
    raise_call_off(session, actor=asha, call_off=call_off)
    assert call_off.status is CallOffStatus.SUBMITTED
    assert call_off.reserved_pence == 2_000_000
