"""People that a partner puts forward: nobody else reads, moves or decides on them, whatever is sent."""

import re

import pytest
from sqlmodel import select

from framework.records import database
from lots.skillset import Skillset, SkillsetPerson, SkillsetStatus
from lots.skillset_check import SkillsetCheck
from tests.security.world import MARK

DOORS = ("skillset.", "skillset_person.", "skillset_upload.", "skillset_deciding.")


def addresses(app, town, doors=DOORS):
    """Every address of these doors, of the versions, people and checked sheets there are: (address, methods)."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(doors):
            for number in ("1", "2") if "number" in rule.arguments else ("",):
                address = re.sub(r"<int[^>]*:number>", number, rule.rule)
                address = re.sub(r"<int[^>]*:appointment_id>", town["places"][0], address)
                found.append(
                    (address.replace("<reference>", town["lots"][0]), rule.methods & {"GET", "POST"})
                )
    assert len(found) > 12
    return found


@pytest.mark.parametrize("name", ["Ellis", "Qi", "Tess", "Zed", "Opal", "Ari"])
def test_outsiders_and_rivals_find_nothing_at_any_address(app, town, attack, name):
    someone = attack(name)
    leaks = []
    for address, methods in addresses(app, town):
        for method in methods:
            answer = someone.look(address) if method == "GET" else someone.strike(address, {"reason": "Mine"})
            if answer.status_code != 404 or MARK.encode() in answer.data:
                leaks.append(f"{method} {address}: {answer.status_code}")
    assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize("name", ["Nell", "Sal", "Olu", "Asha", "Bram"])
def test_people_of_councils_find_none_of_the_partners_own_pages(app, town, attack, name):
    someone = attack(name)
    for address, methods in addresses(app, town):
        if address.startswith("/my-company"):
            for method in methods:
                answer = someone.look(address) if method == "GET" else someone.strike(address)
                assert answer.status_code == 404, f"{method} {address}"


@pytest.mark.parametrize("name", ["Sal", "Asha", "Cara", "Bram", "Audra", "Faye"])
def test_nobody_but_the_lead_authoritys_framework_owner_decides(app, town, attack, name):
    here = f"/lots/{town['lots'][0]}/partners/{town['places'][0]}/people/2"
    someone = attack(name)
    for address in (here, f"{here}/return"):
        assert someone.strike(address, {"reason": "Mine"}).status_code == 404
    assert someone.look(here).status_code == 404
    with app.app_context(), database.writing() as session:
        assert (
            session.exec(select(Skillset).where(Skillset.version == 2)).one().status
            is SkillsetStatus.SUBMITTED
        )


def test_a_colleague_does_not_find_the_sheet_that_somebody_else_checked(app, town, attack):
    with app.app_context(), database.writing() as session:
        kept = session.exec(select(SkillsetCheck)).one()
        kept.owner_id = session.exec(select(SkillsetCheck.owner_id)).one() + 1
        address = f"/my-company/people/{town['places'][0]}/checks/{kept.id}"
    faye = attack("Faye")
    assert faye.look(address).status_code == 404
    for where in (address, f"{address}/drop"):
        assert faye.strike(where, {"then": "confirm", "how": "replace"}).status_code == 404


CELLS = (
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    "<script>alert(1)</script>",
    "\u202egnp.exe",
    "N" * 4990,
    "🎨" * 300,
)


@pytest.mark.parametrize("text", CELLS)
def test_cells_that_mean_harm_are_shown_as_text_and_saved_by_nobody(app, town, attack, text):
    faye = attack("Faye")
    here = f"/my-company/people/{town['places'][0]}"
    rows = (
        "Name\tRole\tLevel\tSkills\tDays a week\tAvailable from\tPlaces\tEmployment\tOff-payroll\n"
        f"{text}\tDesigner\t99\t{text} (expert)\t5\t01/12/2022\t{text}\tEmployee\tNo"
    )
    sent = faye.strike(f"{here}/load", {"rows": rows}, content_type="multipart/form-data")
    assert sent.status_code == 303
    shown = faye.look(sent.headers["Location"])
    assert shown.status_code == 200
    assert b"<script>alert" not in shown.data
    with app.app_context(), database.writing() as session:
        assert len(session.exec(select(SkillsetPerson)).all()) == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"cell-1-0": "x", "cell-99999999999-1": "x", "cell-1-": "x", "then": "confirm", "how": "both"},
        {"then": "\x00", "how": ["add", "replace"]},
        {f"cell-{row}-{column}": "Y" * 50 for row in range(1, 60) for column in range(20)},
    ],
)
def test_a_mended_sheet_takes_only_the_cells_it_asked_for(app, town, attack, fields):
    faye = attack("Faye")
    with app.app_context(), database.writing() as session:
        kept = session.exec(select(SkillsetCheck)).one()
        before, number = kept.rows_ready, kept.id
    answer = faye.strike(f"/my-company/people/{town['places'][0]}/checks/{number}", fields)
    assert answer.status_code in (303, 422)
    with app.app_context(), database.writing() as session:
        assert session.get_one(SkillsetCheck, number).rows_ready == before


@pytest.mark.parametrize(
    "changes",
    [
        {"work": "99:Nobody"},
        {"work": "x" * 10_000},
        {"level": "7", "role": "Queen"},
        {"places": ["london", "moon"] * 500},
        {"skills-0-depth": "godlike"},
        {"skills-9999-skill": "x", "skills-9999-depth": "expert"},
        {"employment": "slave"},
        {"available_from": ["1"] * 9},
        {"quarter_days": "9" * 400},
        {"day_rate": "1e9"},
        {"name": "\x00\u202e"},
    ],
)
def test_a_person_that_no_form_of_ours_would_send_is_refused_or_harmless(app, town, attack, changes):
    faye = attack("Faye")
    sent = {
        "work": "4:Designer",
        "skills-0-skill": "Figma",
        "skills-0-depth": "expert",
        "quarter_days": "5",
        "available_from": ["1", "12", "2022"],
        "places": "london",
        "clearance": "none",
        "employment": "employee",
        "off_payroll": "contracted_out",
        **changes,
    }
    here = f"/my-company/people/{town['places'][0]}"
    faye.strike(f"{here}/take-back")
    assert faye.strike(f"{here}/add", sent).status_code in (303, 422)
