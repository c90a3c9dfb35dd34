"""Sending an invoice back that is not valid (RULE-44): its clock never started, and the partner is told what to mend."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.clocks.invalid_invoice import InvalidInvoice
from calloffs.clocks.telling import tell_partner
from calloffs.spend.invoicing import supplier_of
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import Refusal, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit

# What section 68(9) asks of an invoice: code, and the words for its lack.
FAULTS = {
    "name": "It does not name who sends it",
    "description": "It does not say what was supplied",
    "sum": "It does not say how much is to be paid",
    "number": "It has no number of its own",
}
_MOST_WORDS, _MOST_NUMBER = 2000, 60


@dataclass(frozen=True, slots=True)
class InvalidFacts:
    """What came: the number and the sum including VAT as far as it names them, when it was received, what it lacks, what to mend."""

    received_on: date
    faults: tuple[str, ...]
    words: str
    number: str = ""
    gross: Money | None = None


def send_back(session: Session, *, actor: Visitor, call_off: CallOff, facts: InvalidFacts) -> InvalidInvoice:
    """Keep the invoice in the log and tell the partner's people. Nothing is posted and its number stays free.

    Raises `Refused` with every reason, `NotFound` for somebody who may not record here.
    """
    permitted(actor, Permission.INVOICE_RECORD, call_off.authority_id)
    supplier_id = supplier_of(session, call_off)
    found = _findings(call_off, facts)
    if found or supplier_id is None:
        raise Refused(*found or [Refusal(f"{call_off.reference} has no partner yet")])
    number = " ".join(facts.number.split())
    row = InvalidInvoice(
        call_off_id=call_off.id,
        authority_id=call_off.authority_id,
        supplier_id=supplier_id,
        number=number,
        received_on=facts.received_on,
        gross_pence=None if facts.gross is None else facts.gross.pence,
        faults=" ".join(one for one in FAULTS if one in facts.faults),
        words=facts.words.strip(),
        sent_back_at=dates.now(),
        sent_back_by_id=actor.person_id,
    )
    session.add(row)
    session.flush()
    named = f"Invoice {number}" if number else "An invoice without a number"
    tell_partner(
        session,
        call_off,
        supplier_id,
        key=f"sent-back:{row.id}",
        subject=f"{named} on {call_off.reference} is not valid and was sent back",
        lines=[
            f"{named}, received on {dates.in_words(row.received_on)}, is not valid, so the 30 days for paying it have not begun.",
            *(f"{one}." for one in faults_in_words(row)),
            row.words,
            "Please send a valid invoice. Its 30 days begin on the day it is received.",
        ],
    )
    audit.record(
        session,
        actor=actor,
        action="invoice_sent_back",
        subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
        facts={"number": number or "without a number", "received_on": row.received_on, "faults": row.faults},
        words={"words": row.words},
    )
    return row


def faults_in_words(row: InvalidInvoice) -> list[str]:
    """What it lacks, each as a sentence without its stop."""
    return [FAULTS[one] for one in row.faults.split() if one in FAULTS]


def sent_back_on(session: Session, call_off: CallOff, most: int = 100) -> list[InvalidInvoice]:
    """Invoices of a call-off (found through the visitor before) that were sent back, the newest first."""
    return list(
        session.exec(
            select(InvalidInvoice)
            .where(InvalidInvoice.call_off_id == call_off.id)
            .order_by(col(InvalidInvoice.id).desc())
            .limit(most)
        )
    )


def _findings(call_off: CallOff, facts: InvalidFacts) -> list[Refusal]:
    found = []
    if call_off.signed_at is None or call_off.award_withdrawn_at:
        found.append(Refusal(f"{call_off.reference} is not signed by both sides, so no invoice is due on it"))
    if not set(facts.faults) & set(FAULTS):
        found.append(
            Refusal(
                "Tick what the invoice lacks. One that lacks none of these is valid: record it, and dispute it where it is wrong",
                "faults",
                "RULE-44",
            )
        )
    if len(facts.number) > _MOST_NUMBER:
        found.append(Refusal(f"Use {_MOST_NUMBER} characters or fewer for the number", "number"))
    elif not facts.number.strip() and "number" not in facts.faults:
        found.append(Refusal("Enter its number, or tick that it has no number of its own", "number"))
    if facts.gross is None and "sum" not in facts.faults:
        found.append(Refusal("Enter the sum including VAT, or tick that it does not say how much", "gross"))
    if facts.received_on > dates.today():
        found.append(Refusal("The day it was received must not be after today", "received_on"))
    if not facts.words.strip():
        found.append(Refusal("Say what the partner must mend", "words"))
    elif len(facts.words) > _MOST_WORDS:
        found.append(Refusal(f"Use {_MOST_WORDS:,} characters or fewer", "words"))
    return found
