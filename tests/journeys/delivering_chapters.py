"""The partner's side, last part: work, a change of people, an invoice, a return, a promise kept, and the close with a reply."""

import io
from datetime import UTC, datetime

from calloffs.sample.plain_pdf import plain_pdf
from framework.definitions import dates
from tests.journeys.agreement_chapters import Story
from tests.journeys.coming_work_chapters import PLAN


def change_a_person(story: Story) -> None:
    """Di leaves; Jo comes only once the buyer agrees."""
    cath, lou = story["Cath Mills"], story["Lou Tan"]
    lou.open(f"/call-offs/{story.call_off}")
    lou.follow("Replace Di Marsh")
    lou.send(
        "Ask the council",
        {
            "name": "Jo Larch",
            "work": "5:Designer",
            "starts_on": ["15", "9", "2025"],
            "days": "10",
            "like_for_like": "Ten years of design for councils, as Di has.",
            "reason": "Di is on leave.",
        },
    )
    cath.home()
    cath.follow(f"{story.call_off} {PLAN}", under="Changes of people to agree")
    assert "Ten years of design for councils" in cath.page.text
    cath.send("Send your decision", {"decision": "yes"})
    assert "Jo Larch" in lou.open(f"/call-offs/{story.call_off}").text


def record_an_invoice(story: Story) -> None:
    """Finance records it; the partner sees on home when it was received, that it is matched and when it is due."""
    fay, lou = story["Fay Lund"], story["Lou Tan"]
    fay.open(f"/call-offs/{story.call_off}")
    fay.follow("Record an invoice")
    fay.send(
        "Record the invoice",
        {
            "number": "INV-001",
            "description": "Research in September",
            "dated_on": ["29", "9", "2025"],
            "received_on": ["29", "9", "2025"],
            "net": "18,000.00",
            "vat": "3,600.00",
            "gross": "21,600.00",
        },
    )
    assert f"Received 29 September 2025, matched to {story.call_off}, due 28 October 2025" in lou.home().text
    lou.follow("Invoice INV-001")
    story.taken["supplier 9 see if an invoice is matched"] = lou.steps
    assert "INV-001" in lou.page.text


def give_and_correct_a_return(story: Story) -> None:
    """Asked on the first; a figure that differs from the council's is listed for both, and the correction settles it."""
    lou, cath = story["Lou Tan"], story["Cath Mills"]
    lou.home()
    lou.follow("Your return for September 2025")
    lou.send(
        "Check and give",
        {"line_1-net": "17,000", "line_1-delivered": "Eight interviews", "line_1-level_4": "30"},
    )
    lou.send("Give this return")
    given = lou.at
    assert "-£1,000.00" in lou.page.text
    assert "£17,000.00" in cath.open(f"/call-offs/{story.call_off}").text
    with dates.at(datetime(2025, 10, 2, 9, 0, tzinfo=UTC)):
        lou.open(given)
        lou.follow("Correct this return")
        lou.send("Check and give", {"line_1-net": "18,000", "reason": "One invoice was left out."})
        lou.send("Give the correction")
        assert "-£1,000.00" not in lou.page.text
        assert "One invoice was left out." in lou.page.text


def keep_the_promise(story: Story) -> None:
    """Ten apprentice days, ticked off with evidence that the council looks at and confirms."""
    lou, cath = story["Lou Tan"], story["Cath Mills"]
    lou.home()
    lou.follow("Apprentice days, 10 days")
    lou.follow("Tick off what is delivered")
    log = (io.BytesIO(plain_pdf("Log", "Ten days, signed by the college")), "log.pdf")
    lou.send(
        lou.button("Tick", "Send", "Save", "Say"),
        {
            "amount": "10",
            "delivered_on": ["27", "10", "2025"],
            "words": "Ten days, seen in the log.",
            "file": log,
        },
    )
    cath.home()
    cath.follow("Apprentice days, lot DW25-1")
    cath.send(cath.button("Confirm", "Agree"))
    assert "10 of 10 days confirmed" in lou.open(story.promise).text


def close_with_feedback(story: Story) -> None:
    """Closed with words that the partner reads and replies to, once."""
    cath, lou, fay = story["Cath Mills"], story["Lou Tan"], story["Fay Lund"]
    fay.open(f"/call-offs/{story.call_off}")
    fay.follow("Record a payment of INV-001")
    fay.send("Record it", {"paid_on": ["10", "11", "2025"], "gross": "21,600.00"})
    cath.open(f"/call-offs/{story.call_off}/close")
    cath.send("Accept deliverable 1")
    fay.open(f"/call-offs/{story.call_off}/close")
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
    lou.open(f"/offers/{story.offer}")
    assert "start accessibility tests earlier" in lou.page.text
    lou.follow("Reply")
    lou.send(lou.button("Send", "Reply"), {"reply": "We start them in week one from now on."})
    assert "We start them in week one" in cath.open(f"/call-offs/{story.call_off}").text


def read_what_is_held(story: Story) -> None:
    """Everything, with who looked, within two steps; and a file of it."""
    lou = story["Lou Tan"]
    lou.home()
    lou.follow("My company")
    lou.follow("see and download everything")
    story.taken["supplier 11 see what is held on us"] = lou.steps
    story.checked = lou.page.text
    assert lou.download("Download all of it as a spreadsheet")[:2] == b"PK"


def say_still_right(story: Story) -> None:
    """A year later home asks, and one press says it."""
    lou = story["Lou Tan"]
    assert "Are the facts of Larkspur Digital Ltd still right?" in lou.home().text
    lou.send("Still right")
    story.taken["supplier 2 say that company facts are still right"] = lou.steps
    assert "Are the facts of" not in lou.home().text


def change_one_person(story: Story) -> None:
    """A partner that is in: one more person, from its own page of people to the council."""
    lou = story["Lou Tan"]
    lou.home()
    lou.follow("My company")
    lou.follow("Your people on lot DW25-1")
    lou.follow("Load a spreadsheet")
    story.taken["supplier 3 to the page that takes people as a file"] = lou.steps
    assert "Excel, with notes" in lou.page.text
