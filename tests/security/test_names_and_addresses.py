"""Whose an address is, and who was named: tried out in bulk by nobody, and forgotten everywhere when its time has come."""

from datetime import date, timedelta

import pytest
from sqlmodel import func, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.people import signing_in, throttling
from framework.people.colleagues import add_colleague
from framework.people.permissions import Permission, Role
from framework.people.person import Person, Post
from framework.records import chain, database, erasing
from framework.records.audit import AuditRecord, AuditWords
from framework.records.messages import Message
from framework.records.sheet import pasted
from lots.checking_people import MOST_KEPT, keep_sheet
from lots.finding import own_place
from lots.skillset_check import SkillsetCheck
from tests.conftest import NOW
from tests.lots.joiners import a_lot
from tests.lots.people import forty
from tests.security.world import MARK


def colleague(someone, supplier: str, email: str):
    return someone.strike(
        f"/my-company/{supplier}/people/new", {"name": "New", "email": email, "role": "partner_user"}
    )


@pytest.fixture
def administrator(app, cast, town):
    """Faye manages Fennel Web's colleagues."""
    with app.app_context(), database.writing() as session:
        post = session.exec(select(Post).where(Post.person_id == cast.person["Faye"])).first()
        post.role = Role.PARTNER_ADMINISTRATOR
        session.add(post)


@pytest.mark.usefixtures("administrator")
def test_nobody_is_mailed_by_way_of_colleagues_without_end(app, town, attack, monkeypatch):
    monkeypatch.setattr(throttling, "COLLEAGUES_ADDED", 3)
    faye, company = attack("Faye"), town["partners"][0]
    answers = [colleague(faye, company, f"victim{number}@example.org").status_code for number in range(5)]
    assert answers == [303, 303, 303, 422, 422]
    with app.app_context():
        session = database.current()
        mailed = select(func.count()).where(Message.to_address.startswith("victim"))
        assert session.exec(mailed).one() == 3
        assert session.exec(select(Person).where(Person.email == "victim4@example.org")).first() is None


@pytest.mark.usefixtures("administrator")
def test_changing_a_role_to_and_fro_fills_nobodys_mailbox(app, cast, town):
    with app.app_context(), database.writing() as session:
        faye = cast.visitor(session, "Faye")
        for number in range(8):
            with dates.at(NOW + timedelta(minutes=number)):
                add_colleague(
                    session,
                    actor=faye,
                    supplier_id=int(town["partners"][0]),
                    name="Victim",
                    email="victim@example.org",
                    role=Role.PARTNER_USER if number % 2 else Role.PARTNER_ADMINISTRATOR,
                )
        mailed = select(func.count()).where(Message.to_address == "victim@example.org")
        assert session.exec(mailed).one() == throttling.LINKS_SENT


@pytest.mark.usefixtures("administrator")
def test_whose_addresses_there_are_is_not_found_out_by_trying(town, attack, monkeypatch):
    monkeypatch.setattr(throttling, "REFUSALS_BEFORE_NAMING", 3)
    faye, company = attack("Faye"), town["partners"][0]
    for _ in range(3):
        assert b"This address cannot be used" in colleague(faye, company, "asha@example.org").data
    known, unknown = (colleague(faye, company, f"{who}@example.org") for who in ("bram", "nobody"))
    for answer in (known, unknown):
        assert answer.status_code == 422
        assert b"Too much was refused today" in answer.data
        assert b"cannot be used" not in answer.data


@pytest.mark.usefixtures("town")
def test_the_same_holds_for_invitations(app, cast, attack, monkeypatch):
    monkeypatch.setattr(throttling, "REFUSALS_BEFORE_NAMING", 2)
    with app.app_context(), database.writing() as session:
        lot = a_lot(session, cast, cast.visitor(session, "Olu"))
        draft = session.get_one(FrameworkAgreement, lot.agreement_id).reference
    olu, here = attack("Olu"), f"/agreements/{draft}/invitations/new"
    said = {"company_name": "Newcomer", "contact_name": "Nell", "email": "asha@example.org"}
    for _ in range(2):
        assert b"somebody at a council" in olu.strike(here, said).data
    assert b"somebody at a council" not in olu.strike(here, said).data


def test_the_secret_of_a_link_is_in_no_audit_record(app, attack, monkeypatch):
    with app.app_context(), database.writing() as session:
        someone = session.exec(select(Person).where(Person.email == "qi@example.org")).one()
        token = signing_in.password_link_token(someone)
    faye = attack("Faye")
    answer = faye.strike(f"/set-password/{token}", {"password": "short", "again": "short"})
    assert answer.status_code == 422
    with app.app_context():
        told = database.current().exec(select(AuditRecord.subject).where(AuditRecord.action == "refused"))
        assert told.one() == "/set-password/<token>"


def test_sheets_that_nobody_comes_back_for_do_not_pile_up(app, cast, town):
    with app.app_context(), database.writing() as session:
        faye = cast.visitor(session, "Faye")
        place = own_place(session, faye, int(town["places"][0]), Permission.COMPANY_KEEP)
        kept = [
            keep_sheet(
                session, actor=faye, place=place, sheet=pasted(forty(), field="file", most_rows=220)
            ).id
            for _ in range(MOST_KEPT + 2)
        ]
        assert list(session.exec(select(SkillsetCheck.id))) == kept[-MOST_KEPT:]


def test_what_a_refusal_repeated_is_forgotten_a_year_later_and_the_chain_stays_whole(app, town, attack):
    faye = attack("Faye")
    here = f"/my-company/people/{town['places'][0]}/add"
    assert faye.strike(here, {"name": f"={MARK} Secret", "role": "x"}).status_code == 422
    with app.app_context():
        session = database.current()
        words = select(AuditWords.value).where(AuditWords.name == "sentences")
        assert session.exec(words).one()
        session.close()
        with dates.on(date(2023, 11, 21)):
            erasing.erase_due()
        assert session.exec(words).one()
        session.close()
        with dates.on(date(2023, 11, 22)):
            erasing.erase_due()
        assert session.exec(words).one() is None
        assert chain.verify(session)[1] == []


def test_letters_are_forgotten_a_year_after_they_went(app, town):
    with app.app_context():
        with database.writing() as session:
            sent = session.exec(select(Message)).first()
            sent.status, number = "sent", sent.id
            session.add(sent)
            assert sent.text
        with dates.on(date(2023, 11, 22)):
            erasing.erase_due()
        session = database.current()
        kept = session.get(Message, number)
        assert (kept.to_address, kept.text) == ("(erased)", "(erased)")
        assert "(erased)" not in session.exec(select(Message.text).where(Message.status == "queued")).all()
