"""The partner's side, first part: a company is invited by e-mail, enters everything by itself, and is appointed and confirmed."""

import io
import re

from sqlmodel import select

from calloffs.sample.plain_pdf import plain_pdf
from framework.records import database
from framework.records.messages import Message
from tests.journeys.agreement_chapters import PASSWORD, Story, email_of, register, show_evidence
from tests.journeys.walking import Walker

LOTS = (
    "Number\tTitle\tCeiling\tMost partners\tAward method\tLong-stop\tMechanism\n"
    "1\tUser centred design\t£600,000\t1\tdirect\t31/05/2030\t\n"
    "2\tWeb technologies\t£600,000.00\t3\teither\t31 May 2030\tranked"
)
RATES = b"Role,Level,Day rate\nDesigner,5,800\nUser researcher,4,six hundred\nUser researcher,5,700\n"
INSURANCES = (
    ("employers_liability", "10,000,000"),
    ("public_liability", "5,000,000"),
    ("professional_indemnity", "2,000,000"),
)


def sheet_of_people() -> str:
    """Forty people of whom three rows are wrong: rows 8, 20 and 34 of the sheet."""
    rows = ["Name,Role,Level,Skills,Days a week,Available from,Places,Employment,Off-payroll"]
    for number in range(1, 41):
        name = {1: "Iris Kaye", 3: "Jo Larch", 2: "Di Marsh"}.get(number, "")
        role, right = ("User researcher", "4") if number % 2 else ("Designer", "5")
        level = {7: "9"}.get(number, right)
        days = {19: "lots"}.get(number, "5")
        place = {33: "The moon"}.get(number, "Offsite")
        rows.append(
            f"{name},{role},{level},Interviews (expert); Prototypes (working),{days},01/07/2025,{place},Employee,On a payroll"
        )
    return "\n".join(rows)


def link_in_mail(story: Story, to: str, pattern: str) -> str:
    """The newest link of this kind in the messages written to an address."""
    with story.app.app_context():
        session = database.current()
        texts = [one.text for one in session.exec(select(Message).where(Message.to_address == to))]
        session.close()
    found = re.findall(pattern, "\n".join(texts))
    assert found, texts
    return str(found[-1])


def add_two_lots(story: Story) -> None:
    """Two lots, pasted; the agreement is still a draft."""
    anna = story["Anna Ferrers"]
    anna.follow("Paste lots from a spreadsheet")
    anna.send("Add the lots", {"rows": LOTS})


def invite(story: Story) -> None:
    """A company that nobody knew is invited to lot 1 by the e-mail address of one person."""
    anna = story["Anna Ferrers"]
    anna.home()
    anna.follow("Invite a company")
    anna.send(
        "Send the invitation",
        {
            "company_name": "Larkspur Digital Ltd",
            "contact_name": "Lou Tan",
            "email": email_of("Lou Tan"),
            "lots": ["DW25-1"],
        },
    )
    story.taken["framework manager 9 invite a council or supplier"] = anna.steps


def sign_up(story: Story) -> None:
    """The link in the mail, name and passphrase: in. The link works no second time."""
    link = link_in_mail(story, email_of("Lou Tan"), r"/invitations/\S+")
    lou = story.people["Lou Tan"] = Walker(story.app, story.met)
    lou.open(link)
    assert "Northdale District Council" in lou.page.text
    lou.follow("Join")
    lou.send("Join and see", {"name": "Lou Tan", "password": PASSWORD})
    story.taken["supplier 1 accept an invitation"] = lou.steps + 1
    lou.sign_in_with(email_of("Lou Tan"), PASSWORD)
    assert "Tasks" in lou.page.text
    assert Walker(story.app, set()).visiting.client.get(link).status_code == 410


def add_a_colleague(story: Story) -> None:
    """Without us: the partner's own administrator adds somebody, who gets a link."""
    lou = story["Lou Tan"]
    lou.home()
    lou.follow("Add a colleague")
    lou.send("Add the colleague", {"name": "Mo Reyes", "email": email_of("Mo Reyes")})
    story.taken["supplier 10 add a colleague"] = lou.steps
    mo = story.joins("Mo Reyes")
    mo.home()
    mo.follow("My company")
    assert "Larkspur Digital Ltd" in mo.page.text


def fill_the_tasks(story: Story) -> None:
    """Facts, size, contacts, evidence with a real PDF and declarations, each from the task list, shared between two people."""
    lou, mo = story["Lou Tan"], story["Mo Reyes"]
    _task(mo, "Company facts")
    mo.send(
        "Save",
        {
            "company_number": "SC268016",
            "vat_number": "GB123456789",
            "ppon": "PQRS-1234-WXYZ",
            "address": "1 Mill Lane\nAnytown",
            "region": "north_east",
            "living_wage": "pays",
        },
    )
    mo.send(
        "Save the figures",
        {
            "staff": "12",
            "turnover": "900,000",
            "balance_sheet": "300,000",
            "size_evidence_on": ["31", "3", "2025"],
        },
    )
    assert "Yes: 12 staff" in mo.page.text
    _task(mo, "Contacts")
    who = {"name": "Lou Tan", "email": email_of("Lou Tan")}
    mo.send(
        "Save the contacts",
        {
            f"{kind}-{part}": said
            for kind in ("contract_manager", "finance", "signatory")
            for part, said in who.items()
        },
    )
    for kind, cover in INSURANCES:
        _task(lou, "Insurances and certificates")
        file = (io.BytesIO(plain_pdf("Policy", f"Cover of {cover} pounds")), "policy.pdf")
        lou.send(
            "Add it",
            {
                "kind": kind,
                "issuer": "Mutual",
                "reference": "POL-1",
                "cover": cover,
                "expires_on": ["31", "3", "2026"],
                "file": file,
            },
        )
    _task(lou, "Declarations")
    lou.send("Declare", {"not_excluded": "y", "no_conflicts": "y", "terms_read": "y"})


def _task(walker: Walker, name: str) -> None:
    walker.open("/my-company/tasks")
    walker.follow(name)


def load_rates(story: Story) -> None:
    """A CSV file becomes the table on the page, the wrong cell is mended there, and the rates are sent."""
    lou = story["Lou Tan"]
    _task(lou, "Rate card")
    lou.send("Check these rates", {"file": (io.BytesIO(RATES), "rates.csv")}, refused=True)
    wrong = [one.get("name", "") for one in lou.page.all("input") if one.get("value") == "six hundred"]
    assert len(wrong) == 1, lou.page.text
    lou.send("Save and send to the council", {wrong[0]: "600"})
    story.taken["supplier 3 submit rates by upload, from the task list"] = lou.steps
    assert "£600.00" in lou.page.text
    assert "The council has been told" in lou.page.text


def load_people(story: Story) -> None:
    """Forty rows: 37 are ready and three are mended on the page, then all forty are sent."""
    lou = story["Lou Tan"]
    _task(lou, "People and skills")
    lou.send("Check these people", {"file": (io.BytesIO(sheet_of_people().encode()), "people.csv")})
    assert "37 ready and 3 to mend" in lou.page.text
    story.checked = lou.page.text
    mended = {"cell-8-2": "4", "cell-20-4": "5", "cell-34-6": "Offsite"}
    lou.send("Confirm and send to the council", mended)
    story.taken["supplier 3 submit people by upload, from the task list"] = lou.steps
    assert "Submitted" in lou.page.text


def send_all(story: Story) -> None:
    """Every task is done: one button sends it all, and everybody of the company sees that it was sent."""
    lou = story["Lou Tan"]
    lou.open("/my-company/tasks")
    assert "6 of 6 tasks done" in lou.page.text
    lou.send("Send to the council")
    assert "You sent this to the council" in story["Mo Reyes"].open("/my-company/tasks").text


def appoint(story: Story) -> None:
    """Anna answers the rates and the people, checks a certificate by its file, and appoints."""
    anna = story["Anna Ferrers"]
    anna.home()
    anna.follow("Larkspur Digital Ltd, lot DW25-1", under="Proposed rates to answer")
    anna.send("Send the answer", {"outcome": "accepted"})
    anna.home()
    anna.follow("Larkspur Digital Ltd on lot DW25-1")
    anna.send("Accept this version")
    anna.home()
    anna.follow("Larkspur Digital Ltd, lot DW25-1", under="Partners to appoint")
    assert anna.download("Save the file of Professional indemnity insurance")[:5] == b"%PDF-"
    signed = {"signed_on": ["12", "5", "2025"], "countersigned_on": ["13", "5", "2025"]}
    anna.send("Appoint the partner", signed)
    assert "Larkspur Digital Ltd" in anna.page.text


def appoint_a_rival(story: Story) -> None:
    """A company of lot 2, registered and appointed by the framework owner, with a person of its own."""
    anna = story["Anna Ferrers"]
    anna.open("/lots/DW25-2")
    anna.follow("Appoint a partner")
    register(anna, "Quillwork Ltd", "07654322")
    chosen = [one.get("value", "") for one in anna.page.all("option") if "Quillwork" in (one.text or "")]
    anna.send(
        "Appoint the partner",
        {
            "supplier_id": chosen[0],
            "rank": "1",
            "contract_manager": "Quin Hale",
            "contract_manager_email": email_of("Quin Hale"),
        },
    )
    anna.send("Save the rate card", {"rates-0-role": "Developer", "rates-0-level_4": "650"})
    anna.open("/lots/DW25-2")
    anna.follow("Quillwork Ltd")
    anna.follow("Quillwork Ltd")
    show_evidence(anna)
    anna.follow("Add a person who may sign in")
    anna.send("Add the person", {"name": "Quin Hale", "email": email_of("Quin Hale")})
    story.joins("Quin Hale")
