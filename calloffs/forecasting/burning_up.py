"""The burn-up of a ceiling as rows: each month so far and, where something is forecast, the months ahead. The picture draws the same."""

from dataclasses import dataclass
from datetime import date

from calloffs.forecasting.finding import Ceiling
from calloffs.forecasting.forecast import path
from framework.definitions.dates import add_months, last_day_of
from framework.definitions.money import Money


@dataclass(frozen=True, slots=True)
class SoFar:
    """One month up to today: what was committed less what was released in it, and all until its last day (or today)."""

    month: date
    until: date
    committed: Money
    total: Money


@dataclass(frozen=True, slots=True)
class Ahead:
    """The end of a month to come: what is used by then, reserved included, at the slow and at the fast rate."""

    until: date
    slow: Money
    fast: Money


def so_far(ceiling: Ceiling) -> list[SoFar]:
    """Every month from the first in which anything moved until today's or the agreement's last, quiet ones too."""
    sums = dict(ceiling.months)
    moved = [month for month, amount in ceiling.months if amount.pence]
    if not moved:
        return []
    today = ceiling.forecast.today
    # Something may still be released after the last day, and counts in its own month.
    end = max(min(today, ceiling.forecast.last_day).replace(day=1), max(moved))
    month, total, found = min(moved), Money.zero(), []
    while month <= end:
        total = total + sums.get(month, Money.zero())
        found.append(SoFar(month, min(last_day_of(month, 1), today), sums.get(month, Money.zero()), total))
        month = add_months(month, 1)
    return found


def ahead(ceiling: Ceiling) -> list[Ahead]:
    """From today on; empty where nothing is forecast."""
    return [Ahead(*one) for one in path(ceiling.forecast)]
