"""Finding people and the matrix on their pages: filters in the address, who may open them, and what is noted."""

import csv
import io
import json

import pytest
from sqlmodel import select

from framework.records import database
from framework.records.audit import AuditRecord
from lots.workforce import Clearance, Depth, Place
from tests.lots.skilled import skillset, who


@pytest.fixture(autouse=True)
def people(session, cast):
    skillset(
        session,
        cast.appointment[4, "Fennel Web"],
        who("Nia Vaughan", clearance=Clearance.SC, places=(Place.EAST, Place.OFFSITE)),
        who(None, level=7),
    )
    skillset(session, cast.appointment[7, "Quill Works"], who("Ola Rees", skills={"Java": Depth.EXPERT}))
    session.commit()


def _looks(app):
    with app.app_context():
        own = database.current()
        found = own.exec(select(AuditRecord).where(AuditRecord.action == "looked_at")).all()
        own.close()
    return [(one.subject_kind, one.subject, one.party_id, json.loads(one.facts)["what"]) for one in found]


def test_two_steps_from_home_lead_to_partner_lot_rate_and_day(visit):
    asha = visit("Asha")
    assert "/find-people" in asha.get("/").links
    first = asha.get("/find-people")
    assert "/find-people?skill=Accessible+forms" in first.links
    assert "£" not in first.text.replace("£ ", "").split("Skills on offer")[1]
    page = asha.get("/find-people?skill=Accessible+forms")
    for said in (
        "2 people with 1 partner",
        "Fennel Web",
        "DP21-4",
        "£850.00",
        "1 not offered",
        "Now",
        "net of VAT",
        "As at 22 November 2022",
    ):
        assert said in page.text
    assert "Quill Works" not in page.text
    assert "/call-offs/new?lot=DP21-4" in page.links
    assert [one for one in page.links if one.startswith("/lots/DP21-4/partners/")]


def test_each_filter_stands_in_the_address_and_can_be_taken_off(visit):
    address = "/find-people?skill=Accessible+forms&level_from=4&level_to=7&most=900&by=1&by=12&by=2022&place=east&clearance=bpss&within=DP21"
    page = visit("Asha").get(address)
    assert "1 person with 1 partner" in page.text
    form = page.values("/find-people")
    assert (form["skill"], form["most"], form["by"], form["place"]) == (
        "Accessible forms",
        "900",
        ["1", "12", "2022"],
        "east",
    )
    chips = [one for one in page.links if one.startswith("/find-people?")]
    assert len(chips) == 8
    without_day = next(one for one in chips if "by=" not in one)
    assert "clearance=bpss" in without_day
    assert "most=900" in without_day
    assert visit("Asha").get(without_day).text.count("Take off") == 7
    last = next(
        one for one in visit("Asha").get("/find-people?place=east").links if one.startswith("/find-people?")
    )
    assert "3 people with 2 partners" in visit("Asha").get(last).text


def test_what_cannot_be_read_is_told_beside_its_field_and_kept(app, visit):
    page = visit("Asha").get(
        "/find-people?most=lots&by=31&by=2&by=2023&place=moon&level_from=5&level_to=3&skill=Java", status=422
    )
    assert len(page.errors) == 4
    assert page.values("/find-people")["most"] == "lots"
    assert "Ola" not in page.text
    assert _looks(app) == []


def test_nobody_found_says_what_to_loosen(visit):
    page = visit("Asha").get("/find-people?skill=Java&clearance=dv&level_to=4")
    assert "Nobody on offer is all of that" in page.text
    assert "any clearance: 1 person" in page.text
    assert "another skill" not in page.text
    assert "Nothing on offer is called “jave”" in visit("Asha").get("/find-people?skill=jave").text


def test_names_are_for_those_who_may_read_skillsets_and_the_look_is_noted(app, cast, visit):
    page = visit("Asha").get("/find-people?skill=Java")
    assert "Ola Rees" not in page.text
    assert [one[3] for one in _looks(app)] == ["day rates"]
    assert "Ola Rees" in visit("Asha").get("/find-people?skill=Java&names=y").text
    place = ("appointment", "Quill Works on lot DP21-7", cast.party["Quill Works"], "the people offered")
    assert place in _looks(app)
    before = len(_looks(app))
    page = visit("Bram").get("/find-people?skill=Java&names=y")
    assert "Ola Rees" not in page.text
    assert "1 person" in page.text
    assert [one[3] for one in _looks(app)[before:]] == ["day rates"]


@pytest.mark.parametrize("name", ["Asha", "Bram", "Finn", "Olu", "Audra", "Cara"])
def test_readers_of_member_councils_open_it(visit, name):
    assert "Quill Works" in visit(name).get("/find-people?skill=Java").text


@pytest.mark.parametrize("name", ["Faye", "Qi", "Stranger", "Opal", "Ari"])
def test_partners_and_strangers_find_no_such_page(visit, name):
    for address in (
        "/find-people",
        "/find-people?skill=Java",
        "/lots/DP21-7/who-supplies-what",
        "/lots/DP21-7/who-supplies-what.csv",
        "/agreements/DP21/who-supplies-what",
        "/agreements/DP21/who-supplies-what.csv",
        "/lots/DP21-7/expected-skills",
    ):
        visit(name).get(address, status=404)
    assert "/find-people" not in visit(name).get("/", status=404 if name == "Stranger" else 200).links


def test_another_council_finds_nobody_and_no_matrix(visit):
    page = visit("Zed").get("/find-people?skill=Java&within=DP21-7&names=y")
    assert "No partner that you may call off from" in page.text
    assert "Quill" not in page.text
    assert "Java" not in [one.get("value") for one in page.all("option")]
    for address in ("/lots/DP21-7/who-supplies-what", "/agreements/DP21/who-supplies-what.csv"):
        visit("Zed").get(address, status=404)


def test_htmx_gets_the_list_alone(visit):
    page = visit("Asha").get("/find-people?skill=Java", headers={"HX-Request": "true"})
    assert "<html" not in page.html
    assert "Quill Works" in page.html


def test_the_matrix_is_a_table_with_heads_a_list_and_a_file(visit):
    page = visit("Asha").get("/lots/DP21-7/who-supplies-what")
    assert "No gap: each of 1 skill has a partner; 1 has only one." in page.text
    assert {one.get("scope") for one in page.all("th")} == {"col", "row"}
    assert "Ola" not in page.text
    assert "No accepted skillset yet: Fennel Web, Tern Systems" in page.text
    answer = visit("Asha").get("/lots/DP21-7/who-supplies-what.csv").response
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[0]["skill"] == "Java"
    assert (rows[0]["Quill Works: people"], rows[0]["Quill Works: deepest"], rows[0]["partners"]) == (
        "1",
        "expert",
        "1",
    )
    whole = visit("Cara").get("/agreements/DP21/who-supplies-what")
    assert "Accessible forms" in whole.text
    assert "Java" in whole.text
    assert "/find-people?skill=Java&within=DP21" in whole.links
    assert "/find-people?skill=Java&within=DP21-7" in page.links
    assert "/agreements/DP21/who-supplies-what" in visit("Asha").get("/agreements/DP21").links
    assert "/lots/DP21-7/who-supplies-what" in visit("Asha").get("/lots/DP21-7").links


def test_the_framework_owner_keeps_the_skills_expected(visit):
    olu = visit("Olu")
    address = "/lots/DP21-7/expected-skills"
    page = olu.send(address, {"skills": "Java\n=HYPERLINK(1)\n" + "x" * 121}, status=422)
    assert "120 characters" in page.errors[0]
    assert "=HYPERLINK(1)" in page.values()["skills"]
    page = olu.follow(olu.send(page, {"skills": "Java\n=HYPERLINK(1)\n<b>bold</b>"}))
    assert "2 of 3 skills have no partner; 1 has only one." in page.text
    assert "<b>bold</b>" in page.text
    text = olu.get("/lots/DP21-7/who-supplies-what.csv").response.get_data(as_text=True)
    assert "'=HYPERLINK(1)" in text
    visit("Asha").get(address, status=404)
    visit("Cara").get(address, status=404)
