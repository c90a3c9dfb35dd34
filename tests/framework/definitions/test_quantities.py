"""Days of work and percentages are read exactly or refused with a sentence."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.definitions.money import days_from_hours
from framework.definitions.quantities import (
    QuantityError,
    days_shown,
    percent_shown,
    quarter_days_in_words,
    quarter_days_shown,
    read_percent,
    read_quarter_days,
)

exact = settings(deadline=None)


@pytest.mark.parametrize(
    ("typed", "quarters"), [("20", 80), (" 2.25 ", 9), ("0.5", 2), ("2.750", 11), ("100000", 400_000)]
)
def test_days_are_read_in_quarters(typed: str, quarters: int) -> None:
    assert read_quarter_days(typed) == quarters


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter a number of days"),
        ("ten", "Enter a number of days"),
        ("-1", "Enter a number of days"),
        ("1e3", "Enter a number of days"),
        ("\uff11", "Enter a number of days"),
        ("9" * 5_000, "Enter a number of days"),
        ("0", "from 0.25"),
        ("100000.25", "from 0.25"),
        ("2.3", "half or quarter days"),
    ],
)
def test_days_that_are_no_quarters_are_refused(typed: str, words: str) -> None:
    with pytest.raises(QuantityError, match=words):
        read_quarter_days(typed)


@exact
@given(st.integers(1, 400_000))
def test_days_read_back_as_they_are_shown(quarters: int) -> None:
    assert read_quarter_days(quarter_days_shown(quarters)) == quarters


def test_days_are_named_in_words() -> None:
    assert [quarter_days_in_words(n) for n in (4, 1, 80, -2)] == [
        "1 day",
        "0.25 days",
        "20 days",
        "-0.5 days",
    ]


def test_t61_exact_days_are_shown_to_four_places() -> None:
    assert days_shown(days_from_hours("37.5", "8")) == "4.6875"
    assert days_shown(days_from_hours("37.5", "7.5")) == "5"
    assert days_shown(Fraction(2, 3)) == "0.6667"
    assert days_shown(Fraction(-20)) == "-20"


@pytest.mark.parametrize(
    ("typed", "basis_points"),
    [("60", 6_000), ("60%", 6_000), ("33.33", 3_333), ("0.5 %", 50), ("0", 0), ("100", 10_000)],
)
def test_a_percentage_is_read_as_basis_points(typed: str, basis_points: int) -> None:
    assert read_percent(typed) == basis_points


@pytest.mark.parametrize(
    "typed", ["", "%", "-1", "100.01", "101", "33.333", "a half", "1e1", "60%%", "\uff16"]
)
def test_what_is_no_percentage_is_refused(typed: str) -> None:
    with pytest.raises(QuantityError, match="Enter a percentage"):
        read_percent(typed)


@exact
@given(st.integers(0, 10_000))
def test_a_percentage_reads_back_as_it_is_shown(basis_points: int) -> None:
    assert read_percent(percent_shown(basis_points)) == basis_points


def test_percentages_are_shown_without_needless_noughts() -> None:
    assert [percent_shown(n) for n in (2_000, 3_333, 50, 10_000, 0, -250)] == [
        "20%", "33.33%", "0.5%", "100%", "0%", "-2.5%",
    ]  # fmt: skip
