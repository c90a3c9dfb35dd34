"""Closing a call-off: the check-list, deliverables, finance's agreement, and the close itself."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs import finding, outcomes
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.closing import (
    Rating,
    accept_deliverable,
    agree_final,
    close_call_off,
    deliverables,
    ended_not_closed,
    is_settled,
    unsettled,
)
from calloffs.giving_feedback import LEAST, MOST
from calloffs.offer import Offer
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor
from framework.web.fields import ChoiceField, LineField, VisitForm, WordsField, at_most
from framework.web.home import Panel, Waiting
from framework.web.sections import Section, Step
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("call_off_closing", __name__)
_OVER = (CallOffStatus.ENDED, CallOffStatus.TERMINATED)


class CloseForm(VisitForm):
    rating = ChoiceField("How did it go?", choices=[(one.value, one.label) for one in Rating])
    outcome = WordsField("What did the council get for its money?", [at_most(4000, "Outcome")])
    feedback = WordsField("Feedback to the partner", [at_most(MOST, "Feedback")])


class DeliverableForm(VisitForm):
    waived_reason = LineField("Why does the council do without it?", [at_most(1000, "Why")])


@door.route("/call-offs/<reference>/close", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_CLOSE)
def form(reference: str) -> Any:
    """The check-list; a commissioning manager closes here."""
    found = _ours(reference)
    form = CloseForm()
    if form.validate_on_submit():
        rating = Rating(form.rating.data) if form.rating.data in set(Rating) else None
        try:
            close_call_off(
                session(),
                actor=visitor(),
                call_off=found,
                outcome=form.outcome.data or "",
                rating=rating,
                feedback=form.feedback.data or "",
            )
            return after("call_off.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            found = _ours(reference)
    return _page(found, form)


@door.post("/call-offs/<reference>/final-figures")
@requires(Permission.INVOICE_RECORD)
def agree(reference: str) -> Any:
    """Finance agrees that everything is settled."""
    found = _ours(reference)
    form = CloseForm()
    try:
        agree_final(session(), actor=visitor(), call_off=found)
        return after("call_off_closing.form", reference=reference)
    except Refused as refusal:
        refused(form, refusal)
        return _page(_ours(reference), form)


@door.route("/call-offs/<reference>/deliverables/<int(max=2147483647):number>", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def waive(reference: str, number: int) -> Any:
    """Do without a deliverable, with a reason."""
    found = _ours(reference)
    one = _deliverable(found, number)
    form = DeliverableForm()
    if form.validate_on_submit():
        try:
            accept_deliverable(
                session(),
                actor=visitor(),
                call_off=found,
                deliverable=one,
                waived_reason=form.waived_reason.data or "",
            )
            return after("call_off_closing.form", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            found = _ours(reference)
            one = _deliverable(found, number)
    return page(
        "calloffs/closing/waive.html",
        form=form,
        call_off=found,
        deliverable=one,
        status=422 if form.problems else 200,
    )


@door.post("/call-offs/<reference>/deliverables/<int(max=2147483647):number>/accept")
@requires(Permission.CALL_OFF_RAISE)
def accept(reference: str, number: int) -> Any:
    """Accept a deliverable."""
    found = _ours(reference)
    accept_deliverable(session(), actor=visitor(), call_off=found, deliverable=_deliverable(found, number))
    return after("call_off_closing.form", reference=reference)


def _deliverable(found: CallOff, number: int) -> Any:
    one = next((one for one in deliverables(session(), found) if one.number == number), None)
    if one is None:
        raise NotFound
    return one


def _ours(reference: str) -> CallOff:
    found = finding.call_off(session(), visitor(), reference)
    if found.signed_at is None or not visitor().may(Permission.CALL_OFF_CLOSE, found.authority_id):
        raise NotFound
    return found


def _page(found: CallOff, form: CloseForm) -> Any:
    who = visitor()
    return page(
        "calloffs/closing/form.html",
        form=form,
        call_off=found,
        around=finding.around(session(), found),
        is_over=found.status in _OVER,
        deliverables=[(one, is_settled(one)) for one in deliverables(session(), found)],
        unsettled=unsettled(session(), found),
        least=LEAST,
        may_close=who.may(Permission.CALL_OFF_RAISE, found.authority_id),
        may_agree=who.may(Permission.INVOICE_RECORD, found.authority_id),
        status=422 if form.problems else 200,
    )


# Places on other pages


def step(_own: Session, who: Visitor, found: CallOff) -> Step | None:
    """The check-list, from signing on."""
    if found.signed_at is None or found.closed_at or found.award_withdrawn_at:
        return None
    if not who.may(Permission.CALL_OFF_CLOSE, found.authority_id):
        return None
    over = found.status in _OVER
    return Step(
        "Close it" if over else "Deliverables and closing",
        url_for("call_off_closing.form", reference=found.reference),
        over,
    )


def section(own: Session, who: Visitor, found: CallOff) -> Section | None:
    """The outcome of a closed call-off, and what its partner was told at award and close, with its reply."""
    if not finding.reads_whole(who, found) or found.awarded_at is None:
        return None
    offer = own.get(Offer, found.offer_id) if found.offer_id else None
    given = outcomes.feedback_on(own, [offer]).get(offer.id, ()) if offer else ()
    if found.closed_at is None and not given:
        return None
    rating = Rating(found.outcome_rating).label if found.outcome_rating in set(Rating) else "Not rated"
    facts = {"closed_at": found.closed_at, "rating": rating, "outcome": found.outcome, "given": given}
    return Section("outcome", "Outcome", "calloffs/closing/_outcome.html", facts)


def to_agree_panel(own: Session, who: Visitor) -> Panel | None:
    """For finance: call-offs that are over and wait for their final figures."""
    mine = who.parties_where(Permission.INVOICE_RECORD)
    if not mine:
        return None
    rows = ended_not_closed(own, mine, agreed=False)
    return Panel(
        "Final figures to agree", tuple(_waiting(one) for one in rows), "No ended call-off waits for you."
    )


def to_close_panel(own: Session, who: Visitor) -> Panel | None:
    """For commissioning managers: call-offs that are over and not closed."""
    mine = who.parties_where(Permission.CALL_OFF_RAISE)
    if not mine:
        return None
    rows = ended_not_closed(own, mine)
    return Panel(
        "Call-offs to close", tuple(_waiting(one) for one in rows), "No ended call-off waits to be closed."
    )


def _waiting(one: CallOff) -> Waiting:
    said = "final figures agreed" if one.finance_agreed_at else "final figures not agreed yet"
    return Waiting(
        f"{one.reference} {one.title}",
        f"{one.status.label}, {said}",
        url_for("call_off_closing.form", reference=one.reference),
        "call_off",
    )
