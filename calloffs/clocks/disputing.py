"""Disputing an invoice stops its clock, resolving the dispute starts it again; the partner is told of both at once.

The clock stands from the day after the opening to the day of resolving, both London days. A dispute is about the whole invoice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.clocks.dispute import OUTCOMES, DisputeEvent, DisputeKind
from calloffs.clocks.telling import tell_partner
from calloffs.spend import ledger
from calloffs.spend.invoice import Invoice
from framework.definitions import dates
from framework.definitions.payments import Stop, payment_due, stopped_days
from framework.definitions.rules import ChangedMeanwhile, Refusal, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit

_MOST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Standing:
    """An invoice's disputes, the oldest first."""

    stops: tuple[Stop, ...] = ()

    @property
    def disputed_on(self) -> date | None:
        """When the dispute that stands was opened; None while there is none."""
        return self.stops[-1][0] if self.stops and self.stops[-1][1] is None else None

    def days(self, until: date) -> int:
        """For how many days the clock stood up to a day, that day included."""
        return stopped_days(self.stops, until)


def standing(session: Session, invoice_ids: Iterable[int]) -> dict[int, Standing]:
    """How the disputes of some invoices stand, in one statement; invoices that were never disputed are left out."""
    stops: dict[int, list[Stop]] = {}
    query = (
        select(DisputeEvent)
        .where(col(DisputeEvent.invoice_id).in_(set(invoice_ids)))
        .order_by(col(DisputeEvent.invoice_id), col(DisputeEvent.number))
    )
    for event in session.exec(query):
        known = stops.setdefault(event.invoice_id, [])
        if event.kind is DisputeKind.OPENED:
            known.append((event.happened_on, None))
        else:
            known[-1] = (known[-1][0], event.happened_on)
    return {invoice_id: Standing(tuple(found)) for invoice_id, found in stops.items()}


def due_on(invoice: Invoice, found: Standing) -> date | None:
    """The last day to pay, worked out from the events; None while a dispute stands. `Invoice.due_on` keeps the same day."""
    if found.disputed_on:
        return None
    return payment_due(invoice.received_on, found.days(dates.today()))


def dispute(session: Session, *, actor: Visitor, invoice: Invoice, words: str) -> DisputeEvent:
    """Open a dispute about an unpaid invoice: its clock stops and the partner's people are told.

    Raises `Refused` with the reason, `NotFound` for somebody who may not record here, `ChangedMeanwhile` when somebody was faster.
    """
    call_off = _held(session, actor, invoice)
    found = [one for one in (_may_be_disputed(call_off, invoice), _says_why(words)) if one]
    if found:
        raise Refused(*found)
    event = _note(session, actor, invoice, DisputeKind.OPENED, words)
    invoice.disputed_on = event.happened_on
    tell_partner(
        session,
        call_off,
        invoice.supplier_id,
        key=f"dispute:{event.id}",
        subject=f"Invoice {invoice.number} on {call_off.reference} is disputed",
        lines=[
            f"Invoice {invoice.number} on {call_off.reference} is disputed since {dates.in_words(event.happened_on)}. The council’s reason:",
            event.words,
            "The days for paying it stand still until the dispute is resolved.",
        ],
    )
    _record(session, actor, call_off, invoice, event, "invoice_disputed")
    return event


def resolve(
    session: Session, *, actor: Visitor, invoice: Invoice, outcome: DisputeKind, words: str
) -> DisputeEvent:
    """Resolve the dispute that stands: the clock runs again and the due day has moved by the days that it stood.

    Raises `Refused`, `NotFound` for somebody who may not record here, `ChangedMeanwhile` when somebody was faster.
    """
    call_off = _held(session, actor, invoice)
    found = []
    if invoice.disputed_on is None:
        found.append(Refusal(f"Invoice {invoice.number} is not disputed"))
    if outcome not in OUTCOMES:
        found.append(Refusal("Choose how the dispute was resolved", "outcome"))
    if (unsaid := _says_why(words)) is not None:
        found.append(unsaid)
    if found:
        raise Refused(*found)
    event = _note(session, actor, invoice, outcome, words)
    invoice.disputed_on = None
    stops = standing(session, [invoice.id])[invoice.id]
    invoice.due_on = payment_due(invoice.received_on, stops.days(event.happened_on))
    tell_partner(
        session,
        call_off,
        invoice.supplier_id,
        key=f"dispute:{event.id}",
        subject=f"The dispute about invoice {invoice.number} on {call_off.reference} is resolved",
        lines=[
            f"{outcome.label}.",
            event.words,
            f"Invoice {invoice.number} is now due on {dates.in_words(invoice.due_on)}.",
        ],
    )
    _record(session, actor, call_off, invoice, event, "dispute_resolved")
    return event


def events_of(session: Session, invoice_ids: Iterable[int]) -> dict[int, list[DisputeEvent]]:
    """Every event of some invoices, the oldest first."""
    found: dict[int, list[DisputeEvent]] = {}
    query = (
        select(DisputeEvent)
        .where(col(DisputeEvent.invoice_id).in_(set(invoice_ids)))
        .order_by(col(DisputeEvent.invoice_id), col(DisputeEvent.number))
    )
    for event in session.exec(query):
        found.setdefault(event.invoice_id, []).append(event)
    return found


def _held(session: Session, actor: Visitor, invoice: Invoice) -> CallOff:
    # The same hold as paying takes: an invoice is never paid and disputed in the same moment.
    permitted(actor, Permission.INVOICE_RECORD, invoice.authority_id)
    call_off = session.exec(select(CallOff).where(CallOff.id == invoice.call_off_id)).one()
    ledger.hold(session, call_off.agreement_id)
    session.refresh(call_off)
    session.refresh(invoice)
    return call_off


def _may_be_disputed(call_off: CallOff, invoice: Invoice) -> Refusal | None:
    if invoice.gross_pence < 0:
        return Refusal(
            f"{invoice.number} is a credit note. There is nothing to pay on it, so it is not disputed"
        )
    if invoice.unpaid_gross.pence == 0:
        return Refusal(f"Invoice {invoice.number} is paid in full. Ask the partner for a credit note instead")
    if invoice.disputed_on:
        since = dates.in_words(invoice.disputed_on)
        return Refusal(f"Invoice {invoice.number} is disputed already, since {since}")
    if call_off.closed_at:
        return Refusal(f"{call_off.reference} is closed. Its invoices are no longer disputed here")
    return None


def _says_why(words: str) -> Refusal | None:
    if not words.strip():
        return Refusal("Say why, in words that the partner can answer", "words", "RULE-44")
    if len(words) > _MOST_WORDS:
        return Refusal(f"Use {_MOST_WORDS:,} characters or fewer", "words")
    return None


def _note(session: Session, actor: Visitor, invoice: Invoice, kind: DisputeKind, words: str) -> DisputeEvent:
    before = len(events_of(session, [invoice.id]).get(invoice.id, []))
    event = DisputeEvent(
        invoice_id=invoice.id,
        number=before + 1,
        kind=kind,
        happened_on=dates.today(),
        words=words.strip(),
        recorded_at=dates.now(),
        recorded_by_id=actor.person_id,
    )
    session.add(event)
    try:
        session.flush()
    except IntegrityError:
        raise ChangedMeanwhile from None
    return event


def _record(
    session: Session, actor: Visitor, call_off: CallOff, invoice: Invoice, event: DisputeEvent, action: str
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
        facts={
            "number": invoice.number,
            "outcome": event.kind.label,
            "on": event.happened_on,
            "due_on": invoice.due_on,
        },
        words={"words": event.words},
    )
