"""Telling councils and partners about proposals and promises: a mail each, with a link and no figures in it."""

from collections.abc import Iterable, Sequence

from sqlmodel import Session

from framework.people import finding as people
from framework.people.permissions import Permission
from framework.people.person import Person
from framework.records import messages


def tell_council(
    session: Session, authority_id: int, *, why: str, subject: str, lines: Sequence[str]
) -> None:
    """Queue one message for each officer who plans for the council. `why` makes the key with the reader."""
    _tell(session, officers(session, authority_id), why, subject, lines)


def tell_partner(session: Session, supplier_id: int, *, why: str, subject: str, lines: Sequence[str]) -> None:
    """Queue one message for each of the partner's people."""
    _tell(session, people.partner_people(session, supplier_id), why, subject, lines)


def officers(session: Session, authority_id: int) -> list[Person]:
    """Active people who plan for the council."""
    return [person for person, _ in people.holders(session, authority_id, Permission.FORWARD_WRITE)]


def _tell(session: Session, who: Iterable[Person], why: str, subject: str, lines: Sequence[str]) -> None:
    for person in who:
        messages.queue(
            session,
            key=f"{why}:{person.id}",
            to_address=person.email,
            subject=subject[:200],
            text="\n\n".join([f"Hello {person.name},", *lines]) + "\n",
            person_id=person.id,
        )
