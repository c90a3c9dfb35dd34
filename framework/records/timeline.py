"""What happened to a record, told in sentences from its audit records."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from framework.definitions import dates
from framework.definitions.money import Money
from framework.people import finding
from framework.people.permissions import Permission, Visitor
from framework.records.audit import AuditRecord, AuditWords

# Action to sentence, joined from every floor by app.py.
SENTENCES: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened: the sentence, what somebody wrote with it, and when in London."""

    sentence: str
    words: str
    when: str


class _Pair:
    """A value before and after, for sentences that tell both."""

    def __init__(self, before: Any, after: Any) -> None:
        self.before, self.after = before, after

    def __str__(self) -> str:
        return f"from {self.before} to {self.after}"


def of(session: Session, visitor: Visitor, kind: str, record_id: int, most: int = 100) -> list[Happening]:
    """The newest happenings of one record, newest first, at most `most` of them.

    The caller has already fetched the record through the visitor. A partner is shown what is its own or everybody's; people of a
    council are shown their own authority's records and those of no one in particular.
    """
    query = select(AuditRecord).where(AuditRecord.subject_kind == kind, AuditRecord.subject_id == record_id)
    readable = visitor.parties_where(Permission.AUDIT_READ) | visitor.parties_where(Permission.OFFER_READ)
    query = query.where(or_(col(AuditRecord.party_id).is_(None), col(AuditRecord.party_id).in_(readable)))
    records = list(session.exec(query.order_by(col(AuditRecord.id).desc()).limit(most)))
    return told(session, records)


def told(session: Session, records: list[AuditRecord]) -> list[Happening]:
    """Audit records as sentences, in the order given; two statements however many there are."""
    words: dict[int, dict[str, str]] = {}
    if records:
        for text in session.exec(
            select(AuditWords).where(col(AuditWords.record_id).in_([one.id for one in records]))
        ):
            words.setdefault(text.record_id, {})[text.name] = (
                text.value if text.value is not None else "(erased)"
            )
    names = finding.names(session, {one.actor_id for one in records if one.actor_id is not None})
    return [_tell(one, words.get(one.id, {}), names) for one in records]


def _tell(record: AuditRecord, words: dict[str, str], names: Mapping[int, str]) -> Happening:
    facts = {name: plainly(value) for name, value in json.loads(record.facts).items()}
    actor = "The clock" if record.actor_id is None else names.get(record.actor_id, "A former user")
    template = SENTENCES.get(record.action, "{actor}: " + record.action.replace("_", " ") + ", {subject}")
    used = {**words, **facts, "actor": actor, "subject": record.subject}
    sentence = template.format_map(_Missing(used))
    rest = [value for name, value in words.items() if "{" + name + "}" not in template]
    return Happening(sentence, "\n".join(rest), dates.moment_in_words(record.at))


class _Missing(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "(not recorded)"


def plainly(value: Any) -> Any:
    """A recorded fact as a person writes it."""
    if isinstance(value, dict):
        for name, read in _READERS.items():
            if set(value) == {name}:
                return read(value[name])
        return ", ".join(f"{name.replace('_', ' ')} {plainly(part)}" for name, part in sorted(value.items()))
    if isinstance(value, list):
        if len(value) == 2:
            return _Pair(plainly(value[0]), plainly(value[1]))
        return ", ".join(str(plainly(part)) for part in value)
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


_READERS: dict[str, Callable[[Any], str]] = {
    "pence": lambda pence: str(Money(int(pence))),
    "day": lambda text: dates.in_words(date.fromisoformat(text)),
    "moment": lambda text: dates.moment_in_words(datetime.fromisoformat(text)),
}
