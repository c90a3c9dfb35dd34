"""Every page that each role can reach, in a real browser: no barrier, no sideways scrolling, no complaint in the console."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import NARROW, WIDE, Browsing, apart
from tests.browser.crawling import SHORT, Kinds, Reach, reachable

RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
READERS = (
    "Grace Okafor",
    "Amara Bello",
    "Daniel Whitlock",
    "Ruth Penhallow",
    "Idris Vaughan",
    "Priya Anand",
    "Helen Marsh",
    "Carys Llwyd-Ŵyn",
    "Victoria Ashdown",
    "Lena Fischer",
)
OPEN_TO_ALL = ("/sign-in", "/forgotten-password", "/set-password/old-link", "/no-such-page")
AXE = Axe().axe_script


@pytest.fixture(scope="module")
def met() -> Kinds:
    """Kinds of page that were looked at already: a page that looks the same to two roles is looked at once."""
    return set()


def faults(reader: Browsing, address: str) -> list[str]:
    """What is wrong with the page at both widths, in words."""
    found = []
    reader.complaints.clear()
    reader.page.set_viewport_size({"width": WIDE, "height": 900})
    reader.go(address)
    found += look(reader, address)
    found += [f"{address} complains: {said}" for said in reader.complaints if not _expected(address, said)]
    return found


def look(reader: Browsing, address: str) -> list[str]:
    """What is wrong with the page that is open, at both widths."""
    found = []
    reader.page.evaluate(AXE)
    for width in (WIDE, NARROW):
        reader.page.set_viewport_size({"width": width, "height": 900})
        if reader.sideways:
            found.append(f"{address} at {width}: {reader.sideways} pixels wider than the window")
        for one in reader.page.evaluate("rules => axe.run(rules).then(found => found.violations)", RULES):
            where = "; ".join(" ".join(node["target"]) for node in one["nodes"][:3])
            found.append(f"{address} at {width}: {one['id']}: {one['help']} ({where})")
    return found


def _expected(address: str, said: str) -> bool:
    # The browser itself says aloud that an answer was 404 or 410.
    return address in OPEN_TO_ALL and "Failed to load resource" in said


@pytest.mark.usefixtures("on_the_day_of_the_sample")
@pytest.mark.parametrize("name", READERS)
def test_every_page_within_reach_is_whole(sample, browsing, met, name):
    _walk(sample, browsing, met, name, SHORT)


@pytest.mark.nightly
@pytest.mark.usefixtures("on_the_day_of_the_sample")
@pytest.mark.parametrize("name", READERS)
def test_every_page_there_is_is_whole(sample, browsing, met, name):
    _walk(sample, browsing, met, name, Reach())


def _walk(sample, browsing, met, name, reach):
    reader = browsing(sample, name)
    found = []
    pages = apart(lambda: list(reachable(sample.app, name, met, reach=reach)))
    for _, address in pages:
        found += faults(reader, address)
    assert pages
    assert not found, f"{len(pages)} pages\n" + "\n".join(found)


@pytest.mark.usefixtures("on_the_day_of_the_sample")
def test_pages_open_to_all_are_whole(sample, browsing):
    reader = browsing(sample, "")
    found = [fault for address in OPEN_TO_ALL for fault in faults(reader, address)]
    assert not found, "\n".join(found)


def test_a_page_that_is_not_whole_is_seen(site, browsing):
    reader = browsing(site, "")
    reader.go("/sign-in").evaluate(
        "() => { document.querySelector('label').remove(); document.querySelector('h1').style.width = '400px' }"
    )
    found = " ".join(look(reader, "/sign-in"))
    assert "pixels wider than the window" in found
    assert "label" in found
