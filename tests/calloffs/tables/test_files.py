"""Tables as files: a spreadsheet, the page and the CSV say the same pence, and no text becomes a formula."""

import shutil
import subprocess

import pytest

from calloffs.spend.invoicing import record_invoice
from calloffs.spend.paying import record_payment
from calloffs.tables import csv_of, figures_book
from calloffs.tables.every_fact_table import TABLES
from calloffs.tables.fact_table import Asking, Column, Kind, Total
from framework.definitions import dates
from framework.definitions.money import Money
from tests.calloffs.spend.building import bill, gross_agreement, live_call_off
from tests.calloffs.tables.reading import Book, csv_rows, fetched, recalculated
from tests.conftest import NOW

HOSTILE = (
    "=cmd|'/c calc'!A0", "+1+cmd", "@x", "-2+3", "\t=1+1", "\n=1+1", "＝1+1", "{=1}", "00123", "1e5", "3/4",
    "http://a.example", "שלום (1)", "a" * 40_000, "nul\x00l\x1b", "",
)  # fmt: skip
"""Text that a spreadsheet might take for a formula, a number, a date or a link, or cannot hold."""


@pytest.fixture
def books(session, cast):
    """Odd pence on both bases, with invoices part paid."""
    gross = gross_agreement(session, cast)
    for where, references in ((cast, "N"), (gross, "G")):
        for number, authority in enumerate(("Northbank", "Southmere", "Northbank")):
            live = live_call_off(session, where, authority=authority, value=f"{3333 * (number + 1)}.33")
            actor = cast.visitor(session, "Finn" if authority == "Northbank" else "Fern")
            facts = bill(f"{references}{number}", f"{number + 1}11.11", f"{(number + 1) * 22}.22")
            invoice = record_invoice(session, actor=actor, call_off=live, facts=facts)
            part = Money(invoice.gross.pence // 3)
            record_payment(session, actor=actor, invoice=invoice, paid_on=NOW.date(), gross=part)
    session.commit()
    session.close()


def _pence(pounds):
    return round(float(pounds or 0) * 100)


def test_every_table_says_the_same_pence_as_page_workbook_recalculated_and_csv(
    session, cast, books, visit, tmp_path
):
    finn = visit("Finn")
    who = cast.visitor(session, "Finn")
    every = {one.key: one.totals(Asking(session, who)) for one in TABLES if who.may(one.permission)}
    session.close()
    wrong = {}
    for table in TABLES:
        try:
            if table.key in every:
                _same(table, every[table.key], finn, tmp_path / f"{table.key}.xlsx")
        except Exception as fault:
            wrong[table.key] = repr(fault)[:300]
    assert not wrong, "\n".join(f"{key}: {why}" for key, why in wrong.items())


def _same(table, totals, finn, path):
    address = f"/spend/tables/{table.key}"
    page = finn.get(address).text
    path.write_bytes(fetched(finn, f"{address}.xlsx").get_data())
    book, rows = Book.of(path.read_bytes()), csv_rows(fetched(finn, f"{address}.csv").get_data())
    again = recalculated(path) if book.formulas else {}
    for cell in book.formulas:
        assert _pence(again[cell]) == _pence(book.kept[cell].value), cell
    assert not totals or len(rows) == sum(one.rows for one in totals)
    places = {one.name: place for place, one in enumerate(table.columns, start=1)}
    for row, total in enumerate(totals, start=3):
        for name, amount in total.sums.items():
            cell = book.live.cell(row=row, column=places[name])
            assert str(cell.value).startswith("=SUM"), name
            said = [
                one[name]
                for one in rows
                if len(totals) == 1
                or (one["basis"] == total.basis and total.kind in ("", one.get("kind", total.kind)))
            ]
            if isinstance(amount, Money):
                assert _pence(again[cell.coordinate]) == amount.pence, name
                assert not total.rows or str(amount) in page, name
                summed = sum(Money.pounds(one, allow_negative=True).pence for one in said if one)
                assert summed == amount.pence, name
            else:
                assert round(float(again[cell.coordinate])) == amount == sum(int(one or 0) for one in said)


def test_a_workbook_has_a_real_table_a_frozen_head_and_notes(books, visit):
    book = Book.of(fetched(visit("Finn"), "/spend/tables/call-offs.xlsx?agreement=DP21").get_data())
    assert book.table.ref == "A4:Q6"
    assert [one.name for one in book.table.tableColumns] == [one.value for one in book.live[4]]
    assert book.live.freeze_panes == "B5"
    assert book.whole.defined_names["facts_call_offs_cells"].attr_text == "'Figures'!$A$4:$Q$6"
    assert book.notes["Filters"] == "Agreement: DP21"
    assert (book.notes["Made by"], book.notes["Basis"]) == ("Finn", "net of VAT")
    assert book.notes["As at"] == "22 November 2022, 10:00am, London time"
    assert book.live["M5"].number_format == "£#,##0.00"
    assert book.live["K5"].is_date
    assert book.formulas["Q5"] == "=N5 - O5"
    assert book.formulas["M3"] == "=SUM($M$5:$M$6)"


def test_an_empty_table_is_a_file_all_the_same(visit):
    finn = visit("Finn")
    book = Book.of(fetched(finn, "/spend/tables/call-offs.xlsx").get_data())
    assert book.table.ref == "A3:Q4"
    assert csv_rows(fetched(finn, "/spend/tables/call-offs.csv").get_data()) == []


def test_empty_notes_and_headings_say_their_basis_once(books, visit):
    finn = visit("Finn")
    lines = Book.of(fetched(finn, "/spend/tables/lines.xlsx").get_data())
    assert lines.notes["Basis"] == "VAT, including VAT, net of VAT"
    heads = [one.value for one in lines.live[3]]
    assert {"Net of VAT", "VAT", "Including VAT"} <= set(heads)
    empty = finn.get("/spend/tables/lines").text
    assert "There is nothing in this table yet. As at 22 November 2022, 10:00am, London time" in empty


def test_kinds_of_entries_have_live_totals_of_their_own(books, visit, tmp_path):
    finn, path = visit("Finn"), tmp_path / "entries.xlsx"
    path.write_bytes(fetched(finn, "/spend/tables/entries.xlsx?basis=net").get_data())
    book = Book.of(path.read_bytes())
    heads = [one[0].value for one in book.live["A3:A6"]]
    assert [one for one in heads if "aid" in one] == ["Total paid, net of VAT"]
    totals = {one: formula for one, formula in book.formulas.items() if one[1:] in ("3", "4", "5", "6")}
    assert totals
    assert all("SUMIFS(" in one for one in totals.values())
    paid = Book.of(fetched(finn, "/spend/tables/entries.xlsx?basis=net&kind=payment").get_data())
    assert paid.formulas["D3"].startswith("=SUM(")


def test_a_share_is_a_live_formula_rounded_half_up_to_a_tenth(tmp_path):
    columns = (
        Column("part", "Part", Kind.MONEY, "net of VAT"),
        Column("whole", "Whole", Kind.MONEY, "net of VAT"),
        Column("share", "Share", Kind.SHARE, formula="ROUND({part} / {whole}, 3)"),
    )
    rows = [(Money(809_778_95), Money(966_608_95), 8380), (Money(0), Money(0), None)]
    path = tmp_path / "share.xlsx"
    with figures_book.book_of(
        figures_book.Figures("facts_share", "Share", "Figures", NOW, "Finn", columns, rows, [], [])
    ) as file:
        path.write_bytes(file.read())
    book = Book.of(path.read_bytes())
    assert book.formulas == {"C4": "=ROUND(A4 / B4, 3)"}
    assert book.kept["C4"].value == 0.838
    assert float(recalculated(path)["C4"]) == 0.838


COLUMNS = (
    Column("code", "Code", Kind.CODE),
    Column("words", "Words"),
    Column("net", "Net", Kind.MONEY, "net of VAT", summed=True),
    Column("rest", "Rest", Kind.MONEY, "net of VAT", formula="{net} - {net}"),
    Column("part", "Part", Kind.SHARE),
    Column("on", "On", Kind.DAY),
    Column("at", "At", Kind.MOMENT),
)
FACTS = [(text, text, Money(-12_345), Money(0), 6_250, NOW.date(), NOW) for text in HOSTILE] + [
    ("-0042", "Nothing else", None, None, None, None, None)
]


def test_hostile_text_stays_text_in_a_workbook():
    total = Total("net of VAT", {"net": Money(-12_345 * len(HOSTILE))}, len(FACTS))
    with figures_book.book_of(
        figures_book.Figures(
            "facts_hostile", "=1+1", "Figures", NOW, "=HYPERLINK(1)", COLUMNS, FACTS, [total], [("=A", "=B")]
        )
    ) as file:
        book = Book.of(file.read())
    assert set(book.formulas) == {"C3", *(f"D{row}" for row in range(5, 5 + len(HOSTILE)))}
    for row, text in enumerate(HOSTILE, start=5):
        cell = book.kept.cell(row=row, column=1)
        told = text.replace("\x00", "").replace("\x1b", "")[:32_767] or None
        assert (cell.value, cell.hyperlink) == (told, None)
    assert book.kept["A21"].value == "-0042"
    assert (book.kept["C5"].value, book.kept["E5"].value) == (-123.45, 0.625)
    assert book.kept["E5"].number_format == "0.00%"
    assert book.notes["Shortened"].startswith("2 cells held more than 32,767 characters")
    assert book.notes["=A"] == "=B"


def test_hostile_text_stays_text_in_a_csv_and_codes_and_amounts_stay_themselves():
    with csv_of.csv_file(COLUMNS, FACTS, NOW) as file:
        rows = csv_rows(file.read())
    for row, text in zip(rows, HOSTILE, strict=False):
        told = text.replace("\x00", "").replace("\x1b", "")
        assert row["words"] == (f"'{told}" if told[:1] in tuple("=+-@\t\n＝") and told else told)
        assert row["code"] == row["words"]
    assert rows[0]["net"] == "-123.45"
    assert (rows[0]["part"], rows[0]["on"], rows[0]["at"]) == (
        "62.5",
        "2022-11-22",
        "2022-11-22T10:00:00+00:00",
    )
    assert rows[-1]["code"] == "-0042", "a code with a sign is no formula"
    assert rows[0]["basis"] == "net of VAT"
    assert rows[0]["as_at"] == "2022-11-22T10:00:00+00:00"


def test_more_rows_than_a_workbook_takes_are_refused_with_the_way_round(visit, monkeypatch, books):
    monkeypatch.setattr(figures_book, "MOST_ROWS", 1)
    finn = visit("Finn")
    answer = fetched(finn, "/spend/tables/call-offs.xlsx")
    assert answer.status_code == 422
    assert "A workbook takes 1 rows, and this table has 4. Download it as CSV" in answer.text
    assert fetched(finn, "/spend/tables/call-offs.csv").status_code == 200


def test_a_file_is_of_one_moment_and_leaves_no_session_open(app, books, visit, both_databases):
    finn = visit("Finn")
    from framework.records.database import db

    for end in ("csv", "xlsx"):
        answer = fetched(finn, f"/spend/tables/call-offs.{end}")
        assert (answer.status_code, len(answer.get_data()) > 100) == (200, True)
        answer.close()
    with app.app_context():
        assert db.engine.pool.checkedout() == 0


def test_libre_office_works_out_the_same(books, visit, tmp_path):
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    path = tmp_path / "facts.xlsx"
    data = fetched(visit("Finn"), "/spend/tables/call-offs.xlsx").get_data()
    path.write_bytes(data)
    home = f"-env:UserInstallation=file://{tmp_path / 'home'}"
    command = [office, home, "--headless", "--convert-to", "csv", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, timeout=120, capture_output=True)
    text = (tmp_path / "facts.csv").read_text()
    book = Book.of(data)
    for cell in book.formulas:
        assert Money(_pence(book.kept[cell].value)).plain in text.replace(",", "").replace("£", "")
    assert dates.today().isoformat()[:4] in text
