"""Telling a partner's people what the council's finance team did with their invoice."""

from sqlmodel import Session

from calloffs.call_off import CallOff
from framework.people import finding as people
from framework.records import messages


def tell_partner(
    session: Session, call_off: CallOff, supplier_id: int, *, key: str, subject: str, lines: list[str]
) -> int:
    """Queue one message for each of the partner's people, in the transaction of what it tells; returns how many.

    `lines` are paragraphs; the address of the call-off stands on a line of its own, for the mail room to make whole.
    """
    told = 0
    for person in people.partner_people(session, supplier_id):
        text = "\n\n".join([f"Hello {person.name},", *lines, f"/call-offs/{call_off.reference}"])
        told += messages.queue(
            session,
            key=f"{key}:{person.id}",
            to_address=person.email,
            subject=subject[:200],
            text=f"{text}\n",
            person_id=person.id,
        )
    return told
