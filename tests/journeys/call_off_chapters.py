"""The middle of the story: a business case, a call-off, its offer, award, order form and signatures."""

import hashlib

from tests.journeys.agreement_chapters import Story


def decide_a_case(story: Story) -> None:
    """Cath writes a short case for £49,500.00 net; Abe, who is not its author, approves it."""
    cath, abe = story["Cath Mills"], story["Abe Dunn"]
    cath.home()
    cath.follow("Business cases")
    cath.follow("Write a business case")
    cath.send(
        "Save and check",
        {
            "title": "A booking service that people can use",
            "kind": "service_improvement",
            "need": "One resident in three gives up before the last page.",
            "baseline": "The telephone line carries on at £90,000 a year.",
            "one_off_0": "49,500",
            "benefits-0-description": "Fewer calls",
            "benefits-0-owner": "Head of customer services",
            "benefits-0-measure": "Calls a month",
            "funding-0-source": "Transformation reserve",
            "funding-0-cost_code": "TR-7",
            "funding-0-amount": "49,500.00",
        },
    )
    cath.send("Submit for decision")
    abe.home()
    abe.follow("A booking service")
    if "Record the decision" not in abe.page.text:
        abe.follow("Decide")
    abe.send(
        "Record the decision",
        {"outcome": "approved", "amount": "49,500", "valid_until": ["31", "12", "2025"]},
    )


def draft_and_raise(story: Story) -> None:
    """A value over the lot's headroom is refused, naming the lot and what is left; one that fits is reserved."""
    cath = story["Cath Mills"]
    cath.home()
    cath.follow("Call-offs")
    cath.follow("Draft a call-off")
    story.taken["CM 4"] = cath.steps
    cath.send("Begin the draft", {"lot": "DW25-1", "title": "Booking service design"})
    story.call_off = cath.at.split("/")[2]
    cath.follow("What is wanted")
    cath.send(
        "Save",
        {
            "background": "Research in spring found where people leave.",
            "outcome_wanted": "A tested design that two in three complete unaided.",
            "in_scope": "Booking of halls and pitches.",
        },
    )
    cath.follow("Dates and money")
    money = {
        "starts_on": ["1", "9", "2025"],
        "ends_on": ["31", "10", "2025"],
        "base": "150,000",
        "expenses": "1,500",
        "expenses_policy": "Council rates",
        "charging_method": "capped_time_and_materials",
    }
    cath.send("Save", money)
    cath.follow("Business case")
    chosen = [one.get("value") for one in cath.page.all("input") if one.get("name") == "case_id"]
    cath.send("Save", {"case_id": chosen[0]})
    cath.follow("Terms")
    cath.send("Save", {"off_payroll": "contracted_out", "conflicts_declared": "y"})
    cath.follow("Check answers and raise")
    refused = cath.send("Raise the call-off", refused=True)
    story.over_value = refused.errors
    cath.open(f"/call-offs/{story.call_off}/draft")
    cath.follow("Dates and money")
    kept = cath.page.values(f"/call-offs/{story.call_off}/draft/money")
    assert kept["base"] == "150000.00"
    cath.send("Save", {"base": "48,000"})
    cath.home()
    cath.follow("Call-offs")
    cath.follow(story.call_off)
    cath.follow("Continue the draft")
    before = cath.steps
    cath.follow("Check answers and raise")
    cath.send("Raise the call-off")
    story.taken["CM 7"] = cath.steps - before
    assert "£49,500.00" in cath.page.text


def approve(story: Story) -> None:
    """Abe sees it on home and decides in two steps from the mail's link."""
    abe = story["Abe Dunn"]
    seen = abe.home().text
    assert "Booking service design" in seen
    assert "£49,500.00 net of VAT" in seen
    story.taken["AP 1"] = abe.steps
    abe.follow(f"{story.call_off} Booking service design")
    abe.send("Decide", {"outcome": "approved"})
    story.taken["AP 2"] = abe.steps


def offer_and_answer(story: Story) -> None:
    """The lot's partner is asked; an answer above the rate card is refused with all that was typed, a good one is taken."""
    cath, faye = story["Cath Mills"], story["Faye Nix"]
    cath.home()
    assert "Booking service design" in cath.page.text
    story.taken["CM 1"] = cath.steps
    assert "DW25-1 User centred design £50,500.00 left of £100,000.00 (net of VAT)" in cath.page.text
    story.taken["CM 3"] = cath.steps
    cath.follow(f"{story.call_off} Booking service design")
    cath.follow("Offer to Fennel Design Ltd")
    cath.send("Offer to Fennel Design Ltd", {"working_days": "5", "message": "We hope you can."})
    assert "Booking service design" in faye.home().text
    story.taken["supplier 4"] = faye.steps
    faye.follow("Booking service design")
    story.offer = faye.at.split("/")[2]
    faye.follow("Answer")
    answer = {
        "people-0-name": "Iris Kaye",
        "people-0-work": "4:Designer",
        "people-0-day_rate": "650.01",
        "people-0-days": "30.25",
        "skills-0-skill": "Interaction design",
        "skills-0-depth": "expert",
        "deliverables-0-description": "Tested prototype",
        "deliverables-0-criteria": "Two in three of twelve people complete it unaided",
        "deliverables-0-due_on": ["24", "10", "2025"],
        "approach": "Weekly rounds with residents.",
    }
    faye.send("Save and come back", answer)
    story.taken["supplier 6 save"] = faye.steps
    faye.follow("Go on with your answer")
    refused = faye.send("Send your answer", refused=True)
    assert any("£650.00" in said for said in refused.errors), refused.errors
    kept = refused.values(f"/offers/{story.offer}/answer")
    assert kept["people-0-day_rate"] == "650.01"
    assert kept["deliverables-0-due_on"] == ["24", "10", "2025"]
    assert kept["approach"] == "Weekly rounds with residents."
    faye.send("Add another person", {"people-0-day_rate": "649.99"}, again=True)
    faye.send(
        "Send your answer",
        {"people-1-work": "4:User researcher", "people-1-day_rate": "600", "people-1-days": "40"},
    )


def award(story: Story) -> None:
    """At £43,662.20 and the £1,500.00 expenses cap: what was reserved becomes a smaller commitment."""
    cath = story["Cath Mills"]
    cath.home()
    cath.follow("Booking service design: Fennel Design Ltd has accepted")
    assert "£43,662.20" in cath.page.text
    cath.follow("Award")
    cath.send(
        "Award to Fennel Design Ltd",
        {
            "reason": "The lot’s only partner, within the approval.",
            "feedback": "People who know booking, at a fair price.",
        },
    )
    assert "£45,162.20" in cath.page.text


def issue_and_sign(story: Story) -> None:
    """The order form is drawn once, downloads alike twice, gets its number, and both sides sign."""
    cath, faye, abe = story["Cath Mills"], story["Faye Nix"], story["Abe Dunn"]
    cath.home()
    cath.follow(f"{story.call_off}, Booking service design")
    cath.send("Issue the order form")
    before = cath.steps
    first = cath.download(f"{story.call_off}-OF")
    story.taken["CM 9"] = cath.steps - before
    assert first == cath.download(f"{story.call_off}-OF")
    assert first[:5] == b"%PDF-"
    cath.follow("Enter the purchase order number")
    cath.send("Save", {"number": "PO-0042"})
    digest = hashlib.sha256(first).hexdigest()
    sign = {"role": "Director of Resources", "authority": "Scheme of delegation, part 3", "read": "y"}
    abe.home()
    abe.follow(f"{story.call_off}, Booking service design")
    if "I have read the order form" not in abe.page.text:
        abe.follow("Sign")
    assert digest in abe.page.text.replace(" ", "")
    abe.send("Sign", sign)
    faye.home()
    faye.follow(f"{story.call_off}, Booking service design")
    faye.follow("Sign")
    faye.send("Sign", {**sign, "role": "Director", "authority": "Sole director"})
    before = faye.steps
    signed = faye.download(f"{story.call_off}-OF1-signed")
    story.taken["supplier 8"] = faye.steps - before
    assert signed[:5] == b"%PDF-"
    assert signed != first
