"""Terms include both ends, months clamp to their last day, and financial years begin in April."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.definitions import dates
from framework.definitions.dates import NoticePeriod, Term, add_months, last_day_of

exact = settings(deadline=None)
any_day = st.dates(date(1950, 1, 1), date(2150, 12, 31))
some_months = st.integers(-600, 600)


def test_t66_three_months_before_31_may_2027_is_28_february() -> None:
    assert add_months(date(2027, 5, 31), -3) == date(2027, 2, 28)
    assert add_months(date(2028, 5, 31), -3) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_months_are_counted_across_years_and_clamp(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


@exact
@given(any_day, some_months)
def test_a_month_sum_lands_in_the_right_month_and_never_on_a_later_day(day: date, months: int) -> None:
    then = add_months(day, months)
    assert (then.year - day.year) * 12 + then.month - day.month == months
    assert then.day <= day.day
    assert then.day == day.day or (then + timedelta(days=1)).day == 1


@exact
@given(any_day, some_months)
def test_a_later_day_never_lands_earlier(day: date, months: int) -> None:
    assert add_months(day, months) <= add_months(day + timedelta(days=1), months)


@exact
@given(any_day, st.integers(1, 120))
def test_a_term_of_months_holds_that_many_and_not_a_day_more(first: date, months: int) -> None:
    term = Term.of_months(first, months)
    assert term.last == last_day_of(first, months)
    assert term.months == months
    assert Term(first, term.last - timedelta(days=1)).months == months - 1


def test_both_ends_of_a_term_are_inside_it() -> None:
    term = Term(date(2027, 4, 1), date(2028, 3, 31))
    assert term.contains(term.first)
    assert term.contains(term.last)
    assert not term.contains(date(2027, 3, 31))
    assert not term.contains(date(2028, 4, 1))
    assert (term.days, term.months) == (366, 12)
    assert Term(term.first, term.first).days == 1


def test_terms_overlap_when_they_share_a_day_and_cover_when_they_hold_every_one() -> None:
    spring = Term(date(2027, 3, 1), date(2027, 5, 31))
    assert spring.overlaps(Term(date(2027, 5, 31), date(2027, 6, 30)))
    assert not spring.overlaps(Term(date(2027, 6, 1), date(2027, 6, 30)))
    assert spring.covers(Term(date(2027, 3, 1), date(2027, 5, 31)))
    assert not spring.covers(Term(date(2027, 3, 1), date(2027, 6, 1)))


def test_a_term_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Term(date(2027, 4, 2), date(2027, 4, 1))


def test_t70_the_financial_year_turns_on_1_april() -> None:
    assert dates.financial_year(date(2027, 3, 31)) == "2026/27"
    assert dates.financial_year(date(2027, 4, 1)) == "2027/28"
    assert dates.financial_year(date(2099, 12, 31)) == "2099/00"


def test_periods_run_from_april_to_march() -> None:
    months = [date(2026, 4 + n, 30) for n in range(9)] + [date(2027, n, 28) for n in (1, 2, 3)]
    assert [dates.period(day) for day in months] == list(range(1, 13))


def test_a_financial_year_is_a_term_of_twelve_months() -> None:
    assert dates.financial_year_term(date(2027, 3, 31)) == Term(date(2026, 4, 1), date(2027, 3, 31))
    assert dates.first_of_financial_year(date(2027, 4, 1)) == date(2027, 4, 1)


def test_the_months_of_a_term_are_every_month_it_touches() -> None:
    assert list(dates.months_of(Term(date(2026, 11, 30), date(2027, 1, 1)))) == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]


def test_t67_notice_and_decision_days_of_an_option() -> None:
    last_notice = dates.last_notice_day(date(2027, 9, 30), NoticePeriod(weeks=12))
    decide = dates.decide_by(last_notice, lead_days=60)
    assert last_notice == date(2027, 7, 8)
    assert decide == date(2027, 5, 9)
    assert decide.strftime("%A") == "Sunday"
    assert dates.reminder_day(decide) == date(2027, 5, 7)
    assert dates.decide_by(last_notice) == decide


def test_a_reminder_on_a_working_day_stays_and_a_bank_holiday_moves_it_back() -> None:
    assert dates.reminder_day(date(2027, 5, 7)) == date(2027, 5, 7)
    assert dates.reminder_day(date(2027, 3, 29)) == date(2027, 3, 25)  # Easter Monday to Maundy Thursday


@pytest.mark.parametrize(
    ("notice", "day", "words"),
    [
        (NoticePeriod(months=6), date(2027, 2, 28), "6 months"),
        (NoticePeriod(months=1), date(2027, 7, 31), "1 month"),
        (NoticePeriod(weeks=12), date(2027, 6, 8), "12 weeks"),
        (NoticePeriod(days=90), date(2027, 6, 2), "90 days"),
        (NoticePeriod(), date(2027, 8, 31), "no notice"),
    ],
)
def test_notice_is_counted_back_in_its_own_unit(notice: NoticePeriod, day: date, words: str) -> None:
    assert notice.before(date(2027, 8, 31)) == day
    assert str(notice) == words


@pytest.mark.parametrize("lengths", [{"months": -1}, {"months": 1, "days": 2}, {"weeks": 1, "days": 1}])
def test_a_notice_period_has_one_unit_and_no_minus(lengths: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="notice period"):
        NoticePeriod(**lengths)
