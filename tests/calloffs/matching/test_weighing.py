"""What holds a line back that names its call-off: paid twice, an invoice of another amount, no room; and matching one file alone."""

from datetime import date

from sqlmodel import Session

from calloffs.extracts.spend_line import SpendLine
from calloffs.matching import flags
from calloffs.matching.certain import match_block, plan
from calloffs.matching.flags import Flag
from calloffs.matching.matching import match
from calloffs.matching.queue import suggested
from calloffs.matching.spend_match import Why
from calloffs.spend.invoicing import record_invoice
from tests.calloffs.matching.building import a_line, a_source, an_import
from tests.calloffs.spend.building import bill, live_call_off

TWICE = "Perhaps paid twice: line {} has the same invoice number S-1 and amount"


def against(session: Session, line: SpendLine) -> tuple[str, ...]:
    """What the lists say of a line's best suggestion; nothing where it is certain."""
    best = suggested(session, [line])[line.id][0]
    assert best.certain is not bool(best.against)
    return best.against


def planned(session, cast, **only):
    return plan(session, cast.visitor(session, "Finn"), cast.party["Northbank"], **only)


def test_of_two_lines_with_one_invoice_number_and_amount_only_the_first_is_certain(session, cast) -> None:
    call_off = live_call_off(session, cast, order="PO-5")
    lines = [
        a_line(session, cast, purchase_order="PO-5", invoice_number=number, net=net, paid=day)
        for number, net, day in (
            ("S-1", "1,000", date(2022, 10, 28)),
            ("s-1", "1,000", date(2022, 11, 4)),
            ("S-1", "250", date(2022, 10, 28)),
            ("S-2", "1,000", date(2022, 10, 28)),
        )
    ]
    first, second, part, other = lines
    found = planned(session, cast)
    assert [one.row.id for one in found.sure] == [first.id, part.id, other.id]
    assert [(one.row.id, one.why) for one in found.held] == [
        (second.id, TWICE.replace("S-1", "s-1").format(first.id))
    ]
    shown = suggested(session, lines)
    assert [shown[one.id][0].certain for one in lines] == [True, False, True, True]
    finn = cast.visitor(session, "Finn")
    match_block(
        session,
        actor=finn,
        authority_id=cast.party["Northbank"],
        agreement_id=cast.agreement,
        lines=found.sure,
    )
    assert call_off.invoiced_pence == 2_250_00
    assert against(session, second) == (TWICE.replace("S-1", "s-1").format(first.id),)
    assert planned(session, cast).sure == []
    match(session, actor=finn, line=second, call_off=call_off, why=Why.BY_HAND, because="By hand")
    session.refresh(second)
    assert Flag.DUPLICATE_PAYMENT in flags.of(second.flags)


def test_a_line_like_one_that_was_matched_after_the_sum_was_shown_is_left_in_the_queue(session, cast) -> None:
    call_off = live_call_off(session, cast, order="PO-5")
    first = a_line(session, cast, purchase_order="PO-5", invoice_number="S-1")
    found = planned(session, cast)
    twin = a_line(session, cast, invoice_number="S-1")
    finn = cast.visitor(session, "Finn")
    match(session, actor=finn, line=twin, call_off=call_off, why=Why.BY_HAND, because="By hand")
    done = match_block(
        session,
        actor=finn,
        authority_id=cast.party["Northbank"],
        agreement_id=cast.agreement,
        lines=found.sure,
    )
    session.refresh(first)
    assert (done, first.call_off_id, call_off.invoiced_pence) == (0, None, 1_000_00)


def test_an_earlier_file_tells_the_same_payment(session, cast) -> None:
    live_call_off(session, cast, order="PO-5")
    first = a_line(session, cast, invoice_number="S-1", alike=77)
    second = a_line(session, cast, purchase_order="PO-5", invoice_number="S-1", alike=77)
    assert against(session, second) == (TWICE.format(first.id),)
    assert planned(session, cast).sure == []


def test_a_line_that_pays_a_recorded_invoice_with_another_amount_says_both_and_the_difference(
    session, cast
) -> None:
    call_off = live_call_off(session, cast, order="PO-5")
    record_invoice(
        session, actor=cast.visitor(session, "Finn"), call_off=call_off, facts=bill("A-1", "1,000")
    )
    less = a_line(session, cast, net="950", gross="1,140", purchase_order="PO-5", invoice_number="a-1")
    whole = a_line(session, cast, net="1,000", purchase_order="PO-5", invoice_number="A-1")
    words = (
        "Invoice A-1 is recorded here as £1,200.00 (including VAT) and the line says £1,140.00, £60.00 less"
    )
    assert against(session, less) == (words,)
    found = planned(session, cast)
    assert [one.row.id for one in found.sure] == [whole.id]
    assert [one.why for one in found.held] == [words]


def test_a_line_past_the_value_is_said_to_be_so_and_not_to_be_certain(session, cast) -> None:
    call_off = live_call_off(session, cast, order="PO-5", value="900")
    line = a_line(session, cast, purchase_order="PO-5")
    words = f"{call_off.reference} has £900.00 (net of VAT) left to invoice, and this line takes it £100.00 past its value"
    assert against(session, line) == (words,)
    assert [one.why for one in planned(session, cast).held] == [words]


def test_all_certain_lines_of_one_file_or_source_alone(session, cast) -> None:
    live_call_off(session, cast, order="PO-5")
    source = a_source(session, cast)
    one, other = an_import(session, source), an_import(session, source)
    mine = a_line(session, cast, purchase_order="PO-5", imported=one)
    a_line(session, cast, purchase_order="PO-5", imported=other)
    assert [found.row.id for found in planned(session, cast, imported=one.id).sure] == [mine.id]
    assert len(planned(session, cast, source=source.id).sure) == 2
    assert planned(session, cast, source=source.id + 1).looked_at == 0
