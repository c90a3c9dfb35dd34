"""What is held on a company and its people, as plain lists: every floor adds its own, and nothing of anybody else's is in them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.people.person import Person, Post
from framework.records.audit import AuditRecord

Cell = str | int | date | datetime | Money | None
MOST_ROWS = 5000
MOST_LOOKS = 500


@dataclass(frozen=True, slots=True)
class Held:
    """One list of what is held: its columns and rows, who sees it and how long it is kept."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    seen_by: str
    kept: str


# Each floor's lists: (session, visitor, supplier) -> lists. Filled by app.py in the order shown.
HELD: list[Callable[[Session, Visitor, Party], list[Held]]] = []


def held_on(session: Session, visitor: Visitor, supplier: Party) -> list[Held]:
    """Everything held on the visitor's own company. Raises `NotFound` for any other."""
    if supplier.id not in visitor.parties_where(Permission.OFFER_READ):
        raise NotFound
    return [one for ask in HELD for one in ask(session, visitor, supplier)]


def accounts(session: Session, visitor: Visitor, supplier: Party) -> list[Held]:
    """People of the company who sign in, or did."""
    rows = session.exec(
        select(Person, Post)
        .join(Post, col(Post.person_id) == col(Person.id))
        .where(Post.party_id == supplier.id)
        .order_by(col(Post.starts_on), col(Post.id))
        .limit(MOST_ROWS)
    )
    return [
        Held(
            "People who sign in",
            ("Name", "E-mail address", "Role", "From", "Until"),
            tuple(
                (person.name, person.email, post.role.label, post.starts_on, post.ends_on)
                for person, post in rows
            ),
            "You, and the councils you work with",
            "As long as your company works with a council here, and with the records of what they did",
        )
    ]


def looks_at(session: Session, subjects: dict[str, list[int]]) -> list[tuple[Cell, ...]]:
    """When people of councils looked at confidential rows, who and from where, the newest first.

    `subjects` are ids by kind of record; the caller has fetched them through the visitor.
    """
    found: list[AuditRecord] = []
    for kind, ids in subjects.items():
        if ids:
            found += session.exec(
                select(AuditRecord)
                .where(
                    AuditRecord.subject_kind == kind,
                    col(AuditRecord.subject_id).in_(ids),
                    AuditRecord.action == "looked_at",
                )
                .order_by(col(AuditRecord.id).desc())
                .limit(MOST_LOOKS)
            )
    found = sorted(found, key=lambda one: -one.id)[:MOST_LOOKS]
    people = {one.actor_id for one in found if one.actor_id is not None}
    who: dict[int, list[tuple[Post, str, str]]] = {}
    for person_id, name, post, party in session.exec(
        select(Person.id, Person.name, Post, Party.name)
        .join(Post, col(Post.person_id) == col(Person.id))
        .join(Party, col(Party.id) == col(Post.party_id))
        .where(col(Person.id).in_(people))
    ):
        who.setdefault(person_id, []).append((post, name, party))
    return [
        (one.at, *_from_where(who.get(one.actor_id or 0, []), dates.as_london(one.at).date()), _what(one))
        for one in found
    ]


def _from_where(posts: list[tuple[Post, str, str]], day: date) -> tuple[str, str]:
    if not posts:
        return "A former user", ""
    # A post ended later the same day counts as yesterday's, so a look of that day falls back to where they worked at all.
    then = [
        one for one in posts if one[0].starts_on <= day and (one[0].ends_on is None or day <= one[0].ends_on)
    ]
    parties = sorted({party for _, _, party in (then or posts)})
    return posts[0][1], ", ".join(parties)


def _what(record: AuditRecord) -> str:
    what = json.loads(record.facts).get("what", "")
    return f"{what}: {record.subject}" if what else record.subject
