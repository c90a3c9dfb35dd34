"""Which law an agreement lives under, and how long that law lets it run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.definitions.regime import (
    Regime,
    check_term,
    last_day_with_options,
    latest_last_day,
    needs_reason_for_length,
    open_framework_windows,
    regime_for,
    warn_from,
)

PA, PCR = Regime.PA2023, Regime.PCR2015


def test_the_regime_turns_on_24_february_2025() -> None:
    assert regime_for(date(2025, 2, 23)) is PCR
    assert regime_for(date(2025, 2, 24)) is PA


def test_each_regime_has_its_own_words() -> None:
    assert PA.label == "Procurement Act 2023"
    assert PCR.label == "Public Contracts Regulations 2015"
    assert PCR.direct_award_label == "Direct award"
    assert PA.competition_label == "Competitive selection process"
    for words in ("label", "direct_award_label", "competition_label", "longer_term_label"):
        assert getattr(PA, words) != getattr(PCR, words)


@pytest.mark.parametrize(
    ("oracle", "regime", "first", "last", "options"),
    [
        ("T-01", PA, date(2027, 3, 1), date(2031, 2, 28), []),
        ("T-03", PCR, date(2024, 12, 1), date(2028, 11, 30), []),
        ("2+1+1 years", PA, date(2027, 4, 1), date(2029, 3, 31), [12, 12]),
        ("a leap day", PA, date(2028, 2, 29), date(2032, 2, 28), []),
    ],
)
def test_a_term_of_exactly_four_years_passes(
    oracle: str, regime: Regime, first: date, last: date, options: Sequence[int]
) -> None:
    assert last_day_with_options(last, options) == latest_last_day(first), oracle
    assert check_term(regime, first, last, options, None) == []


def test_t02_a_day_over_four_years_needs_a_reason() -> None:
    (refusal,) = check_term(PA, date(2027, 3, 1), date(2031, 3, 1), [], None)
    assert (refusal.field, refusal.rule) == ("reason", "RULE-05")
    assert refusal.sentence == (
        "This agreement would run to 1 March 2031. It may run for 4 years, to 28 February 2031, "
        "unless you give the reason for a longer term"
    )
    assert check_term(PA, date(2027, 3, 1), date(2031, 3, 1), [], "   ") == [refusal]
    assert check_term(PA, date(2027, 3, 1), date(2031, 3, 1), [], "Capital works take 6 years") == []
    assert needs_reason_for_length(PA, date(2027, 3, 1), date(2031, 3, 1))


def test_t04_options_count_in_the_term() -> None:
    (refusal,) = check_term(PA, date(2027, 4, 1), date(2029, 3, 31), [24, 12], None)
    assert "would run to 31 March 2032 if every option is used" in refusal.sentence
    assert "to 31 March 2031" in refusal.sentence


def test_light_touch_and_open_frameworks_have_no_four_year_limit_under_the_act() -> None:
    first, last = date(2027, 4, 1), date(2035, 3, 31)
    assert check_term(PA, first, last, light_touch=True) == []
    assert check_term(PA, first, last, open_framework=True) == []
    assert check_term(PA, first, last) != []


def test_the_old_regulations_know_no_open_framework_and_keep_the_limit() -> None:
    (refusal,) = check_term(PCR, date(2024, 4, 1), date(2026, 3, 31), open_framework=True)
    assert refusal.field == "open_framework"
    assert check_term(PCR, date(2024, 4, 1), date(2029, 3, 31), light_touch=True) != []


def test_a_term_that_ends_first_or_has_an_empty_option_is_refused() -> None:
    (backwards,) = check_term(PA, date(2027, 4, 1), date(2027, 3, 31))
    (empty,) = check_term(PA, date(2027, 4, 1), date(2028, 3, 31), [12, 0])
    assert (backwards.field, empty.field) == ("last", "options_months")


@settings(deadline=None)
@given(st.dates(date(2015, 1, 1), date(2090, 1, 1)), st.lists(st.integers(1, 12), max_size=4))
def test_the_day_after_the_longest_term_is_always_one_too_many(first: date, options: list[int]) -> None:
    assert check_term(PA, first, latest_last_day(first)) == []
    assert check_term(PA, first, latest_last_day(first) + timedelta(days=1)) != []
    assert bool(check_term(PA, first, latest_last_day(first), options)) is bool(options)


def test_t05_windows_of_an_open_framework() -> None:
    windows = open_framework_windows(date(2026, 4, 1))
    assert windows.second_award_by == date(2029, 3, 31)
    assert windows.ends_by == date(2034, 3, 31)
    assert windows.next_award_by(date(2028, 4, 1)) == date(2033, 3, 31)
    assert windows.next_award_by(date(2029, 3, 31)) == date(2034, 3, 30)
    assert windows.next_award_by(date(2030, 4, 1)) == windows.ends_by
    assert warn_from(windows.ends_by) == date(2033, 3, 31)


def test_t06_an_open_framework_with_one_supplier_ends_after_four_years() -> None:
    windows = open_framework_windows(date(2026, 4, 1), single_supplier=True)
    assert (windows.second_award_by, windows.ends_by) == (None, date(2030, 3, 31))
