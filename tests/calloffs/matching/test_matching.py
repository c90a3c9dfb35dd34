"""What a match does to the books, what it refuses, what it flags, and what takes the flags away (checks 40 and 47)."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.closing import Rating, agree_final, close_call_off
from calloffs.extracts.spend_line import SpendLine
from calloffs.matching import flags
from calloffs.matching.certain import match_block, plan
from calloffs.matching.flags import Flag
from calloffs.matching.following import content_changed, lines_withdrawn
from calloffs.matching.matching import match
from calloffs.matching.queue import suggested
from calloffs.matching.reviewing import review_flags
from calloffs.matching.spend_match import SpendMatch, Why
from calloffs.matching.supplier_number import SupplierNumber
from calloffs.matching.undoing import undo_match
from calloffs.ordering import set_purchase_order
from calloffs.spend.entry import EntryKind, LedgerEntry
from calloffs.spend.invoice import Invoice
from calloffs.spend.invoicing import record_invoice
from calloffs.spend.paying import record_payment
from calloffs.spend.verifying import verify
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.rules import NotFound, Refused
from tests.calloffs.matching.building import a_line
from tests.calloffs.spend.building import bill, live_call_off
from tests.cast import Cast


def matched(
    session: Session, cast: Cast, line: SpendLine, call_off: CallOff, over_why: str = ""
) -> SpendMatch:
    return match(
        session,
        actor=cast.visitor(session, "Finn"),
        line=line,
        call_off=call_off,
        why=Why.BY_HAND,
        because="Chosen by hand",
        over_why=over_why,
    )


def flags_of(session: Session, line: SpendLine) -> set[Flag]:
    session.refresh(line)
    return set(flags.of(line.flags))


def entries(session: Session, call_off: CallOff) -> list[tuple[str, int, date | None]]:
    found = session.exec(
        select(LedgerEntry)
        .where(
            LedgerEntry.call_off_id == call_off.id,
            col(LedgerEntry.kind).in_((EntryKind.INVOICE, EntryKind.PAYMENT)),
        )
        .order_by(col(LedgerEntry.id))
    )
    return [(one.kind.value, one.net_pence, one.effective_on) for one in found]


def test_a_match_is_posted_on_the_days_of_the_line_and_undone_on_the_same(session, cast) -> None:
    call_off = live_call_off(session, cast)
    call_off.finance_agreed_at = dates.now()
    made = matched(session, cast, a_line(session, cast, net="1,000"), call_off)
    undo_match(session, actor=cast.visitor(session, "Finn"), match=made)
    invoiced, paid = date(2022, 10, 3), date(2022, 10, 28)
    assert entries(session, call_off) == [
        ("invoice", 1_000_00, invoiced),
        ("payment", 1_000_00, paid),
        ("invoice", -1_000_00, invoiced),
        ("payment", -1_000_00, paid),
    ]
    assert call_off.finance_agreed_at is None
    assert verify(session).differences == []


def test_an_agreement_that_counts_gross_takes_gross_and_never_works_it_out(session, cast) -> None:
    session.exec(select(FrameworkAgreement)).one().basis = Basis.GROSS
    session.flush()
    call_off = live_call_off(session, cast)
    whole = a_line(session, cast, net="1,000", gross="1,100")
    bare = a_line(session, cast, net="1,000", gross=None)
    for one in (whole, bare):
        matched(session, cast, one, call_off)
    assert call_off.invoiced_pence == 1_100_00
    assert Flag.NEEDS_VAT in flags_of(session, bare)
    bare.gross_pence = 1_200_00
    session.add(bare)
    content_changed(session, actor=cast.visitor(session, "Finn"), changed=[(bare.id, {"gross_pence": None})])
    assert call_off.invoiced_pence == 2_300_00
    assert flags_of(session, bare) == {Flag.CHANGED}


def test_a_line_of_an_invoice_recorded_before_pays_it_and_bills_nothing_again(session, cast) -> None:
    call_off = live_call_off(session, cast)
    finn = cast.visitor(session, "Finn")
    invoice = record_invoice(session, actor=finn, call_off=call_off, facts=bill("A-1", "1,000"))
    first = a_line(session, cast, net="400", invoice_number="a-1", paid=date(2022, 11, 10))
    rest = a_line(session, cast, net="600", invoice_number="A-1", paid=date(2022, 11, 11))
    again = a_line(session, cast, net="600", invoice_number="A-1", paid=date(2022, 11, 12))
    made = [matched(session, cast, one, call_off) for one in (first, rest, again)]
    session.refresh(invoice)
    assert (call_off.invoiced_pence, call_off.paid_pence) == (1_000_00, 1_000_00)
    assert invoice.unpaid_gross == Money.zero()
    assert [Flag.DUPLICATE_PAYMENT in flags_of(session, one) for one in (first, rest, again)] == [
        False,
        False,
        True,
    ]
    undo_match(session, actor=finn, match=made[0])
    session.refresh(invoice)
    assert (call_off.invoiced_pence, call_off.paid_pence) == (1_000_00, 600_00)
    assert invoice.unpaid_gross == Money(480_00)
    assert verify(session).differences == []


def test_a_line_of_an_invoice_paid_by_hand_is_linked_and_nothing_is_posted(session, cast) -> None:
    call_off = live_call_off(session, cast)
    finn = cast.visitor(session, "Finn")
    invoice = record_invoice(session, actor=finn, call_off=call_off, facts=bill("A-1", "1,000"))
    record_payment(
        session, actor=finn, invoice=invoice, paid_on=date(2022, 11, 10), gross=Money.pounds("1,200")
    )
    line = a_line(session, cast, net="1,000", invoice_number="A-1", paid=date(2022, 11, 10))
    made = matched(session, cast, line, call_off)
    assert (made.invoice_id, made.paid_pence, made.invoiced_pence) == (invoice.id, 0, 0)
    assert call_off.paid_pence == 1_000_00
    assert Flag.DUPLICATE_PAYMENT not in flags_of(session, line)


def test_check_40_a_credit_reduces_invoiced_and_an_invoice_that_came_with_a_line_is_not_recorded_again(
    session, cast
) -> None:
    call_off = live_call_off(session, cast)
    matched(session, cast, a_line(session, cast, net="1,000", invoice_number="A-1"), call_off)
    matched(session, cast, a_line(session, cast, net="-400", invoice_number="A-2"), call_off)
    assert (call_off.invoiced_pence, call_off.paid_pence) == (600_00, 600_00)
    with pytest.raises(Refused, match="recorded already, by hand or with a matched line"):
        record_invoice(
            session, actor=cast.visitor(session, "Finn"), call_off=call_off, facts=bill("a-1", "1,000")
        )
    with pytest.raises(Refused, match="Match what it credits first"):
        matched(session, cast, a_line(session, cast, net="-700", invoice_number="A-3"), call_off)


def test_check_47_what_is_before_signature_or_without_a_purchase_order_is_flagged_until_it_is_mended(
    session, cast
) -> None:
    call_off = live_call_off(session, cast, order="", ends=date(2022, 10, 31))
    early = a_line(session, cast, invoiced=date(2022, 8, 20), purchase_order="X")
    late = a_line(session, cast, invoiced=date(2022, 11, 3), purchase_order="X")
    for one in (early, late):
        matched(session, cast, one, call_off)
    assert flags_of(session, early) == {
        Flag.BEFORE_SIGNATURE,
        Flag.OUTSIDE_TERM,
        Flag.NO_PURCHASE_ORDER,
    }
    assert flags_of(session, late) == {Flag.AFTER_END, Flag.NO_PURCHASE_ORDER}
    set_purchase_order(session, actor=cast.visitor(session, "Finn"), call_off=call_off, number="PO-9")
    assert flags_of(session, late) == {Flag.AFTER_END}
    call_off.ends_on = date(2023, 5, 31)
    session.flush()
    assert review_flags(session, cast.party["Northbank"]) is None
    assert flags_of(session, late) == set()
    assert flags_of(session, early) == {Flag.BEFORE_SIGNATURE, Flag.OUTSIDE_TERM}


def test_another_partner_and_another_lot_are_flagged(session, cast) -> None:
    call_off = live_call_off(session, cast)
    line = a_line(session, cast, supplier_name="Cedar Design Ltd", narrative="As DP21-3-0007")
    assert Flag.NO_PURCHASE_ORDER in flags_of(session, line)
    matched(session, cast, line, call_off)
    assert flags_of(session, line) == {Flag.NOT_PARTNER, Flag.WRONG_LOT}


def test_a_line_that_names_somebody_else_is_flagged_when_matched_and_stays_flagged(session, cast) -> None:
    call_off = live_call_off(session, cast, order="PO-7")
    other = a_line(
        session, cast, supplier_name="Cedar Design Ltd", supplier_number="V1", purchase_order="PO-7"
    )
    unknown = a_line(session, cast, supplier_name="Sup 7 Ltd", supplier_number="V2", purchase_order="PO-7")
    finn, ours = cast.visitor(session, "Finn"), cast.party["Northbank"]
    assert plan(session, finn, ours).sure == []
    for one in (other, unknown):
        matched(session, cast, one, call_off)
    review_flags(session, ours)
    assert [flags_of(session, one) for one in (other, unknown)] == [{Flag.NOT_PARTNER}] * 2
    # A number of another partner is never learned as this one's.
    assert [one.number for one in session.exec(select(SupplierNumber))] == ["V2"]


def test_past_the_value_is_posted_with_a_reason_alone_verified_and_not_closed_over(session, cast) -> None:
    call_off = live_call_off(session, cast, value="1,000", ends=date(2022, 10, 31))
    line = a_line(session, cast, net="1,000.01")
    with pytest.raises(Refused, match=r"takes it £0\.01 past its value"):
        matched(session, cast, line, call_off)
    session.rollback()


def test_an_accepted_over_is_no_difference_and_any_other_is(session, cast) -> None:
    call_off = live_call_off(session, cast, value="1,000", ends=date(2022, 10, 31))
    line = a_line(session, cast, net="1,250")
    made = matched(session, cast, line, call_off, "The council asked for it")
    assert (made.over_pence, made.over_why) == (250_00, "The council asked for it")
    assert Flag.OVER_VALUE in flags_of(session, line)
    assert verify(session).differences == []
    finn = cast.visitor(session, "Finn")
    with pytest.raises(Refused, match="Vary the call-off first"):
        agree_final(session, actor=finn, call_off=call_off)
    call_off.finance_agreed_at, call_off.finance_agreed_by_id = dates.now(), cast.person["Finn"]
    with pytest.raises(Refused, match=r"£250\.00 \(net of VAT\) more is invoiced"):
        close_call_off(
            session,
            actor=cast.visitor(session, "Asha"),
            call_off=call_off,
            outcome="Done",
            rating=Rating.GOOD,
            feedback="Well done, and on time in every respect",
        )
    made.over_pence = 249_99
    session.add(made)
    session.flush()
    assert [one for one in verify(session).differences if "is above its limit" in one]


def test_nothing_is_posted_on_a_closed_call_off_and_the_line_says_so(session, cast) -> None:
    call_off = live_call_off(session, cast)
    call_off.closed_at = datetime(2022, 11, 1, tzinfo=UTC)
    line = a_line(session, cast)
    matched(session, cast, line, call_off)
    assert call_off.invoiced_pence == 0
    assert Flag.CLOSED in flags_of(session, line)


def test_a_supplier_number_is_learned_by_a_match_and_forgotten_when_it_is_undone(session, cast) -> None:
    call_off = live_call_off(session, cast)
    first = a_line(session, cast, supplier_number="v 77", supplier_name="F W Trading")
    waiting = a_line(session, cast, supplier_number="V77", supplier_name="F W Trading")
    assert suggested(session, [waiting])[waiting.id] == []
    made = matched(session, cast, first, call_off)
    (best,) = suggested(session, [waiting])[waiting.id]
    assert (best.certain, best.why) == (True, Why.SUPPLIER_NUMBER)
    undo_match(session, actor=cast.visitor(session, "Finn"), match=made)
    assert suggested(session, [waiting])[waiting.id] == []
    assert session.exec(select(SupplierNumber)).one().forgotten_at is not None


def test_all_certain_ones_keep_within_the_value_whatever_their_order(session, cast) -> None:
    call_off = live_call_off(session, cast, value="1,000", order="PO-5")
    for net in ("-100", "600", "300", "200"):
        a_line(session, cast, net=net, purchase_order="PO-5")
    finn, ours = cast.visitor(session, "Finn"), cast.party["Northbank"]
    found = plan(session, finn, ours)
    assert (len(found.sure), found.held_back) == (3, 1)
    done = match_block(session, actor=finn, authority_id=ours, agreement_id=cast.agreement, lines=found.sure)
    assert (done, call_off.invoiced_pence) == (3, 800_00)
    assert len(plan(session, finn, ours).sure) == 1
    with pytest.raises(NotFound):
        plan(session, cast.visitor(session, "Fern"), ours)


def test_a_corrected_line_that_no_longer_fits_waits_again_flagged(session, cast) -> None:
    call_off = live_call_off(session, cast, value="1,000")
    line = a_line(session, cast, net="1,000")
    matched(session, cast, line, call_off)
    line.net_pence = 1_500_00
    session.add(line)
    content_changed(
        session, actor=cast.visitor(session, "Finn"), changed=[(line.id, {"net_pence": 1_000_00})]
    )
    session.refresh(line)
    assert line.call_off_id is None
    assert call_off.invoiced_pence == 0
    assert {Flag.CHANGED, Flag.OVER_VALUE} <= flags_of(session, line)
    assert verify(session).differences == []


def test_lines_taken_back_leave_the_books_as_they_were(session, cast) -> None:
    call_off = live_call_off(session, cast)
    finn = cast.visitor(session, "Finn")
    invoice = record_invoice(session, actor=finn, call_off=call_off, facts=bill("A-1", "1,000"))
    lines = [
        a_line(session, cast, net="400"),
        a_line(session, cast, net="-400"),
        a_line(session, cast, net="1,000", invoice_number="A-1", paid=date(2022, 11, 10)),
    ]
    for one in lines:
        matched(session, cast, one, call_off)
    lines_withdrawn(session, actor=finn, line_ids=[one.id for one in lines])
    assert (call_off.invoiced_pence, call_off.paid_pence) == (1_000_00, 0)
    assert session.get_one(Invoice, invoice.id, populate_existing=True).paid_gross_pence == 0
    assert verify(session).differences == []


def test_another_councils_call_off_is_no_call_off(session, cast) -> None:
    theirs = live_call_off(session, cast, authority="Southmere", lot=3)
    with pytest.raises(NotFound):
        matched(session, cast, a_line(session, cast), theirs)
