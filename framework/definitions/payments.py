"""Paying on time: when an invoice is due, how long it took, and which payments are published."""

from __future__ import annotations

from datetime import date

from framework.definitions.money import Money
from framework.definitions.thresholds import Trigger, amount
from framework.definitions.working_days import period_beginning_with

PAYMENT_DAYS = 30  # Procurement Act 2023 ss.68, 88; PCR 2015 reg 113
PUBLISHED_FROM = date(2026, 4, 1)  # Procurement Act 2023 s.70, as commenced


def payment_due(received: date) -> date:
    """The last day to pay a valid invoice: 30 days beginning with the day it came (RULE-43)."""
    return period_beginning_with(received, PAYMENT_DAYS)


def is_late(received: date, paid: date) -> bool:
    """Whether an invoice was paid after its due day."""
    return paid > payment_due(received)


def days_to_pay(received: date, paid: date) -> int:
    """How many days it took, day 1 being the day after receipt, as the compliance notice counts."""
    return max(0, (paid - received).days)


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
