"""Rows as a table was asked for them: from a place on, so many at most, in blocks where all are wanted."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from calloffs.tables.fact_table import Asking

_BLOCK = 500
_MOST_CHOICES = 500


def asked_rows(asking: Asking, query: sa.Select[Any], place: sa.ColumnElement[int]) -> Iterator[Any]:
    """The rows of the query by `place`, the last first, from below `after`; `most` of them, or all in blocks of 500."""
    query = query.order_by(place.desc())
    if asking.after:
        query = query.where(place < asking.after)
    if asking.most is not None:
        query = query.limit(asking.most)
    options = {"yield_per": _BLOCK} if asking.most is None else {}
    yield from asking.session.connection().execute(query, execution_options=options)


def chosen(asking: Asking, places: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
    """What the filters ask for: each named column equal to its value."""
    return [places[name] == value for name, value in asking.filters.items() if name in places]


def distinct(asking: Asking, query: sa.Select[Any]) -> list[tuple[str, str]]:
    """The values of a query of one column as choices, in order; blank ones left out, 500 at most."""
    found = asking.session.connection().execute(query.distinct().order_by(sa.text("1")).limit(_MOST_CHOICES))
    return [(one[0], one[0]) for one in found if one[0]]
