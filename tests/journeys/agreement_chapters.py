"""The first chapters of the story: the installation begins, people are added, an agreement is opened and confirmed."""

import io
from datetime import UTC, datetime

from flask import Flask

from calloffs.sample.plain_pdf import plain_pdf
from framework.definitions import dates
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
        self.now = OPENED

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
    anna.send(
        "Attach", {"document": (io.BytesIO(plain_pdf("The agreement", "All of it")), "agreement.pdf")}
    )
