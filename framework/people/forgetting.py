"""Erasing copies of personal data that are kept beside the facts: what refusals said, and letters that were sent (RULE-81)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from framework.definitions import dates
from framework.records.audit import AuditRecord, AuditWords, Subject
from framework.records.columns import table_of
from framework.records.erasing import ERASED, UNSUCCESSFUL_MONTHS, Erased
from framework.records.messages import Message

_WHY = f"{UNSUCCESSFUL_MONTHS} months after it was written"


def erase_refusals(session: Session, _most: int) -> Iterable[Erased]:
    """The sentences of refusals of a year ago, which repeat what was typed; that somebody was refused, and where, stays."""
    words, records = table_of(AuditWords), table_of(AuditRecord)
    old = sa.select(records.c.id).where(records.c.action == "refused", records.c.at < _a_year_ago())
    done = session.connection().execute(
        sa.update(words)
        .where(words.c.record_id.in_(old), words.c.value.is_not(None))
        # The salt goes with the text: without it the digest in the chain cannot be guessed back.
        .values(value=None, salt="", erased_at=dates.now())
    )
    if done.rowcount:
        yield Erased(Subject("page", None, "what refusals said"), done.rowcount, _WHY)


def erase_letters(session: Session, _most: int) -> Iterable[Erased]:
    """Text and address of letters that were sent, or given up, a year ago; that there was one, and about what, stays."""
    letters = table_of(Message)
    done = session.connection().execute(
        sa.update(letters)
        .where(
            letters.c.status.in_(("sent", "failed")),
            letters.c.queued_at < _a_year_ago(),
            letters.c.to_address != ERASED,
        )
        .values(to_address=ERASED, text=ERASED, html="")
    )
    if done.rowcount:
        yield Erased(Subject("message", None, "letters that were sent"), done.rowcount, _WHY)


def _a_year_ago() -> datetime:
    return dates.start_of(dates.add_months(dates.today(), -UNSUCCESSFUL_MONTHS) + timedelta(days=1))
