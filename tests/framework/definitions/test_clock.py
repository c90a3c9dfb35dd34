"""One clock, held in one place, and read in London."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from framework.definitions import dates
from framework.definitions.dates import London


@pytest.fixture(autouse=True)
def clock() -> None:
    """Elsewhere the tests hold the clock; here it is what is tested."""


def test_the_clock_says_now_in_utc_and_moves_on() -> None:
    first = dates.now()
    assert first.tzinfo is UTC
    while dates.now() == first:
        pass
    assert dates.now() > first


def test_a_held_clock_stands_still_and_is_let_go() -> None:
    moment = datetime(2026, 6, 3, 13, 5, tzinfo=UTC)
    with dates.at(moment):
        assert dates.now() == dates.now() == moment
    assert dates.now() > moment


def test_holds_may_be_nested_and_are_let_go_even_after_a_failure() -> None:
    with dates.on(date(2023, 5, 31)):
        with dates.on(date(2025, 5, 31)):
            assert dates.today() == date(2025, 5, 31)
        with pytest.raises(KeyError), dates.on(date(2026, 5, 31)):
            raise KeyError
        assert dates.today() == date(2023, 5, 31)


def test_a_held_day_is_noon_in_london_in_summer_and_winter() -> None:
    with dates.on(date(2026, 7, 1)):
        assert dates.now() == datetime(2026, 7, 1, 11, tzinfo=UTC)
    with dates.at(date(2026, 12, 1)):
        assert dates.now() == datetime(2026, 12, 1, 12, tzinfo=UTC)


def test_a_server_on_another_thread_stands_at_the_same_moment() -> None:
    seen: list[date] = []
    with dates.on(date(2023, 6, 1)):
        other = threading.Thread(target=lambda: seen.append(dates.today()))
        other.start()
        other.join()
    assert seen == [date(2023, 6, 1)]


def test_the_clock_is_not_held_at_a_moment_without_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"), dates.at(datetime(2026, 6, 3)):
        pass
    with pytest.raises(ValueError, match="time zone"):
        dates.as_london(datetime(2026, 6, 3))


def test_today_changes_at_midnight_in_london_not_in_utc() -> None:
    with dates.at(datetime(2023, 5, 31, 22, 59, 59, tzinfo=UTC)):
        assert dates.today() == date(2023, 5, 31)
    with dates.at(datetime(2023, 5, 31, 23, 0, tzinfo=UTC)):
        assert dates.today() == date(2023, 6, 1)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 3), 24)],
)
def test_a_london_day_is_as_long_as_the_clock_change_makes_it(day: date, hours: int) -> None:
    microsecond = timedelta(microseconds=1)
    assert dates.end_of(day) - dates.start_of(day) == timedelta(hours=hours) - microsecond
    assert dates.end_of(day) + microsecond == dates.start_of(day + timedelta(days=1))
    assert dates.as_london(dates.start_of(day)).date() == dates.as_london(dates.end_of(day)).date() == day
    assert dates.start_of(day).tzinfo is UTC


def test_london_keeps_summer_time() -> None:
    assert datetime(2026, 6, 3, tzinfo=London).utcoffset() == timedelta(hours=1)
