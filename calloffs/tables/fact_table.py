"""What a table of facts is: one definition that is a page, a CSV, a workbook and a feed, with one row for each fact."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session

from framework.definitions.money import Money
from framework.people.permissions import Permission, Visitor

Value = str | Money | date | datetime | int | None


class Kind(StrEnum):
    """What a column holds. A code is text that looks like a number and keeps its zeros; a share is basis points."""

    TEXT = "text"
    CODE = "code"
    MONEY = "money"
    DAY = "day"
    MOMENT = "moment"
    COUNT = "count"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its stable name in files and feeds (small letters, never renamed), its heading and what it holds."""

    name: str
    heading: str
    kind: Kind = Kind.TEXT
    basis: str = ""
    """Of money: net of VAT, gross, or "the agreement's basis" where a column named `basis` says which on each row."""
    summed: bool = False
    """Whether the table gives its total. Only columns of one basis, or with a `basis` column to part them by."""
    formula: str = ""
    """Of money or a share worked out from other columns of the row, in their names: "{ceiling} - {committed} - {reserved}". Live in workbooks."""


@dataclass(frozen=True, slots=True)
class Row:
    """One fact: a value for each column, where it leads (endpoint and its values) and the place to go on from."""

    values: tuple[Value, ...]
    link: tuple[str, Mapping[str, str | int]] | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class Total:
    """Sums of the summed columns over every row of the table as asked, for one basis (and kind), made by the database and not page by page."""

    basis: str
    sums: Mapping[str, Money | int]
    rows: int
    kind: str = ""
    """Where figures of several kinds stand in one column, the one this is of, as the column `kind` says it: kinds are never added."""

    @property
    def words(self) -> str:
        """What it is the total of: "committed, net of VAT"."""
        return ", ".join(one for one in (self.kind.lower(), self.basis) if one)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a table and for what: filters by name (blank ones left out), the place to go on from, how many rows at most."""

    session: Session
    visitor: Visitor
    filters: Mapping[str, str] = field(default_factory=dict)
    after: int = 0
    most: int | None = None


Choices = Callable[[Asking], list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter: its name in addresses, its label, and its choices (value, words); None for a day typed as 2027-03-31.

    `blank` says in words what the table shows where nothing is chosen, when that is anything but all of it.
    """

    name: str
    label: str
    choices: Choices | None = None
    blank: Callable[[Asking], str] | str = "All"


@dataclass(frozen=True, slots=True)
class FactTable:
    """A table. `rows` honours every filter, `after` and `most`, and fetches only what the visitor may see.

    A filter with a value that means nothing is answered with `NotFound`. `how` says in a sentence or two how the figures are made;
    `said` gives sentences for the head of the page: the headline, how complete it is.
    """

    key: str
    title: str
    permission: Permission
    columns: tuple[Column, ...]
    rows: Callable[[Asking], Iterator[Row]]
    totals: Callable[[Asking], list[Total]]
    how: str
    filters: tuple[Filter, ...] = ()
    said: Callable[[Asking], list[str]] = lambda _asking: []
    paged: bool = True
    hidden: bool = False
    """Whether lists of tables leave it out, because it is reached from its own page."""
    exact: bool = False
    """Whether a law lays its columns down, so that its CSV has these and no other: no basis and no moment in each row."""
