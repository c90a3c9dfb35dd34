"""A partner's doors to its own company facts: facts, size, contacts, "still right?", and a new legal name."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.regions import Region
from framework.definitions.rules import Refused
from framework.people import keeping
from framework.people.contacting import ContactFacts, contacts_of, keep_contacts
from framework.people.party import LivingWage, Party
from framework.people.party_contact import ContactKind
from framework.people.permissions import Permission, Visitor
from framework.people.registering import is_settled, record_size, size_in_words, size_rule_in_words
from framework.web.fields import ChoiceField, DayField, LineField, PickField, TickField, VisitForm, WordsField
from framework.web.home import Panel, Waiting
from framework.web.sections import Section
from framework.web.visit import after, page, refused, requires, session, visitor
from lots import finding
from lots.joining import NEEDED_CONTACTS
from lots.web.joining import joining_places
from lots.web.partner import SizeForm

door = Blueprint("keeping", __name__)
_HERE = "/my-company/<int(max=2147483647):supplier_id>"


class FactsForm(VisitForm):
    name = LineField("Legal name")
    company_number = LineField("Company number", description="Like 00557725 or SC268016")
    vat_number = LineField("VAT number", description="Leave it blank if you have none")
    ppon = LineField(
        "Public procurement organisation number (PPON) or DUNS number",
        description="Order forms under the Procurement Act need one. You can add it later",
    )
    address = WordsField("Registered address")
    region = PickField(
        "Where your head office is",
        choices=[("", "Choose a region"), *((one.value, one.label) for one in Region)],
    )
    is_vcse = TickField("We are a voluntary, community or social enterprise")
    vcse_number = LineField(
        "Its registered number", description="Of the charity or community interest company, if there is one"
    )
    living_wage = ChoiceField("The real Living Wage", choices=[(one.value, one.label) for one in LivingWage])
    modern_slavery_address = LineField(
        "Where your modern slavery statement is", description="Like https://example.com/statement"
    )
    modern_slavery_on = DayField("The day of that statement", what="The day")


class NameForm(VisitForm):
    name = LineField("Legal name")
    company_number = LineField("Company number")
    reason = WordsField("Why it changes", description="Such as a new name at Companies House, with its day")


class ContactsForm(VisitForm):
    pass


for _kind in ContactKind:
    setattr(ContactsForm, f"{_kind.value}-name", LineField("Name"))
    setattr(ContactsForm, f"{_kind.value}-email", LineField("E-mail address"))
    setattr(ContactsForm, f"{_kind.value}-phone", LineField("Telephone number", description="If you like"))


class ConfirmForm(VisitForm):
    pass


def _own(supplier_id: int) -> Party:
    return finding.own_company(session(), visitor(), supplier_id, Permission.COMPANY_KEEP)


def _back(supplier_id: int) -> Any:
    """To the task list while something is being joined, and to My company otherwise."""
    joining = joining_places(session(), visitor(), supplier_id)
    return after("joining.tasks") if joining else after("my_company.show")


@door.route(f"{_HERE}/facts", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def form(supplier_id: int) -> Any:
    """The company's facts, asked once for every lot and framework."""
    supplier = _own(supplier_id)
    form = FactsForm(obj=supplier)
    if form.validate_on_submit():
        try:
            keeping.keep_facts(session(), actor=visitor(), supplier_id=supplier_id, facts=_typed(form))
            if supplier.staff is None:
                return after("keeping.size", supplier_id=supplier_id)
            return _back(supplier_id)
        except Refused as refusal:
            refused(form, refusal)
            supplier = _own(supplier_id)
    return page(
        "lots/keeping/form.html",
        form=form,
        supplier=supplier,
        settled=is_settled(session(), supplier_id),
        asks_statement=keeping.asks_for_statement(supplier),
        size=size_in_words(supplier),
        status=422 if form.problems else 200,
    )


def _typed(form: FactsForm) -> keeping.CompanyFacts:
    return keeping.CompanyFacts(
        name=form.name.data or "",
        company_number=form.company_number.data or "",
        vat_number=form.vat_number.data or "",
        ppon=form.ppon.data or "",
        address=form.address.data or "",
        region=Region(form.region.data) if form.region.data else None,
        is_vcse=bool(form.is_vcse.data),
        vcse_number=form.vcse_number.data or "",
        living_wage=LivingWage(form.living_wage.data) if form.living_wage.data else None,
        modern_slavery_address=form.modern_slavery_address.data or "",
        modern_slavery_on=form.modern_slavery_on.data,
    )


@door.route(f"{_HERE}/size", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def size(supplier_id: int) -> Any:
    """Figures of size; whether the company is small or medium-sized is worked out from them."""
    supplier = _own(supplier_id)
    form = SizeForm(
        data={
            "staff": supplier.staff,
            "turnover": _money(supplier.turnover_pence),
            "balance_sheet": _money(supplier.balance_sheet_pence),
            "size_evidence_on": supplier.size_evidence_on,
        }
    )
    if form.validate_on_submit():
        try:
            record_size(session(), actor=visitor(), supplier_id=supplier_id, size=form.size())
            # Back to this page: the answer and its arithmetic stand above the figures that were just saved.
            return after("keeping.size", supplier_id=supplier_id)
        except Refused as refusal:
            refused(form, refusal)
            supplier = _own(supplier_id)
    return page(
        "lots/keeping/size.html",
        form=form,
        supplier=supplier,
        size=size_in_words(supplier),
        size_rule=size_rule_in_words(),
        asks_statement=keeping.asks_for_statement(supplier) and not supplier.modern_slavery_address,
        joining=bool(joining_places(session(), visitor(), supplier_id)),
        status=422 if form.problems else 200,
    )


def _money(pence: int | None) -> Money | None:
    return None if pence is None else Money(pence)


@door.route(f"{_HERE}/contacts", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def contacts(supplier_id: int) -> Any:
    """Whom to turn to for what, on every lot."""
    supplier = _own(supplier_id)
    known = contacts_of(session(), supplier_id)
    form = ContactsForm(
        data={
            f"{kind.value}-{part}": getattr(one, part)
            for kind, one in known.items()
            for part in ("name", "email", "phone")
        }
    )
    if form.validate_on_submit():
        try:
            keep_contacts(
                session(),
                actor=visitor(),
                supplier_id=supplier_id,
                contacts={kind: _contact(form, kind) for kind in ContactKind},
            )
            return _back(supplier_id)
        except Refused as refusal:
            refused(form, refusal)
            supplier = _own(supplier_id)
    return page(
        "lots/keeping/contacts.html",
        form=form,
        supplier=supplier,
        kinds=[(kind, kind in NEEDED_CONTACTS) for kind in ContactKind],
        status=422 if form.problems else 200,
    )


def _contact(form: ContactsForm, kind: ContactKind) -> ContactFacts:
    return ContactFacts(*(form[f"{kind.value}-{part}"].data or "" for part in ("name", "email", "phone")))


@door.post(f"{_HERE}/still-right")
@requires(Permission.COMPANY_KEEP)
def confirm(supplier_id: int) -> Any:
    """One press: the facts are still right."""
    supplier = _own(supplier_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            keeping.confirm_facts(session(), actor=visitor(), supplier_id=supplier_id)
            return after("my_company.show")
        except Refused as refusal:
            refused(form, refusal)
            supplier = _own(supplier_id)
    return page("lots/keeping/lacking.html", form=form, supplier=supplier, status=422)


@door.route(f"{_HERE}/name", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def name(supplier_id: int) -> Any:
    """Ask for another legal name or company number; a framework owner decides."""
    supplier = _own(supplier_id)
    form = NameForm(obj=supplier)
    if form.validate_on_submit():
        try:
            keeping.ask_for_name(
                session(),
                actor=visitor(),
                supplier_id=supplier_id,
                name=form.name.data or "",
                company_number=form.company_number.data or "",
                reason=form.reason.data or "",
            )
            return after("my_company.show")
        except Refused as refusal:
            refused(form, refusal)
            supplier = _own(supplier_id)
    return page(
        "lots/keeping/name.html",
        form=form,
        supplier=supplier,
        waiting=keeping.waiting_change(session(), supplier_id),
        status=422 if form.problems else 200,
    )


def section(own: Session, who: Visitor, supplier: Party) -> Section | None:
    """My company: who keeps the facts, when they were last said to be right, and the button that says so again."""
    if not who.may(Permission.COMPANY_KEEP, supplier.id):
        return None
    said = keeping.last_confirmed(own, supplier.id)
    known = contacts_of(own, supplier.id)
    return Section(
        key="facts",
        heading="Keep your company facts right",
        template="lots/keeping/_section.html",
        facts={
            "supplier": supplier,
            "said": said,
            "lacking": keeping.lacking(supplier),
            "contacts": [(kind, known.get(kind)) for kind in ContactKind],
            "waiting": keeping.waiting_change(own, supplier.id),
            "joining": bool(joining_places(own, who, supplier.id)),
            "leave": _may_leave(own, who, supplier),
            "region": supplier.region.label if supplier.region else "Not given",
            "living_wage": supplier.living_wage.label if supplier.living_wage else "Not given",
            "asks_statement": keeping.asks_for_statement(supplier),
        },
    )


def _may_leave(own: Session, who: Visitor, supplier: Party) -> list[finding.Place]:
    if not who.may(Permission.COLLEAGUES_MANAGE, supplier.id):
        return []
    return [
        place
        for place in finding.own_places(own, who, supplier.id)
        if place.appointment.ended_on is None and not place.agreement.recorded_as_past
    ]


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home: facts that nobody has said to be right for a year."""
    found = []
    for supplier in finding.own_companies(own, who):
        if not who.may(Permission.COMPANY_KEEP, supplier.id):
            continue
        said = keeping.last_confirmed(own, supplier.id)
        if said is not None and said[0].at + keeping.ASKED_AGAIN_AFTER > dates.now():
            continue
        when = (
            f"Last confirmed {dates.in_words(dates.as_london(said[0].at).date())} by {said[1]}"
            if said
            else "Nobody has confirmed them yet"
        )
        found.append(
            Waiting(
                title=f"Are the facts of {supplier.name} still right?",
                detail=when,
                address=url_for("my_company.show"),
                kind="facts",
                button=("Still right", url_for("keeping.confirm", supplier_id=supplier.id)),
            )
        )
    if not found:
        return None
    return Panel(heading="Company facts", items=tuple(found), empty="")
