"""Mends: what a row of a file said before a person put it right, told with its line for good."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.extracts.spend_import import SpendImport
from calloffs.extracts.spend_line import SpendLine, SpendLineVersion
from calloffs.extracts.staging import staged
from calloffs.extracts.written import Mended, headings_from

_LONGEST = 80


def keep(session: Session, imported: SpendImport) -> None:
    """Of an import that is loaded now, keep what mended rows said before, what was left out, and nothing else of what was said of rows."""
    said = Mended.read(imported.mended)
    said.was = {row: cells for row, cells in said.was.items() if row not in said.left_out}
    changed = sa.select(staged.c.row, staged.c.line_id).where(
        staged.c.import_id == imported.id, staged.c.row.in_(list(said.was)), staged.c.line_id.is_not(None)
    )
    lines = dict(session.connection().execute(changed).all()) if said.was else {}
    cells = {row: said.cells[row] for row in said.was if row in said.cells}
    imported.mended = Mended(cells=cells, was=said.was, lines=lines, left=said.left).written()


def of_line(session: Session, line: SpendLine) -> list[str]:
    """How the row of a line was mended when it was loaded, and when a later file changed it: a sentence each."""
    later = select(SpendLineVersion.replaced_by_import_id).where(
        SpendLineVersion.line_id == line.id, col(SpendLineVersion.restored_at).is_(None)
    )
    query = (
        select(SpendImport.id, SpendImport.mended, SpendImport.headings)
        .where(
            sa.or_(col(SpendImport.id) == line.import_id, col(SpendImport.id).in_(later)),
            SpendImport.mended != "",
        )
        .order_by(col(SpendImport.id))
    )
    told = []
    for number, mended, headings in session.exec(query):
        said = Mended.read(mended)
        rows = [row for row, line_id in said.lines.items() if line_id == line.id]
        own = number == line.import_id and line.row not in said.lines
        for row in [line.row] if own else rows:
            if row in said.was and (what := _what(said, row, headings)):
                when = "when loaded" if number == line.import_id else f"when import {number} changed it"
                told.append(f"Mended {when}: {what}")
    return told


def _what(said: Mended, row: int, headings: str) -> str:
    now = said.cells.get(row, [])
    return ", ".join(
        f"{one.text} was " + (f"“{was[:_LONGEST]}”" if was else "empty")
        for one, was, cell in zip(headings_from(headings), said.was[row], now, strict=False)
        if was != cell
    )
