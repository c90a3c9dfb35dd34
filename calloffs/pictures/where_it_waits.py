"""Where it waits: every call-off, line and invoice that waits for somebody, by stage, with the days and the name of who has it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff, CallOffStatus
from calloffs.extracts import finding as extracts
from calloffs.offer import Offer
from calloffs.spend.invoice import Invoice
from calloffs.waiting import having
from framework.definitions import dates
from framework.people.finding import holders
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.people.person import Person
from framework.records.columns import table_of
from lots.appointment import Appointment

S = CallOffStatus
_MOST_NAMES = 3
MOST = 500
"""Of one question; the longest waiting come first, so what is left out waits least."""
APPROVAL, OFFER, ANSWER, AWARD, SIGNATURE, ORDER, MATCH, PAYMENT = STAGES = (
    "Approval",
    "Offer to a partner",
    "Partner’s answer",
    "Award",
    "Signature",
    "Purchase order",
    "Invoice match",
    "Payment",
)
_STAGE = {
    S.SUBMITTED: APPROVAL,
    S.APPROVED: OFFER,
    S.OFFERED: ANSWER,
    S.ACCEPTED: AWARD,
    S.AWARDED: SIGNATURE,
    S.ISSUED: SIGNATURE,
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits: at which stage, what it is, who has it and since which London day."""

    stage: str
    reference: str
    """Of its call-off; blank where there is none yet."""
    title: str
    who: str
    since: date
    days: int


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: how many wait, the longest and the middle wait in days, and what has waited longest."""

    name: str
    count: int
    longest: int
    middle: int
    first: Item


def items(session: Session, visitor: Visitor) -> list[Item]:
    """Everything that waits at the visitor's own authorities, the longest first."""
    deciding = _names(session, visitor, Permission.CALL_OFF_APPROVE)
    paying = _names(session, visitor, Permission.INVOICE_RECORD)
    found = [
        *_call_offs(session, visitor, deciding),
        *_without_order(session, visitor, paying),
        *_lines(session, visitor, paying),
        *_unpaid(session, visitor, paying),
    ]
    return sorted(found, key=lambda one: (-one.days, STAGES.index(one.stage), one.reference, one.title))


def stages(waiting: list[Item]) -> list[Stage]:
    """Stages at which anything waits, the longest wait first. `waiting` as `items` gives it."""
    by_stage: dict[str, list[Item]] = {}
    for one in waiting:
        by_stage.setdefault(one.stage, []).append(one)
    found = [
        Stage(name, len(own), own[0].days, own[len(own) // 2].days, own[0]) for name, own in by_stage.items()
    ]
    return sorted(found, key=lambda one: (-one.longest, STAGES.index(one.name)))


def _names(session: Session, visitor: Visitor, permission: Permission) -> dict[int, str]:
    """Who may act at each of the visitor's authorities; blank where nobody may, or too many to name."""
    found = {}
    for authority_id in sorted(visitor.parties_where(Permission.CALL_OFF_READ)):
        people = [person.name for person, _ in holders(session, authority_id, permission)]
        found[authority_id] = " or ".join(people) if len(people) <= _MOST_NAMES else ""
    return found


def _item(stage: str, reference: str, title: str, who: str, since: date) -> Item:
    return Item(stage, reference, title, who, since, max((dates.today() - since).days, 0))


def _call_offs(session: Session, visitor: Visitor, deciding: dict[int, str]) -> Iterator[Item]:
    requested = sa.and_(
        # As the index of what is reserved says it: whatever is asked for and not awarded holds a reservation.
        col(CallOff.reserved_pence) > sa.literal_column("0"),
        col(CallOff.awarded_at).is_(None),
    )
    to_sign = sa.and_(
        col(CallOff.awarded_at).is_not(None),
        col(CallOff.signed_at).is_(None),
        col(CallOff.award_withdrawn_at).is_(None),
        col(CallOff.cancelled_at).is_(None),
    )
    for wanted in (requested, to_sign):
        for found, owner, authority, partner in session.exec(_query(visitor, wanted)):
            has = having(found, owner=owner, authority=authority, partner=partner)
            stage = _STAGE.get(found.status)
            if stage is None:
                continue
            if stage == AWARD and has.what == "to approve the price":
                stage = APPROVAL
            who = has.who or authority
            if stage == APPROVAL:
                who = deciding.get(found.authority_id) or who
            elif stage == ANSWER:
                who = partner or who
            yield _item(
                stage,
                found.reference,
                found.title,
                who,
                dates.as_london(has.since).date(),
            )


def _query(visitor: Visitor, wanted: sa.ColumnElement[bool]):  # type: ignore[no-untyped-def]
    supplier = sa.orm.aliased(Party)
    return (
        select(CallOff, Person.name, Party.name, supplier.name)
        .join(Person, col(Person.id) == col(CallOff.owner_id))
        .join(Party, col(Party.id) == col(CallOff.authority_id))
        # Until it is awarded, the partner is whoever has the offer.
        .outerjoin(
            Offer, sa.and_(col(CallOff.appointment_id).is_(None), col(Offer.id) == col(CallOff.offer_id))
        )
        .outerjoin(
            Appointment,
            col(Appointment.id) == sa.func.coalesce(col(CallOff.appointment_id), col(Offer.appointment_id)),
        )
        .outerjoin(supplier, col(supplier.id) == col(Appointment.supplier_id))
        .where(wanted, col(CallOff.authority_id).in_(visitor.parties_where(Permission.CALL_OFF_READ)))
        .order_by(col(CallOff.submitted_at), col(CallOff.id))
        .limit(MOST)
    )


def _without_order(session: Session, visitor: Visitor, paying: dict[int, str]) -> Iterator[Item]:
    running = sa.and_(
        col(CallOff.signed_at).is_not(None),
        col(CallOff.closed_at).is_(None),
        col(CallOff.purchase_order) == "",
    )
    for found, _, authority, _ in session.exec(_query(visitor, running)):
        if found.signed_at is not None and found.status in (S.SIGNED, S.LIVE, S.SUSPENDED, S.ENDED):
            yield _item(
                ORDER,
                found.reference,
                found.title,
                paying.get(found.authority_id) or f"Finance at {authority}",
                dates.as_london(found.signed_at).date(),
            )


def _lines(session: Session, visitor: Visitor, paying: dict[int, str]) -> Iterator[Item]:
    """Lines of extracts that were paid to a partner and are matched to no call-off."""
    line, party = extracts.line, table_of(Party)
    rows = session.connection().execute(
        sa.select(line.c.supplier_name, line.c.invoice_number, line.c.accounting_on, party.c.name, party.c.id)
        .join(party, party.c.id == line.c.authority_id)
        .where(
            line.c.supplier_id.is_not(None),
            line.c.call_off_id.is_(None),
            line.c.not_ours_at.is_(None),
            line.c.authority_id.in_(visitor.parties_where(Permission.EXTRACT_READ)),
            extracts.counts(),
        )
        .order_by(line.c.accounting_on, line.c.id)
        .limit(MOST)
    )
    for supplier, number, day, authority, authority_id in rows:
        yield _item(
            MATCH,
            "",
            f"{supplier} {number}".strip(),
            paying.get(authority_id) or f"Finance at {authority}",
            day,
        )


def _unpaid(session: Session, visitor: Visitor, paying: dict[int, str]) -> Iterator[Item]:
    rows = session.exec(
        select(Invoice, CallOff.reference, Party.name)
        .join(CallOff, col(CallOff.id) == col(Invoice.call_off_id))
        .join(Party, col(Party.id) == col(Invoice.authority_id))
        .where(
            col(Invoice.gross_pence) > col(Invoice.paid_gross_pence),
            col(Invoice.authority_id).in_(visitor.parties_where(Permission.SPEND_READ)),
        )
        .order_by(col(Invoice.received_on), col(Invoice.id))
        .limit(MOST)
    )
    for invoice, reference, authority in rows:
        who = paying.get(invoice.authority_id) or f"Finance at {authority}"
        yield _item(PAYMENT, reference, f"Invoice {invoice.number}", who, invoice.received_on)
