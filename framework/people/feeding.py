"""Each person's own calendar feed: a secret address that can be renewed, carrying the dates that person may see."""

import secrets
from collections.abc import Iterable
from datetime import date
from typing import Protocol

from sqlmodel import Session, select

from framework.definitions import dates
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission, Visitor
from framework.people.person import Person
from framework.records import audit


class OneDate(Protocol):
    """A date with its sentence, page and lasting name."""

    @property
    def on(self) -> date: ...
    @property
    def sentence(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def uid(self) -> str: ...


def renew(session: Session, *, actor: Visitor) -> str:
    """A new secret for this person's calendar address; the one before opens nothing any more. Raises `NotFound`."""
    if actor.person_id is None or not actor.may(Permission.REMINDERS_READ):
        raise NotFound
    person = session.get_one(Person, actor.person_id)
    person.feed_token = secrets.token_urlsafe(32)
    session.add(person)
    audit.record(
        session,
        actor=actor,
        action="calendar_address_renewed",
        subject=audit.Subject("person", person.id, f"person {person.id}"),
    )
    return person.feed_token


def token_of(session: Session, visitor: Visitor) -> str | None:
    """The secret of this visitor's calendar address, or None while there is none."""
    return session.exec(select(Person.feed_token).where(Person.id == visitor.person_id)).one_or_none()


def owner(session: Session, token: str) -> int | None:
    """Whose calendar this is."""
    if not 20 <= len(token) <= 64:
        return None
    return session.exec(select(Person.id).where(Person.feed_token == token, Person.active)).one_or_none()


def calendar(ahead: Iterable[OneDate], public_url: str, host: str) -> bytes:
    """An iCalendar of whole-day events, one for each date, with a name that stays the same when the date moves."""
    from icalendar import Calendar, Event

    feed = Calendar()
    feed.add("prodid", "-//Framework tracker//Coming//EN")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", "Framework tracker")
    for one in ahead:
        event = Event()
        event.add("uid", f"{one.uid}@{host}")
        event.add("summary", one.sentence)
        event.add("dtstart", one.on)
        event.add("dtstamp", dates.now())
        event.add("url", f"{public_url}{one.address}")
        event.add("transp", "TRANSPARENT")
        feed.add_component(event)
    return bytes(feed.to_ical())
