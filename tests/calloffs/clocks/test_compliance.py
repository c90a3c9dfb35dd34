"""The payments compliance figures, and the payments over £30,000: every number from invoices and lines set down by hand."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.clocks import compliance
from calloffs.clocks.approving_figures import approvals, approve, mark
from calloffs.clocks.asked_for import half_year
from calloffs.clocks.compliance_report import ComplianceReport
from calloffs.clocks.dispute import DisputeKind
from calloffs.clocks.disputing import dispute, resolve
from calloffs.clocks.publication_days import compliance_due, large_payments_due
from calloffs.clocks.tables import late_payments, payment_times, payments_over_30000
from calloffs.extracts.spend_line import SpendLine
from calloffs.matching.matching import match
from calloffs.matching.spend_match import SpendMatch, Why
from calloffs.matching.undoing import undo_match
from calloffs.spend.invoice import Invoice, Payment
from calloffs.spend.invoicing import record_invoice
from calloffs.spend.own_invoices import own_invoices
from calloffs.spend.paying import record_payment
from calloffs.tables.fact_table import Asking
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.payments import half_year_of, quarter_of
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.people.party import Party
from tests.calloffs.matching.building import a_line
from tests.calloffs.spend.building import bill, live_call_off
from tests.cast import Cast
from tests.visiting import Visiting

Visit = Callable[[str], Visiting]
HALF = half_year_of(date(2027, 3, 31))


def billed(
    session: Session, cast: Cast, call_off: CallOff, number: str, received: date, net: str, paid: date | None
) -> Invoice:
    """An invoice recorded on the day it came, and paid in full on a day."""
    finn = cast.visitor(session, "Finn")
    with dates.on(max(received, paid or received)):
        invoice = record_invoice(
            session,
            actor=finn,
            call_off=call_off,
            facts=bill(number, net, dated=received, received=received),
        )
        if paid:
            record_payment(session, actor=finn, invoice=invoice, paid_on=paid, gross=invoice.gross)
    return invoice


def matched(session: Session, cast: Cast, call_off: CallOff, **said: object) -> SpendLine:
    """A line of the finance system, matched by hand."""
    line = a_line(session, cast, **said)  # type: ignore[arg-type]
    with dates.on(line.accounting_on):
        match(
            session,
            actor=cast.visitor(session, "Finn"),
            line=line,
            call_off=call_off,
            why=Why.BY_HAND,
            because="By hand",
        )
    return line


def fill(session: Session, cast: Cast) -> CallOff:
    """A half-year to 31 March 2027: four payments, one invoice unpaid, one disputed, and lines that say more or less."""
    finn = cast.visitor(session, "Finn")
    call_off = live_call_off(session, cast, ends=date(2027, 12, 31), value="500,000")
    billed(session, cast, call_off, "A", date(2027, 1, 4), "1,000", date(2027, 1, 14))  # 10 days
    billed(session, cast, call_off, "B", date(2027, 3, 1), "2,000", date(2027, 3, 31))  # T-29: 30 days, late
    invoice = billed(session, cast, call_off, "C", date(2027, 1, 1), "3,000", None)
    with dates.on(date(2027, 1, 20)):
        dispute(session, actor=finn, invoice=invoice, words="Too much")
    with dates.on(date(2027, 2, 9)):  # 20 days stood
        resolve(session, actor=finn, invoice=invoice, outcome=DisputeKind.TO_BE_PAID, words="Right after all")
    with dates.on(date(2027, 2, 15)):  # 45 days after receipt, 25 that count, in time
        record_payment(session, actor=finn, invoice=invoice, paid_on=dates.today(), gross=invoice.gross)
    billed(session, cast, call_off, "D", date(2027, 1, 10), "4,000", None)  # due 8 February, unpaid
    disputed = billed(session, cast, call_off, "E", date(2027, 2, 1), "5,000", None)
    with dates.on(date(2027, 2, 10)):
        dispute(session, actor=finn, invoice=disputed, words="Not delivered")
    matched(  # 62 days, late
        session,
        cast,
        call_off,
        net="100",
        received_on=date(2026, 12, 1),
        invoiced=None,
        paid=date(2027, 2, 1),
    )
    matched(session, cast, call_off, net="100", invoiced=None, paid=date(2027, 2, 2))  # no day of receipt
    matched(session, cast, call_off, net="-10", invoiced=None, paid=date(2027, 2, 3))  # a credit
    a_line(session, cast, net="900", paid=date(2027, 2, 4))  # matched to nothing
    return call_off


def test_the_figures_of_a_half_year_are_those_of_its_invoices_and_lines_and_t29_is_late_in_the_first_band(
    session: Session, cast: Cast, both_databases: str
) -> None:
    fill(session, cast)
    with dates.on(date(2027, 4, 6)):
        found = compliance.figures(session, cast.party["Northbank"], HALF)
        assert (found.payments, found.payments_pence) == (4, 120_000 + 240_000 + 360_000 + 12_000)
        assert (found.first_band, found.second_band, found.third_band) == (3, 0, 1)
        assert found.days == 10 + 30 + 25 + 62
        assert compliance.mean_tenths(found) == 318  # 31.75 days
        # A, B, C, D and the line fell due; B, D and the line were not paid in time.
        assert (found.fell_due, found.fell_due_pence) == (5, 120_000 + 240_000 + 360_000 + 480_000 + 12_000)
        assert (found.not_in_time, found.not_in_time_pence) == (3, 240_000 + 480_000 + 12_000)
        assert compliance.share(found.not_in_time, found.fell_due) == 6_000
        assert (found.without_received, found.without_paid, found.credits, found.disputed) == (1, 0, 1, 1)
        assert compliance.figures(session, cast.party["Southmere"], HALF).payments == 0
        # The tables behind the figures say the same.
        asking = Asking(session, cast.visitor(session, "Finn"), {"half_year": HALF.last.isoformat()})
        rows = list(payment_times.TABLE.rows(asking))
        assert sum(row.values[9] or 0 for row in rows) == found.days  # type: ignore[misc]
        assert len(rows) == found.payments + found.without_received
        assert {row.values[3]: (row.values[10], row.values[11]) for row in rows}["B"] == (
            "1 to 30 days",
            "No",
        )
        late = late_payments.TABLE.totals(asking)[0]
        assert (late.rows, late.sums["unpaid_then"]) == (3, Money(found.not_in_time_pence))
        assert {row.values[6] for row in late_payments.TABLE.rows(asking)} == {
            date(2027, 3, 30),
            date(2027, 2, 8),
            date(2026, 12, 30),
        }
    with dates.on(date(2027, 3, 30)):
        # B is due today and may still be paid.
        assert compliance.figures(session, cast.party["Northbank"], HALF).fell_due == 4


def test_the_finance_directors_approval_freezes_the_figures_and_later_changes_are_shown(
    session: Session, cast: Cast
) -> None:
    call_off = fill(session, cast)
    finn, northbank = cast.visitor(session, "Finn"), session.get_one(Party, cast.party["Northbank"])
    with dates.on(date(2027, 4, 6)):

        def record(**said: object) -> ComplianceReport:
            now = compliance.figures(session, northbank.id, HALF)
            facts = {"director": "D. Rector", "approved_on": date(2027, 4, 5), "shown": mark(now), **said}
            return approve(session, actor=finn, authority=northbank, ends_on=HALF.last, **facts)  # type: ignore[arg-type]

        with pytest.raises(Refused) as refused:
            record(director=" ", approved_on=date(2027, 3, 31))
        assert {one.field for one in refused.value.refusals} == {"director", "approved_on"}
        with pytest.raises(ChangedMeanwhile):
            record(shown="1 2 3")
        first = record()
        session.commit()
        billed(session, cast, call_off, "L", date(2027, 3, 2), "10", date(2027, 3, 10))
        now = compliance.figures(session, northbank.id, HALF)
        changed = {name: (then, today) for name, then, today in compliance.changed_since(first, now)}
        assert changed["payments"] == (4, 5)
        assert record().version == 2
        assert [one.version for one in approvals(session, northbank.id, HALF.last)] == [2, 1]
        with pytest.raises(NotFound):
            approve(
                session,
                actor=cast.visitor(session, "Fern"),
                authority=northbank,
                ends_on=HALF.last,
                director="D",
                approved_on=date(2027, 4, 5),
                shown="",
            )


def test_t30_and_t31_finance_is_reminded_of_both_days_of_publication(session: Session, cast: Cast) -> None:
    with dates.on(date(2026, 4, 2)):
        finn = cast.visitor(session, "Finn")
        due = list(compliance_due(session, date(2026, 4, 1), date(2026, 12, 31), None))
        assert {(one.on, one.readers()) for one in due if "Northbank" in one.title} == {
            (date(2026, 4, 29), (cast.person["Finn"],)),
            (date(2026, 10, 29), (cast.person["Finn"],)),
        }
        assert [one.on for one in compliance_due(session, date(2026, 4, 1), date(2026, 4, 30), finn)] == [
            date(2026, 4, 29)
        ]
        assert not list(compliance_due(session, date(2022, 1, 1), date(2026, 1, 30), None))
        assert not list(large_payments_due(session, date(2026, 4, 1), date(2026, 12, 31), None))
        _commenced(session, cast, date(2026, 5, 4))
        assert [one.on for one in large_payments_due(session, date(2026, 4, 1), date(2026, 7, 31), finn)] == [
            date(2026, 7, 29)
        ]
        asha = cast.visitor(session, "Asha")
        assert not list(compliance_due(session, date(2026, 4, 1), date(2026, 12, 31), asha))


def _commenced(session: Session, cast: Cast, on: date) -> None:
    session.get_one(FrameworkAgreement, cast.agreement).commenced_on = on
    session.flush()


def test_t32_and_t33_only_single_payments_over_30000_of_new_procurements_are_listed(
    session: Session, cast: Cast, both_databases: str
) -> None:
    call_off = live_call_off(session, cast, ends=date(2027, 12, 31), value="900,000")
    day = date(2026, 6, 10)
    billed(session, cast, call_off, "AT", day, "25,000", day)  # £30,000.00 including VAT
    with dates.on(day):
        finn = cast.visitor(session, "Finn")
        facts = bill("OVER", "25,000", "5,000.01", dated=day, received=day)
        invoice = record_invoice(session, actor=finn, call_off=call_off, facts=facts)
        record_payment(session, actor=finn, invoice=invoice, paid_on=day, gross=Money.pounds("30,000.01"))
        # Two smaller payments are never added up, and a line without an amount including VAT is told apart.
        twice = record_invoice(
            session, actor=finn, call_off=call_off, facts=bill("TWICE", "50,000", dated=day, received=day)
        )
        for _ in range(2):
            record_payment(session, actor=finn, invoice=twice, paid_on=day, gross=Money.pounds("30,000"))
        matched(session, cast, call_off, net="40,000", gross=None, invoiced=day, paid=day)
        matched(session, cast, call_off, net="40,000", invoiced=day, paid=day)
        quarter = {"quarter": quarter_of(day).last.isoformat()}

        def listed(name: str = "Finn", **filters: str) -> list[tuple[object, object]]:
            asking = Asking(session, cast.visitor(session, name), {**quarter, **filters})
            return [(row.values[7], row.values[9]) for row in payments_over_30000.TABLE.rows(asking)]

        _commenced(session, cast, date(2026, 3, 31))
        assert listed() == []
        _commenced(session, cast, date(2026, 4, 1))
        assert sorted(listed(), key=str) == [
            ("", Money.pounds("48,000")),
            ("OVER", Money.pounds("30,000.01")),
        ]
        assert listed(list="cannot_be_judged") == [("", None)]
        assert listed("Fern") == []
        total = payments_over_30000.TABLE.totals(Asking(session, finn, quarter))[0]
        assert total.sums["gross"] == Money.pounds("78,000.01")
        with pytest.raises(NotFound):
            listed(quarter="2026-06-29")
        with pytest.raises(NotFound):
            listed(authority="Southmere")


def test_the_pages_show_approve_and_lead_to_their_lines(session: Session, cast: Cast, visit: Visit) -> None:
    fill(session, cast)
    session.commit()
    with dates.on(date(2027, 4, 6)):
        finn = visit("Finn")
        page = finn.get("/spend/payments/compliance")
        assert "31.8 days to pay on average" in page.text
        assert "by 29 April 2027" in page.text
        assert "60%" in page.text
        to = "/spend/payments/compliance/approval"
        bad = finn.send(page, {"director": ""}, to=to, status=422)
        assert "Enter the name of the finance director" in bad.errors
        good = finn.follow(
            finn.send(page, {"director": "D. Rector", "approved_on": ["5", "4", "2027"]}, to=to)
        )
        assert "Approved by D. Rector on 5 April 2027" in good.text
        assert "Nothing has changed since." in good.text
        behind = next(link for link in good.links if "/spend/tables/late-payments" in link)
        assert "30 March 2027" in finn.get(behind).text
        assert "Nothing is published" not in finn.get("/spend/payments/over-30000").text
        auditor = visit("Audra").get("/spend/payments/compliance?half_year=2027-03-31")
        assert "D. Rector" in auditor.text
        assert "Record the approval" not in auditor.text
        for name in ("Asha", "Faye"):
            visit(name).get("/spend/payments/compliance", status=404)
        fern = visit("Fern")
        fern.get("/spend/payments/compliance?authority=Northbank", status=404)
        assert "D. Rector" not in fern.get("/spend/payments/compliance").text
        finn.get("/spend/payments/compliance?half_year=2027-03-30", status=404)
        assert half_year("") == HALF
        kept = session.exec(select(ComplianceReport).order_by(col(ComplianceReport.id))).one()
        assert kept.approved_on == date(2027, 4, 5)


def test_a_payment_that_was_taken_back_counts_nowhere_and_one_made_anew_counts_once(
    session: Session, cast: Cast, both_databases: str
) -> None:
    finn, paid_on = cast.visitor(session, "Finn"), date(2027, 2, 1)
    session.get_one(FrameworkAgreement, cast.agreement).commenced_on = date(2026, 4, 1)
    call_off = live_call_off(session, cast, ends=date(2027, 12, 31), value="500,000")
    invoice = billed(session, cast, call_off, "R-1", date(2027, 1, 4), "40,000", None)
    line = a_line(session, cast, net="40,000", invoice_number="R-1", invoiced=None, paid=paid_on)
    asking = Asking(session, finn, {"half_year": HALF.last.isoformat()})
    over = Asking(session, finn, {"quarter": "2027-03-31"})

    def counted() -> tuple[int, int, int, int, int]:
        with dates.on(date(2027, 4, 6)):
            found = compliance.figures(session, cast.party["Northbank"], HALF)
            return (
                found.payments,
                found.payments_pence,
                found.credits,
                len(list(payment_times.TABLE.rows(asking))),
                len(list(payments_over_30000.TABLE.rows(over))),
            )

    def paid_again() -> SpendMatch:
        with dates.on(paid_on):
            return match(
                session, actor=finn, line=line, call_off=call_off, why=Why.BY_HAND, because="By hand"
            )

    made = paid_again()
    assert counted() == (1, 4_800_000, 0, 1, 1)
    with dates.on(paid_on):
        undo_match(session, actor=finn, match=made)
    assert len(session.exec(select(Payment).where(Payment.invoice_id == invoice.id)).all()) == 2
    assert counted() == (0, 0, 0, 0, 0)
    faye = cast.visitor(session, "Faye")
    assert [one.paid_on for one in own_invoices(session, faye)] == [()]
    paid_again()
    assert counted() == (1, 4_800_000, 0, 1, 1)
    assert [one.paid_on for one in own_invoices(session, faye)] == [(paid_on,)]
