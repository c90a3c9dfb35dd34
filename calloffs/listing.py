"""The list of call-offs a visitor may see, page by page, at a cost that does not grow with what is behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff, CallOffStatus
from calloffs.mechanisms import nobody_to_ask
from calloffs.offer import Offer
from calloffs.statuses import GROUPS, is_one_of, unpriced
from calloffs.waiting import YOU, Having, having
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.people.party import Party
from framework.people.permissions import Permission, Role, Visitor
from framework.people.person import Person
from framework.records.columns import table_of
from lots.appointment import Appointment
from lots.lot import Lot

ROWS = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for: a group of GROUPS, a lot's reference, only their own, words to look for."""

    group: str = ""
    lot: str = ""
    mine: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. Another member's call-off shows no title and no owner."""

    id: int
    reference: str
    title: str | None
    lot: str
    authority: str
    partner: str | None
    owner: str | None
    value: Money
    """Maximum value, net of VAT."""
    starts_on: date | None
    ends_on: date | None
    status: CallOffStatus


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of the list, and where the next begins (None on the last)."""

    rows: tuple[Row, ...]
    next: int | None


def call_offs(
    session: Session, visitor: Visitor, filters: Filters, after: int | None = None, most: int = ROWS
) -> Rows:
    """Call-offs the visitor may see, the newest first, from below id `after`. Two statements, however many rows."""
    c = table_of(CallOff).c
    readable = visitor.parties_where(Permission.CALL_OFF_READ)
    led = _led(session, visitor)
    whole = c.authority_id.in_(sorted(readable))
    wanted = _wanted(visitor, filters, whole)
    if after is not None:
        wanted.append(c.id < after)
    # One limited look for each scope, each along an index that ends in the id; together they are a few hundred rows at most.
    scopes: list[sa.ColumnElement[bool]] = [c.authority_id == one for one in sorted(readable)]
    scopes += [sa.and_(c.agreement_id == one, c.submitted_at.is_not(None)) for one in led]
    if filters.lot:
        lot_id = sa.select(col(Lot.id)).where(col(Lot.reference) == filters.lot).scalar_subquery()
        scopes = [sa.and_(c.lot_id == lot_id, sa.or_(*scopes))] if scopes else []
    if not scopes:
        return Rows((), None)
    looks = [
        sa.select(sa.select(c.id).where(scope, *wanted).order_by(c.id.desc()).limit(most + 1).subquery().c.id)
        for scope in scopes
    ]
    ids = sa.union(*looks).subquery()
    shown = sa.select(ids.c.id).order_by(ids.c.id.desc()).limit(most + 1)
    supplier = sa.orm.aliased(Party)
    found = session.exec(
        select(CallOff, Lot, Party.name, supplier.name, Person.name)  # type: ignore[call-overload]
        .join(Lot, col(Lot.id) == col(CallOff.lot_id))
        .join(Party, col(Party.id) == col(CallOff.authority_id))
        .join(Person, col(Person.id) == col(CallOff.owner_id))
        .outerjoin(Appointment, col(Appointment.id) == col(CallOff.appointment_id))
        .outerjoin(supplier, supplier.id == col(Appointment.supplier_id))
        .where(col(CallOff.id).in_(shown))
        .order_by(col(CallOff.id).desc())
    ).all()
    rows = tuple(_row(readable, *one) for one in found[:most])
    return Rows(rows, rows[-1].id if len(found) > most else None)


def owner_of(visitor: Visitor) -> set[int]:
    """Ids of the authorities at which the visitor is a framework owner."""
    return {post.party_id for post in visitor.posts if post.role == Role.FRAMEWORK_OWNER}


def _led(session: Session, visitor: Visitor) -> list[int]:
    """Ids of the agreements whose lead authority's framework owner this is: all members' call-offs, in short."""
    owned = owner_of(visitor)
    if not owned:
        return []
    return list(
        session.exec(
            select(FrameworkAgreement.id)
            .where(col(FrameworkAgreement.lead_authority_id).in_(owned))
            .order_by(col(FrameworkAgreement.id).desc())
            .limit(200)
        )
    )


def _wanted(
    visitor: Visitor, filters: Filters, whole: sa.ColumnElement[bool]
) -> list[sa.ColumnElement[bool]]:
    c = table_of(CallOff).c
    wanted: list[sa.ColumnElement[bool]] = []
    if filters.group in GROUPS:
        wanted.append(is_one_of(GROUPS[filters.group][1], dates.now()))
    if filters.mine:
        wanted.append(c.owner_id == visitor.person_id)
    if filters.words:
        words = filters.words.lower()
        partner = sa.exists(
            sa.select(1)
            .select_from(
                table_of(Appointment).join(table_of(Party), col(Party.id) == col(Appointment.supplier_id))
            )
            .where(col(Appointment.id) == c.appointment_id, _holds(col(Party.name), words))
        )
        # A title is searched only where it may be read.
        wanted.append(sa.or_(_holds(c.reference, words), sa.and_(whole, _holds(c.title, words)), partner))
    return wanted


def _holds(column: Any, words: str) -> sa.ColumnElement[bool]:
    return sa.func.lower(column).contains(words, autoescape=True)


def _row(
    readable: frozenset[int], call_off: CallOff, lot: Lot, authority: str, partner: str | None, owner: str
) -> Row:
    whole = call_off.authority_id in readable
    return Row(
        id=call_off.id,
        reference=call_off.reference,
        title=call_off.title if whole else None,
        lot=f"{lot.reference} {lot.title}",
        authority=authority,
        partner=partner,
        owner=owner if whole else None,
        value=call_off.value,
        starts_on=call_off.starts_on,
        ends_on=call_off.ends_on,
        status=call_off.status,
    )


def lots_to_filter(session: Session, visitor: Visitor) -> list[tuple[str, str]]:
    """References and names of the lots of agreements the visitor's authorities belong to, for the filter."""
    mine = visitor.parties_where(Permission.CALL_OFF_READ)
    found = session.exec(
        select(Lot.reference, Lot.title)
        .join(MemberAuthority, col(MemberAuthority.agreement_id) == col(Lot.agreement_id))
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Lot.agreement_id))
        .where(col(MemberAuthority.authority_id).in_(mine), col(FrameworkAgreement.confirmed_at).is_not(None))
        .distinct()
        .order_by(col(Lot.reference))
        .limit(300)
    )
    return [(reference, f"{reference} {title}") for reference, title in found]


_FEW = 20


def open_of(session: Session, visitor: Visitor) -> list[tuple[CallOff, Having]]:
    """Call-offs this person has that are not over, the newest first, at most 20, with who has each now."""
    c = table_of(CallOff).c
    supplier = sa.orm.aliased(Party)
    over = GROUPS["stopped"][1]
    found = session.exec(
        select(CallOff, Party.name, supplier.name)
        .join(Party, col(Party.id) == col(CallOff.authority_id))
        .outerjoin(Appointment, col(Appointment.id) == col(CallOff.appointment_id))
        .outerjoin(supplier, col(supplier.id) == col(Appointment.supplier_id))
        .where(
            c.owner_id == visitor.person_id,
            c.authority_id.in_(sorted(visitor.parties_where(Permission.CALL_OFF_RAISE))),
            c.closed_at.is_(None),
            sa.not_(is_one_of(over, dates.now())),
        )
        .order_by(c.id.desc())
        .limit(_FEW)
    ).all()
    back = _came_back(session, (one for one, *_ in found))
    return [
        (
            one,
            having(
                one,
                owner=YOU,
                authority=authority,
                partner=partner,
                nobody=nobody_to_ask(session, one) if one.id in back else "",
            ),
        )
        for one, authority, partner in found
    ]


def _came_back(session: Session, call_offs: Iterable[CallOff]) -> set[int]:
    """Those that were offered and stand approved again; what was never offered is not looked at in a list."""
    approved = [one.id for one in call_offs if one.status is CallOffStatus.APPROVED]
    return set(session.exec(select(Offer.call_off_id).where(col(Offer.call_off_id).in_(approved)).distinct()))


@dataclass(frozen=True, slots=True)
class ToDecide:
    """One request or price that waits for an approver."""

    call_off: CallOff
    lot: Lot
    basis: Basis
    value: Money
    """Maximum value asked for, net of VAT."""
    words: str
    days: int
    endpoint: str


def to_decide(session: Session, visitor: Visitor) -> list[ToDecide]:
    """Requests and prices that wait at this approver's authorities and are not their own, the oldest first, at most 20."""
    c = table_of(CallOff).c
    mine = [
        sa.func.coalesce(column, 0) == visitor.person_id
        for column in (c.owner_id, c.drafted_by_id, c.changed_by_id, c.submitted_by_id)
    ]
    here = c.authority_id.in_(sorted(visitor.parties_where(Permission.CALL_OFF_APPROVE)))
    priced = sa.and_(unpriced(), is_one_of((CallOffStatus.ACCEPTED,), dates.now()))
    looks = [
        sa.select(
            sa.select(c.id)
            .where(here, waits, sa.not_(sa.or_(*mine)))
            .order_by(since, c.id)
            .limit(_FEW)
            .subquery()
            .c.id
        )
        for waits, since in (
            (is_one_of((CallOffStatus.SUBMITTED,), dates.now()), c.submitted_at),
            (priced, c.price_approval_asked_at),
        )
    ]
    found = session.exec(
        select(CallOff, Lot, FrameworkAgreement.basis, Offer.price_net_pence)
        .join(Lot, col(Lot.id) == col(CallOff.lot_id))
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(CallOff.agreement_id))
        .outerjoin(Offer, col(Offer.id) == col(CallOff.offer_id))
        .where(col(CallOff.id).in_(sa.union(*looks)))
        .order_by(sa.func.coalesce(c.price_approval_asked_at, c.submitted_at), c.id)
        .limit(_FEW)
    )
    return [_to_decide(*one) for one in found]


def _to_decide(call_off: CallOff, lot: Lot, basis: Basis, offered: int | None) -> ToDecide:
    since = call_off.price_approval_asked_at or call_off.submitted_at or call_off.created_at
    days = (dates.today() - dates.as_london(since).date()).days
    if call_off.status is CallOffStatus.SUBMITTED:
        return ToDecide(call_off, lot, basis, call_off.value, "Request", days, "approving.form")
    price = Money((offered or 0) + call_off.options_net_pence + call_off.expenses_net_pence)
    return ToDecide(call_off, lot, basis, price, "Price", days, "approving.price")
