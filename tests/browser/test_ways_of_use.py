"""The essential tasks in a real browser: without scripts, by keyboard alone, pressed twice, gone back from."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlmodel import Session, func, select

from calloffs.spend.entry import LedgerEntry
from framework.people import signing_in
from framework.people.person import Person
from framework.records import database
from tests.browser.conftest import NARROW, apart
from tests.calloffs.building import offered
from tests.calloffs.making import drafted, raised
from tests.cast import Cast


def _entries(app: Flask) -> int:
    def run() -> int:
        with app.app_context():
            session = database.current()
            found = session.exec(select(func.count()).select_from(LedgerEntry)).one()
            session.close()
            return int(found)

    return apart(run)


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the thing with these words, or this label, has the focus."""
    said = []
    for _ in range(80):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "(() => { const one = document.activeElement;"
            " return (one.labels?.[0]?.textContent ?? one.textContent ?? '').trim().replace(/\\s+/g, ' ') })()"
        )
        said.append(name)
        if name.startswith(words):
            return
    raise AssertionError(f"Tab never came to {words!r}: {said}")


def test_a_call_off_is_raised_without_scripts_on_a_phone(app, site, prepared, browsing):
    reference = prepared(lambda session, cast: drafted(session, cast).reference)
    asha = browsing(site, "Asha", scripts=False, width=NARROW)
    page = asha.go("/")
    page.get_by_role("link", name=reference).first.click()
    page.get_by_role("button", name="Continue the draft").click()
    page.get_by_role("button", name="Check answers and raise").click()
    page.get_by_role("button", name="Raise the call-off").click()
    expect(page.locator("main")).to_contain_text("An approver at Northbank")
    assert _entries(app) == 1


def test_an_offer_is_answered_without_scripts_on_a_phone(site, prepared, browsing):
    reference = prepared(lambda session, cast: offered(session, cast)[1].reference)
    faye = browsing(site, "Faye", scripts=False, width=NARROW)
    page = faye.go("/")
    page.locator(f"main a[href$='{reference}']").first.click()
    page.get_by_role("button", name="Answer").first.click()
    page.get_by_label("Role and level").select_option("4:Developer")
    page.get_by_label("Day rate in pounds, net of VAT").fill("850.01")
    page.get_by_label("Days", exact=True).fill("10")
    page.get_by_label("Skill", exact=True).fill("Accessible forms")
    page.get_by_label("Depth").select_option("expert")
    page.get_by_label("What will be handed over").fill("A tested form")
    page.get_by_label("How the council will judge that it is done").fill("Nine of ten finish it")
    for part, value in (("Day", "20"), ("Month", "1"), ("Year", "2023")):
        page.get_by_role("group", name="Date due").get_by_label(part, exact=True).fill(value)
    year = page.get_by_role("group", name="Date due").get_by_label("Year", exact=True).bounding_box()
    assert year is not None
    assert year["width"] < 110, "a field is as wide as what belongs in it"
    page.get_by_role("button", name="Send your answer").click()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_label("Day rate in pounds, net of VAT")).to_have_value("850.01")
    expect(page.get_by_label("What will be handed over")).to_have_value("A tested form")
    page.get_by_label("Day rate in pounds, net of VAT").fill("850")
    page.get_by_role("button", name="Send your answer").click()
    expect(page.locator("main")).to_contain_text("£8,500.00")
    assert not page.title().startswith("Error")


def test_somebody_signs_in_and_decides_by_keyboard_alone(app, site, prepared, browsing):
    def work(session: Session, cast: Cast) -> str:
        signing_in.set_password(session, session.get_one(Person, cast.person["Bram"]), "nine-green-bottles")
        return raised(session, cast).reference

    reference = prepared(work)
    bram = browsing(site, "")
    page = bram.go("/")
    tab_to(page, "E-mail address")
    page.keyboard.type("bram@example.org")
    tab_to(page, "Password")
    page.keyboard.type("nine-green-bottles")
    tab_to(page, "Sign in")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Home – Framework tracker")
    tab_to(page, reference)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Decide")).to_be_visible()
    tab_to(page, "Approve")
    page.keyboard.press("Space")
    tab_to(page, "Decide")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Approved")
    assert bram.complaints == []


def test_an_error_summary_takes_the_focus_and_what_was_typed_stays(site, prepared, browsing):
    reference = prepared(lambda session, cast: raised(session, cast).reference)
    bram = browsing(site, "Bram")
    page = bram.go(f"/call-offs/{reference}/approve")
    page.get_by_label("Conditions of your approval (optional)").fill("Weekly reports")
    page.get_by_role("button", name="Decide").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title().startswith("Error: ")
    expect(page.get_by_label("Conditions of your approval (optional)")).to_have_value("Weekly reports")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Approve", exact=True)).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_form_pressed_twice_acts_once(app, site, prepared, browsing, scripts):
    reference = prepared(lambda session, cast: drafted(session, cast).reference)
    asha = browsing(site, "Asha", scripts=scripts)
    page = asha.go(f"/call-offs/{reference}/raise")
    page.get_by_role("button", name="Raise the call-off").dblclick()
    expect(page.locator("main")).to_contain_text("An approver at Northbank")
    assert _entries(app) == 1


def test_back_leads_to_the_list_as_it_was_and_a_swap_is_announced(site, prepared, browsing):
    def work(session: Session, cast: Cast) -> None:
        drafted(session, cast, title="A draft of lot 3")
        raised(session, cast, title="A request for lot 5", lot=5)

    prepared(work)
    asha = browsing(site, "Asha")
    page = asha.go("/call-offs/")
    expect(page.locator("#call-offs")).to_contain_text("A draft of lot 3")
    page.get_by_label("Lot").select_option("DP21-5")
    expect(page.locator("#call-offs")).not_to_contain_text("A draft of lot 3")
    expect(page.locator("body > [role=status]")).to_have_text("1 call-off shown")
    assert "lot=DP21-5" in page.url
    page.go_back()
    expect(page.locator("#call-offs")).to_contain_text("A draft of lot 3")
    assert "lot=DP21-5" not in page.url
    page.reload()
    expect(page.locator("#call-offs")).to_contain_text("A request for lot 5")
    assert asha.complaints == []


def test_what_is_left_is_told_while_the_value_is_typed(site, prepared, browsing):
    reference = prepared(lambda session, cast: drafted(session, cast).reference)
    asha = browsing(site, "Asha")
    page = asha.go(f"/call-offs/{reference}/draft/money")
    page.get_by_label("Base value, net of VAT").fill("1,000,000.01")
    page.keyboard.press("Tab")
    expect(page.locator("#fits")).to_contain_text("It does not fit")
    expect(page.locator("#fits")).to_contain_text("£1,000,000.00")
    expect(page.locator("body > [role=status]")).to_contain_text("It does not fit")
    expect(page.get_by_label("Base value, net of VAT")).to_have_value("1,000,000.01")
    assert asha.complaints == []


def test_a_page_asks_for_few_files_and_the_next_one_for_fewer(site, browsing):
    asha = browsing(site, "Asha")
    asha.go("/").wait_for_load_state("networkidle")
    assert len(site.asked) <= 6, site.asked
    site.asked.clear()
    asha.page.get_by_role("link", name="Agreements", exact=True).click()
    asha.page.wait_for_load_state("networkidle")
    assert len(site.asked) <= 2, site.asked
