"""The money by browser: invoices, payments, files, variations, closing and reports."""

import csv
import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import event
from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.reports.every_report import REPORTS
from calloffs.spend.invoice import Invoice
from calloffs.spend.invoicing import record_invoice
from calloffs.spend.verifying import verify
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Money
from framework.records.database import db
from tests.calloffs.spend.building import bill, live_call_off
from tests.cast import Cast
from tests.visiting import Page, Visiting

Visit = Callable[[str], Visiting]


@pytest.fixture
def books(session: Session, cast: Cast) -> dict[str, str]:
    """Two councils with money in every state, committed; references by name."""
    finn = cast.visitor(session, "Finn")
    mine = live_call_off(session, cast, value="60,000", deliverables=("A site",))
    record_invoice(session, actor=finn, call_off=mine, facts=bill("INV-1", "12,345.67", "2,469.13"))
    theirs = live_call_off(session, cast, lot=7, authority="Southmere", value="40,000.01")
    asked = live_call_off(session, cast, lot=3, value="5,000", reserved_only=True)
    asked.title = "=HYPERLINK(1)"
    session.commit()
    session.close()
    return {"mine": mine.reference, "theirs": theirs.reference, "asked": asked.reference}


def _rows(page: Page) -> list[dict[str, str]]:
    text = page.response.get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def _pence(text: str) -> int:
    return Money.pounds(text, allow_negative=True).pence if text else 0


@pytest.mark.parametrize("name", ["Finn", "Olu", "Fern", "Audra"])
@pytest.mark.parametrize("key", ["lots", "authorities", "partners", "call-offs"])
def test_every_report_adds_up_to_the_agreement_whoever_reads_it(
    app: Flask, session: Session, books: dict[str, str], visit: Visit, name: str, key: str
) -> None:
    agreement = session.exec(select(FrameworkAgreement)).one()
    balances = {
        word: getattr(agreement, f"{word}_pence") for word in ("reserved", "committed", "invoiced", "paid")
    }
    session.close()
    visitor = visit(name)
    shown = visitor.get(f"/spend/agreements/DP21/{key}")
    assert "net of VAT" in shown.text
    rows = _rows(visitor.get(f"/spend/agreements/DP21/{key}.csv"))
    for word, pence in balances.items():
        assert sum(_pence(row[word]) for row in rows) == pence
        assert str(Money(pence)) in shown.text
    assert {row["basis"] for row in rows} == {"net of VAT"}
    book = openpyxl.load_workbook(
        io.BytesIO(visitor.get(f"/spend/agreements/DP21/{key}.xlsx").response.get_data()), data_only=True
    )
    sheet = book["Spend"]
    heads = [cell.value for cell in sheet[4]]
    for word, pence in balances.items():
        place = heads.index(word.capitalize()) + 1
        column = [sheet.cell(row=row, column=place).value or 0 for row in range(5, sheet.max_row + 1)]
        assert round(sum(column) * 100) == pence
        assert round(sheet.cell(row=3, column=place).value * 100) == pence


def test_the_workbook_is_a_table_with_live_sums_and_notes(books: dict[str, str], visit: Visit) -> None:
    data = visit("Finn").get("/spend/agreements/DP21/call-offs.xlsx").response.get_data()
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["Spend"]
    assert list(sheet.tables) == ["spend"]
    assert sheet.freeze_panes == "B5"
    formulas = [cell.value for cell in sheet[3] if isinstance(cell.value, str) and cell.value.startswith("=")]
    assert formulas == [f"=SUM(${one}$5:${one}$7)" for one in "FGHIK"]
    titles = [sheet.cell(row=row, column=2) for row in range(5, 8)]
    assert any(cell.value == "=HYPERLINK(1)" and cell.data_type == "s" for cell in titles)
    notes = {row[0].value: row[1].value for row in book["Notes"]}
    assert notes["Made by"] == "Finn"
    assert notes["Basis"] == "net of VAT"


def test_no_cell_of_a_csv_begins_a_formula(books: dict[str, str], visit: Visit) -> None:
    rows = _rows(visit("Finn").get("/spend/agreements/DP21/call-offs.csv"))
    assert "'=HYPERLINK(1)" in {row["title"] for row in rows}
    assert {row["committed"] for row in rows} >= {"60000.00"}


def test_each_reader_sees_only_what_is_theirs(books: dict[str, str], visit: Visit) -> None:
    fern = visit("Fern").get("/spend/agreements/DP21/call-offs")
    assert books["theirs"] in fern.text
    assert books["mine"] not in fern.text
    assert "Other authorities together" in fern.text
    shares = visit("Fern").get("/spend/agreements/DP21/authorities")
    assert "Northbank" not in shares.text
    lead = visit("Finn").get("/spend/agreements/DP21/authorities")
    assert "Northbank" in lead.text
    assert "Southmere" in lead.text
    partners = visit("Fern").get("/spend/agreements/DP21/partners")
    assert "Quill Works" in partners.text
    assert "Fennel Web" not in partners.text
    for name in ("Faye", "Zed", "Ari"):
        visit(name).get("/spend/agreements/DP21/lots", status=404)
        visit(name).get("/spend/agreements/DP21/lots.csv", status=404)
    visit("Finn").get("/spend/agreements/DP21/nothing", status=404)
    visit("Finn").get("/spend/agreements/DP99/lots", status=404)


def test_the_overview_shows_a_bar_with_a_sentence_and_a_table(books: dict[str, str], visit: Visit) -> None:
    page = visit("Asha").get("/spend/")
    assert "£100,000.01 of £10,000,000.00 (1%) committed, £5,000.00 reserved" in page.text
    assert page.html.count('<svg class="app-bar"') == 1
    assert "Download as CSV" in page.text
    assert len(_rows(visit("Asha").get("/spend/agreements.csv"))) == 1
    visit("Faye").get("/spend/", status=404)


def test_a_fragment_is_the_table_alone(books: dict[str, str], visit: Visit) -> None:
    page = visit("Asha").get("/spend/agreements/DP21/lots", headers={"HX-Request": "true"})
    assert "<html" not in page.html
    assert "<table" in page.html


def test_call_offs_come_in_pages_of_fifty(session: Session, cast: Cast, visit: Visit) -> None:
    references = [live_call_off(session, cast, value="100").reference for _ in range(51)]
    session.commit()
    session.close()
    first = visit("Finn").get("/spend/agreements/DP21/call-offs")
    assert references[0] not in first.text
    further = next(link for link in first.links if "after=" in link)
    second = visit("Finn").get(further)
    assert references[0] in second.text
    assert references[50] not in second.text


def test_finance_records_and_pays_an_invoice_by_form(books: dict[str, str], visit: Visit) -> None:
    finn, mine = visit("Finn"), books["mine"]
    wrong = finn.send(
        f"/call-offs/{mine}/invoices/new",
        {
            "number": "INV-2",
            "description": "More",
            "dated_on": ["1", "11", "2022"],
            "received_on": ["3", "11", "2022"],
            "net": "47,654.34",
            "vat": "0",
            "gross": "47,654.34",
        },
        status=422,
    )
    assert "£47,654.33 (net of VAT) left to invoice" in wrong.errors[0]
    assert wrong.values()["description"] == "More"
    page = finn.follow(finn.send(wrong, {"net": "47,654.33", "gross": "47,654.33"}))
    assert "INV-2" in page.text
    assert "Left to invoice £0.00" in page.text
    pay = next(link for link in page.links if link.endswith("/pay"))
    finn.send(pay, {"gross": "1.00"})
    assert "Part paid" in finn.get(f"/call-offs/{mine}").text
    visit("Asha").get(pay, status=404)
    visit("Fern").get(f"/call-offs/{mine}/invoices/new", status=404)
    finn.get(f"/call-offs/{books['asked']}/invoices/new", status=404)


def test_a_file_is_checked_then_confirmed_once(session: Session, books: dict[str, str], visit: Visit) -> None:
    finn = visit("Finn")
    head = "call_off_reference,invoice_number,invoice_date,received_date,description,net,vat,gross"
    text = f"{head}\n{books['mine']},F1,01/11/2022,03/11/2022,Work,100.00,20.00,120.00\n<b>,F2,x,y,z,1,2,4\n"
    shown = finn.get("/spend/imports/")
    empty = finn.send(shown, {}, status=422, content_type="multipart/form-data")
    assert empty.errors == ["The file is empty"]
    sent = finn.send(
        "/spend/imports/",
        {"file": (io.BytesIO(text.encode()), "<november>.csv")},
        content_type="multipart/form-data",
    )
    page = finn.follow(sent)
    assert "1 row can be kept, 1 cannot" in page.text
    assert "No call-off with this reference" in page.text
    assert session.exec(select(Invoice).where(Invoice.number == "F1")).first() is None
    session.close()
    visit("Fern").get(sent.location, status=404)
    rows = _rows(finn.get(f"{sent.location}/findings.csv"))
    assert [row["result"] for row in rows][:2] == ["would be kept", "left out"]
    done = finn.follow(finn.send(page, {}))
    assert "1 of 2 rows kept, £100.00 net of VAT" in done.text
    again = finn.follow(
        finn.send(
            "/spend/imports/",
            {"file": (io.BytesIO(text.encode()), "november.csv")},
            content_type="multipart/form-data",
        )
    )
    assert "0 rows can be kept, 2 cannot" in again.text
    assert finn.get("/spend/imports/example.csv").response.get_data(as_text=True).startswith("\ufeffcall_off")


def test_a_variation_goes_round_by_forms(session: Session, books: dict[str, str], visit: Visit) -> None:
    asha, address = visit("Asha"), f"/call-offs/{books['mine']}"
    wrong = asha.send(f"{address}/variations/new", {"value": "1,000"}, status=422)
    assert "Choose the ground in law" in wrong.errors
    asha.send(wrong, {"value": "65,000", "ground": "not_substantial", "reason": "More pages"})
    asha.get(f"{address}/variations/new")
    assert "Waits for approval" in asha.get(address).text
    visit("Faye").get(f"{address}/variation/agreement", status=404)
    visit("Bram").send(f"{address}/variation/decision", {"decision": "yes"})
    faye = visit("Faye")
    faye.send(f"{address}/variation/agreement", {"decision": "no"}, status=422)
    faye.send(f"{address}/variation/agreement", {"decision": "yes"})
    assert "In force" in asha.get(address).text
    found = session.exec(select(CallOff).where(CallOff.reference == books["mine"])).one()
    assert found.committed_pence == 6_500_000
    assert verify(session).differences == []


def test_a_call_off_is_paused_ended_and_closed_by_forms(
    session: Session, books: dict[str, str], visit: Visit
) -> None:
    asha, address = visit("Asha"), f"/call-offs/{books['mine']}"
    asha.send(f"{address}/suspend", {"reason": ""}, status=422)
    asha.send(f"{address}/suspend", {"reason": "Flood"})
    asha.send(f"{address}/resume", {"reason": "Dry"})
    asha.send(f"{address}/terminate", {"last_day": ["30", "11", "2022"], "reason": "Breach"})
    with dates.on(date(2022, 12, 5)):
        asha, finn = visit("Asha"), visit("Finn")
        assert books["mine"] in asha.get("/").text
        assert "Invoice INV-1" in finn.get("/").text
        page = finn.get(f"{address}/close")
        refused = finn.send(page, {}, to=f"{address}/final-figures", status=422)
        assert "Invoice INV-1 has £14,814.80 including VAT left to pay" in refused.errors[0]
        pay = next(link for link in finn.get(address).links if link.endswith("/pay"))
        finn.send(pay, {})
        finn.send(f"{address}/close", {}, to=f"{address}/final-figures")
        asha.send(f"{address}/close", {}, to=f"{address}/deliverables/1/accept")
        close = asha.get(f"{address}/close")
        wrong = asha.send(close, {"outcome": "A good site"}, to=f"{address}/close", status=422)
        assert "Choose how it went" in wrong.errors
        told = {"rating": "good", "feedback": "Thank you for a site that people like"}
        asha.send(wrong, told, to=f"{address}/close")
        assert "A good site" in asha.get(address).text
    found = session.exec(select(CallOff).where(CallOff.reference == books["mine"])).one()
    share = session.exec(
        select(MemberAuthority).where(MemberAuthority.authority_id == found.authority_id)
    ).one()
    assert found.committed_pence == share.committed_pence == 1_234_567
    assert verify(session).differences == []


@pytest.mark.parametrize("address", ["/spend/", *(f"/spend/agreements/DP21/{one.key}" for one in REPORTS)])
def test_a_page_of_spend_costs_the_same_however_much_lies_behind_it(
    session: Session, cast: Cast, visit: Visit, address: str
) -> None:
    def statements() -> int:
        engine, found = db.engine, []

        def note(*args: object) -> None:
            found.append(args[2])

        finn.get(address)
        event.listen(engine, "before_cursor_execute", note)
        try:
            finn.get(address)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(found)

    live_call_off(session, cast, value="100")
    session.commit()
    session.close()
    finn = visit("Finn")
    few = statements()
    session.connection(execution_options={"write": True})
    for number in range(30):
        live_call_off(session, cast, lot=number % 7 + 1, value="100")
    session.commit()
    session.close()
    assert 0 < statements() <= few
