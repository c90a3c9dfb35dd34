"""One person of a partner's draft: added, changed or taken out."""

from typing import Any

from flask import Blueprint, request

from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission
from framework.web.fields import VisitForm
from framework.web.visit import after, page, refused, requires, session, visitor
from lots import skillset_finding as skillsets
from lots.entering_people import add_person, change_person, remove_person
from lots.person_rules import MOST_SKILLS, PersonFacts
from lots.web.person_form import PersonForm, as_typed
from lots.web.skillset import HERE, own_place

door = Blueprint("skillset_person", __name__)
_NUMBER = "<int(max=2147483647):number>"


@door.route(f"{HERE}/add", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def add(appointment_id: int) -> Any:
    """Somebody new; the first one begins a version."""
    form = _form(appointment_id, {})
    if _more_skills(form):
        return _page(form, appointment_id, None)
    if form.validate_on_submit():
        try:
            place = own_place(appointment_id)
            add_person(session(), actor=visitor(), place=place, person=form.facts())
            if request.form.get("then") == "another":
                return after("skillset_person.add", appointment_id=appointment_id)
            return after("skillset.show", appointment_id=appointment_id)
        except Refused as refusal:
            refused(form, refusal)
    return _page(form, appointment_id, None)


@door.route(f"{HERE}/{_NUMBER}", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def change(appointment_id: int, number: int) -> Any:
    """Somebody of the newest version; a change begins the next version where none is being prepared."""
    person = _person(appointment_id, number)
    form = _form(appointment_id, as_typed(person))
    if _more_skills(form):
        return _page(form, appointment_id, person)
    if form.validate_on_submit():
        try:
            change_person(
                session(), actor=visitor(), place=own_place(appointment_id), person=form.facts(number)
            )
            return after("skillset.show", appointment_id=appointment_id)
        except Refused as refusal:
            refused(form, refusal)
    return _page(form, appointment_id, person)


@door.route(f"{HERE}/{_NUMBER}/remove", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def remove(appointment_id: int, number: int) -> Any:
    """Take somebody out, after asking."""
    person = _person(appointment_id, number)
    form = VisitForm()
    if form.validate_on_submit():
        try:
            remove_person(session(), actor=visitor(), place=own_place(appointment_id), number=number)
            return after("skillset.show", appointment_id=appointment_id)
        except Refused as refusal:
            refused(form, refusal)
    return page(
        "lots/skillset/remove.html",
        form=form,
        place=own_place(appointment_id),
        person=person,
        status=422 if form.problems else 200,
    )


def _person(appointment_id: int, number: int) -> PersonFacts:
    own_place(appointment_id)
    newest = skillsets.versions(session(), appointment_id).shown
    for one in skillsets.people_of(session(), newest):
        if one.number == number:
            return one
    raise NotFound


def _form(appointment_id: int, before: dict[str, Any]) -> PersonForm:
    own_place(appointment_id)
    return PersonForm(skillsets.card_for(session(), appointment_id), data=before)


def _more_skills(form: PersonForm) -> bool:
    if not (form.is_submitted() and request.form.get("add")):
        return False
    if len(form.skills.entries) < MOST_SKILLS:
        form.skills.append_entry()
    return True


def _page(form: PersonForm, appointment_id: int, person: PersonFacts | None) -> Any:
    return page(
        "lots/skillset/person.html",
        form=form,
        place=own_place(appointment_id),
        card=skillsets.card_for(session(), appointment_id),
        person=person,
        status=422 if form.problems else 200,
    )
