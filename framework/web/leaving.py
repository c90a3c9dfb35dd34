"""Leaving: the last day on which a member authority may call off."""

from typing import Any

from flask import Blueprint

from framework import finding
from framework.definitions.rules import NotFound, Refused
from framework.leaving import leave_agreement
from framework.people.permissions import Permission, permitted
from framework.web.fields import DayField, VisitForm, WordsField, at_most
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("agreement_leaving", __name__)


class LeavingForm(VisitForm):
    last_day = DayField("Last day on which it may call off", what="Last day")
    reason = WordsField("Why it leaves", validators=[at_most(1000, "Why it leaves")])


@door.route(
    "/agreements/<reference>/authorities/<int(max=2147483647):authority_id>/leave", methods=["GET", "POST"]
)
@requires(Permission.AGREEMENT_OPEN)
def form(reference: str, authority_id: int) -> Any:
    """Recorded by the lead authority; its history stays readable to the authority that leaves."""
    agreement = finding.agreement(session(), visitor(), reference)
    permitted(visitor(), Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    party = next(
        (
            one
            for member, one in finding.members(session(), agreement)
            if member.authority_id == authority_id and authority_id != agreement.lead_authority_id
        ),
        None,
    )
    if party is None:
        raise NotFound
    typed = LeavingForm()
    if typed.validate_on_submit():
        try:
            leave_agreement(
                session(),
                actor=visitor(),
                agreement=agreement,
                authority_id=authority_id,
                last_day=typed.last_day.data,
                reason=typed.reason.data or "",
            )
            return after("agreement.show", reference=reference, _anchor="authorities")
        except Refused as refusal:
            refused(typed, refusal)
            agreement = finding.agreement(session(), visitor(), reference)
    return page(
        "framework/leaving/form.html",
        form=typed,
        agreement=agreement,
        party=party,
        status=422 if typed.problems else 200,
    )
