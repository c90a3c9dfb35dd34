"""The framework owner answers proposed rates: old and new side by side, then accepted or sent back with a reason."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.rules import Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.web.fields import ChoiceField, VisitForm, WordsField, at_most, needed
from framework.web.home import Panel, Waiting
from framework.web.visit import after, page, refused, requires, session, visitor
from lots import rate_finding
from lots.finding import Place
from lots.rate_deciding import MOST_REASON, accept_proposal, return_proposal
from lots.rate_proposal import RateProposal
from lots.web.place import place_here
from lots.web.rate_proposing import comparison_shown
from lots.web.rating import look

door = Blueprint("rate_deciding", __name__)


class AnswerForm(VisitForm):
    outcome = ChoiceField(
        "Your answer",
        [needed("Choose whether you accept these rates")],
        choices=[
            ("accepted", "Accept them as the next version of the rate card"),
            ("returned", "Send them back with a reason"),
        ],
    )
    reason = WordsField("Reason", [at_most(MOST_REASON, "The reason")], description="The partner reads it")


@door.route(
    "/lots/<reference>/partners/<int(max=2147483647):appointment_id>/rates/proposals/<int(max=2147483647):proposal_id>",
    methods=["GET", "POST"],
)
@requires(Permission.AGREEMENT_OPEN)
def form(reference: str, appointment_id: int, proposal_id: int) -> Any:
    """One proposal beside the newest card, and the answer to it. A draft is the partner's own and is not found."""
    place, proposal = _here(reference, appointment_id, proposal_id)
    answer = AnswerForm()
    if answer.validate_on_submit():
        given: dict[str, Any] = {"actor": visitor(), "place": place, "proposal": proposal}
        try:
            if answer.outcome.data == "accepted":
                accept_proposal(session(), **given)
            else:
                return_proposal(session(), **given, reason=answer.reason.data)
            return after("rating.show", reference=reference, appointment_id=appointment_id)
        except Refused as refusal:
            refused(answer, refusal)
            place, proposal = _here(reference, appointment_id, proposal_id)
    look(place)
    return page(
        "lots/rate_deciding/form.html",
        form=answer,
        place=place,
        proposal=proposal,
        **comparison_shown(place, proposal),
        status=422 if answer.problems else 200,
    )


def _here(reference: str, appointment_id: int, proposal_id: int) -> tuple[Place, RateProposal]:
    place = place_here(reference, appointment_id)
    permitted(visitor(), Permission.AGREEMENT_OPEN, place.agreement.lead_authority_id)
    return place, rate_finding.sent_proposal(session(), place, proposal_id)


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home: rates that partners have sent and that wait for the framework owner."""
    if not who.may(Permission.AGREEMENT_OPEN):
        return None
    return Panel(
        heading="Proposed rates to answer",
        items=tuple(
            Waiting(
                title=f"{place.supplier.name}, lot {place.lot.reference}",
                detail=f"Sent {dates.days_between_in_words(dates.today(), dates.as_london(proposal.submitted_at).date())}"
                if proposal.submitted_at
                else "",
                address=url_for(
                    "rate_deciding.form",
                    reference=place.lot.reference,
                    appointment_id=place.appointment.id,
                    proposal_id=proposal.id,
                ),
                kind="rates",
            )
            for proposal, place in rate_finding.waiting(own, who)
        ),
        empty="No partner’s rates wait for an answer.",
    )
