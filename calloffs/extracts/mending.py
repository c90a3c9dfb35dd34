"""Mending a checked file on the page: columns explained, rows put right or left out knowingly, rows that look alike decided."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from calloffs.extracts.fields import FIELDS
from calloffs.extracts.reading import read_row
from calloffs.extracts.source import SpendSource
from calloffs.extracts.sourcing import remember_columns
from calloffs.extracts.spend_import import SpendImport, StagedLine, Verdict
from calloffs.extracts.taking import hold_checked, read_again
from calloffs.extracts.written import Mended, headings_from, read
from framework.definitions.rules import Refusal, Refused
from framework.people.permissions import Permission, Visitor, permitted

MOST_CELL = 5_000


def explain_columns(
    session: Session, *, actor: Visitor, imported: SpendImport, columns: Mapping[str, str | None]
) -> None:
    """Remember what columns of the file are (folded heading, then field; "" leaves it out) and have it read again with that.

    Raises `Refused` beside the column for one that is not said, and for a field that two columns claim.
    """
    permitted(actor, Permission.INVOICE_RECORD, imported.authority_id)
    hold_checked(session, imported)
    headings = headings_from(imported.headings)
    said = {one.folded: columns.get(one.folded, one.field) for one in headings}
    refusals = []
    claimed: dict[str, str] = {}
    for one in headings:
        field = said[one.folded]
        beside = f"column-{one.position}"
        if field is None or (field and field not in FIELDS):
            refusals.append(Refusal(f"Choose what “{one.text[:60]}” is, or leave it out", beside))
        elif field and field in claimed:
            refusals.append(
                Refusal(
                    f"“{one.text[:60]}” and “{claimed[field][:60]}” cannot both be {FIELDS[field].label.lower()}",
                    beside,
                )
            )
        elif field:
            claimed[field] = one.text
    if refusals:
        raise Refused(*refusals)
    decided = {one.folded: said[one.folded] or "" for one in headings if said[one.folded] != one.field}
    source = session.get_one(SpendSource, imported.source_id)
    if remember_columns(session, actor=actor, source=source, columns=decided):
        read_again(imported)


def mend_row(
    session: Session, *, actor: Visitor, imported: SpendImport, staged: StagedLine, cells: Sequence[str]
) -> None:
    """Put a row right by its cells; the file is then read again with it. Raises `Refused` beside the cells that are still wrong."""
    permitted(actor, Permission.INVOICE_RECORD, imported.authority_id)
    hold_checked(session, imported)
    headings = headings_from(imported.headings)
    source = session.get_one(SpendSource, imported.source_id)
    cells = [cell[:MOST_CELL] for cell in cells][: len(headings)]
    cells += [""] * (len(headings) - len(cells))
    found = read_row(cells, headings, source.basis, number=staged.row)
    if found.findings:
        at = {one.text: f"cell-{one.position}" for one in headings}
        raise Refused(*(Refusal(one.without_row(), at.get(one.column)) for one in found.findings))
    mended = Mended.read(imported.mended)
    # As it came: a row that is mended twice came once.
    mended.was.setdefault(staged.row, list(read(staged.cells)))
    mended.cells[staged.row] = list(cells)
    mended.left_out.discard(staged.row)
    imported.mended = mended.written()
    read_again(imported)


def leave_out(session: Session, *, actor: Visitor, imported: SpendImport, staged: StagedLine) -> None:
    """Leave one row out knowingly."""
    permitted(actor, Permission.INVOICE_RECORD, imported.authority_id)
    hold_checked(session, imported)
    mended = Mended.read(imported.mended)
    mended.left_out.add(staged.row)
    imported.mended = mended.written()
    read_again(imported)


def decide_alike(
    session: Session,
    *,
    actor: Visitor,
    imported: SpendImport,
    asked: Sequence[StagedLine],
    left_out: set[int],
) -> None:
    """Say of rows that look like others which are left out (by row number); the others are kept, and not asked about again."""
    permitted(actor, Permission.INVOICE_RECORD, imported.authority_id)
    hold_checked(session, imported)
    mended = Mended.read(imported.mended)
    rows = {one.row for one in asked}
    before = set(mended.left_out)
    mended.kept = (mended.kept | rows) - left_out
    mended.left_out = (mended.left_out - rows) | (left_out & rows)
    imported.mended = mended.written()
    if mended.left_out != before:
        read_again(imported)
    else:
        imported.rows_asked = sum(one.verdict is Verdict.NEW and one.row not in mended.kept for one in asked)
