"""Deciding a business case, on one screen."""

from typing import Any

from flask import Blueprint, request, url_for
from sqlmodel import Session
from wtforms.validators import StopValidation
from wtforms.widgets import HiddenInput

from calloffs.business_case import finding
from calloffs.business_case.case import BusinessCase, CaseStatus
from calloffs.business_case.deciding import Outcome, decide_case, default_last_day, own_case
from framework.definitions import dates
from framework.definitions.rules import Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.web.fields import (
    ChoiceField,
    DayField,
    MoneyField,
    NumberField,
    VisitForm,
    WordsField,
    at_most,
    needed,
)
from framework.web.home import Panel, Waiting
from framework.web.sections import Step
from framework.web.visit import after, page, refused, requires, session, visitor
from framework.web.words import count

door = Blueprint("case_deciding", __name__)


class DecideForm(VisitForm):
    seen = NumberField("Version", widget=HiddenInput())
    outcome = ChoiceField(
        "Your decision",
        [needed("Choose whether to approve, return or reject the case")],
        choices=[
            (Outcome.APPROVED.value, "Approve"),
            (Outcome.RETURNED.value, "Return it to be put right"),
            (Outcome.REJECTED.value, "Reject"),
        ],
    )
    reason = WordsField(
        "Reason",
        [at_most(4000, "The reason")],
        description="Needed when you return or reject the case; its author reads it",
    )
    amount = MoneyField("Amount you approve, net of VAT", description="All that is asked for, or less")
    valid_until = DayField(
        "Last day of the approval",
        what="Last day of the approval",
        description="A call-off must begin to use it by then, or it lapses",
    )
    conditions = WordsField("Conditions (optional)", [at_most(4000, "Conditions")])

    def validate_amount(self, field: Any) -> None:
        """An approval says how much, and is never guessed from an empty box."""
        if self.outcome.data == Outcome.APPROVED and field.data is None and not field.errors:
            raise StopValidation("Enter the amount you approve")


@door.route("/cases/<reference>/decide", methods=["GET", "POST"])
@requires(Permission.CASE_DECIDE)
def form(reference: str) -> Any:
    """What, why, how much, and the decision."""
    case = _to_decide(reference)
    if request.method == "GET" and case.status_on(dates.today()) is not CaseStatus.SUBMITTED:
        return after("case.show", reference=reference)
    form = DecideForm(
        data={
            "seen": case.version,
            "amount": case.requested,
            "valid_until": default_last_day(session(), case),
        }
    )
    if form.validate_on_submit():
        try:
            decide_case(
                session(),
                actor=visitor(),
                case=case,
                outcome=form.outcome.data,
                reason=form.reason.data,
                conditions=form.conditions.data,
                amount=form.amount.data,
                valid_until=form.valid_until.data,
                seen=form.seen.data,
            )
            return after("case.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            case = _to_decide(reference)
            form.seen.raw_data, form.seen.data = None, case.version
    return page(
        "calloffs/case/deciding.html",
        form=form,
        case=case,
        whole=finding.whole(session(), case),
        own=own_case(case, visitor()),
        waits=case.status_on(dates.today()) is CaseStatus.SUBMITTED,
        limit=visitor().limit_at(case.authority_id, Permission.CASE_DECIDE),
        status=422 if form.problems else 200,
    )


def _to_decide(reference: str) -> BusinessCase:
    case = finding.case(session(), visitor(), reference)
    permitted(visitor(), Permission.CASE_DECIDE, case.authority_id)
    return case


def decide_step(_session: Session, who: Visitor, case: BusinessCase) -> Step | None:
    """Decide a case that waits and is not one's own."""
    waits = case.status_on(dates.today()) is CaseStatus.SUBMITTED
    if not waits or own_case(case, who) or not who.may(Permission.CASE_DECIDE, case.authority_id):
        return None
    return Step("Decide this case", url_for("case_deciding.form", reference=case.reference), primary=True)


def to_decide(own: Session, who: Visitor) -> Panel | None:
    """On home: what waits for this approver, the oldest first, straight to its decision."""
    if not who.may(Permission.CASE_DECIDE):
        return None
    items = tuple(
        Waiting(
            title=f"{row.case.title} ({row.case.reference})",
            detail=f"{row.case.requested} net of VAT, from {row.author}, {_age(row.case)}",
            address=url_for("case_deciding.form", reference=row.case.reference),
            kind="business_case",
        )
        for row in finding.to_decide(own, who)
    )
    return Panel(
        "Business cases to decide",
        items,
        "No business case waits for you.",
        url_for("case.index", status=CaseStatus.SUBMITTED.value),
    )


def _age(case: BusinessCase) -> str:
    days = case.days_waiting(dates.today())
    return f"waiting {count(days, 'day')}" if days else "submitted today"
