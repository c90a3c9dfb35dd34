"""A table of text as it came from a file or a paste, and what is wrong in it by row, column and value."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from framework.definitions.rules import refuse

MOST_PASTED = 500_000
"""Characters of a paste."""
LONGEST_CELL = 5_000
"""Characters of one cell, however it came."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row, its number as the person who made the file counts it (from 1, headings and blank rows included)."""

    number: int
    cells: tuple[str, ...]
    """Trimmed text. Days are ISO, numbers plain ("935", "935.5"), blank cells ""."""

    def cell(self, index: int) -> str:
        """The cell at an index from 0, blank beyond the row's end."""
        return self.cells[index] if 0 <= index < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows that hold anything, in order, and what a reader should know of how they were read."""

    rows: tuple[SheetRow, ...]
    notes: tuple[str, ...] = ()
    """Sentences for people: a hidden row that was read, a formula whose last value was used, sheets left out."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: where it stands, what was found there, and what to do."""

    row: int
    column: str
    value: str
    mend: str
    """A sentence of its own, so it begins with a capital, whoever wrote it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "mend", self.mend[:1].upper() + self.mend[1:])

    @property
    def sentence(self) -> str:
        """As it is told on a page: "Row 7, Level (“9”): enter a level from 1 to 7"."""
        return self.without_row(f"Row {self.row}")

    def without_row(self, at: str = "") -> str:
        """The same with other words for the row, or with none: "Level (“9”): enter a level from 1 to 7"."""
        said = f"“{self.value}”" if self.value else "blank"
        return f"{at + ', ' if at else ''}{self.column} ({said}): {after_colon(self.mend)}"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file holds, before anything of it is saved."""

    rows_read: int
    """Rows of data: headings and blank rows are not counted."""
    rows_ready: int
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    summary: dict[str, Any] = field(default_factory=dict)
    """What else is worth knowing, in plain values (pence, ISO days, counts)."""

    @property
    def rows_to_mend(self) -> int:
        """How many rows cannot be used as they are."""
        return self.rows_read - self.rows_ready

    def as_plain(self) -> dict[str, Any]:
        """For JSON: the same findings that the page shows."""
        return {
            "rows_read": self.rows_read,
            "rows_ready": self.rows_ready,
            "rows_to_mend": self.rows_to_mend,
            "findings": [asdict(one) for one in self.findings],
            "notes": list(self.notes),
            **self.summary,
        }


def after_colon(sentence: str) -> str:
    """A sentence as it goes on after a colon: its first letter small, unless it begins with an abbreviation or the like (VAT, DevOps)."""
    first = sentence.partition(" ")[0]
    return sentence if first[1:] != first[1:].lower() else sentence[:1].lower() + sentence[1:]


def pasted(text: str, *, field: str, most_rows: int) -> Sheet:
    """Cells copied from a spreadsheet and pasted: tabs, or else semicolons or commas, between them.

    Raises `Refused` beside `field` for text that is not rows of cells, or for too many of them.
    """
    if len(text) > MOST_PASTED:
        refuse("This is too much to paste. Upload it as a file", field)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first = text.lstrip("\n").split("\n", 1)[0]
    between = "\t" if "\t" in text else ";" if first.count(";") > first.count(",") else ","
    try:
        rows = gathered(enumerate(csv.reader(io.StringIO(text), delimiter=between), start=1))
    except csv.Error:
        refuse(
            "This cannot be read as rows of a spreadsheet. Copy the cells again and paste them here", field
        )
    if not rows:
        refuse("Paste at least one row", field)
    if long := next((row for row in rows if max(map(len, row.cells)) > LONGEST_CELL), None):
        refuse(f"Row {long.number:,} has a cell of more than {LONGEST_CELL:,} characters. Shorten it", field)
    if len(rows) > most_rows + 1:
        refuse(f"Paste {most_rows:,} rows or fewer at a time", field)
    return Sheet(rows)


def gathered(lines: Iterable[tuple[int, Sequence[str]]]) -> tuple[SheetRow, ...]:
    """Numbered lines of cells as rows, the cells trimmed and the wholly blank ones left out."""
    trimmed = ((number, tuple(" ".join(cell.split()) for cell in cells)) for number, cells in lines)
    return tuple(SheetRow(number, cells) for number, cells in trimmed if any(cells))
