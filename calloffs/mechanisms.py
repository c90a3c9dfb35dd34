"""Which partner a call-off may be offered to: nobody picks one, the lot's stated way names one (RULE-11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.offer import Offer, OfferStatus
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.regime import Regime
from framework.definitions.rules import Refused, refuse
from framework.people.party import Party
from lots import finding as lots_finding
from lots.appointment import Appointment, AppointmentStatus
from lots.finding_novations import lines_of
from lots.lot import AwardMethod, DirectAwardBasis, Lot, Mechanism

_NO = (OfferStatus.DECLINED, OfferStatus.LAPSED)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an active partner stands in the order of a lot, for one call-off."""

    appointment: Appointment
    supplier: Party
    last_offered_at: datetime | None = None
    """When it was last offered work on this lot; an offer that the council withdrew was no turn."""
    answered_no: OfferStatus | None = None
    """Declined or lapsed, when it has already answered this call-off so."""

    @property
    def may_be_asked(self) -> bool:
        """Not excluded (RULE-08) and not one that has already answered this call-off with no."""
        return not self.supplier.excluded and self.answered_no is None

    @property
    def turn_in_words(self) -> str:
        """When its last turn was."""
        if self.last_offered_at is None:
            return "never offered work on this lot"
        return f"last offered work on this lot on {dates.in_words(self.last_offered_at)}"


@dataclass(frozen=True, slots=True)
class Named:
    """The partner that the lot's own way names, and why, in a sentence kept with the offer."""

    appointment: Appointment
    supplier: Party
    route: str


def standings(session: Session, *, lot: Lot, call_off: CallOff, day: date) -> list[Standing]:
    """Every active partner of the lot on a London day with its turns and its answers to this call-off, by rank.

    Answers to an earlier submission do not count: what was asked then has changed since.
    """
    turns = dict(
        session.exec(
            select(Offer.appointment_id, sa.func.max(Offer.offered_at))
            .join(CallOff, col(CallOff.id) == col(Offer.call_off_id))
            .where(CallOff.lot_id == lot.id, col(Offer.withdrawn_at).is_(None))
            .group_by(col(Offer.appointment_id))
        ).all()
    )
    answers = {
        offer.appointment_id: offer.status
        for offer in session.exec(
            select(Offer).where(Offer.call_off_id == call_off.id).order_by(col(Offer.number))
        )
        if offer.status in _NO and call_off.submitted_at and offer.offered_at >= call_off.submitted_at
    }
    active = lots_finding.active_partners(session, lot, day)
    if lot.mechanism is Mechanism.ROTATION:
        # Whoever took over a place took over its last turn: a new name does not come to the front of the queue.
        for one, before in lines_of(session, [place.id for place, _ in active]).items():
            had = [turns[place] for place in (*before, one) if place in turns]
            if had:
                turns[one] = max(had)
    found = [
        Standing(appointment, supplier, turns.get(appointment.id), answers.get(appointment.id))
        for appointment, supplier in active
    ]
    return sorted(found, key=lambda one: (one.appointment.rank, one.appointment.id))


def away(session: Session, *, lot: Lot, day: date) -> list[str]:
    """Who holds or held a place on the lot and could not be asked on a London day because it was not active, each with why.

    A place that passed to another company is not named: whoever took it over stands in the order.
    """
    return [
        f"{party.name} was passed over: {why}"
        for place, party in lots_finding.partners_of(session, [lot])[lot.id]
        if (why := _why_not_active(place, day))
    ]


def _why_not_active(place: Appointment, day: date) -> str:
    status = place.status_on(day)
    if status is AppointmentStatus.SUSPENDED:
        return (
            f"suspended until {dates.in_words(place.suspended_until)}"
            if place.suspended_until
            else "suspended"
        )
    if status is AppointmentStatus.ONBOARDING:
        return f"active from {dates.in_words(place.active_from)}" if place.active_from else "not active yet"
    if status in (AppointmentStatus.WITHDRAWN, AppointmentStatus.REMOVED) and place.ended_on:
        how = "withdrew from the lot" if status is AppointmentStatus.WITHDRAWN else "was removed from the lot"
        return f"{how} on {dates.in_words(place.ended_on)}"
    return ""


def nobody_to_ask(session: Session, call_off: CallOff) -> str:
    """Why an approved call-off cannot be offered to anybody today, as part of a sentence; blank where somebody can be asked."""
    lot = session.get_one(Lot, call_off.lot_id)
    partners = standings(session, lot=lot, call_off=call_off, day=dates.today())
    regime = session.get_one(FrameworkAgreement, call_off.agreement_id).regime
    try:
        name_partner(lot, partners, regime)
    except Refused:
        said = {one.answered_no for one in partners}
        if None in said or not said:
            return "no partner of the lot can be asked"
        return "every partner has declined" if said == {OfferStatus.DECLINED} else "no partner has accepted"
    # The lot's only partner is named again, although it has said no.
    if partners and all(one.answered_no is OfferStatus.DECLINED for one in partners):
        return "every partner has declined"
    return ""


def name_partner(lot: Lot, partners: Sequence[Standing], regime: Regime, away: Sequence[str] = ()) -> Named:
    """The one partner to ask. `away` says who was not active; it stands in the route beside those passed over.

    Raises `Refused` naming RULE-11 where the lot allows no direct award, has no active partner, has several and no stated
    mechanism, or where every partner has answered no; RULE-08 where its only partner is excluded.
    """
    name = f"Lot {lot.number}"
    if lot.direct_award_basis is DirectAwardBasis.NONE or lot.award_method is AwardMethod.COMPETITION:
        refuse(f"{name} states no way to award directly, so its partners must compete", rule="RULE-11")
    if not partners:
        refuse(f"{name} has no active partner today, so there is nobody to offer this to", rule="RULE-11")
    if lot.direct_award_basis is DirectAwardBasis.OBJECTIVE_MECHANISM:
        return _by_mechanism(lot, partners, away)
    if len(partners) > 1:
        refuse(
            f"{name} has {len(partners)} active partners and states no objective mechanism for choosing one, "
            "so its partners must compete",
            rule="RULE-11",
        )
    only = partners[0]
    if only.supplier.excluded:
        refuse(f"{only.supplier.name} is excluded, so nothing may be called off from it", rule="RULE-08")
    route = f"{only.supplier.name} is the only active partner of lot {lot.number}"
    if regime is Regime.PA2023:
        # RULE-12: the Act speaks of the framework's suppliers, so the lot's own statement is what allows it.
        route += (
            f", which is the framework's stated mechanism: {lot.mechanism_text or 'the lot has one partner'}"
        )
    return Named(only.appointment, only.supplier, ". ".join([route, *away]))


def _by_mechanism(lot: Lot, partners: Sequence[Standing], away: Sequence[str]) -> Named:
    if lot.mechanism is None:
        refuse(
            f"Lot {lot.number} states no objective mechanism, so its partners must compete", rule="RULE-11"
        )
    open_to = [one for one in partners if one.may_be_asked]
    if not open_to:
        refuse(
            f"Every active partner of lot {lot.number} has already answered no, so there is nobody left to ask. "
            "Cancel the call-off, or change what it asks for and raise it again",
            rule="RULE-11",
        )
    if lot.mechanism is Mechanism.RANKED:
        first = min(open_to, key=lambda one: (one.appointment.rank, one.appointment.id))
        why = f"rank {first.appointment.rank}, the highest that can be asked"
    else:
        first = min(open_to, key=_turn)
        why = first.turn_in_words
    passed = [*(_passed_over(one) for one in partners if not one.may_be_asked), *away]
    route = f"{lot.mechanism.label}. {first.supplier.name}: {why}"
    return Named(first.appointment, first.supplier, ". ".join([route, *passed]))


def _turn(one: Standing) -> tuple[bool, float, int, int]:
    # Never asked comes before asked long ago; ties go by rank.
    asked = one.last_offered_at
    since = dates.as_london(asked).timestamp() if asked else 0.0
    return asked is not None, since, one.appointment.rank, one.appointment.id


def _passed_over(one: Standing) -> str:
    if one.supplier.excluded:
        return f"{one.supplier.name} was passed over: excluded"
    return f"{one.supplier.name} was passed over: {'declined' if one.answered_no is OfferStatus.DECLINED else 'let its offer lapse'}"


__all__ = ["Named", "Standing", "away", "name_partner", "nobody_to_ask", "standings"]
