"""One accrual: how it came about, and another amount in its place with a reason."""

from datetime import date
from typing import Any

from flask import Blueprint

from calloffs.finding import call_off
from calloffs.periods.accrual_table import RULE
from calloffs.periods.accruing import one_accrued
from calloffs.periods.adjusting import adjust_accrual, adjustments
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission
from framework.web.fields import MoneyField, VisitForm, WordsField, at_most
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("accruing", __name__)


class AdjustForm(VisitForm):
    accrual = MoneyField("Accrual, net of VAT")
    reason = WordsField("Why?", [at_most(1000, "Why")])


@door.route("/spend/accruals/<reference>/<day>", methods=["GET", "POST"])
@requires(Permission.SPEND_READ)
def show(reference: str, day: str) -> Any:
    """The working of one accrual at the end of a day."""
    found, on = call_off(session(), visitor(), reference), _day(day)
    may_adjust = visitor().may(Permission.INVOICE_RECORD, found.authority_id)
    form = AdjustForm()
    if form.validate_on_submit():
        if not may_adjust:
            raise NotFound
        try:
            adjust_accrual(
                session(),
                actor=visitor(),
                reference=reference,
                day=on,
                accrual=form.accrual.data,
                reason=form.reason.data or "",
            )
            return after("accruing.show", reference=reference, day=day)
        except Refused as refusal:
            refused(form, refusal)
    return page(
        "calloffs/accruing/show.html",
        form=form,
        one=one_accrued(session(), visitor(), reference, on),
        on=on,
        adjusted=adjustments(session(), found.id, on),
        may_adjust=may_adjust,
        rule=RULE,
        status=422 if form.problems else 200,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
