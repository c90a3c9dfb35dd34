"""A partner proposes rates: typed into a table, pasted or uploaded, checked beside the card they follow, then sent."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused, refuse
from framework.people.permissions import Permission, Visitor
from framework.records.sheet import Checked, Sheet
from framework.records.workbook import XLSX
from framework.web.fields import NumberField, VisitForm
from framework.web.home import Panel, Waiting
from framework.web.visit import after, page, refused, repeatable, requires, session, visitor, writes_apart
from lots import copying, finding, rate_finding
from lots.finding import Place
from lots.rate_proposal import RateProposal, RateProposalStatus
from lots.rate_proposing import save_proposal, submit_proposal, withdraw_proposal
from lots.rate_rules import hours_shown, rule_in_words
from lots.rates_reading import Above
from lots.rates_template import as_csv, as_xlsx, or_blank
from lots.rating import above_here
from lots.web.rate_table import RatesForm, UploadForm, as_table, by_role, read_into, rows_of, sheet_of
from lots.workforce import FAMILIES, LEVELS, ROLES

door = Blueprint("rate_proposing", __name__)
_HERE = "/my-company/rates/<int(max=2147483647):appointment_id>"


class AnswerForm(VisitForm):
    revision = NumberField("Draft", what="The draft")


def may_propose(who: Visitor, place: Place) -> bool:
    """Whether the visitor may put new rates forward for this place."""
    return (
        who.may(Permission.COMPANY_KEEP, place.supplier.id)
        and place.appointment.ended_on is None
        and not place.agreement.recorded_as_past
    )


def _place(appointment_id: int) -> Place:
    place = finding.own_place(session(), visitor(), appointment_id, Permission.COMPANY_KEEP)
    if not may_propose(visitor(), place):
        refuse("This place has ended, so no new rates can be proposed for it")
    return place


@door.route(f"{_HERE}/propose", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def form(appointment_id: int) -> Any:
    """The table of rates, beginning with what the partner drafted, was sent back or charges now."""
    place = _place(appointment_id)
    known = rate_finding.open_proposal(session(), appointment_id)
    if known and known.status is RateProposalStatus.SUBMITTED and not request.form:
        return after("rate_proposing.show", appointment_id=appointment_id, proposal_id=known.id)
    form = RatesForm(data=_before(place, known))
    if form.add_asked:
        form.add_row()
        return _table(form, place, None)
    if form.is_submitted():
        typed_right = form.validate()
        lines = form.lines(above_here(session(), place, form.from_on.data))
        if typed_right and not form.problems:
            try:
                saved = save_proposal(
                    session(),
                    actor=visitor(),
                    place=place,
                    from_on=form.from_on.data,
                    rates=lines,
                    hours_per_day_hundredths=form.hours_per_day.hundredths,
                    basis_version=-1 if form.basis.data is None else form.basis.data,
                    revision=form.revision.data or 0,
                )
                if request.form.get("do") == "send":
                    submit_proposal(
                        session(), actor=visitor(), place=place, proposal=saved, revision=saved.revision
                    )
                return after("rate_proposing.show", appointment_id=appointment_id, proposal_id=saved.id)
            except Refused as refusal:
                refused(form, refusal)
                place = _place(appointment_id)
    return _table(form, place, None)


@door.route(f"{_HERE}/upload", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
@repeatable
@writes_apart
def upload(appointment_id: int) -> Any:
    """Read a file or a paste into the table, to be looked at and mended there. Nothing is saved."""
    place = _place(appointment_id)
    asked = UploadForm()
    if asked.validate_on_submit():
        try:
            sheet = asked.sheet()
            known = rate_finding.open_proposal(session(), appointment_id)
            before = _before(place, known)
            above = above_here(session(), place, before["from_on"])
            return _read(place, sheet, before, above)
        except Refused as refusal:
            refused(asked, refusal)
            place = _place(appointment_id)
    return page(
        "lots/rate_proposing/upload.html", form=asked, place=place, status=422 if asked.problems else 200
    )


def _read(place: Place, sheet: Sheet, before: dict[str, Any], above: Above | None, **more: Any) -> Any:
    checked, table = read_into(before, sheet, above)
    return _table(table, place, checked, **more)


@door.get(f"{_HERE}/copy/<int(max=2147483647):from_id>")
@requires(Permission.COMPANY_KEEP)
def copy(appointment_id: int, from_id: int) -> Any:
    """The table filled with the rates of another of the company's own lots, to be looked at and mended. Nothing is saved."""
    place = _place(appointment_id)
    copied = copying.rates_of(session(), visitor(), place, from_id)
    known = rate_finding.open_proposal(session(), appointment_id)
    if known and known.status is RateProposalStatus.SUBMITTED:
        return after("rate_proposing.show", appointment_id=appointment_id, proposal_id=known.id)
    before = {**_before(place, known), "hours_per_day": hours_shown(copied.hours_per_day_hundredths)}
    above = above_here(session(), place, before["from_on"])
    return _read(place, sheet_of(as_table(by_role(copied.lines))), before, above, copied=copied)


@door.get(f"{_HERE}/template.<kind>")
@requires(Permission.COMPANY_KEEP)
def template(appointment_id: int, kind: str) -> Response:
    """Our columns with the partner's newest rates, or with the roles we know."""
    place = finding.own_place(session(), visitor(), appointment_id, Permission.COMPANY_KEEP)
    if kind not in ("csv", "xlsx"):
        raise NotFound
    cards = finding.rate_cards(session(), appointment_id)
    table = or_blank(as_table(cards[0][1]) if cards else [])
    body, media = (as_csv(table), "text/csv; charset=utf-8") if kind == "csv" else (as_xlsx(table), XLSX)
    name = f"rates-{place.lot.reference}.{kind}"
    return Response(
        body, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@door.route(f"{_HERE}/proposals/<int(max=2147483647):proposal_id>", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def show(appointment_id: int, proposal_id: int) -> Any:
    """One proposal beside the card it would follow; a draft may be sent, and what waits may be taken back."""
    own, who = session(), visitor()
    place = finding.own_place(own, who, appointment_id, Permission.COMPANY_KEEP)
    proposal = rate_finding.proposal(own, place, proposal_id)
    answer = AnswerForm()
    if answer.validate_on_submit():
        try:
            if request.form.get("do") == "withdraw":
                withdraw_proposal(own, actor=who, place=place, proposal=proposal)
                return after("my_company.rates", appointment_id=appointment_id)
            submit_proposal(
                own, actor=who, place=place, proposal=proposal, revision=answer.revision.data or 0
            )
            return after("rate_proposing.show", appointment_id=appointment_id, proposal_id=proposal_id)
        except Refused as refusal:
            refused(answer, refusal)
            place = finding.own_place(own, who, appointment_id, Permission.COMPANY_KEEP)
            proposal = rate_finding.proposal(own, place, proposal_id)
    return page(
        "lots/rate_proposing/show.html",
        form=answer,
        place=place,
        proposal=proposal,
        **comparison_shown(place, proposal),
        status=422 if answer.problems else 200,
    )


def comparison_shown(place: Place, proposal: RateProposal) -> dict[str, Any]:
    """What the page of a proposal needs: old and new side by side, and the lot's rule about rises."""
    lines = rate_finding.lines_of(session(), proposal)
    found = rate_finding.compared(session(), place, lines, proposal.from_on) if proposal.is_open else None
    return {
        "compared": found,
        "old_hours": hours_shown(found.card.hours_per_day_hundredths) if found and found.card else "",
        "rows": as_table(by_role(lines)),
        "levels": LEVELS,
        "hours": hours_shown(proposal.hours_per_day_hundredths),
        "rule": rule_in_words(place.lot),
    }


def _before(place: Place, known: RateProposal | None) -> dict[str, Any]:
    own = session()
    cards = finding.rate_cards(own, place.appointment.id)
    version = cards[0][0].version if cards else 0
    first_day = None if cards else place.appointment.active_from or place.agreement.starts_on or dates.today()
    sent = known or next(iter(rate_finding.proposals(own, place.appointment.id)), None)
    if sent and sent.status is not RateProposalStatus.ACCEPTED:
        table = as_table(by_role(rate_finding.lines_of(own, sent)))
        hours, day = sent.hours_per_day_hundredths, sent.from_on
    elif cards:
        table, hours, day = as_table(cards[0][1]), cards[0][0].hours_per_day_hundredths, None
    else:
        begin = {"roles": ROLES, "categories": FAMILIES}.get(request.args.get("begin", ""), ())
        table, hours, day = [(one, [None] * len(LEVELS)) for one in begin], 750, first_day
    return {
        "from_on": day,
        "hours_per_day": hours_shown(hours),
        "rates": rows_of(table),
        "basis": version,
        "revision": known.revision if known else 0,
    }


def _table(form: RatesForm, place: Place, checked: Checked | None, **more: Any) -> Any:
    own = session()
    latest = next(iter(rate_finding.proposals(own, place.appointment.id)), None)
    begun = checked or form.is_submitted() or (latest and (latest.is_open or latest.return_reason))
    return page(
        "lots/rate_proposing/form.html",
        form=form,
        place=place,
        checked=checked,
        basis=rate_finding.newest_version(own, place),
        latest=latest,
        rule=rule_in_words(place.lot),
        levels=LEVELS,
        words=(*ROLES, *FAMILIES),
        sources=[] if begun else copying.sources_of_rates(own, visitor(), place),
        **more,
        # A page that was only looked at refuses nothing, whatever is to mend on it.
        status=422 if request.form and (form.problems or (checked and checked.findings)) else 200,
    )


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home: the visitor's own rates that were sent back, or are a draft."""
    found = rate_finding.unfinished(own, who)
    if not found:
        return None
    return Panel(
        heading="Rates to finish",
        items=tuple(
            Waiting(
                title=f"Lot {place.lot.reference}: {place.lot.title}",
                detail="Sent back with a reason"
                if proposal.status is RateProposalStatus.RETURNED
                else "A draft that has not been sent",
                address=url_for(
                    "rate_proposing.show", appointment_id=place.appointment.id, proposal_id=proposal.id
                ),
                kind="rates",
            )
            for proposal, place in found
        ),
        empty="",
    )
