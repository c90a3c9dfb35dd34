"""Rates rise only by the clause that the agreement states: at anniversaries, on top of each other, rounded down to the penny."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from framework.definitions import dates
from framework.definitions.money import WHOLE, Money, risen
from framework.definitions.rules import Refused
from lots import finding
from lots.lot import Lot
from lots.opening import add_lot, change_lot, facts_of
from lots.rate_rules import anniversaries, next_rise_after
from lots.rating import enter_rate_card
from tests.lots.drafts import a_draft
from tests.lots.test_opening import ONE

JUNE = date(2022, 6, 1)
amounts = st.integers(1, 5_000_00)
rates = st.integers(1, 1_500)
years = st.integers(0, 12)
days = st.dates(date(2015, 1, 1), date(2045, 12, 31))


@given(amounts, rates, years)
def test_a_cap_is_never_a_penny_above_the_exact_amount_nor_a_whole_penny_below(pence, bp, times):
    exact = pence * (1 + Fraction(bp, WHOLE)) ** times
    assert exact - 1 < risen(Money(pence), bp, times).pence <= exact


@given(amounts, rates, years)
def test_a_cap_never_falls_as_years_pass(pence, bp, times):
    assert risen(Money(pence), bp, times) <= risen(Money(pence), bp, times + 1)


@given(amounts, rates, years)
def test_rising_year_by_year_never_comes_to_more_than_rising_at_once(pence, bp, times):
    stepped = Money(pence)
    for _ in range(times):
        stepped = risen(stepped, bp, 1)
    assert stepped <= risen(Money(pence), bp, times)


@given(days, days, days)
def test_the_next_rise_day_is_the_first_on_which_one_more_rise_counts(first, after, until):
    assume(after <= until)
    upcoming = next_rise_after(first, until)
    assert upcoming > until
    now = anniversaries(first, after, until)
    assert anniversaries(first, after, upcoming) == now + 1
    assert anniversaries(first, after, upcoming - timedelta(days=1)) == now


def test_a_rise_day_of_29_february_falls_on_the_28th_in_other_years():
    assert anniversaries(date(2020, 2, 29), date(2020, 2, 29), date(2021, 2, 27)) == 0
    assert anniversaries(date(2020, 2, 29), date(2020, 2, 29), date(2021, 2, 28)) == 1


@pytest.fixture
def olu(cast, session):
    return cast.visitor(session, "Olu")


@pytest.fixture
def place(cast, session, olu):
    """Fennel Web on lot 4, whose rates may rise by 3% each 1 June from 2022 on."""
    lot = session.get_one(Lot, cast.lot[4])
    lot.rate_rise_bp, lot.rates_rise_from = 300, JUNE
    session.flush()
    return finding.appointment(session, olu, cast.appointment[4, "Fennel Web"]).appointment


def enter(session, olu, place, pounds, on, hours=750):
    return enter_rate_card(
        session,
        actor=olu,
        appointment=place,
        from_on=on,
        rates=[("Designer", 4, Money.pounds(pounds))],
        hours_per_day_hundredths=hours,
    )


def test_a_rise_inside_the_rule_is_accepted_to_the_penny(session, olu, place):
    # £935.00 since 1 June 2021; one anniversary since: £963.05 exactly.
    with pytest.raises(Refused) as refused:
        enter(session, olu, place, "963.06", date(2022, 12, 1))
    (one,) = refused.value.refusals
    assert (one.rule, one.left) == ("RULE-78", Money.pounds("963.05"))
    for word in ("Designer, level 4", "£935.00 of version 1", "3% once", "1 June 2023", "£991.94"):
        assert word in one.sentence
    assert enter(session, olu, place, "963.05", date(2022, 12, 1)).version == 2


def test_a_rise_is_counted_once_and_two_years_come_on_top_of_each_other(session, olu, place):
    enter(session, olu, place, "963.05", date(2022, 12, 1))
    with pytest.raises(Refused) as refused:
        enter(session, olu, place, "963.06", date(2023, 5, 31))
    assert "£963.06 is more than the £963.05 of rate card version 2. From 1 June 2023" in str(refused.value)
    # 963.05 × 1.03² = 1021.699…, down to the penny
    with pytest.raises(Refused):
        enter(session, olu, place, "1021.70", date(2024, 6, 1))
    enter(session, olu, place, "1021.69", date(2024, 6, 1))


def test_a_version_that_leaves_a_rate_alone_does_not_use_its_rise_up(session, olu, place):
    enter(session, olu, place, 935, date(2022, 12, 1))
    enter(session, olu, place, "963.05", date(2022, 12, 2))


def test_a_rate_that_went_down_rises_from_where_it_is(session, olu, place):
    enter(session, olu, place, 900, date(2022, 12, 1))
    with pytest.raises(Refused):
        enter(session, olu, place, 901, date(2023, 5, 31))
    enter(session, olu, place, 927, date(2023, 6, 1))


def test_a_shorter_day_at_the_same_rate_is_a_rise_by_the_hour(session, olu, place):
    # Whatever it may rise to by the clause is the most by the hour too: 963.05 for 7.5 hours is 935 for 7.28….
    enter(session, olu, place, 935, date(2022, 12, 1), hours=729)
    with pytest.raises(Refused) as refused:
        enter(session, olu, place, 935, date(2022, 12, 2), hours=700)
    assert refused.value.refusals[0].field == "hours_per_day"
    enter(session, olu, place, 770, date(2022, 12, 2), hours=600)


def test_the_clause_is_stated_while_the_agreement_is_a_draft_and_fixed_then(session, cast, olu):
    draft = a_draft(session, cast)
    facts = replace(ONE, rate_rise_bp=250, rates_rise_from=draft.starts_on + timedelta(days=365))
    lot = add_lot(session, actor=olu, agreement=draft, facts=facts)
    assert (lot.rate_rise_bp, lot.rates_rise_from) == (250, facts.rates_rise_from)
    live = session.get_one(Lot, cast.lot[4])
    with pytest.raises(Refused) as refused:
        change_lot(
            session,
            actor=olu,
            lot=live,
            facts=replace(facts_of(live), rate_rise_bp=300, rates_rise_from=JUNE),
        )
    assert "fixed when it was confirmed" in str(refused.value)


@pytest.mark.parametrize(
    ("bp", "first", "field"),
    [
        (None, date(2024, 1, 1), "rate_rise_bp"),
        (0, date(2024, 1, 1), "rate_rise_bp"),
        (300, None, "rates_rise_from"),
        (300, date(2001, 1, 1), "rates_rise_from"),
        (300, date(2099, 1, 1), "rates_rise_from"),
    ],
)
def test_half_a_clause_is_refused(session, cast, olu, bp, first, field):
    with pytest.raises(Refused) as refused:
        add_lot(
            session,
            actor=olu,
            agreement=a_draft(session, cast),
            facts=replace(ONE, rate_rise_bp=bp, rates_rise_from=first),
        )
    assert [one.field for one in refused.value.refusals] == [field]


def test_without_a_clause_the_refusal_says_that_rates_are_fixed(session, cast, olu):
    fennel = finding.appointment(session, olu, cast.appointment[7, "Fennel Web"]).appointment
    with pytest.raises(Refused) as refused:
        enter(session, olu, fennel, 936, dates.today())
    assert "fixed for the life of the agreement" in str(refused.value)
