"""Payments: never more than is unpaid, and the net parts of a fully paid invoice add up to its net."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from calloffs.spend.invoice import Invoice, Payment
from calloffs.spend.invoicing import record_invoice
from calloffs.spend.paying import net_part, record_payment
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refused
from tests.calloffs.spend.building import bill, live_call_off
from tests.cast import Cast

DAY = date(2022, 11, 20)


def test_three_part_payments_close_the_invoice_to_the_penny(session: Session, cast: Cast) -> None:
    call_off, finn = live_call_off(session, cast), cast.visitor(session, "Finn")
    invoice = record_invoice(session, actor=finn, call_off=call_off, facts=bill(net="1,000", vat="199.99"))
    for gross in ("400", "400", "399.99"):
        record_payment(session, actor=finn, invoice=invoice, paid_on=DAY, gross=Money.pounds(gross))
    parts = session.exec(select(Payment.net_pence).order_by(col(Payment.id))).all()
    assert sum(parts) == 100_000
    assert call_off.paid_pence == call_off.invoiced_pence == 100_000
    assert invoice.unpaid_gross == Money.zero()


@given(
    net=st.integers(1, 10_000_000),
    rate=st.integers(0, 100),
    cuts=st.lists(st.integers(1, 10_000_000), max_size=6),
    sign=st.sampled_from([1, -1]),
)
def test_any_way_of_paying_in_parts_adds_up_to_the_net_amount(
    net: int, rate: int, cuts: list[int], sign: int
) -> None:
    gross = net + net * rate // 100
    invoice = Invoice()  # type: ignore[call-arg]
    invoice.net_pence, invoice.gross_pence, invoice.paid_gross_pence = net * sign, gross * sign, 0
    left, total = gross, 0
    for cut in [*cuts, gross]:
        step = min(cut, left)
        total += net_part(invoice, Money(step * sign)).pence
        invoice.paid_gross_pence += step * sign
        left -= step
    assert total == net * sign


def test_no_more_than_what_is_unpaid_may_be_paid(session: Session, cast: Cast) -> None:
    call_off, finn = live_call_off(session, cast), cast.visitor(session, "Finn")
    invoice = record_invoice(session, actor=finn, call_off=call_off, facts=bill(net="100"))
    with pytest.raises(Refused, match=r"£120.00 including VAT left to pay"):
        record_payment(session, actor=finn, invoice=invoice, paid_on=DAY, gross=Money.pounds("120.01"))
    record_payment(session, actor=finn, invoice=invoice, paid_on=DAY, gross=Money.pounds("120"))
    with pytest.raises(Refused, match=r"paid in full"):
        record_payment(session, actor=finn, invoice=invoice, paid_on=DAY, gross=Money.pounds("0.01"))


def test_nothing_is_paid_without_a_purchase_order(session: Session, cast: Cast) -> None:
    call_off, finn = live_call_off(session, cast, order=""), cast.visitor(session, "Finn")
    invoice = record_invoice(session, actor=finn, call_off=call_off, facts=bill(net="100"))
    with pytest.raises(Refused, match=r"no purchase order, no payment"):
        record_payment(session, actor=finn, invoice=invoice, paid_on=DAY, gross=Money.pounds("120"))


def test_a_credit_is_refunded_only_out_of_what_was_paid(session: Session, cast: Cast) -> None:
    call_off, finn = live_call_off(session, cast), cast.visitor(session, "Finn")
    invoice = record_invoice(session, actor=finn, call_off=call_off, facts=bill("A", "100"))
    credit = record_invoice(session, actor=finn, call_off=call_off, facts=bill("C", "-40"))
    back = Money.pounds("-48", allow_negative=True)
    with pytest.raises(Refused, match=r"Only £0.00"):
        record_payment(session, actor=finn, invoice=credit, paid_on=DAY, gross=back)
    record_payment(session, actor=finn, invoice=invoice, paid_on=DAY, gross=Money.pounds("120"))
    record_payment(session, actor=finn, invoice=credit, paid_on=DAY, gross=back)
    assert call_off.paid_pence == call_off.invoiced_pence == 6_000


def test_days_of_payment_make_sense_and_strangers_find_nothing(session: Session, cast: Cast) -> None:
    call_off, finn = live_call_off(session, cast), cast.visitor(session, "Finn")
    invoice = record_invoice(session, actor=finn, call_off=call_off, facts=bill(net="100"))
    for day, sentence in (
        (date(2022, 11, 23), "after today"),
        (date(2022, 10, 31), "before the invoice date"),
    ):
        with pytest.raises(Refused, match=sentence):
            record_payment(session, actor=finn, invoice=invoice, paid_on=day, gross=Money.pounds("1"))
    with pytest.raises(NotFound):
        record_payment(
            session,
            actor=cast.visitor(session, "Fern"),
            invoice=invoice,
            paid_on=DAY,
            gross=Money.pounds("1"),
        )
