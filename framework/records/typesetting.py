"""Typesetting: a frozen snapshot poured into a paper's template. Knows nothing of visits; a paper reads only its snapshot."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.quantities import percent_shown, quarter_days_shown
from framework.records.audit import canonical

_GROUND = Path(__file__).resolve().parents[1]
_FONTS = _GROUND / "static" / "vendor"
# The letters each file holds: Latin, and the rest of Latin that Welsh and others need.
_RANGES = {
    "latin": "U+0-FF,U+131,U+152-153,U+2BB-2BC,U+2C6,U+2DA,U+2DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212",
    "latin-ext": "U+100-130,U+132-151,U+154-2BA,U+1E00-1E9F,U+1EF2-1EFF",
}


def digest(snapshot: Mapping[str, Any]) -> str:
    """SHA-256 of a snapshot as it is always written (RULE-72)."""
    return hashlib.sha256(canonical(snapshot).encode()).hexdigest()


def typeset(template: str, snapshot: Mapping[str, Any], **said: Any) -> str:
    """The page of a paper. The snapshot is its only source, so the same snapshot gives the same page."""
    page = _room().get_template(template)
    return page.render(paper=snapshot, data_hash=digest(snapshot), faces=_faces(), **said)


@cache
def _room() -> Environment:
    beside = _GROUND.parent / "templates"
    room = Environment(
        loader=FileSystemLoader(beside if beside.exists() else _GROUND / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    room.filters.update(
        money=lambda pence: str(Money(pence)),
        day=lambda text: dates.in_words(date.fromisoformat(text)),
        moment=lambda text: dates.moment_in_words(datetime.fromisoformat(text)),
        days=quarter_days_shown,
        percent=percent_shown,
    )
    return room


@cache
def _faces() -> tuple[tuple[int, str, str], ...]:
    # The fonts travel inside the page, so that drawing it opens no file and a page kept for years needs no other.
    found = []
    for part, letters in _RANGES.items():
        for weight in (400, 700):
            file = _FONTS / f"inter-{part}-{weight}.woff2"
            if file.exists():
                found.append((weight, base64.b64encode(file.read_bytes()).decode("ascii"), letters))
    return tuple(found)
