"""Taking a file of a source: kept while it is read, checked and confirmed. Nothing of it counts until it is confirmed."""

import zlib
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, select

from calloffs.extracts import staging
from calloffs.extracts.checking import Checked, check, sha256_of
from calloffs.extracts.extract import Extract
from calloffs.extracts.reading import read_extract, read_row
from calloffs.extracts.source import SpendSource
from calloffs.extracts.sourcing import columns_of
from calloffs.extracts.spend_import import ImportState, SpendImport
from calloffs.extracts.written import Mended
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, Refusal, refuse
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records.sheet_reading import seen

SMALL, SMALL_ROWS = 400_000, 2_000
"""Bytes and rows of a file that is read while the person waits; larger ones are read in steps."""
MOST_OPEN = 50
"""Files of one authority that are kept without being confirmed: each may be large, and is read whenever somebody asks."""
KEPT_FOR = timedelta(days=1)
"""How long a file is kept that nobody confirms."""
UNCONFIRMED = (ImportState.WAITING, ImportState.READING, ImportState.CHECKED, ImportState.REFUSED)


@dataclass(frozen=True, slots=True)
class Packed:
    """A file as it is kept: its SHA-256 and its bytes, compressed."""

    sha256: str
    content: bytes


def packed(content: bytes) -> Packed:
    """A file made ready to be kept. Slow for a large one, so it belongs before the writer's turn."""
    return Packed(sha256_of(content), zlib.compress(content, 1))


def read_and_check(
    session: Session,
    source: SpendSource,
    content: bytes,
    file_name: str,
    *,
    mended: Mended | None = None,
    own_id: int | None = None,
) -> Checked:
    """Read a file of a source apart and check it. Raises `Refused` beside "file". Nothing is saved; takes seconds for a large file."""
    authority = session.get_one(Party, source.authority_id)
    columns = columns_of(session, source.id)
    session.rollback()  # nothing is held while a stranger's file is read
    extract = read_extract(content, file_name, columns=columns, basis=source.basis, ask=True)
    if mended is not None:
        _put_right(extract, mended, source)
    return check(
        session,
        extract,
        sha256=sha256_of(content),
        source=source,
        authority=authority,
        mended=mended,
        own_id=own_id,
    )


def _put_right(extract: Extract, mended: Mended, source: SpendSource) -> None:
    for at, row in enumerate(extract.rows):
        if (cells := mended.cells.get(row.number)) is not None:
            extract.rows[at] = read_row(cells, extract.headings, source.basis, number=row.number)


def take(
    session: Session,
    *,
    actor: Visitor,
    source: SpendSource,
    content: bytes | Packed,
    file_name: str,
    checked: Checked | None = None,
) -> SpendImport:
    """Keep a file of a source as an import: checked already where it is small, else waiting to be read."""
    permitted(actor, Permission.INVOICE_RECORD, source.authority_id)
    _not_too_many(session, source.authority_id)
    ready = content if isinstance(content, Packed) else packed(content)
    imported = SpendImport(
        source_id=source.id,
        authority_id=source.authority_id,
        file_name=" ".join(seen(file_name).split())[:200] or "extract",
        sha256=ready.sha256,
        content=ready.content,
        state=ImportState.WAITING,
        started_at=dates.now(),
        started_by_id=actor.person_id,
    )
    session.add(imported)
    session.flush()
    if checked is not None:
        rows = staging.to_stage(checked)
        if len(rows) <= staging.AT_ONCE:
            staging.take_facts(imported, checked)
            staging.insert(session, imported.id, rows)
            imported.state = ImportState.CHECKED
            session.flush()
    return imported


def _not_too_many(session: Session, authority_id: int) -> None:
    own = select(SpendImport.id).where(
        SpendImport.authority_id == authority_id,
        col(SpendImport.state).in_(UNCONFIRMED),
        col(SpendImport.started_at) > dates.now() - KEPT_FOR,
    )
    if len(session.exec(own.limit(MOST_OPEN)).all()) == MOST_OPEN:
        refuse(
            f"{MOST_OPEN} files of your authority wait to be confirmed. Load those that are right and forget the others first",
            "file",
        )


def hold_checked(session: Session, imported: SpendImport) -> None:
    """Take a checked file's row until the transaction ends, and read it afresh: nobody saves it while it is put right, nor the other way.

    Raises `ChangedMeanwhile` where it is not waiting to be confirmed any more.
    """
    session.refresh(imported, with_for_update=True)
    if imported.state is not ImportState.CHECKED:
        raise ChangedMeanwhile(Refusal(f"Import {imported.id} is not waiting to be confirmed any more"))


def read_again(imported: SpendImport) -> None:
    """Have a checked file, held by the caller, read and judged once more: it was put right, or other lines came meanwhile."""
    imported.state, imported.place, imported.rows_done = ImportState.WAITING, 0, 0


def bytes_of(imported: SpendImport) -> bytes:
    """The file as it came; empty once it is confirmed or forgotten."""
    return zlib.decompress(imported.content) if imported.content else b""


def is_small(imported: SpendImport) -> bool:
    """Whether the person can wait for it."""
    return len(imported.content) <= SMALL // 4 and imported.rows_read <= SMALL_ROWS
