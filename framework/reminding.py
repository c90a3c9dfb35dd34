"""Reminders: what dates lie ahead, and the one message that each reader gets as a date comes near.

Nothing is planned ahead and nothing has to be kept in step: a reminder is worked out from the dates as they stand when the job runs
(RULE-97), so a moved date moves its reminders, and a closed item has none. Each goes once, because its message's key is unique.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from framework.definitions import dates
from framework.people.permissions import Visitor
from framework.people.person import Person
from framework.records import messages
from framework.records.jobs import JobRun, run_once

JOB = "reminders"
LONGEST_ABSENCE = timedelta(days=31)
"""How far back a first run, or one after a long silence, looks for what nobody was told."""
_SHIFT = timedelta(days=6)
"""A due day on a non-working day moves back by at most this."""


@dataclass(frozen=True, slots=True)
class Offset:
    """How long before a date its reminder is due."""

    months: int = 0
    days: int = 0

    def due_before(self, day: date) -> date:
        """The working day on which a reminder of `day` goes: the one before, when it falls on a non-working day."""
        return dates.reminder_day(dates.add_months(day, -self.months) - timedelta(days=self.days))

    def __str__(self) -> str:
        return f"{self.months}m" if self.months else f"{self.days}d"


@dataclass(frozen=True, slots=True)
class Dated:
    """One date that lies ahead of one record."""

    subject: str
    """Unique and stable: "agreement:12"."""
    title: str
    on: date
    address: str
    """Path of the page where something can be done about it."""
    readers: Callable[[], tuple[int, ...]] = tuple
    """Ids of the people who are told; asked only of what is due."""


@dataclass(frozen=True)
class Kind:
    """One kind of date: when its reminders go, and which records have such a date between two days, both included.

    `dated` is asked with a visitor for what that person may see, and without one for everything (then with readers).
    """

    name: str
    label: str
    """Such as "ends"; the sentence is "<title> <label> on <day>"."""
    advice: str
    offsets: tuple[Offset, ...]
    dated: Callable[[Session, date, date, Visitor | None], Iterable[Dated]]


# Every floor's kinds, joined by app.py.
KINDS: list[Kind] = []


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is due."""

    kind: Kind
    dated: Dated
    offset: Offset
    due_on: date


def due_between(session: Session, after: date, until: date) -> list[Due]:
    """Reminders whose day lies after `after` and no later than `until`: of each subject and kind only the nearest."""
    found: dict[tuple[str, str, date], Due] = {}
    for kind in KINDS:
        for offset in kind.offsets:
            first = dates.add_months(after, offset.months) + timedelta(days=offset.days)
            last = dates.add_months(until, offset.months) + timedelta(days=offset.days) + _SHIFT
            for one in kind.dated(session, first, last, None):
                due_on = offset.due_before(one.on)
                key = (kind.name, one.subject, one.on)
                if after < due_on <= until and (key not in found or due_on > found[key].due_on):
                    found[key] = Due(kind, one, offset, due_on)
    return sorted(found.values(), key=lambda due: (due.dated.on, due.kind.name, due.dated.subject))


def remind(session: Session) -> int:
    """Queue what fell due since the last run; returns how many messages are new. The caller commits.

    However many processes run it and however often, each reader gets one message for a subject, kind, date and offset.
    """
    today = dates.today()
    queued = 0
    for due in due_between(session, _last_run(session, today), today):
        for person in _people(session, due.dated.readers()):
            queued += _queue(session, due, person, today)
    run_once(session, f"{JOB}-through", today.isoformat())
    return queued


def _last_run(session: Session, today: date) -> date:
    newest = session.exec(
        select(JobRun.slot).where(JobRun.name == f"{JOB}-through").order_by(col(JobRun.slot).desc()).limit(1)
    ).first()
    earliest = today - LONGEST_ABSENCE
    if newest is None:
        return earliest
    # Today is looked at again each time: something may have been added since this morning.
    return max(min(date.fromisoformat(newest), today) - timedelta(days=1), earliest)


def _people(session: Session, ids: tuple[int, ...]) -> list[Person]:
    if not ids:
        return []
    return list(
        session.exec(
            select(Person).where(col(Person.id).in_(ids), col(Person.active)).order_by(col(Person.id))
        )
    )


def _queue(session: Session, due: Due, person: Person, today: date) -> bool:
    one, kind = due.dated, due.kind
    late = due.due_on < today
    when = dates.in_words(one.on)
    ahead = dates.days_between_in_words(today, one.on)
    return messages.queue(
        session,
        key=f"{kind.name}:{one.subject}:{one.on.isoformat()}:{due.offset}:{person.id}",
        person_id=person.id,
        to_address=person.email,
        subject=f"{'Late reminder: ' if late else ''}{one.title} {kind.label} on {when}"[:200],
        text=(
            f"Hello {person.name},\n\n{one.title} {kind.label} on {when} ({ahead}).\n\n{kind.advice}\n\n{one.address}\n"
            + (
                f"\nThis reminder was due on {dates.in_words(due.due_on)} and goes out late.\n"
                if late
                else ""
            )
        ),
    )


@dataclass(frozen=True, slots=True)
class Ahead:
    """One date that a visitor has coming."""

    on: date
    sentence: str
    title: str
    label: str
    address: str
    uid: str


def coming(session: Session, visitor: Visitor, first: date, last: date) -> list[Ahead]:
    """Every date between two days, both included, that this person may see, the nearest first."""
    found = [
        Ahead(
            one.on,
            f"{one.title} {kind.label}",
            one.title,
            kind.label,
            one.address,
            f"{kind.name}-{one.subject}",
        )
        for kind in KINDS
        for one in kind.dated(session, first, last, visitor)
    ]
    return sorted(found, key=lambda ahead: (ahead.on, ahead.sentence))
