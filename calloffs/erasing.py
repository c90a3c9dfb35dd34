"""Erasing the people of offers that came to nothing, and those of awards closed long ago (RULE-10, RULE-81)."""

import json
from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select, update

from calloffs.call_off import CallOff
from calloffs.offer import Deliverable, Offer, OfferedPerson
from calloffs.substitution import Substitution
from framework.definitions import dates
from framework.records.audit import AuditRecord, Subject
from framework.records.erasing import AWARDED_YEARS, ERASED, UNSUCCESSFUL_MONTHS, Erased, erase_words
from lots.appointment import Appointment
from lots.workforce import Clearance


def erase_unsuccessful(session: Session, most: int) -> Iterable[Erased]:
    """People of offers declined, lapsed, taken back or cancelled a year ago; also what a partner had typed and never sent.

    Role, level, rate and days stay. A partner's approach is its tender and no personal data, and stays as RULE-10 asks.
    """
    before = dates.start_of(dates.add_months(dates.today(), -UNSUCCESSFUL_MONTHS) + timedelta(days=1))
    rows = session.exec(
        select(Offer, Appointment.supplier_id)
        .join(CallOff, col(CallOff.id) == col(Offer.call_off_id))
        .join(Appointment, col(Appointment.id) == col(Offer.appointment_id))
        .where(
            or_(_still_named(), col(Offer.draft) != ""),
            or_(
                col(Offer.declined_at) < before,
                col(Offer.withdrawn_at) < before,
                sa.and_(col(Offer.accepted_at).is_(None), col(Offer.deadline_at) < before),
                col(CallOff.cancelled_at) < before,
                col(CallOff.award_withdrawn_at) < before,
            ),
        )
        .order_by(col(Offer.id))
        .limit(most)
    ).all()
    for offer, supplier_id in rows:
        offer.draft = ""
        session.add(offer)
        yield _erase(
            session, offer, supplier_id, f"{UNSUCCESSFUL_MONTHS} months after the offer came to nothing"
        )


def erase_closed(session: Session, most: int) -> Iterable[Erased]:
    """People of awards that were closed six years ago. The signed papers are kept as the contract they are."""
    before = dates.start_of(dates.add_months(dates.today(), -12 * AWARDED_YEARS) + timedelta(days=1))
    rows = session.exec(
        select(Offer, Appointment.supplier_id)
        .join(CallOff, col(CallOff.id) == col(Offer.call_off_id))
        .join(Appointment, col(Appointment.id) == col(Offer.appointment_id))
        .where(_still_named(), col(CallOff.closed_at) < before)
        .order_by(col(Offer.id))
        .limit(most)
    ).all()
    for offer, supplier_id in rows:
        yield _erase(session, offer, supplier_id, f"{AWARDED_YEARS} years after the call-off was closed")


def erase_substitutes(session: Session, most: int) -> Iterable[Erased]:
    """Substitutes that were refused or taken back a year ago, and those of awards closed six years ago.

    Role, level, rate and days stay; name, clearance and every word written about the person go, in the audit records too.
    """
    year = dates.start_of(dates.add_months(dates.today(), -UNSUCCESSFUL_MONTHS) + timedelta(days=1))
    long_ago = dates.start_of(dates.add_months(dates.today(), -12 * AWARDED_YEARS) + timedelta(days=1))
    rows = session.exec(
        select(Substitution, CallOff.reference, Appointment.supplier_id)
        .join(CallOff, col(CallOff.id) == col(Substitution.call_off_id))
        .join(Offer, col(Offer.id) == col(CallOff.offer_id))
        .join(Appointment, col(Appointment.id) == col(Offer.appointment_id))
        .where(
            col(Substitution.erased_at).is_(None),
            or_(
                col(Substitution.refused_at) < year,
                col(Substitution.withdrawn_at) < year,
                col(CallOff.closed_at) < long_ago,
                # A proposal that nobody answered before the call-off was closed came to nothing then.
                sa.and_(col(Substitution.consented_at).is_(None), col(CallOff.closed_at) < year),
            ),
        )
        .order_by(col(Substitution.id))
        .limit(most)
    ).all()
    for found, reference, supplier_id in rows:
        _forget(session, found)
        successful = found.consented_at is not None
        yield Erased(
            Subject("substitution", found.id, f"{reference}, substitute {found.number}", supplier_id),
            1,
            f"{AWARDED_YEARS} years after the call-off was closed"
            if successful
            else f"{UNSUCCESSFUL_MONTHS} months after the proposal came to nothing",
        )


def _forget(session: Session, found: Substitution) -> None:
    found.name, found.clearance, found.erased_at = None, Clearance.NONE, dates.now()
    found.like_for_like = found.reason = ERASED
    found.difference = found.answer = ""
    session.add(found)

    def of_this_one(record: AuditRecord) -> bool:
        return (
            record.action.startswith("substitute_") and json.loads(record.facts).get("number") == found.number
        )

    erase_words(
        session,
        "call_off",
        [found.call_off_id],
        ("people", "like_for_like", "difference", "reason", "answer"),
        of_this_one,
    )


def _still_named() -> sa.ColumnElement[bool]:
    return (
        select(OfferedPerson.id)
        .where(OfferedPerson.offer_id == Offer.id, col(OfferedPerson.erased_at).is_(None))
        .exists()
    )


def _erase(session: Session, offer: Offer, supplier_id: int, why: str) -> Erased:
    done = session.exec(
        update(OfferedPerson)
        .where(col(OfferedPerson.offer_id) == offer.id, col(OfferedPerson.erased_at).is_(None))
        .values(name=ERASED, clearance="none", erased_at=dates.now())
    )
    session.exec(update(Deliverable).where(col(Deliverable.offer_id) == offer.id).values(owner=""))
    return Erased(Subject("offer", offer.id, offer.reference, supplier_id), done.rowcount, why)
