"""Issuing the order form of an awarded call-off."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs import finding, issuing
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.documents import kept, order_form, waiting
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor
from framework.records.database import begin_writing
from framework.records.documents import available
from framework.web.fields import VisitForm
from framework.web.home import Panel, Waiting
from framework.web.sections import Step
from framework.web.visit import after, page, refused, repeatable, requires, session, visitor

door = Blueprint("issuing", __name__)


# Sending it twice gives the same document, so it needs no key; and a key would be undone by the break between transactions.
@door.route("/call-offs/<reference>/issue", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_AWARD)
@repeatable
def form(reference: str) -> Any:
    """What will be issued, what is missing, and the button."""
    issue = VisitForm()
    if issue.validate_on_submit():
        try:
            _issue(reference)
            return after("call_off.show", reference=reference)
        except Refused as refusal:
            refused(issue, refusal)
    call_off = _awarded(reference)
    if kept.issued(session(), call_off):
        return after("call_off.show", reference=reference)
    snapshot = order_form.snapshot(session(), call_off)
    return page(
        "calloffs/issuing/form.html",
        form=issue,
        call_off=call_off,
        paper=snapshot,
        missing=order_form.mandatory(snapshot),
        lacking=available(),
        status=422 if issue.problems else 200,
    )


def _issue(reference: str) -> None:
    # Two short transactions with the drawing between them: no writer waits while a page is being drawn.
    frozen = issuing.freeze(session(), actor=visitor(), call_off=_awarded(reference))
    pressed = None
    if frozen is not None:
        session().rollback()
        pressed = issuing.draw(frozen)
        begin_writing(session())
    issuing.issue_order_form(session(), actor=visitor(), call_off=_awarded(reference), pressed=pressed)


def _awarded(reference: str) -> CallOff:
    call_off = finding.call_off(session(), visitor(), reference)
    if call_off.awarded_at is None or not visitor().may(Permission.CALL_OFF_AWARD, call_off.authority_id):
        raise NotFound
    return call_off


def step(session: Session, visitor: Visitor, call_off: CallOff) -> Step | None:
    """Issuing, for the buyer's officers, once awarded."""
    if call_off.status is not CallOffStatus.AWARDED:
        return None
    if not visitor.may(Permission.CALL_OFF_AWARD, call_off.authority_id):
        return None
    return Step("Issue the order form", url_for("issuing.form", reference=call_off.reference), primary=True)


def panel(session: Session, visitor: Visitor) -> Panel | None:
    """Home: awarded call-offs whose order form this officer has still to issue."""
    if not visitor.may(Permission.CALL_OFF_AWARD):
        return None
    return Panel(
        "To issue",
        tuple(
            Waiting(
                f"{one.reference}, {one.title}",
                f"Awarded for {one.value} net of VAT; the order form is not issued yet",
                url_for("issuing.form", reference=one.reference),
                "issuing",
            )
            for one in waiting.to_issue(session, visitor)
        ),
        "No order form waits for you to issue it.",
    )
