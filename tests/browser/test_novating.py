"""A novation at 320 pixels without scripts: proposed with a file, agreed to, and read by the partner."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import NARROW
from tests.calloffs.spend.building import live_call_off
from tests.framework.records import files


def test_a_place_passes_on_by_pages_that_fit_a_phone(site, prepared, browsing, tmp_path: Path):
    number, reference = prepared(
        lambda session, cast: (cast.appointment[4, "Fennel Web"], live_call_off(session, cast).reference)
    )
    deed = tmp_path / "deed.pdf"
    deed.write_bytes(files.pdf())
    here = f"/lots/DP21-4/partners/{number}"
    olu = browsing(site, "Olu", scripts=False, width=NARROW)
    page = olu.go(here)
    page.get_by_text("Propose that another company takes over").click()
    assert olu.sideways == 0
    page.get_by_role("button", name="Propose the novation").click()
    expect(page).to_have_title("Error: Another company for Fennel Web – Framework tracker")
    assert olu.sideways == 0
    page.get_by_label("Its legal name").fill("Heron Data Ltd")
    page.get_by_label("Sale or transfer of the business").check()
    page.get_by_label("What happened, in words").fill("Heron bought the business")
    page.get_by_label("The conditions of this ground hold").check()
    page.get_by_label("The deed, or other evidence").set_input_files(deed)
    page.get_by_label(f"What happens to {reference}").fill("They finish by March")
    page.get_by_role("button", name="Propose the novation").click()
    expect(page.locator("main")).to_contain_text("You proposed this")
    assert olu.sideways == 0
    bram = browsing(site, "Bram", scripts=False, width=NARROW)
    page = bram.go(f"{here}/novation")
    assert bram.sideways == 0
    page.get_by_label("I agree: the place passes to the new company").check()
    page.get_by_role("button", name="Decide").click()
    expect(page.locator("main")).to_contain_text("This place passes to Heron Data Ltd on 22 November 2022")
    assert bram.sideways == 0
    faye = browsing(site, "Faye", scripts=False, width=NARROW)
    page = faye.go("/my-company")
    expect(page.locator("main")).to_contain_text("Places passed on and taken over")
    expect(page.locator("main")).to_contain_text("They finish by March")
    assert faye.sideways == 0
