"""Dates are written as people write them, and read as people type them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.definitions.dates import (
    DateError,
    days_between_in_words,
    in_words,
    moment_in_words,
    read_date,
    read_date_text,
)

exact = settings(deadline=None)


def test_a_date_is_written_out() -> None:
    assert in_words(date(2027, 5, 31)) == "31 May 2027"
    assert in_words(datetime(2027, 5, 31, 23, 30, tzinfo=UTC)) == "1 June 2027"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 6, 3, 13, 5, tzinfo=UTC), "3 June 2026, 2:05pm"),
        (datetime(2026, 12, 3, 13, 5, tzinfo=UTC), "3 December 2026, 1:05pm"),
        (datetime(2026, 12, 3, 0, 0, tzinfo=UTC), "3 December 2026, 12:00am"),
        (datetime(2026, 12, 3, 12, 0, tzinfo=UTC), "3 December 2026, 12:00pm"),
        (datetime(2026, 12, 3, 11, 59, tzinfo=UTC), "3 December 2026, 11:59am"),
        (datetime(2026, 6, 3, 23, 30, tzinfo=UTC), "4 June 2026, 12:30am"),
    ],
)
def test_a_moment_is_written_on_a_london_clock(moment: datetime, words: str) -> None:
    assert moment_in_words(moment) == words


@pytest.mark.parametrize(
    ("later", "words"),
    [(10, "today"), (11, "tomorrow"), (9, "yesterday"), (22, "in 12 days"), (7, "3 days ago")],
)
def test_how_far_off_a_day_is(later: int, words: str) -> None:
    assert days_between_in_words(date(2026, 6, 10), date(2026, 6, later)) == words


@pytest.mark.parametrize("month", ["3", "03", "March", "march", "MAR", "mar.", " 3 "])
def test_a_month_may_be_a_number_or_a_name(month: str) -> None:
    assert read_date("27", month, "2027") == date(2027, 3, 27)


def test_september_has_two_short_names() -> None:
    assert read_date("1", "Sep", "2027") == read_date("1", "Sept", "2027") == date(2027, 9, 1)


@pytest.mark.parametrize(
    ("typed", "sentence", "parts"),
    [
        (("", "", ""), "Enter the start date, like 27 3 2027", ("day", "month", "year")),
        (("27", "", "2027"), "Start date must include a month", ("month",)),
        (("", "3", "2027"), "Start date must include a day", ("day",)),
        (("", " ", "2027"), "Start date must include a day and a month", ("day", "month")),
        (("27", "3", ""), "Start date must include a year", ("year",)),
        (("31", "2", "2027"), "Start date must be a real date", ("day", "month", "year")),
        (("29", "2", "2027"), "Start date must be a real date", ("day", "month", "year")),
        (("0", "2", "2027"), "Start date must be a real date", ("day", "month", "year")),
        (("27", "13", "2027"), "Start date must have a real month, like 3 or March", ("month",)),
        (("27", "ma", "2027"), "Start date must have a real month, like 3 or March", ("month",)),
        (("27", "3", "27"), "Start date must have a year with 4 numbers, like 2027", ("year",)),
        (
            ("27", "3", "\uff12\uff10\uff12\uff17"),
            "Start date must have a year with 4 numbers, like 2027",
            ("year",),
        ),
        (("27", "3", "9999"), "Start date must be between 1900 and 2199", ("year",)),
        (("x", "3", "2027"), "Start date must have a day in numbers, like 27", ("day",)),
        (("-1", "3", "2027"), "Start date must have a day in numbers, like 27", ("day",)),
    ],
)
def test_a_date_that_is_missing_or_wrong_says_which_part(
    typed: tuple[str, str, str], sentence: str, parts: tuple[str, ...]
) -> None:
    with pytest.raises(DateError) as refused:
        read_date(*typed, name="Start date")
    assert (str(refused.value), refused.value.parts) == (sentence, parts)


@pytest.mark.parametrize(
    "text",
    ["03/06/2026", "3/6/2026", "2026-06-03", " 3 June 2026 ", "3-6-2026", "03.06.2026", "3 jun 2026"],
)
def test_one_piece_of_text_is_read_day_first_or_iso(text: str) -> None:
    assert read_date_text(text) == date(2026, 6, 3)


@pytest.mark.parametrize(
    "text", ["", "soon", "06/2026", "3/6/26", "2026/06/03", "31/02/2026", "2026-13-01", "45000"]
)
def test_text_that_is_no_date_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(DateError, match=r"^(Enter the end date|End date must)"):
        read_date_text(text, name="End date")


@exact
@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_date_reads_back_from_each_way_of_writing_it(day: date) -> None:
    assert read_date_text(in_words(day)) == day
    assert read_date_text(day.isoformat()) == day
    assert read_date_text(f"{day:%d/%m/%Y}") == day
    assert read_date(str(day.day), str(day.month), f"{day.year:04}") == day


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_any_three_texts_are_a_date_or_a_sentence(day: str, month: str, year: str) -> None:
    def answer() -> date | str:
        try:
            return read_date(day, month, year)
        except DateError as refused:
            return refused.sentence

    assert answer()
