"""Reading extracts: any council's ledger or payments file into rows, or a refusal that says what to do (RULE-89, RULE-92).

The file is opened, its headings are found and its values are parsed in a process apart; one answer comes back.
"""

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from calloffs.extracts.extract import Content, Extract, Heading, ReadRow, heading_of
from calloffs.extracts.fields import EMPTY
from calloffs.extracts.rows import RowReader
from calloffs.extracts.source import AmountBasis
from framework.definitions.rules import Refusal, refuse
from framework.records.apart import Answer, work_apart
from framework.records.recognising import ending_of
from framework.records.sheet import Finding

MOST_BYTES = 40 * 1024 * 1024
SECONDS = 15
"""Of computing for one file."""
_TOO_MUCH = "This file is too big or too tangled to read. Save the sheet as CSV, or a month at a time, and choose that file"


def read_extract(
    content: bytes,
    file_name: str,
    *,
    columns: Mapping[str, str],
    basis: AmountBasis | None,
    field: str = "file",
    ask: bool = False,
) -> Extract:
    """Read a whole extract: CSV, TSV, XLSX, XLS or ODS, at most 40 MB and 120,000 rows.

    `columns` are the headings that a person decided before, folded, with the name of their field ("" leaves the column out); they win
    over `COLUMN_ALIASES`. `basis` is the source's own: it decides what a bare "Amount" is. Raises `Refused` beside `field` in words for
    a file that cannot be read, or without headings, an amount, a day, or a basis for its amount. With `ask` the last three are no
    refusal: the extract comes without rows and `lacks` says what a person must answer, so that the columns can be shown and chosen.
    """
    if not content.strip():
        refuse("The file is empty. Choose another", field)
    if len(content) > MOST_BYTES:
        refuse("The file is larger than 40 MB. Split it by month and load the parts one after another", field)
    told = {
        "ending": ending_of(file_name),
        "beside": field,
        "columns": dict(columns),
        "basis": basis and basis.value,
        "ask": ask,
    }
    too_much = Refusal(_TOO_MUCH, field)
    return extract_of(
        work_apart("calloffs.extracts.table:read_apart", content, told, too_much=too_much, seconds=SECONDS)
    )


def extract_of(answer: Answer) -> Extract:
    """The extract out of what the process apart answers with: plain values, and blocks of rows as JSON, one on each line."""
    said = answer.said
    return Extract(
        headings=tuple(heading_of(one) for one in said["headings"]),
        rows=_rows(said, answer.content),
        notes=tuple(said["notes"]),
        basis_found=AmountBasis(said["basis"]) if said["basis"] else None,
        header_row=said["header"],
        authorities_named=tuple(said["authorities"]),
        titles=tuple(said["titles"]),
        lacks=tuple(said["lacks"]),
    )


def read_row(
    cells: Sequence[str], headings: Sequence[Heading], basis: AmountBasis | None, *, number: int = 0
) -> ReadRow:
    """One row whose cells a person mended, read as its neighbours were. `headings` are those of its import, `number` is its row."""
    tidy = [" ".join(cell.split()) for cell in cells]
    tidy += [""] * (len(headings) - len(tidy))
    read = RowReader(headings, basis).read(number, tidy)
    read.cells = tuple(tidy)
    return read


def _rows(said: dict[str, Any], blocks: bytes) -> list[ReadRow]:
    names, once = said["names"], dict[Any, Any]()
    rows = []
    for block in io.BytesIO(blocks):
        for number, *values in json.loads(block):
            content: Content = dict(EMPTY)
            # Each value is kept once however often the ledger repeats it.
            content.update(zip(names, [once.setdefault(value, value) for value in values], strict=True))
            rows.append(ReadRow(number, content))
    for at, cells, findings in said["mend"]:
        number = rows[at].number
        rows[at].cells = tuple(cells)
        rows[at].findings = tuple(Finding(number, column, value, mend) for column, value, mend in findings)
    return rows
