"""A company is taken for no other, belongs to nobody it works with no longer, and nobody buys from themselves."""

from datetime import date

import pytest
from sqlmodel import select

from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.people import finding as people
from framework.people.keeping import ask_for_name
from framework.people.party import Party, PartyKind
from framework.people.permissions import Permission, Role
from framework.people.person import Person, Post
from framework.people.registering import SizeFacts, add_partner_user, record_size
from framework.records.file_kinds import FileKind
from framework.records.uploading import Upload
from lots.appointing import appoint
from lots.evidence import Evidence, EvidenceKind
from lots.evidencing import record_evidence, strike_out
from lots.finding_evidence import piece
from lots.opening import add_lot
from tests.lots.drafts import a_draft
from tests.lots.test_opening import ONE


@pytest.fixture
def alone(session, cast):
    """A company with a user and evidence of its own, whose place was taken off a draft."""
    company = Party(kind=PartyKind.SUPPLIER, name="Left Alone Ltd", short_name="Left Alone")
    user = Person(name="Una", email="una@alone.example", fs_uniquifier="una", created_at=dates.now())
    session.add_all([company, user])
    session.flush()
    session.add(
        Post(
            person_id=user.id,
            party_id=company.id,
            role=Role.PARTNER_ADMINISTRATOR,
            starts_on=date(2022, 1, 1),
        )
    )
    shown = Evidence(
        supplier_id=company.id,
        kind=EvidenceKind.ISO_27001,
        expires_on=date(2023, 1, 1),
        recorded_at=dates.now(),
        by_partner=True,
    )
    session.add(shown)
    session.flush()
    return company, shown


@pytest.mark.parametrize("name", ["Quill Works Limited", "QUILL WORKS LTD.", "Quill-Works"])
def test_a_partner_cannot_take_a_name_that_passes_for_anothers(session, cast, name):
    with pytest.raises(Refused, match="This name cannot be used"):
        ask_for_name(
            session,
            actor=cast.visitor(session, "Faye"),
            supplier_id=cast.party["Fennel Web"],
            name=name,
            company_number="SC268016",
            reason="A new name",
        )


def test_a_company_in_nobodys_agreement_is_nobodys_to_enter(session, cast, alone):
    company, _ = alone
    with pytest.raises(NotFound):
        add_partner_user(
            session,
            actor=cast.visitor(session, "Olu"),
            supplier_id=company.id,
            name="Mole",
            email="mole@example.org",
        )


def test_what_it_showed_is_not_every_councils_to_open(session, cast, alone):
    company, shown = alone
    with pytest.raises(NotFound):
        piece(session, cast.visitor(session, "Olu"), company.id, shown.id)


def test_a_place_in_a_draft_of_ones_own_opens_no_company_of_others(session, cast):
    session.add(
        Post(
            person_id=cast.person["Zed"],
            party_id=cast.party["Elsewhere"],
            role=Role.FRAMEWORK_OWNER,
            starts_on=date(2022, 1, 1),
        )
    )
    session.flush()
    zed, quill = cast.visitor(session, "Zed"), cast.party["Quill Works"]
    shown = record_evidence(
        session,
        actor=cast.visitor(session, "Qi"),
        supplier_id=quill,
        kind=EvidenceKind.ISO_27001,
        expires_on=date(2023, 11, 21),
        upload=Upload(FileKind.PDF, b"%PDF-1.7"),
    )
    draft = a_draft(session, cast, reference="ELSE", lead_authority_id=cast.party["Elsewhere"])
    appoint(
        session, actor=zed, lot=add_lot(session, actor=zed, agreement=draft, facts=ONE), supplier_id=quill
    )
    with pytest.raises(NotFound):
        piece(session, zed, quill, shown.id)
    with pytest.raises(NotFound):
        strike_out(session, actor=zed, evidence=shown, reason="Mine")
    with pytest.raises(NotFound):
        record_size(session, actor=zed, supplier_id=quill, size=SizeFacts())
    owner = cast.visitor(session, "Olu")
    assert piece(session, owner, quill, shown.id)[1].id == shown.id


def test_somebody_with_posts_on_both_sides_acts_for_the_council_alone(session, cast):
    session.add(
        Post(
            person_id=cast.person["Olu"],
            party_id=cast.party["Fennel Web"],
            role=Role.PARTNER_ADMINISTRATOR,
            starts_on=date(2022, 1, 1),
        )
    )
    session.flush()
    olu = people.visitor(session, cast.person["Olu"])
    assert olu.may(Permission.AGREEMENT_OPEN)
    assert not olu.is_partner
    assert olu.parties_where(Permission.COMPANY_KEEP) == frozenset()
    held = session.exec(select(Post).where(Post.person_id == cast.person["Olu"])).all()
    assert len(held) > 1
