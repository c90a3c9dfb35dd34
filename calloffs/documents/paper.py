"""A paper: what it is called, what it says, what it must say, and how it becomes bytes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from calloffs.call_off import CallOff
from framework.people.permissions import Visitor
from framework.records import documents, filing, typesetting
from framework.records.audit import Subject, canonical
from framework.records.stored_document import StoredDocument

Snapshot = dict[str, Any]
PRINT_PAGE = "text/html"


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind of paper.

    `snapshot` freezes what it says into plain values: amounts in pence, days and moments as ISO text. `mandatory` names, in the
    reader's words, each thing that must be there and is not (RULE-73); it reads the snapshot alone.
    """

    kind: str
    title: str
    template: str
    snapshot: Callable[[Session, CallOff], Snapshot]
    mandatory: Callable[[Mapping[str, Any]], list[str]]


@dataclass(frozen=True, slots=True)
class Pressed:
    """A paper as bytes, not yet put away."""

    paper: Paper
    snapshot: Snapshot
    content: bytes
    media_type: str

    @property
    def ending(self) -> str:
        return "pdf" if self.media_type == documents.PDF else "html"


def press(paper: Paper, snapshot: Snapshot, *, draft: bool = False) -> Pressed:
    """Make the bytes of a paper: a PDF, or a page to print where this machine cannot make PDFs.

    Slow: never call it while an agreement's row is held. Raises `framework.records.documents.NotDrawn`.
    """
    made_at = datetime.fromisoformat(snapshot["made_at"])
    html = typesetting.typeset(
        paper.template,
        snapshot,
        draft=draft,
        title=f"{paper.title} {snapshot['reference']}",
        written=documents.iso(made_at),
    )
    if documents.available():
        return Pressed(paper, snapshot, html.encode(), PRINT_PAGE)
    sheet = documents.Sheet(html, canonical(snapshot), typesetting.digest(snapshot), made_at)
    return Pressed(paper, snapshot, documents.render(sheet), documents.PDF)


def put_away(session: Session, pressed: Pressed, call_off: CallOff, *, actor: Visitor) -> StoredDocument:
    """Keep the bytes for good under the paper's own reference."""
    return filing.store(
        session,
        kind=pressed.paper.kind,
        reference=pressed.snapshot["reference"],
        title=f"{pressed.paper.title}: {call_off.title}",
        content=pressed.content,
        media_type=pressed.media_type,
        ending=pressed.ending,
        subject=subject_of(call_off),
        actor=actor,
        at=datetime.fromisoformat(pressed.snapshot["made_at"]),
        snapshot=pressed.snapshot,
    )


def subject_of(call_off: CallOff) -> Subject:
    """The call-off as the subject of a record."""
    return Subject("call_off", call_off.id, call_off.reference, call_off.authority_id)
