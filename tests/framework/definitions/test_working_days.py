"""Working days are days when every part of the UK is at work."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.definitions import dates
from framework.definitions.working_days import add_working_days, is_working_day, standstill_ends

ELSEWHERE = Path(__file__).parents[4] / "shared" / "data" / "bank-holidays-uk-2024-2030.json"
exact = settings(deadline=None)
any_day = st.dates(date(2024, 1, 1), date(2030, 11, 30))

# Weekday bank holidays of 2026 and 2027 in any of the four nations (gov.uk; the proclamation for 15 June 2026).
KNOWN = {
    2026: "01-01 01-02 03-17 04-03 04-06 05-04 05-25 06-15 07-13 08-03 08-31 11-30 12-25 12-28",
    2027: "01-01 01-04 03-17 03-26 03-29 05-03 05-31 07-12 08-02 08-30 11-30 12-27 12-28",
}


@pytest.mark.parametrize("year", KNOWN)
def test_the_bank_holidays_of_all_four_nations_count(year: int) -> None:
    found = {f"{day:%m-%d}" for day in dates.bank_holidays(year) if day.weekday() < 5}
    assert found == set(KNOWN[year].split())


@pytest.mark.skipif(not ELSEWHERE.exists(), reason="the list of other years is not beside this checkout")
def test_the_bank_holidays_agree_with_a_list_made_elsewhere() -> None:
    theirs = set(json.loads(ELSEWHERE.read_text("utf-8"))["uk_non_working"])
    ours = {
        day.isoformat()
        for year in range(2024, 2031)
        for day in dates.bank_holidays(year)
        if day.weekday() < 5
    }
    assert ours == theirs


@pytest.mark.parametrize(
    ("day", "at_work"),
    [
        (date(2026, 6, 12), True),
        (date(2026, 6, 13), False),
        (date(2026, 6, 14), False),
        (date(2026, 6, 15), False),  # Scotland alone, once
        (date(2026, 6, 16), True),
        (date(2026, 3, 17), False),  # Northern Ireland alone
        (date(2026, 1, 2), False),  # Scotland alone
        (date(2022, 9, 19), False),  # the whole UK, once
    ],
)
def test_a_day_off_anywhere_in_the_uk_is_no_working_day(day: date, at_work: bool) -> None:
    assert is_working_day(day) is at_work


def test_a_one_off_day_counts_even_when_only_our_own_table_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from framework.definitions import working_days

    monkeypatch.setattr(working_days, "_one_offs", lambda: frozenset({date(2026, 10, 6)}))
    assert date(2026, 10, 6) in working_days.bank_holidays.__wrapped__(2026)
    assert date(2026, 10, 6) not in working_days.bank_holidays.__wrapped__(2027)


def test_every_one_off_in_our_table_is_no_working_day() -> None:
    from framework.definitions import working_days

    days = working_days._one_offs()
    assert date(2026, 6, 15) in days
    assert not any(is_working_day(day) for day in days)


@pytest.mark.parametrize(
    ("oracle", "published", "ends"),
    [
        ("T-19", date(2026, 6, 1), date(2026, 6, 10)),
        ("T-20", date(2026, 6, 8), date(2026, 6, 18)),
        ("T-21", date(2026, 6, 6), date(2026, 6, 18)),
        ("T-22", date(2026, 7, 6), date(2026, 7, 16)),
        ("T-23", date(2026, 11, 23), date(2026, 12, 3)),
        ("T-24", date(2026, 12, 21), date(2027, 1, 5)),
    ],
)
def test_a_standstill_is_eight_working_days_with_the_day_of_publication(
    oracle: str, published: date, ends: date
) -> None:
    assert standstill_ends(published) == ends, oracle


def test_t19_signing_may_follow_on_the_day_after_the_standstill() -> None:
    assert dates.earliest_signing(date(2026, 6, 1)) == date(2026, 6, 11)


def test_two_working_days_from_maundy_thursday_is_the_wednesday_after_easter() -> None:
    assert add_working_days(date(2027, 3, 25), 2) == date(2027, 3, 31)
    # 11:59pm in London is 10:59pm in UTC: the clocks went forward on Easter Sunday.
    assert dates.deadline(date(2027, 3, 25), 2) == datetime(2027, 3, 31, 22, 59, 59, 999_999, tzinfo=UTC)
    assert dates.moment_in_words(dates.deadline(date(2027, 3, 25), 2)) == "31 March 2027, 11:59pm"


def test_a_deadline_set_on_a_day_off_counts_from_the_next_working_day() -> None:
    assert add_working_days(date(2027, 5, 8), 1) == date(2027, 5, 10)  # set on a Saturday
    assert add_working_days(date(2027, 5, 8), 0) == date(2027, 5, 8)
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(date(2027, 5, 8), -1)


@exact
@given(any_day, st.integers(1, 15))
def test_working_days_lie_between_exactly_as_many_as_were_counted(day: date, count: int) -> None:
    end = add_working_days(day, count)
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert is_working_day(end)
    assert sum(map(is_working_day, between)) == count


@exact
@given(any_day, st.integers(0, 15))
def test_a_later_start_or_a_longer_count_never_ends_earlier(day: date, count: int) -> None:
    assert add_working_days(day, count) <= add_working_days(day + timedelta(days=1), count)
    assert add_working_days(day, count) < add_working_days(day, count + 1)


@exact
@given(any_day)
def test_the_working_day_before_and_the_next_one_meet(day: date) -> None:
    before = dates.working_day_before(day)
    assert before < day <= dates.next_working_day(before)
    assert is_working_day(before)


def test_a_statutory_period_counts_the_day_it_begins_with() -> None:
    assert dates.period_beginning_with(date(2026, 6, 10), 30) == date(2026, 7, 9)
    assert dates.period_beginning_with(date(2026, 6, 10), 1) == date(2026, 6, 10)
    with pytest.raises(ValueError, match="at least one day"):
        dates.period_beginning_with(date(2026, 6, 10), 0)
