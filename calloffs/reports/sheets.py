"""Reports as files: the same CSV and the same workbook of figures as every table's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from calloffs.reports.report import FIGURES, Asked, Line, Report, all_lines
from calloffs.tables import fact_table
from calloffs.tables.csv_of import csv_file as csv_of_rows
from calloffs.tables.fact_table import Kind, Total, Value
from calloffs.tables.figures_book import Figures, book_of
from framework.definitions.money import Money


@dataclass(frozen=True, slots=True)
class Noted:
    """What the notes sheet says: who made the file, when and about what."""

    author: str
    as_at: datetime
    about: str


def csv_file(report: Report, asked: Asked, as_at: datetime) -> IO[bytes]:
    """The report as a CSV file on disk: one row per fact and no totals."""
    return csv_of_rows(_columns(report), (_values(report, line) for line in all_lines(report, asked)), as_at)


def workbook(report: Report, asked: Asked, noted: Noted) -> IO[bytes]:
    """The report as a workbook on disk. Ceiling and left are the agreement's own: those of its parts may add up to more."""
    lines = list(all_lines(report, asked))
    return book_of(
        Figures(
            name="spend",
            title=report.title,
            sheet="Spend",
            as_at=noted.as_at,
            author=noted.author,
            about=noted.about,
            columns=_columns(report),
            rows=(_values(report, line) for line in lines),
            totals=list(_totals(report.total(asked), lines)),
            told=frozenset({"ceiling", "left"}),
            notes=(
                ("Reserved", "Asked for and not yet awarded"),
                ("Committed", "Awarded; what was invoiced once a call-off is closed"),
                ("Invoiced", "Billed, less credit notes"),
                ("Paid", "Settled, less refunds"),
                ("Left", "Ceiling less committed less reserved"),
                ("Totals", "Formulas over the table. Ceiling and left are the agreement's own"),
            ),
        )
    )


def _columns(report: Report) -> tuple[fact_table.Column, ...]:
    return (
        *(fact_table.Column(one.name, one.heading) for one in report.columns),
        *(fact_table.Column(one.name, one.heading, Kind.MONEY, summed=True) for one in FIGURES),
        fact_table.Column("basis", "Basis"),
    )


def _values(report: Report, line: Line) -> tuple[Value, ...]:
    blank = [""] * (len(report.columns) - len(line.words))
    return (*line.words, *blank, *_amounts(line).values(), line.basis)


def _totals(totals: list[Line], lines: list[Line]) -> Iterator[Total]:
    for total in totals:
        sums = {name: amount for name, amount in _amounts(total).items() if amount is not None}
        yield Total(total.basis, sums, sum(line.basis == total.basis for line in lines))


def _amounts(line: Line) -> dict[str, Money | None]:
    return {one.name: getattr(line.figures, one.name) for one in FIGURES}
