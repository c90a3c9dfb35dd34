"""Who somebody is and what they hold today."""

from sqlalchemy import and_, case, or_
from sqlmodel import Session, col, select

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people.party import Party, PartyKind
from framework.people.permissions import GRANTS, PARTNER_ROLES, HeldPost, Permission, Visitor
from framework.people.person import Person, Post


def visitor(session: Session, person_id: int) -> Visitor | None:
    """The person as a visitor, with the posts in force today (London, both ends included); None when not active."""
    today = dates.today()
    rows = session.exec(
        select(Person, Post)
        .outerjoin(
            Post,
            and_(
                col(Post.person_id) == col(Person.id),
                col(Post.starts_on) <= today,
                or_(col(Post.ends_on).is_(None), col(Post.ends_on) >= today),
            ),
        )
        .where(Person.id == person_id)
    ).all()
    if not rows or not rows[0][0].active:
        return None
    person = rows[0][0]
    posts = tuple(
        HeldPost(post.party_id, post.role, None if post.limit_pence is None else Money(post.limit_pence))
        for _, post in rows
        if post is not None
    )
    return Visitor(person.id, person.name, person.email, _of_one_side(posts), person.is_operator)


def _of_one_side(posts: tuple[HeldPost, ...]) -> tuple[HeldPost, ...]:
    # Nobody is given posts on both sides; whoever has them nevertheless (from before, by hand) does not buy from themselves.
    council = tuple(one for one in posts if one.role not in PARTNER_ROLES)
    return council or posts


def names(session: Session, person_ids: set[int]) -> dict[int, str]:
    """Names of people by id, in one statement."""
    if not person_ids:
        return {}
    return {
        int(person_id): name
        for person_id, name in session.exec(
            select(Person.id, Person.name).where(col(Person.id).in_(person_ids))
        )
        if person_id is not None
    }


def holders(session: Session, party_id: int, permission: Permission) -> list[tuple[Person, Money | None]]:
    """Active people who hold a permission at a party today, with their limit net of VAT, by name."""
    roles = [role for role, words in GRANTS.items() if permission in words]
    today = dates.today()
    rows = session.exec(
        select(Person, Post)
        .join(Post, col(Post.person_id) == col(Person.id))
        .where(
            Post.party_id == party_id,
            col(Post.role).in_(roles),
            col(Person.active),
            col(Post.starts_on) <= today,
            or_(col(Post.ends_on).is_(None), col(Post.ends_on) >= today),
        )
        .order_by(col(Person.name), col(Person.id))
    ).all()
    found: dict[int | None, tuple[Person, Money | None]] = {}
    for person, post in rows:
        limit = None if post.limit_pence is None else Money(post.limit_pence)
        known = found.get(person.id)
        if known is None or (limit is not None and (known[1] is None or limit > known[1])):
            found[person.id] = (person, limit)
    return list(found.values())


def partner_people(session: Session, supplier_id: int) -> list[Person]:
    """Active partner users of a supplier, by name."""
    return [person for person, _ in holders(session, supplier_id, Permission.OFFER_READ)]


def authorities(session: Session) -> list[Party]:
    """Every contracting authority, by name."""
    return list(
        session.exec(select(Party).where(Party.kind == PartyKind.AUTHORITY).order_by(col(Party.name)))
    )


def suppliers(session: Session) -> list[Party]:
    """Every supplier, by name."""
    return list(session.exec(select(Party).where(Party.kind == PartyKind.SUPPLIER).order_by(col(Party.name))))


def posts_of(session: Session, person_id: int) -> list[tuple[Post, Party]]:
    """Every post a person holds or held, the newest first."""
    return list(
        session.exec(
            select(Post, Party)
            .join(Party, col(Party.id) == col(Post.party_id))
            .where(Post.person_id == person_id)
            .order_by(col(Post.id).desc())
        )
    )


def parties(session: Session, party_ids: list[int]) -> list[Party]:
    """Organisations by id, in order of name."""
    if not party_ids:
        return []
    return list(session.exec(select(Party).where(col(Party.id).in_(party_ids)).order_by(col(Party.name))))


def staff(session: Session, party_id: int, most: int = 500) -> list[tuple[Post, Person]]:
    """Posts at an organisation with their holders: those in force first, by name."""
    today = dates.today()
    over = case((and_(col(Post.ends_on).is_not(None), col(Post.ends_on) < today), 1), else_=0)
    return list(
        session.exec(
            select(Post, Person)
            .join(Person, col(Person.id) == col(Post.person_id))
            .where(Post.party_id == party_id)
            .order_by(over, col(Person.name), col(Post.id))
            .limit(most)
        )
    )


def post(session: Session, who: Visitor, post_id: int) -> tuple[Post, Person, Party]:
    """One post that this administrator manages. Raises `NotFound`."""
    row = session.exec(
        select(Post, Person, Party)
        .join(Person, col(Person.id) == col(Post.person_id))
        .join(Party, col(Party.id) == col(Post.party_id))
        .where(Post.id == post_id, col(Post.party_id).in_(who.parties_where(Permission.PEOPLE_MANAGE)))
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1], row[2]


def holds_sample(session: Session) -> bool:
    """Whether this database was begun with the sample."""
    return session.exec(select(Party.id).where(col(Party.is_sample)).limit(1)).first() is not None
