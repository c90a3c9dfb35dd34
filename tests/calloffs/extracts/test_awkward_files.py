"""Files as they really come: each is read right, or refused with what to do."""

import datetime
import io
import zipfile

import pytest

from calloffs.extracts.amount_basis import AmountBasis
from calloffs.extracts.reading import read_extract
from framework.definitions.rules import Refused
from tests.calloffs.extracts.extract_files import NET, mends, older_workbook, open_document, read, said, total
from tests.framework.records import files

HEADINGS = ("Payment Date", "Supplier Name", "PO Number", "Cost Centre", "Net Amount")
DAY = datetime.date(2018, 1, 16)
ROWS = [(DAY, "Heron Labs Ltd", "00123", "00451", 12.34), (DAY, "Café Wren £", "1E5", "00452", -0.1)]
WHAT_THEY_SAY = [
    {
        "paid_on": "2018-01-16",
        "supplier_name": "Heron Labs Ltd",
        "purchase_order": "00123",
        "cost_centre": "00451",
        "net_pence": 1234,
    },
    {
        "paid_on": "2018-01-16",
        "supplier_name": "Café Wren £",
        "purchase_order": "1E5",
        "cost_centre": "00452",
        "net_pence": -10,
    },
]


def text(between=",", end="\n", rows=ROWS):
    lines = [HEADINGS, *((f"{row[0]:%d/%m/%Y}", *map(str, row[1:])) for row in rows)]
    return "".join(between.join(line) + end for line in lines)


def refusal(content, name="ledger.csv", **how):
    with pytest.raises(Refused) as caught:
        read(content, name, **how)
    assert [one.field for one in caught.value.refusals] == ["file"]
    return str(caught.value)


def read_right(content, name="ledger.csv", **how):
    extract = read(content, name, **how)
    assert [said(row) for row in extract.rows] == WHAT_THEY_SAY
    return extract


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("between", [",", ";", "\t", "|"])
def test_text_in_any_letters_and_with_any_separator(encoding, between):
    read_right(text(between).encode(encoding), "ledger.tsv" if between == "\t" else "ledger.csv")


def test_mixed_line_ends_and_a_cell_over_two_lines():
    content = text(end="\r\n") + '17/01/2018,"Wren\nand Sons",1,2,5\r18/01/2018,Heron,1,2,6\n'
    extract = read(content)
    assert [(row.number, row.content["supplier_name"]) for row in extract.rows[2:]] == [
        (4, "Wren and Sons"),
        (5, "Heron"),
    ]


def test_titles_blank_rows_and_blank_columns_before_the_headings():
    titles = [
        "Westborough Council, payments over £500, Q1; all directorates",
        "",
        "Net Amount in pounds,,,",
        ",,,,,",
    ]
    extract = read_right("\n".join(titles) + "\n" + "".join(f",,{line}\n" for line in text().splitlines()))
    assert extract.header_row == 5
    assert extract.rows[0].number == 6
    assert len(extract.headings) == len(HEADINGS)
    assert extract.notes == (
        "Rows 1 to 3 above the headings were left out: “Westborough Council payments over £500 Q1; all directorates”, “Net Amount in pounds”",
    )


def test_the_text_of_a_query_before_the_headings():
    query = "SELECT Payment_Date, Supplier_Name, PO_Number,\n  Cost_Centre, Net_Amount\nFROM ap WHERE Net_Amount > 500;\n"
    extract = read_right(query + "\n" + text())
    assert extract.header_row == 5
    assert "Rows 1 to 3 above the headings were left out" in extract.notes[0]


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_workbooks_of_every_kind(ending):
    rows = [HEADINGS, *ROWS]
    if ending == "xls":
        rows = [HEADINGS, *((43116, *row[1:]) for row in ROWS)]
    made = {
        "xlsx": lambda: files.workbook(*rows),
        "xls": lambda: older_workbook(rows),
        "ods": lambda: open_document(rows),
    }
    read_right(made[ending](), f"ledger.{ending}")


def test_a_workbook_that_counts_from_1904_with_days_as_days_and_as_bare_numbers():
    def mac(book):
        book.epoch = datetime.datetime(1904, 1, 1)
        book.active.append(["Payment Date", "Invoice Date", "Net"])
        book.active.append([DAY, 41654, 1])

    content = files.workbook((), change=mac)
    row = read(content, "ledger.xlsx").rows[0]
    assert said(row) == {"paid_on": "2018-01-16", "invoice_on": "2018-01-16", "net_pence": 100}
    older = older_workbook([("Date", "Net"), (41654, 1)], from_1904=True)
    assert said(read(older, "ledger.xls").rows[0]) == {"paid_on": "2018-01-16", "net_pence": 100}


def test_two_rows_of_headings_with_merged_groups():
    def group(book):
        sheet = book.active
        sheet.append(["Payments", "", "", "", "", "", ""])
        sheet.append(["Paid", "Supplier", "", "Invoice", "", "Amount", ""])
        sheet.append(["Date", "Name", "Number", "Number", "Date", "Net", "VAT"])
        sheet.append([DAY, "Heron", "007", "INV-1", DAY, 10, 2])
        for cells in ("A1:G1", "B2:C2", "D2:E2", "F2:G2"):
            sheet.merge_cells(cells)

    workbook = files.workbook((), change=group)
    plain = "Paid,Supplier,,Invoice,,Amount,\nDate,Name,Number,Number,Date,Net,VAT\n16/01/2018,Heron,007,INV-1,16/01/2018,10,2\n"
    for extract in (read(workbook, "ledger.xlsx"), read(plain)):
        assert said(extract.rows[0]) == {
            "paid_on": "2018-01-16",
            "invoice_on": "2018-01-16",
            "supplier_name": "Heron",
            "supplier_number": "007",
            "invoice_number": "INV-1",
            "net_pence": 1000,
            "vat_pence": 200,
            "gross_pence": 1200,
        }
        assert extract.headings[4].text == "Invoice Date"
        assert any("were read together as the headings" in note for note in extract.notes)


def test_cells_merged_downwards_count_for_each_row_but_an_amount_only_once():
    def merge(book):
        sheet = book.active
        for row in (["Date", "Supplier", "Net"], [DAY, "Heron", 10], ["", "", 20], ["", "", ""]):
            sheet.append(row)
        for cells in ("A3:A5", "B3:B5", "C4:C5"):
            sheet.merge_cells(cells)

    extract = read(files.workbook((), change=merge), "ledger.xlsx")
    assert [row.content["supplier_name"] for row in extract.rows] == ["Heron", "Heron"]
    assert total(extract) == 30_00
    assert "Merged cells were read as if each row had their value: A3 to A5, B3 to B5" in extract.notes


def test_cells_merged_over_each_other_hold_nobody_up():
    def fill(book):
        for row in (["Date", "Supplier", "Net"], [DAY, "Heron", 10], ["", "", 20]):
            book.active.append(row)
        book.active.merge_cells("A3:A4")

    over = b'<mergeCell ref="A3:A1048576"/>' * 20_000
    with zipfile.ZipFile(io.BytesIO(files.workbook((), change=fill))) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"</mergeCells>", over + b"</mergeCells>")
    assert over in parts[name]
    sent = io.BytesIO()
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED) as book:
        for one, content in parts.items():
            book.writestr(one, content)
    # Some hundred thousand million cells would be filled, were each filled as often as it is named.
    extract = read(sent.getvalue(), "ledger.xlsx")
    assert total(extract) == 30_00


def test_hidden_sheets_and_rows_and_formulas_with_old_values_are_told():
    def change(book):
        sheet = book.active
        for row in [HEADINGS, *ROWS, (DAY, "Wren", "1", "2", "=1+1")]:
            sheet.append(row)
        sheet.row_dimensions[3].hidden = True
        book.create_sheet("Working").sheet_state = "hidden"

    content = files.repacked(
        files.workbook((), change=change),
        lambda members: {
            **members,
            "xl/worksheets/sheet1.xml": members["xl/worksheets/sheet1.xml"].replace(
                b"<f>1+1</f><v></v>", b"<f>1+1</f><v>3</v>"
            ),
        },
    )
    extract = read(content, "ledger.xlsx")
    assert total(extract) == 12_34 - 10 + 3_00
    assert extract.notes == (
        "Left out because hidden: “Working”",
        "Row 3 is hidden and was read",
        "E5 is a formula: its last saved value was used",
    )


def test_a_formula_in_a_text_is_text_and_numbers_that_are_names_stay_as_they_are():
    content = text(rows=[(DAY, "=cmd|' /C calc'!A0", "1E5", "00123", 12), (DAY, "@SUM(A1)", "+44", "-7", 12)])
    extract = read(content)
    assert [row.content["supplier_name"] for row in extract.rows] == ["=cmd|' /C calc'!A0", "@SUM(A1)"]
    assert [row.content["purchase_order"] for row in extract.rows] == ["1E5", "+44"]
    assert [row.content["cost_centre"] for row in extract.rows] == ["00123", "-7"]
    assert mends(extract) == []


def test_a_cell_of_five_thousand_characters_is_read_and_a_longer_one_refused():
    rows = "Payment Date,Net Amount,Narrative\n16/01/2018,1,{}\n"
    extract = read(rows.format("x" * 5_000))
    assert len(extract.rows[0].content["narrative"]) == 1_000
    assert extract.notes == ("In “Narrative”, 1 different text was too long and cut at the end",)
    assert "Row 2, column C holds 5,001 characters" in refusal(rows.format("x" * 5_001))


def test_a_million_rows_and_a_bomb_are_refused_from_the_process_apart():
    for content, name, words in (
        (b"Date,Net\n" + b"16/01/2018,1\n" * 1_000_000, "ledger.csv", "more than 120,000 rows"),
        (files.zip_bomb(200), "ledger.xlsx", "120,000 rows are the most"),
    ):
        with pytest.raises(Refused, match=words):
            read_extract(content, name, columns={}, basis=NET)


def test_days_with_the_month_first_are_never_guessed():
    head = "Date,Net\n"
    assert "writes the month before the day" in refusal(head + "05/01/2018,1\n01/16/2018,1\n")
    mixed = read(head + "16/01/2018,1\n01/17/2018,2\n05/01/2018,3\n")
    assert [row.number for row in mixed.rows if row.findings] == [3]
    assert "mixes days" in mixed.notes[0]
    assert mixed.rows[2].content["paid_on"] == "2018-01-05"


def test_totals_at_the_foot_are_told_with_their_sum_and_whether_the_rows_agree():
    body = "Date,Supplier,Net\n16/01/2018,Heron,10.00\n17/01/2018,Total Gas Ltd,5.50\n"
    agrees = read(body + ",Grand Total,15.50\n")
    assert (len(agrees.rows), total(agrees)) == (2, 15_50)
    assert agrees.notes == (
        "Row 4 is a total and was left out: Net £15.50. The rows above it add up to the same",
    )
    differs = read(body + "Total,,16.50\nPrinted by the ledger,,\n")
    assert differs.notes == (
        "Row 4 is a total and was left out: Net £16.50. The rows above it add up to Net £15.50: check that no row is missing or counted twice",
        "Words with no day and no amount were left out: row 5 (“Printed by the ledger”)",
    )
    assert read(body + ",,15.50\n").notes == agrees.notes
    nameless = read(body + ",,9.00\n18/01/2018,Wren,1.00\n")
    assert mends(nameless) == [
        "Row 4, Date (blank): enter the day of payment, or of the invoice where nothing was paid yet"
    ]


def test_subtotals_between_the_rows_and_headings_that_stand_again():
    content = "Date,Supplier,Net\n16/01/2018,Heron,10\n,Heron Total,10\nDate,Supplier,Net\n16/01/2018,Wren,5\n,Wren Total,5\n,Grand Total,15\n"
    extract = read(content)
    assert [row.number for row in extract.rows] == [2, 5]
    assert extract.notes == (
        "Row 7 is a total and was left out: Net £15.00. The rows above it add up to the same",
        "Rows that are totals of the rows above them were left out, and agree: rows 3, 6",
        "The headings stand again and were left out: row 4",
    )


def test_a_row_that_a_comma_has_moved_is_to_be_mended():
    extract = read("Date,Supplier,Net,PO Number\n16/01/2018,Heron, Ltd,12.00,7\n16/01/2018,Wren,12.00,7\n")
    assert [row.number for row in extract.rows if row.findings] == [2]
    assert "more cells than there are headings" in mends(extract)[-1]


def test_a_missing_quotation_mark_does_not_swallow_rows():
    content = (
        'Date,Supplier,Net,PO Number\n16/01/2018,"Heron,12,7\n17/01/2018,Wren,1,7\n18/01/2018,"Finch",1,7\n'
    )
    extract = read(content)
    assert [row.number for row in extract.rows if row.findings] == [2]
    assert "the rows below have run into this one" in mends(extract)[-1]
    legit = read('Date,Supplier,Net,PO Number\n16/01/2018,"Heron, Ltd\n1 High Street",12,7\n')
    assert mends(legit) == []


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"Date,Net\n", "a.csv", "no rows below them"),
        (b"Date,Net,Supplier\n,,nothing was paid\n", "a.csv", "no rows of data"),
        (b"1,2\n3,4\n", "a.csv", "No row of headings"),
        (b"Date,Supplier,Reference\n16/01/2018,Heron,1\n", "a.csv", "No column is known to hold the amount"),
        (b"Supplier,Net,Reference\nHeron,1,1\n", "a.csv", "No column is known to hold the day"),
        (b"%PDF-1.7", "a.csv", "This is a PDF"),
        (files.workbook(), "a.csv", "is an .xlsx workbook but"),
        (files.workbook()[:2000], "a.xlsx", "damaged"),
        (files.with_member(files.workbook(), "xl/vbaProject.bin", b"x"), "a.xlsx", "macros"),
        ("Date,Net\n".encode("utf-16-le") + b"1\0", "a.csv", "Save the sheet as CSV"),
        (b"Date" + b",x" * 200 + b",Net\n", "a.csv", "more than 150 columns"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(content, name, words):
    assert words in refusal(content, name)


def test_no_text_of_a_stranger_holds_the_reader_up():
    nasty = [
        *("9," * 2_400, "(" * 4_900, "1 " * 2_400, "total " * 800, "-" * 4_999, "1.1" * 1_600, "a - 1" * 990)
    ]
    rows = "".join(f'"{cell}","{cell}","{cell}","{cell}"\n' for cell in nasty)
    extract = read("Date,Net,Trans No,Supplier Name\n16/01/2018,1,1,x\n" + rows)
    assert sum(1 for row in extract.rows if row.findings) == len(nasty)


def test_the_basis_of_the_file_is_found_whatever_the_source_says():
    content = "Date,Gross Amount\n16/01/2018,12\n"
    extract = read(content, basis=AmountBasis.NET)
    assert extract.basis_found == AmountBasis.GROSS
    assert said(extract.rows[0]) == {"paid_on": "2018-01-16", "gross_pence": 1200}
