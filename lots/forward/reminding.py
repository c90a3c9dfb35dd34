"""When a promise is due: for reminders and for the page of what is coming."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.people.finding import holders
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.reminding import Dated
from lots.forward.finding_promises import readable
from lots.forward.promise import Promise, PromiseVersion


def promise_due(session: Session, first: date, last: date, visitor: Visitor | None) -> Iterable[Dated]:
    """Agreed promises that are not kept and whose last day lies between two days."""
    query = (
        select(Promise, PromiseVersion, Party)
        .join(
            PromiseVersion,
            (col(PromiseVersion.promise_id) == col(Promise.id))
            & (col(PromiseVersion.number) == col(Promise.agreed_number)),
        )
        .join(Party, col(Party.id) == col(Promise.supplier_id))
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Promise.agreement_id))
        .where(
            col(Promise.due_on).is_not(None),
            col(Promise.due_on) >= first,
            col(Promise.due_on) <= last,
            col(Promise.withdrawn_at).is_(None),
            col(Promise.confirmed) < col(Promise.amount),
        )
    )
    if visitor is not None:
        query = query.where(readable(visitor))
    for promise, version, supplier in session.exec(query):
        assert promise.due_on is not None
        yield Dated(
            f"promise:{promise.id}",
            f"{supplier.name}: {version.kind.label.lower()}, {version.amount:,} {version.unit}",
            promise.due_on,
            f"/promises/{promise.id}",
            partial(_readers, session, promise),
        )


def _readers(session: Session, promise: Promise) -> tuple[int, ...]:
    """The partner's people, and those who plan for its council."""
    found = {person.id for person, _ in holders(session, promise.supplier_id, Permission.OFFER_READ)}
    found |= {person.id for person, _ in holders(session, promise.authority_id, Permission.FORWARD_WRITE)}
    return tuple(sorted(found))
