"""Which pages a person can reach: found by following the links that are really there, so that a new page is found by itself."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.visiting import Page, Visiting, check

# Files to keep rather than pages to read; what is in them is tested where they are made.
FILES = {
    "agreement.document",
    "document.download",
    "document.draft",
    "document.signed_copy",
    "importing.every_finding",
    "importing.example",
    "report.file",
    "report.overview_file",
}
Kinds = set[tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Reach:
    """How far to go: pages fetched in all, pages of one door, and kinds of page of one door that are handed on."""

    pages: int = 300
    of_a_door: int = 25
    kinds_of_a_door: int = 100


SHORT = Reach(pages=160, of_a_door=4, kinds_of_a_door=1)
"""For every run of the suite. The whole reach is for the nights."""


def reachable(
    app: Flask, name: str, kinds: Kinds, *, start: str = "/", reach: Reach = SHORT
) -> Iterator[tuple[str, str]]:
    """(endpoint, address) of pages of kinds not met before, from links out of `start`, nearest first.

    Two addresses are of one kind when the same door answers them with the same parts. A link that is not answered is a fault.
    """
    visiting = Visiting(app, name)
    waiting, known = deque([start]), {start}
    asked: dict[str, int] = {}
    most = reach.pages
    while waiting and most:
        address = waiting.popleft()
        endpoint = _endpoint(app, address)
        if endpoint is None or endpoint in FILES or asked.get(endpoint, 0) >= reach.of_a_door:
            continue
        asked[endpoint] = asked.get(endpoint, 0) + 1
        most -= 1
        page = Page(visiting.client.get(address))
        assert page.status in (200, 303), f"{name} follows a link to {address} and is answered {page.status}"
        if page.status == 303:
            waiting.appendleft(page.location)
        if page.status == 303 or page.tree is None:
            continue
        check(page, address)
        kind = (endpoint, _parts(page))
        alike = sum(one == endpoint for one, _ in kinds)
        if address == start or (kind not in kinds and alike < reach.kinds_of_a_door):
            kinds.add(kind)
            yield endpoint, address
        for link in page.links:
            further = urljoin(address, link).split("#")[0]
            split = urlsplit(further)
            # One page of each way to filter a list is enough.
            plain = f"{split.path}?{sorted(name for name, _ in parse_qsl(split.query))}"
            if split.netloc == "" and plain not in known:
                known.add(plain)
                waiting.append(further)


def _endpoint(app: Flask, address: str) -> str | None:
    try:
        found, _ = app.url_map.bind("localhost").match(urlsplit(address).path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return str(found)


def _parts(page: Page) -> tuple[str, ...]:
    """The headings of its parts, and which fields it asks for."""
    headings = {" ".join("".join(one.itertext()).split()) for one in page.all("h2")}
    asked = {one.get("name", "") for tag in ("input", "select", "textarea") for one in page.all(tag)}
    return tuple(sorted(headings | asked))
