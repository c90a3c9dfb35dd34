"""Who of the made-up people may sign in."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from calloffs.scale.stage import Council
from framework.people import signing_in
from framework.people.permissions import Role
from framework.people.person import Person
from framework.records.database import writing


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who may sign in."""

    email: str
    password: str
    what: str


def to_be_named(councils: list[Council], suppliers: list[tuple[int, str, int, str]]) -> dict[int, str]:
    """One person of each role at these councils and the people of these suppliers: number and what they are."""
    found = {
        council.people[role][0]: f"{role.label}, {council.name}"
        for council in councils
        for role in Role
        if role in council.people
    }
    return found | {person_id: f"Partner user, {name}" for _, name, person_id, _ in suppliers}


def give_passwords(people: dict[int, str]) -> list[Named]:
    """Give these people a password each.

    They are drawn afresh each time, whatever the seed, so that nobody who knows the seed can sign in.
    """
    with writing() as session:
        return [_give(session, person_id, what) for person_id, what in people.items()]


def _give(session: Session, person_id: int, what: str) -> Named:
    person = session.exec(select(Person).where(col(Person.id) == person_id)).one()
    password = secrets.token_urlsafe(12)
    signing_in.set_password(session, person, password)
    return Named(person.email, password, what)


def keep(found: list[Named], path: Path) -> str:
    """Keep the sign-ins in a file that only its owner may read, and return them as lines for a person."""
    lines = [f"{one.what}\n  {one.email}\n  {one.password}" for one in found]
    text = "Sign-ins of the made-up records:\n\n" + "\n".join(lines) + "\n"
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text, encoding="utf-8")
    return text
