"""Doors to a novation: a framework owner proposes that another company takes over a place, and somebody else there agrees."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.regime import Regime
from framework.definitions.rules import NotFound, Refused
from framework.people import finding as people
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records.file_kinds import FileKind, accepts, said_first
from framework.records.uploading import MOST_BYTES, Upload, take_file
from framework.web.downloads import send_download
from framework.web.fields import (
    ChoiceField,
    DayField,
    LineField,
    PickField,
    TickField,
    UploadField,
    VisitForm,
    WordsField,
    at_most,
    needed,
)
from framework.web.home import Panel, Waiting
from framework.web.sections import Section, Step
from framework.web.visit import (
    after,
    looked_at,
    page,
    reads_first,
    refused,
    requires,
    session,
    take_turn,
    visitor,
)
from lots import finding
from lots.appointment import Appointment
from lots.finding import Place
from lots.finding_novations import (
    Passing,
    deed_of,
    novations_to_agree,
    passings_of,
    passings_of_company,
    plans_for,
    waiting_novation,
)
from lots.lot import SizeRule
from lots.novating import NewCompany, NovationFacts, decide_novation, propose_novation, warnings_for
from lots.novation import Restructuring, ground_for
from lots.opening import is_open_to_change
from lots.removing import plans_of, waiting_ending
from lots.telling import about_place
from lots.web.lot import may_change
from lots.withdrawing import Touched, touched_by

door = Blueprint("novating", __name__)
_PLACE = "/lots/<reference>/partners/<int(max=2147483647):appointment_id>"
_PDF = (FileKind.PDF,)


class ProposeForm(VisitForm):
    supplier_id = PickField("Which company takes over the place?")
    name = LineField("Its legal name", description="Only for a company that is not registered yet")
    company_number = LineField("Its company number", description="Like 00557725 or SC268016")
    on = DayField(
        "From which day",
        [needed("Enter the day")],
        what="The day",
        description="Its first day in the place. Today or later, like 31 5 2027",
    )
    restructuring = ChoiceField(
        "What happened to the company",
        choices=[(one.value, one.label) for one in Restructuring],
    )
    reason = WordsField("What happened, in words", [at_most(1000, "What happened")])
    conditions_met = TickField("The conditions of this ground hold")
    notice_reference = LineField("Reference of the change notice")
    notice_on = DayField("Day of the change notice", what="The day of the notice")
    file = UploadField("The deed, or other evidence")


class DecideForm(VisitForm):
    outcome = ChoiceField(
        "Your decision",
        [needed("Choose whether you agree")],
        choices=[
            ("agree", "I agree: the place passes to the new company"),
            ("refuse", "I do not agree: the partner keeps its place"),
        ],
    )


def _form(place: Place, touched: list[Touched]) -> Any:
    """The form with one field for the plan of each live call-off, and the words of the agreement's own law."""

    class Form(ProposeForm):
        pass

    for one in touched:
        field = WordsField(f"What happens to {one.reference}, {one.title}")
        setattr(Form, f"plan-{one.reference}", field)
    form: Any = Form(data={"on": dates.today()})
    there = {party.id for _, party in finding.partners_of(session(), [place.lot])[place.lot.id]}
    form.supplier_id.choices = [
        ("", "A company that is not registered yet"),
        *((str(one.id), one.name) for one in people.suppliers(session()) if one.id not in there),
    ]
    return form


def _place(reference: str, appointment_id: int, permission: Permission) -> Place:
    place = finding.appointment(session(), visitor(), appointment_id)
    permitted(visitor(), permission, place.agreement.lead_authority_id)
    if place.lot.reference != reference or is_open_to_change(place.agreement):
        raise NotFound
    return place


def _taken(form: Any) -> Upload | None:
    sent = form.file.data
    if not getattr(sent, "filename", ""):
        return None
    return take_file(sent.filename, sent.read(MOST_BYTES + 1), field="file", kinds=_PDF)


@door.route(f"{_PLACE}/novate", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
@reads_first
def propose(reference: str, appointment_id: int) -> Any:
    """Propose that another company takes over the place, with the deed and a plan for each live call-off."""
    place = _place(reference, appointment_id, Permission.AGREEMENT_OPEN)
    touched = touched_by(session(), appointment_id)
    form = _form(place, touched)
    if form.validate_on_submit():
        try:
            upload = _taken(form)
            take_turn()
            place = _place(reference, appointment_id, Permission.AGREEMENT_OPEN)
            known = form.supplier_id.data
            what = form.restructuring.data
            propose_novation(
                session(),
                actor=visitor(),
                appointment=place.appointment,
                successor=int(known) if known else NewCompany(form.name.data, form.company_number.data),
                facts=NovationFacts(
                    on=form.on.data,
                    restructuring=Restructuring(what) if what else None,
                    reason=form.reason.data,
                    conditions_met=form.conditions_met.data,
                    notice_reference=form.notice_reference.data,
                    notice_on=form.notice_on.data,
                ),
                deed=upload,
                plans={one.reference: form[f"plan-{one.reference}"].data or "" for one in touched},
            )
            return after("novating.decide", reference=reference, appointment_id=appointment_id)
        except Refused as refusal:
            refused(form, refusal)
            place = _place(reference, appointment_id, Permission.AGREEMENT_OPEN)
    return page(
        "lots/novating/propose.html",
        form=form,
        place=place,
        touched=touched,
        ground=ground_for(place.agreement.regime),
        needs_notice=place.agreement.regime is Regime.PA2023,
        sme_only=place.lot.size_rule is SizeRule.SME_ONLY,
        said_first=said_first(_PDF),
        accepts=accepts(_PDF),
        status=422 if form.problems else 200,
    )


@door.route(f"{_PLACE}/novation", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_CONFIRM)
def decide(reference: str, appointment_id: int) -> Any:
    """A second person agrees that the place passes, or refuses it."""
    place = _place(reference, appointment_id, Permission.AGREEMENT_CONFIRM)
    waiting = _waiting(appointment_id)
    form = DecideForm()
    if form.validate_on_submit():
        try:
            decide_novation(
                session(),
                actor=visitor(),
                appointment=place.appointment,
                agreed=form.outcome.data == "agree",
            )
            return after("place.show", reference=reference, appointment_id=appointment_id)
        except Refused as refusal:
            refused(form, refusal)
            place = _place(reference, appointment_id, Permission.AGREEMENT_CONFIRM)
            waiting = _waiting(appointment_id)
    return page(
        "lots/novating/decide.html",
        form=form,
        place=place,
        passing=waiting,
        plans=plans_of(session(), waiting.ending),
        warnings=warnings_for(session(), place.agreement, waiting),
        may_decide=waiting.ending.proposed_by_id != visitor().person_id,
        status=422 if form.problems else 200,
    )


def _waiting(appointment_id: int) -> Passing:
    found = waiting_novation(session(), appointment_id)
    if found is None:
        raise NotFound
    return found


@door.get(f"{_PLACE}/deed")
@requires(Permission.AGREEMENT_READ)
def deed(reference: str, appointment_id: int) -> Any:
    """The deed by which the place passed on, as a download for people of the councils; the look is noted."""
    place = finding.appointment(session(), visitor(), appointment_id)
    finding.lot_and_agreement(session(), visitor(), reference)
    if place.lot.reference != reference:
        raise NotFound
    passing, document = deed_of(session(), appointment_id)
    if passing.ending.agreed is None:
        # What only waits is for those who propose and agree.
        permitted(visitor(), Permission.AGREEMENT_CONFIRM, place.agreement.lead_authority_id)
    looked_at(
        about_place(place.agreement, place.lot, place.appointment, place.supplier),
        "the deed by which the place passes on",
    )
    return send_download(document)


def step(own: Session, who: Visitor, appointment: Appointment) -> Step | None:
    """On the page of a partner's place: propose that it passes on, or look at a proposal that waits."""
    place = finding.appointment(own, who, appointment.id)
    if is_open_to_change(place.agreement) or appointment.ended_on is not None or not appointment.active_from:
        return None
    where: dict[str, Any] = {"reference": place.lot.reference, "appointment_id": appointment.id}
    waiting = waiting_ending(own, appointment.id)
    if waiting is not None:
        may_agree = who.may(Permission.AGREEMENT_CONFIRM, place.agreement.lead_authority_id)
        if waiting.ended_as != "novated" or not may_agree:
            return None
        return Step("See the proposed novation", url_for("novating.decide", **where), primary=True)
    if not may_change(who, place.agreement):
        return None
    return Step("Propose that another company takes over", url_for("novating.propose", **where))


def section(own: Session, who: Visitor, appointment: Appointment) -> Section | None:
    """On the page of a place that came from another company, or passed on to one."""
    found = passings_of(own, appointment.id)
    if not found:
        return None
    plans = plans_for(own, found)
    return Section(
        key="novation",
        heading="Taken over after a restructuring",
        template="lots/novating/_section.html",
        facts={
            "here": appointment.id,
            "passings": [(one, plans[one.ending.id]) for one in found],
        },
    )


def company_section(own: Session, who: Visitor, supplier: Party) -> Section | None:
    """On the page of a partner's own company: places that it passed on or took over."""
    found = passings_of_company(own, supplier.id)
    if not found:
        return None
    plans = plans_for(own, found)
    return Section(
        key="novation",
        heading="Places passed on and taken over",
        template="lots/novating/_company.html",
        facts={
            # What a predecessor's call-offs are is its own: its successor reads nothing of them.
            "passings": [
                (one, plans[one.ending.id] if one.predecessor.id == supplier.id else []) for one in found
            ],
            "today": dates.today(),
        },
    )


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home: novations that somebody else proposed and this visitor may agree to."""
    found = novations_to_agree(own, who)
    if not found:
        return None
    return Panel(
        heading="Novations to agree",
        items=tuple(
            Waiting(
                title=f"{one.successor.name} for {one.predecessor.name}, lot {one.lot.reference}",
                detail=f"Proposed {dates.in_words(dates.as_london(one.ending.proposed_at).date())}",
                address=url_for(
                    "novating.decide",
                    reference=one.lot.reference,
                    appointment_id=one.ending.appointment_id,
                ),
                kind="novation",
            )
            for one in found
        ),
        empty="",
    )
