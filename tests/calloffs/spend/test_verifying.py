"""Verify finds whatever was changed behind the product's back."""

import hashlib
from datetime import date

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.clocks.dispute import DisputeKind
from calloffs.clocks.disputing import dispute, resolve
from calloffs.matching.accepted import accepted_overs
from calloffs.matching.matching import match
from calloffs.matching.spend_match import Why
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from calloffs.spend.invoicing import record_invoice
from calloffs.spend.paying import record_payment
from calloffs.spend.verifying import report, snapshot, verify
from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.permissions import CLOCK
from framework.records.stored_document import StoredDocument
from tests.calloffs.matching.building import a_line
from tests.calloffs.spend.building import bill, live_call_off
from tests.cast import Cast


def _stage(session: Session, cast: Cast) -> None:
    finn = cast.visitor(session, "Finn")
    call_off = live_call_off(session, cast, case="80,000")
    live_call_off(session, cast, lot=7, authority="Southmere", reserved_only=True)
    invoice = record_invoice(session, actor=finn, call_off=call_off, facts=bill(net="333.33", vat="66.67"))
    record_payment(
        session, actor=finn, invoice=invoice, paid_on=date(2022, 11, 20), gross=Money.pounds("100")
    )
    ledger.free_reservation(
        session, live_call_off(session, cast, reserved_only=True), actor=CLOCK, reason="returned"
    )
    content = b"An order form"
    session.add(
        StoredDocument(
            kind="order_form",
            reference="OF-1",
            title="Order form",
            file_name="of.pdf",
            media_type="application/pdf",
            subject_kind="call_off",
            subject_id=call_off.id,
            content=content,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            created_at=dates.now(),
        )
    )
    session.commit()
    session.connection(execution_options={"write": True})


def test_books_that_nobody_touched_agree(both_databases: str, session: Session, cast: Cast) -> None:
    _stage(session, cast)
    found = verify(session)
    assert found.differences == []
    counts = {one.what: one.count for one in found.compared}
    assert counts["stored documents"] == 1
    assert counts["invoices and their payments"] == 1
    assert counts["ledger entries"] == 8
    assert counts["audit records, each chained to the one before"] == 2
    assert list(report(found))[-1] == "Everything agrees."


@pytest.mark.parametrize(
    ("trigger", "statement", "said"),
    [
        ("", "UPDATE framework_agreement SET paid_pence = paid_pence + 1", "Agreement DP21: paid is"),
        (
            "",
            "UPDATE lot SET invoiced_pence = invoiced_pence + 1 WHERE number = 4",
            "Lot DP21-4: invoiced is",
        ),
        (
            "",
            "UPDATE member_authority SET reserved_pence = reserved_pence + 1",
            "Northbank in agreement DP21: reserved",
        ),
        (
            "",
            "UPDATE appointment SET committed_pence = committed_pence + 1 WHERE id = 4",
            "Fennel Web on lot DP21-4",
        ),
        ("", "UPDATE call_off SET invoiced_pence = 0", "invoiced is £0.00, its entries add up to £333.33"),
        ("", "UPDATE business_case SET used_net_pence = 5", "used is £0.05"),
        (
            "",
            "UPDATE period_figure SET paid_pence = paid_pence + 1 WHERE paid_count > 0",
            "November 2022, period from 1 November 2022: paid is",
        ),
        (
            "",
            "UPDATE period_figure SET committed_net_pence = 0",
            "committed net of VAT is £0.00, its entries",
        ),
        ("", "UPDATE period_figure SET reserved_count = 9", "reserved counts 9 entries, there are"),
        ("", "UPDATE period_figure SET month_on = '2022-10-01'", "October 2022, period from 1 November 2022"),
        ("", "DELETE FROM period_figure", "reserved is £0.00, its entries add up to"),
        (
            "ledger_entry_no_update",
            "UPDATE ledger_entry SET effective_on = '2022-03-31' WHERE kind = 'payment'",
            "March 2022, period from 1 March 2022: paid is £0.00, its entries add up to",
        ),
        (
            "ledger_entry_no_update",
            "UPDATE ledger_entry SET spend_line_id = 99 WHERE kind = 'payment'",
            "line 99 is not there",
        ),
        ("", "UPDATE invoice SET paid_gross_pence = 9999", "what is paid of it and its payments differ"),
        (
            "",
            "UPDATE invoice SET net_pence = net_pence + 1, vat_pence = vat_pence - 1",
            "its amount and its entry",
        ),
        ("", "UPDATE call_off SET lot_id = 1 WHERE reserved_pence > 0", "names another agreement, lot"),
        (
            "ledger_entry_no_update",
            "UPDATE ledger_entry SET amount_pence = amount_pence - 1 WHERE id = 1",
            "Call-off",
        ),
        ("ledger_entry_no_delete", "DELETE FROM ledger_entry WHERE kind = 'payment'", "their entries differ"),
        ("payment_no_update", "UPDATE payment SET gross_pence = gross_pence + 1", "its payments differ"),
        (
            "audit_record_no_update",
            "UPDATE audit_record SET facts = '{}' WHERE id = 1",
            "Audit chain: record 1",
        ),
        (
            "stored_document_no_update",
            "UPDATE stored_document SET content = 'Another form.'",
            "Document OF-1",
        ),
    ],
)
def test_each_thing_changed_by_hand_is_found(
    session: Session, cast: Cast, trigger: str, statement: str, said: str
) -> None:
    _stage(session, cast)
    connection = session.connection()
    if trigger:
        with pytest.raises(sa.exc.IntegrityError, match=r"append-only"):
            connection.execute(sa.text(statement))
        connection.execute(sa.text(f"DROP TRIGGER {trigger}"))
    connection.execute(sa.text(statement))
    found = verify(session)
    assert not found.whole
    assert any(said in one for one in found.differences), found.differences


def test_what_the_database_s_own_walls_would_stop_is_found_when_they_are_gone(
    session: Session, cast: Cast
) -> None:
    _stage(session, cast)
    session.connection().exec_driver_sql("PRAGMA ignore_check_constraints = ON")
    session.connection().execute(sa.text("UPDATE lot SET ceiling_pence = 100 WHERE number = 4"))
    assert any("is above its limit of £1.00" in one for one in verify(session).differences)


def test_the_command_exits_with_one_when_something_differs(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    import commands

    _stage(session, cast)
    session.rollback()
    session.close()
    monkeypatch.setattr(commands, "_settings", lambda: app.config["TRACKER"])
    whole = CliRunner().invoke(commands.tracker, ["verify"])
    assert whole.exit_code == 0, whole.output
    assert "Everything agrees." in whole.output
    session.connection(execution_options={"write": True}).execute(sa.text("UPDATE lot SET paid_pence = 1"))
    session.commit()
    session.close()
    broken = CliRunner().invoke(commands.tracker, ["verify"])
    assert broken.exit_code == 1
    assert "DIFFERS: Lot DP21-1: paid is £0.01" in broken.output


def test_a_snapshot_is_taken_on_either_database(both_databases: str, session: Session, cast: Cast) -> None:
    session.rollback()
    assert verify(snapshot(session)).whole


def _over_by_100(session: Session, cast: Cast) -> CallOff:
    """£900.00 committed, £1,000.00 matched by hand and accepted with a reason."""
    call_off = live_call_off(session, cast, value="900", order="PO-9100")
    match(
        session,
        actor=cast.visitor(session, "Finn"),
        line=a_line(session, cast, net="1,000"),
        call_off=call_off,
        why=Why.BY_HAND,
        because="By hand",
        over_why="Two more days were needed",
    )
    return call_off


def _commit(session: Session, call_off: CallOff, pounds: str) -> None:
    amount = Money.pounds(pounds, allow_negative=True)
    ledger.hold(session, call_off.agreement_id)
    ledger.post(
        session,
        call_off,
        {EntryKind.COMMITMENT: ledger.Amount(amount, amount)},
        actor=CLOCK,
        reason="varied",
        appointment_id=call_off.appointment_id,
    )


def test_what_was_accepted_past_a_value_is_no_allowance_once_a_variation_covers_it(
    both_databases: str, session: Session, cast: Cast
) -> None:
    call_off = _over_by_100(session, cast)
    assert verify(session).differences == []
    assert accepted_overs(session, [call_off.id]) == {call_off.id: 100_00}
    _commit(session, call_off, "40")
    assert accepted_overs(session, [call_off.id]) == {call_off.id: 60_00}, "covered in part"
    _commit(session, call_off, "60")
    assert accepted_overs(session, [call_off.id]) == {}
    assert verify(session).differences == []
    _commit(session, call_off, "-1")
    past = f"Call-off {call_off.reference}: £1,000.00 is above its limit of £999.00"
    assert verify(session).differences == [past]


def test_a_committed_value_changed_by_hand_is_found_beside_an_accepted_over(
    session: Session, cast: Cast
) -> None:
    call_off = _over_by_100(session, cast)
    session.flush()
    session.connection(execution_options={"write": True}).execute(
        sa.text("UPDATE call_off SET committed_pence = committed_pence - 1 WHERE id = :id"),
        {"id": call_off.id},
    )
    found = verify(session).differences
    assert any("committed is £899.99, its entries add up to £900.00" in one for one in found)
    assert f"Call-off {call_off.reference}: £1,000.00 is above its limit of £999.99" in found


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE invoice SET due_on = '2022-12-31' WHERE number = 'D-1'", "it is due on 31 December 2022"),
        ("UPDATE invoice SET due_on = '2022-12-31' WHERE number = 'D-2'", "it is due on 31 December 2022"),
        ("UPDATE invoice SET disputed_on = NULL", "it is not disputed, its events say disputed since"),
        (
            "UPDATE invoice SET disputed_on = '2022-11-21' WHERE number = 'D-1'",
            "it is disputed since 21 November 2022, its events say not disputed",
        ),
    ],
)
def test_a_due_day_or_a_dispute_changed_by_hand_is_found(
    session: Session, cast: Cast, statement: str, said: str
) -> None:
    finn, call_off = cast.visitor(session, "Finn"), live_call_off(session, cast)
    for number in ("D-1", "D-2", "D-3"):
        invoice = record_invoice(session, actor=finn, call_off=call_off, facts=bill(number, "100"))
        if number == "D-1":
            continue
        dispute(session, actor=finn, invoice=invoice, words="Too much")
        if number == "D-2":
            with dates.on(date(2022, 11, 30)):
                resolve(
                    session,
                    actor=finn,
                    invoice=invoice,
                    outcome=DisputeKind.TO_BE_PAID,
                    words="Right after all",
                )
    session.flush()
    assert verify(session).differences == []
    session.connection(execution_options={"write": True}).execute(sa.text(statement))
    found = verify(session).differences
    assert len(found) == 1
    assert said in found[0]
