"""Ordering: the purchase order number, and the cost centre and programme that pay."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs import finding
from calloffs.call_off import CallOff
from calloffs.ordering import can_order, may_order, programmes, set_purchase_order
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor
from framework.web.fields import LineField, VisitForm, at_most, needed
from framework.web.sections import Step
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("ordering", __name__)


class OrderForm(VisitForm):
    number = LineField(
        "Purchase order number",
        [needed("Enter the purchase order number"), at_most(40, "Purchase order number")],
        description="From your finance system. Without it no invoice can be paid",
    )
    cost_centre = LineField("Cost centre (optional)", [at_most(60, "Cost centre")])
    programme = LineField(
        "Programme (optional)",
        [at_most(120, "Programme")],
        description="Your authority’s own programme of work that pays for it, for figures by programme",
    )


@door.route("/call-offs/<reference>/purchase-order", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_READ)
def form(reference: str) -> Any:
    """Enter or correct the number, the cost centre and the programme."""
    found = _ours(reference)
    form = OrderForm(
        data={
            "number": found.purchase_order,
            "cost_centre": found.cost_centre,
            "programme": found.programme,
        }
    )
    if form.validate_on_submit():
        try:
            set_purchase_order(
                session(),
                actor=visitor(),
                call_off=found,
                number=form.number.data or "",
                cost_centre=form.cost_centre.data or "",
                programme=form.programme.data or "",
            )
            return after("call_off.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            found = _ours(reference)
    return page(
        "calloffs/ordering/form.html",
        form=form,
        call_off=found,
        programmes=programmes(session(), found.authority_id),
        status=422 if form.problems else 200,
    )


def _ours(reference: str) -> CallOff:
    found = finding.call_off(session(), visitor(), reference)
    if not may_order(visitor(), found):
        raise NotFound
    return found


def step(_own: Session, who: Visitor, found: CallOff) -> Step | None:
    """Enter the number, once the call-off is under way."""
    if found.approved_at is None or not can_order(found) or not may_order(who, found):
        return None
    words = "Change the purchase order number" if found.purchase_order else "Enter the purchase order number"
    return Step(words, url_for("ordering.form", reference=found.reference))
