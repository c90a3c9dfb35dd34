"""An awarded call-off, ready to be issued: its rows as they stand after raising, approving, offering, answering and awarding."""

from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, select

from calloffs.call_off import CallOff, CallOffDecision, CallOffOption, ChargingMethod, OffPayroll
from calloffs.documents import order_form
from calloffs.documents.paper import Pressed
from calloffs.issuing import issue_order_form
from calloffs.offer import Deliverable, Offer, OfferedPerson
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from calloffs.spend.ledger import Amount
from framework.definitions import dates
from framework.definitions.money import Money, line
from framework.records import documents
from lots.lot import Lot
from lots.rate_card import RateCard
from tests.cast import Cast

# T-59: 20 days at £935 and 10 at £1,115 are £29,850 net, £35,820 with VAT.
TEAM = (("Designer", 4, 935, 80), ("Developer", 5, 1115, 40))


def awarded_call_off(
    session: Session,
    cast: Cast,
    *,
    lot: int = 4,
    partner: str = "Fennel Web",
    number: int = 1,
    team: tuple[tuple[str, int, int, int], ...] = TEAM,
    options: tuple[tuple[int, int, Money], ...] = (),
    **facts: Any,
) -> CallOff:
    """Northbank's call-off, awarded to the lot's partner; its value is what the team costs, with options and expenses."""
    chosen = session.get_one(Lot, cast.lot[lot])
    now = dates.now()
    price = sum((line(Money.pounds(rate), quarters) for _, _, rate, quarters in team), Money.zero()).pence
    expenses = facts.pop("expenses_net_pence", 0)
    value = price + expenses + sum(pounds.pence for *_, pounds in options)
    said: dict[str, Any] = {
        "title": "Design for the planning service",
        "background": "Residents cannot see where their application stands.",
        "outcome_wanted": "A service that people finish without a phone call.",
        "in_scope": "Research, design and a tested prototype.",
        "out_of_scope": "Hosting.",
        "standards": "WCAG 2.2 AA, the Service Standard, open standards.",
        "starts_on": date(2023, 1, 9),
        "ends_on": date(2023, 3, 31),
        "charging_method": ChargingMethod.TIME_AND_MATERIALS,
        "off_payroll": OffPayroll.CONTRACTED_OUT,
        "conflicts_declared": True,
        "award_reason": "The lot's only partner answered in full and within the rate card.",
        **facts,
    }
    call_off = CallOff(
        reference=f"{chosen.reference}-{number:04}",
        agreement_id=cast.agreement,
        lot_id=chosen.id,
        authority_id=cast.party["Northbank"],
        owner_id=cast.person["Asha"],
        created_at=now - timedelta(days=9),
        base_net_pence=price,
        expenses_net_pence=expenses,
        options_net_pence=sum(pounds.pence for *_, pounds in options),
        value_net_pence=value,
        approved_net_pence=value,
        submitted_at=now - timedelta(days=8),
        submitted_by_id=cast.person["Asha"],
        approved_at=now - timedelta(days=7),
        approval_valid_until=date(2023, 2, 1),
        accepted_at=now - timedelta(days=1),
        awarded_at=now - timedelta(hours=1),
        awarded_by_id=cast.person["Asha"],
        appointment_id=cast.appointment[lot, partner],
        **said,
    )
    session.add(call_off)
    session.flush()
    _around(session, cast, call_off, options, value)
    _answer(session, cast, call_off, team, price)
    agreement = ledger.hold(session, cast.agreement)
    ledger.post(
        session,
        call_off,
        {EntryKind.COMMITMENT: Amount.of(Money(value), agreement, call_off.vat_rate_bp)},
        actor=cast.visitor(session, "Asha"),
        reason="awarded",
        appointment_id=call_off.appointment_id,
    )
    return call_off


def _around(
    session: Session,
    cast: Cast,
    call_off: CallOff,
    options: tuple[tuple[int, int, Money], ...],
    value: int,
) -> None:
    for number, (months, notice_days, price) in enumerate(options, start=1):
        session.add(
            CallOffOption(
                call_off_id=call_off.id,
                number=number,
                months=months,
                notice_days=notice_days,
                price_net_pence=price.pence,
            )
        )
    session.add(
        CallOffDecision(
            call_off_id=call_off.id,
            stage="raise",
            outcome="approved",
            value_net_pence=value,
            decided_by_id=cast.person["Bram"],
            limit_net_pence=Money.pounds(250_000).pence,
            decided_at=dates.now() - timedelta(days=7),
        )
    )


def _answer(
    session: Session, cast: Cast, call_off: CallOff, team: tuple[tuple[str, int, int, int], ...], price: int
) -> None:
    assert call_off.appointment_id is not None
    card = session.exec(select(RateCard).where(RateCard.appointment_id == call_off.appointment_id)).one()
    offer = Offer(
        reference=f"{call_off.reference}-A",
        call_off_id=call_off.id,
        number=1,
        appointment_id=call_off.appointment_id,
        rate_card_id=card.id,
        route="The lot has one partner",
        offered_at=dates.now() - timedelta(days=6),
        offered_by_id=cast.person["Asha"],
        deadline_at=dates.now() + timedelta(days=1),
        accepted_at=dates.now() - timedelta(days=1),
        answered_by_id=cast.person["Faye"],
        price_net_pence=price,
    )
    session.add(offer)
    session.flush()
    for number, (role, level, pounds, quarters) in enumerate(team, start=1):
        session.add(
            OfferedPerson(
                offer_id=offer.id,
                number=number,
                name=f"Person {number}",
                role=role,
                level=level,
                day_rate_pence=Money.pounds(pounds).pence,
                quarter_days=quarters,
                is_key=number == 1,
            )
        )
    session.add(
        Deliverable(
            offer_id=offer.id,
            number=1,
            description="A tested prototype",
            criteria="Eight of ten residents finish the task unaided",
            due_on=date(2023, 3, 17),
            owner="Person 1",
        )
    )
    call_off.offer_id = offer.id
    session.add(call_off)
    session.flush()


def issued_call_off(session: Session, cast: Cast, **facts: Any) -> CallOff:
    """The same, issued: a stand-in for the drawn file, so that tests of what follows draw nothing."""
    call_off = awarded_call_off(session, cast, **facts)
    snapshot = order_form.snapshot(session, call_off)
    pressed = Pressed(order_form.PAPER, snapshot, b"%PDF-1.7 as issued", documents.PDF)
    issue_order_form(session, actor=cast.visitor(session, "Asha"), call_off=call_off, pressed=pressed)
    return call_off
