"""The page on which a framework owner notes the identifiers of an agreement's notices."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from framework import finding
from framework.agreement import FrameworkAgreement
from framework.definitions.rules import Refused
from framework.noting import note_notices
from framework.people.permissions import Permission, Visitor, permitted
from framework.web.fields import LineField, VisitForm
from framework.web.sections import Step
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("agreement_noting", __name__)


class NoticesForm(VisitForm):
    notice_identifier = LineField("Identifier of the published notice", description="Like 069648-2025")
    ocid = LineField("Open Contracting identifier (OCID)", description="Like ocds-h6vhtk-04fb0d")


@door.route("/agreements/<reference>/notices", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def form(reference: str) -> Any:
    """Note both identifiers."""
    agreement = _led(reference)
    form = NoticesForm(obj=agreement)
    if form.validate_on_submit():
        try:
            note_notices(
                session(),
                actor=visitor(),
                agreement=agreement,
                notice_identifier=form.notice_identifier.data,
                ocid=form.ocid.data,
            )
            return after("agreement.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            agreement = _led(reference)
    return page(
        "framework/agreement/notices.html",
        form=form,
        agreement=agreement,
        status=422 if form.problems else 200,
    )


def _led(reference: str) -> FrameworkAgreement:
    agreement = finding.agreement(session(), visitor(), reference)
    permitted(visitor(), Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    return agreement


def step(_session: Session, who: Visitor, agreement: FrameworkAgreement) -> Step | None:
    """Offered to the lead's framework owner once the agreement is confirmed; a draft has the same fields on its own pages."""
    if not who.may(Permission.AGREEMENT_OPEN, agreement.lead_authority_id) or agreement.confirmed_at is None:
        return None
    if agreement.closed_at or agreement.cancelled_at:
        return None
    return Step("Note its published notices", url_for("agreement_noting.form", reference=agreement.reference))
