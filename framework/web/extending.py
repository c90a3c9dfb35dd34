"""Using an option to extend: the lead proposes, every member authority decides."""

from typing import Any

from flask import Blueprint

from framework import extending, finding
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.options import PlannedOption, planned
from framework.people.permissions import Permission, permitted
from framework.web.fields import ChoiceField, VisitForm, WordsField, at_most, needed
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("agreement_extending", __name__)


class ProposeForm(VisitForm):
    late_reason = WordsField("Why it is decided late", validators=[at_most(1000, "Why it is decided late")])
    partner_agreement = WordsField(
        "Where the partners’ written agreement is kept", validators=[at_most(1000, "Where it is kept")]
    )
    longer_reason = WordsField(
        "Why it may run for more than 4 years", validators=[at_most(1000, "Why it may run longer")]
    )


class DecideForm(VisitForm):
    outcome = ChoiceField(
        "What do you decide?",
        choices=[("approve", "Approve the extension"), ("refuse", "Refuse it")],
        validators=[needed("Choose whether to approve or refuse")],
    )
    late_reason = ProposeForm.late_reason
    partner_agreement = ProposeForm.partner_agreement
    reason = WordsField("Why, if you refuse", validators=[at_most(1000, "Why you refuse")])


def _plan(reference: str, number: int) -> tuple[FrameworkAgreement, PlannedOption]:
    agreement = finding.agreement(session(), visitor(), reference)
    for plan in planned(agreement, finding.options(session(), agreement)):
        if plan.option.number == number and not agreement.recorded_as_past:
            return agreement, plan
    raise NotFound


_PLACE = "/agreements/<reference>/options/<int(max=2147483647):number>"


@door.route(f"{_PLACE}/propose", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def propose(reference: str, number: int) -> Any:
    """Propose to use the option, with its dates in full view."""
    agreement, plan = _plan(reference, number)
    permitted(visitor(), Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    form = ProposeForm()
    if form.validate_on_submit():
        try:
            extending.propose_extension(
                session(),
                actor=visitor(),
                agreement=agreement,
                number=number,
                late_reason=form.late_reason.data or "",
                partner_agreement=form.partner_agreement.data or "",
                longer_reason=form.longer_reason.data or "",
            )
            return after("agreement.show", reference=reference, _anchor="options")
        except Refused as refusal:
            refused(form, refusal)
            agreement, plan = _plan(reference, number)
    return _page("framework/extending/propose.html", form, agreement, plan)


@door.route(f"{_PLACE}/decide", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_CONFIRM)
def decide(reference: str, number: int) -> Any:
    """Approve or refuse for one's own authority."""
    agreement, plan = _plan(reference, number)
    form = DecideForm()
    if form.validate_on_submit():
        try:
            if form.outcome.data == "approve":
                extending.approve_extension(
                    session(),
                    actor=visitor(),
                    agreement=agreement,
                    number=number,
                    late_reason=form.late_reason.data or "",
                    partner_agreement=form.partner_agreement.data or "",
                )
            else:
                extending.refuse_extension(
                    session(),
                    actor=visitor(),
                    agreement=agreement,
                    number=number,
                    reason=form.reason.data or "",
                )
            return after("agreement.show", reference=reference, _anchor="options")
        except Refused as refusal:
            refused(form, refusal)
            agreement, plan = _plan(reference, number)
    return _page("framework/extending/decide.html", form, agreement, plan)


def _page(template: str, form: VisitForm, agreement: FrameworkAgreement, plan: PlannedOption) -> Any:
    return page(
        template,
        form=form,
        agreement=agreement,
        plan=plan,
        late=dates.today() > plan.decide_by,
        very_late=dates.today() > plan.last_notice_day,
        status=422 if form.problems else 200,
    )
