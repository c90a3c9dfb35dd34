"""A whole life in odd pence on an agreement that counts VAT in, at each rate: every step adds up and nothing is left behind."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from calloffs.answering import accept_offer
from calloffs.awarding import award_call_off
from calloffs.business_case.case import BusinessCase
from calloffs.closing import Rating, accept_deliverable, agree_final, close_call_off, deliverables
from calloffs.drafting import OptionFacts
from calloffs.offering import make_offer
from calloffs.ordering import set_purchase_order
from calloffs.spend.invoicing import record_invoice
from calloffs.spend.paying import record_payment
from calloffs.spend.verifying import verify
from calloffs.varying import Change, agree_variation, approve_variation, propose_variation
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from lots.lot import Lot
from tests.calloffs.balances import balances_equal_entries
from tests.calloffs.building import WHY, answer, milestone
from tests.calloffs.making import an_approved_case, approved, pounds
from tests.calloffs.spend.building import bill
from tests.cast import Cast

WORDS = ("reserved", "committed", "invoiced", "paid")


def _pence(pounds_gross: Decimal) -> int:
    return int((pounds_gross * 100).to_integral_value(ROUND_HALF_UP))


def _vat(net: str, rate: int) -> Decimal:
    """VAT to the penny, half up, worked out with another arithmetic than the product's."""
    return (Decimal(net) * rate / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _gross(net: str, rate: int) -> int:
    return _pence(Decimal(net) + _vat(net, rate))


@pytest.mark.parametrize("rate", [0, 5, 20])
def test_a_life_in_odd_pence_including_vat(session: Session, cast: Cast, rate: int) -> None:
    agreement = session.get_one(FrameworkAgreement, cast.agreement)
    agreement.basis, agreement.vat_rate_bp = Basis.GROSS, rate * 100
    session.flush()
    asha, finn, faye = (cast.visitor(session, name) for name in ("Asha", "Finn", "Faye"))
    case = an_approved_case(session, cast, amount="40,000")
    member = session.exec(
        select(MemberAuthority).where(MemberAuthority.authority_id == cast.party["Northbank"])
    ).one()
    lot = session.get_one(Lot, cast.lot[4])

    def stands(used: str, **pence: int) -> None:
        """Every scope holds these gross figures, the case holds the net one, and the books agree."""
        expected = tuple(pence.get(word, 0) for word in WORDS)
        for row in (agreement, member, lot, call_off):
            session.refresh(row)
            assert tuple(getattr(row, f"{word}_pence") for word in WORDS) == expected
        assert session.get_one(BusinessCase, case.id, populate_existing=True).used_net_pence == _pence(
            Decimal(used)
        )
        balances_equal_entries(session)
        assert verify(session).differences == []

    # 33,333.33 and an option of 1,111.11 and expenses to 77.77 are 34,522.21 net.
    how: dict[str, Any] = {
        "lot": 4,
        "case": case,
        "charging_method": "milestone",
        "expenses": pounds("77.77"),
    }
    option = OptionFacts(1, 7, pounds("1,111.11"))
    call_off = approved(session, cast, value="33,333.33", options=(option,), **how)
    assert call_off.vat_rate_bp == rate * 100
    stands("34522.21", reserved=_gross("34522.21", rate))

    offer = make_offer(session, actor=asha, call_off=call_off, working_days=5)
    given = answer(deliverables=(milestone("33,331.07"),), fixed_price=pounds("33,331.07"))
    accept_offer(session, actor=faye, offer=offer, answer=given)
    award_call_off(session, actor=asha, call_off=call_off, reason="Good value", feedback=WHY)
    stands("34519.95", committed=_gross("34519.95", rate))

    call_off.issued_at = call_off.signed_at = dates.now()
    session.flush()
    set_purchase_order(session, actor=finn, call_off=call_off, number="PO-7")
    day = date(2022, 12, 5)
    billed = 0
    with dates.on(day):
        invoices = []
        for number, net in enumerate(("3,333.33", "0.03", "10,000.07"), start=1):
            plain = net.replace(",", "")
            facts = bill(f"I{number}", net, str(_vat(plain, rate)), dated=day, received=day)
            invoices.append(record_invoice(session, actor=finn, call_off=call_off, facts=facts))
            billed += _gross(plain, rate)
            stands("34519.95", committed=_gross("34519.95", rate), invoiced=billed)
        vat = -_vat("0.03", rate)
        note = bill("C1", "-0.03", str(vat), dated=day, received=day)
        credit = record_invoice(session, actor=finn, call_off=call_off, facts=note)
        billed -= _gross("0.03", rate)
        stands("34519.95", committed=_gross("34519.95", rate), invoiced=billed)

        paid = 0
        for invoice in invoices:
            whole = invoice.gross.pence
            for part in (whole // 3, whole // 3, whole - 2 * (whole // 3)):
                if part:
                    record_payment(session, actor=finn, invoice=invoice, paid_on=day, gross=Money(part))
                    paid += part
        record_payment(session, actor=finn, invoice=credit, paid_on=day, gross=credit.gross)
        paid += credit.gross.pence
        assert paid == billed
        stands("34519.95", committed=_gross("34519.95", rate), invoiced=billed, paid=paid)

        assert call_off.ends_on is not None
        less = Change(pounds("20,000.01"), call_off.ends_on, "Less to do", "not_substantial")
        variation = propose_variation(session, actor=asha, call_off=call_off, change=less)
        approve_variation(session, actor=cast.visitor(session, "Bram"), variation=variation)
        agree_variation(session, actor=faye, variation=variation)
        stands("20000.01", committed=_gross("20000.01", rate), invoiced=billed, paid=paid)

    with dates.on(date(2023, 2, 6)):
        for one in deliverables(session, call_off):
            accept_deliverable(session, actor=asha, call_off=call_off, deliverable=one)
        agree_final(session, actor=finn, call_off=call_off)
        freed = close_call_off(
            session,
            actor=asha,
            call_off=call_off,
            outcome="Done",
            rating=Rating.GOOD,
            feedback="Delivered as agreed, in good time",
        )
    assert freed.pence == _gross("20000.01", rate) - billed
    # What was billed net: 3,333.33 + 10,000.07, the three pence credited.
    stands("13333.40", committed=billed, invoiced=billed, paid=billed)
