"""Recording a payment on an invoice, or a refund on a credit note."""

from datetime import date

from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from calloffs.spend.invoice import Invoice, Payment
from calloffs.spend.invoicing import counted
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money, half_up
from framework.definitions.rules import Refusal, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit


def record_payment(
    session: Session, *, actor: Visitor, invoice: Invoice, paid_on: date, gross: Money
) -> Payment:
    """Record that `gross` (including VAT; below nothing for a credit note) was paid on a London day, and post it.

    The net part is the invoice's own proportion on the running total, half up, so that the payments of an invoice paid in
    full add up to its net amount exactly. Raises `Refused` with every reason, `NotFound` for somebody who may not record here.
    """
    permitted(actor, Permission.INVOICE_RECORD, invoice.authority_id)
    call_off = session.exec(select(CallOff).where(CallOff.id == invoice.call_off_id)).one()
    agreement = ledger.hold(session, call_off.agreement_id)
    session.refresh(call_off)
    session.refresh(invoice)
    found = _findings(call_off, agreement, invoice, paid_on, gross)
    if found:
        raise Refused(*found)
    return settle(
        session,
        actor=actor,
        agreement=agreement,
        call_off=call_off,
        invoice=invoice,
        paid_on=paid_on,
        gross=gross,
    )


def settle(
    session: Session,
    *,
    actor: Visitor,
    agreement: FrameworkAgreement,
    call_off: CallOff,
    invoice: Invoice,
    paid_on: date,
    gross: Money,
) -> Payment:
    """The payment, its entry and its record, once the rules have nothing against it. Call it under `ledger.hold`."""
    payment = payment_of(invoice, paid_on, gross, actor=actor)
    call_off.finance_agreed_at = call_off.finance_agreed_by_id = None
    session.add(payment)
    ledger.post(
        session,
        call_off,
        {EntryKind.PAYMENT: counted(agreement, Money(payment.net_pence), gross)},
        actor=actor,
        reason=reason_of(payment),
        appointment_id=call_off.appointment_id,
        invoice_id=invoice.id,
        on=paid_on,
    )
    tell(session, actor=actor, call_off=call_off, invoice=invoice, payment=payment)
    return payment


def payment_of(invoice: Invoice, paid_on: date, gross: Money, *, actor: Visitor) -> Payment:
    """The row of a payment, and the invoice's paid figure moved with it; nothing is added to the session."""
    payment = Payment(
        invoice_id=invoice.id,
        paid_on=paid_on,
        gross_pence=gross.pence,
        net_pence=net_part(invoice, gross).pence,
        recorded_at=dates.now(),
        recorded_by_id=actor.person_id,
    )
    invoice.paid_gross_pence += gross.pence
    return payment


def reason_of(payment: Payment) -> str:
    """What the ledger calls it."""
    return "refund" if payment.gross_pence < 0 else "payment"


def tell(session: Session, *, actor: Visitor, call_off: CallOff, invoice: Invoice, payment: Payment) -> None:
    """The record of a payment."""
    audit.record(
        session,
        actor=actor,
        action="payment_recorded",
        subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
        facts={
            "number": invoice.number,
            "gross": Money(payment.gross_pence),
            "net": Money(payment.net_pence),
            "paid_on": payment.paid_on,
            "late": payment.paid_on > invoice.due_on,
        },
    )


def net_part(invoice: Invoice, gross: Money) -> Money:
    """The part of the next `gross` paid that is net of VAT: the share of everything paid so far, less what was counted before."""
    before = half_up(invoice.net_pence * invoice.paid_gross_pence, invoice.gross_pence)
    after = half_up(invoice.net_pence * (invoice.paid_gross_pence + gross.pence), invoice.gross_pence)
    return Money(after - before)


def _findings(
    call_off: CallOff, agreement: FrameworkAgreement, invoice: Invoice, paid_on: date, gross: Money
) -> list[Refusal]:
    found = []
    if call_off.closed_at:
        found.append(Refusal(f"{call_off.reference} is closed. No more payments can be recorded on it"))
    if not call_off.purchase_order.strip() and invoice.gross_pence > 0:
        found.append(
            Refusal(
                f"{call_off.reference} has no purchase order number. Add it before anything is paid: no purchase order, no payment"
            )
        )
    if invoice.disputed_on:
        since = dates.in_words(invoice.disputed_on)
        found.append(
            Refusal(
                f"Invoice {invoice.number} is disputed since {since}. Resolve the dispute before it is paid",
                rule="RULE-44",
            )
        )
    if paid_on > dates.today():
        found.append(Refusal("The day of payment must not be after today", "paid_on"))
    elif paid_on < invoice.dated_on:
        found.append(Refusal("The day of payment must not be before the invoice date", "paid_on"))
    found.extend(_amount(call_off, agreement, invoice, gross))
    return found


def _amount(
    call_off: CallOff, agreement: FrameworkAgreement, invoice: Invoice, gross: Money
) -> list[Refusal]:
    left = invoice.unpaid_gross
    if left.pence == 0:
        return [Refusal(f"Invoice {invoice.number} is paid in full", "gross", left=left)]
    if gross.pence == 0 or (gross.pence < 0) != (invoice.gross_pence < 0):
        sentence = (
            "Enter what was refunded, with a minus sign"
            if invoice.gross_pence < 0
            else "Enter what was paid, above £0"
        )
        return [Refusal(sentence, "gross")]
    if abs(gross) > abs(left):
        return [
            Refusal(
                f"Invoice {invoice.number} has {left} including VAT left to pay. {gross} is more than that",
                "gross",
                "RULE-33",
                left,
            )
        ]
    after = Money(call_off.paid_pence) + counted(agreement, net_part(invoice, gross), gross).on_basis
    if after.pence < 0:
        return [
            Refusal(
                f"Only {Money(call_off.paid_pence)} ({agreement.basis.label}) has been paid on {call_off.reference}. "
                "Record the payment of the invoice before its credit",
                "gross",
                left=Money(call_off.paid_pence),
            )
        ]
    return []
