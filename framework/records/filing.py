"""Filing: stored documents are put away once, listed without their bytes and never changed."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from framework.people.permissions import Visitor
from framework.records.audit import Subject, canonical
from framework.records.stored_document import StoredDocument


@dataclass(frozen=True, slots=True)
class Filed:
    """A stored document without its bytes: enough to list it and to link to it."""

    id: int
    kind: str
    reference: str
    title: str
    file_name: str
    media_type: str
    size: int
    sha256: str
    data_sha256: str
    created_at: datetime

    @property
    def readable_hash(self) -> str:
        """The file's SHA-256 in groups of eight, to compare by eye."""
        return " ".join(self.sha256[at : at + 8] for at in range(0, len(self.sha256), 8))

    @property
    def readable_size(self) -> str:
        """Such as "84 KB"."""
        return f"{-(-self.size // 1024):,} KB"


def store(
    session: Session,
    *,
    kind: str,
    reference: str,
    title: str,
    content: bytes,
    media_type: str,
    ending: str,
    subject: Subject,
    actor: Visitor,
    at: datetime,
    snapshot: Mapping[str, Any] | None = None,
) -> StoredDocument:
    """Put a file away for good, with the hash of its bytes and of the snapshot it was made from.

    The reference is unique: a second file under the same one raises IntegrityError when the session is flushed.
    """
    data = "" if snapshot is None else canonical(snapshot)
    document = StoredDocument(
        kind=kind,
        reference=reference,
        title=title[:200],
        file_name=safe_file_name(reference, ending),
        media_type=media_type,
        subject_kind=subject.kind,
        subject_id=subject.id or 0,
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        snapshot=data,
        data_sha256=hashlib.sha256(data.encode()).hexdigest() if data else "",
        created_at=at,
        created_by_id=actor.person_id,
    )
    session.add(document)
    session.flush()
    return document


def safe_file_name(words: str, ending: str) -> str:
    """A file name of letters, digits, dots and dashes alone, which every system keeps as it is."""
    kept = re.sub(r"[^A-Za-z0-9.]+", "-", words).strip("-.")[:80]
    return f"{kept or 'document'}.{ending}"


def filed(session: Session, kind: str, subject_id: int, papers: tuple[str, ...] = ()) -> list[Filed]:
    """Documents of a subject, the newest first, without reading their bytes; `papers` names the kinds wanted (all when empty)."""
    query = _without_bytes().where(
        StoredDocument.subject_kind == kind, StoredDocument.subject_id == subject_id
    )
    if papers:
        query = query.where(col(StoredDocument.kind).in_(papers))
    return [Filed(*row) for row in session.exec(query.order_by(col(StoredDocument.id).desc()))]


def filed_for(
    session: Session, kind: str, subject_ids: Sequence[int], papers: tuple[str, ...]
) -> dict[int, list[Filed]]:
    """The same for several subjects in one statement, by subject."""
    found: dict[int, list[Filed]] = {}
    query = (
        _without_bytes(StoredDocument.subject_id)
        .where(
            StoredDocument.subject_kind == kind,
            col(StoredDocument.subject_id).in_(subject_ids),
            col(StoredDocument.kind).in_(papers),
        )
        .order_by(col(StoredDocument.id).desc())
    )
    for *row, subject_id in session.exec(query):
        found.setdefault(subject_id, []).append(Filed(*row))
    return found


def _without_bytes(*more: Any) -> Any:
    columns = [getattr(StoredDocument, one.name) for one in fields(Filed)]
    return select(*columns, *more)
