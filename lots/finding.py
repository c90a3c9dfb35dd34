"""Finding lots, partners and what they hold: every row is fetched through what this person may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from framework import finding
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people.party import Party, PartyKind
from framework.people.permissions import Permission, Visitor, permitted
from lots.appointment import Appointment, AppointmentStatus
from lots.covering import covers
from lots.evidence import Evidence
from lots.invitation import Invitation, InvitationLot
from lots.lot import Lot
from lots.lot_rules import total_of
from lots.rate_card import Rate, RateCard

__all__ = ["covers"]

Rates = dict[tuple[str, int], Money]
"""Day rates net of VAT by role and level; a role and level that is not there is not offered."""


@dataclass(frozen=True, slots=True)
class Place:
    """A partner's place on a lot, with everything it stands on."""

    appointment: Appointment
    lot: Lot
    agreement: FrameworkAgreement
    supplier: Party


@dataclass(frozen=True, slots=True)
class LotsTotal:
    """An agreement's lots beside its own ceiling, on its own basis."""

    ceilings: Money
    """The known ceilings together."""
    unknown: int
    """How many lots have no published ceiling."""
    left_to_share: Money | None
    """What the agreement's ceiling leaves for further lots; below nothing only where lots share one pool. None where unknown."""


def lot(session: Session, visitor: Visitor, reference: str) -> Lot:
    """The lot with this reference. Raises `NotFound` when there is none under an agreement that this visitor may see."""
    return lot_and_agreement(session, visitor, reference)[0]


def lot_and_agreement(session: Session, visitor: Visitor, reference: str) -> tuple[Lot, FrameworkAgreement]:
    """As `lot`, with its agreement."""
    row = session.exec(
        select(Lot, FrameworkAgreement.reference)
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Lot.agreement_id))
        .where(Lot.reference == reference)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], finding.agreement(session, visitor, row[1])


def lots_of(session: Session, agreement: FrameworkAgreement) -> list[Lot]:
    """The lots of an agreement already fetched through the visitor, by number."""
    return list(session.exec(select(Lot).where(Lot.agreement_id == agreement.id).order_by(col(Lot.number))))


def total(agreement: FrameworkAgreement, lots: Sequence[Lot]) -> LotsTotal:
    """The lots' ceilings together, and what the agreement's own leaves."""
    ceilings = total_of([one.ceiling for one in lots])
    left = None if agreement.ceiling is None else agreement.ceiling - ceilings
    return LotsTotal(ceilings, sum(one.ceiling is None for one in lots), left)


def partners_of(session: Session, lots: Iterable[Lot]) -> dict[int, list[tuple[Appointment, Party]]]:
    """Everyone who is or was a partner on each of the lots, by lot id and rank, in one statement."""
    ids = [one.id for one in lots]
    found: dict[int, list[tuple[Appointment, Party]]] = {one: [] for one in ids}
    for place, party in session.exec(
        select(Appointment, Party)
        .join(Party, col(Party.id) == col(Appointment.supplier_id))
        .where(col(Appointment.lot_id).in_(ids))
        .order_by(col(Appointment.rank), col(Appointment.id))
    ):
        found[place.lot_id].append((place, party))
    return found


def active_partners(session: Session, lot: Lot, day: date) -> list[tuple[Appointment, Party]]:
    """Partners who may be offered work on the lot on a London day, by rank: neither suspended nor gone nor still joining."""
    return [
        (place, party)
        for place, party in partners_of(session, [lot])[lot.id]
        if place.status_on(day) is AppointmentStatus.ACTIVE
    ]


def appointment(session: Session, visitor: Visitor, appointment_id: int) -> Place:
    """A partner's place, for readers of its agreement and for the partner itself; rivals find nothing. Raises `NotFound`."""
    row = _places(session, [Appointment.id == appointment_id])
    if not row:
        raise NotFound
    if row[0].supplier.id in visitor.parties_where(Permission.OFFER_READ):
        if not _shown_to_its_partner(row[0]):
            raise NotFound
        return row[0]
    finding.agreement(session, visitor, row[0].agreement.reference)
    return row[0]


def rate_card_in_force(session: Session, appointment_id: int, day: date) -> tuple[RateCard, Rates] | None:
    """The version in force on a London day and its rates; None when no card has begun by then.

    The caller has fetched the appointment through the visitor.
    """
    card = session.exec(
        select(RateCard)
        .where(RateCard.appointment_id == appointment_id, col(RateCard.from_on) <= day)
        .order_by(col(RateCard.version).desc())
        .limit(1)
    ).one_or_none()
    return None if card is None else (card, rates_of(session, card.id))


def rates_of(session: Session, rate_card_id: int) -> Rates:
    """The rates of one version."""
    return {
        (rate.role, rate.level): rate.day_rate
        for rate in session.exec(select(Rate).where(Rate.rate_card_id == rate_card_id).order_by(col(Rate.id)))
    }


def rate_cards(session: Session, appointment_id: int) -> list[tuple[RateCard, Rates]]:
    """Every version of a partner's card on a lot, the newest first."""
    cards = session.exec(
        select(RateCard)
        .where(RateCard.appointment_id == appointment_id)
        .order_by(col(RateCard.version).desc())
    ).all()
    rates: dict[int, Rates] = {card.id: {} for card in cards}
    for rate in session.exec(
        select(Rate).where(col(Rate.rate_card_id).in_(list(rates))).order_by(col(Rate.id))
    ):
        rates[rate.rate_card_id][rate.role, rate.level] = rate.day_rate
    return [(card, rates[card.id]) for card in cards]


def cards_on(session: Session, appointment_ids: Iterable[int], day: date) -> dict[int, RateCard]:
    """The version in force on a day for each place that has one, in one statement."""
    found: dict[int, RateCard] = {}
    for card in session.exec(
        select(RateCard)
        .where(col(RateCard.appointment_id).in_(list(appointment_ids)), col(RateCard.from_on) <= day)
        .order_by(col(RateCard.version))
    ):
        found[card.appointment_id] = card
    return found


def partner(session: Session, visitor: Visitor, supplier_id: int) -> tuple[Party, list[Place]]:
    """A supplier and its places under agreements that this visitor may see, for people of councils.

    Raises `NotFound`, unless the visitor sees one of its places, or may appoint suppliers and it has no place anywhere yet.
    """
    supplier = session.get(Party, supplier_id)
    if supplier is None or supplier.kind is not PartyKind.SUPPLIER:
        raise NotFound
    every = _places(session, [Appointment.supplier_id == supplier_id])
    agreements = {place.agreement.id: place.agreement for place in every}
    visible = {number for number, one in agreements.items() if _sees(session, visitor, one)}
    seen = [place for place in every if place.agreement.id in visible]
    if seen or (not every and visitor.may(Permission.AGREEMENT_OPEN)):
        return supplier, seen
    raise NotFound


def own_places(session: Session, visitor: Visitor, supplier_id: int) -> list[Place]:
    """A partner's own places: under agreements that have been confirmed, and on drafts to which it was invited.

    Raises `NotFound` for anybody else's company.
    """
    if supplier_id not in visitor.parties_where(Permission.OFFER_READ):
        raise NotFound
    return [
        place
        for place in _places(session, [Appointment.supplier_id == supplier_id])
        if _shown_to_its_partner(place)
    ]


def own_place(session: Session, visitor: Visitor, appointment_id: int, permission: Permission) -> Place:
    """One place of the visitor's own company, where the visitor holds `permission`; also on a draft to which it was invited.

    Of a draft's agreement and lot show a partner only what its invitation named. Raises `NotFound` for everybody else.
    """
    for place in _places(session, [Appointment.id == appointment_id]):
        if place.supplier.id in visitor.parties_where(permission) and _shown_to_its_partner(place):
            return place
    raise NotFound


def _shown_to_its_partner(place: Place) -> bool:
    return place.agreement.is_public or place.appointment.invited_at is not None


def own_companies(session: Session, visitor: Visitor) -> list[Party]:
    """The suppliers this visitor acts for, by name."""
    mine = visitor.parties_where(Permission.OFFER_READ)
    return list(session.exec(select(Party).where(col(Party.id).in_(mine)).order_by(col(Party.name))))


def own_company(session: Session, visitor: Visitor, supplier_id: int, permission: Permission) -> Party:
    """One company that this visitor acts for and holds the permission at. Raises `NotFound` for all others."""
    permitted(visitor, permission, supplier_id)
    supplier = session.get(Party, supplier_id)
    if supplier is None or supplier.kind is not PartyKind.SUPPLIER:
        raise NotFound
    return supplier


def invitations(session: Session, agreement: FrameworkAgreement) -> list[tuple[Invitation, list[Lot]]]:
    """Every invitation under an agreement with its lots, the newest first; at most 200."""
    found = session.exec(
        select(Invitation)
        .where(Invitation.agreement_id == agreement.id)
        .order_by(col(Invitation.id).desc())
        .limit(200)
    ).all()
    lots: dict[int, list[Lot]] = {one.id: [] for one in found}
    for number, lot in session.exec(
        select(InvitationLot.invitation_id, Lot)
        .join(Lot, col(Lot.id) == col(InvitationLot.lot_id))
        .where(col(InvitationLot.invitation_id).in_(list(lots)))
        .order_by(col(Lot.number))
    ):
        lots[number].append(lot)
    return [(one, lots[one.id]) for one in found]


def evidence_of(session: Session, supplier_ids: Iterable[int]) -> dict[int, list[Evidence]]:
    """Everything each supplier has shown, the latest last day first, in one statement."""
    found: dict[int, list[Evidence]] = {one: [] for one in supplier_ids}
    for one in session.exec(
        select(Evidence)
        .where(col(Evidence.supplier_id).in_(list(found)))
        .order_by(col(Evidence.kind), col(Evidence.expires_on).desc(), col(Evidence.id).desc())
    ):
        found[one.supplier_id].append(one)
    return found


def led_partners(session: Session, visitor: Visitor) -> list[Place]:
    """Places that have not ended, under agreements whose lead authority's framework owner this visitor is."""
    leads = visitor.parties_where(Permission.AGREEMENT_OPEN)
    if not leads:
        return []
    return _places(
        session,
        [
            col(FrameworkAgreement.lead_authority_id).in_(leads),
            col(FrameworkAgreement.recorded_as_past).is_(False),
            col(FrameworkAgreement.closed_at).is_(None),
            col(FrameworkAgreement.cancelled_at).is_(None),
            col(Appointment.ended_on).is_(None),
        ],
    )


def led_by(session: Session, supplier_id: int) -> frozenset[int]:
    """Authorities that lead an agreement in which the supplier has or had a place.

    A place that a council wrote into a draft of its own, without an invitation, makes it no keeper of a company that others work with.
    """
    rows = session.exec(
        select(FrameworkAgreement, Appointment.invited_at)
        .join(Lot, col(Lot.agreement_id) == col(FrameworkAgreement.id))
        .join(Appointment, col(Appointment.lot_id) == col(Lot.id))
        .where(Appointment.supplier_id == supplier_id)
    ).all()
    known = frozenset(one.lead_authority_id for one, invited_at in rows if one.is_public or invited_at)
    return known or frozenset(one.lead_authority_id for one, _ in rows)


def has_been_active(session: Session, supplier_id: int) -> bool:
    """Whether the supplier was ever appointed to a lot, so that order forms and papers may rest on its name and number."""
    found = select(Appointment.id).where(
        Appointment.supplier_id == supplier_id, col(Appointment.active_from).is_not(None)
    )
    return session.exec(found).first() is not None


def places(session: Session, appointment_ids: Iterable[int]) -> dict[int, Place]:
    """Places by the number of their appointment, in one statement. The caller may see each of them."""
    found = _places(session, [col(Appointment.id).in_(list(appointment_ids))])
    return {one.appointment.id: one for one in found}


def _sees(session: Session, visitor: Visitor, agreement: FrameworkAgreement) -> bool:
    try:
        finding.agreement(session, visitor, agreement.reference)
    except NotFound:
        return False
    return True


def _places(session: Session, where: Sequence[object]) -> list[Place]:
    rows = session.exec(
        select(Appointment, Lot, FrameworkAgreement, Party)
        .join(Lot, col(Lot.id) == col(Appointment.lot_id))
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Lot.agreement_id))
        .join(Party, col(Party.id) == col(Appointment.supplier_id))
        .where(*where)  # type: ignore[arg-type]
        .order_by(
            col(FrameworkAgreement.ends_on), col(Lot.agreement_id), col(Lot.number), col(Appointment.rank)
        )
    )
    return [Place(*row) for row in rows]


def without_partner(session: Session, lot_ids: Iterable[int]) -> frozenset[int]:
    """Of these lots, those on which every place has ended or none was given, so that nothing can be offered."""
    wanted = frozenset(lot_ids)
    held = session.exec(
        select(Appointment.lot_id).where(
            col(Appointment.lot_id).in_(wanted),
            or_(col(Appointment.ended_on).is_(None), col(Appointment.ended_on) > dates.today()),
        )
    )
    return wanted - frozenset(held)


def emptied_lots(session: Session, visitor: Visitor) -> list[Lot]:
    """Lots without a partner, of live agreements that this framework owner looks after."""
    lots = session.exec(
        select(Lot)
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Lot.agreement_id))
        .where(
            col(FrameworkAgreement.lead_authority_id).in_(visitor.parties_where(Permission.AGREEMENT_OPEN)),
            col(FrameworkAgreement.confirmed_at).is_not(None),
            col(FrameworkAgreement.recorded_as_past).is_(False),
            col(FrameworkAgreement.closed_at).is_(None),
            col(FrameworkAgreement.cancelled_at).is_(None),
            col(FrameworkAgreement.ends_on) >= dates.today(),
        )
        .order_by(col(Lot.reference))
    ).all()
    empty = without_partner(session, [one.id for one in lots])
    return [one for one in lots if one.id in empty]
