"""Erasing personal data when its time has come (RULE-81).

What was decided stays: role, level, rate and the audit chain. The person does not: names and clearances are emptied where they
stand, and so are the words of audit records that hold them, of which the chained record keeps only a keyed digest.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select, update

from framework.definitions import dates
from framework.people.permissions import CLOCK
from framework.records import audit
from framework.records.audit import AuditRecord, AuditWords
from framework.records.database import writing

UNSUCCESSFUL_MONTHS = 12
"""How long people who were not chosen, or are no longer put forward, are kept after the decision (RULE-81)."""
AWARDED_YEARS = 6
"""How long the people of an award are kept after it was closed (RULE-10)."""
ERASED = "(erased)"
"""What stands where a name stood, in a column that cannot be empty."""
_BLOCK = 200
_ID_BLOCK = 500


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased of one subject: how many people, and which decision began the time that has now passed."""

    subject: audit.Subject
    people: int
    why: str


# What each floor erases: (session, most subjects at once) -> what was erased now. Filled by app.py.
ERASERS: list[Callable[[Session, int], Iterable[Erased]]] = []


def erase_due() -> int:
    """Erase everything whose time has come, in short transactions; returns how many people's data went.

    However often and in however many processes it runs, each is erased once and recorded once.
    """
    people = 0
    for erase in ERASERS:
        while True:
            with writing() as session:
                erased = list(erase(session, _BLOCK))
                for one in erased:
                    people += one.people
                    audit.record(
                        session,
                        actor=CLOCK,
                        action="personal_data_erased",
                        subject=one.subject,
                        facts={"people": one.people, "why": one.why},
                    )
            if len(erased) < _BLOCK:
                break
    return people


def erase_words(
    session: Session,
    kind: str,
    subject_ids: Iterable[int],
    names: Iterable[str],
    meant: Callable[[AuditRecord], bool] | None = None,
) -> int:
    """Empty the named words of the audit records about these subjects; the chain stays whole. Returns how many were emptied.

    `meant` chooses among the records of a subject; without it all of them are meant.
    """
    wanted, emptied, ids = list(names), 0, list(subject_ids)
    for at in range(0, len(ids), _ID_BLOCK):
        records = session.exec(
            select(AuditRecord).where(
                AuditRecord.subject_kind == kind,
                col(AuditRecord.subject_id).in_(ids[at : at + _ID_BLOCK]),
                col(AuditRecord.id).in_(select(AuditWords.record_id).where(col(AuditWords.name).in_(wanted))),
            )
        )
        chosen = [one.id for one in records if meant is None or meant(one)]
        for start in range(0, len(chosen), _ID_BLOCK):
            done = session.exec(
                update(AuditWords)
                .where(
                    col(AuditWords.record_id).in_(chosen[start : start + _ID_BLOCK]),
                    col(AuditWords.name).in_(wanted),
                    col(AuditWords.value).is_not(None),
                )
                # The salt goes with the text: without it the digest in the chain cannot be guessed back.
                .values(value=None, salt="", erased_at=dates.now())
            )
            emptied += done.rowcount
    return emptied
