"""Shares on the running total: the pence add up whatever the order and the number of postings."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from calloffs.sharing.splitting import Version, in_force, split, split_by
from framework.definitions.money import Money
from framework.definitions.periods import period_of

LEAD, OTHER, THIRD = 1, 2, 3
FIRST = date(2022, 4, 1)
SIXTY = Version(date(2022, 6, 1), ((LEAD, 6_000), (OTHER, 4_000)))
THIRDS = Version(date(2022, 9, 15), ((LEAD, 3_334), (OTHER, 3_333), (THIRD, 3_333)))

moves = st.lists(
    st.tuples(
        st.integers(0, 364).map(lambda days: FIRST + timedelta(days=days)), st.integers(-(10**9), 10**9)
    ),
    max_size=30,
)


def monthly(day):
    return period_of("months", day).first_day


@given(moves, st.randoms())
def test_the_pence_add_up_and_neither_order_nor_number_of_postings_matters(found, shuffle):
    versions = [SIXTY, THIRDS]
    parts = split(versions, LEAD, found)
    assert sum(parts.values(), Money.zero()).pence == sum(pence for _, pence in found)
    mixed = [(day, part) for day, pence in found for part in (pence // 3, pence - pence // 3)]
    shuffle.shuffle(mixed)
    assert split(versions, LEAD, mixed) == parts


@given(moves)
def test_periods_add_up_to_the_whole_of_each_authority_and_each_period_to_what_moved_in_it(found):
    versions = [SIXTY, THIRDS]
    by_period = split_by(versions, LEAD, found, monthly)
    whole: dict[int, Money] = {}
    for period, row in by_period.items():
        moved = sum(pence for day, pence in found if monthly(day) == period)
        assert sum(row.values(), Money.zero()).pence == moved
        for authority, amount in row.items():
            whole[authority] = whole.get(authority, Money.zero()) + amount
    assert whole == split(versions, LEAD, found)


def test_the_odd_penny_stays_with_the_buying_authority():
    assert split([SIXTY], LEAD, [(date(2022, 6, 1), 101)]) == {LEAD: Money(61), OTHER: Money(40)}
    three = split([THIRDS], LEAD, [(date(2022, 9, 15), 100)])
    assert three == {LEAD: Money(34), OTHER: Money(33), THIRD: Money(33)}


def test_money_of_before_the_first_day_is_the_buying_authoritys_alone():
    assert in_force([SIXTY], LEAD, date(2022, 5, 31)) == ((LEAD, 10_000),)
    assert in_force([SIXTY, THIRDS], LEAD, date(2022, 9, 15)) == THIRDS.shares
    assert split([SIXTY], LEAD, [(date(2022, 5, 31), 100)]) == {LEAD: Money(100)}


def test_a_version_of_the_same_day_takes_the_place_of_the_one_before():
    half = Version(SIXTY.from_on, ((LEAD, 5_000), (OTHER, 5_000)))
    assert split([SIXTY, half], LEAD, [(date(2022, 6, 1), 100)]) == {LEAD: Money(50), OTHER: Money(50)}
