"""The table of an extract, read in the process apart: which rows are data, which are titles, totals and words, and what each says."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from calloffs.extracts.amount_basis import AmountBasis
from calloffs.extracts.columns import Columns, basis_of, columns_of, lacking, read_alike
from calloffs.extracts.extract import ReadRow
from calloffs.extracts.headings import HeadingRow, Lines, heading_row, likely_row
from calloffs.extracts.rows import RowReader
from calloffs.extracts.totals import Aside
from framework.definitions.rules import refuse
from framework.records.apart import Answer
from framework.records.sheet import LONGEST_CELL, Finding
from framework.records.sheet_peek import letters
from framework.records.sheet_reading import Opened, in_bounds, opened
from framework.records.sheet_text import SEPARATORS, parted

MOST_ROWS = 120_000
MOST_COLUMNS = 150
_MOST_UNPACKED = 110 * 1024 * 1024
_AUTHORITIES = 20
_TITLES_NAMED = 3
_MOST_TITLES, _LONGEST_TITLE = 60, 300
_BLOCK = 1_000
_STATUS = frozenset({"m", "o", "r", "mandatory", "optional", "recommended"})


def read_apart(
    content: bytes, *, ending: str, beside: str, columns: dict[str, str], basis: str | None, ask: bool
) -> Answer:
    """What `reading.read_extract` does, in the process apart."""
    source = AmountBasis(basis) if basis else None
    found = opened(
        content,
        ending=ending,
        beside=beside,
        most_rows=MOST_ROWS,
        most_columns=MOST_COLUMNS,
        most_unpacked=_MOST_UNPACKED,
        choose=lambda head, seems: _separator(head, seems, columns),
    )
    lines, ran_together = _tidied(found, beside)
    row = heading_row(lines, columns, found.merged) or (likely_row(lines) if ask else None)
    if row is None:
        refuse(
            "No row of headings was found in the first 30 rows. Give the table a first row that names each column, "
            "at least the day (“Payment date”) and the amount (“Net amount” or “Gross amount”), and choose the new file",
            beside,
        )
    notes = [*found.notes, *_above(lines, row)]
    header = lines[row.at][0]
    data: Lines = lines[row.at + 1 :]
    if data and {cell.casefold() for cell in data[0][1] if cell} <= _STATUS:
        notes.append(f"Row {data[0][0]:,} says which columns are mandatory and was left out")
        data = data[1:]
    if not data:
        refuse("The file has headings and no rows below them. Choose a file with the rows", beside)
    named = columns_of(row, data, columns)
    lacks = lacking(named, source)
    if lacks and not ask:
        refuse(". ".join(lacks), beside)
    said: dict[str, Any] = {"names": [], "mend": [], "authorities": [], "notes": []}
    rows: list[bytes] = []
    if not lacks:
        data = _filled_down(data, found.merged, named, notes)
        read_alike(named, data, from_1904=found.from_1904, beside=beside)
        said = _read(named, data, row, source, ran_together if found.between else None, beside)
        rows = said.pop("rows")
    basis_found = basis_of(named)
    return Answer(
        {
            **said,
            "headings": [one.as_plain() for one in named.headings],
            "notes": [*notes, *named.notes, *said["notes"]],
            "basis": basis_found and basis_found.value,
            "header": header,
            "titles": _titles(lines[: row.at + 1 - row.rows]),
            "lacks": lacks,
        },
        b"\n".join(rows),
    )


def _separator(head: str, seems: str, columns: dict[str, str]) -> str:
    """What parts the cells so that a row of them names the most columns: a title with commas in it tells nothing."""
    scores = {}
    for between in SEPARATORS:
        rows = [
            (at, cells) for at, (cells, _) in enumerate(zip(parted(head, between), range(60), strict=False))
        ]
        row = heading_row([(at, _tidy(cells)) for at, cells in rows if any(cells)], columns)
        scores[between] = (row.score if row else 0, between == seems)
    return max(scores, key=lambda between: scores[between])


def _tidy(cells: Sequence[str]) -> list[str]:
    return [" ".join(cell.split()) if cell else "" for cell in cells]


def _tidied(found: Opened, beside: str) -> tuple[list[tuple[int, list[str]]], set[int]]:
    """The rows that hold anything, and the numbers of those into which others seem to have run."""
    lines = []
    together = set()
    once: dict[str, str] = {}
    for at, (number, cells) in enumerate(found.lines):
        # What is read is let go at once, since both would not fit side by side.
        found.lines[at] = (number, [])
        if any(cells[MOST_COLUMNS:]):
            refuse(
                f"Row {number:,} has more than {MOST_COLUMNS} columns. Delete what is not needed and choose the new file",
                beside,
            )
        joined = "".join(cells)
        if found.between and "\n" in joined and _runs_on(cells, found.between):
            together.add(number)
        if len(joined) > LONGEST_CELL or not joined.isprintable():
            cells = in_bounds(number, cells, beside)
        tidy = [once.setdefault(cell, cell) for cell in _tidy(cells)]
        if any(tidy):
            lines.append((number, tidy))
    found.lines.clear()
    return lines, together


def _runs_on(cells: Sequence[str], between: str) -> bool:
    """Whether a cell over several lines holds as many separators as those lines would have, had a quotation mark not been missing."""
    others = len(cells) - 1
    return others > 1 and any(
        "\n" in cell and cell.count(between) >= cell.count("\n") * others for cell in cells
    )


def _above(lines: Lines, row: HeadingRow) -> Iterator[str]:
    titles = lines[: row.at + 1 - row.rows]
    if row.rows == 2:
        yield f"Rows {lines[row.at - 1][0]:,} and {lines[row.at][0]:,} were read together as the headings"
    if titles:
        words = [" ".join(filter(None, cells))[:60] for _, cells in titles[:_TITLES_NAMED]]
        more = f" and {len(titles) - _TITLES_NAMED} more" if len(titles) > _TITLES_NAMED else ""
        rows = "Row" if len(titles) == 1 else "Rows"
        numbers = f"{titles[0][0]:,}" + (f" to {titles[-1][0]:,}" if titles[1:] else "")
        yield (
            f"{rows} {numbers} above the headings {'was' if not titles[1:] else 'were'} left out: "
            + ", ".join(f"“{one}”" for one in words)
            + more
        )


def _titles(lines: Lines) -> list[str]:
    """What stands above the headings, a cell each, without what is told twice: it may say whose file this is."""
    cells = dict.fromkeys(cell[:_LONGEST_TITLE] for _, cells in lines for cell in cells if cell)
    return list(cells)[:_MOST_TITLES]


def _filled_down(
    data: Lines, merged: Sequence[tuple[int, int, int, int]], named: Columns, notes: list[str]
) -> Lines:
    """What stands in cells merged downwards counts for each of their rows; but never an amount, which would count more than once."""
    places = {
        place
        for one, place in zip(named.headings, named.places, strict=True)
        if one.field and not one.field.endswith("_pence") and one.field != "amount"
    }
    by_number = {number: list(cells) for number, cells in data} if merged else {}
    told = []
    last = max(by_number, default=0)
    # Merged cells never overlap in a sheet that a spreadsheet wrote; in another one each cell is filled once all the same.
    filled: dict[int, int] = {}
    for top, left, bottom, _ in sorted(merged):
        if left - 1 not in places or bottom == top or top not in by_number:
            continue
        told.append(f"{letters(left)}{top} to {letters(left)}{bottom}")
        begins, filled[left] = max(top, filled.get(left, 0)) + 1, max(bottom, filled.get(left, 0))
        for number in range(begins, min(bottom, last) + 1):
            cells = by_number.get(number)
            if cells and left <= len(cells) and not cells[left - 1]:
                cells[left - 1] = by_number[top][left - 1]
    if not told:
        return data
    more = f" and {len(told) - 5} more" if told[5:] else ""
    notes.append(f"Merged cells were read as if each row had their value: {', '.join(told[:5])}{more}")
    return [(number, by_number[number]) for number, _ in data]


def _read(
    named: Columns,
    data: Lines,
    row: HeadingRow,
    basis: AmountBasis | None,
    ran_together: set[int] | None,
    beside: str,
) -> dict[str, Any]:
    reader = RowReader(named.headings, basis)
    aside = Aside(named.headings, reader.amounts)
    authorities: Counter[str] = Counter()
    width, names, headings = max(named.places) + 1, reader.names, named.cells(row.texts)
    # Written out block by block: the rows of a large file and one long answer do not fit side by side.
    block: list[list[Any]] = []
    written: list[bytes] = []
    count = 0
    mend: list[tuple[int, Sequence[str], list[tuple[str, str, str]]]] = []
    for number, cells in data:
        own = named.cells(cells)
        read = reader.read(number, own)
        if aside.takes(read, own, headings, is_last=number == data[-1][0]):
            continue
        # Only text can lose its columns; in a workbook a cell beyond the table is a remark.
        if ran_together is not None and (number in ran_together or any(cells[width:])):
            read = _moved(read, own, cells[width:], named)
        if read.findings:
            mend.append((count, own, [(one.column, one.value, one.mend) for one in read.findings]))
        block.append([number, *(read.content[name] for name in names)])
        count += 1
        if len(block) == _BLOCK:
            written.append(_json(block))
            block.clear()
        if authority := read.content["authority_named"]:
            authorities[str(authority)] += 1
    if not count:
        refuse("The file has headings and no rows of data below them. Choose a file with the rows", beside)
    cut = [
        f"In “{text}”, {many:,} different {'text was' if many == 1 else 'texts were'} too long and cut at the end"
        for text, many in reader.cut.items()
    ]
    return {
        "names": names,
        "rows": [*written, _json(block)],
        "mend": mend,
        "authorities": [name for name, _ in authorities.most_common(_AUTHORITIES)],
        "notes": [*aside.notes(), *cut],
    }


def _json(block: list[list[Any]]) -> bytes:
    return json.dumps(block, separators=(",", ":")).encode()


def _moved(read: ReadRow, own: tuple[str, ...], beyond: Sequence[str], named: Columns) -> ReadRow:
    """A row of text whose cells do not stand under their headings: a comma or a quotation mark too many or too few."""
    if any(beyond):
        mend = (
            "The row has more cells than there are headings, because a name or an amount with a comma in it stands without quotation "
            "marks: check every cell of this row"
        )
    else:
        mend = (
            "A quotation mark seems to be missing, and the rows below have run into this one: put the file right and load it again, "
            "or mend this row if it is right as it stands"
        )
    value = " | ".join(filter(None, beyond)) or max(own, key=len)
    extra = Finding(read.number, named.headings[-1].text, value[:80], mend)
    return ReadRow(read.number, read.content, own, (*read.findings, extra))
