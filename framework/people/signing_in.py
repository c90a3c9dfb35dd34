"""Signing in and out: one server-side row per device, ended at sign-out, at a change of role and at a change of password."""

import hashlib
import secrets
from datetime import timedelta

from flask import session as cookie
from sqlmodel import Session, col, select, update

from framework.definitions import dates
from framework.people.person import SignIn

_COOKIE = "sign_in"
HOURS = 12


def begin(session: Session, person_id: int) -> None:
    """Start a signed-in device: a row here, and a random token in the cookie of which only the digest is kept."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_digest=_digest(token),
            person_id=person_id,
            started_at=dates.now(),
            last_seen_at=dates.now(),
        )
    )
    cookie.clear()
    cookie[_COOKIE] = token


def who(session: Session) -> int | None:
    """The id of the person whose live row this visit's cookie names, or None."""
    token = cookie.get(_COOKIE)
    if not isinstance(token, str):
        return None
    row = session.exec(select(SignIn).where(SignIn.token_digest == _digest(token))).one_or_none()
    if row is None or row.ended_at is not None or dates.now() - row.started_at > timedelta(hours=HOURS):
        return None
    return row.person_id


def end(session: Session) -> None:
    """Sign this device out."""
    token = cookie.pop(_COOKIE, None)
    if isinstance(token, str):
        session.exec(
            update(SignIn)
            .where(col(SignIn.token_digest) == _digest(token), col(SignIn.ended_at).is_(None))
            .values(ended_at=dates.now(), ended_why="signed out")
        )


def end_all(session: Session, person_id: int, why: str) -> None:
    """Sign a person out everywhere, because their role or password changed."""
    session.exec(
        update(SignIn)
        .where(col(SignIn.person_id) == person_id, col(SignIn.ended_at).is_(None))
        .values(ended_at=dates.now(), ended_why=why)
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
