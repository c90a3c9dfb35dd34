"""What was asked of a table, as its address says it: filters known by name, days that are days, nothing else."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from calloffs.tables.every_fact_table import TABLES
from calloffs.tables.fact_table import Asking, FactTable, Filter
from framework.definitions import dates
from framework.definitions.dates import DateError, read_date_text
from framework.definitions.rules import NotFound, refuse
from framework.people.permissions import Permission, Visitor

NOT_YET = "The day must be today or in the past: what is posted later is not known yet"
"""Said of figures that were asked for as at a day to come."""
_LONGEST = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NOT_FILTERS = frozenset({"after"})


def table_for(visitor: Visitor, key: str) -> FactTable:
    """The table of this key, for whoever may read spend and holds its permission. Raises `NotFound`."""
    found = next((one for one in TABLES if one.key == key), None)
    if found is None or not visitor.may(Permission.SPEND_READ) or not visitor.may(found.permission):
        raise NotFound
    return found


def tables_for(visitor: Visitor) -> list[FactTable]:
    """Every table that lists may show to this visitor, by title."""
    found = [one for one in TABLES if visitor.may(one.permission) and not one.hidden]
    return sorted(found, key=lambda one: one.title)


def read_filters(table: FactTable, said: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The filters of an address by name, blank ones left out.

    Raises `NotFound` for a name that the table does not have (it would be left unsaid that nothing was filtered), for a value that
    no table could hold and for a filter named twice; `Refused` for a day that is none.
    """
    known = {one.name: one for one in table.filters}
    found = {}
    for name, values in said.items():
        if name in _NOT_FILTERS:
            continue
        if name not in known or len(values) != 1:
            raise NotFound
        value = values[0].strip()
        if len(value) > _LONGEST or _CONTROL.search(value):
            raise NotFound
        if value:
            found[name] = _read(known[name], value)
    return found


def _read(one: Filter, value: str) -> str:
    if one.choices is not None:
        return value
    try:
        day = read_date_text(value, one.label)
    except DateError as wrong:
        refuse(wrong.sentence, one.name)
    if one.name == "as_at" and day > dates.today():
        refuse(NOT_YET, one.name)
    return day.isoformat()


Choosing = Mapping[str, Sequence[tuple[str, str]]]


def choices_of(table: FactTable, asking: Asking) -> Choosing:
    """The choices of each filter that has some, each asked for once."""
    return {one.name: one.choices(asking) for one in table.filters if one.choices is not None}


def blanks_of(table: FactTable, asking: Asking) -> dict[str, str]:
    """Of each filter with choices: what is shown where none is made."""
    return {
        one.name: one.blank if isinstance(one.blank, str) else one.blank(asking)
        for one in table.filters
        if one.choices is not None
    }


def in_words(table: FactTable, filters: Mapping[str, str], choosing: Choosing) -> list[tuple[str, str, str]]:
    """(name, label, value in words) of each filter that is set, in the table's order."""
    found = []
    for one in table.filters:
        if one.name in filters:
            value = filters[one.name]
            said = dict(choosing.get(one.name, ())).get(value)
            found.append((one.name, one.label, said or (_day(value) if one.choices is None else value)))
    return found


def _day(value: str) -> str:
    return dates.in_words(date.fromisoformat(value))


def whole(asking: Asking) -> Asking:
    """The same question for every row."""
    return replace(asking, after=0, most=None)
