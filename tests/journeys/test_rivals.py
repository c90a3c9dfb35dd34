"""Everyone who has no business with the story walks every address that it produced."""

import re
import secrets

import pytest

from framework.definitions import dates
from framework.people.person import Person
from framework.records import database
from framework.records.once import new_key
from tests.journeys.agreement_chapters import PASSWORD, Story, email_of
from tests.journeys.walking import Walker
from tests.visiting import Page, Visiting

PRIVATE = re.compile(r"/(call-offs|offers|cases|documents|spend/imports)/[^/?]*[0-9]")
"""Records of one council, or of one partner: there is no such page for anyone else."""
OF_THE_AGREEMENT = re.compile(r"/(agreements|lots|spend/agreements|partners)/[^?]*[0-9]")
"""Records that people of its member councils share."""
FORMS_ALONE = ("/final-figures", "/accept", "/remove")


def _addresses(story: Story, *kinds: re.Pattern[str]) -> list[str]:
    found = sorted(one for one in story.met if any(kind.match(one) for kind in kinds))
    assert len(found) > 15, found
    # A door for forms alone has no page for anybody: it is tried with forms below.
    return [one for one in found if not one.endswith(FORMS_ALONE)]


@pytest.fixture(scope="module")
def strangers(story: Story) -> dict[str, Walker]:
    """A third council's administrator and commissioning manager, an operator without a role, and somebody without any."""
    with dates.at(story.now):
        ada = story["Ada Booth"]
        ada.open("/installation/")
        ada.send(
            "Add the authority",
            {"authority": "Elsewhere Council", "name": "Eli Ward", "email": email_of("Eli Ward")},
        )
        eli = story.joins("Eli Ward")
        eli.follow("People")
        eli.follow("Give someone a role")
        eli.send(
            "Give the role",
            {"name": "Zed Cole", "email": email_of("Zed Cole"), "role": "commissioning_manager"},
        )
        found = {"another council": story.joins("Zed Cole")}
        for name in ("Opal Finch", "Sam Stray"):
            with story.app.app_context(), database.writing() as session:
                session.add(
                    Person(
                        name=name,
                        email=email_of(name),
                        fs_uniquifier=secrets.token_hex(8),
                        created_at=dates.now(),
                        is_operator=name == "Opal Finch",
                    )
                )
            walker = Walker(story.app, set())
            walker.visiting = Visiting(story.app, name)
            found["operator" if name == "Opal Finch" else "stranger"] = walker
    return found


RIVALS = {
    "a commissioning manager of the other member": "Kit Moss",
    "an approver of the other member": "Ros Pike",
    "an auditor of the other member": "Gil Webb",
    "another partner": "Quin Hale",
}
STRANGERS = ("another council", "operator", "stranger")


def _walker(story: Story, strangers: dict[str, Walker], who: str) -> Walker:
    if who in strangers:
        return strangers[who]
    walker = story[RIVALS[who]]
    walker.visiting = Visiting(story.app, RIVALS[who])
    return walker


@pytest.mark.parametrize("who", [*RIVALS, *STRANGERS])
def test_a_private_record_is_not_found_by(story: Story, strangers, who: str):
    with dates.at(story.now):
        walker = _walker(story, strangers, who)
        seen = {one: walker.visiting.client.get(one).status_code for one in _addresses(story, PRIVATE)}
    assert set(seen.values()) == {404}, {one: status for one, status in seen.items() if status != 404}


@pytest.mark.parametrize("who", ["another partner", *STRANGERS])
def test_nothing_of_the_agreement_is_found_by(story: Story, strangers, who: str):
    with dates.at(story.now):
        walker = _walker(story, strangers, who)
        asked = _addresses(story, OF_THE_AGREEMENT)
        seen = {one: walker.visiting.client.get(one).status_code for one in asked}
    assert set(seen.values()) == {404}, {one: status for one, status in seen.items() if status != 404}


@pytest.mark.parametrize("who", [*RIVALS, *STRANGERS])
def test_no_form_of_the_story_is_taken_from(story: Story, strangers, who: str):
    with dates.at(story.now):
        before = story["Cath Mills"].open(f"/call-offs/{story.call_off}").text
        walker = _walker(story, strangers, who)
        answers = _post_everywhere(story, walker, _addresses(story, PRIVATE, OF_THE_AGREEMENT))
        after = story["Cath Mills"].open(f"/call-offs/{story.call_off}").text
    assert set(answers.values()) <= {404, 405}, answers
    assert after == before


def test_nobody_signed_in_is_sent_to_sign_in(story: Story):
    nobody = Walker(story.app, set())
    with dates.at(story.now):
        for one in _addresses(story, PRIVATE, OF_THE_AGREEMENT):
            answer = nobody.visiting.client.get(one)
            assert (answer.status_code, "/sign-in" in answer.headers.get("Location", "")) == (303, True), one


def test_the_auditor_reads_every_record_and_changes_none(story: Story):
    records = re.compile(r"/(call-offs|cases|agreements|lots|documents|spend/agreements)/[^/]+(/[a-z]+)?$")
    read = 0
    with dates.at(story.now):
        will = story["Will Orr"]
        will.home()
        before = will.open(f"/call-offs/{story.call_off}").text
        for one in _addresses(story, PRIVATE, OF_THE_AGREEMENT):
            status = will.visiting.client.get(one).status_code
            assert status in (200, 303, 404), one
            read += status == 200 and bool(records.match(one))
        answers = _post_everywhere(story, will, _addresses(story, PRIVATE, OF_THE_AGREEMENT))
        after = will.open(f"/call-offs/{story.call_off}").text
    assert read >= 10
    assert set(answers.values()) <= {404, 405}, answers
    assert after == before


def _post_everywhere(story: Story, walker: Walker, addresses: list[str]) -> dict[str, int]:
    """Send a whole form, token and key included, to every address: what is refused is refused for who asks."""
    # Every page of somebody signed in carries the token, also the one that says there is no such page.
    page = Page(walker.visiting.client.get("/"))
    token = next(one.get("value", "") for one in page.all("input") if one.get("name") == "csrf_token")
    with story.app.app_context():
        key = new_key()
    sent = {"csrf_token": token, "reason": "x", "outcome": "approved", "number": "1"}
    return {
        one: walker.visiting.client.post(one, data={**sent, "once": key}).status_code
        for one in [*addresses, f"/call-offs/{story.call_off}/final-figures"]
    }


def test_the_password_of_another_opens_nothing(story: Story):
    with dates.at(story.now):
        thief = Walker(story.app, set())
        thief.open("/sign-in")
        refused = thief.send(
            "Sign in", {"email": email_of("Cath Mills"), "password": PASSWORD + "!"}, refused=True
        )
        assert refused.errors
        assert thief.visiting.client.get(f"/call-offs/{story.call_off}").status_code == 303
