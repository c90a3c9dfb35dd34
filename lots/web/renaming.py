"""A framework owner's door to a new legal name or number that a partner asks for."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.people.company_record import NameChange
from framework.people.keeping import decide_name, waiting_change, waiting_changes
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.people.registering import look_after
from framework.web.fields import ChoiceField, VisitForm, WordsField, needed
from framework.web.home import Panel, Waiting
from framework.web.sections import Step
from framework.web.visit import after, page, refused, requires, session, visitor
from lots import finding

door = Blueprint("renaming", __name__)


class DecideForm(VisitForm):
    outcome = ChoiceField(
        "Your decision",
        [needed("Choose what you decide")],
        choices=[("accept", "Accept: it is the same company"), ("refuse", "Refuse")],
    )
    answer = WordsField("Why not", description="Needed when you refuse. The partner sees it")


def _waiting(supplier_id: int) -> tuple[Party, NameChange]:
    supplier, _ = finding.partner(session(), visitor(), supplier_id)
    look_after(session(), visitor(), supplier_id)
    change = waiting_change(session(), supplier_id)
    if change is None:
        raise NotFound
    return supplier, change


@door.route("/partners/<int(max=2147483647):supplier_id>/name", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def decide(supplier_id: int) -> Any:
    """Accept the new name and number, or refuse them with a reason."""
    supplier, change = _waiting(supplier_id)
    form = DecideForm()
    if form.validate_on_submit():
        try:
            decide_name(
                session(),
                actor=visitor(),
                change_id=change.id,
                accepted=form.outcome.data == "accept",
                answer=form.answer.data or "",
            )
            return after("partner.show", supplier_id=supplier_id)
        except Refused as refusal:
            refused(form, refusal)
            supplier, change = _waiting(supplier_id)
    return page(
        "lots/keeping/decide.html",
        form=form,
        supplier=supplier,
        change=change,
        status=422 if form.problems else 200,
    )


def step(own: Session, who: Visitor, supplier: Party) -> Step | None:
    """On a partner's page while a new name waits."""
    try:
        look_after(own, who, supplier.id)
    except NotFound:
        return None
    if waiting_change(own, supplier.id) is None:
        return None
    return Step(
        "Decide on its new legal name", url_for("renaming.decide", supplier_id=supplier.id), primary=True
    )


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home: new legal names that wait for this framework owner."""
    if not who.may(Permission.AGREEMENT_OPEN):
        return None
    suppliers = {place.supplier.id: place.supplier for place in finding.led_partners(own, who)}
    found = waiting_changes(own, list(suppliers))
    if not found:
        return None
    return Panel(
        heading="New legal names to decide on",
        items=tuple(
            Waiting(
                title=f"{suppliers[one.supplier_id].name} asks to be {one.name}",
                detail=f"Asked {dates.in_words(dates.as_london(one.asked_at).date())}",
                address=url_for("renaming.decide", supplier_id=one.supplier_id),
                kind="name",
            )
            for one in found
        ),
        empty="",
    )
