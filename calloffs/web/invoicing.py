"""Invoices of a call-off: the list on its page, recording one, recording a payment, and what waits for finance."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs import finding
from calloffs.call_off import CallOff
from calloffs.spend.invoice import Invoice
from calloffs.spend.invoicing import InvoiceFacts, record_invoice
from calloffs.spend.paying import record_payment
from calloffs.spend.reviewing import due_by, invoice_of, invoices_of, without_order
from framework.definitions import dates
from framework.definitions.payments import PAYMENT_DAYS, ClockTone, clock_day, clock_tone
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.web.fields import DayField, LineField, MoneyField, VisitForm, at_most, needed
from framework.web.home import Panel, Waiting
from framework.web.sections import Section, Step
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("invoicing", __name__)


class InvoiceForm(VisitForm):
    number = LineField("Invoice number", [needed("Enter the invoice number"), at_most(60, "Invoice number")])
    description = LineField(
        "What it is for", [needed("Enter what the invoice is for"), at_most(1000, "What it is for")]
    )
    dated_on = DayField("Invoice date", [needed("Enter the invoice date")], what="Invoice date")
    received_on = DayField(
        "Day it was received", [needed("Enter the day it was received")], what="Day it was received"
    )
    net = MoneyField("Net of VAT, in pounds", [needed("Enter the amount net of VAT")], allow_negative=True)
    vat = MoneyField("VAT, in pounds", [needed("Enter the VAT, 0 if there is none")], allow_negative=True)
    gross = MoneyField("Total including VAT, in pounds", [needed("Enter the total")], allow_negative=True)


class PaymentForm(VisitForm):
    paid_on = DayField("Day it was paid", [needed("Enter the day it was paid")], what="Day it was paid")
    gross = MoneyField("Amount including VAT, in pounds", [needed("Enter the amount")], allow_negative=True)


@door.route("/call-offs/<reference>/invoices/new", methods=["GET", "POST"])
@requires(Permission.INVOICE_RECORD)
def form(reference: str) -> Any:
    """Record an invoice or a credit note."""
    found = _ours(reference)
    form = InvoiceForm()
    if form.validate_on_submit():
        try:
            record_invoice(session(), actor=visitor(), call_off=found, facts=_facts(form))
            return after("call_off.show", reference=reference, _anchor="invoices")
        except Refused as refusal:
            refused(form, refusal)
            found = _ours(reference)
    return page(
        "calloffs/invoicing/form.html",
        form=form,
        call_off=found,
        around=finding.around(session(), found),
        status=422 if form.problems else 200,
    )


def _facts(form: InvoiceForm) -> InvoiceFacts:
    dated_on, received_on, net, vat = (
        form.dated_on.data,
        form.received_on.data,
        form.net.data,
        form.vat.data,
    )
    # `needed` saw to it that all are there.
    assert dated_on is not None
    assert received_on is not None
    assert net is not None
    assert vat is not None
    number, description = form.number.data or "", form.description.data or ""
    return InvoiceFacts(number, description, dated_on, received_on, net, vat, form.gross.data)


@door.route("/call-offs/<reference>/invoices/<int(max=2147483647):number>/pay", methods=["GET", "POST"])
@requires(Permission.INVOICE_RECORD)
def pay(reference: str, number: int) -> Any:
    """Record a payment, or a refund on a credit note."""
    found = _ours(reference)
    invoice = invoice_of(session(), found, number)
    form = PaymentForm(data={"gross": invoice.unpaid_gross, "paid_on": dates.today()})
    if form.validate_on_submit():
        paid_on, gross = form.paid_on.data, form.gross.data
        assert paid_on is not None  # `needed` saw to it
        assert gross is not None
        try:
            record_payment(session(), actor=visitor(), invoice=invoice, paid_on=paid_on, gross=gross)
            return after("call_off.show", reference=reference, _anchor="invoices")
        except Refused as refusal:
            refused(form, refusal)
            found = _ours(reference)
            invoice = invoice_of(session(), found, number)
    return page(
        "calloffs/invoicing/pay.html",
        form=form,
        call_off=found,
        invoice=invoice,
        status=422 if form.problems else 200,
    )


def _ours(reference: str) -> CallOff:
    found = finding.call_off(session(), visitor(), reference)
    permitted(visitor(), Permission.INVOICE_RECORD, found.authority_id)
    if found.signed_at is None:
        raise NotFound
    return found


# Places on other pages


def state_of(invoice: Invoice) -> tuple[str, str]:
    """An invoice's state in words, and the tone of its mark."""
    if invoice.unpaid_gross.pence == 0:
        return ("Refunded" if invoice.gross_pence < 0 else "Paid"), "ended"
    if invoice.gross_pence < 0:
        return "Credit to settle", "waiting"
    if invoice.disputed_on:
        return f"Disputed since {dates.in_words(invoice.disputed_on)}", "stopped"
    if dates.today() > invoice.due_on:
        return "Overdue", "stopped"
    # RULE-43: warned of from day 20, red from day 30, which is the due day.
    tone = clock_tone(invoice.due_on, dates.today())
    so_far = "Part paid" if invoice.paid_gross_pence else "To pay"
    if tone is ClockTone.RUNNING:
        return so_far, "draft"
    day = f"{so_far}, day {clock_day(invoice.due_on, dates.today())} of {PAYMENT_DAYS}"
    return day, "stopped" if tone is ClockTone.RED else "waiting"


def section(own: Session, who: Visitor, found: CallOff) -> Section | None:
    """Every invoice of a signed call-off with its state."""
    if found.signed_at is None or not finding.reads_whole(who, found):
        return None
    may_pay = who.may(Permission.INVOICE_RECORD, found.authority_id) and found.closed_at is None
    return Section(
        "invoices",
        "Invoices",
        "calloffs/invoicing/_list.html",
        {
            "rows": [(one, state_of(one)) for one in invoices_of(own, found)],
            "reference": found.reference,
            "may_pay": may_pay,
            "has_order": bool(found.purchase_order.strip()),
        },
    )


def step(_own: Session, who: Visitor, found: CallOff) -> Step | None:
    """Record an invoice on a signed call-off that is not closed."""
    if found.signed_at is None or found.closed_at or found.award_withdrawn_at:
        return None
    if not who.may(Permission.INVOICE_RECORD, found.authority_id):
        return None
    return Step("Record an invoice", url_for("invoicing.form", reference=found.reference))


def due_panel(own: Session, who: Visitor) -> Panel | None:
    """Invoices that are due within ten days or overdue."""
    mine = who.parties_where(Permission.INVOICE_RECORD)
    if not mine:
        return None
    rows = due_by(own, mine, dates.today() + timedelta(days=10))
    return Panel(
        "Invoices to pay",
        tuple(
            Waiting(
                f"Invoice {one.number}, {one.unpaid_gross} including VAT",
                f"Due {dates.in_words(one.due_on)}, {dates.days_between_in_words(dates.today(), one.due_on)}",
                url_for("invoicing.pay", reference=reference, number=one.id),
                "invoice",
            )
            for one, reference in rows
        ),
        "No invoice is due in the next 10 days.",
    )


def order_panel(own: Session, who: Visitor) -> Panel | None:
    """Unpaid invoices of call-offs that still have no purchase order."""
    mine = who.parties_where(Permission.INVOICE_RECORD)
    rows = without_order(own, mine) if mine else []
    if not rows:
        return None
    return Panel(
        "Invoices without a purchase order",
        tuple(
            Waiting(
                f"Invoice {one.number} on {reference}",
                f"{one.gross} including VAT cannot be paid until the purchase order number is there",
                url_for("call_off.show", reference=reference),
                "invoice",
            )
            for one, reference in rows
        ),
        "",
    )
