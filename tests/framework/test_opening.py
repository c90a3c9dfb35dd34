"""Opening an agreement."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework import finding
from framework.definitions.money import Money
from framework.definitions.regime import Regime
from framework.definitions.rules import NotFound, Refused
from framework.definitions.terms import last_day_of
from framework.opening import (
    add_authority,
    add_option,
    change_agreement,
    facts_of,
    open_agreement,
    remove_authority,
    remove_option,
)
from framework.opening_rules import open_framework_refusals, term_refusals
from framework.options import planned
from tests.framework.agreements import a_draft, terms

AHEAD = {"commenced_on": date(2026, 9, 1)}


def fields_of(caught):
    return {one.field for one in caught.value.refusals}


def rules_of(caught):
    return {one.rule for one in caught.value.refusals}


def test_an_agreement_opens_as_a_draft_led_by_its_first_member(session, cast):
    agreement = a_draft(session, cast)
    assert agreement.is_draft
    assert agreement.regime is Regime.PCR2015
    assert agreement.original_ends_on == date(2024, 10, 31)
    assert [party.name for _, party in finding.members(session, agreement)] == ["Northbank"]
    assert finding.members(session, agreement)[0][0].joins_on == date(2022, 11, 1)


def test_only_the_lead_authoritys_framework_owner_may_open(session, cast):
    for name in ("Asha", "Bram", "Cara", "Audra", "Faye"):
        with pytest.raises(NotFound):
            open_agreement(
                session,
                actor=cast.visitor(session, name),
                lead_authority_id=cast.party["Northbank"],
                facts=terms(),
            )
    with pytest.raises(NotFound):
        open_agreement(
            session,
            actor=cast.visitor(session, "Olu"),
            lead_authority_id=cast.party["Southmere"],
            facts=terms(),
        )


def test_every_reason_is_given_at_once(session, cast):
    with pytest.raises(Refused) as caught:
        a_draft(
            session,
            cast,
            title=" ",
            reference="not a reference",
            commenced_on=None,
            starts_on=None,
            ceiling=None,
            basis=None,
        )
    assert fields_of(caught) == {"title", "reference", "commenced_on", "starts_on", "ceiling", "basis"}


@pytest.mark.parametrize(
    ("commenced", "regime"),
    [(date(2025, 2, 23), Regime.PCR2015), (date(2025, 2, 24), Regime.PA2023)],
)
def test_rule_01_the_regime_follows_the_day_the_procurement_commenced(session, cast, commenced, regime):
    term = {"starts_on": date(2025, 4, 1), "ends_on": date(2027, 3, 31)}
    agreement = a_draft(session, cast, commenced_on=commenced, **term)
    assert agreement.regime is regime


def test_rule_01_a_regime_that_does_not_fit_the_day_is_refused(session, cast):
    with pytest.raises(Refused) as caught:
        a_draft(session, cast, regime=Regime.PA2023)
    assert "RULE-01" in rules_of(caught)
    assert "Public Contracts Regulations 2015" in str(caught.value)


@pytest.mark.parametrize("ceiling", [None, Money(0)])
def test_check_38_a_blank_or_zero_ceiling_never_means_unlimited(session, cast, ceiling):
    with pytest.raises(Refused) as caught:
        a_draft(session, cast, ceiling=ceiling)
    assert fields_of(caught) == {"ceiling"}


def test_a_reference_is_unique_however_it_is_typed(session, cast):
    assert a_draft(session, cast, reference=" dp23 ").reference == "DP23"
    with pytest.raises(Refused) as caught:
        a_draft(session, cast, reference="Dp23")
    assert fields_of(caught) == {"reference"}


@pytest.mark.parametrize("reference", ["", "-A", "A-", "A/B", "Ä1", "A" * 25, "A B", "A.B", "A\n"])
def test_a_reference_holds_letters_digits_and_hyphens(session, cast, reference):
    if reference.strip() == "A":
        assert a_draft(session, cast, reference=reference).reference == "A"
        return
    with pytest.raises(Refused) as caught:
        a_draft(session, cast, reference=reference)
    assert fields_of(caught) == {"reference"}


def pa(first, last, options=(), **other):
    facts = terms(**AHEAD, regime=Regime.PA2023, starts_on=first, ends_on=last, **other)
    return term_refusals(facts, options)


def test_t_01_four_years_under_the_procurement_act_pass():
    assert pa(date(2027, 3, 1), date(2031, 2, 28)) == []


def test_t_02_a_day_more_without_a_reason_is_refused_and_with_one_passes():
    (only,) = pa(date(2027, 3, 1), date(2031, 3, 1))
    assert (only.rule, only.field) == ("RULE-05", "long_term_reason")
    assert pa(date(2027, 3, 1), date(2031, 3, 1), long_term_reason="Long-lived equipment") == []


def test_t_03_exactly_four_years_under_the_regulations_pass():
    facts = terms(
        commenced_on=date(2024, 3, 1),
        regime=Regime.PCR2015,
        starts_on=date(2024, 12, 1),
        ends_on=date(2028, 11, 30),
    )
    assert term_refusals(facts, ()) == []


def test_t_04_options_count_towards_the_longest_term():
    (only,) = pa(date(2027, 4, 1), date(2029, 3, 31), (24, 12))
    assert only.rule == "RULE-05"
    assert "31 March 2032" in only.sentence


def test_t_05_an_open_framework_ends_by_eight_years_from_its_first_award():
    first = date(2026, 4, 1)
    assert open_framework_refusals(first, date(2034, 3, 31)) == []
    (only,) = open_framework_refusals(first, date(2034, 4, 1))
    assert only.rule == "RULE-06"
    assert "31 March 2034" in only.sentence


def test_t_06_an_open_framework_of_one_supplier_ends_by_four_years():
    first = date(2026, 4, 1)
    assert open_framework_refusals(first, date(2030, 3, 31), single_supplier=True) == []
    (only,) = open_framework_refusals(first, date(2030, 4, 1), single_supplier=True)
    assert "31 March 2030" in only.sentence


def test_an_open_framework_is_not_known_to_the_regulations(session, cast):
    with pytest.raises(Refused) as caught:
        a_draft(session, cast, is_open_framework=True, first_awarded_on=date(2022, 11, 1))
    assert fields_of(caught) == {"is_open_framework"}


def test_rule_05_an_option_that_would_pass_four_years_needs_a_reason(session, cast):
    olu = cast.visitor(session, "Olu")
    agreement = a_draft(session, cast)
    add_option(session, actor=olu, agreement=agreement, months=24)
    with pytest.raises(Refused) as caught:
        add_option(session, actor=olu, agreement=agreement, months=1)
    assert fields_of(caught) == {"long_term_reason"}
    option = add_option(
        session, actor=olu, agreement=agreement, months=1, long_term_reason="An exceptional case"
    )
    assert option.number == 2
    assert agreement.long_term_reason == "An exceptional case"


def test_a_longer_term_counts_the_options_that_are_there(session, cast):
    olu = cast.visitor(session, "Olu")
    agreement = a_draft(session, cast)
    add_option(session, actor=olu, agreement=agreement, months=24)
    with pytest.raises(Refused) as caught:
        change_agreement(
            session,
            actor=olu,
            agreement=agreement,
            facts=replace(facts_of(agreement), ends_on=date(2024, 11, 1)),
        )
    assert rules_of(caught) == {"RULE-05"}


@given(
    first=st.dates(date(2026, 10, 1), date(2040, 1, 1)),
    months=st.integers(1, 60),
    options=st.lists(st.integers(1, 24), max_size=3),
)
def test_a_term_of_whole_months_passes_exactly_up_to_forty_eight_of_them(first, months, options):
    last = last_day_of(first, months)
    refusals = pa(first, last, options)
    if first.day <= 28:
        assert bool(refusals) is (months + sum(options) > 48)


def test_an_allocation_may_be_the_whole_ceiling_and_not_a_penny_more(session, cast):
    olu, southmere = cast.visitor(session, "Olu"), cast.party["Southmere"]
    agreement = a_draft(session, cast)
    ceiling = Money.pounds(1_000_000)
    member = add_authority(
        session, actor=olu, agreement=agreement, authority_id=southmere, allocation=ceiling
    )
    assert member.headroom == ceiling
    assert member.joins_on == agreement.starts_on
    with pytest.raises(Refused) as caught:
        add_authority(
            session,
            actor=olu,
            agreement=agreement,
            authority_id=southmere,
            allocation=ceiling + Money(1),
        )
    (only,) = caught.value.refusals
    assert (only.field, only.left) == ("allocation", ceiling)


def test_naming_an_authority_again_says_its_place_anew(session, cast):
    olu, southmere = cast.visitor(session, "Olu"), cast.party["Southmere"]
    agreement = a_draft(session, cast)
    for pounds in (10, 20):
        add_authority(
            session,
            actor=olu,
            agreement=agreement,
            authority_id=southmere,
            allocation=Money.pounds(pounds),
        )
    assert len(finding.members(session, agreement)) == 2
    assert finding.allocated(finding.members(session, agreement)) == Money.pounds(20)


def test_a_supplier_is_never_a_member(session, cast):
    olu = cast.visitor(session, "Olu")
    agreement = a_draft(session, cast)
    for wrong in (cast.party["Fennel Web"], 99999):
        with pytest.raises(Refused) as caught:
            add_authority(session, actor=olu, agreement=agreement, authority_id=wrong)
        assert fields_of(caught) == {"authority_id"}


def test_a_member_may_be_taken_off_but_not_the_lead(session, cast):
    olu = cast.visitor(session, "Olu")
    agreement = a_draft(session, cast)
    add_authority(session, actor=olu, agreement=agreement, authority_id=cast.party["Southmere"])
    remove_authority(session, actor=olu, agreement=agreement, authority_id=cast.party["Southmere"])
    assert len(finding.members(session, agreement)) == 1
    with pytest.raises(Refused):
        remove_authority(session, actor=olu, agreement=agreement, authority_id=cast.party["Northbank"])
    with pytest.raises(NotFound):
        remove_authority(session, actor=olu, agreement=agreement, authority_id=cast.party["Elsewhere"])


def test_options_come_off_from_the_last(session, cast):
    olu = cast.visitor(session, "Olu")
    agreement = a_draft(session, cast)
    add_option(session, actor=olu, agreement=agreement, months=6)
    add_option(session, actor=olu, agreement=agreement, months=6)
    with pytest.raises(Refused):
        remove_option(session, actor=olu, agreement=agreement, number=1)
    remove_option(session, actor=olu, agreement=agreement, number=2)
    assert [one.number for one in finding.options(session, agreement)] == [1]


def test_check_52_the_day_to_decide_is_shown_with_its_sum(session, cast):
    olu = cast.visitor(session, "Olu")
    agreement = a_draft(
        session, cast, starts_on=date(2025, 10, 1), ends_on=date(2027, 9, 30), commenced_on=date(2025, 1, 6)
    )
    add_option(session, actor=olu, agreement=agreement, months=12, notice_days=84)
    (plan,) = planned(agreement, finding.options(session, agreement))
    # T-67
    assert plan.last_notice_day == date(2027, 7, 8)
    assert plan.decide_by == date(2027, 5, 9)
    assert plan.arithmetic == (
        "30 September 2027 less 12 weeks is 8 July 2027. Less 60 days for the councils to decide is 9 May 2027"
    )


def test_t_66_months_of_notice_clamp_to_the_months_last_day(session, cast):
    olu = cast.visitor(session, "Olu")
    agreement = a_draft(session, cast, starts_on=date(2024, 6, 1), ends_on=date(2027, 5, 31))
    add_option(session, actor=olu, agreement=agreement, months=12, notice_months=3)
    (plan,) = planned(agreement, finding.options(session, agreement))
    assert plan.last_notice_day == date(2027, 2, 28)


def test_a_later_options_dates_count_from_the_end_that_the_earlier_would_give(session, cast):
    olu = cast.visitor(session, "Olu")
    agreement = a_draft(session, cast)
    add_option(session, actor=olu, agreement=agreement, months=12)
    add_option(session, actor=olu, agreement=agreement, months=12, notice_months=1)
    first, second = planned(agreement, finding.options(session, agreement))
    assert first.ends_after == second.ends_before == date(2025, 10, 31)
    assert (first.is_next, second.is_next) == (True, False)
    assert second.last_notice_day == date(2025, 9, 30)
