"""Colleagues: a partner's administrator adds and ends them, without help from the councils."""

from datetime import timedelta

from sqlmodel import Session, col, select

from framework.definitions import dates
from framework.definitions.rules import NotFound, Refusal, Refused, refuse
from framework.people import signing_in, throttling
from framework.people.finding import holders
from framework.people.party import Party, PartyKind
from framework.people.permissions import PARTNER_ROLES, Permission, Role, Visitor, permitted
from framework.people.person import Person, Post
from framework.people.staffing import ADDRESS, add_person, send_password_link
from framework.records import audit


def add_colleague(
    session: Session, *, actor: Visitor, supplier_id: int, name: str, email: str, role: Role
) -> Person:
    """Give a colleague a post at the actor's own company from today; somebody new is sent a link to choose a password.

    Somebody who has a post there already gets the new role in place of it. Raises `Refused`, `NotFound`.
    """
    supplier = _own(session, actor, supplier_id)
    if role not in PARTNER_ROLES:
        raise NotFound
    if throttling.refused_too_often(session, actor.person_id):
        refuse("Too much was refused today for you to add anybody else. Try again tomorrow")
    name, email = " ".join(name.split()), email.strip().lower()
    refusals = []
    if not name or len(name) > 120:
        refusals.append(Refusal("Enter your colleague’s name, in 120 characters or fewer", field="name"))
    if len(email) > 254 or not ADDRESS.fullmatch(email):
        refusals.append(Refusal("Enter an e-mail address, like name@example.com", field="email"))
    if refusals:
        raise Refused(*refusals)
    person = session.exec(select(Person).where(Person.email == email)).one_or_none()
    if person is not None and person.id == actor.person_id:
        refuse("You cannot change your own role. Ask another administrator", field="email")
    if person is not None and (not person.active or not belongs_only_to(session, person, supplier_id)):
        # Whether somebody signs in with it, and where, is no partner's business.
        refuse("This address cannot be used. Ask the framework owner", field="email")
    if person is None:
        person = add_person(session, name=name, email=email, is_sample=supplier.is_sample)
    for post in _posts_in_force(session, supplier_id, person.id):
        if post.role is role:
            refuse(f"{person.name} already has this role", field="role")
        _end(session, post)
    _must_keep_an_administrator(session, supplier_id, unless=role is Role.PARTNER_ADMINISTRATOR)
    if not throttling.may_add_colleague(session, actor.person_id):
        refuse(f"You added {throttling.COLLEAGUES_ADDED} colleagues today. Add the next one tomorrow")
    session.add(Post(person_id=person.id, party_id=supplier.id, role=role, starts_on=dates.today()))
    session.flush()
    _record(session, actor, "colleague_added", supplier, person, role)
    if person.password is None and throttling.may_send_link(session, person.id):
        send_password_link(session, person)
    return person


def end_colleague(session: Session, *, actor: Visitor, supplier_id: int, person_id: int) -> Person:
    """End a colleague's posts at once and sign them out everywhere. Nobody ends their own, nor the last administrator's.

    Raises `Refused`, `NotFound`.
    """
    supplier = _own(session, actor, supplier_id)
    posts = _posts_in_force(session, supplier_id, person_id)
    if not posts:
        raise NotFound
    if person_id == actor.person_id:
        refuse("You cannot end your own role. Ask another administrator of your company")
    person = session.get_one(Person, person_id)
    role = posts[0].role
    for post in posts:
        _end(session, post)
    _must_keep_an_administrator(session, supplier_id)
    _record(session, actor, "colleague_ended", supplier, person, role)
    return person


def colleagues_of(session: Session, who: Visitor, supplier_id: int) -> list[tuple[Person, Role]]:
    """Everybody with a post at the visitor's own company today, by name. Raises `NotFound` for anybody else's."""
    permitted(who, Permission.OFFER_READ, supplier_id)
    administrators = {one.id for one, _ in holders(session, supplier_id, Permission.COLLEAGUES_MANAGE)}
    return [
        (one, Role.PARTNER_ADMINISTRATOR if one.id in administrators else Role.PARTNER_USER)
        for one, _ in holders(session, supplier_id, Permission.OFFER_READ)
    ]


def belongs_only_to(session: Session, person: Person, supplier_id: int) -> bool:
    """Whether every post that a person ever had is at this supplier, so that its own people may name them."""
    elsewhere = select(Post.id).where(Post.person_id == person.id, Post.party_id != supplier_id)
    here = select(Post.id).where(Post.person_id == person.id, Post.party_id == supplier_id)
    return (
        not person.is_operator
        and session.exec(elsewhere).first() is None
        and session.exec(here).first() is not None
    )


def _own(session: Session, actor: Visitor, supplier_id: int) -> Party:
    permitted(actor, Permission.COLLEAGUES_MANAGE, supplier_id)
    # Held, so that two administrators cannot end each other at the same moment.
    supplier = session.get(Party, supplier_id, with_for_update=True, populate_existing=True)
    if supplier is None or supplier.kind is not PartyKind.SUPPLIER:
        raise NotFound
    if actor.person_id not in {
        one.id for one, _ in holders(session, supplier_id, Permission.COLLEAGUES_MANAGE)
    }:
        raise NotFound
    return supplier


def _posts_in_force(session: Session, supplier_id: int, person_id: int) -> list[Post]:
    today = dates.today()
    return list(
        session.exec(
            select(Post).where(
                Post.person_id == person_id,
                Post.party_id == supplier_id,
                (col(Post.ends_on).is_(None)) | (col(Post.ends_on) >= today),
            )
        )
    )


def _end(session: Session, post: Post) -> None:
    yesterday = dates.today() - timedelta(days=1)
    # A post lasts whole days; one given and ended on the same day counts as yesterday's, so that it is over at once.
    post.starts_on = min(post.starts_on, yesterday)
    post.ends_on = yesterday
    session.add(post)
    session.flush()
    signing_in.end_all(session, post.person_id, "role changed")


def _must_keep_an_administrator(session: Session, supplier_id: int, unless: bool = False) -> None:
    if not unless and not holders(session, supplier_id, Permission.COLLEAGUES_MANAGE):
        refuse("Your company needs an administrator. Make a colleague one first", field="role")


def _record(
    session: Session, actor: Visitor, action: str, supplier: Party, person: Person, role: Role
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=audit.Subject("partner", supplier.id, supplier.name, supplier.id),
        facts={"role": role.label.lower(), "person_id": person.id},
        words={"person": person.name},
    )
