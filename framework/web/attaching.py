"""Attaching the agreement document to a draft."""

from typing import Any

from flask import Blueprint

from framework import finding
from framework.attaching import attach_document
from framework.definitions.rules import Refused
from framework.people.permissions import Permission, permitted
from framework.web.fields import UploadField, VisitForm
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("attaching", __name__)


class DocumentForm(VisitForm):
    document = UploadField("Agreement document")


@door.route("/agreements/<reference>/document/attach", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def form(reference: str) -> Any:
    """One PDF of at most 10 MB."""
    agreement = finding.agreement(session(), visitor(), reference)
    permitted(visitor(), Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    typed = DocumentForm()
    if typed.validate_on_submit():
        sent = typed.document.data
        try:
            attach_document(
                session(),
                actor=visitor(),
                agreement=agreement,
                file_name=(sent.filename or "") if sent else "",
                content=sent.read() if sent else b"",
            )
            return after("agreement.show", reference=reference, _anchor="document")
        except Refused as refusal:
            refused(typed, refusal)
            agreement = finding.agreement(session(), visitor(), reference)
    return page(
        "framework/attaching/form.html",
        form=typed,
        agreement=agreement,
        status=422 if typed.problems else 200,
    )
