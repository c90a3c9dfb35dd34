"""A partner administrator's doors to colleagues: who may sign in, adding one, ending one."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from framework.definitions.rules import NotFound, Refused
from framework.people.colleagues import add_colleague, colleagues_of, end_colleague
from framework.people.party import Party
from framework.people.permissions import Permission, Role, Visitor
from framework.people.person import Person
from framework.web.fields import ChoiceField, LineField, VisitForm, needed
from framework.web.home import Panel, Waiting
from framework.web.sections import Section
from framework.web.visit import after, page, refused, requires, session, visitor
from lots import finding

door = Blueprint("colleagues", __name__)
_HERE = "/my-company/<int(max=2147483647):supplier_id>/people"


class ColleagueForm(VisitForm):
    name = LineField("Full name", [needed("Enter your colleague’s name")])
    email = LineField("E-mail address", [needed("Enter their e-mail address")])
    role = ChoiceField(
        "What they may do",
        [needed("Choose what they may do")],
        choices=[
            (Role.PARTNER_USER.value, "Partner user: everything but managing colleagues"),
            (Role.PARTNER_ADMINISTRATOR.value, "Administrator: everything, and managing colleagues"),
        ],
    )


class EndForm(VisitForm):
    pass


def _own(supplier_id: int) -> Party:
    return finding.own_company(session(), visitor(), supplier_id, Permission.COLLEAGUES_MANAGE)


@door.route(f"{_HERE}/new", methods=["GET", "POST"])
@requires(Permission.COLLEAGUES_MANAGE)
def add(supplier_id: int) -> Any:
    """Add a colleague, who is sent a link to choose a password; or change what one may do."""
    supplier = _own(supplier_id)
    form = ColleagueForm(data={"role": Role.PARTNER_USER.value})
    if form.validate_on_submit():
        try:
            add_colleague(
                session(),
                actor=visitor(),
                supplier_id=supplier_id,
                name=form.name.data,
                email=form.email.data,
                role=Role(form.role.data),
            )
            return after("my_company.show", _anchor=f"colleagues-{supplier_id}")
        except Refused as refusal:
            refused(form, refusal)
            supplier = _own(supplier_id)
    return page(
        "lots/colleagues/new.html", form=form, supplier=supplier, status=422 if form.problems else 200
    )


@door.route(f"{_HERE}/<int(max=2147483647):person_id>/end", methods=["GET", "POST"])
@requires(Permission.COLLEAGUES_MANAGE)
def end(supplier_id: int, person_id: int) -> Any:
    """Ask, then end a colleague's role and sign them out."""
    supplier, person = _own(supplier_id), _colleague(supplier_id, person_id)
    form = EndForm()
    if form.validate_on_submit():
        try:
            end_colleague(session(), actor=visitor(), supplier_id=supplier_id, person_id=person_id)
            return after("my_company.show", _anchor=f"colleagues-{supplier_id}")
        except Refused as refusal:
            refused(form, refusal)
            supplier, person = _own(supplier_id), _colleague(supplier_id, person_id)
    return page(
        "lots/colleagues/end.html",
        form=form,
        supplier=supplier,
        person=person,
        status=422 if form.problems else 200,
    )


def _colleague(supplier_id: int, person_id: int) -> Person:
    for person, _ in colleagues_of(session(), visitor(), supplier_id):
        if person.id == person_id:
            return person
    raise NotFound


def section(own: Session, who: Visitor, supplier: Party) -> Section:
    """My company: who may sign in for it; its administrator adds and ends them."""
    may = who.may(Permission.COLLEAGUES_MANAGE, supplier.id)
    return Section(
        key="colleagues",
        heading="People who may sign in",
        template="lots/colleagues/_section.html",
        facts={
            "rows": [
                (
                    person,
                    "Administrator" if role is Role.PARTNER_ADMINISTRATOR else "Partner user",
                    url_for("colleagues.end", supplier_id=supplier.id, person_id=person.id)
                    if may and person.id != who.person_id
                    else None,
                )
                for person, role in colleagues_of(own, who, supplier.id)
            ],
            "add": url_for("colleagues.add", supplier_id=supplier.id) if may else None,
        },
    )


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home: a partner's administrator adds somebody without asking anyone."""
    items = tuple(
        Waiting(
            title=f"Add a colleague to {supplier.name}",
            detail="They share the work with a sign-in of their own",
            address=url_for("colleagues.add", supplier_id=supplier.id),
            kind="colleagues",
        )
        for supplier in finding.own_companies(own, who)
        if who.may(Permission.COLLEAGUES_MANAGE, supplier.id)
    )
    return Panel(heading="Your colleagues", items=items, empty="") if items else None
