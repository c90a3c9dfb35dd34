"""Finding shared call-offs, always through what this visitor may see: both sides of a sharing, and nobody else."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.sharing.agreeing import answers_for
from calloffs.sharing.call_off_sharing import CallOffShare, CallOffSharing, SharingAnswer
from calloffs.sharing.sharing import moves, versions_of
from calloffs.sharing.splitting import in_force, split, split_whole
from calloffs.spend.entry import EntryKind
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.people.person import Person

_MOST = 200
_KINDS = (EntryKind.COMMITMENT, EntryKind.INVOICE, EntryKind.PAYMENT)


def _stands() -> sa.ColumnElement[bool]:
    """A version that its other authorities may see: agreed, or waiting for them."""
    return sa.and_(col(CallOffSharing.refused_at).is_(None), col(CallOffSharing.withdrawn_at).is_(None))


def call_off(session: Session, visitor: Visitor, reference: str) -> CallOff:
    """A call-off, for readers of spend at the authority that buys and at those asked to bear a share. Raises `NotFound`."""
    mine = visitor.parties_where(Permission.SPEND_READ)
    found = session.exec(
        select(CallOff).where(CallOff.reference == reference, col(CallOff.submitted_at).is_not(None))
    ).one_or_none()
    if found is None:
        raise NotFound
    if found.authority_id in mine:
        return found
    shared = session.exec(
        select(CallOffShare.id)
        .join(CallOffSharing, col(CallOffSharing.id) == col(CallOffShare.sharing_id))
        .where(CallOffSharing.call_off_id == found.id, col(CallOffShare.authority_id).in_(mine), _stands())
        .limit(1)
    ).first()
    if shared is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """One version as a page tells it."""

    sharing: CallOffSharing
    proposed_by: str
    shares: list[tuple[str, int]]
    answers: list[tuple[str, str, SharingAnswer]]
    """(authority, person, answer)."""


def versions(session: Session, visitor: Visitor, found: CallOff) -> list[Told]:
    """Every version that the visitor may see, the newest first: refused and withdrawn ones for the buying authority alone."""
    query = (
        select(CallOffSharing, Person.name)
        .join(Person, col(Person.id) == col(CallOffSharing.proposed_by_id))
        .where(CallOffSharing.call_off_id == found.id)
        .order_by(col(CallOffSharing.number).desc())
    )
    if not visitor.may(Permission.SPEND_READ, found.authority_id):
        query = query.where(_stands())
    rows = session.exec(query).all()
    ids = [one.id for one, _ in rows]
    shares: dict[int, list[tuple[str, int]]] = {}
    for share, name in session.exec(
        select(CallOffShare, Party.name)
        .join(Party, col(Party.id) == col(CallOffShare.authority_id))
        .where(col(CallOffShare.sharing_id).in_(ids))
        .order_by(col(CallOffShare.place))
    ):
        shares.setdefault(share.sharing_id, []).append((name, share.share_bp))
    answers: dict[int, list[tuple[str, str, SharingAnswer]]] = {}
    for answer, party, person in session.exec(
        select(SharingAnswer, Party.name, Person.name)
        .join(Party, col(Party.id) == col(SharingAnswer.authority_id))
        .join(Person, col(Person.id) == col(SharingAnswer.answered_by_id))
        .where(col(SharingAnswer.sharing_id).in_(ids))
        .order_by(col(SharingAnswer.id))
    ):
        answers.setdefault(answer.sharing_id, []).append((party, person, answer))
    return [Told(one, by, shares.get(one.id, []), answers.get(one.id, [])) for one, by in rows]


@dataclass(frozen=True, slots=True)
class Borne:
    """What one authority bears of a call-off: (on the agreement's basis, net of VAT) of each figure."""

    authority: str
    share_bp: int
    committed: tuple[Money, Money]
    invoiced: tuple[Money, Money]
    paid: tuple[Money, Money]


def borne(session: Session, found: CallOff) -> list[Borne]:
    """The split of a call-off, the buying authority first; the rows add up to the entries to the penny.

    What is committed stands, and is split by the shares in force today; what was invoiced and paid by those of the day it counts for.
    """
    lead, today = found.authority_id, dates.today()
    own = versions_of(session, [found.id]).get(found.id, [])
    rows = list(moves(session, [found.id], _KINDS))
    now = in_force(own, lead, today)
    parts: dict[tuple[EntryKind, int], dict[int, Money]] = {}
    for kind in _KINDS:
        for place in (0, 1):
            days = [(day, amounts[place]) for _, one, day, *amounts in rows if one is kind]
            if kind is EntryKind.COMMITMENT:
                total = Money(sum(pence for _, pence in days))
                parts[kind, place] = dict(split_whole(total, now))
            else:
                parts[kind, place] = split(own, lead, days)
    known = dict(now)
    others = {one for part in parts.values() for one in part} | set(known)
    ids = [lead, *sorted(others - {lead})]
    names = {one.id: one.name for one in session.exec(select(Party).where(col(Party.id).in_(ids)))}

    def amounts_of(kind: EntryKind, one: int) -> tuple[Money, Money]:
        on_basis, net = (parts[kind, place].get(one, Money.zero()) for place in (0, 1))
        return on_basis, net

    return [Borne(names[one], known.get(one, 0), *(amounts_of(kind, one) for kind in _KINDS)) for one in ids]


def listed(session: Session, visitor: Visitor) -> list[tuple[CallOff, str, bool]]:
    """(call-off, authority that buys, whether a proposal waits) of everything shared with or by the visitor's authorities."""
    mine = visitor.parties_where(Permission.SPEND_READ)
    ours = (
        select(CallOffSharing.call_off_id)
        .join(CallOffShare, col(CallOffShare.sharing_id) == col(CallOffSharing.id))
        .where(col(CallOffShare.authority_id).in_(mine), _stands())
    )
    waits = (
        select(CallOffSharing.id)
        .where(CallOffSharing.call_off_id == CallOff.id, _stands(), col(CallOffSharing.agreed_at).is_(None))
        .exists()
    )
    rows = session.exec(
        select(CallOff, Party.name, waits)
        .join(Party, col(Party.id) == col(CallOff.authority_id))
        .where(col(CallOff.id).in_(ours))
        .order_by(col(CallOff.id).desc())
        .limit(_MOST)
    )
    return [(one, name, bool(is_waiting)) for one, name, is_waiting in rows]


def to_answer(session: Session, visitor: Visitor) -> list[tuple[str, str, CallOffSharing]]:
    """(reference, authority that buys, version) of what waits for the visitor's answer, the oldest first."""
    mine = answers_for(visitor)
    if not mine:
        return []
    answered = (
        select(SharingAnswer.id)
        .where(
            SharingAnswer.sharing_id == CallOffShare.sharing_id,
            SharingAnswer.authority_id == CallOffShare.authority_id,
        )
        .exists()
    )
    rows = session.exec(
        select(CallOff.reference, Party.name, CallOffSharing)
        .join(CallOffSharing, col(CallOffSharing.call_off_id) == col(CallOff.id))
        .join(CallOffShare, col(CallOffShare.sharing_id) == col(CallOffSharing.id))
        .join(Party, col(Party.id) == col(CallOff.authority_id))
        .where(
            col(CallOffShare.authority_id).in_(mine),
            col(CallOffShare.place) > 0,
            _stands(),
            col(CallOffSharing.agreed_at).is_(None),
            ~answered,
        )
        .order_by(col(CallOffSharing.id))
        .limit(_MOST)
    )
    return list({one[2].id: one for one in rows}.values())
