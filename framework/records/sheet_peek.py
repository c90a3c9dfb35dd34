"""What a reader of values does not tell of a sheet: hidden rows and columns, formulas, errors, and how big it is before it is read."""

import re
from dataclasses import dataclass, field
from typing import NoReturn

from framework.definitions.rules import refuse
from framework.records.xml_walk import starts, walk

_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NAMED = 8
"""Cells, rows or columns that a note names one by one."""


@dataclass(slots=True)
class Peek:
    """What was seen in one sheet. Rows and columns count from 1."""

    beside: str
    most_rows: int
    most_columns: int
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    unsaved: list[str] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    """Errors as shown, such as "#N/A", by row and column."""
    rows: int = 0

    def holds(self, row: int, column: int, times: int = 1) -> None:
        """A row has its first value, or a column beyond others has one. Raises `Refused` for a sheet that is too big to read."""
        if column > self.most_columns:
            refuse(
                f"The sheet has cells as far as column {letters(column)}. Delete what stands to the right of column "
                f"{letters(self.most_columns)} and choose the new file",
                self.beside,
            )
        if row > self.most_rows * 3 + 1_000:
            refuse(
                f"The sheet has cells as far as row {row:,}. Delete what stands below the table and choose the new file",
                self.beside,
            )
        self.rows += times
        if self.rows > self.most_rows + 1:
            too_many_rows(self.most_rows, self.beside)

    def notes(self) -> list[str]:
        """The sentences a person should read with the rows."""
        said = [
            _note(self.hidden_rows, "Row {} is hidden and was read", "Rows {} are hidden and were read"),
            _note(
                [letters(one) for one in self.hidden_columns],
                "Column {} is hidden and was read",
                "Columns {} are hidden and were read",
            ),
            _note(
                self.formulas,
                "{} is a formula: its last saved value was used",
                "{} are formulas: their last saved values were used",
            ),
            _note(
                self.unsaved,
                "{} is a formula without a saved value and was read as blank: open the file, save it and choose it again",
                "{} are formulas without saved values and were read as blank: open the file, save it and choose it again",
            ),
        ]
        return [one for one in said if one]


def too_many_rows(most_rows: int, beside: str) -> NoReturn:
    """Raises `Refused`: more rows than may be read at once."""
    refuse(
        f"The sheet has more than {most_rows:,} rows. Split it and load the parts one after another", beside
    )


def letters(column: int) -> str:
    """The name of a column, from 1: A, B … Z, AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def peek_excel(content: bytes, found: Peek) -> Peek:
    """Look through the XML of one worksheet of an .xlsx file. Raises `Refused` as soon as it is too big, and UnsafeXml."""
    row = column = 0
    kind = text = ""
    listens = is_formula = valued = hidden = counted = False

    def started(name: str, told: dict[str, str]) -> None:
        nonlocal row, column, kind, text, listens, is_formula, valued, hidden, counted
        if name == "row":
            row = int(told.get("r", row + 1))
            column, counted = 0, False
            hidden = told.get("hidden") in ("1", "true")
        elif name == "c":
            place = _PLACE.fullmatch(told.get("r", ""))
            column = _number(place[1]) if place else column + 1
            kind, text, is_formula, valued = told.get("t", ""), "", False, False
        elif name == "f":
            is_formula = True
        elif name == "v" or name == "is":
            valued = True
            listens = is_formula or kind == "e"
            if not counted or column > found.most_columns:
                found.holds(row, column, 0 if counted else 1)
                counted = True
                if hidden:
                    found.hidden_rows.append(row)
        elif name == "col" and told.get("hidden") in ("1", "true"):
            last = min(int(told.get("max", 0)), found.most_columns)
            found.hidden_columns += range(int(told.get("min", 1)), last + 1)

    def ended(name: str) -> None:
        nonlocal listens
        if name == "v":
            listens = False
        elif name == "c":
            if is_formula:
                (found.formulas if text else found.unsaved).append(f"{letters(column)}{row}")
            if kind == "e" and text:
                found.errors[row, column] = text

    def said(part: str) -> None:
        nonlocal text
        if listens:
            text += part

    walk(content, started, ended, said)
    return found


def peek_open_document(content: bytes, sheet: int, found: Peek) -> Peek:
    """Look through content.xml of an .ods file at its sheet number `sheet` (from 0)."""
    at, row, times, hidden, counted, column = -1, 0, 1, False, False, 0

    def started(name: str, told: dict[str, str]) -> None:
        nonlocal at, row, times, hidden, counted, column
        if name == "table":
            at, row, column, times = at + 1, 0, 0, 1
        if at != sheet:
            return
        if name == "table-column":
            many = min(int(told.get("table:number-columns-repeated", 1)), found.most_columns)
            if told.get("table:visibility", "visible") != "visible":
                found.hidden_columns += range(column + 1, column + many + 1)
            column += many
        elif name == "table-row":
            row, times = row + times, int(told.get("table:number-rows-repeated", 1))
            hidden = told.get("table:visibility", "visible") != "visible"
            column, counted = 0, False
        elif name in ("table-cell", "covered-table-cell"):
            first, many = column + 1, int(told.get("table:number-columns-repeated", 1))
            column += many
            if "table:formula" in told:
                found.formulas.append(f"{letters(first)}{max(row, 1)}")
            if told.get("office:value-type") and (not counted or column > found.most_columns):
                found.holds(row + times - 1, column, 0 if counted else times)
                counted = True
                if hidden:
                    found.hidden_rows += range(row, row + times)

    # The first row of a sheet is its first: rows are counted from where the one before ended.
    walk(content, started, lambda _name: None, lambda _text: None)
    return found


def sheet_part(members: dict[str, bytes], name: str) -> str:
    """The member that holds the worksheet of this name in an .xlsx file; "" where it cannot be told. Raises UnsafeXml."""
    wanted = next(
        (
            next((value for key, value in told.items() if key.rpartition(":")[2] == "id" and ":" in key), "")
            for element, told in starts(members.get("xl/workbook.xml", b""))
            if element == "sheet" and told.get("name") == name
        ),
        "",
    )
    for element, told in starts(members.get("xl/_rels/workbook.xml.rels", b"")):
        if element == "Relationship" and told.get("Id") == wanted:
            target = told.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _number(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number


def _note(cells: list[int] | list[str], one: str, many: str) -> str:
    if not cells:
        return ""
    named = [f"{cell:,}" if isinstance(cell, int) else cell for cell in cells[:_NAMED]]
    if len(cells) > _NAMED:
        named.append(f"{len(cells) - _NAMED:,} more")
    return (one if len(cells) == 1 else many).format(
        ", ".join(named[:-1]) + " and " + named[-1] if named[1:] else named[0]
    )
