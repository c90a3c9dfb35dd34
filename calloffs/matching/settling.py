"""A line that is the payment of an invoice recorded here before: it is paid through that invoice, and billed only once.

Called under `ledger.hold`.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.extracts.finding import line as _line
from calloffs.matching import folding
from calloffs.matching.spend_match import SpendMatch
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from calloffs.spend.invoice import Invoice, Payment
from calloffs.spend.invoicing import counted
from calloffs.spend.ledger import Amount, Posting
from calloffs.spend.paying import net_part, payment_of, reason_of
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import Refusal, refuse
from framework.people.permissions import Visitor
from framework.records.columns import table_of

_invoice, _match = table_of(Invoice), table_of(SpendMatch)


def invoices_for(
    session: Session, authority_id: int, wanted: set[tuple[int, str]]
) -> dict[tuple[int, str], int]:
    """Ids of invoices recorded here, by partner and folded number, for lines of one authority."""
    if not wanted:
        return {}
    folded = sa.func.upper(_invoice.c.number)
    query = sa.select(_invoice.c.supplier_id, folded, _invoice.c.id).where(
        _invoice.c.authority_id == authority_id,
        _invoice.c.supplier_id.in_({supplier for supplier, _ in wanted}),
        folded.in_({number for _, number in wanted}),
    )
    return {(supplier, number): found for supplier, number, found in session.connection().execute(query)}


def invoice_of(session: Session, line: Any, supplier_id: int) -> Invoice | None:
    """The invoice of this partner with the line's number and the line's sign, where it was recorded here before."""
    number = folding.invoice_number(line.invoice_number)
    if not number:
        return None
    found = invoices_for(session, line.authority_id, {(supplier_id, number)}).get((supplier_id, number))
    if found is None:
        return None
    invoice = session.exec(
        select(Invoice).where(Invoice.id == found).execution_options(populate_existing=True)
    ).one()
    return invoice if pays(line, invoice) else None


def pays(line: Any, invoice: Invoice) -> bool:
    """Whether a line can be the payment of an invoice: a credit does not pay what it credits."""
    amount = line.gross_pence if line.gross_pence is not None else line.net_pence
    return (amount < 0) == (invoice.gross_pence < 0)


def gross_of_line(line: Any, invoice: Invoice) -> Money | None:
    """What the line paid including VAT: as the file says it, or the whole invoice where its net amount is the invoice's."""
    if line.gross_pence is not None:
        return Money(line.gross_pence)
    if line.net_pence == invoice.net_pence:
        return invoice.gross
    return None


@dataclass(frozen=True, slots=True)
class Settled:
    """What paying an invoice by a line came to: the payment, if there was anything left to pay, and what it was as the agreement counts."""

    payment: Payment | None
    paid: Amount
    twice: bool
    """Whether lines together paid more than the invoice."""
    unclear: bool
    """Whether the file does not say what was paid including VAT."""


def settle(
    session: Session,
    *,
    actor: Visitor,
    agreement: FrameworkAgreement,
    call_off: CallOff,
    invoice: Invoice,
    line: Any,
) -> Settled:
    """Pay what is unpaid of the invoice, at most what the line paid. Nothing is posted where all of it is paid already."""
    nothing = Amount(Money.zero(), Money.zero())
    gross = gross_of_line(line, invoice)
    if gross is None:
        return Settled(None, nothing, False, True)
    before = _linked(session, invoice.id, line.id)
    twice = abs(before + gross) > abs(invoice.gross)
    due = min(abs(gross), abs(invoice.unpaid_gross))
    pay = -due if gross.pence < 0 else due
    if line.paid_on is None or not pay.pence:
        return Settled(None, nothing, twice, False)
    amount = counted(agreement, net_part(invoice, pay), pay)
    if call_off.paid_pence + amount.on_basis.pence < 0:
        refuse(
            f"Only {Money(call_off.paid_pence)} ({agreement.basis.label}) has been paid on {call_off.reference}. "
            "Match the payment of the invoice before its credit",
            rule="RULE-33",
        )
    payment = payment_of(invoice, line.paid_on, pay, actor=actor)
    session.add(payment)
    session.flush()
    call_off.finance_agreed_at = call_off.finance_agreed_by_id = None
    posting = Posting(amount, reason_of(payment), line.paid_on, invoice.id, line.id)
    ledger.post_lines(session, call_off, EntryKind.PAYMENT, [posting], actor=actor)
    return Settled(payment, amount, twice, False)


def take_back(
    session: Session, *, actor: Visitor, agreement: FrameworkAgreement, call_off: CallOff, match: SpendMatch
) -> None:
    """Reverse the payment that a match made: a payment the other way on the same day, so that nothing is deleted."""
    if match.payment_id is None:
        return
    payment = session.get_one(Payment, match.payment_id)
    invoice = session.exec(
        select(Invoice).where(Invoice.id == payment.invoice_id).execution_options(populate_existing=True)
    ).one()
    gross = -Money(payment.gross_pence)
    net = net_part(invoice, gross)
    back = Amount(-Money(match.paid_pence), -Money(match.paid_net_pence))
    # Where other payments came in between, the invoice's own share of VAT may move by a penny: that penny is the invoice's.
    penny = counted(agreement, net, gross) - back
    step = back.on_basis + penny.on_basis
    if call_off.paid_pence + step.pence < 0:
        refuse(f"A credit on {call_off.reference} rests on this payment. Undo the match of the credit first")
    invoice.paid_gross_pence += gross.pence
    session.add(
        Payment(
            invoice_id=invoice.id,
            paid_on=payment.paid_on,
            gross_pence=gross.pence,
            net_pence=net.pence,
            recorded_at=dates.now(),
            recorded_by_id=actor.person_id,
        )
    )
    reason = "match undone"
    lines = [Posting(back, reason, payment.paid_on, invoice.id, match.line_id)]
    lines.append(Posting(penny, "rounding", payment.paid_on, invoice.id))
    call_off.finance_agreed_at = call_off.finance_agreed_by_id = None
    ledger.post_lines(session, call_off, EntryKind.PAYMENT, lines, actor=actor)


def elsewhere(session: Session, invoice: Invoice, call_off: CallOff) -> Refusal | None:
    """The invoice was recorded on another call-off than the one that the line is matched to."""
    if invoice.call_off_id == call_off.id:
        return None
    other = session.get_one(CallOff, invoice.call_off_id)
    return Refusal(
        f"Invoice {invoice.number} of this partner is recorded on {other.reference}. Match the line to that call-off",
        "call_off",
    )


def _linked(session: Session, invoice_id: int, but: int) -> Money:
    """What other matched lines of the same invoice paid, including VAT as far as their files say it."""
    query = (
        sa.select(sa.func.coalesce(sa.func.sum(sa.func.coalesce(_line.c.gross_pence, _line.c.net_pence)), 0))
        .select_from(_match.join(_line, _line.c.id == _match.c.line_id))
        .where(_match.c.invoice_id == invoice_id, _match.c.undone_at.is_(None), _line.c.id != but)
    )
    return Money(int(session.connection().execute(query).scalar_one()))
