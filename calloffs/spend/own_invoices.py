"""A partner's own invoices: received, matched to a call-off, due and paid. Nothing of how the council came to its figures."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from calloffs.call_off import CallOff
from calloffs.spend.invoice import Invoice, Payment
from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.permissions import Permission, Visitor

MOST = 200


@dataclass(frozen=True, slots=True)
class OwnInvoice:
    """An invoice or credit note as its partner reads it, with the days on which it was paid."""

    invoice: Invoice
    call_off: CallOff
    paid_on: tuple[date, ...]

    @property
    def kind(self) -> str:
        return "Credit note" if self.invoice.gross_pence < 0 else "Invoice"

    @property
    def is_settled(self) -> bool:
        return self.invoice.unpaid_gross.pence == 0

    @property
    def lacks_order(self) -> bool:
        """Whether it cannot be paid until the council has entered a purchase order."""
        return not self.is_settled and not self.call_off.purchase_order.strip()

    @property
    def sentence(self) -> str:
        """Such as "Received 3 June 2026, matched to DP21-4-0001, due 2 July 2026, paid 1 July 2026" (RULE-43: due is the day of
        receipt and 29 days, moved by the days of a dispute)."""
        one = self.invoice
        parts = [f"Received {dates.in_words(one.received_on)}, matched to {self.call_off.reference}"]
        parts.append(self._refund() if one.gross_pence < 0 else self._payment())
        return ", ".join(parts)

    def _refund(self) -> str:
        if not self.paid_on:
            return "to be set against what is paid"
        return f"settled {dates.in_words(self.paid_on[-1])}"

    def _payment(self) -> str:
        if self.invoice.disputed_on:
            return f"disputed since {dates.in_words(self.invoice.disputed_on)}, its days stand still"
        due = f"due {dates.in_words(self.invoice.due_on)}"
        if not self.paid_on:
            return f"{due}, {self._not_paid()}"
        last = dates.in_words(self.paid_on[-1])
        if self.is_settled:
            return f"{due}, paid {last}"
        paid = Money(self.invoice.paid_gross_pence)
        return f"{due}, {paid} including VAT paid so far, the last on {last}"

    def _not_paid(self) -> str:
        late = (dates.today() - self.invoice.due_on).days
        if late > 0:
            return f"not paid, {late} {'day' if late == 1 else 'days'} late"
        return "not paid yet"


def own_invoices(
    session: Session, visitor: Visitor, call_off: CallOff | None = None, most: int = MOST
) -> list[OwnInvoice]:
    """Invoices and credit notes of the visitor's own company, the newest first; of one call-off where it is given."""
    mine = visitor.parties_where(Permission.OFFER_READ)
    query = (
        select(Invoice, CallOff)
        .join(CallOff, col(CallOff.id) == col(Invoice.call_off_id))
        .where(col(Invoice.supplier_id).in_(mine))
        .order_by(col(Invoice.id).desc())
        .limit(most)
    )
    if call_off is not None:
        query = query.where(Invoice.call_off_id == call_off.id)
    rows = session.exec(query).all()
    paid: dict[int, list[date]] = {}
    for invoice_id, paid_on in session.exec(
        select(Payment.invoice_id, col(Payment.paid_on))
        .where(col(Payment.invoice_id).in_([invoice.id for invoice, _ in rows]))
        .group_by(col(Payment.invoice_id), col(Payment.paid_on))
        # A payment that was taken back left its reverse on the same day: nothing was paid on it.
        .having(func.sum(Payment.gross_pence) != 0)
        .order_by(col(Payment.paid_on))
    ):
        paid.setdefault(invoice_id, []).append(paid_on)
    return [OwnInvoice(invoice, found, tuple(paid.get(invoice.id, ()))) for invoice, found in rows]
