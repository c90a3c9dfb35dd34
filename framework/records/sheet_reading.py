"""Reading sheets: a stranger's CSV or workbook into rows of text, judged by its bytes, in a process apart with little memory and time."""

import datetime as days
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from framework.definitions.rules import Refusal, refuse
from framework.records import recognising
from framework.records.apart import Answer, work_apart
from framework.records.container import MOST_UNPACKED, names_in, no_program, packed, unpacked
from framework.records.recognising import ending_of, what_it_is
from framework.records.sheet import LONGEST_CELL, Sheet, SheetRow, gathered
from framework.records.sheet_peek import (
    Peek,
    letters,
    peek_excel,
    peek_open_document,
    sheet_part,
    too_many_rows,
)
from framework.records.sheet_text import text_lines
from framework.records.xml_walk import UnsafeXml, starts

MOST_BYTES = 10 * 1024 * 1024
_MOST_TEXT = 10_000_000
"""Characters of all cells together."""
TEXT_ENDINGS = ("csv", "tsv", "txt")
ENDINGS = (*TEXT_ENDINGS, "xlsx", "xls", "ods")
# Also those that turn the writing round, behind which one name looks like another.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
# In an older workbook the setting stands between two others, so these ten bytes are no accident.
_OLD_1904 = b"\x22\x00\x02\x00\x01\x00\x0e\x00\x02\x00"
_TOO_MUCH = "This file is too big or too tangled to read. Save the sheet as CSV and choose that file"
_DAMAGED = (
    "This spreadsheet is damaged and cannot be read. Open it, save it again as CSV and choose that file"
)
_LOCKED = "This spreadsheet is protected with a password. Save it without one and choose the new file"
_MACROS = "This spreadsheet holds macros. Save it as .xlsx or CSV and choose that file"


@dataclass(slots=True)
class Opened:
    """The rows of one sheet as cells of text, numbered from 1, and what else it says."""

    lines: list[tuple[int, list[str]]]
    notes: list[str]
    between: str = ""
    """What stands between the cells of a text; "" for a workbook."""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Merged cells: first row, first column, last row, last column, from 1."""
    from_1904: bool = False
    """Whether numbers that stand for days count from 1904."""


def read_sheet(
    content: bytes, file_name: str, *, field: str, most_rows: int, most_columns: int = 60
) -> Sheet:
    """The rows of a CSV, TSV, XLSX, XLS or ODS file, headings first, with notes on what was hidden or calculated.

    At most 10 MB, `most_rows` rows below the headings, `most_columns` columns and 5,000 characters in a cell. Of several sheets the first
    visible one is read. Raises `Refused` beside `field` in words, for whatever cannot be read within 5 seconds of computing and 400 MB too.
    """
    if not content.strip():
        refuse("The file is empty. Choose another", field)
    if len(content) > MOST_BYTES:
        refuse("The file is larger than 10 MB. Split it and load the parts one after another", field)
    told = {
        "ending": ending_of(file_name),
        "beside": field,
        "most_rows": most_rows,
        "most_columns": most_columns,
    }
    found = work_apart(
        "framework.records.sheet_reading:read_apart", content, told, too_much=Refusal(_TOO_MUCH, field)
    ).said
    rows = tuple(SheetRow(number, tuple(cells)) for number, cells in found["rows"])
    return Sheet(rows, tuple(found["notes"]))


def read_apart(content: bytes, *, ending: str, beside: str, most_rows: int, most_columns: int) -> Answer:
    """What `read_sheet` does, in the process apart."""
    found = opened(content, ending=ending, beside=beside, most_rows=most_rows, most_columns=most_columns)
    rows = gathered((number, in_bounds(number, cells, beside)) for number, cells in found.lines)
    if len(rows) > most_rows + 1:
        too_many_rows(most_rows, beside)
    if len(rows) < 2:
        refuse(
            "The file has no rows below its first. Its first row names the columns; the others are read",
            beside,
        )
    wide = next((row for row in rows if any(row.cells[most_columns:])), None)
    if wide:
        refuse(
            f"Row {wide.number:,} has more than {most_columns} columns. Delete what is not needed and choose the new file",
            beside,
        )
    return Answer({"rows": [(row.number, row.cells[:most_columns]) for row in rows], "notes": found.notes})


def opened(
    content: bytes,
    *,
    ending: str,
    beside: str,
    most_rows: int,
    most_columns: int,
    most_unpacked: int = MOST_UNPACKED,
    choose: Callable[[str, str], str] | None = None,
) -> Opened:
    """The first sheet of a file that can be seen, as it stands; for use in a process apart. Raises `Refused`.

    `most_unpacked` bounds the bytes of a workbook's parts; `choose` is for text (see `text_lines`).
    """
    kind = _kind(content, ending, beside)
    if kind == "text":
        lines, between = text_lines(content, beside, most_rows, choose)
        return Opened(lines, [], between)
    return _workbook(content, kind, Peek(beside, most_rows, most_columns), most_unpacked)


def _kind(content: bytes, ending: str, beside: str) -> str:
    is_a = what_it_is(content)
    if is_a == recognising.ZIP:
        names = names_in(content)
        kind = "xlsx" if "xl/workbook.xml" in names else "ods" if "content.xml" in names else ""
        if "xl/workbook.bin" in names:
            refuse("This is a binary workbook (.xlsb). Save it as .xlsx or CSV and choose that file", beside)
        if not kind:
            refuse(
                "This is a ZIP archive or damaged, not a spreadsheet. Choose the CSV, XLSX, XLS or ODS file itself",
                beside,
            )
        if ending in ("xlsm", "xltm"):
            refuse(_MACROS, beside)
    elif is_a == recognising.OLD_OFFICE:
        if "EncryptedPackage".encode("utf-16-le") in content:
            refuse(_LOCKED, beside)
        kind = "xls"
    elif is_a == recognising.TEXT:
        kind = "text"
    else:
        refuse(
            f"This is {is_a}, not a spreadsheet. Save the sheet as CSV or XLSX and choose that file", beside
        )
    if ending not in (TEXT_ENDINGS if kind == "text" else (kind,)):
        shown = "text (CSV)" if kind == "text" else f"an .{kind} workbook"
        named = f"its name ends in .{ending[:10]}" if ending else "its name has no ending"
        refuse(
            f"This file is {shown} but {named}. Open it, save it as CSV or XLSX and choose that file", beside
        )
    return kind


def _workbook(content: bytes, kind: str, peek: Peek, most_unpacked: int) -> Opened:
    import python_calamine as calamine

    from_1904 = kind == "xls" and _OLD_1904 in content
    members: dict[str, bytes] = {}
    if kind != "xls":
        members = unpacked(
            content,
            peek.beside,
            lambda name: name.endswith((".xml", ".rels", "mimetype")),
            too_big=f"This spreadsheet is too big to read: {peek.most_rows:,} rows are the most. Delete what is not needed and choose the new file",
            most=most_unpacked,
        )
        no_program(names_in(content), members.get("[Content_Types].xml", b""), peek.beside, inside=True)
        if b"encryption-data" in members.get("META-INF/manifest.xml", b""):
            refuse(_LOCKED, peek.beside)
        content = packed(members, squeeze=False)
    elif "_VBA_PROJECT".encode("utf-16-le") in content:
        refuse(_MACROS, peek.beside)
    try:
        book = calamine.load_workbook(io.BytesIO(content))
        index, notes = _chosen(book, calamine, peek.beside)
        name = book.sheets_metadata[index].name
        if kind == "xlsx":
            from_1904 = _counts_from_1904(members)
            peek_excel(members.get(sheet_part(members, name), b"<none/>"), peek)
        elif kind == "ods":
            peek_open_document(members["content.xml"], index, peek)
        else:
            notes.append("This is an older Excel file (.xls): rows that are hidden in it were read too")
        # Before the cells take their place: the parts of a large workbook and its cells do not fit side by side.
        members.clear()
        sheet = book.get_sheet_by_index(index)
        merged = [
            (top + 1, left + 1, bottom + 1, right + 1)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        ]
        lines = _cells_of(sheet, peek)
    except calamine.PasswordError:
        refuse(_LOCKED, peek.beside)
    except (calamine.CalamineError, UnsafeXml, ValueError):
        refuse(_DAMAGED, peek.beside)
    return Opened(lines, notes + peek.notes(), merged=merged, from_1904=from_1904)


def _cells_of(sheet: Any, peek: Peek) -> list[tuple[int, list[str]]]:
    # Each text is kept once however often it stands in the sheet, which halves what a large ledger takes.
    once: dict[str, str] = {}
    lines = []
    # One row after the other begins with the first row, but in the first column that holds anything.
    left = (sheet.start or (0, 0))[1]
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [""] * left + [once.setdefault(text, text) for text in map(plain, cells)]
        if peek.errors:
            texts = [peek.errors.get((number, at)) or text for at, text in enumerate(texts, start=1)]
        lines.append((number, texts))
    return lines


def _counts_from_1904(members: dict[str, bytes]) -> bool:
    return any(
        name == "workbookPr" and told.get("date1904") in ("1", "true")
        for name, told in starts(members.get("xl/workbook.xml", b""))
    )


def _chosen(book: Any, calamine: Any, beside: str) -> tuple[int, list[str]]:
    sheets = book.sheets_metadata
    if any(one.typ in (calamine.SheetTypeEnum.MacroSheet, calamine.SheetTypeEnum.Vba) for one in sheets):
        refuse(_MACROS, beside)
    shown = [
        at
        for at, one in enumerate(sheets)
        if one.visible == calamine.SheetVisibleEnum.Visible and one.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    if not shown:
        refuse(
            "The spreadsheet has no sheet that can be seen. Show the sheet, save it and choose it again",
            beside,
        )
    first = sheets[shown[0]].name
    visible = [sheets[at].name for at in shown[1:]]
    hidden = [one.name for one in sheets if one.visible != calamine.SheetVisibleEnum.Visible]
    notes = []
    if visible:
        notes.append(f"Only the sheet “{first}” was read. Left out: {_some(visible)}")
    if hidden:
        notes.append(f"Left out because hidden: {_some(hidden)}")
    return shown[0], notes


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(f"“{name[:40]}”" for name in names[:5]) + more


def plain(cell: Any) -> str:
    """A cell as text: 935.0 is "935", a day ISO, true and false in capitals."""
    if type(cell) is str:
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        # Fifteen figures are what a spreadsheet itself keeps; beyond them stand the remains of binary sums.
        short = f"{cell:.15g}"
        return (f"{cell:.15f}".rstrip("0").rstrip(".") or "0") if "e" in short else short
    if isinstance(cell, days.datetime):
        midnight = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds").removesuffix(":00")
    if isinstance(cell, days.timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    if isinstance(cell, days.time):
        return cell.isoformat("seconds").removesuffix(":00")
    return cell.isoformat() if isinstance(cell, days.date) else str(cell)


def seen(text: str) -> str:
    """The text without characters that cannot be seen."""
    return _CONTROL.sub("", text)


def in_bounds(number: int, cells: list[str], beside: str) -> list[str]:
    """The cells without characters that cannot be seen. Raises `Refused` for a cell of more than 5,000 characters."""
    for column, cell in enumerate(cells, start=1):
        if len(cell) > LONGEST_CELL:
            refuse(
                f"Row {number:,}, column {letters(column)} holds {len(cell):,} characters; {LONGEST_CELL:,} are the most. Shorten it",
                beside,
            )
    return [seen(cell) for cell in cells]
