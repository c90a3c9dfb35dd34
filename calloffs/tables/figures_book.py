"""A workbook of figures: one real table under a frozen head, live totals above it, a sheet of notes, and flat memory.

The one owner of such workbooks: tables of facts and the reports of an agreement are both made here. Nothing in it can become a
formula but what this file writes, and it names no other file.
"""

import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from calloffs.tables.cells import heading, printable
from calloffs.tables.fact_table import Column, Kind, Total, Value
from framework.definitions import dates
from framework.definitions.money import WHOLE, Money
from framework.definitions.rules import refuse

MOST_ROWS = 1_048_000
"""Rows that a sheet takes, with room for what stands above them."""
LONGEST = 32_767
"""Characters that a cell takes."""
_NAMED = re.compile(r"\{([a-z_0-9]+)\}")
_WIDTHS = {Kind.TEXT: 28, Kind.CODE: 18, Kind.MONEY: 18, Kind.DAY: 14, Kind.MOMENT: 20}


@dataclass(frozen=True, slots=True)
class Figures:
    """What a workbook holds. `totals` are live sums, but for what `told` names: figures of their own, which no rows add up to."""

    name: str
    title: str
    sheet: str
    as_at: datetime
    author: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    totals: Sequence[Total]
    notes: Sequence[tuple[str, str]]
    about: str = ""
    told: frozenset[str] = frozenset()


def book_of(figures: Figures) -> IO[bytes]:
    """The workbook as a file on disk. Raises `Refused` when there are more rows than a sheet takes."""
    import xlsxwriter

    _small_enough(sum(one.rows for one in figures.totals))
    file = tempfile.TemporaryFile()  # noqa: SIM115  in_blocks closes it
    try:
        with tempfile.TemporaryDirectory() as folder:
            book = xlsxwriter.Workbook(
                file,
                {
                    "constant_memory": True,
                    "tmpdir": folder,
                    "strings_to_formulas": False,
                    "strings_to_urls": False,
                    "strings_to_numbers": False,
                },
            )
            book.set_properties({"title": figures.title, "author": figures.author, "comments": figures.about})
            written = _Sheet(book, figures)
            written.write()
            _notes(book, figures, written.shortened)
            book.close()
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _small_enough(rows: int) -> None:
    if rows > MOST_ROWS:
        refuse(
            f"A workbook takes {MOST_ROWS:,} rows, and this table has {rows:,}. Download it as CSV, or filter it"
        )


class _Sheet:
    """The sheet of figures while it is written, top to bottom: each row leaves memory when the next begins."""

    def __init__(self, book: Any, figures: Figures) -> None:
        self.book, self.figures = book, figures
        self.sheet = book.add_worksheet(figures.sheet)
        self.bold = book.add_format({"bold": True})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.shapes = {
            kind: book.add_format({"num_format": shape})
            for kind, shape in (
                (Kind.TEXT, "@"),
                (Kind.CODE, "@"),
                (Kind.MONEY, "£#,##0.00"),
                (Kind.DAY, "d mmm yyyy"),
                (Kind.MOMENT, "d mmm yyyy hh:mm"),
                (Kind.COUNT, "#,##0"),
                (Kind.SHARE, "0.00%"),
            )
        }
        self.summed = {
            kind: book.add_format({"num_format": shape, "bold": True, "top": 1})
            for kind, shape in ((Kind.MONEY, "£#,##0.00"), (Kind.COUNT, "#,##0"))
        }
        self.tenths = book.add_format({"num_format": "0.0%"})
        self.places = {one.name: place for place, one in enumerate(figures.columns)}
        self.first = 3 + len(figures.totals)
        self.shortened = 0

    def write(self) -> None:
        figures, last_column = self.figures, len(self.figures.columns) - 1
        self.sheet.freeze_panes(self.first, 1)
        for place, one in enumerate(figures.columns):
            self.sheet.set_column(place, place, _WIDTHS.get(one.kind, 12))
        about = f": {figures.about}" if figures.about else ""
        self.sheet.write_string(0, 0, printable(figures.title + about)[:LONGEST], self.bold)
        self.sheet.write_string(1, 0, f"As at {dates.moment_in_words(figures.as_at)}, London time")
        counted = sum(one.rows for one in figures.totals)
        for place, total in enumerate(figures.totals):
            self._total(2 + place, total, self.first + max(counted, 1) - 1)
        self._table_head()
        written = self._rows()
        if figures.totals and written != counted:
            raise RuntimeError(f"{figures.name} counts {counted} rows and has {written}")
        self._close_table(self.first + max(written, 1) - 1, last_column)

    def _total(self, row: int, total: Total, last: int) -> None:
        from xlsxwriter.utility import xl_range_abs

        figures = self.figures
        words = f"Total {total.words}".rstrip()
        self.sheet.write_string(row, 0, words, self.bold)
        for name, amount in total.sums.items():
            place = self.places[name]
            shape = self.summed[Kind.MONEY if isinstance(amount, Money) else Kind.COUNT]
            value = amount.decimal if isinstance(amount, Money) else amount
            cells = xl_range_abs(self.first, place, last, place)
            if name in figures.told:
                self.sheet.write_number(row, place, value, shape)
            else:
                formula = self._sum(total, cells, last)
                self.sheet.write_formula(row, place, formula, shape, value)

    def _sum(self, total: Total, cells: str, last: int) -> str:
        from xlsxwriter.utility import xl_range_abs

        parting = [
            (name, said)
            for name, said in (("basis", total.basis), ("kind", total.kind))
            if said and name in self.places
        ]
        if len(self.figures.totals) == 1 or not parting:
            return f"=SUM({cells})"
        where = [
            f'{xl_range_abs(self.first, self.places[name], last, self.places[name])},"{said}"'
            for name, said in parting
        ]
        return f"=SUMIF({where[0]},{cells})" if len(where) == 1 else f"=SUMIFS({cells},{','.join(where)})"

    def _table_head(self) -> None:
        """A table whose cells are written row by row: the library makes one only of what it holds in memory."""
        figures, row = self.figures, self.first - 1
        heads = [heading(one) for one in figures.columns]
        assert len({one.lower() for one in heads}) == len(heads), (
            f"headings of {figures.name} are not told apart"
        )
        self.sheet.constant_memory = False
        made = self.sheet.add_table(
            row,
            0,
            row + 1,
            len(heads) - 1,
            {
                "name": figures.name,
                "columns": [{"header": one} for one in heads],
                "style": "Table Style Light 1",
            },
        )
        assert made == 0, f"the table {figures.name} was not made"
        self.sheet.constant_memory = True
        for place, one in enumerate(heads):
            self.sheet.write_string(row, place, one, self.head)

    def _rows(self) -> int:
        writers = [self._writer(place, one) for place, one in enumerate(self.figures.columns)]
        row = self.first - 1
        for row, values in enumerate(self.figures.rows, start=self.first):
            if row - self.first == MOST_ROWS:
                _small_enough(MOST_ROWS + 1)
            for write, value in zip(writers, values, strict=True):
                if value is not None and value != "":
                    write(row, value)
        return row - self.first + 1

    def _close_table(self, last: int, last_column: int) -> None:
        from xlsxwriter.utility import xl_range, xl_range_abs

        table = self.sheet.tables[-1]
        table["range"] = table["a_range"] = table["autofilter"] = xl_range(
            self.first - 1, 0, last, last_column
        )
        cells = xl_range_abs(self.first - 1, 0, last, last_column)
        self.book.define_name(f"{self.figures.name}_cells", f"='{self.figures.sheet}'!{cells}")

    def _writer(self, place: int, column: Column) -> Callable[[int, Value], None]:
        sheet, shape = self.sheet, self.shapes[column.kind]
        if column.formula and column.kind is Kind.SHARE:
            shape = self.tenths

        def words(row: int, value: Value) -> None:
            text = printable(str(value))
            if len(text) > LONGEST:
                text, self.shortened = text[:LONGEST], self.shortened + 1
            sheet.write_string(row, place, text, shape)

        def money(row: int, value: Value) -> None:
            if isinstance(value, Money):
                sheet.write_number(row, place, value.pence / 100, shape)
            else:
                words(row, value)

        def worked_out(row: int, value: Value) -> None:
            if isinstance(value, Money):
                sheet.write_formula(row, place, self._formula(column.formula, row), shape, value.pence / 100)
            else:
                words(row, value)

        def day(row: int, value: Value) -> None:
            if isinstance(value, date):
                sheet.write_datetime(row, place, value, shape)
            else:
                words(row, value)

        def moment(row: int, value: Value) -> None:
            if isinstance(value, datetime):
                sheet.write_datetime(row, place, dates.as_london(value).replace(tzinfo=None), shape)
            else:
                words(row, value)

        def number(row: int, value: Value) -> None:
            if isinstance(value, int):
                sheet.write_number(row, place, value, shape)
            else:
                words(row, value)

        def share(row: int, value: Value) -> None:
            if isinstance(value, int) and column.formula:
                sheet.write_formula(row, place, self._formula(column.formula, row), shape, value / WHOLE)
            elif isinstance(value, int):
                sheet.write_number(row, place, value / WHOLE, shape)
            else:
                words(row, value)

        return {
            Kind.MONEY: worked_out if column.formula else money,
            Kind.DAY: day,
            Kind.MOMENT: moment,
            Kind.COUNT: number,
            Kind.SHARE: share,
        }.get(column.kind, words)

    def _formula(self, said: str, row: int) -> str:
        from xlsxwriter.utility import xl_rowcol_to_cell

        return "=" + _NAMED.sub(lambda found: xl_rowcol_to_cell(row, self.places[found[1]]), said)


def _bases(figures: Figures) -> list[str]:
    """What the totals stand on; where they do not say, what the columns do."""
    found = {one.basis for one in figures.totals} or {""}
    return sorted(found - {""} or {one.basis for one in figures.columns if one.basis})


def _notes(book: Any, figures: Figures, shortened: int) -> None:
    sheet = book.add_worksheet("Notes")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    bold = book.add_format({"bold": True, "valign": "top"})
    said: Mapping[str, str] = {
        "Table": figures.title,
        "About": figures.about,
        "As at": f"{dates.moment_in_words(figures.as_at)}, London time",
        "Basis": ", ".join(_bases(figures)) or "No figures",
        "Made by": figures.author,
        **dict(figures.notes),
        "Shortened": f"{shortened:,} cells held more than {LONGEST:,} characters; the CSV has them whole"
        if shortened
        else "",
    }
    for row, (name, value) in enumerate((name, value) for name, value in said.items() if value):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, printable(value)[:LONGEST], wrapped)
