"""A supplier as people of councils see it: company facts, size, places and evidence; and the forms that keep them."""

from typing import Any

from flask import Blueprint, url_for

from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.people import finding as people
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.people.registering import (
    SizeFacts,
    add_partner_user,
    look_after,
    record_size,
    size_in_words,
    size_rule_in_words,
)
from framework.records import timeline
from framework.web.fields import DayField, LineField, MoneyField, NumberField, VisitForm, needed
from framework.web.sections import Step, sections_of, steps_of
from framework.web.visit import after, page, refused, requires, session, visitor
from lots import finding
from lots.covering import slavery_warning
from lots.evidencing import may_check
from lots.finding_evidence import pieces_of
from lots.web.lot import status_of

door = Blueprint("partner", __name__)
_HERE = "/partners/<int(max=2147483647):supplier_id>"


class UserForm(VisitForm):
    name = LineField("Full name", [needed("Enter the person’s name")])
    email = LineField("E-mail address", [needed("Enter their e-mail address")])


class SizeForm(VisitForm):
    staff = NumberField("Staff", [needed("Enter the number of staff")], most=10_000_000, what="Staff")
    turnover = MoneyField("Yearly turnover", description="In pounds. Leave it blank when it is not known")
    balance_sheet = MoneyField(
        "Balance sheet total", description="In pounds. Leave it blank when it is not known"
    )
    size_evidence_on = DayField(
        "The day these figures are true for",
        [needed("Enter the day these figures are true for")],
        what="The day",
        description="Such as the last day of the company’s year",
    )

    def size(self) -> SizeFacts:
        """What was typed, as the action takes it."""
        return SizeFacts(
            self.staff.data, self.turnover.data, self.balance_sheet.data, self.size_evidence_on.data
        )


@door.get(_HERE)
@requires(Permission.AGREEMENT_READ)
def show(supplier_id: int) -> Any:
    """One supplier, with its places under agreements that this visitor may see."""
    own, who = session(), visitor()
    supplier, places = finding.partner(own, who, supplier_id)
    shown = finding.evidence_of(own, [supplier_id])[supplier_id]
    today = dates.today()
    return page(
        "lots/partner/page.html",
        supplier=supplier,
        size=size_in_words(supplier),
        size_rule=size_rule_in_words(),
        places=[(place, status_of(place.agreement, place.appointment)) for place in places],
        pieces=pieces_of(shown, today),
        looks_after=may_check(own, who, supplier_id),
        slavery=slavery_warning(supplier, shown, today),
        people=people.partner_people(own, supplier_id),
        sections=sections_of("partner", own, who, supplier),
        steps=[*_steps(supplier), *steps_of("partner", own, who, supplier)],
        happenings=timeline.of(own, who, "partner", supplier_id),
    )


def _steps(supplier: Party) -> list[Step]:
    try:
        look_after(session(), visitor(), supplier.id)
    except NotFound:
        return []
    return [
        Step("Record evidence", url_for("evidence.record", supplier_id=supplier.id)),
        Step("Add a person who may sign in", url_for("partner.user", supplier_id=supplier.id)),
        Step("Correct its facts", url_for("registering.facts", supplier_id=supplier.id)),
        Step("Record its size", url_for("partner.size", supplier_id=supplier.id)),
    ]


def _own(supplier_id: int) -> Party:
    supplier, _ = finding.partner(session(), visitor(), supplier_id)
    look_after(session(), visitor(), supplier_id)
    return supplier


def _form(form: VisitForm, supplier: Party, template: str) -> Any:
    return page(template, form=form, supplier=supplier, status=422 if form.problems else 200)


@door.route(f"{_HERE}/people/new", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def user(supplier_id: int) -> Any:
    """Somebody at the supplier who may sign in and answer."""
    supplier = _own(supplier_id)
    form = UserForm()
    if form.validate_on_submit():
        try:
            add_partner_user(
                session(),
                actor=visitor(),
                supplier_id=supplier_id,
                name=form.name.data,
                email=form.email.data,
            )
            return after("partner.show", supplier_id=supplier_id)
        except Refused as refusal:
            refused(form, refusal)
            supplier = _own(supplier_id)
    return _form(form, supplier, "lots/partner/user.html")


@door.route(f"{_HERE}/size", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def size(supplier_id: int) -> Any:
    """Newer figures of size."""
    supplier = _own(supplier_id)
    form = SizeForm()
    if form.validate_on_submit():
        try:
            record_size(session(), actor=visitor(), supplier_id=supplier_id, size=form.size())
            return after("partner.show", supplier_id=supplier_id)
        except Refused as refusal:
            refused(form, refusal)
            supplier = _own(supplier_id)
    return _form(form, supplier, "lots/partner/size.html")
