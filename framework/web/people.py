"""The people of an authority, their roles and limits, and the authority's own settings."""

from typing import Any

from flask import Blueprint, g
from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refused
from framework.people import finding, settling, staffing
from framework.people.party import Party
from framework.people.permissions import Permission, Role, Visitor
from framework.web.fields import (
    ChoiceField,
    LineField,
    MoneyField,
    NumberField,
    PickField,
    VisitForm,
    WordsField,
    needed,
)
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("people", __name__)


class PostForm(VisitForm):
    name = LineField("Full name", [needed("Enter the person’s name")])
    email = LineField("E-mail address", [needed("Enter their e-mail address")])
    role = ChoiceField(
        "Role",
        [needed("Choose a role")],
        choices=[(role.value, role.label) for role in staffing.AUTHORITY_ROLES],
    )
    limit = MoneyField(
        "Most they may approve or sign, net of VAT", description="For an approver only, in pounds"
    )


class EndForm(VisitForm):
    pass


class SettingsForm(VisitForm):
    name = LineField("Name of the authority", [needed("Enter the authority’s name")])
    address = WordsField("Address")
    ppon = LineField("Public procurement organisation number (PPON)", description="Like ABCD-1234-EFGH")
    colour = LineField(
        "Colour", [needed("Enter a colour")], description="Shown as a stripe on your pages, like #1d70b8"
    )
    case_threshold = MoneyField(
        "Business case needed from, net of VAT",
        [needed("Enter an amount in pounds, or 0 when every call-off needs a case")],
        description="Below this a call-off may go without a case, with a reason",
    )
    tolerance = PickField(
        "How far a price may pass its approval",
        choices=[(str(bp), f"{bp // 100}%") for bp in (0, 100, 200, 300, 500, 1000, 1500, 2000, 2500)],
        description="Above this the price goes back to an approver",
    )
    valid_days = NumberField(
        "Days that an approval lasts", [needed("Enter a number of days")], least=1, most=730, what="Days"
    )
    invoice_address = WordsField("Where invoices are sent")
    invoice_email = LineField("E-mail address for invoices")


def _authority(own: Session, who: Visitor) -> Party:
    """The authority that this administrator manages (the first, for the rare person who manages two)."""
    for party in finding.parties(own, sorted(who.parties_where(Permission.PEOPLE_MANAGE))):
        return party
    raise NotFound


@door.get("/people/")
@requires(Permission.PEOPLE_MANAGE)
def index() -> Any:
    """Everyone who holds or held a role at this authority."""
    party = _authority(session(), visitor())
    rows = finding.staff(session(), party.id)
    return page("framework/people/list.html", party=party, rows=rows, today=dates.today(), form=EndForm())


@door.route("/people/new", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def new() -> Any:
    """Give someone a role."""
    party = _authority(session(), visitor())
    form = PostForm()
    if form.validate_on_submit():
        try:
            staffing.give_post(
                session(),
                actor=visitor(),
                party_id=party.id,
                name=form.name.data,
                email=form.email.data,
                role=Role(form.role.data),
                limit=form.limit.data,
            )
            return after("people.index")
        except Refused as refusal:
            refused(form, refusal)
            party = _authority(session(), visitor())
    return page("framework/people/new.html", party=party, form=form, status=422 if form.problems else 200)


@door.route("/people/posts/<int(max=2147483647):post_id>/end", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def end(post_id: int) -> Any:
    """Ask, then end a role and sign its holder out."""
    post, person, party = finding.post(session(), visitor(), post_id)
    form = EndForm()
    if form.validate_on_submit():
        try:
            staffing.end_post(session(), actor=visitor(), post_id=post_id)
            return after("people.index")
        except Refused as refusal:
            refused(form, refusal)
            post, person, party = finding.post(session(), visitor(), post_id)
    return page(
        "framework/people/end.html",
        form=form,
        post=post,
        person=person,
        party=party,
        status=422 if form.problems else 200,
    )


@door.route("/authority/settings", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def settings() -> Any:
    """The authority's own name, colour and thresholds."""
    party = _authority(session(), visitor())
    form = SettingsForm(data=_as_form(party))
    if form.validate_on_submit():
        try:
            settling.change_settings(session(), actor=visitor(), party_id=party.id, wanted=_as_settings(form))
            g.pop("parties", None)
            return after("people.index")
        except Refused as refusal:
            refused(form, refusal)
            party = _authority(session(), visitor())
    return page(
        "framework/people/settings.html", party=party, form=form, status=422 if form.problems else 200
    )


def _as_form(party: Party) -> dict[str, Any]:
    return {
        "name": party.name,
        "address": party.address or "",
        "ppon": party.ppon or "",
        "colour": party.colour,
        "case_threshold": Money(party.case_threshold_net_pence),
        "tolerance": str(party.price_tolerance_bp),
        "valid_days": party.approval_valid_days,
        "invoice_address": party.invoice_address or "",
        "invoice_email": party.invoice_email or "",
    }


def _as_settings(form: SettingsForm) -> settling.AuthoritySettings:
    return settling.AuthoritySettings(
        name=form.name.data,
        address=form.address.data,
        ppon=form.ppon.data.upper(),
        colour=form.colour.data,
        case_threshold=form.case_threshold.data or Money.zero(),
        price_tolerance_bp=int(form.tolerance.data or 0),
        approval_valid_days=form.valid_days.data or 90,
        invoice_address=form.invoice_address.data,
        invoice_email=form.invoice_email.data,
    )
