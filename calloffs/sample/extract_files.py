"""The files of the sample's two finance systems: an export of accounts payable, and a list as councils publish it."""

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from calloffs.sample.people import COUNCILS
from framework.definitions import dates
from framework.definitions.money import Money, vat_on

_VAT_BP = 2_000
_ORDERED = 0.15
"""How many of the other payments have a purchase order."""


@dataclass(slots=True)
class PaidRow:
    """One payment as a finance system tells it. `net` is net of VAT."""

    transaction: str
    supplier: str
    words: str
    paid_on: date
    net: Money
    vat: Money | None = None
    """A fifth of the net where none is said: files say it, the product never works it out."""
    invoice: str = ""
    invoice_on: date | None = None
    order: str = ""
    reference: str = ""
    supplier_number: str = ""
    company_number: str = ""
    cost_centre: str = "003100"
    directorate: str = "Corporate services"
    account: str = "4210 Supplies and services"

    @property
    def tax(self) -> Money:
        return vat_on(self.net, _VAT_BP) if self.vat is None else self.vat

    @property
    def dated_on(self) -> date:
        return self.invoice_on or self.paid_on - timedelta(days=17)


# Firms that are no partners: name, what it is for, directorate, account, from and to how many pounds a payment is.
_OTHERS = (
    ("Harbourside Catering Ltd", "Buffet, member training day", "Corporate services", "4310 Catering", 90, 620),
    ("Wold Vale Tree Surgeons", "Crown reduction, Mill Lane", "Place", "4120 Grounds", 320, 2_900),
    ("Bramblecote Care Homes Ltd", "Residential care, four weeks", "Adults", "4510 Care placements", 2_800, 9_400),
    ("Pennyfarthing Fostering CIO", "Foster placement, month", "Children", "4520 Placements", 1_900, 5_200),
    ("Ostler & Vane Solicitors LLP", "Advice on a lease", "Corporate services", "4410 Legal fees", 450, 3_600),
    ("Kestrel Row Plumbing Ltd", "Boiler repair, sheltered homes", "Housing", "4130 Repairs", 140, 1_850),
    ("Northmere Scaffold Co Ltd", "Scaffold hire, Quarry Road", "Housing", "4130 Repairs", 380, 4_100),
    ("Saltmarsh Water Services Ltd", "Legionella tests", "Housing", "4130 Repairs", 160, 940),
    ("Tern Island Ferries Ltd", "School transport by water", "Children", "4610 Transport", 700, 2_300),
    ("Quillfeather Print Ltd", "Canvass forms, printed", "Corporate services", "4330 Printing", 240, 3_900),
    ("Greyfriars Fleet Hire Ltd", "Two tippers, weekly", "Place", "4620 Vehicles", 610, 1_980),
    ("Ashgrove Day Opportunities CIC", "Day places, adults", "Adults", "4510 Care placements", 880, 6_100),
    ("Lanternlight Theatre Trust", "Grant, second instalment", "Place", "4710 Grants", 1_500, 7_500),
    ("Cobblestone Paving Ltd", "Footway patching, ward 6", "Place", "4110 Highways", 1_100, 14_800),
    ("Moorhen Drainage Ltd", "Gully emptying", "Place", "4110 Highways", 520, 4_700),
    ("Applegarth Nurseries Ltd", "Bedding plants", "Place", "4120 Grounds", 95, 780),
    ("Stonebow Security Guards Ltd", "Keyholding, civic offices", "Corporate services", "4140 Premises", 310, 1_240),
    ("Hartwell Stationers", "Paper and toner", "Corporate services", "4320 Stationery", 35, 410),
    ("Riverbend Interpreting Ltd", "Interpreters, housing advice", "Housing", "4420 Interpreting", 60, 690),
    ("Fernhollow Playgrounds Ltd", "Safety surfacing", "Place", "4120 Grounds", 900, 8_300),
)  # fmt: skip


def others(name: str, first: date, last: date, many: int) -> list[PaidRow]:
    """So many payments from `first` to `last` (both included) to firms that are no partners: the same for the same name and days."""
    chance = random.Random(f"{name} {many}")  # noqa: S311  a believable spread, not a secret
    days = [
        day
        for back in range((last - first).days + 1)
        if dates.is_working_day(day := first + timedelta(days=back))
    ]
    found = []
    for number in range(many if days else 0):
        supplier, words, directorate, account, least, most = chance.choice(_OTHERS)
        net = Money(chance.randint(least * 100, most * 100))
        paid_on = chance.choice(days)
        exempt = account.startswith(("45", "47"))
        found.append(
            PaidRow(
                transaction=f"{name[:1].upper()}{first:%y%m%d}{number + 1:03}",
                supplier=supplier,
                words=words,
                paid_on=paid_on,
                net=-net if number == many - 4 else net,
                vat=Money.zero() if exempt else None,
                invoice=f"{supplier[:3].upper()}{chance.randint(10_000, 99_999)}",
                supplier_number=f"1{sum(map(ord, supplier)):05}",
                order=f"PO{chance.randint(410_000, 489_999)}" if chance.random() < _ORDERED else "",
                cost_centre=f"{chance.randint(3_000, 3_900):06}",
                directorate=directorate,
                account=account,
            )
        )
    return found


def accounts_payable(rows: Sequence[PaidRow], *, awry: bool = False) -> bytes:
    """An export with order numbers, net, VAT and gross, as CSV. `awry` adds three rows that nobody can read as they are."""
    heading = [
        "Transaction Number",
        "Supplier Number",
        "Supplier Name",
        "Company Number",
        "Invoice Number",
        "Invoice Date",
        "Date Received",
        "Payment Date",
        "PO Number",
        "Contract Reference",
        "Net Amount",
        "VAT Amount",
        "Gross Amount",
        "Cost Centre",
        "Account Code",
        "Directorate",
        "Description",
    ]
    table = [_payable(one) for one in rows]
    if awry and len(table) > 12:
        for at, column, wrong in ((3, 7, "31/02/{}"), (7, 10, "1,2O4.50"), (11, 10, "")):
            row = table[at]
            row[column] = wrong.format(rows[at].paid_on.year)
            row[0] = f"{row[0]}X"
        # Nothing else on the row says what the missing amount is.
        table[11][11] = table[11][12] = ""
    return _csv([heading, *table])


def _payable(one: PaidRow) -> list[str]:
    return [
        one.transaction,
        one.supplier_number,
        one.supplier,
        one.company_number,
        one.invoice,
        _day(one.dated_on),
        _day(one.dated_on + timedelta(days=4)),
        _day(one.paid_on),
        one.order,
        one.reference,
        _plain(one.net),
        _plain(one.tax),
        _plain(one.net + one.tax),
        one.cost_centre,
        one.account.partition(" ")[0],
        one.directorate,
        one.words,
    ]


def published(rows: Sequence[PaidRow]) -> bytes:
    """A list as councils publish it: net amounts, no order numbers, a title above the headings."""
    heading = [
        "Organisation Name",
        "Organisation Code",
        "Payment Date",
        "Invoice Date",
        "Directorate",
        "Supplier Name",
        "Purpose of Spend",
        "Transaction Number",
        "Invoice Number",
        "Contract Reference",
        "Net Amount",
        "Irrecoverable VAT",
        "Capital/Revenue",
    ]
    name = COUNCILS[1].name
    table = [
        [
            name,
            "E07000000",
            _day(one.paid_on),
            _day(one.dated_on),
            one.directorate,
            one.supplier,
            one.words,
            one.transaction,
            one.invoice,
            one.reference,
            _plain(one.net),
            "0.00",
            "Revenue",
        ]
        for one in rows
    ]
    return _csv([[f"{name}: payments to suppliers"], [], heading, *table])


def _csv(table: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue().encode("utf-8-sig")


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _plain(money: Money) -> str:
    sign = "-" if money.pence < 0 else ""
    return f"{sign}{abs(money.pence) // 100}.{abs(money.pence) % 100:02}"
