"""Somebody who walks through the site by what is really on each page: links that are there, forms with the fields that are there."""

import re
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from flask import Flask
from sqlmodel import select
from werkzeug.test import TestResponse

from framework.records import database
from framework.records.messages import Message
from tests.visiting import Page, Visiting, check

_H = "{http://www.w3.org/1999/xhtml}"


def words_of(element: Element) -> str:
    """The words inside an element, spaces folded."""
    return " ".join("".join(element.itertext()).split())


class Walker:
    """A person on a page. Every link followed and every form sent counts as a step."""

    def __init__(self, app: Flask, met: set[str]) -> None:
        self.visiting = Visiting(app, "")
        self.app, self.met = app, met
        self.steps = 0
        self.page: Page
        self._known: dict[str, str] = {}
        self.at = self.whole = ""

    def open(self, address: str, status: int = 200) -> Page:
        """Type an address, or press a link in a mail; who has been away for long signs in on the way."""
        answer = self.visiting.client.get(address)
        if answer.status_code == 303 and "/sign-in" in answer.location:
            self._show(self.visiting.get(answer.location))
            self.send("Sign in", self._known)
            answer = self.visiting.client.get(address)
        page = Page(answer)
        assert page.status == status, f"{address}: {page.status}, not {status}: {page.html[:400]}"
        if page.tree is not None:
            check(page, address)
        self.steps = 0
        return self._show(page)

    def home(self) -> Page:
        """The first screen after signing in; steps are counted from here."""
        return self.open("/")

    def is_refused(self, address: str) -> bool:
        """Whether there is no such page for this person, who is signed in."""
        self.home()
        return self.visiting.client.get(address).status_code == 404

    def follow(self, words: str, *, under: str = "") -> Page:
        """Press the link with these words, or the one that begins with them; `under` names the heading of its part."""
        address = self.link(words, under=under)
        self.steps += 1
        return self._show(self._onward(self.visiting.client.get(address)))

    def link(self, words: str, *, under: str = "") -> str:
        """Where the link with these words leads."""
        parts = [
            part
            for part in self.page.all("section")
            if under and any(words_of(one) == under for one in part.iter(f"{_H}h2"))
        ]
        assert parts or not under, f"nothing under {under!r} on {self.at}"
        found_in = [one for part in parts for one in part.iter(f"{_H}a")] if under else self.page.all("a")
        links = [(words_of(one), one.get("href", "")) for one in found_in]
        for fits in (words.__eq__, lambda said: said.startswith(words), lambda said: words in said):
            found = [href for said, href in links if fits(said)]
            if found:
                return urljoin(self.at, found[0])
        raise AssertionError(f"no link {words!r} on {self.at}: {[said for said, _ in links]}")

    def send(
        self, button: str, fields: dict[str, Any] | None = None, *, refused: bool = False, again: bool = False
    ) -> Page:
        """Fill in the form that has this button, and press it. Every field named must be there to be filled in.

        `refused` expects the form again with what was wrong, `again` expects it with one more row.
        """
        form, pressed = self._form(button)
        values = _as_it_stands(form) | (fields or {})
        there = {one.get("name") for one in form.iter() if one.get("name")}
        assert set(fields or {}) <= there, f"{set(fields or {}) - there} not on {self.at}"
        if pressed.get("name"):
            values[pressed.get("name", "")] = pressed.get("value", "")
        address = urljoin(self.at, form.get("action") or self.whole)
        self.steps += 1
        if (form.get("method") or "get").lower() == "get":
            asked = {name: value for name, value in values.items() if value not in ("", [""])}
            return self._show(
                self._onward(self.visiting.client.get(address.split("?")[0], query_string=asked))
            )
        answer = self.visiting.client.post(address, data=values)
        wanted = 422 if refused else 200 if again else 303
        shown = Page(answer)
        assert shown.status == wanted, (
            f"{address}: {shown.status}, not {wanted}: {shown.errors} {shown.html[:600]}"
        )
        return self._show(self.visiting.follow(shown) if shown.status == 303 else shown)

    def button(self, *beginnings: str) -> str:
        """The words of the first button that begins so."""
        said = [words_of(one) for one in self.page.all("button")]
        return next(one for begins in beginnings for one in said if one.startswith(begins))

    def download(self, words: str) -> bytes:
        """Press a link to a file."""
        address = self.link(words)
        self.steps += 1
        self.met.add(address)
        answer = self.visiting.client.get(address, follow_redirects=True)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return bytes(answer.data)

    def sign_in(self, email: str, password: str) -> Page:
        """By the page for it."""
        self._known = {"email": email, "password": password}
        self.open("/sign-in")
        return self.send("Sign in", self._known)

    def sign_in_with(self, email: str, password: str) -> None:
        """Remember these for when the sign-in of somebody who is in already has run out."""
        self._known = {"email": email, "password": password}

    def set_password(self, email: str, password: str) -> Page:
        """By the link in the message that was sent, and then sign in."""
        with self.app.app_context():
            found = database.current()
            texts = [one.text for one in found.exec(select(Message).where(Message.to_address == email))]
            found.close()
        links = [link for text in texts for link in re.findall(r"/set-password/\S+", text)]
        assert len(links) == 1, f"{len(links)} links for {email} in {texts}"
        self.open(links[0])
        self.send("Set password", {"password": password, "again": password})
        return self.sign_in(email, password)

    def _show(self, page: Page) -> Page:
        self.page = page
        asked = page.response.request
        self.at = asked.path
        self.whole = asked.full_path.rstrip("?")
        self.met.add(self.at)
        return page

    def _onward(self, answer: TestResponse) -> Page:
        page = Page(answer)
        while page.status == 303:
            page = Page(self.visiting.client.get(page.location))
        assert page.status == 200, f"{page.response.request.path}: {page.status}"
        return page

    def _form(self, button: str) -> tuple[Element, Element]:
        buttons = [
            (words_of(one), form, one) for form in self.page.all("form") for one in form.iter(f"{_H}button")
        ]
        for fits in (button.__eq__, lambda said: said.startswith(button)):
            for said, form, one in buttons:
                if fits(said):
                    return form, one
        raise AssertionError(f"no button {button!r} on {self.at}: {[said for said, _, _ in buttons]}")


def _as_it_stands(form: Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in form.iter():
        name, tag = one.get("name"), one.tag.removeprefix(_H)
        if not name or tag == "button" or one.get("type") in ("submit", "file"):
            continue
        if one.get("type") in ("radio", "checkbox"):
            if one.get("checked") is not None:
                found.setdefault(name, []).append(one.get("value", "on"))
        elif tag == "textarea":
            found.setdefault(name, []).append((one.text or "").removeprefix("\n"))
        elif tag == "select":
            options = list(one.iter(f"{_H}option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            found.setdefault(name, []).extend(o.get("value", o.text or "") for o in chosen)
        elif tag == "input":
            found.setdefault(name, []).append(one.get("value", ""))
    return found
