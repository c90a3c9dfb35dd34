"""A visitor in a test: signs in, fetches pages, fills in the forms that are really on them, and checks each page it is shown."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Callable
from contextvars import Context
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from sqlmodel import select
from werkzeug.test import TestResponse

from framework.definitions import dates
from framework.people.person import Person, SignIn
from framework.records import database

_H = "{http://www.w3.org/1999/xhtml}"
_UNLABELLED = {"hidden", "submit", "button"}


class Page:
    """One answer: its status, text, forms and links."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.html = (
            response.get_data(as_text=True)
            if not response.is_streamed or response.mimetype == "text/html"
            else ""
        )
        self.tree: Element | None = None
        self.faults: list[Any] = []
        if response.mimetype == "text/html" and self.html:
            parser = html5lib.HTMLParser()
            self.tree = parser.parse(self.html)
            self.faults = parser.errors

    @property
    def text(self) -> str:
        """The words on the page, spaces folded."""
        assert self.tree is not None
        return " ".join(" ".join(self.tree.itertext()).split())

    @property
    def location(self) -> str:
        return self.response.headers.get("Location", "")

    def all(self, tag: str) -> list[Element]:
        return [] if self.tree is None else list(self.tree.iter(f"{_H}{tag}"))

    @property
    def links(self) -> list[str]:
        return [one.get("href", "") for one in self.all("a")]

    @property
    def errors(self) -> list[str]:
        """Items of the error summary."""
        for one in self.all("div"):
            if "govuk-error-summary" in (one.get("class") or "").split():
                return [" ".join("".join(item.itertext()).split()) for item in one.iter(f"{_H}li")]
        return []

    def form(self, action: str | None = None) -> Element:
        """The form with this action, or the only one in the page's main part."""
        main = self.all("main")[0]
        forms = list(main.iter(f"{_H}form"))
        if action is not None:
            forms = [one for one in forms if (one.get("action") or "").split("?")[0] == action]
        assert len(forms) == 1, (
            f"{len(forms)} forms with action {action!r} on the page: {[f.get('action') for f in forms]}"
        )
        return forms[0]

    def values(self, action: str | None = None) -> dict[str, Any]:
        """What the form would send as it stands."""
        found: dict[str, Any] = {}

        def put(name: str, value: str) -> None:
            found[name] = (
                value
                if name not in found
                else [*([found[name]] if isinstance(found[name], str) else found[name]), value]
            )

        form = self.form(action)
        for one in form.iter():
            name = one.get("name")
            if not name:
                continue
            tag = one.tag.removeprefix(_H)
            if tag == "textarea":
                put(name, (one.text or "").removeprefix("\n"))
            elif tag == "select":
                chosen = [o for o in one.iter(f"{_H}option") if o.get("selected") is not None] or list(
                    one.iter(f"{_H}option")
                )[:1]
                for option in chosen:
                    put(name, option.get("value", option.text or ""))
            elif tag == "input" and one.get("type", "text") in ("radio", "checkbox"):
                if one.get("checked") is not None:
                    put(name, one.get("value", "on"))
            elif tag == "input" and one.get("type") not in ("submit", "button", "file"):
                put(name, one.get("value", ""))
        return found


class Visiting:
    """Somebody with a browser. `visit("Asha").get("/")`."""

    def __init__(self, app: Flask, name: str) -> None:
        self.app = app
        self.client = app.test_client()
        if name:
            token = secrets.token_urlsafe(16)
            with app.app_context(), database.writing() as session:
                person = session.exec(select(Person).where(Person.name == name)).one()
                session.add(
                    SignIn(
                        token_digest=hashlib.sha256(token.encode()).hexdigest(),
                        person_id=person.id,
                        started_at=dates.now(),
                        last_seen_at=dates.now(),
                    )
                )
            with self.client.session_transaction() as cookie:
                cookie["sign_in"] = token

    @staticmethod
    def _apart(fetch: Callable[..., TestResponse], *args: Any, **kwargs: Any) -> TestResponse:
        # A request made inside a test's own application context would share its session, and hide a missing commit.
        return Context().run(fetch, *args, **kwargs)

    def get(self, address: str, status: int = 200, **kwargs: Any) -> Page:
        """Fetch a page, check it, and expect this status."""
        page = Page(self._apart(self.client.get, address, **kwargs))
        assert page.status == status, f"{address}: {page.status}, not {status}: {page.html[:800]}"
        if page.tree is not None and not kwargs.get("headers"):
            check(page, address)
        return page

    def post(
        self, address: str, data: dict[str, Any] | None = None, status: int = 303, **kwargs: Any
    ) -> Page:
        """Send exactly this."""
        page = Page(self._apart(self.client.post, address, data=data or {}, **kwargs))
        assert page.status == status, (
            f"{address}: {page.status}, not {status}: {page.errors or page.html[:800]}"
        )
        if page.tree is not None and page.status != 303:
            check(page, address)
        return page

    def send(
        self,
        page: Page | str,
        fields: dict[str, Any],
        *,
        to: str | None = None,
        status: int = 303,
        **kwargs: Any,
    ) -> Page:
        """Fill in a form that is on the page (an address is fetched first) and send it. `to` names the form's action."""
        shown = self.get(page) if isinstance(page, str) else page
        values = {**shown.values(to), **fields}
        action = shown.form(to).get("action") or str(shown.response.request.path)
        return self.post(
            action, {name: value for name, value in values.items() if value is not None}, status, **kwargs
        )

    def follow(self, page: Page) -> Page:
        """Go where a 303 sends the reader."""
        assert page.status == 303, page.status
        return self.get(page.location)


def check(page: Page, address: str) -> None:
    """What nobody remembers to look at: a title, one h1, unique ids, a label for each field, valid HTML, no inline style or script."""
    titles = [one.text or "" for one in page.all("title")[:1]]
    said = titles[0].replace("– Framework tracker", "").strip() if titles else ""
    assert said, f"{address}: no title"
    assert len(page.all("h1")) == 1, f"{address}: {len(page.all('h1'))} h1"
    assert page.tree is not None
    ids = Counter(one.get("id") for one in page.tree.iter() if one.get("id"))
    assert not [one for one, times in ids.items() if times > 1], f"{address}: ids twice: {ids.most_common(3)}"
    labelled = {one.get("for") for one in page.all("label")}
    for tag in ("input", "select", "textarea"):
        for one in page.all(tag):
            if one.get("type") in _UNLABELLED:
                continue
            named = one.get("id") in labelled or one.get("aria-label") or one.get("aria-labelledby")
            assert named, f"{address}: {tag} {one.get('name')!r} has no label"
    for one in page.tree.iter():
        assert one.get("style") is None, f"{address}: inline style on {one.tag}"
        assert not [name for name in one.attrib if name.startswith("on")], (
            f"{address}: inline handler on {one.tag}"
        )
    for one in page.all("script"):
        assert one.get("src"), f"{address}: inline script"
    if page.errors:
        assert titles[0].startswith("Error: "), f"{address}: errors, but the title does not say so"
    faults = [one for one in page.faults if one[1] not in {"expected-doctype-but-got-chars"}]
    assert not faults, f"{address}: invalid HTML {faults[:3]}"
