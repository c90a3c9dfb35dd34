"""The audit records: append-only, chained by hash, told as sentences.

Personal and free text (`words`) is kept in a table of its own that can be erased; the chained record holds only a keyed digest
of it, so erasing leaves the chain whole (RULE-81). Records are gathered during a transaction and written just before it commits,
when the head of the chain is held for as short a time as possible.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import Field, Session, SQLModel

from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.permissions import Visitor
from framework.records.columns import table_of

GENESIS = "0" * 64


class AuditRecord(SQLModel, table=True):
    """One thing that somebody did. Never updated, never deleted (triggers on both databases see to it)."""

    __tablename__ = "audit_record"

    id: int = Field(primary_key=True)
    """Place in the chain, from 1 without gaps."""
    at: datetime
    actor_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    action: str = Field(max_length=60)
    subject_kind: str = Field(max_length=30)
    subject_id: int | None = None
    subject: str = Field(max_length=200)
    party_id: int | None = Field(default=None, foreign_key="party.id", index=True)
    """The authority or supplier whose record this is; None where every reader of the subject may see it."""
    facts: str
    """Canonical JSON: amounts in pence, references, dates; digests of personal and free text."""
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)

    __table_args__ = (sa.Index("ix_audit_record_subject", "subject_kind", "subject_id", "id"),)


class AuditWords(SQLModel, table=True):
    """Personal or free text of a record, erasable; its keyed digest stays in the record."""

    __tablename__ = "audit_words"

    id: int = Field(default=None, primary_key=True)
    record_id: int = Field(index=True)
    name: str = Field(max_length=60)
    salt: str = Field(max_length=32)
    value: str | None = None
    erased_at: datetime | None = None

    __table_args__ = (sa.UniqueConstraint("record_id", "name"),)


class AuditHead(SQLModel, table=True):
    """The end of the chain: one row, held while records are added."""

    __tablename__ = "audit_head"

    id: int = Field(primary_key=True)
    last_id: int
    last_hash: str = Field(max_length=64)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a record is about: its kind, its row and the name people know it by."""

    kind: str
    id: int | None
    name: str
    party_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Pending:
    at: datetime
    actor_id: int | None
    action: str
    subject: Subject
    facts: dict[str, Any]
    words: dict[str, str]


def record(
    session: Session,
    *,
    actor: Visitor,
    action: str,
    subject: Subject,
    facts: Mapping[str, Any] | None = None,
    words: Mapping[str, str] | None = None,
) -> None:
    """Put down, in the caller's transaction, that `actor` did `action` to `subject`.

    `facts` take Money, dates, numbers, references and enumerations, and `(before, after)` pairs; names of people and anything
    that somebody typed go in `words`. The sentence is made when it is read (see `framework.records.sentences`).
    """
    session.info.setdefault("audit", []).append(
        _Pending(
            at=dates.now(),
            actor_id=actor.person_id,
            action=action,
            subject=subject,
            facts={name: plain(value) for name, value in (facts or {}).items()},
            words={name: value for name, value in (words or {}).items() if value},
        )
    )


def has_done(session: Session, actor: Visitor, actions: Sequence[str], kind: str, record_id: int) -> bool:
    """Whether this person ever did one of these to the record: who changed it last is not all who worked on it."""
    table = table_of(AuditRecord)
    found = session.connection().execute(
        sa.select(table.c.id)
        .where(
            table.c.subject_kind == kind,
            table.c.subject_id == record_id,
            table.c.actor_id == actor.person_id,
            table.c.action.in_(actions),
        )
        .limit(1)
    )
    return found.first() is not None


def plain(value: Any) -> Any:
    """A fact as the record holds it: money in pence, days and moments in ISO form."""
    if isinstance(value, Money):
        return {"pence": value.pence}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if hasattr(value, "isoformat"):
        return {"day": value.isoformat()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, str):
        return str(value)
    return value


# One encoder for good: json.dumps would make a new one for each record.
_write = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(value: Any) -> str:
    """The one way a record's facts are written, so that the same facts always have the same hash."""
    return _write(value)


def digest_of(salt: str, value: str) -> str:
    """Keyed digest of erasable text; without the salt (erased with the text) it cannot be guessed back."""
    return hmac.new(bytes.fromhex(salt), value.encode(), hashlib.sha256).hexdigest()


def hash_of(
    number: int,
    at: datetime,
    actor_id: int | None,
    action: str,
    subject: Sequence[Any],
    facts: str,
    previous: str,
) -> str:
    """The hash that chains one record to the one before it."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    body = canonical([number, moment, actor_id, action, *subject, facts, previous])
    return hashlib.sha256(body.encode()).hexdigest()


@dataclass(slots=True)
class Chain:
    """The end of the chain while records are added to it."""

    number: int
    hash: str
    salt: Callable[[], str] = lambda: secrets.token_hex(16)

    def link(
        self,
        at: datetime,
        actor_id: int | None,
        action: str,
        subject: Subject,
        facts: Mapping[str, Any],
        words: Mapping[str, str],
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The next record as a row, and the rows of its erasable text. `facts` are plain already (`plain`)."""
        self.number += 1
        told, texts = dict(facts), []
        for name, value in words.items():
            salt = self.salt()
            texts.append({"record_id": self.number, "name": name, "salt": salt, "value": value})
            told[f"{name}_digest"] = digest_of(salt, value)
        written = canonical(told)
        previous = self.hash
        about = (subject.kind, subject.id, subject.name[:200], subject.party_id)
        self.hash = hash_of(self.number, at, actor_id, action, about, written, previous)
        row = {
            "id": self.number,
            "at": at,
            "actor_id": actor_id,
            "action": action,
            "subject_kind": subject.kind,
            "subject_id": subject.id,
            "subject": subject.name[:200],
            "party_id": subject.party_id,
            "facts": written,
            "previous_hash": previous,
            "hash": self.hash,
        }
        return row, texts


@event.listens_for(OrmSession, "before_commit")
def _write_pending(session: Any) -> None:
    pending: list[_Pending] = session.info.pop("audit", [])
    if not pending:
        return
    session.flush()
    connection = session.connection()
    head, records, words = (table_of(model) for model in (AuditHead, AuditRecord, AuditWords))
    chain = Chain(*connection.execute(sa.select(head.c.last_id, head.c.last_hash).with_for_update()).one())
    rows: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    for one in pending:
        row, written = chain.link(one.at, one.actor_id, one.action, one.subject, one.facts, one.words)
        rows.append(row)
        texts += written
    connection.execute(records.insert(), rows)
    if texts:
        connection.execute(words.insert(), texts)
    connection.execute(head.update().values(last_id=chain.number, last_hash=chain.hash))


@event.listens_for(OrmSession, "after_rollback")
def _forget_pending(session: Any) -> None:
    session.info.pop("audit", None)
