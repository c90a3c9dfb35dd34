"""A novation in tests: proposed with everything that it needs, and agreed to."""

from datetime import date

import pytest

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import Refused
from framework.people.party import Party, PartyKind
from framework.people.permissions import Role
from framework.people.person import Person, Post
from framework.records.file_kinds import FileKind
from framework.records.uploading import Upload
from lots.appointment import Appointment
from lots.novating import NewCompany, NovationFacts, decide_novation, propose_novation
from lots.novation import Restructuring

TODAY, ON, LATER = date(2022, 11, 22), date(2022, 12, 1), date(2022, 12, 10)
DEED = Upload(FileKind.PDF, b"%PDF-1.7 a deed")
HERON = NewCompany("Heron Data Ltd", "557725")
WORDS = "Heron bought the whole business"


def facts(**other):
    return NovationFacts(
        **{
            "on": ON,
            "restructuring": Restructuring.TAKEOVER,
            "reason": WORDS,
            "conditions_met": True,
            "notice_reference": "2022/S 000-000001",
            "notice_on": TODAY,
            **other,
        }
    )


def proposed(session, olu, place, successor=HERON, plans=None, deed=DEED, **other):
    found = propose_novation(
        session,
        actor=olu,
        appointment=place,
        successor=successor,
        facts=facts(**other),
        deed=deed,
        plans=plans or {},
    )
    session.flush()
    return found


def passed(session, olu, bram, place, successor=HERON, plans=None, **other):
    """The successor's place once both have said yes."""
    novation = proposed(session, olu, place, successor, plans, **other)
    decide_novation(session, actor=bram, appointment=place, agreed=True)
    session.flush()
    return session.get_one(Appointment, novation.appointment_id)


def refused(session, olu, place, **how):
    with pytest.raises(Refused) as found:
        proposed(session, olu, place, **how)
    return {(one.field, one.rule) for one in found.value.refusals}


def user_of(session, supplier_id, name="Hana"):
    person = Person(
        name=name,
        email=f"{name.lower()}@heron.example",
        fs_uniquifier=f"u-{name}",
        created_at=dates.now(),
    )
    session.add(person)
    session.flush()
    session.add(
        Post(
            person_id=person.id,
            party_id=supplier_id,
            role=Role.PARTNER_ADMINISTRATOR,
            starts_on=date(2022, 1, 1),
        )
    )
    session.flush()
    return person


def registered(session, name="Heron Data Ltd", **other):
    party = Party(
        kind=PartyKind.SUPPLIER,
        name=name,
        short_name=name[:20],
        staff=40,
        turnover_pence=Money.pounds(3_000_000).pence,
        size_evidence_on=date(2022, 1, 1),
        **other,
    )
    session.add(party)
    session.flush()
    return party.id
