"""The partner's side, third part: a question, an answer, a promise, an award with feedback, and two signatures."""

from tests.journeys.agreement_chapters import Story
from tests.journeys.coming_work_chapters import PLAN


def offer(story: Story) -> None:
    """The lot's partner is asked, and sees it on home with the day and the days that are left."""
    cath, lou = story["Cath Mills"], story["Lou Tan"]
    cath.home()
    cath.follow(f"{story.call_off} {PLAN}")
    cath.follow("Offer to Larkspur Digital Ltd")
    cath.send("Offer to Larkspur Digital Ltd", {"working_days": "5", "message": "We hope you can."})
    seen = lou.home().text
    assert f"{PLAN} for Northdale District Council" in seen
    assert "Answer by 13 June 2025, 11:59pm (in 7 days)" in seen
    story.taken["supplier 4 see requests for me"] = lou.steps


def ask_and_be_answered(story: Story) -> None:
    """A question from the offer's own page; the council answers it, and the offer's page tells the answer."""
    cath, lou = story["Cath Mills"], story["Lou Tan"]
    lou.home()
    lou.follow(PLAN)
    story.offer = lou.at.split("/")[2]
    assert "no other partner does" in lou.page.text
    lou.send("Send your question", {"question": "Is there a room with a projector?"})
    story.taken["supplier 5 ask a question"] = lou.steps
    cath.home()
    cath.follow(f"Larkspur Digital Ltd asks about {PLAN}")
    cath.send("Send the answer", {"answer": "There is, on Tuesdays."})
    assert "There is, on Tuesdays." in lou.open(f"/offers/{story.offer}").text


def answer_with_people_and_a_promise(story: Story) -> None:
    """People are picked from the skillset, the answer is saved and gone on with, apprentice days are promised with it."""
    lou = story["Lou Tan"]
    lou.home()
    lou.follow(PLAN)
    lou.follow("Answer this offer")
    assert "No file is asked for" in lou.page.text
    assert "Limits, in characters" in lou.page.text
    lou.send("Add from your skillset", {"pick": "1"}, again=True)
    lou.send("Add from your skillset", {"pick": "2", "people-0-days": "30"}, again=True)
    kept = lou.page.values(f"/offers/{story.offer}/answer")
    assert (kept["people-0-name"], kept["people-0-day_rate"]) == ("Iris Kaye", "600.00")
    assert (kept["people-1-name"], kept["people-1-day_rate"]) == ("Di Marsh", "800.00")
    lou.send(
        "Save and come back",
        {
            "people-1-days": "20",
            "skills-0-skill": "Interviews",
            "skills-0-depth": "expert",
            "deliverables-0-description": "Tested prototype",
            "deliverables-0-criteria": "Two in three of twelve people complete it unaided",
            "deliverables-0-due_on": ["24", "10", "2025"],
            "approach": "Weekly rounds with residents.",
        },
    )
    lou.follow("Promise social value with it")
    lou.send(
        "Offer the promise",
        {
            "kind": "apprentice_days",
            "amount": "10",
            "due_on": ["31", "10", "2025"],
            "words": "One apprentice for ten days.",
        },
    )
    story.promise = lou.at
    lou.home()
    lou.follow(PLAN)
    lou.follow("Go on with your answer")
    story.taken["supplier 6 answer a request, saved and gone on with"] = lou.steps
    lou.send("Send your answer")


def award_with_feedback(story: Story) -> None:
    """At £34,000.00 and the expenses cap; the partner reads the outcome and why in one step, and never the council's own reason."""
    cath, lou = story["Cath Mills"], story["Lou Tan"]
    cath.home()
    cath.follow(f"{PLAN}: Larkspur Digital Ltd has accepted")
    cath.follow("Award")
    cath.send(
        "Award to Larkspur Digital Ltd",
        {
            "reason": "The lot’s only partner, within the approval.",
            "feedback": "Clear rounds of research; say earlier who leads them.",
        },
    )
    assert "£35,500.00" in cath.page.text
    lou.home()
    lou.follow(f"Awarded: {PLAN}", under="Newest outcomes")
    story.taken["supplier 7 see the outcome and why"] = lou.steps
    assert "Clear rounds of research" in lou.page.text
    assert "The lot’s only partner, within the approval." not in lou.page.text
    cath.home()
    cath.follow("Apprentice days, lot DW25-1")
    cath.send("Agree")
    assert "Agreed" in lou.open(story.promise).text


def issue_and_sign(story: Story) -> None:
    """Both sides sign what was issued; the partner finds the signed call-off on home."""
    cath, abe, lou = story["Cath Mills"], story["Abe Dunn"], story["Lou Tan"]
    cath.home()
    cath.follow(f"{story.call_off}, {PLAN}")
    cath.send("Issue the order form")
    cath.follow("Enter the purchase order number")
    cath.send("Save", {"number": "PO-0042"})
    sign = {"role": "Director of Resources", "authority": "Scheme of delegation, part 3", "read": "y"}
    abe.home()
    abe.follow(f"{story.call_off}, {PLAN}")
    abe.send("Sign", sign)
    lou.home()
    lou.follow(f"{story.call_off}, {PLAN}")
    lou.follow("Sign")
    lou.send("Sign", {**sign, "role": "Director", "authority": "Sole director"})
    lou.home()
    signed = lou.download(f"Download the signed copy of {story.call_off}")
    story.taken["supplier 8 download the signed call-off"] = lou.steps
    assert signed[:5] == b"%PDF-"
