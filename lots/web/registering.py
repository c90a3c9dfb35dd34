"""The form that registers a supplier, on the way to appointing it."""

from typing import Any

from flask import Blueprint, request

from framework.definitions.rules import Refused
from framework.people.permissions import Permission
from framework.people.registering import SizeFacts, correct_supplier, register_supplier
from framework.web.fields import (
    DayField,
    LineField,
    MoneyField,
    NumberField,
    TickField,
    VisitForm,
    WordsField,
    at_most,
    clean,
    needed,
)
from framework.web.visit import after, page, refused, requires, session, visitor
from lots import finding

door = Blueprint("registering", __name__)


class SupplierForm(VisitForm):
    name = LineField("Legal name", [needed("Enter the supplier’s legal name")])
    company_number = LineField("Company number", description="Like 00557725 or SC268016")
    vat_number = LineField("VAT number", [at_most(20, "The VAT number")])
    ppon = LineField(
        "Public procurement organisation number (PPON) or DUNS number",
        description="Order forms under the Procurement Act need one. You can add it later",
    )
    address = WordsField("Registered address")
    staff = NumberField("Staff", most=10_000_000, what="Staff")
    turnover = MoneyField("Yearly turnover")
    balance_sheet = MoneyField("Balance sheet total")
    size_evidence_on = DayField(
        "The day these figures are true for",
        what="The day",
        description="Such as the last day of the company’s year",
    )
    is_vcse = TickField("It is a voluntary, community or social enterprise")


class FactsForm(VisitForm):
    company_number = LineField("Company number", description="Like 00557725 or SC268016")
    vat_number = LineField("VAT number", [at_most(20, "The VAT number")])
    ppon = LineField("Public procurement organisation number (PPON) or DUNS number")
    address = WordsField("Registered address")


@door.route("/partners/<int(max=2147483647):supplier_id>/facts", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def facts(supplier_id: int) -> Any:
    """Complete or correct what order forms say of a partner."""
    supplier, _ = finding.partner(session(), visitor(), supplier_id)
    form = FactsForm(obj=supplier)
    if form.validate_on_submit():
        try:
            correct_supplier(
                session(),
                actor=visitor(),
                supplier_id=supplier_id,
                company_number=form.company_number.data,
                vat_number=form.vat_number.data,
                ppon=form.ppon.data,
                address=form.address.data,
            )
            return after("partner.show", supplier_id=supplier_id)
        except Refused as refusal:
            refused(form, refusal)
            supplier, _ = finding.partner(session(), visitor(), supplier_id)
    return page(
        "lots/registering/facts.html", form=form, supplier=supplier, status=422 if form.problems else 200
    )


@door.route("/partners/new", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def form() -> Any:
    """A supplier by its legal name; from a lot (`?lot=`), then back to the lot to appoint it."""
    lot_reference = clean(request.args.get("lot"))[:32]
    lot = finding.lot(session(), visitor(), lot_reference) if lot_reference else None
    form = SupplierForm()
    if form.validate_on_submit():
        try:
            supplier = register_supplier(
                session(),
                actor=visitor(),
                name=form.name.data,
                company_number=form.company_number.data,
                vat_number=form.vat_number.data,
                ppon=form.ppon.data,
                address=form.address.data,
                size=SizeFacts(
                    form.staff.data, form.turnover.data, form.balance_sheet.data, form.size_evidence_on.data
                ),
                is_vcse=form.is_vcse.data,
            )
            if lot is not None:
                return after("appointing.form", reference=lot.reference, supplier=supplier.id)
            return after("partner.show", supplier_id=supplier.id)
        except Refused as refusal:
            refused(form, refusal)
            lot = finding.lot(session(), visitor(), lot_reference) if lot_reference else None
    return page("lots/registering/form.html", form=form, lot=lot, status=422 if form.problems else 200)
