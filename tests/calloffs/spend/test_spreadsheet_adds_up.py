"""Every workbook calculated again by a spreadsheet's own rules: the same pence as the file says, the page, the CSV and the ledger."""

import csv
import io
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.reports.every_report import REPORTS
from calloffs.spend.entry import EntryKind, LedgerEntry
from calloffs.spend.invoicing import record_invoice
from calloffs.spend.paying import record_payment
from calloffs.spend.verifying import verify
from framework.agreement import FrameworkAgreement
from framework.definitions.money import Basis, Money
from framework.records.columns import table_of
from tests.calloffs.spend.building import bill, gross_agreement, live_call_off
from tests.cast import Cast
from tests.visiting import Visiting

Visit = Callable[[str], Visiting]
KINDS = {
    "reserved": EntryKind.RESERVATION,
    "committed": EntryKind.COMMITMENT,
    "invoiced": EntryKind.INVOICE,
    "paid": EntryKind.PAYMENT,
}
HOSTILE = ("=cmd|'/c calc'!A0", "+1", "@x", "-2", "\t=1+1", "\n=1+1", "＝1+1", "00123", "1e5", "3/4")
"""Titles that a spreadsheet might take for a formula, a number or a date."""
ADDRESSES = (
    "/spend/agreements",
    *(f"/spend/agreements/{of}/{one.key}" for of in ("DP21", "GR22") for one in REPORTS),
)


@pytest.fixture
def books(session: Session, cast: Cast) -> None:
    """Odd pence in every column, on both bases, with titles of a hostile hand."""
    finn = cast.visitor(session, "Finn")
    for number, title in enumerate(HOSTILE):
        asked = live_call_off(
            session, cast, lot=1 + number % 6, value=f"{100 + number}.{number + 1:02}", reserved_only=True
        )
        asked.title = title
    gross = gross_agreement(session, cast)
    for where, references in ((cast, "N"), (gross, "G")):
        for number, authority in enumerate(("Northbank", "Southmere", "Northbank")):
            live = live_call_off(session, where, authority=authority, value=f"{3333 * (number + 1)}.33")
            actor = finn if authority == "Northbank" else cast.visitor(session, "Fern")
            facts = bill(f"{references}{number}", f"{number + 1}11.11", f"{(number + 1) * 22}.22")
            invoice = record_invoice(session, actor=actor, call_off=live, facts=facts)
            part = Money(invoice.gross.pence // 3)
            record_payment(session, actor=actor, invoice=invoice, paid_on=date(2022, 11, 20), gross=part)
    session.flush()
    assert verify(session).differences == []
    session.commit()
    session.close()


def _ledger(session: Session, reference: str | None) -> dict[tuple[str, str], int]:
    """(basis in words, figure) to pence, added up from the entries themselves."""
    entry, agreement = table_of(LedgerEntry), table_of(FrameworkAgreement)
    query = (
        sa.select(agreement.c.basis, entry.c.kind, sa.func.sum(entry.c.amount_pence))
        .join(agreement, agreement.c.id == entry.c.agreement_id)
        .group_by(agreement.c.basis, entry.c.kind)
    )
    if reference:
        query = query.where(agreement.c.reference == reference)
    word = {kind: name for name, kind in KINDS.items()}
    found = {(Basis(b).label, word[EntryKind(k)]): int(p) for b, k, p in session.connection().execute(query)}
    session.rollback()
    session.close()
    return found


def _recalculated(path: Path) -> dict[str, float]:
    """Every cell of the sheet of figures as the `formulas` library works it out, by its name like F3."""
    import formulas

    solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    mark = f"'[{path.name}]SPEND'!".upper()
    found = {}
    for key, value in solution.items():
        name = str(key).upper()
        if name.startswith(mark) and ":" not in name:
            found[name.removeprefix(mark)] = value.value[0, 0]
    return found


def _pence(pounds: Any) -> int:
    return round(float(pounds) * 100)


def _csv(visitor: Visiting, address: str) -> list[dict[str, str]]:
    text = visitor.get(f"{address}.csv").response.get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("address", ADDRESSES)
def test_check_35_a_spreadsheet_the_page_the_csv_and_the_ledger_say_the_same_pence(
    session: Session, books: None, visit: Visit, tmp_path: Path, address: str
) -> None:
    finn = visit("Finn")
    path = tmp_path / "spend.xlsx"
    path.write_bytes(finn.get(f"{address}.xlsx").response.get_data())
    kept = openpyxl.load_workbook(path, data_only=True)["Spend"]
    live = openpyxl.load_workbook(path)["Spend"]
    again = _recalculated(path)
    of = address.split("/")[3] if address.count("/") > 2 else None
    truth = _ledger(session, of)
    page = finn.get(address if of else "/spend/").text
    rows = _csv(finn, address)
    heads = next(row for row in live.iter_rows() if "Reserved" in [cell.value for cell in row])
    column = {str(cell.value).lower(): cell for cell in heads if cell.value}
    bases = {basis for basis, _ in truth}
    assert len(bases) == (1 if of else 2)
    for place, basis in enumerate(
        str(live.cell(row=row, column=1).value).removeprefix("Total ") for row in range(3, heads[0].row)
    ):
        for figure in KINDS:
            name = f"{column[figure].column_letter}{3 + place}"
            pence = truth[basis, figure]
            assert str(live[name].value).startswith("=SUM")
            assert _pence(kept[name].value) == pence
            assert _pence(again[name]) == pence
            assert str(Money(pence)) in page
            of_basis = [row for row in rows if row["basis"] == basis]
            assert sum(Money.pounds(row[figure], allow_negative=True).pence for row in of_basis) == pence
        bases.discard(basis)
    assert not bases, "a basis without its total"


def test_hostile_titles_stay_words_and_leading_zeros_stay(
    session: Session, books: None, visit: Visit
) -> None:
    finn = visit("Finn")
    data = finn.get("/spend/agreements/DP21/call-offs.xlsx").response.get_data()
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Spend"]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value in HOSTILE}
    # A line break within a cell comes back as it went in; nothing became a formula or a number.
    assert set(cells) == set(HOSTILE)
    assert {cell.data_type for cell in cells.values()} == {"s"}
    titles = [row["title"] for row in _csv(finn, "/spend/agreements/DP21/call-offs")]
    for title in HOSTILE:
        assert (title if title[0].isdigit() else f"'{title}") in titles
    for kept in session.exec(select(CallOff.title)):
        assert not kept.startswith("'")


def test_libre_office_adds_up_the_same(books: None, visit: Visit, session: Session, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    path = tmp_path / "spend.xlsx"
    path.write_bytes(visit("Finn").get("/spend/agreements/GR22/lots.xlsx").response.get_data())
    home = f"-env:UserInstallation=file://{tmp_path / 'home'}"
    command = [office, home, "--headless", "--convert-to", "csv", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, timeout=120, capture_output=True)
    text = (tmp_path / "spend.csv").read_text()
    for pence in _ledger(session, "GR22").values():
        assert Money(pence).short.removesuffix(".00") in text
