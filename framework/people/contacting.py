"""A supplier's contacts: kept once by its own people, used on each of its lots."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from framework.definitions.rules import Refusal, Refused
from framework.people.party_contact import ContactKind, PartyContact
from framework.people.permissions import Permission, Visitor, permitted
from framework.people.registering import supplier_here
from framework.people.staffing import ADDRESS
from framework.records import audit

_PHONE = re.compile(r"\+?[0-9 ()-]{5,40}")


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """A contact as typed. All three blank means that there is none."""

    name: str = ""
    email: str = ""
    phone: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.name or self.email or self.phone)


def keep_contacts(
    session: Session, *, actor: Visitor, supplier_id: int, contacts: Mapping[ContactKind, ContactFacts]
) -> None:
    """Put a supplier's contacts, for its own people. A kind that is not named stays as it is; a blank one goes.

    Raises `Refused` with every reason, each beside "<kind>-name", "<kind>-email" or "<kind>-phone"; `NotFound`.
    """
    permitted(actor, Permission.COMPANY_KEEP, supplier_id)
    supplier = supplier_here(session, supplier_id)
    refusals = [refusal for kind, facts in contacts.items() for refusal in _refusals(kind, facts)]
    if refusals:
        raise Refused(*refusals)
    known = contacts_of(session, supplier_id)
    changed = []
    for kind, facts in contacts.items():
        row = known.get(kind)
        if facts.is_blank:
            if row is not None:
                session.delete(row)
                changed.append(kind)
            continue
        wanted = (facts.name, facts.email.lower(), facts.phone)
        if row is not None and (row.name, row.email, row.phone) == wanted:
            continue
        row = row or PartyContact(supplier_id=supplier_id, kind=kind, name="", email="")
        row.name, row.email, row.phone = wanted
        session.add(row)
        changed.append(kind)
    if changed:
        audit.record(
            session,
            actor=actor,
            action="contacts_changed",
            subject=audit.Subject("partner", supplier.id, supplier.name),
            facts={"kinds": ", ".join(kind.label.lower() for kind in changed)},
        )


def contacts_of(session: Session, supplier_id: int) -> dict[ContactKind, PartyContact]:
    """A supplier's contacts by kind."""
    rows = session.exec(select(PartyContact).where(PartyContact.supplier_id == supplier_id))
    return {one.kind: one for one in rows}


def _refusals(kind: ContactKind, facts: ContactFacts) -> list[Refusal]:
    if facts.is_blank:
        return []
    what, found = kind.label.lower(), []
    if not facts.name or len(facts.name) > 120:
        found.append(Refusal(f"Enter the name of your contact for {what}", field=f"{kind.value}-name"))
    if len(facts.email) > 254 or not ADDRESS.fullmatch(facts.email):
        found.append(
            Refusal(f"Enter an e-mail address for {what}, like name@example.com", f"{kind.value}-email")
        )
    if facts.phone and not _PHONE.fullmatch(facts.phone):
        found.append(
            Refusal(f"Enter a telephone number for {what}, like 020 7946 0000", f"{kind.value}-phone")
        )
    return found
