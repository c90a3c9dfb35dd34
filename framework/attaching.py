"""Attaching: the agreement document arrives as bytes, is believed only when proved to be a PDF, and is kept as it came."""

import hashlib
import re

from sqlmodel import Session, col, func, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import Refusal, Refused
from framework.holding import about
from framework.opening import hold_draft
from framework.people.permissions import Visitor
from framework.records import audit
from framework.records.stored_document import StoredDocument

MOST_BYTES = 10 * 1024 * 1024
PDF = "application/pdf"


def attach_document(
    session: Session, *, actor: Visitor, agreement: FrameworkAgreement, file_name: str, content: bytes
) -> StoredDocument:
    """Attach the agreement document to a draft; an earlier one is kept but no longer shown.

    A PDF of at most 10 MB, judged by its bytes and never by its name. Raises `Refused` with the field "document".
    """
    agreement = hold_draft(session, actor, agreement)
    if wrong := what_is_wrong(content):
        raise Refused(Refusal(wrong, "document"))
    earlier = session.exec(
        select(func.count())
        .select_from(StoredDocument)
        .where(col(StoredDocument.subject_kind) == "agreement", StoredDocument.subject_id == agreement.id)
    ).one()
    stored = StoredDocument(
        kind="agreement_document",
        reference=f"{agreement.reference}-AGREEMENT-{agreement.id}-{earlier + 1}",
        title=f"Agreement document of {agreement.title}"[:200],
        file_name=safe_name(file_name, agreement.reference),
        media_type=PDF,
        subject_kind="agreement",
        subject_id=agreement.id,
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        created_at=dates.now(),
        created_by_id=actor.person_id,
    )
    session.add(stored)
    session.flush()
    agreement.document_id = stored.id
    audit.record(
        session,
        actor=actor,
        action="agreement_document_attached",
        subject=about(agreement),
        facts={"sha256": stored.sha256, "size": stored.size},
        words={"file_name": stored.file_name},
    )
    return stored


def what_is_wrong(content: bytes) -> str | None:
    """Why these bytes are not taken as a document, or None: empty, over 10 MB, or not a PDF from its first byte to its last line."""
    if not content:
        return "Choose a PDF file that is not empty"
    if len(content) > MOST_BYTES:
        return "The file must be 10 MB or smaller"
    # The name and the type that a browser sends prove nothing. Bytes before the header could make it a page as well as a PDF.
    if not re.match(rb"%PDF-[12]\.[0-9]", content) or b"%%EOF" not in content[-2048:]:
        return "The file must be a whole PDF"
    return None


def safe_name(typed: str, reference: str) -> str:
    """A file name without folders or odd characters, always ending in .pdf."""
    last = re.split(r"[/\\]", typed)[-1]
    stem = re.sub(r"[^A-Za-z0-9 _-]+", "-", last.rsplit(".", 1)[0]).strip(" -_")[:100]
    return f"{stem or reference}.pdf"
