"""Home: what waits for this person, first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from sqlmodel import Session

from framework.people.permissions import Permission, Visitor
from framework.web.visit import page, requires, session, visitor

door = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for the visitor: what it is, since when and where to go.

    `button` (its words, and the address that it sends to) does at once what can be done without looking further.
    """

    title: str
    detail: str
    address: str
    kind: str
    button: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One group of things on home, with what to do when there are none."""

    heading: str
    items: tuple[Waiting, ...]
    empty: str
    more: str | None = None


# Each floor's panels, filled by app.py: a function of session and visitor that answers a Panel, or None when it is not for them.
PANELS: list[Callable[[Session, Visitor], Panel | None]] = []


@door.get("/")
@requires(Permission.HOME_READ)
def show() -> Any:
    """Everything that waits for this person, in the order of PANELS; below it, where nothing does."""
    panels = [panel for build in PANELS if (panel := build(session(), visitor())) is not None]
    return page(
        "framework/home/page.html",
        waiting=[one for one in panels if one.items],
        quiet=[one for one in panels if not one.items and (one.empty or one.more)],
    )
