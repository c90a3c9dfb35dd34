"""Suspending a call-off, resuming it, and ending it early."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs import finding
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.pausing import resume_call_off, suspend_call_off
from calloffs.terminating import RUNNING, terminate_call_off
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor
from framework.web.fields import DayField, VisitForm, WordsField, at_most, needed
from framework.web.sections import Step
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("pausing", __name__)


class ReasonForm(VisitForm):
    reason = WordsField("Why?", [at_most(2000, "Why")])


class TerminateForm(VisitForm):
    last_day = DayField("Last day", [needed("Enter the last day")], what="Last day")
    reason = WordsField("Why does it end early?", [at_most(2000, "Why")])


@door.route("/call-offs/<reference>/suspend", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def suspend(reference: str) -> Any:
    """Stop the work for a while."""
    said = (
        "Suspend this call-off",
        "Work stops; the last day and the reminders stay as they are.",
        "Suspend it",
    )
    return _reason(reference, "pausing.suspend", said, suspend_call_off)


@door.route("/call-offs/<reference>/resume", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def resume(reference: str) -> Any:
    """Let the work go on."""
    said = ("Resume this call-off", "Work goes on to the last day agreed.", "Resume it")
    return _reason(reference, "pausing.resume", said, resume_call_off)


def _reason(reference: str, endpoint: str, said: tuple[str, str, str], act: Callable[..., Any]) -> Any:
    form = ReasonForm()
    return _form(
        reference,
        endpoint,
        form,
        said,
        lambda found: act(session(), actor=visitor(), call_off=found, reason=form.reason.data or ""),
    )


@door.route("/call-offs/<reference>/terminate", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def terminate(reference: str) -> Any:
    """End the call-off before its last day."""
    form = TerminateForm()

    def act(found: CallOff) -> None:
        last_day = form.last_day.data
        assert last_day is not None  # `needed` saw to it
        terminate_call_off(
            session(), actor=visitor(), call_off=found, last_day=last_day, reason=form.reason.data or ""
        )

    said = (
        "End this call-off early",
        "What is committed and not invoiced stays committed until the call-off is closed.",
        "End it early",
    )
    return _form(
        reference,
        "pausing.terminate",
        form,
        said,
        act,
    )


def _form(
    reference: str,
    endpoint: str,
    form: VisitForm,
    said: tuple[str, str, str],
    act: Callable[[CallOff], Any],
) -> Any:
    found = _ours(reference)
    if form.validate_on_submit():
        try:
            act(found)
            return after("call_off.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            found = _ours(reference)
    heading, explanation, press = said
    return page(
        "calloffs/pausing/form.html",
        form=form,
        call_off=found,
        heading=heading,
        explanation=explanation,
        press=press,
        address=url_for(endpoint, reference=reference),
        status=422 if form.problems else 200,
    )


def _ours(reference: str) -> CallOff:
    found = finding.call_off(session(), visitor(), reference)
    if found.signed_at is None or not visitor().may(Permission.CALL_OFF_RAISE, found.authority_id):
        raise NotFound
    return found


def pause_step(_own: Session, who: Visitor, found: CallOff) -> Step | None:
    """Suspend a live call-off, or resume a suspended one."""
    if not who.may(Permission.CALL_OFF_RAISE, found.authority_id):
        return None
    if found.status is CallOffStatus.SUSPENDED:
        return Step("Resume it", url_for("pausing.resume", reference=found.reference), True)
    if found.status is CallOffStatus.LIVE:
        return Step("Suspend it", url_for("pausing.suspend", reference=found.reference))
    return None


def terminate_step(_own: Session, who: Visitor, found: CallOff) -> Step | None:
    """End a running call-off early."""
    if found.status not in RUNNING or found.terminated_on:
        return None
    if not who.may(Permission.CALL_OFF_RAISE, found.authority_id):
        return None
    return Step("End it early", url_for("pausing.terminate", reference=found.reference))
