"""A company on its way to a lot: invited, signed up, and with every task done. Steps of the tests about joining."""

from datetime import date
from typing import Any

from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.regions import Region
from framework.people import finding as people
from framework.people.contacting import ContactFacts, keep_contacts
from framework.people.keeping import CompanyFacts, keep_facts
from framework.people.party import LivingWage
from framework.people.party_contact import ContactKind
from framework.people.permissions import Permission, Visitor
from framework.people.registering import SizeFacts, record_size
from lots import finding
from lots.accepting import sign_up
from lots.declaration import DeclarationKind
from lots.finding import Place
from lots.inviting import Sent, invite
from lots.joining import declare
from lots.opening import add_lot
from lots.rate_card import Rate, RateCard
from lots.skillset import Skillset
from tests.cast import Cast
from tests.lots.drafts import a_draft
from tests.lots.test_opening import ONE

PASSPHRASE = "three random words"
FACTS = CompanyFacts(
    name="Heron Data Ltd",
    company_number="557725",
    vat_number="GB123456789",
    address="1 Heron Way, Anytown",
    region=Region.LONDON,
    living_wage=LivingWage.PAYS,
)


def a_lot(session: Session, cast: Cast, olu: Visitor, facts: Any = ONE, **agreement: Any) -> Any:
    """A lot of a draft agreement of Northbank's."""
    return add_lot(session, actor=olu, agreement=a_draft(session, cast, **agreement), facts=facts)


def asked(session: Session, olu: Visitor, lots: Any, **said: Any) -> Sent:
    """Heron Data, a new company, is invited to lots of one agreement."""
    lots = lots if isinstance(lots, list) else [lots]
    return invite(
        session,
        actor=olu,
        agreement_id=lots[0].agreement_id,
        lot_ids=[one.id for one in lots],
        **{
            "company_name": "Heron Data Ltd",
            "contact_name": "Hana Heron",
            "email": "hana@heron.example",
            **said,
        },
    )


def joined(session: Session, olu: Visitor, lot: Any) -> tuple[Visitor, Place]:
    """Hana of Heron Data has followed the link: she as a visitor, and her company's place on the lot."""
    person = sign_up(session, token=asked(session, olu, lot).token, name="Hana Heron", password=PASSPHRASE)
    session.flush()
    hana = people.visitor(session, person.id)
    assert hana is not None
    return hana, own_places(session, hana)[0]


def own_places(session: Session, who: Visitor) -> list[Place]:
    """The places of the visitor's one company."""
    return finding.own_places(session, who, next(iter(who.parties_where(Permission.OFFER_READ))))


def a_card(session: Session, place: Place) -> None:
    """A first rate card, as a row."""
    card = RateCard(
        appointment_id=place.appointment.id, version=1, from_on=date(2022, 12, 1), created_at=dates.now()
    )
    session.add(card)
    session.flush()
    session.add(Rate(rate_card_id=card.id, role="Developer", level=4, day_rate_pence=Money.pounds(800).pence))


def with_every_task_done(session: Session, hana: Visitor, place: Place, staff: int = 40) -> None:
    """Everything that has to be there before the list is sent to the council."""
    supplier_id = place.supplier.id
    keep_facts(session, actor=hana, supplier_id=supplier_id, facts=FACTS)
    record_size(
        session,
        actor=hana,
        supplier_id=supplier_id,
        size=SizeFacts(staff, Money.pounds(3_000_000), None, date(2022, 3, 31)),
    )
    keep_contacts(
        session,
        actor=hana,
        supplier_id=supplier_id,
        contacts={kind: ContactFacts("Hal Heron", "hal@heron.example") for kind in ContactKind},
    )
    declare(session, actor=hana, place=place, kinds=list(DeclarationKind))
    a_card(session, place)
    session.add(
        Skillset(
            appointment_id=place.appointment.id, version=1, created_at=dates.now(), submitted_at=dates.now()
        )
    )
    session.flush()
