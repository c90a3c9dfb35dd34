"""How far a partner's answer has come: each part, what stands there and what is missing."""

from dataclasses import dataclass
from typing import Any

from framework.web.words import count

_PARTS = (
    ("people", "People", "person", "people"),
    ("skills", "Skills", "skill", "skills"),
    ("deliverables", "Deliverables", "deliverable", "deliverables"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an answer: its place on the form, how it stands in words, and whether nothing is missing (None: may be left out)."""

    place: str
    name: str
    said: str
    is_done: bool | None


def parts_of(form: Any, by_price: bool) -> list[Part]:
    """The parts of an answer form as typed so far; nothing is judged but whether it is there."""
    found = [_rows(form, *part) for part in _PARTS]
    letters = len(form.approach.data or "")
    said = f"{letters:,} characters" if letters else "Nothing yet"
    found.append(Part("approach", "Approach", said, None))
    if by_price:
        price = form.fixed_price.data
        there = f"{price} net of VAT" if price else "Not entered"
        found.append(Part("fixed_price", "Price", there, bool(price)))
    return found


def _rows(form: Any, place: str, name: str, one: str, many: str) -> Part:
    rows = form.filled(place)
    if not rows:
        return Part(place, name, f"At least one {one} is needed", False)
    short = sum(1 for row in rows if any(row[need].data in (None, "") for need, _ in row.needs))
    said = count(len(rows), one, many)
    return Part(place, name, f"{said}, {short} not complete" if short else said, not short)
