"""The pages on which a partner puts people forward and councils see them."""

import io
import json

import pytest
from click.testing import CliRunner
from sqlmodel import func, select

import commands
import sheet_commands
from framework.records import database
from framework.records.audit import AuditRecord
from lots.entering_people import put_people
from lots.skillset import Skillset, SkillsetPerson
from lots.skillset_check import SkillsetCheck
from lots.submitting import submit_skillset
from tests.lots.people import accepted, facts, forty, place_of
from tests.statements import counted

PERSON = {
    "name": "Siân Ŵyn",
    "work": "4:Designer",
    "skills-0-skill": "Figma",
    "skills-0-depth": "expert",
    "quarter_days": "2.5",
    "available_from": ["1", "12", "2022"],
    "available_to": ["", "", ""],
    "places": ["london", "offsite"],
    "clearance": "none",
    "clearance_on": ["", "", ""],
    "employment": "employee",
    "off_payroll": "contracted_out",
    "day_rate": "",
}


@pytest.fixture
def here(cast):
    return f"/my-company/people/{cast.appointment[4, 'Fennel Web']}"


@pytest.fixture
def council(cast):
    return f"/lots/DP21-4/partners/{cast.appointment[4, 'Fennel Web']}/people"


@pytest.fixture
def count(app):
    """How many rows there are, in a session of its own."""

    def ask(model):
        with app.app_context(), database.writing() as session:
            return session.exec(select(func.count()).select_from(model)).one()

    return ask


def test_a_person_is_added_and_the_version_sent_in_three_steps(visit, here, count):
    faye = visit("Faye")
    assert here in faye.get("/my-company").links
    page = faye.get(here)
    assert f"{here}/add" in page.links
    page = faye.follow(faye.send(f"{here}/add", PERSON))
    assert "Siân Ŵyn" in page.text
    assert "2.5 days a week from 1 December 2022" in page.text
    assert f"{here}/send" in page.links
    page = faye.get(f"{here}/send")
    assert "Designer, level 4: 1 person" in page.text
    page = faye.follow(faye.send(page, {}))
    assert "Submitted" in page.text
    assert f"{here}/add" not in page.links
    page = faye.follow(faye.send(page, {}, to=f"{here}/take-back"))
    assert "Draft" in page.text


def test_a_skill_row_is_added_without_a_script_and_nothing_is_saved(visit, here, count):
    page = visit("Faye").send(f"{here}/add", {**PERSON, "add": "skill"}, status=200)
    assert "Skill 2" in page.text
    assert page.values()["name"] == "Siân Ŵyn"
    assert page.values()["places"] == ["offsite", "london"]
    assert count(SkillsetPerson) == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"work": ""}, "Choose a role and level"),
        ({"skills-0-skill": "", "skills-0-depth": ""}, "at least one skill"),
        ({"skills-0-depth": ""}, "Choose how deep the skill is"),
        ({"quarter_days": "8"}, "0.25 to 7"),
        ({"quarter_days": "0"}, "0.25 to 7"),
        ({"available_from": ["31", "2", "2023"]}, "must be a real date"),
        ({"places": None}, "at least one place"),
        ({"employment": None}, "Choose employee"),
        ({"off_payroll": None}, "company of their own"),
        ({"day_rate": "936"}, "£935.00 or less"),
        ({"name": "=1+1"}, "must not begin with"),
        ({"clearance": "royal"}, "Choose one of the options"),
    ],
)
def test_what_is_wrong_stands_by_its_field_with_everything_typed_kept(visit, here, count, changes, said):
    page = visit("Faye").send(f"{here}/add", {**PERSON, **changes}, status=422)
    assert any(said in one for one in page.errors), page.errors
    assert page.values()["skills-0-skill"] == changes.get("skills-0-skill", "Figma")
    assert count(SkillsetPerson) == 0
    assert count(Skillset) == 0


def test_somebody_of_an_accepted_version_is_changed_in_the_next_one(session, cast, visit, here, app):
    accepted(session, cast, [facts(), facts(name="Other")])
    session.commit()
    faye = visit("Faye")
    faye.send(f"{here}/2", {"name": "Renamed"})
    page = faye.get(here)
    assert "Version 1 stays in force" in page.text
    assert "Renamed" in page.text
    page = faye.get(f"{here}/send")
    assert "What changes from version 1" in page.text
    faye.send(f"{here}/1/remove", {})
    assert "Gwen" not in faye.get(here).text
    faye.get(f"{here}/9", status=404)


def load(visitor, here, **sent):
    return visitor.send(f"{here}/load", sent, content_type="multipart/form-data")


def test_forty_rows_with_three_bad_ones_are_mended_on_the_page_and_nothing_saved_before_confirm(
    visit, here, count
):
    faye = visit("Faye")
    page = faye.follow(load(faye, here, rows=forty(), file=None))
    assert "37 ready and 3 to mend" in page.text
    assert "Atlantis" in page.html
    assert "Enter a level from 1 to 7" in page.text
    check = page.response.request.path
    page = faye.follow(faye.send(page, {"cell-7-2": "4", "cell-20-7": "Narnia", "then": "check"}, to=check))
    assert "38 ready and 2 to mend" in page.text
    assert page.values(check)["cell-20-7"] == "Narnia"
    assert (count(SkillsetPerson), count(Skillset)) == (0, 0)
    page = faye.follow(
        faye.send(page, {"cell-20-7": "Wales", "cell-43-12": "900", "then": "confirm"}, to=check)
    )
    assert "40 people" in page.text
    assert (count(SkillsetPerson), count(SkillsetCheck)) == (40, 0)
    faye.get(check, status=404)


def test_the_ready_rows_are_confirmed_and_asked_whether_to_add_or_replace(session, cast, visit, here, count):
    put_people(session, actor=cast.visitor(session, "Faye"), place=place_of(session, cast), people=[facts()])
    session.commit()
    faye = visit("Faye")
    page = faye.follow(load(faye, here, file=(io.BytesIO(forty().encode()), "people.csv")))
    check = page.response.request.path
    refused = faye.send(page, {"then": "confirm"}, to=check, status=422)
    assert refused.errors == ["Choose what should happen with the people who are there already"]
    assert count(SkillsetPerson) == 1
    faye.send(page, {"then": "confirm", "how": "add"}, to=check)
    assert count(SkillsetPerson) == 38


def test_a_sheet_is_forgotten_when_asked(visit, here, count):
    faye = visit("Faye")
    page = faye.follow(load(faye, here, rows=forty(), file=None))
    faye.send(page, {}, to=page.response.request.path + "/drop")
    assert (count(SkillsetPerson), count(SkillsetCheck)) == (0, 0)


@pytest.mark.parametrize(
    ("rows", "file", "said"),
    [
        ("", None, "Choose a file, or paste rows"),
        ("a\tb\nc\td", None, "no row of headings"),
        ("", b"PK\x03\x04rest", ""),
        ("", b"\x00\x01\x02" * 50, ""),
    ],
)
def test_what_cannot_be_read_is_said_by_its_field(visit, here, count, rows, file, said):
    faye = visit("Faye")
    sent = {"rows": rows, "file": (io.BytesIO(file), "people.xlsx") if file else None}
    page = faye.send(f"{here}/load", sent, status=422, content_type="multipart/form-data")
    assert page.errors
    assert said in page.errors[0]
    assert count(SkillsetCheck) == 0


def test_the_command_prints_the_same_findings_as_the_page(visit, here, tmp_path):
    faye = visit("Faye")
    page = faye.follow(load(faye, here, rows=forty(), file=None))
    path = tmp_path / "people.tsv"
    path.write_text(forty(), encoding="utf-8")
    done = CliRunner().invoke(commands.tracker, ["skillsets", "check", str(path)])
    said = json.loads(done.output)
    assert done.exit_code == 1
    assert (said["file"], said["rows_ready"], said["rows_to_mend"]) == ("people.tsv", 37, 3)
    for finding in said["findings"]:
        assert f"cell-{finding['row']}-" in page.html
        assert finding["mend"] in page.text
        assert f'value="{finding["value"]}"' in page.html
    path.write_text(forty(bad=False), encoding="utf-8")
    done = CliRunner().invoke(commands.tracker, ["skillsets", "check", str(path)])
    assert (done.exit_code, json.loads(done.output)["findings"]) == (0, [])
    path.write_bytes(b"")
    done = CliRunner().invoke(commands.tracker, ["skillsets", "check", str(path)])
    assert (done.exit_code, json.loads(done.output)["file"]) == (1, "people.tsv")
    assert "empty" in json.loads(done.output)["refused"]
    done = CliRunner().invoke(commands.tracker, ["skillsets", "check", str(tmp_path / "none.csv")])
    assert done.exit_code == 1
    assert json.loads(done.output)["refused"]


def test_the_command_holds_people_to_the_rate_card_where_the_partner_is_named(
    tmp_path, cast, settings, monkeypatch
):
    monkeypatch.setattr(sheet_commands, "_settings", lambda: settings)
    path = tmp_path / "people.tsv"
    path.write_text(forty(bad=False).replace("\t900", "\t935.01", 1), encoding="utf-8")

    def run(*whom):
        done = CliRunner().invoke(commands.tracker, ["skillsets", "check", str(path), *whom])
        return done.exit_code, done.output

    status, said = run("--lot", "DP21-4", "--supplier", "Fennel Web")
    assert status == 1
    (one,) = json.loads(said)["findings"]
    assert (one["row"], one["column"], one["value"]) == (4, "Day rate", "935.01")
    assert one["mend"].startswith("Enter £935.00 or less")
    assert run()[0] == 0
    assert run("--lot", "DP21-4")[0] == 2
    status, said = run("--lot", "DP21-4", "--supplier", "Nobody at all")
    assert status == 1
    assert "Nobody at all" in said


def test_the_export_loads_again_as_it_is(session, cast, visit, here):
    accepted(session, cast, [facts(), facts(name="", role="Developer", level=5)])
    session.commit()
    faye = visit("Faye")
    for name in ("people.csv", "people.xlsx"):
        answer = faye.get(f"{here}/{name}").response
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        page = faye.follow(load(faye, here, file=(io.BytesIO(answer.data), name)))
        assert "2 ready and 0 to mend" in page.text
    for name in ("template.csv", "template.xlsx"):
        assert faye.get(f"{here}/{name}").response.status_code == 200


def test_the_framework_owner_decides_from_home(session, cast, visit, here, council, app):
    accepted(session, cast, [facts()])
    faye = cast.visitor(session, "Faye")
    place = place_of(session, cast)
    second = put_people(
        session, actor=faye, place=place, people=[facts(quarter_days=10), facts(name="Newcomer")]
    )
    submit_skillset(session, actor=faye, place=place, skillset=second)
    session.commit()
    olu = visit("Olu")
    assert f"{council}/2" in olu.get("/").links
    page = olu.get(f"{council}/2")
    assert "Days a week: from 5 to 2.5" in page.text
    assert "New: Newcomer" in page.text
    assert olu.send(page, {"reason": ""}, to=f"{council}/2/return", status=422).errors
    page = olu.follow(olu.send(page, {}, to=f"{council}/2"))
    assert "Version 2, accepted" in page.text
    assert "Version 2" in visit("Faye").get(here).text


def test_a_version_sent_back_tells_the_partner_why(session, cast, visit, here, council):
    faye = cast.visitor(session, "Faye")
    place = place_of(session, cast)
    draft = put_people(session, actor=faye, place=place, people=[facts()])
    submit_skillset(session, actor=faye, place=place, skillset=draft)
    session.commit()
    olu = visit("Olu")
    olu.send(f"{council}/1", {"reason": "Say who is cleared"}, to=f"{council}/1/return")
    faye = visit("Faye")
    assert here in faye.get("/").links
    page = faye.get(here)
    assert "Say who is cleared" in page.text
    assert "Returned" in page.text
    assert "sent back version 1 of the people of Fennel Web" in olu.get(council.removesuffix("/people")).text
    faye.send(f"{here}/1", {"clearance": "bpss"})
    assert here not in faye.get("/").links


def test_names_are_for_those_who_choose_whom_to_ask_and_each_look_is_written_down(
    session, cast, visit, council, app
):
    accepted(session, cast, [facts(name="Gwenllian")])
    session.commit()
    for name, sees in (
        *((name, True) for name in ("Asha", "Cara", "Audra", "Olu")),
        *((name, False) for name in ("Bram", "Finn", "Fern")),
    ):
        page = visit(name).get(council)
        assert ("Gwenllian" in page.html) is sees, name
        assert "Designer, level 4: 1 person" in page.text
    with app.app_context(), database.writing() as own:
        looks = own.exec(select(AuditRecord).where(AuditRecord.action == "looked_at")).all()
    assert len(looks) == 4
    assert "1 person" in visit("Bram").get(council.removesuffix("/people")).text


def test_rivals_and_other_councils_find_nothing(session, cast, visit, here, council):
    accepted(session, cast, [facts()])
    faye = cast.visitor(session, "Faye")
    draft = put_people(session, actor=faye, place=place_of(session, cast), people=[facts(name="Draft")])
    session.commit()
    for name in ("Qi", "Tess", "Zed", "Opal", "Stranger", "Ari"):
        someone = visit(name)
        for address in (
            here,
            f"{here}/add",
            f"{here}/1",
            f"{here}/send",
            f"{here}/load",
            f"{here}/people.csv",
        ):
            someone.get(address, status=404)
        for address in (council, f"{council}/1"):
            someone.get(address, status=404)
    for name in ("Olu", "Asha"):
        visit(name).get(here, status=404)
        visit(name).get(f"{council}/{draft.version}", status=404)
        visit(name).get(f"{council}/1")
    visit("Faye").get(council, status=404)
    visit("Bram").get(f"{council}/1", status=404)


def test_forty_and_two_hundred_people_cost_the_same_statements(session, cast, visit, here, council, app):
    faye = cast.visitor(session, "Faye")
    place = place_of(session, cast)
    said = []
    for number in (2, 200):
        draft = put_people(
            session, actor=faye, place=place, people=[facts(name=f"P {n}") for n in range(number)]
        )
        session.commit()
        shown = visit("Faye")
        shown.get(here)
        said.append(counted(app, lambda one=shown: (one.get(here), one.get(f"{here}/send"))))
        place = place_of(session, cast)
    assert draft.version == 1
    assert said[0] == said[1]


def test_a_file_is_checked_from_the_page_of_people_and_confirmed_and_sent_in_one(visit, here, count, app):
    faye = visit("Faye")
    page = faye.get(here)
    assert "Check these people" in page.text
    page = faye.follow(load(faye, here, file=(io.BytesIO(forty(bad=False).encode()), "people.csv")))
    check = page.response.request.path
    page = faye.follow(faye.send(page, {"then": "send"}, to=check))
    assert "Submitted" in page.text
    assert (count(SkillsetPerson), count(SkillsetCheck)) == (40, 0)


def test_a_sheet_with_faults_has_them_on_top_and_is_not_sent_before_what_was_typed_is_right(
    visit, here, count
):
    faye = visit("Faye")
    page = faye.follow(load(faye, here, rows=forty(), file=None))
    check = page.response.request.path
    assert "Error:" in page.html.split("</title>")[0]
    assert "3 rows to mend" in page.text
    assert 'href="#cell-7-2"' in page.html
    assert "Row 7, Level: enter a level from 1 to 7" in page.text
    page = faye.follow(faye.send(page, {"cell-7-2": "4", "then": "send"}, to=check))
    assert "38 ready and 2 to mend" in page.text
    assert count(Skillset) == 0
