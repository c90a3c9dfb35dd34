"""Reading sheets: a stranger's CSV or workbook into rows of text, judged by its bytes, in a process apart with little memory and time."""

import contextlib
import csv
import datetime as days
import io
import itertools
import re
from typing import Any

from framework.definitions.rules import Refusal, refuse
from framework.records import recognising
from framework.records.apart import Answer, work_apart
from framework.records.container import names_in, no_program, packed, unpacked
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
from framework.records.xml_walk import UnsafeXml

MOST_BYTES = 10 * 1024 * 1024
_MOST_TEXT = 10_000_000
"""Characters of all cells together."""
TEXT_ENDINGS = ("csv", "tsv", "txt")
ENDINGS = (*TEXT_ENDINGS, "xlsx", "xls", "ods")
_SEPARATORS = ",;\t|"
_TITLE_LINES = 20
_TOLD = re.compile(r'"?sep=([,;|\t])"?', re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TOO_MUCH = "This file is too big or too tangled to read. Save the sheet as CSV and choose that file"
_DAMAGED = (
    "This spreadsheet is damaged and cannot be read. Open it, save it again as CSV and choose that file"
)
_LOCKED = "This spreadsheet is protected with a password. Save it without one and choose the new file"
_MACROS = "This spreadsheet holds macros. Save it as .xlsx or CSV and choose that file"


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
    kind = _kind(content, ending, beside)
    if kind == "text":
        lines, notes = _lines(content, most_rows, beside), list[str]()
    else:
        lines, notes = _workbook(content, kind, Peek(beside, most_rows, most_columns))
    rows = gathered((number, _in_bounds(number, cells, beside)) for number, cells in lines)
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
    return Answer({"rows": [(row.number, row.cells[:most_columns]) for row in rows], "notes": notes})


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


def decoded(content: bytes, beside: str) -> str:
    """Text of a CSV file: UTF-8, UTF-16 where it says so, or else Windows-1252; line ends as one newline. Raises `Refused`."""
    utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    if not utf16 and b"\x00" in content:
        refuse("This is not a CSV file. Save the sheet as CSV (UTF-8) and choose that file", beside)
    text = None
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        with contextlib.suppress(UnicodeDecodeError):
            text = text or content.decode(encoding)
    if text is None or "\x00" in text:
        refuse(
            "The letters in this file cannot be read. Save the sheet as CSV (UTF-8) and choose that file",
            beside,
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _separator(text: str) -> str:
    # A title above the headings has no cells to part, so the first line that is parted at all tells.
    lines = (line for line in io.StringIO(text) if line.strip())
    head = [re.sub(r'"[^"]*"', "", line) for line in itertools.islice(lines, _TITLE_LINES)]
    parted = next((line for line in head if max(map(line.count, _SEPARATORS))), "".join(head[:1]))
    return max(_SEPARATORS, key=parted.count)


def _lines(content: bytes, most_rows: int, beside: str) -> list[tuple[int, list[str]]]:
    text = decoded(content, beside)
    first = next((line for line in io.StringIO(text) if line.strip()), "").strip("\n")
    says = _TOLD.fullmatch(first.strip())
    between = says[1] if says else _separator(text)
    csv.field_size_limit(LONGEST_CELL * 4)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between)
    found: list[tuple[int, list[str]]] = []
    try:
        for number, cells in enumerate(reader, start=1):
            if not any(cells) or (says and number == 1):
                continue
            found.append((number, cells))
            if len(found) > most_rows + 1:
                too_many_rows(most_rows, beside)
    except csv.Error:
        refuse(
            f"The file cannot be read near line {reader.line_num:,}: a cell is too long or a quotation mark is missing",
            beside,
        )
    return found


def _workbook(content: bytes, kind: str, peek: Peek) -> tuple[list[tuple[int, list[str]]], list[str]]:
    import python_calamine as calamine

    members: dict[str, bytes] = {}
    if kind != "xls":
        members = unpacked(
            content,
            peek.beside,
            lambda name: name.endswith((".xml", ".rels", "mimetype")),
            too_big=f"This spreadsheet is too big to read: {peek.most_rows:,} rows are the most. Delete what is not needed and choose the new file",
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
            peek_excel(members.get(sheet_part(members, name), b"<none/>"), peek)
        elif kind == "ods":
            peek_open_document(members["content.xml"], index, peek)
        else:
            notes.append("This is an older Excel file (.xls): rows that are hidden in it were read too")
        rows = book.get_sheet_by_index(index).to_python(skip_empty_area=False)
    except calamine.PasswordError:
        refuse(_LOCKED, peek.beside)
    except (calamine.CalamineError, UnsafeXml, ValueError):
        refuse(_DAMAGED, peek.beside)
    lines = [
        (number, [peek.errors.get((number, at)) or plain(cell) for at, cell in enumerate(cells, start=1)])
        for number, cells in enumerate(rows, start=1)
    ]
    return lines, notes + peek.notes()


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


def _in_bounds(number: int, cells: list[str], beside: str) -> list[str]:
    for column, cell in enumerate(cells, start=1):
        if len(cell) > LONGEST_CELL:
            refuse(
                f"Row {number:,}, column {letters(column)} holds {len(cell):,} characters; {LONGEST_CELL:,} are the most. Shorten it",
                beside,
            )
    return [_CONTROL.sub("", cell) for cell in cells]
