"""Reading the files that tables become: the CSV's facts, the workbook's cells, and what a spreadsheet works out of them."""

import csv
import io
from contextvars import Context
from dataclasses import dataclass
from typing import Any

import openpyxl

MARK = "﻿"


@dataclass
class Book:
    """A workbook: its cells as kept (what was worked out when it was written), as live (formulas), and its notes."""

    kept: Any
    live: Any
    notes: dict[str, str]
    whole: Any

    @classmethod
    def of(cls, data: bytes) -> "Book":
        kept, live = (openpyxl.load_workbook(io.BytesIO(data), data_only=one) for one in (True, False))
        notes = {row[0].value: row[1].value for row in kept["Notes"].iter_rows()}
        return cls(kept["Figures"], live["Figures"], notes, live)

    @property
    def table(self) -> Any:
        (found,) = self.live.tables.values()
        return found

    @property
    def formulas(self) -> dict[str, str]:
        """Every formula by its cell."""
        found = {}
        for row in self.live.iter_rows():
            found.update({one.coordinate: one.value for one in row if one.data_type == "f"})
        return found


def csv_rows(data: bytes) -> list[dict[str, str]]:
    """The facts of a CSV, by the names of its columns."""
    text = data.decode()
    assert text.startswith(MARK), "spreadsheets read it as UTF-8 by this mark"
    # Whoever read a stranger's sheet in this process before may have left a low limit behind.
    csv.field_size_limit(1_000_000)
    return list(csv.DictReader(io.StringIO(text.removeprefix(MARK), newline="")))


def recalculated(path: Any) -> dict[str, float]:
    """Every cell of the sheet of figures as the `formulas` library works it out, by its name like F3."""
    import formulas

    solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    mark = f"'[{path.name}]FIGURES'!".upper()
    found = {}
    for key, value in solution.items():
        name = str(key).upper()
        if name.startswith(mark) and ":" not in name:
            found[name.removeprefix(mark)] = value.value[0, 0]
    return found


def fetched(visiting: Any, address: str) -> Any:
    """An answer with its body, asked for as another request would be: nothing of the test's own session is shared with it."""
    return Context().run(visiting.client.get, address)
