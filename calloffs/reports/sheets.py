"""Reports as files: CSV in blocks, and a workbook that a spreadsheet can add up."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from calloffs.reports.report import FIGURES, Asked, Line, Report, all_lines
from framework.definitions import dates
from framework.definitions.money import Money
from framework.records.csv_text import csv_blocks, safe

_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Noted:
    """What the notes sheet says: who made the file, when and about what."""

    author: str
    as_at: datetime
    about: str


def csv_rows(report: Report, asked: Asked, as_at: datetime) -> Iterator[list[str]]:
    """One row per fact and no totals: stable column names, plain amounts, the basis and the moment in each row."""
    yield [
        *(column.name for column in report.columns),
        *(column.name for column in FIGURES),
        "basis",
        "as_at",
    ]
    moment = dates.as_london(as_at).isoformat(timespec="seconds")
    for line in all_lines(report, asked):
        amounts = ["" if one is None else one.plain for one in _amounts(line)]
        yield [*(safe(one) for one in _padded(report, line)), *amounts, line.basis, moment]


def csv_file(report: Report, asked: Asked, as_at: datetime) -> IO[bytes]:
    """The report as a CSV file on disk, written block by block: however many rows there are, memory stays flat."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  in_blocks closes it
    for block in csv_blocks(csv_rows(report, asked, as_at)):
        file.write(block.encode())
    file.seek(0)
    return file


def _padded(report: Report, line: Line) -> list[str]:
    return [*line.words, *([""] * (len(report.columns) - len(line.words)))]


def _amounts(line: Line) -> list[Money | None]:
    figures = line.figures
    return [
        figures.ceiling,
        figures.reserved,
        figures.committed,
        figures.invoiced,
        figures.paid,
        figures.left,
        figures.left_to_invoice,
    ]


def workbook(report: Report, asked: Asked, noted: Noted) -> IO[bytes]:
    """The report as a workbook: a real table under a frozen head with live totals, and a sheet of notes."""
    import xlsxwriter

    file = tempfile.TemporaryFile()  # noqa: SIM115  in_blocks closes it
    book = xlsxwriter.Workbook(
        file, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": report.title, "author": noted.author, "comments": noted.about})
    _sheet(book, report, asked, noted)
    _notes(book, report, asked, noted)
    book.close()
    file.seek(0)
    return file


def in_blocks(file: IO[bytes]) -> Iterator[bytes]:
    """A file's bytes, a block at a time; closes it at the end."""
    with file:
        while block := file.read(_BYTES):
            yield block


def _sheet(book: Any, report: Report, asked: Asked, noted: Noted) -> None:
    sheet = book.add_worksheet("Spend")
    bold, plain = book.add_format({"bold": True}), book.add_format({"num_format": "£#,##0.00"})
    summed = book.add_format({"num_format": "£#,##0.00", "bold": True, "top": 1})
    words, width = len(report.columns), len(report.columns) + len(FIGURES) + 1
    lines, totals = list(all_lines(report, asked)), report.total(asked)
    head = 2 + len(totals)
    first, last = head + 1, head + max(len(lines), 1)
    sheet.write_string(0, 0, f"{report.title}: {noted.about}", bold)
    sheet.write_string(1, 0, f"As at {dates.moment_in_words(noted.as_at)}, London time")
    for place, line in enumerate(totals):
        _totals(sheet, 2 + place, words, (first, last), line, lines, (bold, summed))
    for place, line in enumerate(lines):
        for column, text in enumerate(_padded(report, line)):
            sheet.write_string(first + place, column, text)
        for column, amount in enumerate(_amounts(line), start=words):
            if amount is not None:
                sheet.write_number(first + place, column, amount.decimal, plain)
        sheet.write_string(first + place, width - 1, line.basis)
    heads = [*(one.heading for one in report.columns), *(one.heading for one in FIGURES), "Basis"]
    sheet.add_table(
        head,
        0,
        last,
        width - 1,
        {
            "name": "spend",
            "columns": [{"header": one} for one in heads],
            "style": "Table Style Light 1",
        },
    )
    sheet.freeze_panes(first, 1)
    sheet.set_column(0, words - 1, 30)
    sheet.set_column(words, width - 1, 18)


def _totals(
    sheet: Any,
    row: int,
    words: int,
    span: tuple[int, int],
    total: Line,
    lines: list[Line],
    formats: tuple[Any, Any],
) -> None:
    from xlsxwriter.utility import xl_range_abs

    bold, summed = formats
    sheet.write_string(row, 0, f"Total {total.basis}", bold)
    basis = xl_range_abs(span[0], words + len(FIGURES), span[1], words + len(FIGURES))
    one_basis = len({line.basis for line in lines}) <= 1
    for place, amount in enumerate(_amounts(total), start=words):
        if amount is None:
            continue
        name = FIGURES[place - words].name
        if name in ("ceiling", "left"):
            # The agreement's own ceiling: those of its parts may add up to more.
            sheet.write_number(row, place, amount.decimal, summed)
            continue
        cells = xl_range_abs(span[0], place, span[1], place)
        formula = f"=SUM({cells})" if one_basis else f'=SUMIF({basis},"{total.basis}",{cells})'
        sheet.write_formula(row, place, formula, summed, amount.decimal)


def _notes(book: Any, report: Report, asked: Asked, noted: Noted) -> None:
    sheet = book.add_worksheet("Notes")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    said = {
        "Report": report.title,
        "About": noted.about,
        "As at": f"{dates.moment_in_words(noted.as_at)}, London time",
        "Basis": ", ".join(sorted({line.basis for line in report.total(asked)})) or "No figures",
        "Made by": noted.author,
        "Reserved": "Asked for and not yet awarded",
        "Committed": "Awarded; what was invoiced once a call-off is closed",
        "Invoiced": "Billed, less credit notes",
        "Paid": "Settled, less refunds",
        "Left": "Ceiling less committed less reserved",
        "Totals": "Formulas over the table. Ceiling and left are the agreement's own",
    }
    for row, (name, value) in enumerate(said.items()):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)
