"""Copying an earlier call-off into a new draft."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs import finding
from calloffs.call_off import CallOff
from calloffs.copying import copy_call_off
from calloffs.web.drafting_forms import NewForm
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor
from framework.web.sections import Step
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("copying", __name__)


@door.route("/call-offs/<reference>/copy", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def form(reference: str) -> Any:
    """Choose the lot and the title of the copy."""
    source = _readable(reference)
    lots = finding.open_lots(session(), visitor())
    authorities = finding.own_authorities(session(), visitor())
    here = next((lot.reference for lot, _ in lots if lot.id == source.lot_id), None)
    form = NewForm(data={"lot": here, "title": source.title, "authority_id": str(authorities[0].id)})
    form.lot.choices = [("", "Choose a lot"), *((lot.reference, words) for lot, words in lots)]
    form.authority_id.choices = [(str(one.id), one.name) for one in authorities]
    if form.validate_on_submit():
        chosen = next(lot for lot, _ in lots if lot.reference == form.lot.data)
        try:
            copy = copy_call_off(
                session(),
                actor=visitor(),
                source=source,
                lot=chosen,
                authority_id=int(form.authority_id.data),
                title=form.title.data or "",
            )
            return after("drafting.tasks", reference=copy.reference)
        except Refused as refusal:
            refused(form, refusal)
            source = _readable(reference)
    return page(
        "calloffs/copying/form.html",
        form=form,
        call_off=source,
        lots=lots,
        authorities=authorities,
        status=422 if form.problems else 200,
    )


def _readable(reference: str) -> CallOff:
    found = finding.call_off(session(), visitor(), reference)
    if not finding.reads_whole(visitor(), found):
        raise NotFound
    return found


def step(_own: Session, who: Visitor, found: CallOff) -> Step | None:
    """Copy it into a new draft."""
    if not who.may(Permission.CALL_OFF_RAISE):
        return None
    return Step("Copy into a new draft", url_for("copying.form", reference=found.reference))
