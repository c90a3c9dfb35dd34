"""The ledger extract of the finance story: forty rows of every kind that a council's finance system exports."""

import csv
import io

HEADS = (
    *(
        "Transaction number",
        "Paid date",
        "Invoice date",
        "Invoice number",
        "Supplier number",
        "Supplier name",
    ),
    *("Company number", "Purchase order number", "Call-off reference", "Net", "VAT", "Gross", "Cost centre"),
    "Narrative",
)
Row = dict[str, str]


def _row(number: int, net: int, supplier: str, **said: str) -> Row:
    """A row of its own transaction; VAT is a fifth of net, both in pence."""
    return {
        "Transaction number": f"T{number:04}",
        "Paid date": f"{number % 20 + 3:02}/10/2022",
        "Invoice date": "01/10/2022",
        "Invoice number": f"B{number:03}",
        "Supplier name": supplier,
        "Net": _pounds(net),
        "VAT": _pounds(net // 5),
        "Gross": _pounds(net + net // 5),
        "Cost centre": f"{number:05}",
        "Narrative": f"Work, part {number}",
        **said,
    }


def _pounds(pence: int) -> str:
    sign, whole = ("-", -pence) if pence < 0 else ("", pence)
    return f"{sign}{whole // 100}.{whole % 100:02}"


def october(order: str, reference: str, over_order: str) -> list[Row]:
    """Forty rows: 13 certain ones with a credit, 4 known by a supplier number, one past a value, 3 off contract, 2 alike, 2 not to be read."""
    po, ref, past = (
        {"Purchase order number": order},
        {"Call-off reference": reference},
        {"Purchase order number": over_order},
    )
    alike = {"Paid date": "12/10/2022"}
    return [
        *(_row(at, 100_010, "FENNEL WEB LTD", **po) for at in range(1, 11)),
        _row(11, -50_005, "FENNEL WEB LTD", **po),
        *(_row(at, 200_000, "FENNEL WEB LTD", **ref) for at in (12, 13)),
        *(_row(at, 50_000, "AC TECHNOLOGIES", **{"Supplier number": "V300"}) for at in range(14, 18)),
        _row(18, 600_000, "BIRCH SYSTEMS", **past),
        *(_row(at, 70_000 + at * 5, "ELM APPS", **{"Company number": "00000005"}) for at in range(19, 22)),
        *(_row(at, 12_345, "BRAKE BROS LTD", **alike) for at in (22, 23)),
        *(_row(at, 1_000 * at, f"SUPPLIER {at} LTD") for at in range(24, 39)),
        _row(39, 3_900, "CLOVER LTD", **{"Paid date": "yesterday"}),
        _row(40, 4_000, "DAISY LTD", Net="lots"),
    ]


def written(rows: list[Row]) -> bytes:
    """The file as it is sent."""
    out = io.StringIO()
    write = csv.DictWriter(out, HEADS, restval="")
    write.writeheader()
    write.writerows(rows)
    return out.getvalue().encode()


def mended(rows: list[Row]) -> list[Row]:
    """The same rows with the two put right that could not be read, from the last to the first, and one cell corrected."""
    found = [dict(one) for one in rows]
    found[38]["Paid date"], found[39]["Net"] = "24/10/2022", "40.00"
    found[0] |= {"Net": "1000.20", "VAT": "200.04", "Gross": "1200.24"}
    return found[::-1]


def only(number: int, net: int, supplier: str, **said: str) -> list[Row]:
    """A file of one row."""
    return [_row(number, net, supplier, **{name.replace("_", " "): value for name, value in said.items()})]
