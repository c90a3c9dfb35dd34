"""What a partner does most, at 320 pixels without scripts, and one person added by keyboard alone."""

from pathlib import Path

from playwright.sync_api import expect
from sqlmodel import Session

from framework.people.permissions import Visitor
from tests.browser.conftest import NARROW, Browsing
from tests.browser.test_ways_of_use import tab_to
from tests.calloffs.building import offered
from tests.calloffs.spend.building import live_call_off
from tests.cast import Cast
from tests.lots.joiners import a_lot, asked
from tests.lots.people import accepted, facts, forty

ROLE = "Developer"


def _fits(reader: Browsing) -> None:
    assert reader.sideways == 0, f"{reader.page.url} is {reader.sideways} pixels too wide"


def test_an_invitation_is_accepted_and_leads_to_the_tasks(site, prepared, browsing):
    def work(session: Session, cast: Cast) -> str:
        olu: Visitor = cast.visitor(session, "Olu")
        return asked(session, olu, a_lot(session, cast, olu)).token

    token = prepared(work)
    hana = browsing(site, "", scripts=False, width=NARROW)
    page = hana.go(f"/invitations/{token}")
    _fits(hana)
    page.get_by_role("button", name="Join").click()
    page.get_by_label("Passphrase").fill("short")
    page.get_by_role("button", name="Join and see what is asked").click()
    expect(page).to_have_title("Error: Join – Framework tracker")
    page.get_by_label("Passphrase").fill("three random words")
    page.get_by_role("button", name="Join and see what is asked").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tasks")
    expect(page.locator("main")).to_contain_text("Company facts")
    _fits(hana)


def test_facts_are_said_to_be_still_right_from_home(site, browsing):
    faye = browsing(site, "Faye", scripts=False, width=NARROW)
    page = faye.go("/")
    expect(page.locator("main")).to_contain_text("still right?")
    _fits(faye)
    page.get_by_role("button", name="Still right").first.click()
    expect(page.locator("main")).to_contain_text("Last confirmed as right on 22 November 2022")
    _fits(faye)


def test_forty_people_are_loaded_and_three_mended_on_the_page(site, prepared, browsing, tmp_path: Path):
    place = prepared(lambda _, cast: cast.appointment[4, "Fennel Web"])
    sheet = tmp_path / "people.tsv"
    sheet.write_text(forty(), encoding="utf-8")
    faye = browsing(site, "Faye", scripts=False, width=NARROW)
    page = faye.go("/my-company")
    page.get_by_role("link", name="Your people on lot DP21-4").click()
    page.get_by_role("button", name="Load a spreadsheet").click()
    page.get_by_label("CSV or Excel file").set_input_files(sheet)
    page.get_by_role("button", name="Check these people").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("37 ready and 3 to mend")
    _fits(faye)
    for begins, right in (("Level in row", "4"), ("Places in row", "Offsite"), ("Day rate in row", "900")):
        page.get_by_label(begins).fill(right)
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("40 ready and 0 to mend")
    page.get_by_role("button", name="Confirm 40 people").click()
    expect(page.locator("main")).to_contain_text("40 people")
    assert page.url.endswith(f"/my-company/people/{place}")
    _fits(faye)


def test_lower_rates_are_proposed(site, prepared, browsing):
    place = prepared(lambda _, cast: cast.appointment[4, "Fennel Web"])
    faye = browsing(site, "Faye", scripts=False, width=NARROW)
    page = faye.go(f"/my-company/rates/{place}")
    _fits(faye)
    page.get_by_role("button", name="Propose new rates").click()
    _fits(faye)
    for part, value in (("Day", "1"), ("Month", "12"), ("Year", "2022")):
        page.get_by_label(part, exact=True).fill(value)
    page.locator("input[value='935.00']").first.fill("900")
    page.get_by_role("button", name="Save and check").click()
    expect(page.locator("main")).to_contain_text("£900.00")
    _fits(faye)
    page.get_by_role("button", name="Send to the council").click()
    expect(page.locator("main")).to_contain_text("The council has been told")


def test_a_return_is_given(site, prepared, browsing):
    prepared(lambda session, cast: live_call_off(session, cast).id)
    faye = browsing(site, "Faye", scripts=False, width=NARROW)
    page = faye.go("/")
    page.get_by_role("link", name="Your return for October 2022").click()
    _fits(faye)
    page.get_by_label("No business in this month on any call-off").check()
    page.get_by_role("button", name="Check and give").click()
    _fits(faye)
    page.get_by_role("button", name="Give this return").click()
    expect(page.locator("main")).to_contain_text("Given")
    _fits(faye)


def test_a_question_is_asked_on_the_page_of_the_offer(site, prepared, browsing):
    reference = prepared(lambda session, cast: offered(session, cast)[1].reference)
    faye = browsing(site, "Faye", scripts=False, width=NARROW)
    page = faye.go("/")
    page.locator(f"main a[href$='{reference}']").first.click()
    page.get_by_label("Your question").fill("Is there a room with a projector?")
    page.get_by_role("button", name="Send your question").click()
    expect(page.locator("main")).to_contain_text("Is there a room with a projector?")
    _fits(faye)


def test_a_person_is_added_by_keyboard_alone(site, prepared, browsing):
    place = prepared(lambda _, cast: cast.appointment[4, "Fennel Web"])
    faye = browsing(site, "Faye")
    page = faye.go(f"/my-company/people/{place}")
    tab_to(page, "Add a person")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a person")
    tab_to(page, "Name (optional)")
    page.keyboard.type("Gwen Rees")
    tab_to(page, "Role and level")
    page.keyboard.type(ROLE)
    tab_to(page, "Skill")
    page.keyboard.type("Python")
    tab_to(page, "How deep")
    page.keyboard.type("Expert")
    tab_to(page, "Days a week")
    page.keyboard.type("5")
    for value in ("1", "12", "2022"):
        page.keyboard.press("Tab")
        page.keyboard.type(value)
    tab_to(page, "Offsite")
    page.keyboard.press("Space")
    tab_to(page, "Employee")
    page.keyboard.press("Space")
    tab_to(page, "On a payroll")
    page.keyboard.press("Space")
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Gwen Rees")
    assert faye.complaints == []


def test_tables_that_matter_stand_in_blocks_on_a_phone_and_in_columns_on_a_desk(site, prepared, browsing):
    def work(session: Session, cast: Cast) -> int:
        accepted(session, cast, [facts(), facts(name="", role="Developer", level=5)])
        return cast.appointment[4, "Fennel Web"]

    place = prepared(work)
    for who, address, words in (
        ("Faye", f"/my-company/people/{place}", "Day rate, net of VAT"),
        ("Faye", f"/my-company/rates/{place}", "Level 4"),
        ("Faye", "/my-company", "Rate card"),
        ("Asha", "/find-people?skill=Figma", "Free from"),
    ):
        phone = browsing(site, who, scripts=False, width=NARROW)
        page = phone.go(address)
        _fits(phone)
        cell = page.locator(f".app-table--stack [data-label='{words}']:visible").first
        box = cell.bounding_box()
        assert box, address
        assert 0 <= box["x"] < box["x"] + box["width"] <= NARROW, address
        said = cell.evaluate("one => getComputedStyle(one, '::before').content")
        assert words in said
        desk = browsing(site, who, scripts=False, width=1280)
        page = desk.go(address)
        cell = page.locator(f".app-table--stack [data-label='{words}']:visible").first
        assert cell.evaluate("one => getComputedStyle(one, '::before').content") == "none"
        assert cell.evaluate("one => getComputedStyle(one).display") == "table-cell"
