"""Off-contract spend, commitments without an invoice and returns that disagree: each a table, and only of one's own authority."""

from datetime import UTC, date, datetime

import pytest

from calloffs.matching.matching import match
from calloffs.matching.spend_match import Why
from calloffs.matching.undoing import undo_match
from calloffs.returns import comparing
from calloffs.spend.invoicing import record_invoice
from framework.people.party import Party
from tests.calloffs.matching.building import a_line
from tests.calloffs.returns.building import give, line
from tests.calloffs.spend.building import bill, live_call_off
from tests.calloffs.tables.reading import csv_rows

TABLES = "/spend/tables/"


def test_a_payment_to_a_partner_without_a_call_off_is_off_contract_until_it_is_matched(
    session, cast, visit
) -> None:
    session.get(Party, cast.party["Cedar Design"]).company_number = "01234567"
    session.flush()
    call_off = live_call_off(session, cast)
    a_line(
        session, cast, company_number="1234567", supplier_name="Cedar", cost_centre="00123", service="Parks"
    )
    a_line(session, cast, supplier_name="Elm Apps Limited", net=None, gross="600")
    a_line(session, cast, supplier_name="A stationer", purchase_order="P-9")
    matched = a_line(session, cast, supplier_name="Fennel Web", invoice_number="M-1")
    a_line(session, cast, authority="Southmere", supplier_name="Fir Security")
    finn = cast.visitor(session, "Finn")
    match(session, actor=finn, line=matched, call_off=call_off, why=Why.BY_HAND, because="By hand")
    session.commit()
    page = visit("Finn").get(f"{TABLES}off-contract")
    for there in ("Cedar Design", "00123", "Parks", "Elm Apps", "£1,000.00", "£600.00"):
        assert there in page.text
    for elsewhere in ("A stationer", "M-1", "Fir Security"):
        assert elsewhere not in page.text
    visit("Asha").get(f"{TABLES}off-contract", 404)


def test_a_commitment_without_an_invoice_for_60_days_is_listed_the_largest_first(
    session, cast, visit
) -> None:
    small = live_call_off(session, cast, value="20,000")
    large = live_call_off(session, cast, value="50,000")
    billed = live_call_off(session, cast, value="90,000")
    new = live_call_off(session, cast, value="80,000", starts=date(2022, 10, 1))
    finn = cast.visitor(session, "Finn")
    record_invoice(session, actor=finn, call_off=billed, facts=bill("B-1", dated=date(2022, 11, 1)))
    session.commit()
    text = visit("Finn").get(f"{TABLES}without-invoice").text
    assert text.index(large.reference) < text.index(small.reference)
    assert "1 September 2022" in text
    for one in (billed, new):
        assert one.reference not in text
    assert large.reference not in visit("Fern").get(f"{TABLES}without-invoice").text


@pytest.mark.usefixtures("both_databases")
def test_an_invoice_of_60_days_ago_keeps_a_call_off_off_the_list_and_one_of_61_days_does_not(
    session, cast, visit
) -> None:
    finn = cast.visitor(session, "Finn")
    inside, outside, undone, credited = (
        live_call_off(session, cast, value="90,000", starts=date(2022, 8, 25)) for _ in range(4)
    )
    begun, fresh = (
        live_call_off(session, cast, starts=first) for first in (date(2022, 9, 22), date(2022, 9, 23))
    )
    signed, late = (live_call_off(session, cast, starts=date(2022, 8, 25)) for _ in range(2))
    # London days: a quarter to midnight, and a quarter past it, in summer time.
    signed.signed_at = datetime(2022, 9, 22, 22, 45, tzinfo=UTC)
    late.signed_at = datetime(2022, 9, 22, 23, 15, tzinfo=UTC)
    for call_off, day in (
        (inside, date(2022, 9, 23)),
        (outside, date(2022, 9, 22)),
        (credited, date(2022, 9, 1)),
    ):
        facts = bill(f"{call_off.reference}-1", dated=day, received=day)
        record_invoice(session, actor=finn, call_off=call_off, facts=facts)
    credit = bill("C-1", net="-10,000", dated=date(2022, 11, 8), received=date(2022, 11, 8))
    record_invoice(session, actor=finn, call_off=credited, facts=credit)
    line_of_october = a_line(session, cast, supplier_name="Fennel Web", invoice_number="U-1")
    made = match(
        session, actor=finn, line=line_of_october, call_off=undone, why=Why.BY_HAND, because="By hand"
    )
    undo_match(session, actor=finn, match=made)
    session.commit()
    rows = {
        one["call_off"]: (one["since"], one["days"])
        for one in csv_rows(visit("Finn").get(f"{TABLES}without-invoice.csv").response.get_data())
    }
    assert rows == {
        outside.reference: ("2022-09-22", "61"),
        undone.reference: ("2022-08-25", "89"),
        begun.reference: ("2022-09-22", "61"),
        signed.reference: ("2022-09-22", "61"),
    }
    assert {inside.reference, credited.reference, fresh.reference, late.reference}.isdisjoint(rows)


def test_what_a_matched_line_invoiced_stands_beside_the_partners_return_and_never_twice(
    session, cast, visit
) -> None:
    call_off = live_call_off(session, cast)
    finn = cast.visitor(session, "Finn")
    extracted = a_line(session, cast, net="700", invoice_number="X-1", invoiced=date(2022, 10, 7))
    again = a_line(session, cast, net="300", invoice_number="H-1", invoiced=date(2022, 10, 8))
    record_invoice(
        session,
        actor=finn,
        call_off=call_off,
        facts=bill("H-1", "300", dated=date(2022, 10, 8), received=date(2022, 10, 9)),
    )
    for one in (extracted, again):
        match(session, actor=finn, line=one, call_off=call_off, why=Why.BY_HAND, because="By hand")
    month = date(2022, 10, 1)
    found = comparing.one_row(session, call_off, month)
    assert found is not None
    assert found.recorded.pence == 1_000_00
    assert [number for number, _ in comparing.numbers(session, call_off.id, month, ["h-1"]).council_only] == [
        "X-1"
    ]


def test_a_return_that_disagrees_with_what_matched_lines_invoiced_is_listed(session, cast, visit) -> None:
    call_off = live_call_off(session, cast)
    extracted = a_line(session, cast, net="700", invoiced=date(2022, 10, 7))
    match(
        session,
        actor=cast.visitor(session, "Finn"),
        line=extracted,
        call_off=call_off,
        why=Why.BY_HAND,
        because="By hand",
    )
    give(session, cast, line(call_off, "800"))
    session.commit()
    text = visit("Finn").get(f"{TABLES}returns-differ").text
    for there in (call_off.reference, "£800.00", "£700.00", "£100.00"):
        assert there in text
    assert call_off.reference not in visit("Fern").get(f"{TABLES}returns-differ").text
