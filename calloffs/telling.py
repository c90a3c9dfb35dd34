"""Telling the two sides of an offer what happened: a mail each, with a link and no figures in it."""

from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.offer import Offer
from framework.people import finding as people
from framework.people.person import Person
from framework.records import messages
from lots.appointment import Appointment


def tell_partner(
    session: Session, offer: Offer, *, why: str, subject: str, lines: list[str], address: str | None = None
) -> None:
    """Queue one message for each of the partner's people; `why` makes the key, so the same thing is told once.

    `lines` are told as paragraphs; the offer's address (or `address`) stands on a line of its own, for the mail room to make whole.
    """
    supplier_id = session.get_one(Appointment, offer.appointment_id).supplier_id
    for person in people.partner_people(session, supplier_id):
        where = address or f"/offers/{offer.reference}"
        _queue(session, f"{why}:{offer.id}:{person.id}", person, subject, [*lines, where])


def tell_owner(
    session: Session, call_off: CallOff, offer: Offer, *, why: str, subject: str, lines: list[str]
) -> None:
    """Queue one message for the officer who has the call-off, with the call-off's address on a line of its own."""
    owner = session.get_one(Person, call_off.owner_id)
    _queue(
        session, f"{why}:{offer.id}:{owner.id}", owner, subject, [*lines, f"/call-offs/{call_off.reference}"]
    )


def _queue(session: Session, key: str, person: Person, subject: str, lines: list[str]) -> None:
    if not person.active:
        return
    messages.queue(
        session,
        key=key,
        to_address=person.email,
        subject=subject[:200],
        text="\n\n".join([f"Hello {person.name},", *lines]) + "\n",
        person_id=person.id,
    )
