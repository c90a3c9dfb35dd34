"""One value of a table on a page, in a CSV and in a workbook: the same fact three times."""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

from calloffs.tables.fact_table import Column, Kind, Value
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.quantities import percent_shown
from framework.records.csv_text import safe

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,/-][0-9]+)*")
RIGHT = frozenset({Kind.MONEY, Kind.COUNT, Kind.SHARE})
"""Kinds that stand to the right of their cells."""


def printable(text: str) -> str:
    """Text without the characters that no file of figures can hold; tabs and line ends stay."""
    return text if text.isprintable() else _CONTROL.sub("", text)


def shown(column: Column, value: Value) -> str:
    """A value as a page shows it."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, datetime):
        return dates.moment_in_words(value)
    if isinstance(value, date):
        return dates.in_words(value)
    if isinstance(value, int):
        return percent_shown(value) if column.kind is Kind.SHARE else f"{value:,}"
    return value


def heading(column: Column) -> str:
    """A column's heading in a file, with the basis of its figures: "Paid (including VAT)"."""
    said = basis_of(column)
    return f"{column.heading} ({said})" if said else column.heading


def basis_of(column: Column) -> str:
    """The basis of a column's figures, blank where its heading says it already."""
    return "" if column.basis.lower() in column.heading.lower() else column.basis


# In a CSV: what is written often (names, references, days) is worked out once.

_REMEMBERED = 1024
_remember = lru_cache(maxsize=_REMEMBERED)


@_remember
def _text(value: Value) -> str:
    return "" if value is None else safe(printable(str(value)))


@_remember
def _code(value: Value) -> str:
    # A number with a sign before it is no formula that could do anything, and an apostrophe would spoil it for whoever matches by it.
    text = "" if value is None else printable(str(value))
    return text if _NUMBER.fullmatch(text) else safe(text)


def _money(value: Value) -> str:
    return value.plain if type(value) is Money else _text(value)


@_remember
def _day(value: Value) -> str:
    return value.isoformat() if isinstance(value, date) else _text(value)


def _moment(value: Value) -> str:
    if isinstance(value, datetime):
        return dates.as_london(value).isoformat(timespec="seconds")
    return _text(value)


def _whole(value: Value) -> str:
    return str(value) if isinstance(value, int) else _text(value)


@_remember
def _share(value: Value) -> str:
    return percent_shown(value).removesuffix("%") if isinstance(value, int) else _text(value)


WRITERS: dict[Kind, Callable[[Value], str]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.MONEY: _money,
    Kind.DAY: _day,
    Kind.MOMENT: _moment,
    Kind.COUNT: _whole,
    Kind.SHARE: _share,
}
"""How a value of each kind stands in a CSV: plain amounts, ISO days, percentages without their sign, text that is no formula."""
