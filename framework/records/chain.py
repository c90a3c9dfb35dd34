"""Whether the audit chain is whole: every record's hash, every link, every piece of text that has not been erased."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from framework.records.audit import GENESIS, AuditHead, AuditRecord, AuditWords, digest_of, hash_of
from framework.records.columns import table_of

_BLOCK = 1000
_DIGEST = "_digest"


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the chain is not what it was: the record's number and what is wrong, in words."""

    number: int
    sentence: str


def verify(session: Session) -> tuple[int, list[Fault]]:
    """Walk the whole chain in blocks; returns how many records it holds and every fault found."""
    faults: list[Fault] = []
    expected, previous = 1, GENESIS
    for record, texts in _walk(session):
        if record.id != expected:
            faults.append(Fault(record.id, f"record {expected} is missing before record {record.id}"))
        if record.previous_hash != previous:
            faults.append(Fault(record.id, f"record {record.id} does not follow the one before it"))
        about = (record.subject_kind, record.subject_id, record.subject, record.party_id)
        true = hash_of(
            record.id, record.at, record.actor_id, record.action, about, record.facts, record.previous_hash
        )
        if record.hash != true:
            faults.append(Fault(record.id, f"record {record.id} was changed after it was written"))
        for name in _names(record.facts) - texts:
            sentence = f"the text “{name}” of record {record.id} is gone without being erased"
            faults.append(Fault(record.id, sentence))
        expected, previous = record.id + 1, record.hash
    head = session.exec(select(AuditHead).execution_options(populate_existing=True)).one()
    if head.last_id != expected - 1 or head.last_hash != previous:
        faults.append(
            Fault(expected - 1, f"the chain ends at record {expected - 1}, but its head says {head.last_id}")
        )
    faults.extend(_words(session))
    return expected - 1, faults


def _walk(session: Session) -> Iterator[tuple[sa.Row[Any], set[str]]]:
    """Every record in order, with the names of the texts that are there for it."""
    # Plain rows, not objects: memory stays flat and nothing that the session holds is disturbed.
    table, words = table_of(AuditRecord), table_of(AuditWords)
    last = 0
    while True:
        block = session.connection().execute(
            sa.select(table).where(table.c.id > last).order_by(table.c.id).limit(_BLOCK)
        )
        rows = block.all()
        if not rows:
            return
        there: dict[int, set[str]] = {}
        named = sa.select(words.c.record_id, words.c.name).where(
            words.c.record_id > last, words.c.record_id <= rows[-1].id
        )
        for record_id, name in session.connection().execute(named):
            there.setdefault(record_id, set()).add(name)
        for row in rows:
            yield row, there.get(row.id, set())
        last = rows[-1].id


def _names(facts: str) -> set[str]:
    """The names of the texts whose digests a record holds. Erasing empties a text and leaves its row."""
    if _DIGEST not in facts:
        return set()
    return {name.removesuffix(_DIGEST) for name in _facts(facts) if name.endswith(_DIGEST)}


def _facts(written: str | None) -> dict[str, Any]:
    """A record's facts; none where somebody left something else in their place, which the record's hash tells."""
    try:
        held = json.loads(written or "{}")
    except ValueError:
        return {}
    return held if isinstance(held, dict) else {}


def _is_as_digested(salt: str, value: str, digest: object) -> bool:
    try:
        return digest_of(salt, value) == digest
    except ValueError:  # a salt that is no longer one
        return False


def _words(session: Session) -> Iterator[Fault]:
    texts, records = table_of(AuditWords), table_of(AuditRecord)
    last = 0
    while True:
        rows = session.connection().execute(
            sa.select(texts, records.c.facts)
            .outerjoin(records, records.c.id == texts.c.record_id)
            .where(texts.c.id > last)
            .order_by(texts.c.id)
            .limit(_BLOCK)
        )
        block = rows.all()
        if not block:
            return
        for text in block:
            kept = _facts(text.facts).get(f"{text.name}{_DIGEST}")
            if text.value is not None and not _is_as_digested(text.salt, text.value, kept):
                yield Fault(
                    text.record_id,
                    f"the text “{text.name}” of record {text.record_id} was changed after it was written",
                )
            if text.value is None and text.erased_at is None:
                yield Fault(
                    text.record_id,
                    f"the text “{text.name}” of record {text.record_id} is gone without being erased",
                )
        last = block[-1].id
