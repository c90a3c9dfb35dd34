"""Invoices fall due 30 days from the day they came, that day counted."""

from __future__ import annotations

from datetime import date

import pytest

from framework.definitions.money import Money
from framework.definitions.payments import (
    days_to_pay,
    is_late,
    is_payment_listed,
    payment_band,
    payment_due,
)


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
