"""How each council and system writes its table, in tables of our own with the same columns."""

import csv
import io

import pytest

from calloffs.extracts.amount_basis import AmountBasis
from calloffs.extracts.column_aliases import COLUMN_ALIASES
from calloffs.extracts.extract import How, heading_of
from calloffs.extracts.fields import AMOUNT, FIELDS
from calloffs.extracts.headings import fold
from calloffs.extracts.reading import read_extract, read_row
from framework.definitions.rules import Refused
from tests.calloffs.extracts.dialects import DIALECTS
from tests.calloffs.extracts.extract_files import NET, mends, read, said, total


def table(*rows):
    made = io.StringIO()
    csv.writer(made).writerows(rows)
    return made.getvalue()


@pytest.mark.parametrize("council", DIALECTS)
def test_every_dialect_is_read_by_its_own_headings(council):
    headings, row, says, basis = DIALECTS[council]
    extract = read(table(headings.split("|"), row.split("|")))
    assert mends(extract) == []
    assert said(extract.rows[0]) == says
    assert extract.basis_found == basis
    assert not extract.unknown


def test_rows_that_are_wholly_alike_are_all_kept_in_their_order():
    headings, row, _, _ = DIALECTS["North Tyneside"]
    rows = [row.replace("7011466", f"70114{n % 65:02}").split("|") for n in range(181)]
    extract = read(table(headings.split("|"), *rows))
    assert [row.number for row in extract.rows] == list(range(2, 183))
    assert len({tuple(row.content.values()) for row in extract.rows}) == 65
    assert total(extract) == 181 * 24_16


def test_no_heading_means_two_fields_and_each_is_folded():
    named = [heading for alias in COLUMN_ALIASES for heading in alias.headings]
    assert sorted(set(named)) == sorted(named)
    assert [one for one in named if fold(one) != one] == []
    assert {alias.field for alias in COLUMN_ALIASES} - {""} <= set(FIELDS)


def test_what_a_person_said_of_a_column_wins_and_what_nobody_knows_is_asked_with_samples():
    content = table(
        ["Payment Date", "Net Amount", "Supplier Name", "Zweck", "Supplier ID"],
        *(["16/01/2018", "1.00", "Heron", f"w{n % 7}", "7"] for n in range(20)),
    )
    asked = read(content)
    (unknown,) = asked.unknown
    assert (unknown.text, unknown.folded, unknown.how) == ("Zweck", "zweck", How.UNKNOWN)
    assert unknown.samples == ("w0", "w1", "w2", "w3", "w4")
    told = read(content, columns={"zweck": "narrative", "supplier name": "", "supplier id": "cost_centre"})
    assert not told.unknown
    assert said(told.rows[0]) == {
        "paid_on": "2018-01-16",
        "net_pence": 100,
        "narrative": "w0",
        "cost_centre": "7",
    }
    assert [one.how for one in told.headings] == [How.ALIAS, How.ALIAS, *[How.REMEMBERED] * 3]


def test_a_bare_amount_is_what_the_source_says_and_nothing_without_it():
    content = table(["Date", "Amount", "Supplier"], ["16/01/2018", "12.00", "Heron"])
    assert said(read(content).rows[0])["net_pence"] == 1200
    assert said(read(content, basis=AmountBasis.GROSS).rows[0])["gross_pence"] == 1200
    for basis in (None, AmountBasis.BOTH):
        with pytest.raises(Refused, match="net of VAT or includes VAT"):
            read(content, basis=basis)
    assert read(content, columns={"amount": "gross_pence"}).basis_found == AmountBasis.GROSS


def test_what_is_lacking_is_asked_where_somebody_can_answer():
    content = table(
        ["Zahl", "Wann", "Wer"], ["12.00", "16/01/2018", "Heron"], ["13.00", "17/01/2018", "Heron"]
    )
    with pytest.raises(Refused, match="No row of headings"):
        read(content)
    asked = read(content, ask=True)
    assert asked.rows == []
    assert [one.text for one in asked.unknown] == ["Zahl", "Wann", "Wer"]
    assert "No column is known to hold the amount" in asked.lacks[0]
    assert "No column is known to hold the day" in asked.lacks[1]
    told = read(content, columns={"zahl": AMOUNT, "wann": "paid_on", "wer": "supplier_name"})
    assert total(told) == 25_00


def test_two_columns_of_one_meaning_are_told_and_the_nearer_day_wins_silently():
    extract = read(
        table(
            ["Date", "Posting Date", "Payment Date", "Net", "Amount", "Supplier", "Payee"],
            ["1/1/2018", "2/1/2018", "3/1/2018", "5", "6", "Heron", "Wren"],
        )
    )
    assert said(extract.rows[0]) == {"paid_on": "2018-01-03", "net_pence": 500, "supplier_name": "Heron"}
    assert [note.split(":")[0] for note in extract.notes] == [
        "“Payee” was left out",
        "“Amount” was left out, because “Net” says whether VAT is in it",
    ]


def test_the_third_of_net_vat_and_gross_follows_from_two_and_never_from_a_rate():
    both = read(table(["Date", "Net", "VAT"], ["1/1/2018", "10", "2"], ["2/1/2018", "10", ""]))
    assert both.basis_found == AmountBasis.BOTH
    assert [row.content["gross_pence"] for row in both.rows] == [1200, None]
    gross = read(table(["Date", "Gross", "VAT"], ["1/1/2018", "12", "2"]))
    assert gross.rows[0].content["net_pence"] == 1000


def test_a_row_that_cannot_be_read_says_its_number_column_value_and_mend():
    extract = read(
        table(
            ["Payments"],
            ["Payment Date", "Net", "VAT", "Gross", "PO Number"],
            ["16/01/2018", "10.00", "2.00", "12.00", "1"],
            ["31/02/2018", "1.234,56", "2.00", "12.00", "1"],
            ["16/01/2018", "10.00", "2.00", "13.00", "1"],
            ["16/01/2018", "", "", "", "1"],
            ["", "10.00", "2.00", "12.00", "1"],
            ["16/01/2018", "10.00", "2.00", "12.00", "9" * 81],
        )
    )
    assert mends(extract) == [
        "Row 4, Payment Date (“31/02/2018”): this is not a real day. Enter the day like 16/01/2018 or 2018-01-16",
        "Row 4, Net (“1.234,56”): the comma and the point are swapped: write 1234.56",
        "Row 5, Gross (“13.00”): net £10.00 and VAT £2.00 make £12.00, not £13.00: correct the one that is wrong",
        "Row 6, Net (blank): enter the amount, or 0.00 where nothing was paid",
        "Row 7, Payment Date (blank): enter the day of payment, or of the invoice where nothing was paid yet",
        f"Row 8, PO Number (“{'9' * 80}”): this has 81 characters and 80 are the most: enter the number alone",
    ]
    bad = extract.rows[1]
    assert bad.cells == ("31/02/2018", "1.234,56", "2.00", "12.00", "1")
    headings = [heading_of(one.as_plain()) for one in extract.headings]
    mended = read_row(["28/02/2018", " 10 ", "2.00", "12.00", "1"], headings, NET, number=bad.number)
    assert (mended.number, mended.findings) == (4, ())
    assert said(mended)["net_pence"] == 1000
    assert read_row(["28/02/2018", "x"], headings, NET, number=4).findings[0].column == "Net"


def test_a_mended_row_is_read_as_its_neighbours_were():
    content = table(["Date", "Trans No", "Net"], ["16/01/2018", "46 - 1", "1"], ["16/01/2018", "46 - 2", "x"])
    extract = read(content)
    mended = read_row(["16/01/2018", "46 - 2", "2"], extract.headings, NET, number=3)
    assert (mended.content["transaction_number"], mended.content["line_number"]) == ("46", "2")


def test_a_dash_within_other_numbers_is_no_line():
    extract = read(
        table(["Date", "Trans No", "Net"], ["16/01/2018", "46 - 1", "1"], ["16/01/2018", "INV-2", "1"])
    )
    assert [row.content["transaction_number"] for row in extract.rows] == ["46 - 1", "INV-2"]


def test_the_whole_way_through_the_process_apart():
    headings, row, says, basis = DIALECTS["our own export"]
    content = table(headings.split("|"), row.split("|"), ["x"] * 16).encode()
    extract = read_extract(content, "ap.csv", columns={}, basis=basis)
    assert said(extract.rows[0]) == says
    assert extract.rows[1].cells == ("x",) * 16
    assert extract.rows[1].findings[0].column == "Invoice date"
    with pytest.raises(Refused, match="40 MB"):
        read_extract(b"x" * (40 * 1024 * 1024 + 1), "ap.csv", columns={}, basis=basis)
    with pytest.raises(Refused, match="empty"):
        read_extract(b" \n", "ap.csv", columns={}, basis=basis)
