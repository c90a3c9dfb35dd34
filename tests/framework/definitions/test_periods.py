"""Period tables are data (RULE-93): every day of a year is in one period, and the ends are where a council's own files put them."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from framework.definitions.periods import calendars, period_of, periods_of
from framework.definitions.terms import financial_year_term

YEARS = [date(year, 4, 1) for year in (2014, 2015, 2019, 2023, 2027, 2040, 2041, 1999)]


@pytest.mark.parametrize("calendar", list(calendars()))
@pytest.mark.parametrize("first", YEARS, ids=lambda one: str(one.year))
def test_every_day_of_a_year_is_in_one_period_whether_or_not_the_table_lists_the_year(calendar, first):
    term, found = financial_year_term(first), periods_of(calendar, first)
    assert (found[0].first_day, found[-1].last_day) == (term.first, term.last)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    for before, after in pairwise(found):
        assert after.first_day == before.last_day + timedelta(days=1)
    assert all(
        period_of(calendar, day) == one
        for one in found
        for day in (one.first_day, one.first_day + timedelta(days=9), one.last_day)
    )
    assert {one.year for one in found} == {f"{first.year}/{(first.year + 1) % 100:02}"}


def test_t_70_a_payment_of_31_march_2027_is_in_the_last_period_and_one_of_1_april_in_the_first():
    for calendar, last in (("months", 12), ("four_weeks", 13)):
        assert period_of(calendar, date(2027, 3, 31)).name == f"period {last} of 2026/27"
        assert period_of(calendar, date(2027, 4, 1)).name == "period 1 of 2027/28"


def test_rule_93_period_5_of_2019_20_holds_what_a_council_of_thirteen_periods_published_under_it():
    first, last = (period_of("four_weeks", day) for day in (date(2019, 7, 22), date(2019, 8, 16)))
    assert first == last
    assert (first.number, first.year) == (5, "2019/20")
    assert period_of("four_weeks", first.first_day - timedelta(days=1)).number == 4
    assert period_of("four_weeks", first.last_day + timedelta(days=1)).number == 6


def test_rule_93_thirteen_periods_of_four_weeks_but_for_the_first_and_the_last():
    for one in periods_of("four_weeks", date(2026, 6, 1))[1:-1]:
        assert (one.last_day - one.first_day).days == 27
    assert len(periods_of("four_weeks", date(2026, 6, 1))) == 13


def test_a_leap_year_has_its_day_in_february():
    assert period_of("months", date(2024, 2, 29)).last_day == date(2024, 2, 29)
    assert period_of("months", date(2023, 2, 28)).last_day == date(2023, 2, 28)
    assert period_of("four_weeks", date(2032, 2, 29)).number == 13


def test_an_unlisted_year_is_taken_by_months_and_an_unknown_calendar_is_refused():
    assert period_of("four_weeks", date(2041, 5, 31)).last_day == date(2041, 5, 31)
    with pytest.raises(ValueError, match="no calendar"):
        period_of("weeks", date(2026, 4, 1))
