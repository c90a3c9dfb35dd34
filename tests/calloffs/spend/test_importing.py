"""A file of invoices: every fault found by row, nothing saved before it is confirmed, nothing added twice."""

from datetime import timedelta

import pytest
from sqlalchemy import func
from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.spend.checking import Checked, check_file, findings_table
from calloffs.spend.importing import confirm_file, imports_of, keep, kept_file
from calloffs.spend.invoice import Invoice
from calloffs.spend.invoicing import record_invoice
from calloffs.spend.verifying import verify
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from tests.calloffs.spend.building import bill, live_call_off
from tests.cast import Cast

HEAD = "call_off_reference,invoice_number,invoice_date,received_date,description,net,vat,gross,lot,paid_date"


def _file(*rows: str, head: str = HEAD) -> bytes:
    return "\r\n".join([head, *rows]).encode()


def _row(
    call_off: CallOff | str,
    number: str,
    net: str = "100.00",
    vat: str = "20.00",
    gross: str = "120.00",
    **other: str,
) -> str:
    reference = call_off if isinstance(call_off, str) else call_off.reference
    cells = [
        reference,
        number,
        other.get("dated", "01/11/2022"),
        other.get("received", "2022-11-03"),
        "Work done",
        net,
        vat,
        gross,
        other.get("lot", ""),
        other.get("paid", ""),
    ]
    return ",".join(cells)


def _check(session: Session, cast: Cast, data: bytes, name: str = "Finn") -> Checked:
    return check_file(session, cast.visitor(session, name), data, "november.csv")


def _found(checked: Checked) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.sentence) for line in checked.bad for one in line.findings]


def test_each_fault_is_told_with_its_row_column_and_value(session: Session, cast: Cast) -> None:
    """Check 43."""
    mine = live_call_off(session, cast, value="1,000")
    theirs = live_call_off(session, cast, authority="Southmere")
    record_invoice(session, actor=cast.visitor(session, "Finn"), call_off=mine, facts=bill("OLD", "100"))
    checked = _check(
        session,
        cast,
        _file(
            _row(mine, "N1"),
            _row("DP21-4-9999", "N2"),
            _row(theirs, "N3"),
            _row(mine, "N4", lot="DP21-5"),
            _row(mine, "N5", dated="31/08/2022", received="31/08/2022"),
            _row(mine, "N6", "800.01", "160.00", "960.01"),
            _row(mine, "old"),
            _row(mine, "n1"),
            _row(mine, "N9", "12.345", "x", "1"),
            _row(mine, "N10", "100", "20", "121"),
            _row(mine, "N11", dated="32/13/2022"),
        ),
    )
    found = _found(checked)
    assert [(row, column) for row, column, _ in found] == [
        (3, "call_off_reference"),
        (4, "call_off_reference"),
        (5, "lot"),
        (6, "invoice_date"),
        (7, "net"),
        (8, "invoice_number"),
        (9, "invoice_number"),
        (10, "net"),
        (10, "vat"),
        (11, "gross"),
        (12, "invoice_date"),
    ]
    assert "has £800.00 (net of VAT) left to invoice" in found[4][2]
    assert "recorded already" in found[5][2]
    assert "Row 2 of this file" in found[6][2]
    assert checked.bad[0].findings[0].value == "DP21-4-9999"
    assert checked.totals.rows == 1
    assert checked.totals.gross == Money.pounds("120")


def test_rows_that_only_together_pass_the_value_are_stopped_at_the_one_that_does(
    session: Session, cast: Cast
) -> None:
    call_off = live_call_off(session, cast, value="250")
    rows = [_row(call_off, f"N{n}") for n in range(4)]
    checked = _check(session, cast, _file(*rows, _row(call_off, "LAST", "50", "10", "60")))
    assert [line.row for line in checked.bad] == [4, 5]
    assert "has £50.00" in _found(checked)[0][2]
    assert [line.row for line in checked.good] == [2, 3, 6]


def test_nothing_is_saved_before_confirmation_and_then_only_the_good_rows(
    both_databases: str, session: Session, cast: Cast
) -> None:
    call_off, finn = live_call_off(session, cast), cast.visitor(session, "Finn")
    data = _file(
        _row(call_off, "A", paid="20/11/2022"), _row("NONE", "B"), _row(call_off, "C", "-10", "-2", "-12")
    )
    kept = keep(session, actor=finn, checked=_check(session, cast, data), data=data)
    assert session.exec(select(func.count()).select_from(Invoice)).one() == 0
    (done,) = confirm_file(session, actor=finn, kept=kept)
    assert (done.rows_read, done.rows_kept, done.net_pence) == (3, 2, 9_000)
    assert call_off.invoiced_pence == 9_000
    assert call_off.paid_pence == 10_000
    assert [one.number for one in session.exec(select(Invoice).order_by(Invoice.id))] == ["A", "C"]  # type: ignore[arg-type]
    assert imports_of(session, kept) == [done]
    assert verify(session).differences == []


def test_the_same_file_twice_adds_nothing(session: Session, cast: Cast) -> None:
    call_off, finn = live_call_off(session, cast), cast.visitor(session, "Finn")
    data = _file(_row(call_off, "A"), _row(call_off, "B"))
    kept = keep(session, actor=finn, checked=_check(session, cast, data), data=data)
    again = keep(session, actor=finn, checked=_check(session, cast, data), data=data)
    confirm_file(session, actor=finn, kept=kept)
    with pytest.raises(Refused, match=r"confirmed already"):
        confirm_file(session, actor=finn, kept=kept)
    with pytest.raises(ChangedMeanwhile, match=r"0 rows"):
        confirm_file(session, actor=finn, kept=again)
    third = keep(session, actor=finn, checked=_check(session, cast, data), data=data)
    with pytest.raises(Refused, match=r"No row of this file can be kept"):
        confirm_file(session, actor=finn, kept=third)
    assert session.exec(select(func.count()).select_from(Invoice)).one() == 2
    assert call_off.invoiced_pence == 20_000


def test_a_checked_file_is_its_owner_s_own_and_only_for_a_day(session: Session, cast: Cast) -> None:
    call_off, finn = live_call_off(session, cast), cast.visitor(session, "Finn")
    data = _file(_row(call_off, "A"))
    kept = keep(session, actor=finn, checked=_check(session, cast, data), data=data)
    with pytest.raises(NotFound):
        kept_file(session, cast.visitor(session, "Fern"), kept.id)
    with pytest.raises(NotFound):
        confirm_file(session, actor=cast.visitor(session, "Fern"), kept=kept)
    with dates.at(dates.now() + timedelta(hours=25)), pytest.raises(NotFound):
        kept_file(session, finn, kept.id)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_files_as_spreadsheets_write_them_are_read(
    session: Session, cast: Cast, encoding: str, separator: str
) -> None:
    call_off = live_call_off(session, cast)
    text = _file(_row(call_off, "Café 1")).decode().replace(",", separator)
    text = text.replace("call_off_reference", "Call-off reference").replace(
        "invoice_number", "INVOICE NUMBER"
    )
    text = text.replace("Work done", '"Work\nin two lines"') + "\r\n" + separator * 9 + "\r\n"
    checked = _check(session, cast, text.encode(encoding))
    assert [one.sentence for line in checked.bad for one in line.findings] == []
    assert [line.facts.number for line in checked.good if line.facts] == ["Café 1"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"PK\x03\x04", "workbook"),
        (b"a\x00b", "not a CSV"),
        (b"a,b\n1,2\n", "Missing: call_off_reference, invoice_number"),
        (HEAD.encode(), "no rows below"),
        (HEAD.encode() + b",net\n1\n", "named twice: net"),
        (b"\x81\x8d\n", "letters in this file"),
        (HEAD.encode() + b"\n" + b"x\n" * 20_001, "more than 20,000 rows"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        (HEAD.encode() + b'\n"' + b"x" * 140_000, "cannot be read near line"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    session: Session, cast: Cast, data: bytes, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        _check(session, cast, data)


def test_the_findings_can_be_taken_away_as_a_table(session: Session, cast: Cast) -> None:
    call_off = live_call_off(session, cast)
    checked = _check(session, cast, _file(_row(call_off, "A"), _row("NONE", "=1+1", "x")))
    table = list(findings_table(checked))
    assert [row[:3] for row in table[1:]] == [
        ("2", "would be kept", ""),
        ("3", "left out", "call_off_reference"),
        ("3", "left out", "net"),
    ]
