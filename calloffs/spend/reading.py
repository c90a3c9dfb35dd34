"""Reading a file of invoices: bytes into rows of named cells, whatever a spreadsheet made of them."""

import csv
import io
from dataclasses import dataclass

from framework.definitions.rules import refuse

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
COLUMNS = (
    "call_off_reference",
    "invoice_number",
    "invoice_date",
    "received_date",
    "description",
    "net",
    "vat",
    "gross",
)
OPTIONAL = ("lot", "paid_date")
_SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class Cells:
    """One row of the file: its number as a spreadsheet shows it, and its cells by column."""

    row: int
    by_column: dict[str, str]
    spare: str = ""
    """What stood to the right of the last column."""


def read_rows(data: bytes) -> list[Cells]:
    """The rows of a CSV file with our columns: UTF-8 or Windows-1252, commas, semicolons or tabs.

    Blank rows are left out. Raises `Refused` when the file as a whole cannot be used.
    """
    if len(data) > MOST_BYTES:
        refuse("The file is larger than 5 MB. Split it and load the parts one after another", "file")
    if not data.strip():
        refuse("The file is empty", "file")
    text = _text(data)
    first_line = text.lstrip("\n").split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    found: list[Cells] = []
    heads: list[str] | None = None
    try:
        # A row is counted as a spreadsheet counts it: a cell of two lines is still one row.
        for number, cells in enumerate(reader, start=1):
            if not any(cell.strip() for cell in cells):
                continue
            if heads is None:
                heads = _heads(cells)
                continue
            if len(found) == MOST_ROWS:
                refuse(
                    "The file has more than 20,000 rows. Split it and load the parts one after another",
                    "file",
                )
            found.append(_row(number, heads, cells))
    except csv.Error as error:
        refuse(f"The file cannot be read near line {reader.line_num:,}: {error}", "file")
    if not found:
        refuse("The file has column names but no rows below them", "file")
    return found


def _row(number: int, heads: list[str], cells: list[str]) -> Cells:
    named = {head: cell.strip() for head, cell in zip(heads, cells, strict=False) if head}
    return Cells(number, named, "".join(cells[len(heads) :]).strip())


def _text(data: bytes) -> str:
    if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0":
        refuse("This is a workbook. Save it as CSV and load that file", "file")
    if b"\x00" in data:
        refuse("This is not a CSV file. Save the sheet as CSV (UTF-8) and load that file", "file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _windows(data)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _windows(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        refuse(
            "The letters in this file cannot be read. Save the sheet as CSV (UTF-8) and load that file",
            "file",
        )


def _heads(cells: list[str]) -> list[str]:
    heads = ["_".join(cell.strip().lower().replace("-", " ").replace("_", " ").split()) for cell in cells]
    missing = [name for name in COLUMNS if name not in heads]
    if missing:
        refuse(
            f"The first row must name the columns. Missing: {', '.join(missing)}. You can start from the example file",
            "file",
        )
    twice = sorted({name for name in heads if name and heads.count(name) > 1})
    if twice:
        refuse(f"A column is named twice: {', '.join(twice)}", "file")
    return heads
