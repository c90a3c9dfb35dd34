"""A rate card as a sheet to fill in: our own columns and the partner's rates, which reads back the same."""

import csv
import io
from collections.abc import Sequence

from framework.definitions.money import Money
from framework.records.workbook import workbook
from lots.rates_reading import COLUMNS
from lots.workforce import LEVELS, ROLES

Table = Sequence[tuple[str, Sequence[Money | None]]]
"""Roles or categories, each with its seven levels; None where it is not offered."""
_NOTES = (
    ("What to enter", "The most you charge for a day’s work, in pounds net of VAT"),
    ("A blank cell", "Not offered. A blank is never a price of nothing"),
    ("Rows", "One for each role or category of work. Delete those you do not offer, add your own below"),
    ("Levels", "1 is the most junior, 7 the most senior"),
)


def or_blank(table: Table) -> Table:
    """The table itself, or where it is empty the roles we know with nothing offered yet."""
    return table or [(role, [None] * len(LEVELS)) for role in ROLES]


def as_csv(table: Table) -> str:
    """The headings and a row for each role, marked as UTF-8 for spreadsheets."""
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for role, cells in table:
        writer.writerow([_safe(role), *("" if cell is None else cell.plain for cell in cells)])
    return buffer.getvalue()


def as_xlsx(table: Table) -> bytes:
    """The same as a workbook with amounts as numbers, and a sheet of notes."""
    rows = [(role, *("" if cell is None else cell for cell in cells)) for role, cells in table]
    return workbook([("Day rates", COLUMNS, rows)], _NOTES)


def _safe(role: str) -> str:
    # Roles begin with a letter or a number now; cards of before may hold what a spreadsheet takes for a formula.
    return role if role[:1].isalnum() else f"'{role}"
