"""Proposing the next version of a rate card: a partner saves it, sends it to the framework owner or takes it back."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, Refused, refuse, require
from framework.holding import hold
from framework.people.permissions import Permission, Visitor, permitted
from framework.records.audit import Subject, record
from lots.appointment import Appointment
from lots.finding import Place
from lots.rate_finding import lines_of, newest_version, open_proposal
from lots.rate_proposal import RateProposal, RateProposalLine, RateProposalStatus
from lots.rate_rules import (
    RULES,
    RateLine,
    hours_are_sensible,
    place_has_not_ended,
    rates_can_be_read,
)
from lots.rating import rate_intent
from lots.telling import about_place
from lots.writing_to_partners import tell_owners

_TO_BE_SAVED = (place_has_not_ended, rates_can_be_read, hours_are_sensible)


def save_proposal(
    session: Session,
    *,
    actor: Visitor,
    place: Place,
    from_on: date | None,
    rates: Sequence[RateLine],
    hours_per_day_hundredths: int = 750,
    basis_version: int,
    revision: int = 0,
) -> RateProposal:
    """Keep a draft of the place's next rates, net of VAT, from a London day that may still be left open.

    `basis_version` is the newest version that the page showed, `revision` the draft's own (0 for a new one). Raises `Refused` when
    another proposal waits, the card has moved on or the rates cannot be read; `ChangedMeanwhile` when a colleague saved first.
    """
    _take(session, actor, place)
    proposal = open_proposal(session, place.appointment.id)
    if proposal is not None and proposal.status is RateProposalStatus.SUBMITTED:
        refuse(
            f"Rates were sent to the council on {dates.in_words(dates.as_london(proposal.submitted_at or dates.now()).date())} and wait "
            "for an answer. Withdraw them first to send others"
        )
    if (proposal.revision if proposal else 0) != revision:
        raise ChangedMeanwhile
    _must_know_the_newest(session, place, basis_version)
    hours = hours_per_day_hundredths
    intent = rate_intent(
        session, place.agreement, place.lot, place.appointment, from_on or dates.today(), rates, hours
    )
    require(intent, _TO_BE_SAVED)
    now = dates.now()
    if proposal is None:
        proposal = RateProposal(
            appointment_id=place.appointment.id,
            created_at=now,
            created_by_id=actor.person_id,
            changed_at=now,
            revision=0,
        )
    proposal.basis_version, proposal.from_on = basis_version, from_on
    proposal.hours_per_day_hundredths = hours
    proposal.changed_at, proposal.revision = now, proposal.revision + 1
    session.add(proposal)
    session.flush()
    _write(session, proposal, intent.rates)
    # A draft is the partner's own business until it is sent.
    subject = Subject(
        "appointment", place.appointment.id, f"rates for lot {place.lot.reference}", place.supplier.id
    )
    record(session, actor=actor, action="rates_drafted", subject=subject, facts={"rates": len(intent.rates)})
    return proposal


def submit_proposal(
    session: Session, *, actor: Visitor, place: Place, proposal: RateProposal, revision: int
) -> None:
    """Send a draft to the framework owner. Every rule about a rate card is asked now, and again when it is accepted.

    Raises `Refused` with all of them, or when the card has moved on since; `ChangedMeanwhile` for a page that is out of date.
    """
    _take(session, actor, place)
    session.refresh(proposal)
    if proposal.status is not RateProposalStatus.DRAFT or proposal.revision != revision:
        raise ChangedMeanwhile
    if proposal.from_on is None:
        refuse("Enter the day from which these rates hold", "from_on")
    _must_know_the_newest(session, place, proposal.basis_version)
    intent = rate_intent(
        session,
        place.agreement,
        place.lot,
        place.appointment,
        proposal.from_on,
        lines_of(session, proposal),
        proposal.hours_per_day_hundredths,
    )
    require(intent, RULES)
    proposal.submitted_at, proposal.submitted_by_id = dates.now(), actor.person_id
    session.add(proposal)
    record(
        session,
        actor=actor,
        action="rates_proposed",
        subject=about_place(place.agreement, place.lot, place.appointment, place.supplier),
        facts={"from_on": proposal.from_on, "rates": len(intent.rates)},
    )
    tell_owners(
        session,
        place.agreement,
        why=f"rates-proposed:{proposal.id}",
        subject=f"{place.supplier.name} proposes rates for lot {place.lot.reference}",
        lines=[
            f"{place.supplier.name} has sent a rate card for lot {place.lot.number}, {place.lot.title}. It waits for you to accept it or send it back.",
            f"/lots/{place.lot.reference}/partners/{place.appointment.id}/rates/proposals/{proposal.id}",
        ],
    )


def withdraw_proposal(session: Session, *, actor: Visitor, place: Place, proposal: RateProposal) -> None:
    """Take back what was drafted or sent. Raises `Refused` once it was answered."""
    _take(session, actor, place)
    session.refresh(proposal)
    if not proposal.is_open:
        refuse(f"These rates were {proposal.status.label.lower()} already")
    was_sent = proposal.status is RateProposalStatus.SUBMITTED
    proposal.withdrawn_at, proposal.withdrawn_by_id = dates.now(), actor.person_id
    session.add(proposal)
    subject = about_place(place.agreement, place.lot, place.appointment, place.supplier)
    if not was_sent:
        subject = Subject(
            "appointment", place.appointment.id, f"rates for lot {place.lot.reference}", place.supplier.id
        )
    record(session, actor=actor, action="rates_withdrawn", subject=subject)


def forget_proposals(session: Session, appointment: Appointment) -> None:
    """Take away what was proposed for a place that is itself taken off a draft."""
    for proposal in session.exec(
        select(RateProposal).where(col(RateProposal.appointment_id) == appointment.id)
    ).all():
        _write(session, proposal, ())
        session.delete(proposal)
    session.flush()


def _take(session: Session, actor: Visitor, place: Place) -> None:
    permitted(actor, Permission.COMPANY_KEEP, place.supplier.id)
    if place.agreement.recorded_as_past:
        raise NotFound
    # Proposals, answers and the owner's own cards of one agreement follow each other.
    hold(session, place.agreement.id)


def _must_know_the_newest(session: Session, place: Place, basis_version: int) -> None:
    newest = newest_version(session, place)
    if newest != basis_version:
        raise Refused(
            Refusal(
                f"Version {newest} of your rate card has come since you began. Check these rates against it, then save them again"
            )
        )


def _write(session: Session, proposal: RateProposal, rates: Sequence[RateLine]) -> None:
    for line in session.exec(
        select(RateProposalLine).where(RateProposalLine.rate_proposal_id == proposal.id)
    ).all():
        session.delete(line)
    session.flush()
    session.add_all(
        RateProposalLine(rate_proposal_id=proposal.id, role=role, level=level, day_rate_pence=rate.pence)
        for role, level, rate in rates
    )
    session.flush()
