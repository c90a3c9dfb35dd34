"""Disputes about invoices: opening one, resolving it, and where both sides see how they stand."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs import finding
from calloffs.call_off import CallOff
from calloffs.clocks.dispute import OUTCOMES, DisputeKind
from calloffs.clocks.disputing import dispute, events_of, resolve
from calloffs.clocks.sending_back import faults_in_words, sent_back_on
from calloffs.spend.invoice import Invoice
from calloffs.spend.reviewing import disputed, invoice_of, invoices_of
from framework.definitions import dates
from framework.definitions.payments import clock_day
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.web.fields import ChoiceField, VisitForm, WordsField, at_most, needed
from framework.web.home import Panel, Waiting
from framework.web.sections import Section
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("disputing", __name__)


class DisputeForm(VisitForm):
    words = WordsField(
        "Why the invoice is disputed",
        [needed("Say why, in words that the partner can answer"), at_most(2000, "The reason")],
    )


class ResolutionForm(VisitForm):
    outcome = ChoiceField(
        "How was it resolved?",
        [needed("Choose how the dispute was resolved")],
        choices=[(one.value, one.label) for one in OUTCOMES],
    )
    words = WordsField("What was agreed", [needed("Say what was agreed"), at_most(2000, "What was agreed")])


@door.route(
    "/spend/payments/<reference>/invoices/<int(max=2147483647):number>/dispute", methods=["GET", "POST"]
)
@requires(Permission.INVOICE_RECORD)
def form(reference: str, number: int) -> Any:
    """Dispute an invoice as a whole: its clock stops and the partner is told."""
    found, invoice = _ours(reference, number)
    form = DisputeForm()
    if form.validate_on_submit():
        try:
            dispute(session(), actor=visitor(), invoice=invoice, words=form.words.data or "")
            return after("call_off.show", reference=reference, _anchor="disputes")
        except Refused as refusal:
            refused(form, refusal)
            found, invoice = _ours(reference, number)
    return _page("calloffs/clocks/dispute.html", form, found, invoice)


@door.route(
    "/spend/payments/<reference>/invoices/<int(max=2147483647):number>/resolve", methods=["GET", "POST"]
)
@requires(Permission.INVOICE_RECORD)
def resolution(reference: str, number: int) -> Any:
    """Resolve the dispute that stands: the clock runs again."""
    found, invoice = _ours(reference, number)
    form = ResolutionForm()
    if form.validate_on_submit():
        try:
            resolve(
                session(),
                actor=visitor(),
                invoice=invoice,
                outcome=DisputeKind(form.outcome.data),
                words=form.words.data or "",
            )
            return after("call_off.show", reference=reference, _anchor="disputes")
        except Refused as refusal:
            refused(form, refusal)
            found, invoice = _ours(reference, number)
    return _page("calloffs/clocks/resolve.html", form, found, invoice)


def _page(template: str, form: VisitForm, found: CallOff, invoice: Invoice) -> Any:
    return page(
        template,
        form=form,
        call_off=found,
        invoice=invoice,
        events=events_of(session(), [invoice.id]).get(invoice.id, []),
        day=clock_day(invoice.due_on, invoice.disputed_on or dates.today()),
        status=422 if form.problems else 200,
    )


def _ours(reference: str, number: int) -> tuple[CallOff, Invoice]:
    found = finding.call_off(session(), visitor(), reference)
    permitted(visitor(), Permission.INVOICE_RECORD, found.authority_id)
    if found.signed_at is None:
        raise NotFound
    return found, invoice_of(session(), found, number)


# Places on other pages


def section(own: Session, who: Visitor, found: CallOff) -> Section | None:
    """Disputes and invoices sent back of a call-off, for its authority and for its own partner."""
    if found.signed_at is None:
        return None
    council = who.may(Permission.SPEND_READ, found.authority_id)
    if not council and not who.may(Permission.OFFER_READ):
        return None
    invoices = {one.id: one for one in invoices_of(own, found)}
    events = events_of(own, invoices)
    sent = [(one, faults_in_words(one)) for one in sent_back_on(own, found)]
    if not events and not sent:
        return None
    may_resolve = who.may(Permission.INVOICE_RECORD, found.authority_id)
    return Section(
        "disputes",
        "Disputes and invoices sent back",
        "calloffs/clocks/_section.html",
        {
            "rows": [(invoices[one], events[one]) for one in sorted(events, reverse=True)],
            "sent": sent,
            "reference": found.reference,
            "may_resolve": may_resolve,
        },
    )


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home of a finance reviewer: invoices whose clock stands because they are disputed."""
    mine = who.parties_where(Permission.INVOICE_RECORD)
    rows = disputed(own, mine) if mine else []
    if not rows:
        return None
    return Panel(
        "Disputed invoices",
        tuple(
            Waiting(
                f"Invoice {one.number} on {reference}, {one.unpaid_gross} including VAT",
                f"Disputed since {dates.in_words(one.disputed_on)}; its clock stands"
                if one.disputed_on
                else "",
                url_for("disputing.resolution", reference=reference, number=one.id),
                "invoice",
            )
            for one, reference in rows
        ),
        "",
        url_for("table.show", key="disputes", state="open"),
    )
