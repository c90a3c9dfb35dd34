"""From an invitation to an appointed partner, as the people concerned see it; and what a stranger gets."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from framework.definitions import dates
from framework.people.party import Party
from framework.people.person import Person, Post
from framework.records import database
from framework.records.messages import Message
from lots.appointment import Appointment
from lots.finding import Place
from lots.joining import TASKS
from lots.lot import SizeRule
from lots.skillset import Skillset
from tests.conftest import NOW
from tests.lots.drafts import a_draft
from tests.lots.joiners import PASSPHRASE, a_card, a_lot
from tests.lots.test_opening import ONE
from tests.visiting import Visiting

NEW = "/agreements/NEW/invitations/new"
HANA = {
    "company_name": "Heron Data Ltd",
    "contact_name": "Hana Heron",
    "email": "hana@heron.example",
}


@pytest.fixture
def draft(session, cast):
    """Lot NEW-1 of a draft, in the database for good."""
    lot = a_lot(session, cast, cast.visitor(session, "Olu"))
    session.commit()
    return lot.reference


@pytest.fixture
def link(app):
    """The newest link that was mailed to Hana."""

    def newest():
        with app.app_context(), database.writing() as session:
            text = session.exec(
                select(Message.text)
                .where(
                    Message.to_address == "hana@heron.example", col(Message.text).contains("/invitations/")
                )
                .order_by(col(Message.id).desc())
            ).first()
        return re.search(r"/invitations/\S+", text)[0]

    return newest


def invited(visit, reference):
    olu = visit("Olu")
    return olu, olu.follow(olu.send(f"{NEW}?lot={reference}", HANA))


def test_the_whole_way_from_an_invitation_to_a_confirmed_draft(app, visit, draft, link):
    olu, page = invited(visit, draft)
    assert "Open" in page.text
    assert "Heron Data Ltd" in olu.get("/agreements/NEW").text

    # Three steps: the page of the link, name and passphrase, the task list.
    hana = visit("")
    shown = hana.get(link())
    for said in ("Northbank invites Heron Data Ltd", "New partners", "Lot 1:", "Who sees it"):
        assert said in shown.text
    form = hana.get(next(one for one in shown.links if one.endswith("/join")))
    short = hana.send(form, {"name": "Hana H. Heron", "password": "short"}, status=422)
    assert short.errors == ["Your password must be 12 characters or more. Three random words work well"]
    assert short.values()["name"] == "Hana H. Heron"
    page = hana.follow(hana.send(short, {"password": PASSPHRASE}))
    assert "of 6 tasks done" in page.text
    tasks = "/my-company/tasks"
    papers = next(one for one in page.links if "/evidence/new?supplier_id=" in one)
    assert "This is for Heron Data Ltd" in hana.get(papers).text

    facts = hana.get(next(one for one in page.links if one.endswith("/facts")))
    wrong = hana.send(facts, {"company_number": "x", "vat_number": "GB 1"}, status=422)
    assert wrong.values()["vat_number"] == "GB 1"
    assert len(wrong.errors) == 2
    saved = hana.send(
        wrong,
        {
            "company_number": "557725",
            "vat_number": "GB 123 4567 89",
            "address": "1 Heron Way",
            "region": "london",
            "living_wage": "pays",
        },
    )
    size = hana.follow(saved)
    assert "Not known: no figures have been recorded" in size.text
    size = hana.follow(
        hana.send(
            size,
            {
                "staff": "100",
                "turnover": "50,000,000",
                "balance_sheet": "38,000,000",
                "size_evidence_on": ["31", "3", "2022"],
            },
        )
    )
    assert "Yes: 100 staff" in size.text
    assert "a modern slavery statement is your duty" in size.text
    facts = hana.get(next(one for one in size.links if one.endswith("/facts")))
    hana.send(
        facts,
        {
            "modern_slavery_address": "https://heron.example/statement",
            "modern_slavery_on": ["1", "4", "2022"],
        },
    )
    contacts = hana.get(next(one for one in hana.get(tasks).links if one.endswith("/contacts")))
    named = {}
    for kind in ("contract_manager", "finance", "signatory"):
        named |= {f"{kind}-name": "Hal Heron", f"{kind}-email": "hal@heron.example"}
    hana.send(contacts, named)
    declare = hana.get(next(one for one in hana.get(tasks).links if one.endswith("/declarations")))
    assert len(hana.send(declare, {}, status=422).errors) == 3
    hana.send(declare, {"not_excluded": "y", "no_conflicts": "y", "terms_read": "y"})

    with app.app_context(), database.writing() as session:
        place = session.exec(select(Appointment).where(col(Appointment.invited_at).is_not(None))).one()
        number = place.id
        _rates_and_people(session, place)
    page = hana.get(tasks)
    page = hana.follow(hana.send(page, {}, to=f"{tasks}/{number}/send"))
    assert "You sent this to the council" in page.text

    address = f"/lots/NEW-1/partners/{number}/joining"
    assert "Partners to appoint" in olu.get("/").text
    everything = olu.get(address)
    for said in ("Hal Heron", "00557725", "Yes: 100 staff", "1 day rate", "Hana H. Heron"):
        assert said in everything.text
    olu.send(f"{address}/send-back", {"contacts": "Who looks after security?"})
    assert "The council says: Who looks after security?" in hana.get(tasks).text
    assert "The council has sent something back" in hana.get("/").text
    hana.send(hana.get(tasks), {}, to=f"{tasks}/{number}/send")
    assert len(olu.send(address, {}, status=422).errors) == 2
    signed = {"signed_on": ["20", "11", "2022"], "countersigned_on": ["21", "11", "2022"]}
    page = olu.follow(olu.send(address, signed))
    assert "Hal Heron" in page.text
    assert "is still joining" not in olu.get("/agreements/NEW").text
    assert "has nothing to do before it is appointed" in hana.get(tasks).text
    olu.get(address, status=404)


def _rates_and_people(session, place):
    a_card(session, Place(place, None, None, None))
    session.add(
        Skillset(appointment_id=place.id, version=1, created_at=dates.now(), submitted_at=dates.now())
    )


def said(page):
    """The words of a page, without the moment at which it was made."""
    return page.text.split("Page made")[0]


def test_a_link_that_was_used_ran_out_or_was_withdrawn_says_the_same(visit, draft, link):
    olu, page = invited(visit, draft)
    first = link()
    olu.send(page, {}, to=page.response.request.path + "/again")
    nobody = visit("")
    dead = said(nobody.get(first, status=410))
    assert "Heron" not in dead
    assert "ask the person at the council" in dead
    second = link()
    with dates.at(NOW + timedelta(days=8)):
        assert said(nobody.get(second, status=410)) == dead
    hana = visit("")
    hana.send(f"{second}/join", {"password": PASSPHRASE})
    assert said(nobody.get(second, status=410)) == dead
    assert said(nobody.get("/invitations/" + "x" * 43, status=410)) == dead
    assert said(nobody.get("/invitations/short", status=410)) == dead


def test_guesses_from_one_network_are_not_answered_for_long(visit, draft, link):
    invited(visit, draft)
    nobody = visit("")
    for number in range(30):
        nobody.get(f"/invitations/{number:043}", status=410)
    nobody.get(link(), status=410)
    with dates.at(NOW + timedelta(hours=1)):
        nobody.get(link())


def test_a_link_is_no_use_to_somebody_else_who_signs_in(visit, draft, link, cast):
    invited(visit, draft)
    tess = visit("Tess")
    page = tess.get(link())
    assert "You are signed in with another address" in page.text
    own = f"/my-company/{cast.party['Tern Systems']}/still-right"
    tess.post(link(), tess.get("/my-company").values(own), status=200)
    assert tess.get("/my-company/tasks").text.count("Heron") == 0
    assert tess.get(f"{link()}/join", status=303).location.endswith(link())


def test_somebody_who_signs_in_already_accepts_with_one_button(app, visit, draft, cast):
    olu = visit("Olu")
    olu.send(
        f"{NEW}?lot={draft}",
        {"supplier_id": str(cast.party["Quill Works"]), "contact_name": "Qi", "email": "qi@example.org"},
    )
    with app.app_context(), database.writing() as session:
        text = session.exec(select(Message.text).where(Message.to_address == "qi@example.org")).one()
    link = re.search(r"/invitations/\S+", text)[0]
    page = visit("").get(link)
    assert any(one.startswith("/sign-in?next=/invitations/") for one in page.links)
    qi = visit("Qi")
    page = qi.follow(qi.send(link, {}))
    assert "Lot 1:" in page.text
    assert "NEW-1" in qi.get("/my-company").text
    qi.get(link, status=410)


def test_where_nobody_can_be_invited_the_page_says_why(visit, session, cast):
    a_draft(session, cast)
    session.commit()
    session.close()
    closed = visit("Olu").get("/agreements/DP21/invitations/new").text
    assert "is a closed framework: no supplier can join it after it was awarded (RULE-09)" in closed
    visit("Asha").get("/agreements/DP21/invitations/new", status=404)
    assert "Add a lot first" in visit("Olu").get(NEW).text


def test_the_page_of_an_invitation_names_the_lots_size_rule(visit, session, cast, link):
    lot = a_lot(session, cast, cast.visitor(session, "Olu"), replace(ONE, size_rule=SizeRule.SME_ONLY))
    session.commit()
    invited(visit, lot.reference)
    assert "Only for small and medium-sized enterprises: fewer than 250 staff" in visit("").get(link()).text


def test_a_known_company_stands_chosen_when_it_was_typed_as_new(visit, draft, cast):
    olu = visit("Olu")
    page = olu.send(
        f"{NEW}?lot={draft}",
        {**HANA, "company_name": "quill works ltd", "email": "qi@example.org"},
        status=422,
    )
    assert page.errors == ["Quill Works is already registered. Choose it under “Known supplier”"]
    values = page.values()
    assert values["supplier_id"] == str(cast.party["Quill Works"])
    assert (values["lots"], values["contact_name"]) == (draft, "Hana Heron")
    assert "Quill Works" in olu.follow(olu.send(page, {})).text


def test_the_invitations_of_a_draft_are_the_lead_authoritys_alone(visit, draft):
    _, page = invited(visit, draft)
    address = page.response.request.path
    for name in ("Asha", "Cara", "Qi", "Zed"):
        visit(name).get(address, status=404)
        visit(name).get(NEW, status=404)


def test_an_administrator_adds_a_colleague_in_two_steps_and_ends_them(app, visit, cast):
    with app.app_context(), database.writing() as session:
        post = session.exec(select(Post).where(Post.person_id == cast.person["Qi"])).one()
        post.role = "partner_administrator"
        session.add(post)
    qi, quill = visit("Qi"), cast.party["Quill Works"]
    add = next(one for one in qi.get("/my-company").links if one.endswith("/people/new"))
    page = qi.follow(qi.send(add, {"name": "Una", "email": "una@quill.example"}))
    assert "una@quill.example" in page.text
    qi.send(next(one for one in page.links if one.endswith("/end")), {})
    assert "una@quill.example" not in qi.get("/my-company").text
    visit("Tess").get(f"/my-company/{quill}/people/new", status=404)
    visit("Faye").get(f"/my-company/{cast.party['Fennel Web']}/people/new", status=404)


def test_one_press_says_that_the_facts_are_still_right(app, visit, cast):
    qi, quill = visit("Qi"), cast.party["Quill Works"]
    assert "Nobody has confirmed them yet" in qi.get("/").text
    page = qi.get("/my-company")
    page = qi.follow(qi.send(page, {}, to=f"/my-company/{quill}/still-right"))
    assert "Last confirmed as right on 22 November 2022" in page.text
    assert "Company facts" not in [one.text for one in qi.get("/").all("h2")]
    tess = visit("Tess")
    own = f"/my-company/{cast.party['Tern Systems']}/still-right"
    with app.app_context(), database.writing() as session:
        session.get(Party, cast.party["Tern Systems"]).living_wage = None
    page = tess.send(tess.get("/my-company"), {}, to=own, status=422)
    assert "Still lacking: the living wage" in page.errors[0]
    assert own.replace("still-right", "facts") in page.links
    assert "Nobody has confirmed them yet" in tess.get("/").text
    tess.post(f"/my-company/{quill}/still-right", tess.get("/my-company").values(own), status=404)


def test_a_new_legal_name_is_asked_for_and_decided(visit, cast):
    qi, quill = visit("Qi"), cast.party["Quill Works"]
    assert "Legal name" in qi.get(f"/my-company/{quill}/facts").text
    qi.send(f"/my-company/{quill}/name", {"name": "Quill & Sons <b>", "reason": "New name"})
    olu = visit("Olu")
    assert "Quill Works asks to be Quill & Sons <b>" in olu.get("/").text
    page = olu.send(f"/partners/{quill}/name", {"outcome": "refuse"}, status=422)
    assert page.errors == ["Say why it cannot be. The partner sees it"]
    olu.send(page, {"outcome": "accept"})
    assert "Quill & Sons <b>" in olu.get(f"/partners/{quill}").text
    visit("Asha").get(f"/partners/{quill}/name", status=404)


def test_a_removal_is_proposed_by_one_and_agreed_by_another(visit, cast):
    address = f"/lots/DP21-7/partners/{cast.appointment[7, 'Quill Works']}"
    olu = visit("Olu")
    olu.send(f"{address}/remove", {"reason": "Repeated failure"})
    assert "Somebody else who confirms agreements" in olu.get(f"{address}/removal").text
    bram = visit("Bram")
    assert "Removals to agree" in bram.get("/").text
    page = bram.follow(bram.send(f"{address}/removal", {"outcome": "agree"}))
    assert "Repeated failure" in page.text
    assert "Removed" in page.text
    bram.get(f"{address}/removal", status=404)


def test_partners_gone_quiet_are_one_step_from_the_framework_owners_home(visit):
    assert "/partners/" in visit("Olu").get("/").links
    assert "/partners/" not in visit("Asha").get("/").links


def test_partners_gone_quiet_are_listed_for_the_framework_owner_alone(visit, cast):
    page = visit("Olu").get("/partners/")
    assert "Alder Cities" in page.text
    assert "Never" in page.text
    for name in ("Asha", "Qi"):
        visit(name).get("/partners/", status=404)


def test_every_task_leads_to_a_page_that_is_there(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {task.endpoint for task in TASKS} <= endpoints


def test_a_person_who_signed_up_can_sign_in_again(app, visit, draft, link):
    invited(visit, draft)
    visit("").send(f"{link()}/join", {"password": PASSPHRASE})
    again = Visiting(app, "")
    page = again.send("/sign-in", {"email": "hana@heron.example", "password": PASSPHRASE})
    assert again.follow(page).status == 200
    with app.app_context(), database.writing() as session:
        assert len(session.exec(select(Person).where(Person.email == "hana@heron.example")).all()) == 1
