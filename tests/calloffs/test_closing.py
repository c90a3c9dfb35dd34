"""Closing: deliverables, finance and a commissioning manager, and only then does the rest go back."""

from datetime import date

import pytest
from sqlmodel import Session

from calloffs.business_case.case import BusinessCase
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.closing import Rating, accept_deliverable, agree_final, close_call_off, deliverables
from calloffs.spend.invoicing import record_invoice
from calloffs.spend.paying import record_payment
from calloffs.terminating import terminate_call_off
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.rules import NotFound, Refused
from lots.lot import Lot
from tests.calloffs.spend.building import bill, live_call_off
from tests.cast import Cast

AFTER = date(2023, 4, 3)
DAY = date(2022, 11, 20)


def _billed(session: Session, cast: Cast, call_off: CallOff, net: str, *, pay: bool = True) -> None:
    finn = cast.visitor(session, "Finn")
    invoice = record_invoice(session, actor=finn, call_off=call_off, facts=bill(f"I{net}", net))
    if pay:
        record_payment(session, actor=finn, invoice=invoice, paid_on=DAY, gross=invoice.gross)


def _close(session: Session, cast: Cast, call_off: CallOff, name: str = "Asha") -> Money:
    return close_call_off(
        session,
        actor=cast.visitor(session, name),
        call_off=call_off,
        outcome="It was built",
        rating=Rating.GOOD,
        feedback="Delivered as agreed, in good time",
    )


def test_a_terminated_call_off_gives_the_rest_back_when_it_is_closed_and_not_before(
    both_databases: str, session: Session, cast: Cast
) -> None:
    """T-37."""
    call_off = live_call_off(session, cast, value="100,000", case="150,000")
    _billed(session, cast, call_off, "30,000")
    agreement = session.get(FrameworkAgreement, cast.agreement)
    lot = session.get(Lot, cast.lot[4])
    assert agreement is not None
    assert lot is not None
    terminate_call_off(
        session,
        actor=cast.visitor(session, "Asha"),
        call_off=call_off,
        last_day=date(2022, 11, 30),
        reason="No longer needed",
    )
    with dates.on(date(2022, 12, 1)):
        assert call_off.status == CallOffStatus.TERMINATED.value
        agree_final(session, actor=cast.visitor(session, "Finn"), call_off=call_off)
        session.refresh(agreement)
        assert agreement.committed_pence == 10_000_000
        assert _close(session, cast, call_off) == Money.pounds("70,000")
    session.refresh(agreement)
    session.refresh(lot)
    case = session.get(BusinessCase, call_off.case_id)
    assert case is not None
    session.refresh(case)
    assert agreement.committed_pence == lot.committed_pence == call_off.committed_pence == 3_000_000
    assert case.used_net_pence == 3_000_000
    assert call_off.status == CallOffStatus.CLOSED.value
    assert call_off.outcome_rating == "good"


def test_finance_is_told_each_invoice_that_is_not_settled(session: Session, cast: Cast) -> None:
    call_off = live_call_off(session, cast)
    _billed(session, cast, call_off, "1,000", pay=False)
    _billed(session, cast, call_off, "2,000", pay=False)
    finn = cast.visitor(session, "Finn")
    with dates.on(AFTER):
        with pytest.raises(Refused) as refused:
            agree_final(session, actor=finn, call_off=call_off)
        assert [one.sentence[:39] for one in refused.value.refusals] == [
            "Invoice I1,000 has £1,200.00 including ",
            "Invoice I2,000 has £2,400.00 including ",
        ]
        credit = bill("C", "-3,000", "-600")
        record_invoice(session, actor=finn, call_off=call_off, facts=credit)
        agree_final(session, actor=finn, call_off=call_off)
    assert call_off.invoiced_pence == 0


def test_a_later_invoice_undoes_the_final_figures(session: Session, cast: Cast) -> None:
    call_off, finn = live_call_off(session, cast), cast.visitor(session, "Finn")
    with dates.on(AFTER):
        agree_final(session, actor=finn, call_off=call_off)
        record_invoice(session, actor=finn, call_off=call_off, facts=bill())
        assert call_off.finance_agreed_at is None
        with pytest.raises(Refused, match=r"Finance has not agreed"):
            _close(session, cast, call_off)


def test_deliverables_are_accepted_or_waived_with_a_reason_before_closing(
    session: Session, cast: Cast
) -> None:
    call_off = live_call_off(session, cast, deliverables=("A site", "A guide"))
    site, guide = deliverables(session, call_off)
    asha = cast.visitor(session, "Asha")
    with dates.on(AFTER):
        agree_final(session, actor=cast.visitor(session, "Finn"), call_off=call_off)
        with pytest.raises(Refused, match=r"Deliverable 1 is neither .* Deliverable 2 is neither"):
            _close(session, cast, call_off)
        accept_deliverable(session, actor=asha, call_off=call_off, deliverable=site)
        with pytest.raises(Refused, match=r"Enter why"):
            accept_deliverable(session, actor=asha, call_off=call_off, deliverable=guide, waived_reason=" ")
        accept_deliverable(
            session, actor=asha, call_off=call_off, deliverable=guide, waived_reason="Not needed"
        )
        with pytest.raises(Refused, match=r"settled already"):
            accept_deliverable(session, actor=asha, call_off=call_off, deliverable=site)
        _close(session, cast, call_off)
    assert site.accepted_at is not None
    assert guide.waived_reason == "Not needed"


def test_a_running_call_off_is_not_closed_and_a_closed_one_takes_no_invoice(
    session: Session, cast: Cast
) -> None:
    call_off, finn = live_call_off(session, cast), cast.visitor(session, "Finn")
    with pytest.raises(Refused, match=r"closed after its last day"):
        agree_final(session, actor=finn, call_off=call_off)
    with dates.on(AFTER):
        agree_final(session, actor=finn, call_off=call_off)
        with pytest.raises(Refused, match=r"outcome|got for its money"):
            close_call_off(
                session,
                actor=cast.visitor(session, "Asha"),
                call_off=call_off,
                outcome="",
                rating=None,
                feedback="",
            )
        _close(session, cast, call_off)
        with pytest.raises(Refused, match=r"was closed on 3 April 2023"):
            record_invoice(session, actor=finn, call_off=call_off, facts=bill())


def test_finance_alone_or_the_manager_alone_cannot_close(session: Session, cast: Cast) -> None:
    call_off = live_call_off(session, cast)
    with dates.on(AFTER):
        with pytest.raises(NotFound):
            agree_final(session, actor=cast.visitor(session, "Asha"), call_off=call_off)
        agree_final(session, actor=cast.visitor(session, "Finn"), call_off=call_off)
        for name in ("Finn", "Cara", "Faye"):
            with pytest.raises(NotFound):
                _close(session, cast, call_off, name)
        call_off.finance_agreed_by_id = cast.person["Asha"]
        session.flush()
        with pytest.raises(Refused, match=r"somebody else"):
            _close(session, cast, call_off)


def test_closing_on_the_gross_basis_asks_nothing_more_of_the_case(session: Session, cast: Cast) -> None:
    agreement = session.get(FrameworkAgreement, cast.agreement)
    assert agreement is not None
    agreement.basis = Basis.GROSS
    session.flush()
    call_off = live_call_off(session, cast, value="10,000", case="10,000")
    finn = cast.visitor(session, "Finn")
    facts = bill("Z", "12,000", "0")
    invoice = record_invoice(session, actor=finn, call_off=call_off, facts=facts)
    record_payment(session, actor=finn, invoice=invoice, paid_on=DAY, gross=invoice.gross)
    with dates.on(AFTER):
        agree_final(session, actor=finn, call_off=call_off)
        assert _close(session, cast, call_off) == Money.zero()
    member = session.get(MemberAuthority, 1)
    assert member is not None
    session.refresh(member)
    assert member.committed_pence == 1_200_000
