"""Disputes stop the clock and move the due day; invoices that are not valid never start one; only those concerned see either."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.clocks.dispute import DisputeEvent, DisputeKind
from calloffs.clocks.disputing import dispute, due_on, resolve, standing
from calloffs.clocks.invalid_invoice import InvalidInvoice
from calloffs.clocks.sending_back import InvalidFacts, send_back
from calloffs.spend.entry import LedgerEntry
from calloffs.spend.invoice import Invoice
from calloffs.spend.invoicing import record_invoice
from calloffs.spend.paying import record_payment
from calloffs.spend.reviewing import due_by
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refused
from framework.records.messages import Message
from tests.calloffs.spend.building import bill, live_call_off
from tests.cast import Cast
from tests.visiting import Page, Visiting

Visit = Callable[[str], Visiting]


def _lines(file: Page) -> int:
    return len(file.response.get_data(as_text=True).strip().splitlines())


def an_invoice(session: Session, cast: Cast, number: str = "INV-1") -> Invoice:
    """Received on 3 November 2022 and so due on 2 December."""
    call_off = live_call_off(session, cast)
    return record_invoice(
        session, actor=cast.visitor(session, "Finn"), call_off=call_off, facts=bill(number, "1,000")
    )


def test_t28_an_invoice_of_31_january_2027_is_recorded_as_due_on_1_march(
    session: Session, cast: Cast
) -> None:
    for year, last in ((2027, date(2027, 3, 1)), (2028, date(2028, 2, 29))):
        with dates.on(date(year, 2, 10)):
            call_off = live_call_off(session, cast, ends=date(2028, 12, 31))
            facts = bill(f"J-{year}", "100", dated=date(year, 1, 31), received=date(year, 1, 31))
            invoice = record_invoice(
                session, actor=cast.visitor(session, "Finn"), call_off=call_off, facts=facts
            )
            assert invoice.due_on == last


def test_a_dispute_stops_the_clock_tells_the_partner_and_moves_the_due_day(
    session: Session, cast: Cast, both_databases: str
) -> None:
    finn, invoice = cast.visitor(session, "Finn"), an_invoice(session, cast)
    dispute(session, actor=finn, invoice=invoice, words="Two days too many were billed")
    told = session.exec(select(Message).where(col(Message.key).like("dispute:%"))).all()
    assert [one.to_address for one in told] == ["faye@example.org"]
    assert "Two days too many were billed" in told[0].text
    assert due_on(invoice, standing(session, [invoice.id])[invoice.id]) is None
    assert due_by(session, [invoice.authority_id], date(2023, 1, 1)) == []
    with pytest.raises(
        Refused, match=r"disputed since 22 November 2022. Resolve the dispute before it is paid"
    ):
        record_payment(session, actor=finn, invoice=invoice, paid_on=date(2022, 11, 22), gross=invoice.gross)
    with pytest.raises(Refused, match=r"disputed already"):
        dispute(session, actor=finn, invoice=invoice, words="Once more")
    with dates.on(date(2022, 11, 29)):
        resolve(
            session, actor=finn, invoice=invoice, outcome=DisputeKind.TO_BE_PAID, words="All days were worked"
        )
        assert invoice.due_on == date(2022, 12, 9)
        assert due_on(invoice, standing(session, [invoice.id])[invoice.id]) == invoice.due_on
        assert [one.id for one, _ in due_by(session, [invoice.authority_id], date(2022, 12, 9))] == [
            invoice.id
        ]
    with dates.on(date(2022, 12, 5)):
        dispute(session, actor=finn, invoice=invoice, words="Part two")
    with dates.on(date(2022, 12, 6)):
        resolve(session, actor=finn, invoice=invoice, outcome=DisputeKind.SETTLED, words="Agreed")
        assert invoice.due_on == date(2022, 12, 10)
        record_payment(session, actor=finn, invoice=invoice, paid_on=date(2022, 12, 6), gross=invoice.gross)
    for statement in ("UPDATE dispute_event SET words = 'x'", "DELETE FROM dispute_event"):
        with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
            session.connection().execute(sa.text(statement))


def test_what_cannot_be_disputed_is_refused_with_its_reason(session: Session, cast: Cast) -> None:
    finn, invoice = cast.visitor(session, "Finn"), an_invoice(session, cast)
    with pytest.raises(Refused, match=r"Say why"):
        dispute(session, actor=finn, invoice=invoice, words="  ")
    with pytest.raises(Refused, match=r"is not disputed"):
        resolve(session, actor=finn, invoice=invoice, outcome=DisputeKind.SETTLED, words="Agreed")
    for name in ("Asha", "Fern", "Faye", "Audra"):
        with pytest.raises(NotFound):
            dispute(session, actor=cast.visitor(session, name), invoice=invoice, words="Wrong")
    record_payment(session, actor=finn, invoice=invoice, paid_on=date(2022, 11, 22), gross=invoice.gross)
    with pytest.raises(Refused, match=r"paid in full"):
        dispute(session, actor=finn, invoice=invoice, words="Too late")


def test_an_invalid_invoice_posts_nothing_tells_the_partner_and_leaves_its_number_free(
    session: Session, cast: Cast
) -> None:
    finn, call_off = cast.visitor(session, "Finn"), live_call_off(session, cast)
    entries = len(session.exec(select(LedgerEntry)).all())
    facts = InvalidFacts(
        date(2022, 11, 21), ("description",), "Say what was done", "INV-7", Money.pounds("120")
    )
    row = send_back(session, actor=finn, call_off=call_off, facts=facts)
    assert len(session.exec(select(LedgerEntry)).all()) == entries
    told = session.exec(
        select(Message).where(Message.key == f"sent-back:{row.id}:{cast.person['Faye']}")
    ).one()
    assert "the 30 days for paying it have not begun" in told.text
    record_invoice(session, actor=finn, call_off=call_off, facts=bill("INV-7", "100"))
    with pytest.raises(Refused) as refused:
        send_back(session, actor=finn, call_off=call_off, facts=InvalidFacts(date(2022, 11, 23), (), " "))
    assert {one.field for one in refused.value.refusals} == {
        "faults",
        "number",
        "gross",
        "received_on",
        "words",
    }
    with pytest.raises(NotFound):
        send_back(session, actor=cast.visitor(session, "Fern"), call_off=call_off, facts=facts)
    assert len(session.exec(select(InvalidInvoice)).all()) == 1


def test_finance_disputes_and_resolves_by_form_and_the_partner_sees_only_its_own(
    session: Session, cast: Cast, visit: Visit
) -> None:
    invoice = an_invoice(session, cast)
    call_off = live_call_off(session, cast, lot=7, partner="Quill Works")
    other = record_invoice(
        session, actor=cast.visitor(session, "Finn"), call_off=call_off, facts=bill("Q-1", "500")
    )
    references = {one.id: ref for one, ref in due_by(session, [cast.party["Northbank"]], date(2023, 1, 1))}
    session.commit()
    mine, theirs = references[invoice.id], references[other.id]
    finn, faye, qi = visit("Finn"), visit("Faye"), visit("Qi")
    address = f"/spend/payments/{mine}/invoices/{invoice.id}/dispute"
    assert f"{address}" in finn.get(f"/call-offs/{mine}").links
    empty = finn.send(address, {"words": ""}, status=422)
    assert empty.errors == ["Say why, in words that the partner can answer"]
    page = finn.follow(finn.send(address, {"words": "Zugzwang hours"}))
    assert "Disputed since 22 November 2022" in page.text
    finn.send(f"/spend/payments/{theirs}/invoices/{other.id}/dispute", {"words": "Endgame hours"})
    assert "Disputed invoices" in finn.get("/").text
    seen = faye.get(f"/call-offs/{mine}")
    assert "Zugzwang hours" in seen.text
    assert "its days stand still" in faye.get("/invoices/").text
    assert "Endgame hours" in qi.get(f"/call-offs/{theirs}").text
    assert "Zugzwang" not in qi.get("/invoices/").text
    qi.get(f"/call-offs/{mine}", status=404)
    assert not [link for link in seen.links if "/spend/payments/" in link]
    for name in ("Fern", "Faye", "Asha"):
        visit(name).get(address, status=404)
    finn.get(f"/spend/payments/{theirs}/invoices/{invoice.id}/dispute", status=404)
    with dates.on(date(2022, 11, 25)):
        finn, faye = visit("Finn"), visit("Faye")
        kept = finn.send(
            address.replace("dispute", "resolve"), {"words": "Agreed", "outcome": None}, status=422
        )
        assert kept.values()["words"] == "Agreed"
        finn.send(address.replace("dispute", "resolve"), {"words": "Agreed", "outcome": "to_be_paid"})
        assert "due 5 December 2022" in faye.get("/invoices/").text
        assert _lines(finn.get("/spend/tables/disputes.csv")) == 3
        assert _lines(finn.get("/spend/tables/disputes.csv?state=resolved")) == 2
        assert _lines(visit("Fern").get("/spend/tables/disputes.csv")) == 1
        assert "3 Nov" in finn.get("/spend/tables/unpaid-invoices").text
        back = finn.send(
            f"/spend/payments/{mine}/send-back",
            {"faults": ["sum"], "number": "X-1", "words": "Name the sum"},
        )
        assert "Name the sum" in finn.follow(back).text
        assert "Name the sum" in faye.get(f"/call-offs/{mine}").text
        assert "Name the sum" in finn.get("/spend/tables/invoices-sent-back").text


def test_events_are_numbered_so_that_two_openings_cannot_both_stand(session: Session, cast: Cast) -> None:
    finn, invoice = cast.visitor(session, "Finn"), an_invoice(session, cast)
    dispute(session, actor=finn, invoice=invoice, words="Wrong")
    twin = DisputeEvent(
        invoice_id=invoice.id,
        number=2,
        kind=DisputeKind.OPENED,
        happened_on=dates.today(),
        words="Wrong",
        recorded_at=dates.now(),
    )
    session.add(twin)
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()
