"""The first person of an empty installation, and the authorities that its operator adds."""

import re

from sqlmodel import Session, select

from framework.definitions import dates
from framework.definitions.rules import NotFound, refuse
from framework.people import signing_in, staffing
from framework.people.party import Party, PartyKind
from framework.people.permissions import Permission, Role, Visitor
from framework.people.person import Person, Post
from framework.records import audit


def begin(session: Session, *, name: str, email: str, authority: str, password: str) -> Person:
    """Add the first authority and its administrator, who also operates the installation. Raises `Refused`."""
    if session.exec(select(Person.id)).first() is not None:
        refuse("This installation has people already")
    staffing.require(
        staffing.NewPost(name, email.strip().lower(), Role.AUTHORITY_ADMINISTRATOR, None), staffing.RULES
    )
    party = _new_authority(session, authority)
    person = staffing.add_person(session, name=name, email=email)
    person.is_operator = True
    signing_in.set_password(session, person, password)
    session.add(
        Post(
            person_id=person.id, party_id=party.id, role=Role.AUTHORITY_ADMINISTRATOR, starts_on=dates.today()
        )
    )
    audit.record(
        session,
        actor=Visitor(person.id, person.name),
        action="installation_begun",
        subject=audit.Subject("party", party.id, party.name, party.id),
    )
    return person


def add_authority(session: Session, *, actor: Visitor, authority: str, name: str, email: str) -> Party:
    """Add a contracting authority with its first administrator, who is sent a link. Operators only. Raises `Refused`."""
    if not actor.may(Permission.INSTALLATION_OPERATE):
        raise NotFound
    email = email.strip().lower()
    staffing.require(staffing.NewPost(name, email, Role.AUTHORITY_ADMINISTRATOR, None), staffing.RULES)
    if session.exec(select(Person.id).where(Person.email == email)).first() is not None:
        refuse("Someone already signs in with this address", field="email")
    party = _new_authority(session, authority)
    person = staffing.add_person(session, name=name, email=email)
    session.add(
        Post(
            person_id=person.id, party_id=party.id, role=Role.AUTHORITY_ADMINISTRATOR, starts_on=dates.today()
        )
    )
    staffing.send_password_link(session, person)
    audit.record(
        session,
        actor=actor,
        action="authority_added",
        subject=audit.Subject("party", party.id, party.name, party.id),
        facts={"person_id": person.id},
        words={"person": person.name},
    )
    return party


def _new_authority(session: Session, name: str) -> Party:
    name = " ".join(name.split())
    if not name or len(name) > 200:
        refuse("Enter the authority’s name, in 200 characters or fewer", field="authority")
    if session.exec(select(Party.id).where(Party.name == name)).first() is not None:
        refuse("An organisation with this name is already here", field="authority")
    party = Party(kind=PartyKind.AUTHORITY, name=name, short_name=_short_name(session, name))
    session.add(party)
    session.flush()
    return party


def _short_name(session: Session, name: str) -> str:
    """Initials in capitals, with a number when they are taken."""
    initials = "".join(
        word[0] for word in re.findall(r"[A-Za-z]+", name) if word.lower() not in ("of", "the", "and")
    )
    wanted = (initials.upper() or "AUTH")[:12]
    taken = set(session.exec(select(Party.short_name)))
    number, short = 1, wanted
    while short in taken:
        number += 1
        short = f"{wanted}{number}"
    return short
