"""Staging: the judged rows of a file put beside the lines, where they wait to be confirmed. Rows that are known already need no place."""

import json
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.extracts.checking import Checked, Row
from calloffs.extracts.fields import DAYS, EMPTY
from calloffs.extracts.identity import accounting_day
from calloffs.extracts.spend_import import SpendImport, StagedLine, StagedPart, Verdict
from calloffs.extracts.spend_line import CONTENT
from calloffs.extracts.written import Mended, findings_written, headings_written, written
from framework.records.columns import table_of

AT_ONCE = 500
"""Rows of one transaction: few enough that nobody waits 100 ms for the writer's turn."""
staged, parts = table_of(StagedLine), table_of(StagedPart)


def take_facts(imported: SpendImport, checked: Checked) -> None:
    """Put what was found in the file beside its import: counts, sums, headings and sentences."""
    imported.rows_read = len(checked.rows)
    imported.rows_new = checked.count[Verdict.NEW]
    imported.rows_changed = checked.count[Verdict.CHANGED]
    imported.rows_known = checked.count[Verdict.KNOWN]
    imported.rows_rejected = checked.count[Verdict.REJECTED]
    imported.rows_left_out = checked.count[Verdict.LEFT_OUT]
    imported.rows_asked = checked.asked
    imported.net_pence, imported.vat_pence, imported.gross_pence = (
        checked.sums[name] for name in ("net", "vat", "gross")
    )
    imported.headings = headings_written(checked.headings)
    imported.warnings, imported.notes = written(checked.warnings), written(checked.notes)
    imported.named = "\n".join(checked.named)
    imported.refusal = "\n".join(checked.lacks)
    mended = Mended.read(imported.mended)
    mended.left = checked.left
    imported.mended = mended.written()
    imported.checked_at, imported.settled = checked.at, checked.settled


def to_stage(checked: Checked) -> list[list[Any]]:
    """The rows that need a place, as plain values in the order of `_COLUMNS`."""
    return [_plain(row) for row in checked.rows if row.verdict is not Verdict.KNOWN]


def insert(session: Session, import_id: int, rows: Sequence[Sequence[Any]]) -> None:
    """Stage rows that `to_stage` made plain."""
    if rows:
        session.connection().execute(
            staged.insert(), [{"import_id": import_id, **_bound(row)} for row in rows]
        )


def packed(rows: Sequence[Sequence[Any]]) -> list[bytes]:
    """The rows of a large file in parts, to be staged one after another. Slow, so it belongs before the writer's turn."""
    return [zlib.compress(json.dumps(part).encode(), 1) for part in _split(rows)]


def put_parts(session: Session, import_id: int, made: Sequence[bytes]) -> None:
    """Keep the parts of a large file."""
    told = [
        {"import_id": import_id, "number": number, "content": content} for number, content in enumerate(made)
    ]
    session.connection().execute(parts.insert(), told)


def part(session: Session, import_id: int, number: int) -> list[list[Any]] | None:
    """One part of a large file, or None when there is none of this number."""
    found = session.connection().execute(
        sa.select(parts.c.content).where(parts.c.import_id == import_id, parts.c.number == number)
    )
    content = found.scalar_one_or_none()
    if content is None:
        return None
    rows: list[list[Any]] = json.loads(zlib.decompress(content))
    return rows


def drop_part(session: Session, import_id: int, number: int) -> None:
    """Delete a part that is staged now."""
    session.connection().execute(
        parts.delete().where(parts.c.import_id == import_id, parts.c.number == number)
    )


def forget(session: Session, import_id: int, most: int = AT_ONCE) -> bool:
    """Delete up to so many staged rows of an import and its parts; False when nothing of it is staged any more."""
    connection = session.connection()
    connection.execute(parts.delete().where(parts.c.import_id == import_id))
    some = sa.select(staged.c.id).where(staged.c.import_id == import_id).limit(most)
    return connection.execute(staged.delete().where(staged.c.id.in_(some))).rowcount > 0


_COLUMNS = (
    *("row", "verdict", "identity", "occurrence", "alike", "accounting_on", "line_id", "cells"),
    *("findings", "asked", *CONTENT),
)
_DAY_COLUMNS = frozenset((*DAYS, "accounting_on"))


def _plain(row: Row) -> list[Any]:
    # What a row to be mended says may be too long or nothing at all: its cells tell it.
    content = EMPTY if row.findings else row.content
    return [
        *(row.number, row.verdict.value, row.identity, row.occurrence, row.alike),
        accounting_day(content),
        row.line_id,
        written(row.cells) if row.cells else "",
        findings_written(row.findings),
        row.asked,
        *(content[name] for name in CONTENT),
    ]


def _bound(row: Sequence[Any]) -> dict[str, Any]:
    found = dict(zip(_COLUMNS, row, strict=True))
    for name in _DAY_COLUMNS:
        found[name] = date.fromisoformat(found[name]) if found[name] else None
    found["verdict"] = Verdict(found["verdict"])
    return found


def _split(rows: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
