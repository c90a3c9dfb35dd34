"""The form that gives a supplier a place on a lot."""

from typing import Any

from flask import Blueprint, request

from framework.definitions.rules import NotFound, Refused
from framework.people import finding as people
from framework.people.permissions import Permission, permitted
from framework.web.fields import DayField, LineField, NumberField, PickField, VisitForm, at_most, needed
from framework.web.visit import after, page, refused, requires, session, visitor
from lots import finding
from lots.appointing import appoint
from lots.opening import is_open_to_change

door = Blueprint("appointing", __name__)


class AppointForm(VisitForm):
    supplier_id = PickField("Supplier", [needed("Choose a supplier, or register a new one")])
    rank = NumberField(
        "Rank",
        least=1,
        most=100,
        what="The rank",
        description="Its place in the ranked order. Leave it blank to put it last",
    )
    active_from = DayField(
        "First day on the lot",
        what="First day",
        description="Leave it blank for the agreement’s first day",
    )
    contract_manager = LineField("Its contract manager", [at_most(120, "The name")])
    contract_manager_email = LineField("Their e-mail address", [at_most(254, "The address")])


@door.route("/lots/<reference>/partners/new", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def form(reference: str) -> Any:
    """Choose a supplier that is registered; a new one is registered first and comes back here chosen."""
    lot, agreement = finding.lot_and_agreement(session(), visitor(), reference)
    permitted(visitor(), Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    if not (is_open_to_change(agreement) or agreement.is_open_framework):
        raise NotFound
    form = AppointForm(data={"supplier_id": request.args.get("supplier", "")})
    there = {party.id for _, party in finding.partners_of(session(), [lot])[lot.id]}
    suppliers = people.suppliers(session())
    form.supplier_id.choices = [
        ("", "Choose a supplier"),
        *((str(one.id), one.name) for one in suppliers if one.id not in there),
    ]
    if form.validate_on_submit():
        try:
            place = appoint(
                session(),
                actor=visitor(),
                lot=lot,
                supplier_id=int(form.supplier_id.data),
                rank=form.rank.data,
                active_from=form.active_from.data,
                contract_manager=form.contract_manager.data,
                contract_manager_email=form.contract_manager_email.data,
            )
            return after("rating.enter", reference=reference, appointment_id=place.id)
        except Refused as refusal:
            refused(form, refusal)
            lot, agreement = finding.lot_and_agreement(session(), visitor(), reference)
    return page(
        "lots/appointing/form.html",
        form=form,
        lot=lot,
        agreement=agreement,
        there=finding.partners_of(session(), [lot])[lot.id],
        status=422 if form.problems else 200,
    )
