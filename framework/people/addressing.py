"""Making, renewing and ending a person's feed addresses, and knowing whose one is."""

import hashlib
import re
import secrets
from datetime import timedelta

from sqlmodel import Session, col, select

from framework.definitions import dates
from framework.definitions.rules import NotFound, refuse
from framework.people.feed_address import FeedAddress
from framework.people.permissions import Permission, Visitor
from framework.records import audit

MONTHS = (1, 3, 6, 12)
"""How long an address may be made to last."""
MOST = 20
"""Addresses in force that one person may have."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_LONGEST_NAME = 80
_NOTED_EACH = timedelta(minutes=10)


def make_address(session: Session, *, actor: Visitor, name: str, months: int) -> str:
    """Make an address that lasts so many months; returns its secret, which is told this once. Raises `Refused`, `NotFound`."""
    person_id = _reader(actor)
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME:
        refuse(f"Enter a name of {_LONGEST_NAME} characters or fewer", "name")
    if months not in MONTHS:
        refuse("Choose how long the address is to last", "months")
    working = [one for one in own_addresses(session, actor) if one.works_on(dates.today())]
    if any(one.name.casefold() == name.casefold() for one in working):
        refuse("You have an address of this name. Renew it, or choose another name", "name")
    if len(working) >= MOST:
        refuse(f"You have {MOST} addresses. End one that you do not use any more")
    return _make(session, actor, person_id, name, months, "feed_address_made")


def renew_address(session: Session, *, actor: Visitor, feed_id: int) -> str:
    """A new secret of the same name for a year; the one before opens nothing any more. Raises `NotFound`."""
    found = own_address(session, actor, feed_id)
    if found.ended_at is not None:
        raise NotFound
    found.ended_at = dates.now()
    session.add(found)
    session.flush()
    return _make(session, actor, _reader(actor), found.name, MONTHS[-1], "feed_address_renewed")


def end_address(session: Session, *, actor: Visitor, feed_id: int) -> None:
    """End an address at once. One that ended before stays as it is. Raises `NotFound`."""
    found = own_address(session, actor, feed_id)
    if found.ended_at is None:
        found.ended_at = dates.now()
        session.add(found)
        _record(session, actor, found, "feed_address_ended")


def own_addresses(session: Session, visitor: Visitor) -> list[FeedAddress]:
    """The visitor's addresses, the newest first; those that ended stay in the list, 50 in all."""
    query = select(FeedAddress).where(FeedAddress.person_id == _reader(visitor))
    return list(session.exec(query.order_by(col(FeedAddress.id).desc()).limit(50)))


def own_address(session: Session, visitor: Visitor, feed_id: int) -> FeedAddress:
    """One of the visitor's addresses. Raises `NotFound`."""
    query = select(FeedAddress).where(FeedAddress.id == feed_id, FeedAddress.person_id == _reader(visitor))
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def could_be(secret: str) -> bool:
    """Whether this has the shape of a secret of ours; nothing else is looked up."""
    return _SECRET.fullmatch(secret) is not None


def by_secret(session: Session, secret: str) -> FeedAddress | None:
    """The address that this secret is or was; whether it still works is asked of it."""
    return session.exec(select(FeedAddress).where(FeedAddress.digest == _digest(secret))).one_or_none()


def use_is_news(address: FeedAddress) -> bool:
    """Whether it was used so long ago that the use now is worth noting."""
    return address.last_used_at is None or dates.now() - address.last_used_at >= _NOTED_EACH


def note_use(session: Session, feed_id: int) -> None:
    """Note that the address is used now."""
    found = session.get(FeedAddress, feed_id)
    if found is not None:
        found.last_used_at = dates.now()
        session.add(found)


def _reader(visitor: Visitor) -> int:
    if visitor.person_id is None or not visitor.may(Permission.SPEND_READ):
        raise NotFound
    return visitor.person_id


def _make(session: Session, actor: Visitor, person_id: int, name: str, months: int, action: str) -> str:
    secret = secrets.token_urlsafe(32)
    made = FeedAddress(
        person_id=person_id,
        name=name,
        digest=_digest(secret),
        made_at=dates.now(),
        last_day=dates.add_months(dates.today(), months) - timedelta(days=1),
    )
    session.add(made)
    session.flush()
    _record(session, actor, made, action)
    return secret


def _record(session: Session, actor: Visitor, address: FeedAddress, action: str) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=audit.Subject("feed_address", address.id, f"feed address {address.id}"),
        facts={"until": address.last_day},
        words={"name": address.name},
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
