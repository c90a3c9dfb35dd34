"""Invoices and credit notes: valid, signed for, never past what is committed, to the penny."""

from datetime import date

import pytest
from sqlmodel import Session

from calloffs.spend.invoicing import InvoiceFacts, record_invoice
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.rules import NotFound, Refused
from lots.appointment import Appointment
from lots.lot import Lot
from tests.calloffs.spend.building import bill, live_call_off
from tests.cast import Cast


def test_an_invoice_moves_every_balance_by_its_net_amount(session: Session, cast: Cast) -> None:
    call_off = live_call_off(session, cast, value="60,000")
    invoice = record_invoice(
        session,
        actor=cast.visitor(session, "Finn"),
        call_off=call_off,
        facts=bill(net="12,345.67", vat="2,469.13"),
    )
    assert invoice.gross == Money.pounds("14,814.80")
    assert call_off.invoiced_pence == 1_234_567
    assert call_off.left_to_invoice == Money.pounds("47,654.33")
    for scope in (
        session.get(FrameworkAgreement, cast.agreement),
        session.get(Lot, cast.lot[4]),
        session.get(Appointment, cast.appointment[(4, "Fennel Web")]),
    ):
        assert scope is not None
        session.refresh(scope)
        assert scope.invoiced_pence == 1_234_567
        assert scope.committed_pence == 6_000_000


def test_an_agreement_including_vat_counts_invoices_as_they_were_billed(session: Session, cast: Cast) -> None:
    agreement = session.get(FrameworkAgreement, cast.agreement)
    assert agreement is not None
    agreement.basis = Basis.GROSS
    session.flush()
    call_off = live_call_off(session, cast, value="10,000")
    assert call_off.committed_pence == 1_200_000
    record_invoice(
        session, actor=cast.visitor(session, "Finn"), call_off=call_off, facts=bill(net="1,000", vat="50")
    )
    assert call_off.invoiced_pence == 105_000


def test_an_invoice_is_due_thirty_days_beginning_with_the_day_it_came(session: Session, cast: Cast) -> None:
    call_off = live_call_off(session, cast)
    with dates.on(date(2023, 2, 1)):
        invoice = record_invoice(
            session,
            actor=cast.visitor(session, "Finn"),
            call_off=call_off,
            facts=bill(dated=date(2023, 1, 20), received=date(2023, 1, 31)),
        )
    assert invoice.due_on == date(2023, 3, 1)


def test_the_last_penny_may_be_invoiced_and_not_one_more(session: Session, cast: Cast) -> None:
    call_off = live_call_off(session, cast, value="10,000")
    finn = cast.visitor(session, "Finn")
    record_invoice(session, actor=finn, call_off=call_off, facts=bill("A", "9,999.99"))
    record_invoice(session, actor=finn, call_off=call_off, facts=bill("B", "0.01", "0"))
    with pytest.raises(Refused) as refused:
        record_invoice(session, actor=finn, call_off=call_off, facts=bill("C", "0.01", "0"))
    assert "has £0.00 (net of VAT) left to invoice" in str(refused.value)
    assert refused.value.refusals[0].left == Money.zero()


def test_a_credit_note_gives_back_and_never_more_than_was_invoiced(session: Session, cast: Cast) -> None:
    call_off = live_call_off(session, cast, value="10,000")
    finn = cast.visitor(session, "Finn")
    record_invoice(session, actor=finn, call_off=call_off, facts=bill("A", "4,000"))
    record_invoice(session, actor=finn, call_off=call_off, facts=bill("CN-A", "-1,500"))
    assert call_off.invoiced_pence == 250_000
    assert call_off.committed_pence == 1_000_000
    with pytest.raises(Refused, match=r"Only £2,500.00"):
        record_invoice(session, actor=finn, call_off=call_off, facts=bill("CN-B", "-2,500.01", "-500"))


def test_nothing_is_invoiced_before_both_sides_have_signed(session: Session, cast: Cast) -> None:
    finn = cast.visitor(session, "Finn")
    with pytest.raises(Refused, match=r"not signed by both sides"):
        record_invoice(session, actor=finn, call_off=live_call_off(session, cast, signed=False), facts=bill())
    early = live_call_off(session, cast, starts=date(2022, 8, 1))
    with pytest.raises(Refused, match=r"dated before .* was signed on 25 August 2022"):
        record_invoice(session, actor=finn, call_off=early, facts=bill(dated=date(2022, 8, 24)))


def test_an_invoice_without_purchase_order_is_taken_and_flagged(session: Session, cast: Cast) -> None:
    finn = cast.visitor(session, "Finn")
    call_off = live_call_off(session, cast, order="")
    assert record_invoice(session, actor=finn, call_off=call_off, facts=bill("A")).without_purchase_order
    call_off.purchase_order = "PO-7"
    assert not record_invoice(session, actor=finn, call_off=call_off, facts=bill("B")).without_purchase_order


def test_a_partner_s_number_is_taken_once_whatever_its_capitals(session: Session, cast: Cast) -> None:
    finn = cast.visitor(session, "Finn")
    first = live_call_off(session, cast, lot=4)
    record_invoice(session, actor=finn, call_off=first, facts=bill("Inv  7"))
    again = live_call_off(session, cast, lot=4)
    with pytest.raises(Refused, match=r"recorded already"):
        record_invoice(session, actor=finn, call_off=again, facts=bill("INV 7"))
    other = live_call_off(session, cast, lot=3)
    record_invoice(session, actor=finn, call_off=other, facts=bill("INV 7"))


def test_every_fault_of_an_invoice_is_told_at_once(session: Session, cast: Cast) -> None:
    call_off = live_call_off(session, cast)
    wrong = InvoiceFacts(
        " ",
        "",
        date(2022, 8, 31),
        date(2022, 8, 30),
        Money.pounds("100"),
        Money.pounds("20"),
        Money.pounds("121"),
    )
    with pytest.raises(Refused) as refused:
        record_invoice(session, actor=cast.visitor(session, "Finn"), call_off=call_off, facts=wrong)
    assert [one.field for one in refused.value.refusals] == ["number", "dated_on", "gross"]
    assert "make £120.00, not £121.00" in str(refused.value)


@pytest.mark.parametrize("name", ["Asha", "Fern", "Faye", "Audra", "Zed"])
def test_only_finance_of_the_call_off_s_own_authority_records(
    session: Session, cast: Cast, name: str
) -> None:
    call_off = live_call_off(session, cast)
    with pytest.raises(NotFound):
        record_invoice(session, actor=cast.visitor(session, name), call_off=call_off, facts=bill())
