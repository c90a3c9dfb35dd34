"""Signing in and out: passwords through Flask-Security, and one server-side row per device.

The row ends at sign-out, at a change of role and at a change of password; a cookie that outlives its row opens nothing.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from flask import session as cookie
from flask_security import FSQLALiteUserDatastore, Security, hash_password
from flask_security.recoverable import generate_reset_password_token, reset_password_token_status
from flask_security.utils import password_length_validator, verify_password
from sqlmodel import Session, col, select, update

from framework.definitions import dates
from framework.definitions.rules import refuse
from framework.people.permissions import Visitor
from framework.people.person import Person, SignIn
from framework.records import audit
from framework.records.database import db
from framework.records.settings import Settings

_COOKIE = "sign_in"
LONGEST_PASSWORD = 128
SHORTEST_PASSWORD = 12
TRIES = 5
"""Wrong passwords in a row before an account is locked, and locked twice as long with each further one."""
_FIRST_LOCK = timedelta(minutes=1)
_LONGEST_LOCK = timedelta(hours=1)
_NOTE_EVERY = timedelta(minutes=5)


def secure(app: Flask, settings: Settings) -> None:
    """Set Flask-Security up for hashing and for the links that set a password. Its own pages stay off."""
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  the name of an algorithm
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_PASSWORD_SALT=hashlib.sha256(f"salt:{settings.secret_key}".encode()).hexdigest(),
        SECURITY_PASSWORD_LENGTH_MIN=SHORTEST_PASSWORD,
        SECURITY_RECOVERABLE=True,
        SECURITY_RESET_PASSWORD_WITHIN=timedelta(days=5),
        SECURITY_DATETIME_FACTORY=dates.now,
    )
    # Our own nouns stand in for its mix-ins: roles are posts here, and it is asked only for hashes and links.
    people: Any = Person
    roles: Any = None
    Security(app, FSQLALiteUserDatastore(db, people, roles), register_blueprint=False)


def begin(session: Session, person: Person) -> None:
    """Start a signed-in device: a row here, and a random token in the cookie of which only the digest is kept."""
    token = secrets.token_urlsafe(32)
    now = dates.now()
    # The row of whoever was signed in here before must not live on beside the new one.
    _end_row(session, cookie.get(_COOKIE), "signed in again")
    session.add(SignIn(token_digest=_digest(token), person_id=person.id, started_at=now, last_seen_at=now))
    cookie.clear()
    cookie[_COOKIE] = token


def who(session: Session, idle: timedelta) -> tuple[int, bool] | None:
    """Whose live row this visit's cookie names, and whether to note that they were seen; None for nobody.

    A device not used for `idle` is signed out.
    """
    token = cookie.get(_COOKIE)
    if not isinstance(token, str):
        return None
    row = session.exec(select(SignIn).where(SignIn.token_digest == _digest(token))).one_or_none()
    if row is None or row.ended_at is not None:
        return None
    unused = dates.now() - row.last_seen_at
    if unused > idle:
        return None
    return row.person_id, unused > _NOTE_EVERY


def seen(session: Session) -> None:
    """Note that this device was used just now."""
    token = cookie.get(_COOKIE)
    if isinstance(token, str):
        session.exec(
            update(SignIn).where(col(SignIn.token_digest) == _digest(token)).values(last_seen_at=dates.now())
        )


def named() -> bool:
    """Whether this visit's cookie names a device at all; whether it is still signed in is `who`'s to say."""
    return isinstance(cookie.get(_COOKIE), str)


def end(session: Session) -> None:
    """Sign this device out."""
    token = cookie.pop(_COOKIE, None)
    cookie.clear()
    _end_row(session, token, "signed out")


def _end_row(session: Session, token: object, why: str) -> None:
    if isinstance(token, str):
        session.exec(
            update(SignIn)
            .where(col(SignIn.token_digest) == _digest(token), col(SignIn.ended_at).is_(None))
            .values(ended_at=dates.now(), ended_why=why)
        )


def end_all(session: Session, person_id: int, why: str) -> None:
    """Sign a person out everywhere, because their role or password changed."""
    session.exec(
        update(SignIn)
        .where(col(SignIn.person_id) == person_id, col(SignIn.ended_at).is_(None))
        .values(ended_at=dates.now(), ended_why=why)
    )


@dataclass(frozen=True, slots=True)
class Tried:
    """A password that was tried: on whom, against which hash, and whether it was right."""

    person_id: int | None
    against: str
    right: bool


def try_password(session: Session, email: str, password: str) -> Tried:
    """Compare a password with what is kept for this address; reads only, and holds nothing while it works.

    Every try costs one hash, known address or not, so that the time tells nothing.
    """
    found = session.exec(
        select(Person.id, Person.password).where(
            Person.email == email.strip().lower()[:254], col(Person.active), col(Person.password).is_not(None)
        )
    ).one_or_none()
    session.rollback()
    person_id, against = found or (None, None)
    # The hash of a password nobody has keeps the time the same when there is no such person.
    right = len(password) <= LONGEST_PASSWORD and verify_password(password, against or _nobody())
    return Tried(person_id, against or "", right and person_id is not None)


def let_in(session: Session, tried: Tried) -> Person:
    """The person whose password was right. Raises `Refused` in the same words whatever was wrong.

    Wrong ones are counted on the person and lock the account for a while, longer each time. Call it in a short transaction that
    is committed whatever the answer.
    """
    person = (
        session.get(Person, tried.person_id, with_for_update=True, populate_existing=True)
        if tried.person_id
        else None
    )
    locked = person is not None and person.locked_until is not None and person.locked_until > dates.now()
    right = tried.right and person is not None and person.active and person.password == tried.against
    if person is None or locked or not right:
        if person is not None and not locked:
            _count_failure(session, person)
        refuse(
            "Your e-mail address or password is not right, or there were too many wrong tries. "
            "Check both; after several wrong tries, wait a few minutes",
            field="password",
        )
    person.failed_sign_ins = 0
    person.locked_until = None
    session.add(person)
    return person


_hash_of_nobody: list[str] = []


def _nobody() -> str:
    if not _hash_of_nobody:
        _hash_of_nobody.append(hash_password(secrets.token_urlsafe(16)))
    return _hash_of_nobody[0]


def _count_failure(session: Session, person: Person) -> None:
    person.failed_sign_ins += 1
    over = person.failed_sign_ins - TRIES
    if over >= 0:
        person.locked_until = dates.now() + min(_FIRST_LOCK * 2 ** min(over, 10), _LONGEST_LOCK)
    session.add(person)
    audit.record(
        session,
        actor=Visitor(person.id, person.name),
        action="sign_in_failed",
        subject=audit.Subject("person", person.id, f"person {person.id}"),
        facts={"times": person.failed_sign_ins, "locked_until": person.locked_until},
    )


def set_password(session: Session, person: Person, password: str) -> None:
    """Give a person a password (12 to 128 characters) and sign them out everywhere. Raises `Refused`."""
    if password_length_validator(password):
        refuse(
            f"Your password must be {SHORTEST_PASSWORD} characters or more. Three random words work well",
            field="password",
        )
    if len(password) > LONGEST_PASSWORD:
        refuse(f"Your password must be {LONGEST_PASSWORD} characters or fewer", field="password")
    if password.strip().lower() in (person.email.lower(), person.name.lower()):
        refuse("Your password must not be your name or e-mail address", field="password")
    person.password = hash_password(password)
    # Links sent before this moment name the old value, and so open nothing any more.
    person.fs_uniquifier = secrets.token_hex(16)
    person.failed_sign_ins = 0
    person.locked_until = None
    session.add(person)
    end_all(session, person.id, "password changed")


def password_link_token(person: Person) -> str:
    """The secret part of a link that lets this person set a password, once, within five days."""
    token: str = generate_reset_password_token(person)
    return token


def whose_link(token: str) -> Person | None:
    """The person whose link this is, or None when it is not real, too old or used."""
    expired, invalid, person = reset_password_token_status(token)
    if expired or invalid or person is None or not person.active:
        return None
    found: Person = person
    return found


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
