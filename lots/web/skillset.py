"""A partner's people on one lot: what stands, what is being prepared, sending it, and taking it away as a file."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, url_for
from sqlmodel import Session

from framework.definitions.rules import Refused
from framework.people.permissions import Permission, Visitor
from framework.web.fields import UploadField, VisitForm, WordsField
from framework.web.home import Panel, Waiting
from framework.web.sections import Section
from framework.web.visit import after, page, refused, requires, session, visitor
from lots import finding
from lots import skillset_finding as skillsets
from lots.copying import sources_of_people
from lots.finding import Place
from lots.person_rules import MOST_PEOPLE
from lots.person_warnings import warnings
from lots.skillset import Skillset, SkillsetStatus
from lots.skillset_changes import changes
from lots.skillset_sheet import as_csv, as_workbook
from lots.submitting import faults_of, holds_a_place, submit_skillset, withdraw_skillset

door = Blueprint("skillset", __name__)
HERE = "/my-company/people/<int(max=2147483647):appointment_id>"
TONES = {
    SkillsetStatus.DRAFT: "draft",
    SkillsetStatus.SUBMITTED: "waiting",
    SkillsetStatus.RETURNED: "stopped",
    SkillsetStatus.ACCEPTED: "live",
    SkillsetStatus.SUPERSEDED: "ended",
}
_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class LoadForm(VisitForm):
    file = UploadField("CSV or Excel file")
    rows = WordsField("Or paste the rows from your spreadsheet")


def own_place(appointment_id: int) -> Place:
    """The visitor's own place. Raises `NotFound` for everybody else's."""
    return finding.own_place(session(), visitor(), appointment_id, Permission.COMPANY_KEEP)


def may_change(place: Place) -> bool:
    """Whether people can still be put forward here (RULE-83)."""
    try:
        holds_a_place(place)
    except Refused:
        return False
    return True


@door.get(HERE)
@requires(Permission.COMPANY_KEEP)
def show(appointment_id: int) -> Any:
    """The newest version with its people, and what may be done with it."""
    return _show(appointment_id, VisitForm())


def _show(appointment_id: int, form: VisitForm) -> Any:
    own = session()
    place = own_place(appointment_id)
    versions = skillsets.versions(own, appointment_id)
    shown = versions.shown
    people = skillsets.people_of(own, shown)
    changeable = may_change(place) and not (shown and shown.status is SkillsetStatus.SUBMITTED)
    return page(
        "lots/skillset/page.html",
        form=form,
        place=place,
        versions=versions,
        shown=shown,
        status_of=lambda one: (one.status.label, TONES[one.status]),
        people=people,
        warnings=warnings(people, skillsets.elsewhere(own, place)),
        may_change=changeable,
        loading=LoadForm(formdata=None) if changeable else None,
        sources=sources_of_people(own, visitor(), place) if changeable and not people else [],
        most=MOST_PEOPLE,
        status=422 if form.problems else 200,
    )


@door.route(f"{HERE}/send", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def send(appointment_id: int) -> Any:
    """Check what will be sent, then send it to the council."""
    place, draft = _draft(appointment_id)
    form = VisitForm()
    if draft is None:
        return after("skillset.show", appointment_id=appointment_id)
    if form.validate_on_submit():
        try:
            submit_skillset(session(), actor=visitor(), place=place, skillset=draft)
            return after("skillset.show", appointment_id=appointment_id)
        except Refused as refusal:
            refused(form, refusal)
            place, draft = _draft(appointment_id)
    return _check(form, place, draft)


def _draft(appointment_id: int) -> tuple[Place, Skillset | None]:
    place = own_place(appointment_id)
    found = skillsets.versions(session(), appointment_id).open
    return place, found if found and found.status is SkillsetStatus.DRAFT else None


def _check(form: VisitForm, place: Place, draft: Skillset | None) -> Any:
    own = session()
    people = skillsets.people_of(own, draft)
    card = skillsets.card_for(own, place.appointment.id)
    before = skillsets.versions(own, place.appointment.id).in_force
    return page(
        "lots/skillset/send.html",
        form=form,
        place=place,
        draft=draft,
        people=people,
        card=card,
        by_role=skillsets.by_role_and_level(people),
        faults=faults_of(people, card),
        warnings=warnings(people, skillsets.elsewhere(own, place)),
        before=before,
        changes=changes(skillsets.people_of(own, before), people) if before else [],
        status=422 if form.problems else 200,
    )


@door.post(f"{HERE}/take-back")
@requires(Permission.COMPANY_KEEP)
def take_back(appointment_id: int) -> Any:
    """Take a version that was sent back to a draft."""
    place = own_place(appointment_id)
    form = VisitForm()
    sent = skillsets.versions(session(), appointment_id).latest
    if sent is not None and form.validate_on_submit():
        try:
            withdraw_skillset(session(), actor=visitor(), place=place, skillset=sent)
        except Refused as refusal:
            refused(form, refusal)
            return _show(appointment_id, form)
    return after("skillset.show", appointment_id=appointment_id)


@door.get(f"{HERE}/people.csv")
@requires(Permission.COMPANY_KEEP)
def export_csv(appointment_id: int) -> Response:
    """The newest version as CSV, which loads again as it is."""
    own_place(appointment_id)
    return _file(as_csv(_newest(appointment_id)).encode(), "text/csv; charset=utf-8", "people.csv")


@door.get(f"{HERE}/people.xlsx")
@requires(Permission.COMPANY_KEEP)
def export_workbook(appointment_id: int) -> Response:
    """The newest version as a workbook, which loads again as it is."""
    own_place(appointment_id)
    card = skillsets.card_for(session(), appointment_id)
    return _file(as_workbook(_newest(appointment_id), card), _BOOK, "people.xlsx")


@door.get(f"{HERE}/template.csv")
@requires(Permission.COMPANY_KEEP)
def template_csv(appointment_id: int) -> Response:
    """Our columns and nothing below them."""
    own_place(appointment_id)
    return _file(as_csv([]).encode(), "text/csv; charset=utf-8", "people-template.csv")


@door.get(f"{HERE}/template.xlsx")
@requires(Permission.COMPANY_KEEP)
def template_workbook(appointment_id: int) -> Response:
    """Our columns, with a sheet of notes on the words that each one takes."""
    own_place(appointment_id)
    card = skillsets.card_for(session(), appointment_id)
    return _file(as_workbook([], card), _BOOK, "people-template.xlsx")


def _newest(appointment_id: int) -> list[Any]:
    return skillsets.people_of(session(), skillsets.versions(session(), appointment_id).shown)


def _file(content: bytes, media_type: str, name: str) -> Response:
    # Names of people go into no file name, and no store on the way keeps the file.
    return Response(
        content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home: versions of the visitor's own people that the council has sent back, and that nobody has begun to mend."""
    places = _live_places(own, who, who.parties_where(Permission.COMPANY_KEEP))
    found = skillsets.newest_of(own, [one.appointment.id for one in places])
    newest = [(place, found[place.appointment.id].latest) for place in places]
    returned = [(place, one) for place, one in newest if one and one.status is SkillsetStatus.RETURNED]
    if not returned:
        return None
    return Panel(
        heading="Your people, sent back",
        items=tuple(
            Waiting(
                title=f"Your people on lot {place.lot.reference}",
                detail=f"Version {one.version}: {one.return_reason[:200]}",
                address=url_for("skillset.show", appointment_id=place.appointment.id),
                kind="skillset",
            )
            for place, one in returned
        ),
        empty="",
    )


def _live_places(own: Session, who: Visitor, supplier_ids: Iterable[int]) -> list[Place]:
    return [
        one
        for supplier_id in sorted(supplier_ids)
        for one in finding.own_places(own, who, supplier_id)
        if one.appointment.ended_on is None and not one.agreement.recorded_as_past
    ]


def my_company_section(own: Session, who: Visitor, supplier: Any) -> Section | None:
    """My company: the people on each lot, and where their newest version stands."""
    if supplier.id not in who.parties_where(Permission.COMPANY_KEEP):
        return None
    places = _live_places(own, who, [supplier.id])
    if not places:
        return None
    found = skillsets.newest_of(own, [one.appointment.id for one in places])
    rows = []
    for place in places:
        newest = found[place.appointment.id].latest
        rows.append(
            {
                "lot": place.lot,
                "address": url_for("skillset.show", appointment_id=place.appointment.id),
                "version": newest,
                "status": (newest.status.label, TONES[newest.status]) if newest else ("Not started", "draft"),
            }
        )
    return Section(
        "people-on-lots", "Your people on each lot", "lots/skillset/_on_my_company.html", {"rows": rows}
    )
