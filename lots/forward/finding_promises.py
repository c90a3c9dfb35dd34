"""Finding promises: the partner its own, its council, and the framework owner of the agreement."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.records.stored_document import StoredDocument
from lots.forward.promise import Promise, PromiseDelivery, PromiseStatus, PromiseVersion
from lots.lot import Lot

MOST = 500
"""Promises on one page and in one file."""


@dataclass(frozen=True, slots=True)
class Held:
    """A promise as one visitor may read it, with the version that counts: the agreed one, or the newest."""

    promise: Promise
    version: PromiseVersion
    lot: Lot
    agreement: FrameworkAgreement
    supplier: Party
    authority: Party
    status: PromiseStatus
    delivered: int
    """The most that the partner says it has delivered and the council has not refused."""


@dataclass(frozen=True, slots=True)
class LotCount:
    """Promises on one lot by number: how many are agreed, with something delivered, kept and late."""

    lot: Lot
    promised: int
    delivered: int
    kept: int
    late: int


def promise(session: Session, visitor: Visitor, promise_id: int) -> Held:
    """One promise. Raises `NotFound` for rivals and for other councils."""
    found = _promises(session, visitor, [Promise.id == promise_id])
    if not found:
        raise NotFound
    return found[0]


def promises(session: Session, visitor: Visitor) -> list[Held]:
    """All that this visitor may read, by lot and the first due first."""
    return _promises(session, visitor, [])


def among(session: Session, visitor: Visitor, ids: list[int]) -> list[Held]:
    """Those of these that this visitor may read."""
    return _promises(session, visitor, [col(Promise.id).in_(ids)]) if ids else []


def on_lots(held: list[Held]) -> list[LotCount]:
    """Promises counted by lot, those that were agreed alone."""
    found: dict[int, list[Held]] = {}
    for one in held:
        if one.promise.agreed_number is not None and not one.promise.withdrawn_at:
            found.setdefault(one.lot.id, []).append(one)
    return [
        LotCount(
            of[0].lot,
            len(of),
            sum(one.delivered > 0 for one in of),
            sum(one.promise.is_kept for one in of),
            sum(one.status is PromiseStatus.LATE for one in of),
        )
        for of in found.values()
    ]


def to_answer(session: Session, visitor: Visitor) -> list[Held]:
    """Promises and deliveries that wait for a council of this visitor's."""
    mine = visitor.parties_where(Permission.FORWARD_WRITE)
    if not mine:
        return []
    return _promises(session, visitor, [col(Promise.waits_for) != "", col(Promise.authority_id).in_(mine)])


def due_by(session: Session, visitor: Visitor, day: date) -> list[Held]:
    """The visitor's own company's agreed promises that are not kept and are due by a day, also those that are late."""
    mine = visitor.parties_where(Permission.COMPANY_KEEP)
    if not mine:
        return []
    return _promises(
        session,
        visitor,
        [
            col(Promise.supplier_id).in_(mine),
            col(Promise.due_on) <= day,
            col(Promise.confirmed) < col(Promise.amount),
            col(Promise.withdrawn_at).is_(None),
        ],
    )


def evidence(session: Session, held: Held, delivery_id: int) -> StoredDocument:
    """The file of one delivery. Raises `NotFound`."""
    row = session.exec(
        select(StoredDocument)
        .join(PromiseDelivery, col(PromiseDelivery.document_id) == col(StoredDocument.id))
        .where(PromiseDelivery.id == delivery_id, PromiseDelivery.promise_id == held.promise.id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def readable(visitor: Visitor) -> Any:
    """The condition on `Promise` and its `FrameworkAgreement`."""
    councils = visitor.parties_where(Permission.FORWARD_READ) & visitor.parties_where(
        Permission.AGREEMENT_READ
    )
    return sa.or_(
        col(Promise.supplier_id).in_(visitor.parties_where(Permission.COMPANY_KEEP)),
        col(Promise.authority_id).in_(councils),
        col(FrameworkAgreement.lead_authority_id).in_(visitor.parties_where(Permission.AGREEMENT_OPEN)),
    )


def _promises(session: Session, visitor: Visitor, where: list[object]) -> list[Held]:
    newest = (
        select(sa.func.max(PromiseVersion.number))
        .where(PromiseVersion.promise_id == Promise.id)
        .correlate(Promise)
        .scalar_subquery()
    )
    rows = session.exec(
        select(Promise, PromiseVersion, Lot, FrameworkAgreement)
        .join(
            PromiseVersion,
            sa.and_(
                col(PromiseVersion.promise_id) == col(Promise.id),
                col(PromiseVersion.number) == sa.func.coalesce(col(Promise.agreed_number), newest),
            ),
        )
        .join(Lot, col(Lot.id) == col(Promise.lot_id))
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Promise.agreement_id))
        .where(readable(visitor), *where)  # type: ignore[arg-type]
        .order_by(
            col(FrameworkAgreement.ends_on),
            col(Promise.agreement_id),
            col(Lot.number),
            col(PromiseVersion.due_on),
            col(Promise.id),
        )
        .limit(MOST)
    ).all()
    if not rows:
        return []
    ids = {one.supplier_id for one, *_ in rows} | {one.authority_id for one, *_ in rows}
    parties = {party.id: party for party in session.exec(select(Party).where(col(Party.id).in_(ids)))}
    told = _delivered(session, [one.id for one, *_ in rows])
    today = dates.today()
    return [
        Held(
            one,
            version,
            lot,
            agreement,
            parties[one.supplier_id],
            parties[one.authority_id],
            one.status_on(today),
            max(told.get(one.id, 0), one.confirmed),
        )
        for one, version, lot, agreement in rows
    ]


def _delivered(session: Session, ids: list[int]) -> dict[int, int]:
    rows = session.exec(
        select(PromiseDelivery.promise_id, sa.func.max(PromiseDelivery.amount))
        .where(col(PromiseDelivery.promise_id).in_(ids), col(PromiseDelivery.confirmed).is_not(False))
        .group_by(col(PromiseDelivery.promise_id))
    )
    return dict(rows.all())
