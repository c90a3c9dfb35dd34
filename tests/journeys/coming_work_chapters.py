"""The partner's side, second part: people are found, coming work is shared and answered, and becomes a request that is offered."""

from tests.journeys.agreement_chapters import Story
from tests.journeys.walking import words_of

PLAN = "Booking service design"


def find_people(story: Story) -> None:
    """Who can do it, at what rate, free from when: from home."""
    cath = story["Cath Mills"]
    cath.home()
    cath.follow("Find people")
    cath.send("Find people", {"skill": "Interviews", "depth": "expert", "by": ["1", "9", "2025"]})
    story.taken["commissioning manager 2 find who can supply a skill"] = cath.steps
    assert "40 people with 1 partner on 1 lot" in cath.page.text
    assert "Larkspur Digital Ltd" in cath.page.text
    assert "£600.00" in cath.page.text
    assert "Iris Kaye" not in cath.page.text, "a name is shown to who asks for names, and then it is recorded"
    cath.send("Find people", {"names": "y"})
    assert "Iris Kaye" in cath.page.text


def read_the_gaps(story: Story) -> None:
    """What the lots expect and nobody supplies: one step from the framework owner's home."""
    anna = story["Anna Ferrers"]
    anna.home()
    anna.follow("Who supplies what on Design and Web Partners")
    story.taken["framework manager 6 skills gap"] = anna.steps
    heads = {words_of(one) for one in anna.page.all("th") if one.get("scope")}
    assert any("Larkspur Digital Ltd" in head for head in heads), heads
    assert "Interviews" in anna.page.text


def share_coming_work(story: Story) -> None:
    """An idea with its quarter, its band of value and whom to ask; only its council sees it until it is shared."""
    cath, lou = story["Cath Mills"], story["Lou Tan"]
    cath.home()
    cath.follow("Forward view")
    cath.follow("Plan coming work")
    cath.send(
        "Save",
        {
            "lot": "DW25-1",
            "title": PLAN,
            "what": "Residents book halls themselves.",
            "why": "Fewer calls to the town hall.",
            "asked_part": "q3",
            "asked_year": "2025",
            "start_part": "m09",
            "start_year": "2025",
            "months": "2",
            "band": "25k_to_100k",
            "contact_role": "Head of digital",
        },
    )
    story.plan = cath.at
    assert lou.is_refused(story.plan)
    cath.follow("Share with partners")
    cath.send("Share the plan")


def follow_and_propose(story: Story) -> None:
    """The lot's partner reads it, follows it and answers with a proposal, which the council answers."""
    lou, cath = story["Lou Tan"], story["Cath Mills"]
    lou.home()
    lou.follow("Coming work")
    lou.follow(PLAN)
    assert "You follow this" in lou.page.text
    lou.follow("Answer with a proposal")
    lou.send(
        "Save the draft",
        {"title": "Two weeks of research first", "words": "Ask twelve residents before anything is built."},
    )
    story.proposal = lou.at
    assert cath.is_refused(story.proposal)
    lou.send("Send the proposal")
    cath.home()
    cath.follow("Two weeks of research first")
    cath.send("Send the reply", {"reply": "thanks", "words": "We shall ask for that."})
    assert "We shall ask for that." in lou.open(story.proposal).text


def make_it_a_request(story: Story) -> None:
    """The idea becomes a draft call-off with its own words, and is raised on the case that was approved."""
    cath = story["Cath Mills"]
    cath.open(story.plan)
    cath.follow("Make it a request")
    cath.send("Begin the draft call-off")
    story.call_off = cath.at.split("/")[2]
    draft = f"/call-offs/{story.call_off}/draft"
    cath.open(draft)
    cath.follow("What is wanted")
    cath.send("Save", {"outcome_wanted": "A tested design.", "in_scope": "Halls and pitches."})
    cath.open(draft)
    cath.follow("Dates and money")
    cath.send(
        "Save",
        {
            "starts_on": ["1", "9", "2025"],
            "ends_on": ["31", "10", "2025"],
            "base": "48,000",
            "expenses": "1,500",
            "expenses_policy": "Council rates",
            "charging_method": "capped_time_and_materials",
        },
    )
    cath.open(draft)
    cath.follow("Business case")
    chosen = [one.get("value") for one in cath.page.all("input") if one.get("name") == "case_id"]
    cath.send("Save", {"case_id": chosen[0]})
    cath.open(draft)
    cath.follow("Terms")
    cath.send("Save", {"off_payroll": "contracted_out", "conflicts_declared": "y"})
    cath.open(draft)
    cath.follow("Check answers and raise")
    cath.send("Raise the call-off")
