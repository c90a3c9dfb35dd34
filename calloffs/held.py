"""What this floor holds on a partner: what it was asked, whom it offered, its call-offs and its invoices."""

from sqlmodel import Session, col, select

from calloffs.answers import all_asked
from calloffs.call_off import CallOff
from calloffs.offer import Offer, OfferedPerson
from calloffs.signature import Signature
from calloffs.spend.invoice import Invoice
from framework.people.held import MOST_ROWS, Held, looks_at
from framework.people.party import Party
from framework.people.permissions import Visitor
from lots.appointment import Appointment

_COUNCIL = "You, and people of the council that asked"
_KEPT = "With the award’s records: six years after the call-off is closed"


def held(session: Session, visitor: Visitor, supplier: Party) -> list[Held]:
    """Every list of this floor about the visitor's own company."""
    asked = [one for one in all_asked(session, visitor, MOST_ROWS) if one.partner.id == supplier.id]
    offers = (
        select(Offer.id, Offer.reference)
        .join(Appointment, col(Appointment.id) == col(Offer.appointment_id))
        .where(Appointment.supplier_id == supplier.id)
        .limit(MOST_ROWS)
    )
    mine = {int(number): reference for number, reference in session.exec(offers)}
    people = session.exec(
        select(OfferedPerson)
        .where(col(OfferedPerson.offer_id).in_(list(mine)))
        .order_by(col(OfferedPerson.offer_id).desc(), col(OfferedPerson.number))
        .limit(MOST_ROWS)
    )
    signed = session.exec(
        select(Signature, CallOff.reference)
        .join(CallOff, col(CallOff.id) == col(Signature.call_off_id))
        .where(Signature.party_id == supplier.id)
        .order_by(col(Signature.id).desc())
        .limit(MOST_ROWS)
    )
    return [
        Held(
            "What you were asked, and your answers",
            ("Offer", "Work", "Council", "Asked", "Answer by", "Outcome", "Your price, net of VAT"),
            tuple(
                (
                    one.offer.reference,
                    one.call_off.title,
                    one.authority.name,
                    one.offer.offered_at,
                    one.offer.deadline_at,
                    one.status.label,
                    one.offer.price if one.offer.price_net_pence else None,
                )
                for one in asked
            ),
            _COUNCIL,
            _KEPT,
        ),
        Held(
            "People you offered",
            ("Offer", "Name", "Role", "Level", "Day rate, net of VAT", "Days", "Clearance", "Erased"),
            tuple(
                (
                    mine[one.offer_id],
                    one.name,
                    one.role,
                    one.level,
                    one.day_rate,
                    one.days,
                    one.clearance,
                    one.erased_at,
                )
                for one in people
            ),
            f"{_COUNCIL}. Looks are recorded",
            "Name and clearance until 12 months after an offer came to nothing, or 6 years after the call-off was closed",
        ),
        Held(
            "Who looked at the people you offered",
            ("When", "Who", "From", "What"),
            tuple(looks_at(session, {"offer": list(mine)})),
            "You, and auditors of the councils",
            "With the audit record, for good",
        ),
        _invoices(session, supplier),
        Held(
            "Your signatures",
            ("Call-off", "Name", "Role", "Authority to sign", "Network address", "When"),
            tuple(
                (reference, one.name, one.role, one.authority, one.address, one.signed_at)
                for one, reference in signed
            ),
            _COUNCIL,
            f"{_KEPT}, as part of the contract",
        ),
    ]


def _invoices(session: Session, supplier: Party) -> Held:
    rows = session.exec(
        select(Invoice)
        .where(Invoice.supplier_id == supplier.id)
        .order_by(col(Invoice.id).desc())
        .limit(MOST_ROWS)
    )
    return Held(
        "Your invoices",
        ("Number", "Dated", "Received", "Due", "Net of VAT", "VAT", "With VAT", "Still unpaid, with VAT"),
        tuple(
            (
                one.number,
                one.dated_on,
                one.received_on,
                one.due_on,
                one.net,
                one.vat,
                one.gross,
                one.unpaid_gross,
            )
            for one in rows
        ),
        _COUNCIL,
        _KEPT,
    )
