"""What a spend report says, read from its page, its CSV file and its workbook, in whole pence."""

import csv
import io
import re
from xml.etree.ElementTree import Element

import openpyxl
from sqlmodel import func, select

from calloffs.reports.report import FIGURES
from calloffs.spend.entry import EntryKind, LedgerEntry
from framework.records import database
from tests.journeys.agreement_chapters import Story
from tests.journeys.walking import Walker, words_of

Row = tuple[int | None, ...]
_H = "{http://www.w3.org/1999/xhtml}"


def pence(text: str) -> int | None:
    """An amount as a person or a file writes it; None for words."""
    found = re.fullmatch(r"([-−]?)£?([0-9,]+)\.([0-9]{2})", text.strip())
    if not found:
        return None
    return (-1 if found[1] else 1) * int(found[2].replace(",", "") + found[3])


def on_page(reader: Walker) -> tuple[list[Row], Row]:
    """The rows of the report's table, and its total; a column that the page leaves out has no amounts."""
    table = next(one for one in reader.page.all("table") if list(one.iter(f"{_H}tfoot")))
    shown = [words_of(one) for one in _numeric(next(iter(table.iter(f"{_H}tr"))))]
    rows = [_amounts(shown, row) for body in table.iter(f"{_H}tbody") for row in body.iter(f"{_H}tr")]
    total = [_amounts(shown, row) for foot in table.iter(f"{_H}tfoot") for row in foot.iter(f"{_H}tr")]
    assert len(total) == 1
    return rows, total[0]


def _numeric(row: Element) -> list[Element]:
    return [one for one in row if "app-numeric" in (one.get("class") or "")]


def _amounts(shown: list[str], row: Element) -> Row:
    said = {name: pence(words_of(one)) for name, one in zip(shown, _numeric(row), strict=True)}
    return tuple(said.get(one.heading) for one in FIGURES)


def in_csv(data: bytes) -> list[Row]:
    """The rows of the CSV file."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    return [tuple(pence(row[one.name]) for one in FIGURES) for row in rows]


def in_workbook(data: bytes) -> tuple[list[Row], Row]:
    """The rows of the workbook's table, and the totals above it as a program sees them that does not calculate."""
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Spend"]
    lines = [list(row) for row in sheet.iter_rows(values_only=True)]
    head = next(number for number, line in enumerate(lines) if "Reserved" in line)
    first = lines[head].index(FIGURES[0].heading)
    rows = [_cells(line, first) for line in lines[head + 1 :]]
    total = next(line for line in lines if str(line[0]).startswith("Total"))
    return rows, _cells(total, first)


def _cells(line: list[object], first: int) -> Row:
    cells = line[first : first + len(FIGURES)]
    return tuple(None if one is None else round(float(str(one)) * 100) for one in cells)


def posted(story: Story) -> dict[EntryKind, int]:
    """What the ledger's entries come to, kind by kind."""
    with story.app.app_context():
        session = database.current()
        found = dict(
            session.exec(
                select(LedgerEntry.kind, func.sum(LedgerEntry.amount_pence)).group_by(LedgerEntry.kind)
            ).all()
        )
        session.close()
    return {kind: int(found.get(kind, 0)) for kind in EntryKind}


def alike_everywhere(story: Story, name: str, start: str) -> dict[str, Row]:
    """Walk the overview and every report beside `start`; each says the same to the penny on its page, in CSV and in XLSX. The totals by heading."""
    reader = story[name]
    totals: dict[str, Row] = {}
    reader.open(start)
    reports = dict.fromkeys(link for link in reader.page.links if link.startswith("/spend/agreements/"))
    for address in dict.fromkeys(["/spend/", start, *(one for one in reports if "." not in one)]):
        reader.open(address)
        rows, total = on_page(reader)
        heading = words_of(reader.page.all("h1")[0])
        assert in_csv(reader.download("Download as CSV")) == rows, address
        their_rows, their_total = in_workbook(reader.download("Download as a workbook"))
        assert their_rows == rows, address
        for place, figure in enumerate(FIGURES):
            if total[place] is not None or figure.name not in ("ceiling", "left"):
                assert their_total[place] == total[place], f"{address}: {figure.name}"
        for place, figure in enumerate(FIGURES):
            if figure.name not in ("ceiling", "left"):
                assert sum(row[place] or 0 for row in rows) == total[place], f"{address}: {figure.name}"
        totals[heading] = total
    return totals
