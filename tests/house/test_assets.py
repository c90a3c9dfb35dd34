"""The front-end parts agree with each other, carry nobody's branding, and stay small."""

import gzip
import json
import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from jinja2 import Environment, PackageLoader, PrefixLoader

import hatch_build

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "framework" / "static" / "vendor"
COMPONENTS = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "components"

needs_assets = pytest.mark.skipif(
    not VENDOR.exists(), reason="the assets are not built: python hatch_build.py"
)
needs_fixtures = pytest.mark.skipif(
    not COMPONENTS.exists(), reason="node_modules is not here: python hatch_build.py fetches it"
)


# The upgrade alarm: a newer govuk-frontend than the macros were written for shows here first.
@needs_fixtures
@pytest.mark.parametrize(
    "component", sorted({path.parent.name for path in COMPONENTS.glob("*/fixtures.json")})
)
def test_the_macros_write_what_govuk_frontend_expects(component: str, macros: Environment) -> None:
    name = "govuk" + "".join(part.capitalize() for part in component.split("-"))
    template = macros.from_string(
        f"{{% from 'govuk_frontend_jinja/components/{component}/macro.html' import {name} %}}{{{{ {name}(params) }}}}"
    )
    about = json.loads((COMPONENTS / component / "fixtures.json").read_text(encoding="utf-8"))
    assert about["fixtures"]
    different = [
        fixture["name"]
        for fixture in about["fixtures"]
        if _shape(template.render(params=fixture["options"])) != _shape(fixture["html"])
    ]
    assert different == []


@needs_assets
def test_the_style_sheet_carries_no_branding_of_gov_uk() -> None:
    css = (VENDOR / "tracker.css").read_text(encoding="utf-8").lower()
    assert "inter" in css
    assert [word for word in ("gds transport", "crest", "crown") if word in css] == []


@needs_assets
def test_nothing_but_the_open_font_is_served_from_the_packages() -> None:
    kinds = {path.suffix for path in VENDOR.iterdir()}
    assert kinds <= {"", ".css", ".js", ".gz", ".woff2", ".json", ".txt"}
    assert {path.name for path in VENDOR.glob("*.woff2")} == set(hatch_build.FONTS)
    assert "SIL OPEN FONT LICENSE" in (VENDOR / "LICENCES.txt").read_text(encoding="utf-8")


@needs_assets
def test_the_style_sheet_asks_for_no_file_that_is_not_there() -> None:
    asked = re.findall(r"url\(\"?([^)\"]+)\"?\)", (VENDOR / "tracker.css").read_text(encoding="utf-8"))
    assert {address.partition("?")[0] for address in asked} == set(hatch_build.FONTS)
    assert all("?v=" in address for address in asked)


@needs_assets
def test_a_first_page_weighs_less_than_its_budget() -> None:
    """The whole budget is 100 kB gzipped; the page itself has what is left over here."""
    # The fonts with letters beyond Latin-1 are fetched only by a page that has such a letter.
    always = [name for name in hatch_build.SERVED if "latin-ext" not in name]
    sent = {name: len(gzip.compress((VENDOR / name).read_bytes(), 9)) for name in always}
    assert sum(sent.values()) < 94_000, sent


@needs_assets
def test_a_second_build_does_nothing() -> None:
    if (VENDOR / ".stamp").read_text() != hatch_build._stamp(ROOT):
        pytest.skip("static/ has changed since the assets were built: python hatch_build.py")
    assert hatch_build.build(ROOT) is False


@pytest.fixture(scope="module")
def macros() -> Environment:
    return Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _shape(html: str) -> Any:
    """Elements, attributes and words; not the white space between them."""
    return _tree(html5lib.parseFragment(html, namespaceHTMLElements=False))


def _tree(element: Element) -> Any:
    parts: list[Any] = [_words(element.text)]
    for child in element:
        parts += [_tree(child), _words(child.tail)]
    attributes = {name: " ".join(value.split()) for name, value in element.attrib.items()}
    return (str(element.tag), attributes, [part for part in parts if part])


def _words(text: str | None) -> str:
    return " ".join((text or "").split())
