"""Off-contract spend, commitments without an invoice and returns that disagree: each a table, and only of one's own authority."""

from datetime import date

from calloffs.matching.matching import match
from calloffs.matching.spend_match import Why
from calloffs.returns import comparing
from calloffs.spend.invoicing import record_invoice
from framework.people.party import Party
from tests.calloffs.matching.building import a_line
from tests.calloffs.returns.building import give, line
from tests.calloffs.spend.building import bill, live_call_off

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
