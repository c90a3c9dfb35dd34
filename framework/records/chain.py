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


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the chain is not what it was: the record's number and what is wrong, in words."""

    number: int
    sentence: str


def verify(session: Session) -> tuple[int, list[Fault]]:
    """Walk the whole chain in blocks; returns how many records it holds and every fault found."""
    faults: list[Fault] = []
    expected, previous = 1, GENESIS
    for record in _walk(session):
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
        expected, previous = record.id + 1, record.hash
    head = session.exec(select(AuditHead).execution_options(populate_existing=True)).one()
    if head.last_id != expected - 1 or head.last_hash != previous:
        faults.append(
            Fault(expected - 1, f"the chain ends at record {expected - 1}, but its head says {head.last_id}")
        )
    faults.extend(_words(session))
    return expected - 1, faults


def _walk(session: Session) -> Iterator[sa.Row[Any]]:
    # Plain rows, not objects: memory stays flat and nothing that the session holds is disturbed.
    table = table_of(AuditRecord)
    last = 0
    while True:
        block = session.connection().execute(
            sa.select(table).where(table.c.id > last).order_by(table.c.id).limit(_BLOCK)
        )
        rows = block.all()
        if not rows:
            return
        yield from rows
        last = rows[-1].id


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
            kept = json.loads(text.facts or "{}").get(f"{text.name}_digest")
            if text.value is not None and digest_of(text.salt, text.value) != kept:
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
