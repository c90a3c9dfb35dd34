"""Finding call-offs and offers, always through what this visitor may see."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs import listing
from calloffs.business_case.case import BusinessCase
from calloffs.call_off import CallOff, CallOffDecision, CallOffOption
from calloffs.listing import Filters, Rows, owner_of
from calloffs.offer import Offer
from framework.agreement import AgreementStatus, FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.people.person import Person
from lots.appointment import Appointment
from lots.lot import Lot


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a call-off: where it belongs, who has it and who does the work."""

    agreement: FrameworkAgreement
    lot: Lot
    authority: Party
    owner: Person
    case: BusinessCase | None
    partner: Party | None


def call_off(session: Session, visitor: Visitor, reference: str) -> CallOff:
    """The whole of a call-off, for readers at its authority and, from award, for its partner. Raises `NotFound`."""
    row = session.exec(
        select(CallOff, Appointment.supplier_id)
        .outerjoin(Appointment, col(Appointment.id) == col(CallOff.appointment_id))
        .where(CallOff.reference == reference)
    ).one_or_none()
    if row is None:
        raise NotFound
    found, supplier_id = row
    if reads_whole(visitor, found) or _works_on(visitor, found, supplier_id):
        return found
    raise NotFound


def short_call_off(session: Session, visitor: Visitor, reference: str) -> CallOff:
    """A call-off of another member, for the lead authority's framework owner: only reference, lot, partner, value, dates
    and status may be shown. Raises `NotFound`."""
    found = session.exec(
        select(CallOff)
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(CallOff.agreement_id))
        .where(
            CallOff.reference == reference,
            col(FrameworkAgreement.lead_authority_id).in_(owner_of(visitor)),
            col(CallOff.submitted_at).is_not(None),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def reads_whole(visitor: Visitor, found: CallOff) -> bool:
    """Whether the visitor reads everything of the call-off, as somebody of its authority."""
    return visitor.may(Permission.CALL_OFF_READ, found.authority_id)


def _works_on(visitor: Visitor, found: CallOff, supplier_id: int | None) -> bool:
    awarded = found.awarded_at is not None and found.award_withdrawn_at is None
    return awarded and supplier_id is not None and visitor.may(Permission.OFFER_READ, supplier_id)


def offer(session: Session, visitor: Visitor, reference: str) -> Offer:
    """An offer, for readers at the call-off's authority and for the partner it was made to. Raises `NotFound`."""
    row = session.exec(
        select(Offer, CallOff.authority_id, Appointment.supplier_id)
        .join(CallOff, col(CallOff.id) == col(Offer.call_off_id))
        .join(Appointment, col(Appointment.id) == col(Offer.appointment_id))
        .where(Offer.reference == reference)
    ).one_or_none()
    if row is None:
        raise NotFound
    found, authority_id, supplier_id = row
    if visitor.may(Permission.CALL_OFF_READ, authority_id) or visitor.may(Permission.OFFER_READ, supplier_id):
        return found
    raise NotFound


def around(session: Session, found: CallOff) -> Around:
    """The agreement, lot, authority, owner, case and partner of a call-off, in one statement."""
    supplier = sa.orm.aliased(Party)
    row = session.exec(
        select(FrameworkAgreement, Lot, Party, Person, BusinessCase, supplier)  # type: ignore[call-overload]
        .select_from(CallOff)
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(CallOff.agreement_id))
        .join(Lot, col(Lot.id) == col(CallOff.lot_id))
        .join(Party, col(Party.id) == col(CallOff.authority_id))
        .join(Person, col(Person.id) == col(CallOff.owner_id))
        .outerjoin(BusinessCase, col(BusinessCase.id) == col(CallOff.case_id))
        .outerjoin(Appointment, col(Appointment.id) == col(CallOff.appointment_id))
        .outerjoin(supplier, supplier.id == col(Appointment.supplier_id))
        .where(CallOff.id == found.id)
    ).one()
    return Around(*row)


def options(session: Session, found: CallOff) -> list[CallOffOption]:
    """The extension options of a call-off, in order."""
    return list(
        session.exec(
            select(CallOffOption)
            .where(CallOffOption.call_off_id == found.id)
            .order_by(col(CallOffOption.number))
        )
    )


def decisions(session: Session, found: CallOff) -> list[tuple[CallOffDecision, str]]:
    """Every decision on a call-off with the name of who decided, the newest first."""
    return list(
        session.exec(
            select(CallOffDecision, Person.name)
            .join(Person, col(Person.id) == col(CallOffDecision.decided_by_id))
            .where(CallOffDecision.call_off_id == found.id)
            .order_by(col(CallOffDecision.id).desc())
        )
    )


def call_offs(
    session: Session, visitor: Visitor, filters: Filters | None = None, after: int | None = None
) -> Rows:
    """One page of the call-offs this visitor may see, the newest first (see `calloffs.listing`)."""
    return listing.call_offs(session, visitor, filters or Filters(), after)


def own_authorities(session: Session, visitor: Visitor) -> list[Party]:
    """Authorities for which the visitor may raise call-offs, by name."""
    ids = visitor.parties_where(Permission.CALL_OFF_RAISE)
    return list(session.exec(select(Party).where(col(Party.id).in_(ids)).order_by(col(Party.name))))


def open_lots(session: Session, visitor: Visitor) -> list[tuple[Lot, str]]:
    """Lots a call-off may be drafted on today, with their names: never of an agreement that is over or suspended (check 7)."""
    rows = _lots_today(session, visitor, Permission.CALL_OFF_RAISE)
    return [
        (lot, f"{lot.reference} {lot.title} ({agreement.title}): {lot.headroom} {agreement.basis.label} left")
        for lot, agreement in rows
    ]


def lots_to_watch(session: Session, visitor: Visitor, most: int) -> list[tuple[Lot, FrameworkAgreement]]:
    """The first lots that are open today to the councils for which this visitor buys or pays."""
    buys = visitor.may(Permission.CALL_OFF_RAISE)
    permission = Permission.CALL_OFF_RAISE if buys else Permission.INVOICE_RECORD
    return _lots_today(session, visitor, permission, 3 * most)[:most]


def _lots_today(
    session: Session, visitor: Visitor, permission: Permission, most: int | None = None
) -> list[tuple[Lot, FrameworkAgreement]]:
    today = dates.today()
    rows = session.exec(
        select(Lot, FrameworkAgreement, MemberAuthority)
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Lot.agreement_id))
        .join(MemberAuthority, col(MemberAuthority.agreement_id) == col(FrameworkAgreement.id))
        .where(
            col(MemberAuthority.authority_id).in_(visitor.parties_where(permission)),
            col(FrameworkAgreement.ends_on) >= today,
        )
        .order_by(col(FrameworkAgreement.reference), col(Lot.number))
        .limit(most)
    )
    found: dict[int, tuple[Lot, FrameworkAgreement]] = {}
    for lot, agreement, member in rows:
        if agreement.status_on(today) is AgreementStatus.LIVE and member.is_member_on(today):
            found[lot.id] = (lot, agreement)
    return list(found.values())


def raiser(session: Session, found: CallOff) -> str | None:
    """The name of whoever raised the call-off last."""
    return session.exec(select(Person.name).where(Person.id == found.submitted_by_id)).first()
