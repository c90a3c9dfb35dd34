"""The finance story: two councils load what their finance systems export, match it, and follow every figure to its lines."""

import io
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from flask import Flask
from sqlmodel import col, select

from calloffs.call_off import CallOff
from calloffs.clocks.dispute import OUTCOMES
from calloffs.extracts.spend_line import SpendLine
from calloffs.spend.invoice import Invoice
from framework.definitions import dates
from framework.records import database
from tests.calloffs.spend.building import SIGNED, live_call_off
from tests.calloffs.tables.reading import csv_rows
from tests.cast import Cast
from tests.journeys import finance_file
from tests.journeys.figures import pence
from tests.journeys.walking import Walker, words_of
from tests.visiting import Visiting

_H = "{http://www.w3.org/1999/xhtml}"
ORDER, LEARNED, PAST, THEIRS, QUIET = "PO-7001", "PO-7002", "PO-7003", "PO-7004", "PO-7005"
RESOLVED = datetime(2022, 11, 29, 10, 0, tzinfo=UTC)
"""A week after the rest of the story."""


@dataclass
class Finance:
    """Who is in the story, what was signed before it, and what was seen on the way."""

    app: Flask
    cast: Cast
    references: dict[str, str] = field(default_factory=dict)
    """Call-offs by their purchase order number."""
    taken: dict[str, int] = field(default_factory=dict)
    """Steps that each finance task took."""
    said: dict[str, Any] = field(default_factory=dict)
    people: dict[str, Walker] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)

    def __getitem__(self, name: str) -> Walker:
        if name not in self.people:
            self.people[name] = Walker(self.app, self.met)
            self.people[name].visiting = Visiting(self.app, name)
        return self.people[name]

    def spend(self, name: str) -> Walker:
        """Somebody on the page of spend, from which finance counts its steps."""
        walker = self[name]
        walker.home()
        walker.follow("Spend")
        walker.steps = 0
        return walker

    def balances(self) -> dict[str, tuple[int, int, int]]:
        """Committed, invoiced and paid of each call-off, in pence, by its order number."""
        with self.app.app_context():
            session = database.current()
            found = {
                one.purchase_order: (one.committed_pence, one.invoiced_pence, one.paid_pence)
                for one in session.exec(select(CallOff))
            }
            session.close()
        return found


def sign_the_call_offs(story: Finance) -> None:
    """What the main job leaves behind: five call-offs, signed and live."""
    with story.app.app_context(), database.writing() as session, dates.at(SIGNED):
        for order, lot, value, authority in (
            (ORDER, 4, "60,000", "Northbank"),
            (LEARNED, 1, "10,000", "Northbank"),
            (PAST, 2, "5,000", "Northbank"),
            (THEIRS, 3, "20,000", "Southmere"),
            (QUIET, 6, "7,000", "Northbank"),
        ):
            made = live_call_off(session, story.cast, order=order, lot=lot, value=value, authority=authority)
            story.references[order] = made.reference


def _load(walker: Walker, content: bytes, name: str) -> None:
    walker.follow("Load an extract of the finance system")
    walker.send("Check the file", {"file": (io.BytesIO(content), name)})


def _add_source(walker: Walker, name: str) -> None:
    walker.follow("Load an extract of the finance system")
    walker.follow("Add a source")
    walker.send("Add the source", {"name": name, "basis": "both"})


def load_october(story: Finance) -> None:
    """Forty rows: two are mended in place, two look alike and are both kept."""
    finn = story.spend("Finn")
    _add_source(finn, "Northbank ledger")
    rows = story.said["rows"] = finance_file.october(ORDER, story.references[ORDER], PAST)
    finn = story.spend("Finn")
    _load(finn, finance_file.written(rows), "october.csv")
    story.said["checked"] = finn.page.text
    for row, cell, value in ((40, "Paid date", "24/10/2022"), (41, "Net", "40.00")):
        finn.follow(f"Row {row}")
        finn.send("Put the row right", {f"cell-{finance_file.HEADS.index(cell)}": value})
    story.said["mended"] = finn.page.text
    finn.send("Save 40 rows", refused=True)
    story.said["refused"] = finn.page.errors
    finn.send("Save 40 rows", {"alike_seen": "y"})
    story.said["first import"] = finn.at
    finn.follow("Lines that this import brought")
    story.said["brought"] = _facts(finn)


def _facts(walker: Walker) -> list[dict[str, str]]:
    """The rows of the table that is open, from its CSV."""
    return csv_rows(walker.download("Download as CSV"))


def load_it_corrected(story: Finance) -> None:
    """The same rows in another order, one of them corrected: nothing twice, and the change is shown before it is saved."""
    finn = story.spend("Finn")
    _load(finn, finance_file.written(finance_file.mended(story.said["rows"])), "october-corrected.csv")
    story.said["again"] = finn.page.text
    finn.send("Save 1 row")
    story.taken["1 load the extract"] = finn.steps
    finn.open("/spend/tables/lines")
    story.said["kept"] = _facts(finn)


def match(story: Finance) -> None:
    """All certain ones at once; one by hand, by which its supplier's number is learned; one undone; one past a value with a reason."""
    finn = story.spend("Finn")
    finn.follow("Match all certain lines")
    finn.steps = 0
    finn.send("Match all 13 certain lines")
    story.taken["2 match all certain ones"] = finn.steps
    story.said["certain"] = story.balances()
    _open_line(story, finn, "T0014")
    finn.send("Match this line", {"call_off": story.references[LEARNED]})
    finn = story.spend("Finn")
    finn.follow("Match lines to call-offs")
    finn.steps = 0
    finn.send("Match line")
    story.taken["2 match a suggested one"] = finn.steps
    finn.follow("Match all certain ones")
    finn.send("Match all 2 certain lines")
    _open_line(story, finn, "T0017")
    finn.send("Undo the match")
    finn.follow("It belongs to no call-off of ours")
    finn.send("Set it aside", {"why": "Bought on another contract"})
    _open_line(story, finn, "T0018")
    finn.send("Match this line", {"call_off": story.references[PAST]}, refused=True)
    story.said["past"] = finn.page.errors
    finn.send(
        "Match this line",
        {"call_off": story.references[PAST], "accept": "y", "over_why": "A variation is being agreed"},
    )
    story.said["over"] = finn.open(f"/call-offs/{story.references[PAST]}").text
    story.said["matched"] = story.balances()


def _open_line(story: Finance, walker: Walker, transaction: str) -> None:
    with story.app.app_context():
        session = database.current()
        found = session.exec(
            select(SpendLine.id).where(
                SpendLine.transaction_number == transaction, col(SpendLine.withdrawn_at).is_(None)
            )
        ).one()
        session.close()
    walker.open(f"/spend/matching/lines/{found}")


def the_other_council_loads(story: Finance) -> None:
    """Southmere does the same with its own system, and matches its one line."""
    fern = story.spend("Fern")
    _add_source(fern, "Southmere ledger")
    rows = finance_file.only(1, 300_003, "CEDAR DESIGN", Purchase_order_number=THEIRS)
    _load(story.spend("Fern"), finance_file.written(rows), "southmere.csv")
    fern.send("Save 1 row")
    story.said["their import"] = fern.at
    fern.open("/spend/matching/certain")
    fern.send("Match the certain line")


def dispute_an_invoice(story: Finance) -> None:
    """An invoice by hand; its clock stands from the day after it is disputed to the day on which that is resolved."""
    finn, reference = story["Finn"], story.references[ORDER]
    finn.open(f"/call-offs/{reference}")
    finn.follow("Record an invoice")
    finn.send(
        "Record the invoice",
        {
            "number": "H-1",
            "description": "Workshop",
            "dated_on": ["14", "11", "2022"],
            "received_on": ["15", "11", "2022"],
            "net": "99.99",
            "vat": "20.00",
            "gross": "119.99",
        },
    )
    story.said["due"] = [_due(story)]
    finn.open(f"/call-offs/{reference}")
    finn.follow("Dispute")
    finn.send("Dispute the invoice", {"words": "The rate is not the agreed one"})
    del story.people["Finn"]  # a week later he signs in anew
    with dates.at(RESOLVED):
        finn = story["Finn"]
        finn.open(f"/call-offs/{reference}")
        finn.follow("Resolve the dispute about H-1")
        finn.send("Resolve the dispute", {"outcome": OUTCOMES[0].value, "words": "It was"})
    story.said["due"].append(_due(story))


def _due(story: Finance) -> date:
    with story.app.app_context():
        session = database.current()
        found = session.exec(select(Invoice).where(Invoice.number == "H-1")).one().due_on
        session.close()
    assert found is not None
    return found


def share(story: Finance) -> None:
    """Sixty and forty per cent, agreed by the other council; then who owes whom."""
    finn, fern, reference = story["Finn"], story["Fern"], story.references[ORDER]
    ids = {name: story.cast.party[name] for name in ("Northbank", "Southmere")}
    finn.open(f"/spend/shared/{reference}/propose")
    finn.send(
        "Propose these shares",
        {
            f"share_{ids['Northbank']}": "60",
            f"share_{ids['Southmere']}": "40",
            "from_on": ["1", "9", "2022"],
            "reason": "By population",
        },
    )
    fern.home()
    fern.follow(f"Shares of {reference}")
    fern.send("Send your answer", {"agrees": "yes"})
    story.said["split"] = [
        [pence(words_of(one)) for one in row if pence(words_of(one)) is not None]
        for row in _rows(fern, "Split, net of VAT")
    ]
    finn = story.spend("Finn")
    finn.follow("Recharges between authorities")
    finn.follow("Southmere to Northbank")
    story.taken["7 split and recharge"] = finn.steps
    story.said["statement"] = [
        pence(words_of(list(row)[-1])) for row in _rows(finn, "Periods that were over")
    ]
    finn.follow("Every recharge from Southmere to Northbank")
    story.said["recharges"] = _facts(finn)


def _rows(walker: Walker, caption: str) -> list[Any]:
    """The rows of the table whose caption begins so, its total last."""
    table = next(
        one
        for one in walker.page.all("table")
        if any(words_of(found).startswith(caption) for found in one.iter(f"{_H}caption"))
    )
    return [
        row for part in ("tbody", "tfoot") for own in table.iter(f"{_H}{part}") for row in own.iter(f"{_H}tr")
    ]


def follow_the_figures(story: Finance) -> None:
    """Every figure on the page of figures is a link, and what it leads to adds up to it."""
    finn = story.spend("Finn")
    story.taken["3 spend against ceiling"] = 1
    finn.follow("Figures by council, lot")
    links = [
        (words_of(one), one.get("href", ""))
        for table in finn.page.all("table")
        for one in table.iter(f"{_H}a")
        if "/spend/tables/entries" in one.get("href", "")
    ]
    finn.steps = 0
    finn.follow(next(said for said, _ in links if pence(said) == 13_501_05))
    first = next(one for body in finn.page.all("tbody") for one in body.iter(f"{_H}a"))
    finn.follow(words_of(first))
    story.taken["10 prove a figure"] = finn.steps
    story.said["followed"] = finn.page.text
    adding = {}
    for said, address in dict.fromkeys(links):
        finn.open(address)
        adding[address] = (pence(said), sum(pence(one["amount"]) or 0 for one in _facts(finn)))
    story.said["figures"] = adding


def accrue(story: Finance) -> None:
    """The accruals of the month end, as a workbook."""
    finn = story.spend("Finn")
    finn.follow("Accruals")
    story.said["accruals"] = finn.download("Download as a workbook")
    story.taken["6 accruals"] = finn.steps
    finn.open(finn.at)
    story.said["accruals csv"] = _facts(finn)
    story.taken["8 export"] = finn.steps
    for task, link in (
        ("4 without an invoice", "Commitments without an invoice for 60 days"),
        ("5 off contract", "Payments to partners without a call-off"),
    ):
        finn = story.spend("Finn")
        finn.follow(link)
        story.taken[task] = finn.steps
        story.said[task] = _facts(finn)
    finn = story.spend("Finn")
    finn.follow("How long ceilings last")
    story.said["forecast"] = finn.page.text


def close_a_period(story: Finance) -> None:
    """October is closed; then a payment of October arrives."""
    finn = story.spend("Finn")
    finn.follow("Accounting periods")
    finn.send(finn.button("Close "), {"looked": "y"})
    story.taken["11 close a period"] = finn.steps
    story.said["before late"] = story.balances()
    rows = finance_file.only(60, 12_300, "FENNEL WEB LTD", Purchase_order_number=ORDER)
    _load(story.spend("Finn"), finance_file.written(rows), "late.csv")
    finn.send("Save 1 row")
    story.said["late import"] = finn.at
    finn.open("/spend/matching/certain")
    finn.send("Match the certain line")
    story.said["late balances"] = story.balances()
    finn.open("/spend/tables/late-changes")
    story.said["late"] = _facts(finn)


def read_by_an_address(story: Finance) -> None:
    """A spreadsheet reads the lines without signing in; it gets what the page gives."""
    finn = story.spend("Finn")
    finn.follow("Addresses for your spreadsheet")
    finn.send("Make the address", {"name": "Monthly"}, again=True)
    story.taken["9 make an address"] = finn.steps
    secret = re.search(r"/feeds/([^/]+)/lines\.csv", finn.page.text) or re.search(
        r"/feeds/([^/]+)/lines\.csv", finn.page.html
    )
    assert secret
    story.said["feed"] = csv_rows(story.app.test_client().get(secret[0]).data)
    finn.open("/spend/tables/lines")
    story.said["lines"] = _facts(finn)


def take_it_back(story: Finance) -> None:
    """The late file is taken back."""
    finn = story["Finn"]
    finn.open(story.said["late import"])
    finn.follow("Take it back")
    finn.send("Take it back")
    story.said["taken back"] = finn.page.text
    story.said["after undo"] = story.balances()


CHAPTERS = (
    sign_the_call_offs,
    load_october,
    load_it_corrected,
    match,
    the_other_council_loads,
    share,
    follow_the_figures,
    accrue,
    close_a_period,
    read_by_an_address,
    take_it_back,
    dispute_an_invoice,
)
