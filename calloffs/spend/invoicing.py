"""Recording an invoice or a credit note against a signed call-off."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.matching.billed import billed_by_lines
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from calloffs.spend.invoice import Invoice
from calloffs.spend.ledger import Amount
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.payments import payment_due
from framework.definitions.rules import ChangedMeanwhile, Refusal, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from framework.records.columns import table_of
from lots.appointment import Appointment


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """What an invoice says (RULE-44); a credit note has amounts below nothing. `gross` is worked out when it is None."""

    number: str
    description: str
    dated_on: date
    received_on: date
    net: Money
    vat: Money
    gross: Money | None = None

    @property
    def total(self) -> Money:
        """What is to be paid, including VAT."""
        return self.net + self.vat if self.gross is None else self.gross


@dataclass(frozen=True, slots=True)
class Claim:
    """An invoice about to be recorded, and what stands against it: what the rules are asked about."""

    call_off: CallOff
    agreement: FrameworkAgreement
    facts: InvoiceFacts
    invoiced: Money
    """Invoiced on the call-off so far, on the agreement's basis."""
    taken: bool = False
    """Whether the partner has sent this number before."""

    @property
    def amount(self) -> Amount:
        """The claim as the agreement counts it."""
        return counted(self.agreement, self.facts.net, self.facts.total)


def counted(agreement: FrameworkAgreement, net: Money, gross: Money) -> Amount:
    """Amounts as billed, counted on the agreement's basis: VAT is never worked out again from a rate."""
    return Amount(net if agreement.basis is Basis.NET else gross, net)


def record_invoice(session: Session, *, actor: Visitor, call_off: CallOff, facts: InvoiceFacts) -> Invoice:
    """Record an invoice or a credit note and post it on the agreement's basis.

    Raises `Refused` with every reason, `NotFound` for somebody who may not record here.
    """
    permitted(actor, Permission.INVOICE_RECORD, call_off.authority_id)
    agreement = ledger.hold(session, call_off.agreement_id)
    session.refresh(call_off)
    supplier_id = supplier_of(session, call_off)
    facts = tidied(facts)
    claim = Claim(
        call_off,
        agreement,
        facts,
        Money(call_off.invoiced_pence),
        number_taken(session, supplier_id, facts.number),
    )
    found = findings(claim)
    if found:
        raise Refused(*found)
    assert supplier_id is not None  # a signed call-off has its partner
    return write_down(session, actor=actor, claim=claim, supplier_id=supplier_id)


def write_down(session: Session, *, actor: Visitor, claim: Claim, supplier_id: int) -> Invoice:
    """The invoice, its entry and its record, once the rules have nothing against it. Call it under `ledger.hold`."""
    call_off = claim.call_off
    invoice = invoice_of(claim, actor=actor, supplier_id=supplier_id)
    session.add(invoice)
    # Final figures that finance had agreed are no longer final.
    call_off.finance_agreed_at = call_off.finance_agreed_by_id = None
    try:
        session.flush()
    except IntegrityError:
        # The same number recorded under another agreement in the same moment.
        raise ChangedMeanwhile from None
    ledger.post(
        session,
        call_off,
        {EntryKind.INVOICE: claim.amount},
        actor=actor,
        reason=reason_of(invoice),
        appointment_id=call_off.appointment_id,
        invoice_id=invoice.id,
        on=invoice.dated_on,
    )
    tell(session, actor=actor, call_off=call_off, invoice=invoice)
    return invoice


def invoice_of(claim: Claim, *, actor: Visitor, supplier_id: int, import_id: int | None = None) -> Invoice:
    """The row of a claim; nothing is added to the session."""
    call_off, facts = claim.call_off, claim.facts
    return Invoice(
        call_off_id=call_off.id,
        authority_id=call_off.authority_id,
        supplier_id=supplier_id,
        number=facts.number,
        description=facts.description,
        dated_on=facts.dated_on,
        received_on=facts.received_on,
        due_on=payment_due(facts.received_on),
        net_pence=facts.net.pence,
        vat_pence=facts.vat.pence,
        gross_pence=facts.total.pence,
        recorded_at=dates.now(),
        recorded_by_id=actor.person_id,
        import_id=import_id,
        without_purchase_order=not call_off.purchase_order.strip(),
    )


def reason_of(invoice: Invoice) -> str:
    """What the ledger calls it."""
    return "credit note" if invoice.net_pence < 0 else "invoice"


def tell(session: Session, *, actor: Visitor, call_off: CallOff, invoice: Invoice) -> None:
    """The record of an invoice."""
    audit.record(
        session,
        actor=actor,
        action="credit_note_recorded" if invoice.net_pence < 0 else "invoice_recorded",
        subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
        facts={
            "number": invoice.number,
            "net": invoice.net,
            "vat": invoice.vat,
            "gross": invoice.gross,
            "received_on": invoice.received_on,
            "due_on": invoice.due_on,
            "without_purchase_order": invoice.without_purchase_order,
        },
        words={"description": invoice.description},
    )


def tidied(facts: InvoiceFacts) -> InvoiceFacts:
    """The facts with the spaces of number and description folded, so that one number is not taken for two."""
    return InvoiceFacts(
        " ".join(facts.number.split()),
        facts.description.strip(),
        facts.dated_on,
        facts.received_on,
        facts.net,
        facts.vat,
        facts.gross,
    )


def supplier_of(session: Session, call_off: CallOff) -> int | None:
    """The partner's party id, or None before award."""
    if call_off.appointment_id is None:
        return None
    return session.exec(
        select(Appointment.supplier_id).where(Appointment.id == call_off.appointment_id)
    ).one()


def number_taken(session: Session, supplier_id: int | None, number: str) -> bool:
    """Whether the partner has sent this number before, in whatever mix of capitals, also with a line of an extract."""
    table = table_of(Invoice)
    query = sa.select(table.c.id).where(
        table.c.supplier_id == supplier_id, sa.func.upper(table.c.number) == number.upper()
    )
    if session.connection().execute(query.limit(1)).first() is not None:
        return True
    return supplier_id is not None and bool(billed_by_lines(session, [supplier_id], [number.upper()]))


def findings(claim: Claim) -> list[Refusal]:
    """Everything that speaks against recording the claim, in the order of RULES."""
    return [refusal for rule in RULES if (refusal := rule(claim)) is not None]


# Rules. A new one is one function and its name in RULES.


def call_off_is_signed(claim: Claim) -> Refusal | None:
    """No invoice before both sides have signed."""
    call_off = claim.call_off
    if call_off.signed_at is None or call_off.award_withdrawn_at or call_off.cancelled_at:
        return Refusal(
            f"{call_off.reference} is not signed by both sides. An invoice can be recorded once it is",
            rule="RULE-44",
        )
    signed_on = dates.as_london(call_off.signed_at).date()
    if claim.facts.dated_on < signed_on:
        return Refusal(
            f"The invoice is dated before {call_off.reference} was signed on {dates.in_words(signed_on)}. Send it back to the partner",
            "dated_on",
            "RULE-44",
        )
    return None


def call_off_is_open(claim: Claim) -> Refusal | None:
    """A closed call-off takes no more invoices."""
    if claim.call_off.closed_at is None:
        return None
    return Refusal(
        f"{claim.call_off.reference} was closed on {dates.in_words(claim.call_off.closed_at)}. No more invoices can be recorded on it"
    )


def invoice_is_valid(claim: Claim) -> Refusal | None:
    """RULE-44: a number of its own and a description; the name and the sum are the call-off's and the amounts'."""
    if not claim.facts.number or len(claim.facts.number) > 60:
        return Refusal("Enter the invoice number, up to 60 characters", "number", "RULE-44")
    if not claim.facts.description or len(claim.facts.description) > 1000:
        return Refusal(
            "Enter what the invoice is for, as it says itself, up to 1,000 characters",
            "description",
            "RULE-44",
        )
    return None


def number_is_new(claim: Claim) -> Refusal | None:
    """One number, one invoice, for each partner."""
    if not claim.taken:
        return None
    return Refusal(
        f"Invoice {claim.facts.number} from this partner is recorded already, by hand or with a matched line of an extract. "
        "Check that it is not the same one",
        "number",
        "RULE-44",
    )


def dates_make_sense(claim: Claim) -> Refusal | None:
    """Dated on or after the first day of the call-off, received on or after that and not after today."""
    facts, starts_on = claim.facts, claim.call_off.starts_on
    if starts_on and facts.dated_on < starts_on:
        return Refusal(
            f"The invoice date must be on or after {dates.in_words(starts_on)}, the first day of {claim.call_off.reference}",
            "dated_on",
        )
    if facts.dated_on > dates.today():
        return Refusal("The invoice date must not be after today", "dated_on")
    if facts.received_on < facts.dated_on:
        return Refusal("The day it was received must not be before the invoice date", "received_on")
    if facts.received_on > dates.today():
        return Refusal("The day it was received must not be after today", "received_on")
    return None


def amounts_add_up(claim: Claim) -> Refusal | None:
    """Net and VAT make gross, none of them contradicts another."""
    net, vat, gross = claim.facts.net, claim.facts.vat, claim.facts.total
    if net.pence == 0:
        return Refusal(
            "Enter an amount net of VAT that is not £0. A credit note has a minus sign", "net", "RULE-44"
        )
    if net + vat != gross:
        return Refusal(
            f"Net {net} and VAT {vat} make {net + vat}, not {gross}. Check the three amounts",
            "gross",
            "RULE-74",
        )
    if (vat.pence < 0) != (net.pence < 0) and vat.pence:
        return Refusal("VAT must be below £0 exactly when the net amount is", "vat")
    if abs(vat) > abs(net):
        return Refusal("VAT must not be more than the net amount", "vat")
    return None


def within_what_is_committed(claim: Claim) -> Refusal | None:
    """Invoiced never passes committed, and a credit note never takes it below nothing (RULE-32, RULE-33)."""
    committed, after = Money(claim.call_off.committed_pence), claim.invoiced + claim.amount.on_basis
    basis = claim.agreement.basis.label
    if claim.facts.net.pence > 0 and after > committed:
        left = committed - claim.invoiced
        return Refusal(
            f"{claim.call_off.reference} has {left} ({basis}) left to invoice. This invoice is {claim.amount.on_basis} ({basis}). "
            "Vary the call-off first, or send the invoice back",
            "net",
            "RULE-33",
            left,
        )
    if after.pence < 0:
        return Refusal(
            f"Only {claim.invoiced} ({basis}) has been invoiced on {claim.call_off.reference}, so no more than that can be credited",
            "net",
            "RULE-33",
            claim.invoiced,
        )
    return None


RULES = (
    call_off_is_signed,
    call_off_is_open,
    invoice_is_valid,
    number_is_new,
    dates_make_sense,
    amounts_add_up,
    within_what_is_committed,
)
