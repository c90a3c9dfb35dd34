"""Extracts in the shapes of five councils' own, made up: what differs between them is what their finance systems export."""

import csv
import io
from datetime import date, timedelta

SUPPLIERS = ("QUILL WORKS LTD", "FENNEL WEB LTD", "TERN SYSTEMS", "Brake Bros Ltd", "VISUAL SIGNS LTD")
FIRST = date(2022, 10, 3)


def text_of(rows, between=","):
    """Rows of cells as a CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=between).writerows(rows)
    return out.getvalue().encode()


def _day(at):
    return FIRST + timedelta(days=at % 20)


def three_amounts(rows=30):
    """Gross, VAT and net; a document number for each row."""
    yield from (
        [
            "Authority Name",
            "Date of Payment",
            "SAP Document Number",
            "Gross",
            "VAT",
            "Net",
            "Supplier Name",
            "Directorate",
        ],
        *(
            [
                "Northbank City Council",
                _day(at),
                f"6012{at:05}",
                f"{12 * at + 12}.00",
                f"{2 * at + 2}.00",
                f"{10 * at + 10}.00",
                SUPPLIERS[at % 5],
                "Place",
            ]
            for at in range(rows)
        ),
    )


def standard_columns(rows=30):
    """The columns of the local government transparency code: a transaction and its line, "Nil" for no VAT, credits."""
    yield from (
        [
            "Organisation Name",
            "Organisation Code",
            "Effective Date",
            "Supplier Name",
            "TransNo",
            "Seq No",
            "Payment Date",
            "Net Amount",
            "Irrecoverable VAT",
            "Contract",
        ],
        *(
            [
                "Northbank Council",
                "E08000099",
                "2022-10-31",
                SUPPLIERS[at % 5],
                161000 + at // 3,
                at % 3,
                _day(at),
                f"-{at}.10" if at % 7 == 0 else f"{at}.10",
                "Nil",
                "Not yet available",
            ]
            for at in range(rows)
        ),
    )


def one_number_for_two(rows=30):
    """A transaction and its line in one cell, days as dd/mm/yyyy, a bare amount."""
    yield from (
        ["Client", "Paid Date", "Trans No", "Amount", "Supplier ID", "Supplier Name"],
        *(
            [
                "NB",
                f"{_day(at):%d/%m/%Y}",
                f"462964{at // 2:02} - {at % 2}",
                f"{at + 5}.00",
                20008000 + at % 5,
                SUPPLIERS[at % 5],
            ]
            for at in range(rows)
        ),
    )


def cleared(rows=30):
    """A bare amount and a clearing date; the document number stands for several rows."""
    yield from (
        ["Vendor ID", "Vendor Name", "Cost Element", "Document No", "Amount", "Clearing Date", "Directorate"],
        *(
            [
                18000295 + at % 5,
                SUPPLIERS[at % 5],
                544075 + at,
                5109570000 + at // 2,
                f"{at * 3 + 1}.65",
                _day(at),
                "PLACE, AND PEOPLE",
            ]
            for at in range(rows)
        ),
    )


def repeated_rows(rows=30):
    """Whole rows that repeat: a transaction number for many lines, and nothing to tell them apart."""
    yield from (
        [
            "Payment Date",
            "Transaction Number",
            "Net Amount",
            "Supplier (Beneficiary) Name",
            "Purpose of Spend",
        ],
        *(
            [_day(at // 6), 7011466 + at // 6, "24.16", SUPPLIERS[at // 6 % 5], "Equipment"]
            for at in range(rows)
        ),
    )


SHAPES = {
    one.__name__: one for one in (three_amounts, standard_columns, one_number_for_two, cleared, repeated_rows)
}
