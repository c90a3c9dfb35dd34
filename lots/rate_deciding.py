"""Answering proposed rates: the framework owner accepts them, and they become the next version, or returns them with a reason."""

from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, Refusal, Refused, refuse
from framework.people.permissions import Visitor
from framework.records import audit
from lots.finding import Place
from lots.opening import is_open_to_change, take
from lots.rate_card import RateCard
from lots.rate_finding import lines_of, newest_version
from lots.rate_proposal import RateProposal, RateProposalStatus
from lots.rating import put_card, rate_intent
from lots.telling import about_place
from lots.writing_to_partners import tell_partner

MOST_REASON = 1000


def accept_proposal(session: Session, *, actor: Visitor, place: Place, proposal: RateProposal) -> RateCard:
    """Make the proposal the next version of the card, by the same rules as a card that the owner enters.

    It begins on the day it names, or today when that day has passed meanwhile: a version never reaches back. Raises `Refused` with
    whatever is in its way, and `ChangedMeanwhile` when it was withdrawn or answered first.
    """
    agreement = take(session, actor, place.agreement.id)
    _must_wait(session, actor, proposal)
    newest = newest_version(session, place)
    if newest != proposal.basis_version:
        refuse(f"Version {newest} was entered after these rates were begun. Return them with that reason")
    from_on = proposal.from_on or dates.today()
    if newest and not is_open_to_change(agreement):
        from_on = max(from_on, dates.today())
    intent = rate_intent(
        session,
        agreement,
        place.lot,
        place.appointment,
        from_on,
        lines_of(session, proposal),
        proposal.hours_per_day_hundredths,
    )
    card = put_card(session, actor, intent)
    proposal.accepted_at, proposal.accepted_by_id = dates.now(), actor.person_id
    proposal.accepted_version = card.version
    session.add(proposal)
    audit.record(
        session,
        actor=actor,
        action="rates_accepted",
        subject=about_place(agreement, place.lot, place.appointment, place.supplier),
        facts={"version": card.version, "from_on": card.from_on},
    )
    _tell(session, place, proposal, "accepted", f"They are version {card.version} of your rate card.")
    return card


def return_proposal(
    session: Session, *, actor: Visitor, place: Place, proposal: RateProposal, reason: str
) -> None:
    """Send proposed rates back. Raises `Refused` without a reason, and `ChangedMeanwhile` when they were answered first."""
    agreement = take(session, actor, place.agreement.id)
    _must_wait(session, actor, proposal)
    reason = reason.strip()
    if not reason:
        refuse("Give the reason. The partner reads it", "reason")
    if len(reason) > MOST_REASON:
        refuse(f"The reason must be {MOST_REASON:,} characters or fewer", "reason")
    proposal.returned_at, proposal.returned_by_id = dates.now(), actor.person_id
    proposal.return_reason = reason
    session.add(proposal)
    audit.record(
        session,
        actor=actor,
        action="rates_returned",
        subject=about_place(agreement, place.lot, place.appointment, place.supplier),
        words={"reason": reason},
    )
    _tell(session, place, proposal, "sent back", "The reason is on the page.")


def _must_wait(session: Session, actor: Visitor, proposal: RateProposal) -> None:
    session.refresh(proposal)
    if proposal.status is not RateProposalStatus.SUBMITTED:
        raise ChangedMeanwhile
    if actor.person_id == proposal.submitted_by_id:
        raise Refused(Refusal("You sent these rates yourself, so somebody else must answer them"))


def _tell(session: Session, place: Place, proposal: RateProposal, what: str, said: str) -> None:
    tell_partner(
        session,
        place.supplier,
        why=f"rates-answered:{proposal.id}",
        subject=f"Your rates for lot {place.lot.reference} were {what}",
        lines=[
            f"The rates you proposed for lot {place.lot.number}, {place.lot.title}, were {what}. {said}",
            f"/my-company/rates/{place.appointment.id}",
        ],
    )
