"""Filling in an answer from the people a partner has put forward."""

from datetime import date

from framework.definitions.money import Money
from lots.workforce import Clearance, Depth
from tests.calloffs.building import offered
from tests.lots.people import accepted, facts


def test_somebody_of_the_skillset_is_put_on_the_first_blank_row_and_keeps_what_was_typed(
    session, cast, visit
):
    accepted(
        session,
        cast,
        [
            facts(day_rate=Money.pounds(612), clearance=Clearance.SC, clearance_on=date(2021, 1, 1)),
            facts(name="Other", role="Developer", level=5),
        ],
    )
    _, offer = offered(session, cast)
    session.commit()
    faye = visit("Faye")
    address = f"/offers/{offer.reference}/answer"
    page = faye.send(address, {"pick": "1", "add": "skillset", "approach": "Kept"}, status=200)
    said = page.values()
    assert (said["people-0-name"], said["people-0-work"], said["people-0-clearance"]) == (
        "Gwen Ŵyn",
        "4:Designer",
        "sc",
    )
    assert said["people-0-day_rate"] == "612.00"
    assert said["approach"] == "Kept"
    page = faye.send(page, {"pick": "2", "add": "skillset"}, status=200)
    said = page.values()
    assert (said["people-0-name"], said["people-1-name"]) == ("Gwen Ŵyn", "Other")
    assert said["people-1-day_rate"] == "1115.00"
    page = faye.send(page, {"pick": "77", "add": "skillset"}, status=422)
    assert page.errors == ["Choose somebody of your skillset"]


def test_the_skills_of_whoever_is_picked_are_filled_in_and_none_is_there_twice(session, cast, visit):
    knows = (("Figma", Depth.EXPERT), ("User research", Depth.WORKING))
    accepted(session, cast, [facts(skills=knows), facts(name="Other", skills=(knows[1],))])
    _, offer = offered(session, cast)
    session.commit()
    faye = visit("Faye")
    typed = {"pick": "1", "add": "skillset", "skills-0-skill": "figma ", "skills-0-depth": "working"}
    said = faye.send(f"/offers/{offer.reference}/answer", typed, status=200)
    page = faye.send(said, {"pick": "2", "add": "skillset"}, status=200)
    said = page.values()
    skills = {name: value for name, value in said.items() if name.startswith("skills-")}
    assert skills == {
        "skills-0-skill": "figma",
        "skills-0-depth": "working",
        "skills-1-skill": "User research",
        "skills-1-depth": "working",
    }


def test_without_a_skillset_the_form_is_the_plain_one(session, cast, visit):
    _, offer = offered(session, cast)
    session.commit()
    page = visit("Faye").get(f"/offers/{offer.reference}/answer")
    assert "Add from your skillset" not in page.text


def test_more_days_than_there_are_is_shown_before_anything_is_sent(session, cast, visit):
    _, offer = offered(session, cast)
    session.commit()
    faye = visit("Faye")
    typed = {
        "people-0-work": "4:Developer",
        "people-0-day_rate": "100",
        "people-0-days": "60",
        "skills-0-skill": "Forms",
        "skills-0-depth": "expert",
        "deliverables-0-description": "A form",
        "deliverables-0-criteria": "It works",
        "deliverables-0-due_on": ["20", "1", "2023"],
    }
    page = faye.send(f"/offers/{offer.reference}/answer", typed, status=200)
    assert "is offered for 60 days, but there are only 40 working days" in page.text
    assert "Your answer has not been sent" in page.text
    faye.send(page, {})
