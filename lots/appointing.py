"""Appointing a supplier to a lot: from then on it is a partner there."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refusal, refuse, require
from framework.people.contacting import contacts_of
from framework.people.party import Party, PartyKind
from framework.people.party_contact import ContactKind
from framework.people.permissions import Visitor
from framework.people.registering import size_lacking
from framework.records import audit
from lots.appointment import Appointment
from lots.invitation import Invitation, InvitationLot
from lots.lot import Lot, SizeRule
from lots.opening import is_open_to_change, must_be_draft, take
from lots.rate_card import Rate, RateCard
from lots.rate_proposing import forget_proposals
from lots.sent_back import SentBack
from lots.skillset import Skillset
from lots.telling import about_place

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class AppointIntent:
    """A supplier as somebody wants it on a lot, beside the partners already there."""

    agreement: FrameworkAgreement
    lot: Lot
    supplier: Party
    there: Sequence[tuple[Appointment, Party]]
    """Partners whose place has not ended, by rank."""
    was_there: bool
    rank: int
    active_from: date | None
    contract_manager_email: str
    invited: Sequence[str] = ()
    """Other companies with an open invitation to the lot: each keeps a place."""


def appoint(
    session: Session,
    *,
    actor: Visitor,
    lot: Lot,
    supplier_id: int,
    rank: int | None = None,
    active_from: date | None = None,
    contract_manager: str = "",
    contract_manager_email: str = "",
) -> Appointment:
    """Give a supplier a place on the lot, from the agreement's first day unless `active_from` says another.

    `rank` is its place in the ranked order, by default after the others. Raises `NotFound` for a supplier that is not there, and
    `Refused` with every reason: the lot's number of partners, its size rule (RULE-54), an excluded supplier (RULE-08), a
    closed live framework (RULE-09).
    """
    agreement = take(session, actor, lot.agreement_id)
    supplier = session.get(Party, supplier_id)
    if supplier is None or supplier.kind is not PartyKind.SUPPLIER:
        raise NotFound
    rows = session.exec(
        select(Appointment, Party)
        .join(Party, col(Party.id) == col(Appointment.supplier_id))
        .where(Appointment.lot_id == lot.id)
        .order_by(col(Appointment.rank), col(Appointment.id))
    ).all()
    there = [(one, party) for one, party in rows if one.ended_on is None]
    wanted_rank = rank if rank is not None else max((one.rank for one, _ in there), default=0) + 1
    intent = AppointIntent(
        agreement=agreement,
        lot=lot,
        supplier=supplier,
        there=there,
        was_there=any(party.id == supplier_id for _, party in rows),
        rank=wanted_rank,
        active_from=active_from or agreement.starts_on,
        contract_manager_email=contract_manager_email,
        invited=invited_to(session, lot, unless_supplier=supplier_id),
    )
    require(intent, RULES)
    contract_manager, contract_manager_email = contract_manager_for(
        session, supplier_id, contract_manager, contract_manager_email
    )
    appointment = Appointment(
        lot_id=lot.id,
        supplier_id=supplier_id,
        rank=wanted_rank,
        created_at=dates.now(),
        active_from=intent.active_from,
        contract_manager=contract_manager,
        contract_manager_email=contract_manager_email,
    )
    session.add(appointment)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="partner_appointed",
        subject=about_place(agreement, lot, appointment, supplier),
        facts={"rank": wanted_rank, "active_from": intent.active_from, "lot": lot.reference},
    )
    return appointment


def invited_to(
    session: Session, lot: Lot, *, unless_supplier: int | None = None, unless: int | None = None
) -> list[str]:
    """Companies with an open invitation to a place on the lot, by name; each keeps one (check 2)."""
    now = dates.now()
    return [
        name
        for name, supplier_id, number in session.exec(
            select(Invitation.company_name, Invitation.supplier_id, Invitation.id)
            .join(InvitationLot, col(InvitationLot.invitation_id) == col(Invitation.id))
            .where(
                InvitationLot.lot_id == lot.id,
                col(Invitation.gives_places),
                col(Invitation.accepted_at).is_(None),
                col(Invitation.withdrawn_at).is_(None),
                col(Invitation.expires_at) > now,
            )
            .order_by(col(Invitation.id))
        )
        if number != unless and (supplier_id is None or supplier_id != unless_supplier)
    ]


def contract_manager_for(session: Session, supplier_id: int, name: str, email: str) -> tuple[str, str]:
    """Who looks after a lot at the partner: as given, or else the contract manager among its own contacts."""
    if name or email:
        return name, email
    contact = contacts_of(session, supplier_id).get(ContactKind.CONTRACT_MANAGER)
    return (contact.name, contact.email) if contact else ("", "")


def take_off(session: Session, *, actor: Visitor, appointment: Appointment) -> None:
    """Undo an appointment while the agreement is a draft: the place and its rate cards go.

    Raises `Refused` once the agreement is confirmed; from then on a partner withdraws or is removed, with a reason.
    """
    lot = session.exec(select(Lot).where(Lot.id == appointment.lot_id)).one()
    agreement = take(session, actor, lot.agreement_id)
    must_be_draft(agreement)
    supplier = session.exec(select(Party).where(Party.id == appointment.supplier_id)).one()
    if session.exec(select(Skillset.id).where(Skillset.appointment_id == appointment.id)).first():
        refuse(f"{supplier.name} has sent its people for this lot, so it cannot be taken off")
    for returned in session.exec(select(SentBack).where(SentBack.appointment_id == appointment.id)).all():
        session.delete(returned)
    forget_proposals(session, appointment)
    for card in session.exec(select(RateCard).where(RateCard.appointment_id == appointment.id)).all():
        for rate in session.exec(select(Rate).where(Rate.rate_card_id == card.id)).all():
            session.delete(rate)
        session.flush()
        session.delete(card)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="appointment_undone",
        subject=about_place(agreement, lot, appointment, supplier),
        facts={"lot": lot.reference},
    )
    session.delete(appointment)


def change_contract_manager(
    session: Session, *, actor: Visitor, appointment: Appointment, name: str, email: str
) -> None:
    """Say who looks after the lot at the partner. Raises `Refused` for an address that is not one."""
    lot = session.exec(select(Lot).where(Lot.id == appointment.lot_id)).one()
    agreement = take(session, actor, lot.agreement_id)
    if email and not _EMAIL.fullmatch(email):
        refuse("Enter an e-mail address, like name@example.com", "contract_manager_email")
    supplier = session.exec(select(Party).where(Party.id == appointment.supplier_id)).one()
    appointment.contract_manager, appointment.contract_manager_email = name, email
    session.add(appointment)
    audit.record(
        session,
        actor=actor,
        action="contract_manager_changed",
        subject=about_place(agreement, lot, appointment, supplier),
        words={"contract_manager": f"{name} {email}".strip()},
    )


def framework_admits_suppliers(intent: AppointIntent) -> Refusal | None:
    """RULE-09: a closed framework keeps the suppliers it was awarded to."""
    return admits_suppliers(intent.agreement)


def admits_suppliers(agreement: FrameworkAgreement) -> Refusal | None:
    """Why no supplier can join this agreement now (RULE-09), or None: a draft, or an open framework once confirmed."""
    if is_open_to_change(agreement) or (agreement.confirmed_at and agreement.is_open_framework):
        return None
    if agreement.confirmed_at is None:
        return Refusal(
            f"{agreement.title} waits for a second person to confirm it, so no partner can join now"
        )
    return Refusal(
        f"{agreement.title} is a closed framework: no supplier can join it after it was awarded",
        field="supplier_id",
        rule="RULE-09",
    )


def place_is_free(intent: AppointIntent) -> Refusal | None:
    """The lot takes no more partners than its rule says."""
    if any(party.id == intent.supplier.id for _, party in intent.there):
        return Refusal(f"{intent.supplier.name} is already on lot {intent.lot.number}", field="supplier_id")
    if intent.was_there:
        return Refusal(
            f"{intent.supplier.name} has left lot {intent.lot.number} and cannot come back to it",
            field="supplier_id",
            rule="RULE-09",
        )
    return full(intent.lot, [party.name for _, party in intent.there], intent.invited)


def full(lot: Lot, there: Sequence[str], invited: Sequence[str] = ()) -> Refusal | None:
    """Why the lot takes no further partner beside those on it and those invited to it (check 2), or None."""
    most = lot.max_partners
    if len(there) + len(invited) < most:
        return None
    who = [f"{_listed(there)} on it"] if there else []
    who += [f"{_listed(invited)} invited to it"] if invited else []
    return Refusal(
        f"Lot {lot.number}’s partner rule is {most} {'partner' if most == 1 else 'partners'} at most, "
        f"and {' and '.join(who)}",
        field="supplier_id",
        rule="LOT-PARTNERS",
    )


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]} are" if len(names) > 1 else f"{names[0]} is"


def supplier_may_be_used(intent: AppointIntent) -> Refusal | None:
    """RULE-08: no work goes to an excluded supplier."""
    return excluded(intent.supplier)


def excluded(supplier: Party) -> Refusal | None:
    """Why this supplier may not be used at all (RULE-08), or None."""
    if not supplier.excluded:
        return None
    return Refusal(
        f"{supplier.name} is an excluded supplier, so it cannot be appointed",
        field="supplier_id",
        rule="RULE-08",
    )


def supplier_is_of_the_right_size(intent: AppointIntent) -> Refusal | None:
    """The lot's size rule, judged by RULE-54 from the supplier's dated figures. A past record takes what was."""
    if intent.agreement.recorded_as_past:
        return None
    return wrong_size(intent.lot, intent.supplier)


def wrong_size(lot: Lot, supplier: Party) -> Refusal | None:
    """Why the lot's size rule keeps this supplier out (RULE-54), or None."""
    if lot.size_rule is not SizeRule.SME_ONLY:
        return None
    if supplier.is_sme is None:
        why = f"the size of {supplier.name} is not known. {size_lacking(supplier)} under “Record its size” first"
    elif not supplier.is_sme:
        why = f"{supplier.name} is not one by its figures"
    else:
        return None
    return Refusal(
        f"Lot {lot.number} is for small and medium-sized enterprises only, and {why}",
        field="supplier_id",
        rule="RULE-54",
    )


def rank_is_free(intent: AppointIntent) -> Refusal | None:
    """Two partners never share a place in the ranked order."""
    if not 1 <= intent.rank <= 100:
        return Refusal("The rank must be from 1 to 100", field="rank")
    for one, party in intent.there:
        if one.rank == intent.rank and party.id != intent.supplier.id:
            return Refusal(f"{party.name} already has rank {intent.rank} on this lot", field="rank")
    return None


def starts_within_the_agreement(intent: AppointIntent) -> Refusal | None:
    """A partner is active from a day of the agreement."""
    agreement, day = intent.agreement, intent.active_from
    if day is None or agreement.recorded_as_past:
        return None
    if day > agreement.ends_on or (agreement.starts_on and day < agreement.starts_on):
        first = f"{dates.in_words(agreement.starts_on)} to " if agreement.starts_on else "a day up to "
        return Refusal(
            f"The partner’s first day must be in the agreement’s term, {first}{dates.in_words(agreement.ends_on)}",
            field="active_from",
        )
    return None


def contact_is_an_address(intent: AppointIntent) -> Iterator[Refusal]:
    """The contract manager's address, when given, is one."""
    if intent.contract_manager_email and not _EMAIL.fullmatch(intent.contract_manager_email):
        yield Refusal("Enter an e-mail address, like name@example.com", field="contract_manager_email")


# Every rule about taking a place on a lot. A new one is a function above and its name here.
RULES = (
    framework_admits_suppliers,
    place_is_free,
    supplier_may_be_used,
    supplier_is_of_the_right_size,
    rank_is_free,
    starts_within_the_agreement,
    contact_is_an_address,
)
