"""Papers of a call-off: the draft to read, the kept files to download, and their place on the call-off's page."""

import hashlib
import re
from typing import Any

from flask import Blueprint, Response, request, url_for
from sqlmodel import Session

from calloffs import finding, signed_copies
from calloffs.call_off import CallOff
from calloffs.documents import kept, order_form
from calloffs.documents.paper import PRINT_PAGE, press
from calloffs.offer import Offer
from framework.definitions.rules import NotFound, Refusal, Refused
from framework.people.permissions import Permission, Visitor
from framework.records.documents import NotDrawn, available
from framework.records.filing import safe_file_name
from framework.web.sections import Section, Step
from framework.web.visit import after, requires, session, visitor

door = Blueprint("document", __name__)


@door.get("/call-offs/<reference>/order-form/draft")
@requires(Permission.CALL_OFF_READ)
def draft(reference: str) -> Any:
    """The order form as it would be issued now, marked as a draft and kept nowhere."""
    call_off = finding.call_off(session(), visitor(), reference)
    if not kept.reads_drafts(visitor(), call_off):
        raise NotFound
    snapshot = order_form.snapshot(session(), call_off)
    session().rollback()  # drawing takes a while: nothing is held meanwhile
    try:
        pressed = press(order_form.PAPER, snapshot, draft=True)
    except NotDrawn as problem:
        raise Refused(Refusal(str(problem))) from problem
    response = Response(pressed.content, mimetype=pressed.media_type)
    _say_what_it_is(response, pressed.content, "inline", safe_file_name(f"{reference}-DRAFT", pressed.ending))
    return response


# Both sides come in here; which papers each may read is decided row by row.
@door.get("/documents/<reference>")
@requires(Permission.HOME_READ)
def download(reference: str) -> Any:
    """A kept paper: the same bytes every time, whatever has become of its template."""
    document = kept.readable(session(), visitor(), reference)
    response = Response(document.content, mimetype=document.media_type)
    _say_what_it_is(response, document.content, "attachment", document.file_name)
    response.set_etag(document.sha256)
    return response.make_conditional(request)


@door.get("/call-offs/<reference>/signed-copy")
@requires(Permission.HOME_READ)
def signed_copy(reference: str) -> Any:
    """The signed copy; where making it failed after the last signature, it is made now, in a transaction of its own."""
    call_off = finding.call_off(session(), visitor(), reference)
    if kept.signed_copy(session(), call_off) is None:
        call_off_id = call_off.id
        session().rollback()
        try:
            signed_copies.make(call_off_id)
        except NotDrawn as problem:
            raise Refused(Refusal(str(problem))) from problem
        call_off = finding.call_off(session(), visitor(), reference)
    there = kept.signed_copy(session(), call_off)
    if there is None:
        raise NotFound
    return after("document.download", reference=there.reference)


def _say_what_it_is(response: Response, content: bytes, how: str, file_name: str) -> None:
    response.headers["Content-Disposition"] = f'{how}; filename="{file_name}"'
    if response.mimetype == PRINT_PAGE:
        # A page to print carries its own style and fonts, and may do nothing else.
        styles = re.findall(rb"<style>(.*?)</style>", content, re.DOTALL)
        allowed = " ".join(f"'sha256-{_base64_digest(style)}'" for style in styles)
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src {allowed}; font-src data:; frame-ancestors 'none'; sandbox"
        )


def _base64_digest(content: bytes) -> str:
    import base64

    return base64.b64encode(hashlib.sha256(content).digest()).decode("ascii")


def documents(session: Session, visitor: Visitor, call_off: CallOff) -> Section | None:
    """The place of papers on the call-off's page."""
    papers = kept.kept(session, call_off)
    if not papers and not kept.reads_drafts(visitor, call_off):
        return None
    return Section(
        "documents",
        "Documents",
        "calloffs/document/_section.html",
        {
            "papers": papers,
            "copy_due": call_off.signed_at is not None
            and not any(one.paper.kind == kept.SIGNED for one in papers)
            and bool(papers),
            "reference": call_off.reference,
            "missing": str(lacking) if (lacking := available()) else None,
        },
    )


def preview(session: Session, visitor: Visitor, call_off: CallOff) -> Step | None:
    """Reading the draft, until there is an issued order form."""
    if call_off.issued_at is not None or not kept.reads_drafts(visitor, call_off):
        return None
    return Step("Preview the order form", url_for("document.draft", reference=call_off.reference))


def documents_of_offer(session: Session, visitor: Visitor, offer: Offer) -> Section | None:
    """The same papers on the page of the offer that was awarded."""
    call_off = awarded_by(session, offer)
    return None if call_off is None else documents(session, visitor, call_off)


def awarded_by(session: Session, offer: Offer) -> CallOff | None:
    """The call-off that this offer won, or None."""
    call_off = session.get(CallOff, offer.call_off_id)
    if call_off is None or call_off.offer_id != offer.id or call_off.awarded_at is None:
        return None
    return None if call_off.award_withdrawn_at else call_off
