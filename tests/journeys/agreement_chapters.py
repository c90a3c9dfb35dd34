"""The first chapters of the story: the installation begins, people are added, an agreement is opened and confirmed."""

import io
from datetime import UTC, datetime
from typing import Any

from flask import Flask

from calloffs.sample.plain_pdf import plain_pdf
from framework.people.beginning import begin
from framework.records import database
from tests.journeys.walking import Walker

PASSWORD = "nine-green-bottles-hang"
OPENED = datetime(2025, 6, 3, 9, 0, tzinfo=UTC)
"""A Tuesday: the agreement began two days before."""

PEOPLE = {
    "Anna Ferrers": ("framework_owner", "Northdale District Council"),
    "Omar Said": ("framework_owner", "Northdale District Council"),
    "Cath Mills": ("commissioning_manager", "Northdale District Council"),
    "Abe Dunn": ("approver", "Northdale District Council"),
    "Fay Lund": ("finance_reviewer", "Northdale District Council"),
    "Will Orr": ("auditor", "Northdale District Council"),
    "Kit Moss": ("commissioning_manager", "Southfen Borough Council"),
    "Ros Pike": ("approver", "Southfen Borough Council"),
    "Gil Webb": ("auditor", "Southfen Borough Council"),
}
PARTNERS = (
    (1, "1", "Fennel Design Ltd", "07654321", "Faye Nix"),
    (2, "1", "Quillwork Ltd", "07654322", "Quin Hale"),
    (2, "2", "Fennel Design Ltd", "07654321", "Faye Nix"),
)
"""Lot, rank, company, company number, and who signs in for it."""


def email_of(name: str) -> str:
    """Everyone's address is made of their name."""
    return f"{name.lower().replace(' ', '.')}@example.org"


class Story:
    """Who is in the story so far, and every address that it has produced."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.met: set[str] = set()
        self.people: dict[str, Walker] = {}
        self.taken: dict[str, int] = {}
        """Steps that a task of PEOPLE.md took."""
        self.partner_pages: dict[str, str] = {}
        self.now = OPENED
        self.call_off = self.offer = self.plan = self.proposal = self.promise = ""
        self.over_value: list[str] = []
        self.statuses: list[str] = []
        self.checked = ""
        self.reminded: list[int] = []
        self.figures: list[Any] = []

    def __getitem__(self, name: str) -> Walker:
        return self.people[name]

    def joins(self, name: str) -> Walker:
        """Somebody who was sent a link sets a password by it and signs in."""
        walker = self.people[name] = Walker(self.app, self.met)
        walker.set_password(email_of(name), PASSWORD)
        return walker


def begin_the_installation(story: Story) -> None:
    """The command adds the first administrator; she adds the second council, and both administrators add people."""
    with story.app.app_context(), database.writing() as session:
        begin(
            session,
            name="Ada Booth",
            email=email_of("Ada Booth"),
            authority="Northdale District Council",
            password=PASSWORD,
        )
    ada = story.people["Ada Booth"] = Walker(story.app, story.met)
    ada.sign_in(email_of("Ada Booth"), PASSWORD)
    ada.follow("Installation")
    ada.send(
        "Add the authority",
        {
            "authority": "Southfen Borough Council",
            "name": "Sol Reed",
            "email": email_of("Sol Reed"),
        },
    )
    sol = story.joins("Sol Reed")
    for administrator, council, short in (
        (ada, "Northdale District Council", "northdale"),
        (sol, "Southfen Borough Council", "southfen"),
    ):
        administrator.home()
        administrator.follow("People")
        administrator.follow("Settings of")
        administrator.send(
            "Save the settings",
            {
                "address": f"Town Hall, {council}",
                "case_threshold": "5,000",
                "ppon": "PABC-1234-DEFG" if short == "northdale" else "PXYZ-1234-DEFG",
                "invoice_address": f"Finance, Town Hall, {council}",
                "invoice_email": f"invoices@{short}.example",
            },
        )
        for name, (role, where) in PEOPLE.items():
            if where == council:
                administrator.follow("Give someone a role")
                limit = {"limit": "250,000"} if role == "approver" else {}
                administrator.send(
                    "Give the role", {"name": name, "email": email_of(name), "role": role, **limit}
                )
    for name in PEOPLE:
        story.joins(name)


def open_the_agreement(story: Story) -> None:
    """Terms, what it states, an option, the second council, allocations and the document."""
    anna = story["Anna Ferrers"]
    anna.home()
    anna.follow("Agreements")
    anna.follow("Open an agreement")
    anna.send(
        "Open the draft",
        {
            "title": "Design and Web Partners",
            "reference": "DW25",
            "commenced_on": ["3", "3", "2025"],
            "starts_on": ["1", "6", "2025"],
            "ends_on": ["31", "5", "2028"],
            "ceiling": "1,200,000",
            "basis": "net",
        },
    )
    anna.follow("What the agreement states")
    anna.send(
        "Save",
        {
            "description": "Design and web work for two councils",
            "price_mechanism": "Day rates up to each partner’s rate card",
            "selection_process": "Direct award to the lot’s partner; ranked order on lot 2",
            "notice_identifier": "2025/S 000-012345",
            "ocid": "ocds-h6vhtk-04fb0d",
        },
    )
    anna.follow("Extension options")
    anna.send("Add the option", {"months": "12", "notice": "6", "unit": "months"})
    for council, allocation in (
        ("Northdale District Council", "700,000"),
        ("Southfen Borough Council", "500,000"),
    ):
        anna.follow("Authorities that may call off")
        chosen = [
            one.get("value", "") for one in anna.page.all("option") if (one.text or "").startswith(council)
        ]
        anna.send("Save", {"authority_id": chosen[0], "allocation": allocation})
    anna.follow("Agreement document")
    anna.send("Attach", {"document": (io.BytesIO(plain_pdf("The agreement", "All of it")), "agreement.pdf")})


def add_lots_and_partners(story: Story) -> None:
    """Lots pasted from a spreadsheet; each partner registered, appointed, with a rate card, evidence and a person."""
    anna = story["Anna Ferrers"]
    anna.follow("Paste lots from a spreadsheet")
    anna.send(
        "Add the lots",
        {
            "rows": "Number\tTitle\tCeiling\tMost partners\tAward method\tLong-stop\tMechanism\n"
            "1\tUser centred design\t£100,000\t1\tdirect\t31/05/2030\t\n"
            "2\tWeb technologies\t£800,000.00\t3\teither\t31 May 2030\tranked"
        },
    )
    for lot, rank, company, number, person in PARTNERS:
        anna.open("/agreements/DW25")
        anna.follow(f"Lot {lot}")
        anna.follow("Appoint a partner")
        new = company not in story.partner_pages
        if new:
            register(anna, company, number)
        chosen = [one.get("value", "") for one in anna.page.all("option") if company in (one.text or "")]
        anna.send(
            "Appoint the partner",
            {
                "supplier_id": chosen[0],
                **({"rank": rank} if lot == 2 else {}),
                "contract_manager": person,
                "contract_manager_email": email_of(person),
            },
        )
        card = {
            "rates-0-role": "Designer",
            "rates-0-level_4": "650",
            "rates-0-level_5": "800",
            "rates-1-role": "User researcher",
            "rates-1-level_4": "600",
        }
        anna.send("Save the rate card", card)
        if new:
            anna.open(f"/lots/DW25-{lot}")
            anna.follow(company)
            anna.follow(company)
            story.partner_pages[company] = anna.at
            show_evidence(anna)
            anna.follow("Add a person who may sign in")
            anna.send("Add the person", {"name": person, "email": email_of(person)})
            story.joins(person)


def register(anna: Walker, company: str, number: str) -> None:
    """The supplier is registered on the way to appointing it, and comes back chosen."""
    anna.follow("Register a new supplier")
    anna.send(
        "Register the supplier",
        {
            "name": company,
            "company_number": number,
            "vat_number": "GB123456789",
            "ppon": "PQRS-1234-WXYZ" if number.endswith("1") else "PQRT-1234-WXYZ",
            "address": "1 Mill Lane\nAnytown",
            "staff": "12",
            "turnover": "900,000",
            "balance_sheet": "300,000",
            "size_evidence_on": ["31", "3", "2025"],
        },
    )


def show_evidence(anna: Walker) -> None:
    """The three insurances that every lot asks for."""
    for kind, cover in (
        ("employers_liability", "10,000,000"),
        ("public_liability", "5,000,000"),
        ("professional_indemnity", "2,000,000"),
    ):
        anna.follow("Record evidence")
        anna.send(
            "Add it",
            {"kind": kind, "reference": "POL-1", "cover": cover, "expires_on": ["31", "3", "2026"]},
        )


def confirm_the_agreement(story: Story) -> None:
    """One framework owner sends it, and cannot confirm it; the second finds it on home and confirms."""
    anna, omar = story["Anna Ferrers"], story["Omar Said"]
    anna.open("/agreements/DW25")
    anna.follow("Send to be confirmed")
    anna.send("Send to be confirmed")
    assert "Confirm this agreement" not in anna.page.text
    omar.home()
    omar.follow("Design and Web Partners")
    omar.send("Confirm this agreement")
    assert "Live" in omar.page.text or "Scheduled" in omar.page.text
