"""What a partner reads of its own invoices, and that it reads no other's."""

from datetime import date

from sqlmodel import select

from calloffs.spend.invoicing import InvoiceFacts, record_invoice
from calloffs.spend.own_invoices import own_invoices
from calloffs.spend.paying import record_payment
from framework.definitions import dates
from framework.definitions.money import Money
from framework.records.audit import AuditRecord
from tests.calloffs.spend.building import live_call_off


def _bill(session, cast, call_off, number="INV-7", net="1,000", received=date(2022, 11, 3)):
    amount = Money.pounds(net, allow_negative=True)
    vat = Money(amount.pence // 5)
    facts = InvoiceFacts(number, "October", date(2022, 11, 1), received, amount, vat, amount + vat)
    return record_invoice(session, actor=cast.visitor(session, "Finn"), call_off=call_off, facts=facts)


def _pay(session, cast, invoice, gross, on):
    amount = Money.pounds(gross, allow_negative=True)
    record_payment(session, actor=cast.visitor(session, "Finn"), invoice=invoice, paid_on=on, gross=amount)


def _said(session, cast, name="Faye"):
    return [one.sentence for one in own_invoices(session, cast.visitor(session, name))]


def test_an_invoice_is_told_in_a_sentence_from_receipt_to_payment(both_databases, session, cast):
    call_off = live_call_off(session, cast)
    invoice = _bill(session, cast, call_off)
    begins = f"Received 3 November 2022, matched to {call_off.reference}, due 2 December 2022"
    assert _said(session, cast) == [f"{begins}, not paid yet"]
    with dates.on(date(2022, 12, 2)):
        assert _said(session, cast) == [f"{begins}, not paid yet"]
    with dates.on(date(2022, 12, 3)):
        assert _said(session, cast) == [f"{begins}, not paid, 1 day late"]
    _pay(session, cast, invoice, "200", date(2022, 11, 20))
    assert _said(session, cast) == [
        f"{begins}, £200.00 including VAT paid so far, the last on 20 November 2022"
    ]
    _pay(session, cast, invoice, "1,000", date(2022, 11, 21))
    assert _said(session, cast) == [f"{begins}, paid 21 November 2022"]


def test_a_credit_note_is_called_one_and_says_when_it_was_settled(session, cast):
    call_off = live_call_off(session, cast)
    _pay(session, cast, _bill(session, cast, call_off), "1,200", date(2022, 11, 20))
    credit = _bill(session, cast, call_off, "CN-1", "-100")
    (one, _) = own_invoices(session, cast.visitor(session, "Faye"))
    assert (one.kind, one.invoice.gross) == ("Credit note", -Money.pounds(120))
    assert one.sentence.endswith("to be set against what is paid")
    _pay(session, cast, credit, "-120", date(2022, 11, 21))
    assert _said(session, cast)[0].endswith("settled 21 November 2022")


def test_each_partner_reads_its_own_and_people_of_councils_none(session, cast):
    _bill(session, cast, live_call_off(session, cast), "F-1")
    _bill(session, cast, live_call_off(session, cast, lot=7), "Q-1")
    found = {
        name: [one.invoice.number for one in own_invoices(session, cast.visitor(session, name))]
        for name in ("Faye", "Qi", "Tess", "Finn", "Asha", "Stranger")
    }
    assert found == {"Faye": ["F-1"], "Qi": ["Q-1"], "Tess": [], "Finn": [], "Asha": [], "Stranger": []}


def test_the_partner_sees_them_on_home_on_its_call_off_and_in_one_list(session, cast, visit):
    call_off = live_call_off(session, cast, order="")
    _bill(session, cast, call_off)
    _bill(session, cast, live_call_off(session, cast, lot=7), "Q-1")
    session.commit()
    reference = call_off.reference
    session.close()
    faye = visit("Faye")
    said = f"Received 3 November 2022, matched to {reference}, due 2 December 2022, not paid yet"
    home = faye.get("/")
    assert said in home.text
    assert "/invoices/" in home.links
    for address in (f"/call-offs/{reference}", "/invoices/"):
        page = faye.get(address)
        assert said in page.text, address
        assert "£1,000.00" in page.text
        assert "£1,200.00" in page.text
        assert "cannot pay without one" in page.text
        assert "Q-1" not in page.html
    assert "Your invoices" not in visit("Tess").get("/").text
    assert "No council has recorded an invoice" in visit("Tess").get("/invoices/").text
    for name in ("Finn", "Asha", "Stranger"):
        visit(name).get("/invoices/", status=404)


def test_reading_them_leaves_no_trace(session, cast):
    _bill(session, cast, live_call_off(session, cast))
    session.commit()
    before = len(session.exec(select(AuditRecord.id)).all())
    _said(session, cast)
    session.commit()
    assert len(session.exec(select(AuditRecord.id)).all()) == before
