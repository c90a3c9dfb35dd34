"""Adding people and giving and ending their posts: the work of an authority's administrator."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, select

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refusal, refuse, require
from framework.people import signing_in, throttling
from framework.people.party import Party, PartyKind
from framework.people.permissions import PARTNER_ROLES, Permission, Role, Visitor, permitted
from framework.people.person import Person, Post
from framework.records import audit, messages

ADDRESS = re.compile(r"[^@\s<>\"',;:\\]+@[^@\s<>\"',;:\\]+\.[^@\s<>\"',;:\\]{2,}")
AUTHORITY_ROLES = tuple(role for role in Role if role not in PARTNER_ROLES)


@dataclass(frozen=True)
class NewPost:
    """A post somebody is to be given."""

    name: str
    email: str
    role: Role
    limit: Money | None


def _named(post: NewPost) -> Refusal | None:
    if 0 < len(post.name.strip()) <= 120:
        return None
    return Refusal("Enter the person’s name, in 120 characters or fewer", field="name")


def _addressed(post: NewPost) -> Refusal | None:
    if len(post.email) <= 254 and ADDRESS.fullmatch(post.email):
        return None
    return Refusal("Enter an e-mail address, like name@council.gov.uk", field="email")


def _limited(post: NewPost) -> Refusal | None:
    if post.role is Role.APPROVER and (post.limit is None or post.limit <= Money.zero()):
        return Refusal(
            "Enter the most that this approver may approve, net of VAT, more than £0", field="limit"
        )
    if post.role is not Role.APPROVER and post.limit is not None:
        return Refusal("Only an approver has a limit: leave it blank for another role", field="limit")
    return None


RULES = (_named, _addressed, _limited)


def give_post(
    session: Session,
    *,
    actor: Visitor,
    party_id: int,
    name: str,
    email: str,
    role: Role,
    limit: Money | None = None,
) -> tuple[Person, Post]:
    """Give someone a post from today, adding them when their address is new; they are sent a link to set a password.

    `limit` is net of VAT, and only for approvers. Nobody gives a post to themselves. Raises `Refused`.
    """
    permitted(actor, Permission.PEOPLE_MANAGE, party_id)
    party = session.get(Party, party_id)
    if party is None or party.kind is not PartyKind.AUTHORITY or role not in AUTHORITY_ROLES:
        raise NotFound
    email = email.strip().lower()
    require(NewPost(name, email, role, limit), RULES)
    person = session.exec(select(Person).where(Person.email == email)).one_or_none()
    if person is not None and person.id == actor.person_id:
        refuse("You cannot give yourself a role. Ask another administrator", field="email")
    if person is not None and _works_elsewhere(session, person, party_id):
        refuse("This address is already used by someone at another organisation", field="email")
    if person is None:
        person = add_person(session, name=name, email=email)
    return person, _add_post(session, actor, party, person, role, limit)


def _works_elsewhere(session: Session, person: Person, party_id: int) -> bool:
    # Whoever works elsewhere is that organisation's to name: an administrator must not learn or change anything of them.
    found = session.exec(
        select(Post.id).where(Post.person_id == person.id, Post.party_id != party_id)
    ).first()
    return found is not None


def _add_post(
    session: Session, actor: Visitor, party: Party, person: Person, role: Role, limit: Money | None
) -> Post:
    today = dates.today()
    held = session.exec(
        select(Post).where(
            Post.person_id == person.id,
            Post.party_id == party.id,
            Post.role == role,
            (col(Post.ends_on).is_(None)) | (col(Post.ends_on) >= today),
        )
    ).first()
    if held is not None:
        refuse(f"{person.name} already has this role. End it first to change the limit", field="role")
    post = Post(
        person_id=person.id,
        party_id=party.id,
        role=role,
        limit_pence=None if limit is None else limit.pence,
        starts_on=today,
    )
    session.add(post)
    session.flush()
    signing_in.end_all(session, person.id, "role changed")
    audit.record(
        session,
        actor=actor,
        action="post_given",
        subject=audit.Subject("party", party.id, party.name, party.id),
        facts={"role": role.label, "person_id": person.id, "limit": limit},
        words={"person": person.name},
    )
    if person.password is None:
        send_password_link(session, person)
    return post


def add_person(session: Session, *, name: str, email: str, is_sample: bool = False) -> Person:
    """A new person without a password or a post yet."""
    person = Person(
        name=name.strip()[:120],
        email=email.strip().lower(),
        fs_uniquifier=secrets.token_hex(16),
        created_at=dates.now(),
        is_sample=is_sample,
    )
    session.add(person)
    session.flush()
    return person


def send_password_link(session: Session, person: Person) -> None:
    """Queue a message with a link to set a password; the address begins with a slash and is completed when it is sent."""
    _queue_link(session, person, signing_in.password_link_token(person))


def _queue_link(session: Session, person: Person, token: str) -> None:
    messages.queue(
        session,
        key=f"password-link:{person.id}:{dates.now().isoformat()}",
        person_id=person.id,
        to_address=person.email,
        subject="Set your password for the framework tracker",
        text=(
            f"Hello {person.name},\n\nSet your password here within five days:\n\n/set-password/{token}\n\n"
            "The link works once. If you did not expect this message, do nothing."
        ),
    )


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was asked for: whose (None for an address that nobody has), and its secret part."""

    person_id: int | None
    token: str


def link_for(session: Session, email: str) -> Link:
    """A link for whoever has this address; reads only. It costs the same when nobody has, so that the time tells nothing."""
    person = session.exec(
        select(Person).where(Person.email == email.strip().lower()[:254], col(Person.active))
    ).one_or_none()
    nobody = Person(name="", email="", fs_uniquifier=secrets.token_hex(16), created_at=dates.now())
    return Link(person.id if person else None, signing_in.password_link_token(person or nobody))


def send_link(session: Session, link: Link) -> None:
    """Queue the link, unless nobody has the address or its owner was sent several within the hour already."""
    person = session.get(Person, link.person_id) if link.person_id else None
    if person is not None and throttling.may_send_link(session, person.id):
        _queue_link(session, person, link.token)


def end_post(session: Session, *, actor: Visitor, post_id: int) -> Post:
    """End a post at once, and sign its holder out everywhere. Nobody ends their own. Raises `Refused` or `NotFound`."""
    post = session.get(Post, post_id)
    if post is None:
        raise NotFound
    permitted(actor, Permission.PEOPLE_MANAGE, post.party_id)
    if post.person_id == actor.person_id:
        refuse("You cannot end your own role. Ask another administrator")
    yesterday = dates.today() - timedelta(days=1)
    if post.ends_on is not None and post.ends_on <= yesterday:
        return post
    person = session.get_one(Person, post.person_id)
    # A post lasts whole days; one given and ended on the same day counts as yesterday's, so that it is over at once.
    if post.starts_on > yesterday:
        post.starts_on = yesterday
    post.ends_on = yesterday
    session.add(post)
    signing_in.end_all(session, post.person_id, "role changed")
    party = session.get_one(Party, post.party_id)
    audit.record(
        session,
        actor=actor,
        action="post_ended",
        subject=audit.Subject("party", party.id, party.name, party.id),
        facts={"role": post.role.label, "person_id": person.id},
        words={"person": person.name},
    )
    return post
