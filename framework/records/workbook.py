"""Plain workbooks: one sheet for each list, text as text, amounts and days as such, nothing that could become a formula."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from framework.definitions import dates
from framework.definitions.money import Money

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST = 32_767  # characters of a cell


def workbook(
    sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]], notes: Sequence[tuple[str, str]]
) -> bytes:
    """A workbook of the sheets (name, columns, rows) and, last, a sheet of notes (what, words).

    Cells may be text, whole numbers, Money, days or moments (shown in London); anything else is written as text.
    """
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    words = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    shapes = {
        "money": book.add_format({"num_format": "£#,##0.00", "valign": "top"}),
        "day": book.add_format({"num_format": "d mmm yyyy", "valign": "top"}),
        "moment": book.add_format({"num_format": "d mmm yyyy hh:mm", "valign": "top"}),
        "words": words,
    }
    names: set[str] = set()
    for name, columns, rows in sheets:
        sheet = book.add_worksheet(_sheet_name(name, names))
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column, head)
            sheet.set_column(at, at, max(12, min(40, len(column) + 4)))
        for number, row in enumerate(rows, start=1):
            for at, cell in enumerate(row):
                _write(sheet, number, at, cell, shapes)
    about = book.add_worksheet(_sheet_name("Notes", names))
    about.set_column(0, 0, 30)
    about.set_column(1, 1, 90)
    for number, (what, said) in enumerate(notes):
        about.write_string(number, 0, what, head)
        about.write_string(number, 1, said[:_LONGEST], words)
    book.close()
    return out.getvalue()


def _write(sheet: Any, row: int, at: int, cell: Any, shapes: dict[str, Any]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, Money):
        sheet.write_number(row, at, cell.decimal, shapes["money"])
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, at, dates.as_london(cell).replace(tzinfo=None), shapes["moment"])
    elif isinstance(cell, date):
        sheet.write_datetime(row, at, cell, shapes["day"])
    elif isinstance(cell, int) and not isinstance(cell, bool):
        sheet.write_number(row, at, cell)
    else:
        sheet.write_string(row, at, str(cell)[:_LONGEST], shapes["words"])


def _sheet_name(name: str, taken: set[str]) -> str:
    base = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:28] or "Sheet"
    found, number = base, 2
    while found.lower() in taken:
        found, number = f"{base} {number}", number + 1
    taken.add(found.lower())
    return found
