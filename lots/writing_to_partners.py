"""Writing to a partner and to those who look after its agreement: a mail each, with a link and no figures in it."""

from collections.abc import Sequence

from sqlmodel import Session

from framework.agreement import FrameworkAgreement
from framework.people import finding as people
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.people.person import Person
from framework.records import messages
from lots.appointment import Appointment
from lots.lot import Lot


def tell_both_sides(
    session: Session,
    *,
    agreement: FrameworkAgreement,
    lot: Lot,
    appointment: Appointment,
    supplier: Party,
    why: str,
    subject: str,
    lines: Sequence[str],
    owners_lines: Sequence[str] = (),
    partners_subject: str = "",
) -> None:
    """Queue one message for each of the partner's people and each framework owner of the lead authority.

    `why` makes the key with the reader, so that the same thing is told once. `owners_lines` are for the council's side alone,
    `partners_subject` for the partner's where it differs.
    """
    owners = [
        person
        for person, _ in people.holders(session, agreement.lead_authority_id, Permission.AGREEMENT_OPEN)
    ]
    for person in people.partner_people(session, supplier.id):
        _queue(session, why, person, partners_subject or subject, [*lines, "/my-company"])
    for person in owners:
        _queue(
            session,
            why,
            person,
            subject,
            [*lines, *owners_lines, f"/lots/{lot.reference}/partners/{appointment.id}"],
        )


def tell_partner(session: Session, supplier: Party, *, why: str, subject: str, lines: Sequence[str]) -> None:
    """Queue one message for each of the partner's people; the last line is an address of ours."""
    for person in people.partner_people(session, supplier.id):
        _queue(session, why, person, subject, lines)


def tell_owners(
    session: Session, agreement: FrameworkAgreement, *, why: str, subject: str, lines: Sequence[str]
) -> None:
    """Queue one message for each framework owner of the lead authority; the last line is an address of ours."""
    for person, _ in people.holders(session, agreement.lead_authority_id, Permission.AGREEMENT_OPEN):
        _queue(session, why, person, subject, lines)


def _queue(session: Session, why: str, person: Person, subject: str, lines: Sequence[str]) -> None:
    messages.queue(
        session,
        key=f"{why}:{person.id}",
        to_address=person.email,
        subject=subject[:200],
        text="\n\n".join([f"Hello {person.name},", *lines]) + "\n",
        person_id=person.id,
    )


def tell_council(
    session: Session,
    agreement: FrameworkAgreement,
    *,
    why: str,
    subject: str,
    lines: Sequence[str],
    permission: Permission = Permission.AGREEMENT_OPEN,
    unless: int | None = None,
) -> None:
    """Queue one message for each person of the lead authority with the permission: its framework owners, unless said.

    `unless` is the id of somebody who is not to be told.
    """
    for person, _ in people.holders(session, agreement.lead_authority_id, permission):
        if person.id != unless:
            _queue(session, why, person, subject, lines)
