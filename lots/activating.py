"""Appointing a partner that has joined: from its first day it may be offered work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import Refusal, require
from framework.people.party import Party
from framework.people.permissions import Visitor
from framework.records import audit
from lots.appointing import admits_suppliers, contract_manager_for, excluded, full, wrong_size
from lots.appointment import Appointment
from lots.declaration import Declaration, DeclarationKind
from lots.joining import declarations_of, is_joining
from lots.lot import Lot
from lots.opening import take
from lots.rate_card import RateCard
from lots.telling import about_place
from lots.writing_to_partners import tell_partner


@dataclass(frozen=True, slots=True)
class ActivateIntent:
    """A joining partner as somebody wants to appoint it, with what it has shown."""

    agreement: FrameworkAgreement
    lot: Lot
    appointment: Appointment
    supplier: Party
    others: Sequence[str]
    """Names of the other companies with a place on the lot that has not ended."""
    declared: Sequence[Declaration]
    has_card: bool
    signed_on: date | None
    countersigned_on: date | None
    active_from: date | None


def activate(
    session: Session,
    *,
    actor: Visitor,
    appointment: Appointment,
    signed_on: date | None,
    countersigned_on: date | None,
    active_from: date | None = None,
) -> Appointment:
    """Appoint a partner that was invited and has sent its tasks, active from a day (the agreement's first, or today if later).

    Missing insurance blocks signing, not this. Raises `Refused` with every reason: agreement not signed or countersigned,
    declarations missing or older than a year, no rate card, too many partners or the wrong size (check 2, RULE-54), an excluded
    supplier (RULE-08), a closed framework (RULE-09).
    """
    lot = session.get_one(Lot, appointment.lot_id)
    agreement = take(session, actor, lot.agreement_id)
    session.refresh(appointment)
    supplier = session.get_one(Party, appointment.supplier_id)
    first = max(agreement.starts_on, dates.today()) if agreement.starts_on else dates.today()
    intent = ActivateIntent(
        agreement=agreement,
        lot=lot,
        appointment=appointment,
        supplier=supplier,
        others=list(
            session.exec(
                select(Party.name)
                .join(Appointment, col(Appointment.supplier_id) == col(Party.id))
                .where(
                    Appointment.lot_id == lot.id,
                    Appointment.id != appointment.id,
                    col(Appointment.ended_on).is_(None),
                )
                .order_by(col(Appointment.rank))
            )
        ),
        declared=[one for one, _ in declarations_of(session, supplier.id, agreement.id).values()],
        has_card=session.exec(select(RateCard.id).where(RateCard.appointment_id == appointment.id)).first()
        is not None,
        signed_on=signed_on,
        countersigned_on=countersigned_on,
        active_from=active_from or first,
    )
    require(intent, RULES)
    appointment.signed_on, appointment.countersigned_on = signed_on, countersigned_on
    appointment.active_from = intent.active_from
    appointment.contract_manager, appointment.contract_manager_email = contract_manager_for(
        session, supplier.id, appointment.contract_manager, appointment.contract_manager_email
    )
    session.add(appointment)
    audit.record(
        session,
        actor=actor,
        action="partner_appointed",
        subject=about_place(agreement, lot, appointment, supplier),
        facts={
            "rank": appointment.rank,
            "active_from": intent.active_from,
            "lot": lot.reference,
            "signed_on": signed_on,
            "countersigned_on": countersigned_on,
        },
    )
    assert intent.active_from is not None
    tell_partner(
        session,
        supplier,
        why=f"partner_appointed:{appointment.id}",
        subject=f"You are appointed to lot {lot.reference}",
        lines=[
            f"{supplier.name} is a partner on lot {lot.reference}, {lot.title}, from {dates.in_words(intent.active_from)}.",
            "/my-company",
        ],
    )
    return appointment


def has_joined_and_sent(intent: ActivateIntent) -> Refusal | None:
    """Only a place that came by invitation, and whose tasks the partner has sent, is appointed here."""
    if not is_joining(intent.appointment):
        return Refusal(f"{intent.supplier.name} is not joining lot {intent.lot.number}")
    if intent.appointment.sent_at is None:
        return Refusal(f"{intent.supplier.name} has not sent its tasks to you yet")
    return None


def framework_admits(intent: ActivateIntent) -> Refusal | None:
    """RULE-09: a closed framework keeps the suppliers it was awarded to."""
    return admits_suppliers(intent.agreement)


def lot_has_room(intent: ActivateIntent) -> Refusal | None:
    """Check 2: the lot's partner rule."""
    return full(intent.lot, intent.others)


def supplier_may_be_appointed(intent: ActivateIntent) -> Sequence[Refusal]:
    """RULE-08 and the lot's size rule by RULE-54."""
    found = (excluded(intent.supplier), wrong_size(intent.lot, intent.supplier))
    return [one for one in found if one is not None]


def is_signed_by_both(intent: ActivateIntent) -> Sequence[Refusal]:
    """The framework agreement is signed and countersigned, each on a known day."""
    found = []
    for field, day, who in (
        ("signed_on", intent.signed_on, "the partner"),
        ("countersigned_on", intent.countersigned_on, "the council"),
    ):
        if day is None:
            found.append(Refusal(f"Enter the day on which {who} signed the agreement", field=field))
        elif day > dates.today():
            found.append(Refusal("The day must be today or earlier", field=field))
    return found


def declarations_stand(intent: ActivateIntent) -> Refusal | None:
    """Every declaration was made within the last year."""
    standing = {one.kind for one in intent.declared if one.is_in_date_at(dates.now())}
    if standing == set(DeclarationKind):
        return None
    return Refusal(
        f"{intent.supplier.name} has to make its declarations again: they are missing or older than a year"
    )


def has_a_rate_card(intent: ActivateIntent) -> Refusal | None:
    """The first rate card is there; its rates are the most that may be charged."""
    if intent.has_card:
        return None
    return Refusal(
        f"{intent.supplier.name} has no rate card on lot {intent.lot.number}. Accept the rates that it has sent first"
    )


def begins_within_the_agreement(intent: ActivateIntent) -> Refusal | None:
    """A partner is active from a day of the agreement."""
    agreement, day = intent.agreement, intent.active_from
    if day is None or (day <= agreement.ends_on and not (agreement.starts_on and day < agreement.starts_on)):
        return None
    first = f"{dates.in_words(agreement.starts_on)} to " if agreement.starts_on else "a day up to "
    return Refusal(
        f"The partner’s first day must be in the agreement’s term, {first}{dates.in_words(agreement.ends_on)}",
        field="active_from",
    )


# Every rule about appointing a partner that has joined. A new one is a function above and its name here.
RULES = (
    has_joined_and_sent,
    framework_admits,
    lot_has_room,
    supplier_may_be_appointed,
    is_signed_by_both,
    declarations_stand,
    has_a_rate_card,
    begins_within_the_agreement,
)
