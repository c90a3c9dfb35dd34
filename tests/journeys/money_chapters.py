"""The last chapters: work begins, invoices come and are paid, reminders go out, and the call-off is closed."""

import io
from datetime import UTC, datetime

from sqlmodel import func, select

from framework import reminding
from framework.definitions import dates
from framework.records import database
from framework.records.messages import Message
from tests.journeys.agreement_chapters import Story
from tests.journeys.figures import alike_everywhere, posted
from tests.journeys.walking import words_of

FILE = """call_off_reference,invoice_number,invoice_date,received_date,description,net,vat,gross
{0},INV-002,30/09/2025,02/10/2025,Design in September,10000.10,2000.02,12000.12
{0},INV-003,31/10/2025,03/11/2025,Design in October,5000.05,1000.01,6000.06
{0},INV-003,31/10/2025,03/11/2025,Design in October,5000.05,1000.01,6000.06
"""


def _status(story: Story) -> str:
    page = story["Cath Mills"].open(f"/call-offs/{story.call_off}")
    return words_of(next(one for one in page.all("strong") if "app-status" in (one.get("class") or "")))


def work_begins(story: Story) -> None:
    """Signed until the day before, live on its first day: nobody presses anything."""
    with dates.at(datetime(2025, 8, 31, 9, 0, tzinfo=UTC)):
        story.statuses = [_status(story)]
    story.statuses.append(_status(story))


def record_invoices(story: Story) -> None:
    """One by hand, two from a file of three rows of which one is there twice; two are paid."""
    fay = story["Fay Lund"]
    fay.open(f"/call-offs/{story.call_off}")
    fay.follow("Record an invoice")
    fay.send(
        "Record the invoice",
        {
            "number": "INV-001",
            "description": "Research and first designs",
            "dated_on": ["15", "9", "2025"],
            "received_on": ["16", "9", "2025"],
            "net": "20,000.01",
            "vat": "4,000.00",
            "gross": "24,000.01",
        },
    )
    fay.home()
    fay.follow("Spend")
    fay.follow("Load a file of invoices")
    data = io.BytesIO(FILE.format(story.call_off).encode())
    fay.send("Check the file", {"file": (data, "invoices.csv")})
    story.checked = fay.page.text
    fay.send("Keep 2 rows")
    story.taken["finance 1"] = fay.steps
    _pay(story, "INV-001", "24,000.01")
    _pay(story, "INV-002", "2,000.12")


def _pay(story: Story, number: str, gross: str) -> None:
    fay = story["Fay Lund"]
    fay.open(f"/call-offs/{story.call_off}")
    fay.follow(f"Record a payment of {number}")
    fay.send("Record it", {"paid_on": ["10", "11", "2025"], "gross": gross})


def read_the_figures(story: Story) -> None:
    """Finance reads every report, and takes each away as CSV and as a workbook."""
    fay = story["Fay Lund"]
    fay.home()
    fay.follow("Spend")
    story.taken["finance 3"] = fay.steps
    first = "/spend/agreements/DW25/lots"
    story.figures.append((alike_everywhere(story, "Fay Lund", first), posted(story)))


def pay_the_rest(story: Story) -> None:
    """Nothing closes while a bill is open."""
    fay = story["Fay Lund"]
    fay.open(f"/call-offs/{story.call_off}/close")
    refused = fay.send("Agree the final figures", refused=True)
    assert len(refused.errors) == 2, refused.errors
    _pay(story, "INV-002", "10,000.00")
    _pay(story, "INV-003", "6,000.06")


def remind_once(story: Story) -> None:
    """The reminders of the day are written once, however often the job runs."""

    def written() -> int:
        with story.app.app_context():
            session = database.current()
            found = session.exec(select(func.count()).select_from(Message)).one()
            session.close()
        return int(found)

    story.reminded = [written()]
    for _ in range(2):
        with story.app.app_context(), database.writing() as session:
            reminding.remind(session)
        story.reminded.append(written())


def close(story: Story) -> None:
    """The deliverable is accepted, finance agrees the figures, Cath closes: what was not used goes back."""
    cath, fay = story["Cath Mills"], story["Fay Lund"]
    cath.home()
    cath.follow(f"{story.call_off} Booking service design")
    cath.follow("Close it")
    cath.send("Accept deliverable 1")
    fay.home()
    fay.follow(f"{story.call_off} Booking service design")
    fay.send("Agree the final figures")
    cath.open(f"/call-offs/{story.call_off}/close")
    cath.send(
        "Close the call-off",
        {
            "rating": "good",
            "outcome": "Nine in twelve now complete a booking unaided.",
            "feedback": "Clear weekly rounds; start accessibility tests earlier.",
        },
    )
    story.statuses.append(_status(story))
