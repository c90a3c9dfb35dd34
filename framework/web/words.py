"""How days, moments and amounts are written on a page."""

from datetime import date, datetime

from flask import Flask

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.quantities import quarter_days_in_words


def money(pence: int | Money | None, missing: str = "Not published") -> str:
    """An amount in pounds and pence; `missing` where there is none."""
    if pence is None:
        return missing
    return str(pence if isinstance(pence, Money) else Money(pence))


def day(value: date | None, missing: str = "Not set") -> str:
    """A day as a person writes it: 31 May 2027."""
    return dates.in_words(value) if value else missing


def moment(value: datetime | None, missing: str = "Not yet") -> str:
    """A moment in London: 3 June 2026, 2:05pm."""
    return dates.moment_in_words(value) if value else missing


def days(quarter_days: int) -> str:
    """Quarter days as days of work: 10 is 2.5 days."""
    return quarter_days_in_words(quarter_days)


def percent(basis_points: int | None) -> str:
    """Basis points as a percentage: 2000 is 20%."""
    if basis_points is None:
        return "None"
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".") + "%" if rest else f"{whole}%"


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 lot, 7 lots."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def add_words(app: Flask) -> None:
    """Give templates these filters, and the time at which the page was made."""
    app.jinja_env.filters.update(money=money, day=day, days=days, moment=moment, percent=percent)
    app.jinja_env.globals.update(count=count)
    app.context_processor(lambda: {"as_at": dates.now(), "today": dates.today()})
