"""Following one pound: from an entry to its call-off, the limits above it, the invoice or line it rests on, and the council that pays."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.extracts.spend_import import SpendImport
from calloffs.extracts.spend_line import SpendLine
from calloffs.spend.balances import Figures, figures_of, visible_agreements
from calloffs.spend.entry import LedgerEntry, who_posted
from calloffs.spend.invoice import Invoice
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.people.person import Person
from lots.appointment import Appointment
from lots.lot import Lot


@dataclass(frozen=True, slots=True)
class Followed:
    """One entry with everything that it belongs to."""

    entry: LedgerEntry
    counts_for: date
    amount: Money
    net: Money
    who: str
    agreement: FrameworkAgreement
    lot: Lot
    call_off: CallOff
    authority: Party
    partner: Party | None
    allocation: Money | None
    invoice: Invoice | None
    line: SpendLine | None
    file_name: str
    so_far: Money
    """What entries of this kind on this call-off add up to with this one, on the agreement's basis."""

    @property
    def limits(self) -> list[tuple[str, Figures]]:
        """The agreement, the lot and the call-off with their figures, the widest first."""
        return [
            (self.agreement.title, figures_of(self.agreement, self.agreement.ceiling)),
            (f"Lot {self.lot.number}, {self.lot.title}", figures_of(self.lot, self.lot.ceiling)),
            (f"{self.call_off.reference}, {self.call_off.title}", figures_of(self.call_off)),
        ]


def follow(session: Session, visitor: Visitor, number: int) -> Followed:
    """The entry of this number, of one of the visitor's own authorities. Raises `NotFound`."""
    entry = session.get(LedgerEntry, number) if 0 < number < 2**31 else None
    if entry is None or not visitor.may(Permission.SPEND_READ, entry.authority_id):
        raise NotFound
    agreement = session.exec(
        select(FrameworkAgreement).where(
            FrameworkAgreement.id == entry.agreement_id, visible_agreements(visitor)
        )
    ).one_or_none()
    if agreement is None:
        raise NotFound
    call_off = session.get_one(CallOff, entry.call_off_id)
    place = session.get(Appointment, call_off.appointment_id) if call_off.appointment_id else None
    member = session.exec(
        select(MemberAuthority).where(
            MemberAuthority.agreement_id == agreement.id, MemberAuthority.authority_id == entry.authority_id
        )
    ).one()
    line = session.get(SpendLine, entry.spend_line_id) if entry.spend_line_id else None
    file_name = session.get_one(SpendImport, line.import_id).file_name if line else ""
    person = session.get(Person, entry.actor_id) if entry.actor_id else None
    so_far = session.exec(
        select(sa.func.sum(LedgerEntry.amount_pence)).where(
            LedgerEntry.call_off_id == entry.call_off_id,
            LedgerEntry.kind == entry.kind,
            LedgerEntry.id <= entry.id,
        )
    ).one()
    return Followed(
        entry,
        entry.effective_on or dates.as_london(entry.posted_at).date(),
        Money(entry.amount_pence),
        Money(entry.net_pence),
        who_posted(person.name if person else None, entry.kind),
        agreement,
        session.get_one(Lot, entry.lot_id),
        call_off,
        session.get_one(Party, entry.authority_id),
        session.get(Party, place.supplier_id) if place else None,
        None if member.allocation_pence is None else Money(member.allocation_pence),
        session.get(Invoice, entry.invoice_id) if entry.invoice_id else None,
        line,
        file_name,
        Money(int(so_far)),
    )
