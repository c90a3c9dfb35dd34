"""Uploading: a file is hostile until its bytes prove it to be what its name says; what says who made it is taken out; then it is kept."""

import secrets
from dataclasses import dataclass

from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.rules import Refusal, refuse
from framework.people.permissions import Visitor
from framework.records import filing, scanning
from framework.records.apart import work_apart
from framework.records.audit import Subject
from framework.records.file_kinds import DOCUMENTS, FileKind, kind_named, said_first
from framework.records.recognising import ending_of, what_it_is
from framework.records.stored_document import StoredDocument

MOST_BYTES = 10 * 1024 * 1024
_TOO_MUCH = "This file is too big or too tangled to check. Save it again as PDF and choose the new file"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was proved: its kind and its bytes as they will be kept. Nothing of it is saved yet."""

    kind: FileKind
    content: bytes


def take_file(
    file_name: str, content: bytes, *, field: str, kinds: tuple[FileKind, ...] = DOCUMENTS
) -> Upload:
    """Prove a file and clean it: its name and its bytes must agree on its kind, and it may do nothing when opened.

    At most 10 MB. What a PDF, a picture or an Office file says of its maker, place and time is taken out. Slow (seconds), so it belongs
    before the writer's turn (`visit.reads_first`). Raises `Refused` beside `field`; a virus carries the rule "VIRUS".
    """
    kind = _claimed(file_name, content, field, kinds)
    scanning.scan(content, field)
    told = {"kind": kind.name, "field": field}
    done = work_apart("framework.records.proving:prove", content, told, too_much=Refusal(_TOO_MUCH, field))
    if len(done.content) > MOST_BYTES:
        refuse(
            "This file grows beyond 10 MB when it is checked. Save it smaller and choose the new file", field
        )
    return Upload(kind, done.content)


def keep(
    session: Session,
    *,
    actor: Visitor,
    upload: Upload,
    kind: str,
    reference: str,
    title: str,
    subject: Subject,
) -> StoredDocument:
    """Keep a proved file for good under a name of our own. `reference` gets a short ending that nobody can guess."""
    return filing.store(
        session,
        kind=kind,
        reference=f"{reference}-{secrets.token_hex(4)}"[-80:],
        title=title,
        content=upload.content,
        media_type=upload.kind.media_type,
        ending=upload.kind.ending,
        subject=subject,
        actor=actor,
        at=dates.now(),
    )


def _claimed(file_name: str, content: bytes, field: str, kinds: tuple[FileKind, ...]) -> FileKind:
    if not content:
        refuse(f"Choose a file that is not empty: {said_first(kinds)}", field)
    if len(content) > MOST_BYTES:
        refuse("The file must be 10 MB or smaller", field)
    ending = ending_of(file_name)
    kind = kind_named(ending)
    is_a = what_it_is(content)
    if kind is None or kind not in kinds:
        refuse(f"Choose a file of another kind: {said_first(kinds)}", field)
    if is_a != kind.value.is_a:
        refuse(
            f"The file’s name ends in .{ending} but it is {is_a}. Save it again as one of these and choose the new file: {said_first(kinds)}",
            field,
        )
    return kind
