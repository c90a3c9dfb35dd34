"""Paying on time: when an invoice is due, how long it took, and which payments are published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from framework.definitions.money import Money
from framework.definitions.terms import Term, add_months, first_of_financial_year
from framework.definitions.thresholds import Trigger, amount
from framework.definitions.working_days import period_beginning_with

PAYMENT_DAYS = 30  # Procurement Act 2023 ss.68, 88; PCR 2015 reg 113
WARN_FROM_DAY = 20
PUBLISHED_FROM = date(2026, 4, 1)  # Procurement Act 2023 s.70, as commenced
COMPLIANCE_FROM = date(2026, 1, 1)  # the first day of the first compliance period (CN4)
HALF_YEAR, QUARTER = 6, 3

Stop = tuple[date, date | None]
"""The day a dispute was opened and the day it was resolved (None while it stands), both London days."""


class ClockTone(StrEnum):
    """How near an unpaid invoice is to its last day: warned of from day 20, red from day 30 (RULE-43)."""

    RUNNING = "running"
    WARN = "warn"
    RED = "red"


def stopped_days(stops: Iterable[Stop], until: date) -> int:
    """For how many days, up to and including `until`, disputes stopped the clock (RULE-44).

    The clock stands from the day after a dispute is opened to the day on which it is resolved, that day included.
    """
    return sum(max(0, (min(until, resolved or until) - opened).days) for opened, resolved in stops)


def payment_due(received: date, stopped: int = 0) -> date:
    """The last day to pay a valid invoice: 30 days beginning with the day it came (RULE-43), and the days its clock stood."""
    return period_beginning_with(received, PAYMENT_DAYS) + timedelta(days=stopped)


def is_late(received: date, paid: date, stopped: int = 0) -> bool:
    """Whether an invoice was paid after its due day."""
    return paid > payment_due(received, stopped)


def clock_day(due: date, on: date) -> int:
    """Which day of the 30 a day is; the day of receipt is day 1 and the due day is day 30. Above 30 it is late."""
    return PAYMENT_DAYS - (due - on).days


def clock_tone(due: date, on: date) -> ClockTone:
    """Whether an unpaid invoice is warned of, or red."""
    day = clock_day(due, on)
    if day >= PAYMENT_DAYS:
        return ClockTone.RED
    return ClockTone.WARN if day >= WARN_FROM_DAY else ClockTone.RUNNING


def days_to_pay(received: date, paid: date, stopped: int = 0) -> int:
    """How many days it took, day 1 being the day after receipt, as the compliance notice counts; disputed days left out."""
    return max(0, (paid - received).days - stopped)


def half_year_of(day: date) -> Term:
    """The half-year of the compliance notice in which a day falls: to 30 September or to 31 March (RULE-46).

    The first that is published runs from 1 January to 31 March 2026; the three months before it stand by themselves.
    """
    found = _part_of_year(day, HALF_YEAR)
    if not found.first < COMPLIANCE_FROM <= found.last:
        return found
    if day < COMPLIANCE_FROM:
        return Term(found.first, COMPLIANCE_FROM - timedelta(days=1))
    return Term(COMPLIANCE_FROM, found.last)


def quarter_of(day: date) -> Term:
    """The quarter in which a day falls; quarters begin on the first of April, July, October and January."""
    return _part_of_year(day, QUARTER)


def _part_of_year(day: date, months: int) -> Term:
    first = first_of_financial_year(day)
    while not (part := Term.of_months(first, months)).contains(day):
        first = add_months(first, months)
    return part


def payment_band(days: int) -> str:
    """The compliance notice's band (RULE-46); it counts a day later than the law's own due day."""
    if days <= 30:
        return "1 to 30 days"
    return "31 to 60 days" if days <= 60 else "61 days or more"


def is_payment_listed(gross: Money, commenced: date) -> bool:
    """Whether one payment, including VAT, is published each quarter: strictly over £30,000 (RULE-47).

    `commenced` is the day the contract's procurement commenced; smaller payments are not added up.
    """
    return commenced >= PUBLISHED_FROM and gross > amount(Trigger.PUBLISHED_PAYMENT)
