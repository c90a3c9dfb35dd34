"""Every form there is, sent what no form of ours would send: answered in words, and never by falling over."""

import re
from typing import Any

import pytest

from tests.security.test_addresses import addresses, everything
from tests.visiting import Page

SCRIPT = "<script>alert(1)</script><b hx-get='/sign-out' onload=x>{{7*7}}{actor}{0.__class__}%s"
LONG = "Long " * 800
CONTROL = f"a\x00b\x1b\x07c\x85\u2028\u202e\ufffe {SCRIPT}\r\nBcc: x@evil.example"
HOSTILE = ["²", "9" * 5000, "-9223372036854775809", "NaN", "1e400", "\x00", "٣", "0x10", "1_000", " "]
_MONEY = re.compile(
    r"base|price|value|net|vat\b|gross|amount|limit|rate|cover|ceiling|allocation|one_off|recurring|yearly|threshold|turnover|sheet|payment|fixed|expenses$"
)
_NUMBER = re.compile(r"months|days|number|most|rank|staff|bp|level|submission|seen")
_H = "{http://www.w3.org/1999/xhtml}"
ANSWERS = {200, 303, 400, 404, 409, 410, 413, 422, 429}
ROUNDS = ("hostile", "bare", "far", "long", "control")
RAW = re.compile(rb"<script>alert|hx-get='/sign-out'|49\{actor\}")


def _fill(field: Any, name: str, kind: str) -> Any:
    day = isinstance(field, list) and len(field) == 3
    if kind == "bare":
        return None
    if kind == "hostile":
        return [HOSTILE[(len(name) + at) % len(HOSTILE)] for at in range(3 if day else 1)]
    if day:
        return ["31", "12", "9999"] if kind == "far" else ["1", "12", "2022"]
    if _MONEY.search(name):
        return "92,233,720,368,547,758.07" if kind == "far" else "100"
    if _NUMBER.search(name):
        return "999999999999" if kind == "far" else (field or "1")
    if kind == "far":
        return field or "1"
    if "email" in name:
        return f"{name}{abs(hash(name))}@example.org" if kind == "control" else "e" * 300 + "@example.org"
    return LONG if kind == "long" else CONTROL


def _sent(page: Page, form: Any, kind: str) -> dict[str, Any]:
    action = (form.get("action") or "").split("?")[0]
    values = page.values(action)
    chosen: dict[str, Any] = {}
    for one in form.iter():
        name, tag = one.get("name"), one.tag.rsplit("}", 1)[-1]
        if not name or name in ("csrf_token", "once"):
            continue
        if tag == "select" or one.get("type") in ("radio", "checkbox"):
            options = (
                [o.get("value") for o in one.iter() if o.get("value")]
                if tag == "select"
                else [one.get("value")]
            )
            chosen.setdefault(name, HOSTILE[len(name) % len(HOSTILE)] if kind == "hostile" else options[-1:])
            if kind == "bare":
                chosen[name] = None
        elif tag in ("input", "textarea") and one.get("type") not in ("submit", "file"):
            hidden = one.get("type") == "hidden" and kind not in ("hostile", "bare")
            chosen[name] = values.get(name) if hidden else _fill(values.get(name), name, kind)
    return {name: value for name, value in chosen.items() if value is not None}


def _pages(app: Any, town: Any, forms: bool = True) -> list[str]:
    """Addresses of forms and of the pages that carry some; without `forms`, those where what was kept is read again."""
    plain = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "<" not in rule.rule and {"GET", "POST"} <= rule.methods and "sign" not in rule.rule
    ]
    kinds = {**everything(town), "my-company": town["places"]}
    named = [
        one
        for one, methods, endpoint in addresses(app, town, kinds)
        if (forms and methods == {"GET", "POST"}) or endpoint.endswith(".show")
    ]
    lists = ["/", "/people/", "/coming/", "/call-offs/", "/cases/", "/agreements/", "/offers/", "/my-company"]
    return [*(plain if forms else []), *named, *lists]


def _forms(app: Any, town: Any, someone: Any) -> list[tuple[str, Page, Any]]:
    """One form of each shape that this person can reach: (where it is sent, the page it is on, the form)."""
    found: dict[str, tuple[str, Page, Any]] = {}
    for address in _pages(app, town):
        answer = someone.look(address)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        page = Page(answer)
        for form in [one for main in page.all("main") for one in main.iter(f"{_H}form")]:
            action = form.get("action") or address
            alone = [f.get("action") for f in page.all("form")].count(form.get("action")) == 1
            if form.get("method", "get").lower() == "post" and alone:
                shape = re.sub(r"[A-Z0-9-]*[0-9]+[A-Z0-9-]*", "…", action.split("?")[0])
                found.setdefault(shape, (action, page, form))
    return list(found.values())


@pytest.mark.usefixtures("both_databases")
def test_no_form_falls_over_whatever_it_is_sent(app, town, attack, both_databases):
    # A strict database minds lengths and characters that the other takes; what is never stored is tried on one of them only.
    rounds = ROUNDS if both_databases == "sqlite" else ("long", "control")
    wrong, seen = [], 0
    for name in ("Nell", "Faye", "Opal") if both_databases == "sqlite" else ("Nell",):
        someone = attack(name)
        forms = _forms(app, town, someone)
        for kind in rounds:
            for action, page, form in forms:
                try:
                    got = someone.strike(action, _sent(page, form, kind))
                except Exception as fell:
                    wrong.append(f"{name} {kind} {action}: {type(fell).__name__}: {str(fell)[:300]}")
                    continue
                seen += 1
                if got.status_code not in ANSWERS:
                    wrong.append(f"{name} {kind} {action}: {got.status_code}")
                if RAW.search(got.data):
                    wrong.append(f"{name} {kind} {action}: what was typed came back as a page")
    assert seen > 50 * len(rounds), seen
    # What was kept of it is shown as text, wherever it stands.
    for name in ("Nell", "Faye"):
        someone = attack(name)
        for address in _pages(app, town, forms=False):
            if RAW.search(someone.look(address).data):
                wrong.append(f"{name} {address}: what was typed came back as a page")
    assert not wrong, "\n".join(wrong)
