"""A call-off that is already signed and live, with its money where the ledger would have put it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

from sqlmodel import Session, select

from calloffs.business_case.case import BusinessCase, CaseType
from calloffs.call_off import CallOff
from calloffs.offer import Deliverable, Offer
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from calloffs.spend.invoicing import InvoiceFacts
from calloffs.spend.ledger import Amount
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.regime import Regime
from framework.people.permissions import CLOCK
from lots.appointment import Appointment
from lots.lot import AwardMethod, DirectAwardBasis, Lot
from lots.rate_card import RateCard
from tests.cast import LOTS, RANKED, SOLE, Cast

_NUMBERS = count(1)
SIGNED = datetime(2022, 8, 25, 9, 0, tzinfo=UTC)
_RAISER = {"Northbank": "Asha", "Southmere": "Cara"}


def live_call_off(
    session: Session,
    cast: Cast,
    *,
    lot: int = 4,
    authority: str = "Northbank",
    partner: str | None = None,
    value: str = "60,000",
    starts: date = date(2022, 9, 1),
    ends: date = date(2023, 3, 31),
    signed: bool = True,
    order: str = "PO-1001",
    case: str | None = None,
    deliverables: Sequence[str] = (),
    reserved_only: bool = False,
) -> CallOff:
    """A call-off reserved, awarded and signed on 25 August 2022; `case` is the net amount of an approved case of its own."""
    number = next(_NUMBERS)
    net = Money.pounds(value)
    asha = cast.person[_RAISER[authority]]
    own_case = approved_case(session, cast, authority, case) if case else None
    supplier = partner or (RANKED[0] if lot == len(LOTS) else SOLE[lot - 1])
    appointment_id = cast.appointment[(lot, supplier)]
    call_off = CallOff(
        reference=f"DP21-{lot}-T{number:04}",
        agreement_id=cast.agreement,
        lot_id=cast.lot[lot],
        authority_id=cast.party[authority],
        owner_id=asha,
        case_id=own_case,
        title=f"Work {number}",
        created_at=SIGNED,
        starts_on=starts,
        ends_on=ends,
        base_net_pence=net.pence,
        value_net_pence=net.pence,
        approved_net_pence=net.pence,
        purchase_order=order,
        submitted_at=SIGNED,
        submitted_by_id=asha,
    )
    session.add(call_off)
    session.flush()
    agreement = ledger.hold(session, cast.agreement)
    amount = Amount.of(net, agreement, call_off.vat_rate_bp)
    ledger.post(session, call_off, {EntryKind.RESERVATION: amount}, actor=CLOCK, reason="raised")
    if reserved_only:
        return call_off
    call_off.approved_at = call_off.accepted_at = call_off.awarded_at = SIGNED
    call_off.appointment_id = appointment_id
    session.flush()
    ledger.post(
        session,
        call_off,
        {EntryKind.RESERVATION: -amount, EntryKind.COMMITMENT: amount},
        actor=CLOCK,
        reason="awarded",
        appointment_id=appointment_id,
    )
    card = session.exec(select(RateCard.id).where(RateCard.appointment_id == appointment_id)).one()
    offer = Offer(
        reference=f"{call_off.reference}-O1",
        number=1,
        call_off_id=call_off.id,
        appointment_id=appointment_id,
        rate_card_id=card,
        route="The lot has one partner",
        offered_at=SIGNED,
        offered_by_id=asha,
        deadline_at=SIGNED,
        accepted_at=SIGNED,
    )
    session.add(offer)
    session.flush()
    call_off.offer_id = offer.id
    for place, description in enumerate(deliverables, start=1):
        session.add(
            Deliverable(
                offer_id=offer.id,
                number=place,
                description=description,
                criteria="It works",
                due_on=ends,
            )
        )
    if signed:
        call_off.issued_at = call_off.buyer_signed_at = call_off.partner_signed_at = SIGNED
        call_off.signed_at = SIGNED
    session.flush()
    return call_off


def approved_case(session: Session, cast: Cast, authority: str, amount: str) -> int:
    """An approved business case of this net amount."""
    pence = Money.pounds(amount).pence
    case = BusinessCase(
        reference=f"BC-T{next(_NUMBERS):04}",
        authority_id=cast.party[authority],
        author_id=cast.person[_RAISER[authority]],
        kind=CaseType.STATUTORY,
        title="Needed",
        created_at=SIGNED,
        submitted_at=SIGNED,
        decided_at=SIGNED,
        outcome="approved",
        requested_net_pence=pence,
        approved_net_pence=pence,
    )
    session.add(case)
    session.flush()
    return case.id


def bill(
    number: str = "INV-1",
    net: str = "10,000",
    vat: str | None = None,
    *,
    dated: date = date(2022, 11, 1),
    received: date = date(2022, 11, 3),
    description: str = "Work done",
) -> InvoiceFacts:
    """What an invoice says, with VAT at 20% unless given."""
    amount = Money.pounds(net, allow_negative=True)
    tax = Money(amount.pence // 5) if vat is None else Money.pounds(vat, allow_negative=True)
    return InvoiceFacts(number, description, dated, received, amount, tax)


def supplier_of(session: Session, call_off: CallOff) -> int:
    """Party id of the call-off's partner."""
    return session.exec(
        select(Appointment.supplier_id).where(Appointment.id == call_off.appointment_id)
    ).one()


def gross_agreement(session: Session, cast: Cast) -> Cast:
    """A second agreement of the same people, counted including VAT, and the cast as it stands under it."""
    agreement = FrameworkAgreement(
        reference="GR22",
        title="Gross Partners",
        lead_authority_id=cast.party["Northbank"],
        regime=Regime.PCR2015,
        starts_on=date(2022, 1, 1),
        ends_on=date(2023, 12, 31),
        original_ends_on=date(2023, 12, 31),
        ceiling_pence=Money.pounds("1,000,000.01").pence,
        basis=Basis.GROSS,
        created_at=dates.now(),
        confirmed_at=dates.now(),
    )
    session.add(agreement)
    session.flush()
    for name in ("Northbank", "Southmere"):
        session.add(
            MemberAuthority(
                agreement_id=agreement.id, authority_id=cast.party[name], joins_on=date(2022, 1, 1)
            )
        )
    lot = Lot(
        agreement_id=agreement.id,
        number=4,
        reference="GR22-4",
        title="Web",
        ceiling_pence=Money.pounds("900,000").pence,
        award_method=AwardMethod.DIRECT,
        direct_award_basis=DirectAwardBasis.SINGLE_SUPPLIER,
        max_partners=1,
    )
    session.add(lot)
    session.flush()
    place = Appointment(
        lot_id=lot.id,
        supplier_id=cast.party["Fennel Web"],
        rank=1,
        created_at=dates.now(),
        active_from=date(2022, 1, 1),
    )
    session.add(place)
    session.flush()
    session.add(
        RateCard(appointment_id=place.id, version=1, from_on=date(2022, 1, 1), created_at=dates.now())
    )
    session.flush()
    return replace(cast, agreement=agreement.id, lot={4: lot.id}, appointment={(4, "Fennel Web"): place.id})
