"""A joining partner's doors: the task list, the declarations, and sending everything to the council."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor
from framework.web.fields import TickField, VisitForm
from framework.web.home import Panel, Waiting
from framework.web.visit import after, page, refused, requires, session, visitor
from lots import finding
from lots.declaration import DeclarationKind
from lots.finding import Place
from lots.joining import (
    Stands,
    TaskState,
    declarations_of,
    is_joining,
    send_to_council,
    still_open,
    tasks_of,
)
from lots.joining import (
    declare as make_declarations,
)

door = Blueprint("joining", __name__)
_HERE = "/my-company/tasks/<int(max=2147483647):appointment_id>"
TONES = {
    TaskState.NOT_STARTED: "draft",
    TaskState.IN_PROGRESS: "waiting",
    TaskState.DONE: "live",
    TaskState.SENT_BACK: "stopped",
}


class DeclareForm(VisitForm):
    not_excluded = TickField(DeclarationKind.NOT_EXCLUDED.words)
    no_conflicts = TickField(DeclarationKind.NO_CONFLICTS.words)
    terms_read = TickField(DeclarationKind.TERMS_READ.words)


class SendForm(VisitForm):
    pass


@door.get("/my-company/tasks")
@requires(Permission.COMPANY_KEEP)
def tasks() -> Any:
    """What is still to be done for each place that is being joined."""
    return _page(SendForm())


def _page(form: VisitForm) -> Any:
    own, who = session(), visitor()
    companies = []
    for supplier in finding.own_companies(own, who):
        places = [_row(own, one) for one in joining_places(own, who, supplier.id)]
        companies.append({"supplier": supplier, "places": places})
    return page(
        "lots/joining/tasks.html", form=form, companies=companies, status=422 if form.problems else 200
    )


def joining_places(own: Session, who: Visitor, supplier_id: int) -> list[Place]:
    """The visitor's own places that wait to be appointed."""
    return [one for one in finding.own_places(own, who, supplier_id) if is_joining(one.appointment)]


def _row(own: Session, place: Place) -> dict[str, Any]:
    stands = tasks_of(own, place)
    return {
        "place": place,
        "tasks": [(one, _address(place, one), TONES[one.state]) for one in stands],
        "done": sum(one.is_done for one in stands),
        "may_send": place.appointment.sent_at is None and not still_open(stands),
    }


def _address(place: Place, one: Stands) -> str:
    if one.task.per_lot:
        return url_for(one.task.endpoint, appointment_id=place.appointment.id)
    return url_for(one.task.endpoint, supplier_id=place.supplier.id)


def _own(appointment_id: int) -> Place:
    place = finding.own_place(session(), visitor(), appointment_id, Permission.COMPANY_KEEP)
    if not is_joining(place.appointment):
        raise NotFound
    return place


@door.route(f"{_HERE}/declarations", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def declare(appointment_id: int) -> Any:
    """What the company declares for one agreement; in the name of whoever presses the button, for a year."""
    place = finding.own_place(session(), visitor(), appointment_id, Permission.COMPANY_KEEP)
    made = declarations_of(session(), place.supplier.id, place.agreement.id)
    form = DeclareForm(data={kind.value: True for kind in made})
    if form.validate_on_submit():
        try:
            make_declarations(
                session(),
                actor=visitor(),
                place=place,
                kinds=[kind for kind in DeclarationKind if form[kind.value].data],
            )
            return after("joining.tasks")
        except Refused as refusal:
            refused(form, refusal)
            place = finding.own_place(session(), visitor(), appointment_id, Permission.COMPANY_KEEP)
            made = declarations_of(session(), place.supplier.id, place.agreement.id)
    return page(
        "lots/joining/declare.html",
        form=form,
        place=place,
        made=list(made.values()),
        now=dates.now(),
        status=422 if form.problems else 200,
    )


@door.post(f"{_HERE}/send")
@requires(Permission.COMPANY_KEEP)
def send(appointment_id: int) -> Any:
    """Send everything to the council."""
    place = _own(appointment_id)
    form = SendForm()
    if form.validate_on_submit():
        try:
            send_to_council(session(), actor=visitor(), place=place)
            return after("joining.tasks")
        except Refused as refusal:
            refused(form, refusal)
    return _page(form)


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home: places that the visitor's company is joining, with how much is done."""
    companies = who.parties_where(Permission.COMPANY_KEEP)
    places = [place for one in sorted(companies) for place in joining_places(own, who, one)]
    if not places:
        return None
    return Panel(
        heading="To do before you are appointed",
        items=tuple(_waiting(own, place) for place in places),
        empty="",
    )


def _waiting(own: Session, place: Place) -> Waiting:
    stands = tasks_of(own, place)
    said = f"{sum(one.is_done for one in stands)} of {len(stands)} tasks done"
    if any(one.state is TaskState.SENT_BACK for one in stands):
        said = "The council has sent something back"
    elif place.appointment.sent_at is not None:
        said = "Sent to the council: it will answer you"
    return Waiting(
        title=f"Lot {place.lot.reference}: {place.lot.title}",
        detail=said,
        address=url_for("joining.tasks"),
        kind="joining",
    )
