"""What councils see of a partner's people: the accepted version, and for the framework owner the one that waits for a decision."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor
from framework.web.fields import VisitForm, WordsField, at_most
from framework.web.home import Panel, Waiting
from framework.web.sections import Section
from framework.web.visit import after, looked_at, page, refused, requires, session, visitor
from lots import finding
from lots import skillset_finding as skillsets
from lots.appointment import Appointment
from lots.finding import Place
from lots.person_warnings import warnings
from lots.skillset import Skillset, SkillsetStatus
from lots.skillset_changes import changes
from lots.submitting import accept_skillset, return_skillset
from lots.telling import about_place
from lots.web.place import place_here
from lots.web.skillset import TONES

door = Blueprint("skillset_deciding", __name__)
_HERE = "/lots/<reference>/partners/<int(max=2147483647):appointment_id>/people"
_VERSION = f"{_HERE}/<int(max=2147483647):number>"


class DecideForm(VisitForm):
    reason = WordsField("What should the partner change?", [at_most(1000, "The reason")])


@door.get(_HERE)
@requires(Permission.AGREEMENT_READ)
def show(reference: str, appointment_id: int) -> Any:
    """The accepted version: named people for those who find people for work, counts for everybody else."""
    own = session()
    place = place_here(reference, appointment_id)
    versions = skillsets.versions(own, appointment_id)
    people = skillsets.people_of(own, versions.in_force)
    named = skillsets.reads_people(own, visitor(), place.agreement)
    if named and people:
        _look(place, versions.in_force)
    return page(
        "lots/skillset/council.html",
        place=place,
        version=versions.in_force,
        every=[one for one in versions.every if one.accepted_at] if named else [],
        people=people if named else [],
        by_role=skillsets.by_role_and_level(people),
        named=named,
        warnings=warnings(people, skillsets.elsewhere(own, place)) if named else [],
    )


@door.get(_VERSION)
@requires(Permission.SKILLSETS_READ)
def version(reference: str, appointment_id: int, number: int) -> Any:
    """One version, what it changes, and for the framework owner the decision while it waits."""
    place, skillset = _version(reference, appointment_id, number)
    return _page(DecideForm(), place, skillset)


@door.post(_VERSION)
@requires(Permission.AGREEMENT_OPEN)
def accept(reference: str, appointment_id: int, number: int) -> Any:
    """Accept it: from now on it is the one in force."""
    place, skillset = _version(reference, appointment_id, number)
    form = DecideForm()
    if form.validate_on_submit():
        try:
            accept_skillset(session(), actor=visitor(), place=place, skillset=skillset)
            return after("skillset_deciding.show", reference=reference, appointment_id=appointment_id)
        except Refused as refusal:
            refused(form, refusal)
            place, skillset = _version(reference, appointment_id, number)
    return _page(form, place, skillset)


@door.post(f"{_VERSION}/return")
@requires(Permission.AGREEMENT_OPEN)
def send_back(reference: str, appointment_id: int, number: int) -> Any:
    """Send it back with a reason."""
    place, skillset = _version(reference, appointment_id, number)
    form = DecideForm()
    if form.validate_on_submit():
        try:
            return_skillset(
                session(), actor=visitor(), place=place, skillset=skillset, reason=form.reason.data or ""
            )
            return after(
                "skillset_deciding.version", reference=reference, appointment_id=appointment_id, number=number
            )
        except Refused as refusal:
            refused(form, refusal)
            place, skillset = _version(reference, appointment_id, number)
    return _page(form, place, skillset)


def _version(reference: str, appointment_id: int, number: int) -> tuple[Place, Skillset]:
    place, skillset = skillsets.for_council(session(), visitor(), appointment_id, number)
    if place.lot.reference != reference:
        raise NotFound
    return place, skillset


def _page(form: DecideForm, place: Place, skillset: Skillset) -> Any:
    own = session()
    people = skillsets.people_of(own, skillset)
    before = skillsets.versions(own, place.appointment.id).in_force
    if before is not None and before.version >= skillset.version:
        before = None
    _look(place, skillset)
    waits = skillset.status is SkillsetStatus.SUBMITTED
    owner = place.agreement.lead_authority_id in visitor().parties_where(Permission.AGREEMENT_OPEN)
    return page(
        "lots/skillset/version.html",
        form=form,
        place=place,
        version=skillset,
        standing=(skillset.status.label, TONES[skillset.status]),
        people=people,
        by_role=skillsets.by_role_and_level(people),
        before=before,
        changes=changes(skillsets.people_of(own, before), people) if before else [],
        warnings=warnings(people, skillsets.elsewhere(own, place)),
        may_decide=waits and owner,
        status=422 if form.problems else 200,
    )


def _look(place: Place, skillset: Skillset | None) -> None:
    what = f"the people of version {skillset.version}" if skillset else "the people"
    looked_at(about_place(place.agreement, place.lot, place.appointment, place.supplier), what)


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home: versions that wait for this framework owner."""
    if not who.may(Permission.AGREEMENT_OPEN):
        return None
    found = skillsets.waiting(own, who)
    if not found:
        return None
    return Panel(
        heading="Partners’ people to accept",
        items=tuple(
            Waiting(
                title=f"{supplier.name} on lot {lot.reference}",
                detail=f"Version {skillset.version}, sent {dates.moment_in_words(skillset.submitted_at)}"
                if skillset.submitted_at
                else "",
                address=url_for(
                    "skillset_deciding.version",
                    reference=lot.reference,
                    appointment_id=skillset.appointment_id,
                    number=skillset.version,
                ),
                kind="skillset",
            )
            for skillset, lot, supplier in found
        ),
        empty="",
    )


def on_place(own: Session, who: Visitor, appointment: Appointment) -> Section | None:
    """A partner's place: how many people it has put forward, and the way to them."""
    place = finding.appointment(own, who, appointment.id)
    versions = skillsets.versions(own, appointment.id)
    waits = versions.open if versions.open and versions.open.status is SkillsetStatus.SUBMITTED else None
    owner = place.agreement.lead_authority_id in who.parties_where(Permission.AGREEMENT_OPEN)
    where: dict[str, Any] = {"reference": place.lot.reference, "appointment_id": appointment.id}
    return Section(
        "people",
        "People put forward",
        "lots/skillset/_on_place.html",
        {
            "version": versions.in_force,
            "by_role": skillsets.by_role_and_level(skillsets.people_of(own, versions.in_force)),
            "address": url_for("skillset_deciding.show", **where),
            "waits": waits if owner else None,
            "waits_at": url_for("skillset_deciding.version", **where, number=waits.version) if waits else "",
        },
    )
