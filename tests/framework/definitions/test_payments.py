"""Invoices fall due 30 days from the day they came, that day counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.definitions.money import Money
from framework.definitions.payments import (
    ClockTone,
    clock_day,
    clock_tone,
    days_to_pay,
    half_year_of,
    is_late,
    is_payment_listed,
    payment_band,
    payment_due,
    quarter_of,
    stopped_days,
)
from framework.definitions.terms import Term


def test_t28_an_invoice_of_31_january_is_due_on_1_march_or_29_february_in_a_leap_year() -> None:
    assert payment_due(date(2027, 1, 31)) == date(2027, 3, 1)
    assert payment_due(date(2028, 1, 31)) == date(2028, 2, 29)


def test_t29_paid_on_the_thirtieth_day_after_it_came_is_late_yet_in_the_first_band() -> None:
    received, paid = date(2027, 3, 1), date(2027, 3, 31)
    assert payment_due(received) == date(2027, 3, 30)
    assert is_late(received, paid)
    assert not is_late(received, date(2027, 3, 30))
    assert days_to_pay(received, paid) == 30
    assert payment_band(days_to_pay(received, paid)) == "1 to 30 days"


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, "1 to 30 days"), (31, "31 to 60 days"), (60, "31 to 60 days"), (61, "61 days or more")],
)
def test_the_bands_of_the_compliance_notice(days: int, band: str) -> None:
    assert payment_band(days) == band


def test_t32_a_payment_is_listed_only_over_thirty_thousand() -> None:
    assert not is_payment_listed(Money.pounds("30,000.00"), date(2026, 5, 1))
    assert is_payment_listed(Money.pounds("30,000.01"), date(2026, 5, 1))


def test_t33_a_payment_of_an_older_procurement_is_not_listed() -> None:
    assert not is_payment_listed(Money.pounds("50,000"), date(2026, 3, 31))
    assert is_payment_listed(Money.pounds("50,000"), date(2026, 4, 1))


def test_a_dispute_stops_the_clock_from_the_day_after_it_to_the_day_it_is_resolved() -> None:
    stops = [(date(2027, 2, 5), date(2027, 2, 9)), (date(2027, 2, 20), None)]
    assert stopped_days(stops, date(2027, 2, 5)) == 0
    assert stopped_days(stops, date(2027, 2, 9)) == 4
    assert stopped_days(stops, date(2027, 2, 21)) == 5
    assert payment_due(date(2027, 1, 31), 4) == date(2027, 3, 5)


@given(
    received=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    gaps=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5),
)
def test_the_due_day_moves_by_as_many_days_as_nobody_could_have_paid(
    received: date, gaps: list[tuple[int, int]]
) -> None:
    day, stops = received, []
    for before, stands in gaps:
        opened = day + timedelta(days=before)
        day = opened + timedelta(days=stands)
        stops.append((opened, day))
    still = {one + timedelta(days=n) for one, end in stops for n in range(1, (end - one).days + 1)}
    stood = stopped_days(stops, day)
    assert stood == len(still)
    assert payment_due(received, stood) - payment_due(received) == timedelta(days=len(still))
    # Of the days from receipt to the due day, exactly thirty run when every dispute lies before the due day.
    due = payment_due(received, stopped_days(stops, day))
    if day <= due:
        running = [n for n in range((due - received).days + 1) if received + timedelta(days=n) not in still]
        assert len(running) == 30


@pytest.mark.parametrize(
    ("day", "tone"),
    [
        (18, ClockTone.RUNNING),
        (19, ClockTone.WARN),
        (28, ClockTone.WARN),
        (29, ClockTone.RED),
        (35, ClockTone.RED),
    ],
)
def test_an_invoice_is_warned_of_from_day_20_and_red_from_day_30(day: int, tone: ClockTone) -> None:
    received = date(2027, 3, 1)
    on = received + timedelta(days=day)
    assert clock_day(payment_due(received), on) == day + 1
    assert clock_tone(payment_due(received), on) is tone


def test_half_years_end_in_september_and_march_and_the_first_published_one_is_shorter() -> None:
    assert half_year_of(date(2026, 2, 1)) == Term(date(2026, 1, 1), date(2026, 3, 31))
    assert half_year_of(date(2026, 3, 31)).first == date(2026, 1, 1)
    assert half_year_of(date(2025, 12, 31)) == Term(date(2025, 10, 1), date(2025, 12, 31))
    assert half_year_of(date(2026, 4, 1)) == Term(date(2026, 4, 1), date(2026, 9, 30))
    assert half_year_of(date(2027, 3, 31)) == Term(date(2026, 10, 1), date(2027, 3, 31))
    assert quarter_of(date(2027, 2, 28)) == Term(date(2027, 1, 1), date(2027, 3, 31))
