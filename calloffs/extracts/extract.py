"""What was read of an extract: its headings, its rows as far as they can be read, and what a person should know of the rest."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from calloffs.extracts.amount_basis import AmountBasis
from framework.records.sheet import Finding

Content = dict[str, str | int | None]
"""Every name of `spend_line.CONTENT`: text ("" where the file says nothing), days as ISO text or None, signed whole pence or None."""


class How(StrEnum):
    """How it is known what a column holds."""

    REMEMBERED = "remembered"
    ALIAS = "alias"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of the file. Kept with the import, so that a row mended later is read as its neighbours were."""

    position: int
    """From 0: its place among the headings, and in `ReadRow.cells`. Columns that are wholly blank have none."""
    text: str
    """As the file writes it (two rows of headings joined); "Column D" where it has none."""
    folded: str
    """The key under which it is remembered: `fold(text)`, with a number after it where a heading comes twice."""
    field: str | None
    """The name of a field (`fields.FIELDS`); "" for a column that is left out; None when nobody knows yet."""
    how: How
    samples: tuple[str, ...] = ()
    """Up to 5 different values that stand in it."""
    reads_as: str = ""
    """How its values are written, where the whole column tells: "split" (a transaction and its line, "46296435 - 1"), "1904" (days
    counted from 1904)."""

    def as_plain(self) -> dict[str, Any]:
        """For JSON; `heading_of` reads it again."""
        return asdict(self)


def heading_of(plain: Mapping[str, Any]) -> Heading:
    """A heading from what `as_plain` gave, after JSON too."""
    made = Heading(**plain)
    return replace(made, how=How(made.how), samples=tuple(made.samples))


@dataclass(slots=True)
class ReadRow:
    """One row of data. With findings it cannot be used as it stands; `content` then holds what could be read of it."""

    number: int
    """As a spreadsheet numbers it."""
    content: Content
    cells: tuple[str, ...] = ()
    """As they came, one for each heading, to be mended in place. Only for rows with findings; else ()."""
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class Extract:
    """A whole file. `rows` holds every row of data in order, readable or not; what is no row of data is counted in `notes`."""

    headings: tuple[Heading, ...]
    rows: list[ReadRow]
    notes: tuple[str, ...]
    """Sentences worth knowing: titles, totals and blank headings left out, hidden rows, formulas, columns that compete."""
    basis_found: AmountBasis | None
    """What the file's own headings say its amounts are; None where a bare "Amount" took the basis that the caller gave."""
    header_row: int
    """The row of the headings (the lower of two), as a spreadsheet numbers it."""
    authorities_named: tuple[str, ...] = ()
    """The different authorities that the rows name, the most frequent first, 20 at most; codes where there are no names."""
    titles: tuple[str, ...] = ()
    """What stands in the cells above the headings."""
    lacks: tuple[str, ...] = ()
    """Only with `ask=True`: what a person has to say about the columns before the rows can be read; `rows` is then empty."""

    @property
    def unknown(self) -> tuple[Heading, ...]:
        """The columns to ask about."""
        return tuple(one for one in self.headings if one.field is None)
