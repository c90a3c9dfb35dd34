"""Places on a record's page: lower floors hold them open, the floor that knows fills them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from framework.people.permissions import Visitor


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a record's page: a heading, the template that shows it and the facts it is handed (as `facts`)."""

    key: str
    heading: str
    template: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """Something this visitor may do next with the record: the words of the button or link and where it leads."""

    words: str
    address: str
    primary: bool = False


Fill = Callable[[Session, Visitor, Any], Section | None]
Offer = Callable[[Session, Visitor, Any], Step | None]

# By kind of record ("agreement", "lot", "call_off", "business_case", "offer", "partner"), in the order in which they are shown.
# app.py names what fills them; a function answers None when it has nothing for this visitor.
SECTIONS: dict[str, tuple[Fill, ...]] = {}
STEPS: dict[str, tuple[Offer, ...]] = {}


def sections_of(kind: str, session: Session, visitor: Visitor, record: Any) -> list[Section]:
    """Every section that has something to show this visitor."""
    return [one for fill in SECTIONS.get(kind, ()) if (one := fill(session, visitor, record)) is not None]


def steps_of(kind: str, session: Session, visitor: Visitor, record: Any) -> list[Step]:
    """Every step this visitor may take now."""
    return [one for offer in STEPS.get(kind, ()) if (one := offer(session, visitor, record)) is not None]
