"""Sending an invoice back that is not valid, with what it lacks."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs import finding
from calloffs.call_off import CallOff
from calloffs.clocks.sending_back import FAULTS, InvalidFacts, send_back
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.web.fields import (
    DayField,
    LineField,
    MoneyField,
    TicksField,
    VisitForm,
    WordsField,
    at_most,
    needed,
)
from framework.web.sections import Step
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("sending_back", __name__)


class SendBackForm(VisitForm):
    faults = TicksField("What does it lack?", choices=list(FAULTS.items()))
    number = LineField("Invoice number, if it has one", [at_most(60, "Invoice number")])
    gross = MoneyField("Sum including VAT in pounds, if it names one", allow_negative=True)
    received_on = DayField(
        "Day it was received", [needed("Enter the day it was received")], what="Day it was received"
    )
    words = WordsField(
        "What the partner must mend",
        [needed("Say what the partner must mend"), at_most(2000, "What the partner must mend")],
    )


@door.route("/spend/payments/<reference>/send-back", methods=["GET", "POST"])
@requires(Permission.INVOICE_RECORD)
def form(reference: str) -> Any:
    """Note an invoice that is not valid, and tell the partner."""
    found = _ours(reference)
    form = SendBackForm(data={"received_on": dates.today()})
    if form.validate_on_submit():
        received_on = form.received_on.data
        assert received_on is not None  # `needed` saw to it
        facts = InvalidFacts(
            received_on=received_on,
            faults=tuple(form.faults.data or ()),
            words=form.words.data or "",
            number=form.number.data or "",
            gross=form.gross.data,
        )
        try:
            send_back(session(), actor=visitor(), call_off=found, facts=facts)
            return after("call_off.show", reference=reference, _anchor="disputes")
        except Refused as refusal:
            refused(form, refusal)
            found = _ours(reference)
    return page(
        "calloffs/clocks/send_back.html",
        form=form,
        call_off=found,
        partner=finding.around(session(), found).partner,
        status=422 if form.problems else 200,
    )


def _ours(reference: str) -> CallOff:
    found = finding.call_off(session(), visitor(), reference)
    permitted(visitor(), Permission.INVOICE_RECORD, found.authority_id)
    if found.signed_at is None or found.award_withdrawn_at:
        raise NotFound
    return found


def step(_own: Session, who: Visitor, found: CallOff) -> Step | None:
    """Beside recording an invoice: send one back."""
    if found.signed_at is None or found.closed_at or found.award_withdrawn_at:
        return None
    if not who.may(Permission.INVOICE_RECORD, found.authority_id):
        return None
    return Step("Send an invoice back", url_for("sending_back.form", reference=found.reference))
