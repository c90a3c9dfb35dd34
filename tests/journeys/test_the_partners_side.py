"""The partner's side, from an empty database through real forms: what it took, what each saw, and what a rival never saw."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from app import create_app
from calloffs.spend.verifying import verify
from framework.definitions import dates
from framework.records import database
from framework.records.settings import Settings
from tests.journeys import (
    coming_work_chapters,
    delivering_chapters,
    joining_chapters,
    partner_chapters,
)
from tests.journeys.agreement_chapters import (
    Story,
    begin_the_installation,
    confirm_the_agreement,
    open_the_agreement,
)
from tests.journeys.call_off_chapters import approve, decide_a_case

Chapter = Callable[[Story], None]


def _day(month: int, day: int, hour: int = 9, year: int = 2025) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


CHAPTERS: tuple[tuple[datetime, Chapter], ...] = (
    (_day(5, 6), begin_the_installation),
    (_day(5, 6), open_the_agreement),
    (_day(5, 6), joining_chapters.add_two_lots),
    (_day(5, 6), joining_chapters.appoint_a_rival),
    (_day(5, 6, 10), joining_chapters.invite),
    (_day(5, 6, 11), joining_chapters.sign_up),
    (_day(5, 6, 12), joining_chapters.add_a_colleague),
    (_day(5, 6, 13), joining_chapters.fill_the_tasks),
    (_day(5, 7), joining_chapters.load_people),
    (_day(5, 7), joining_chapters.load_rates),
    (_day(5, 7), joining_chapters.send_all),
    (_day(5, 13), joining_chapters.appoint),
    (_day(5, 20), confirm_the_agreement),
    (_day(6, 3), coming_work_chapters.find_people),
    (_day(6, 3), coming_work_chapters.read_the_gaps),
    (_day(6, 3), coming_work_chapters.share_coming_work),
    (_day(6, 3), coming_work_chapters.follow_and_propose),
    (_day(6, 4), decide_a_case),
    (_day(6, 4), coming_work_chapters.make_it_a_request),
    (_day(6, 5), approve),
    (_day(6, 6), partner_chapters.offer),
    (_day(6, 6), partner_chapters.ask_and_be_answered),
    (_day(6, 6), partner_chapters.answer_with_people_and_a_promise),
    (_day(6, 10), partner_chapters.award_with_feedback),
    (_day(6, 11), partner_chapters.issue_and_sign),
    (_day(9, 2), delivering_chapters.change_a_person),
    (_day(9, 30), delivering_chapters.record_an_invoice),
    (_day(10, 1), delivering_chapters.give_and_correct_a_return),
    (_day(10, 28), delivering_chapters.keep_the_promise),
    (_day(11, 17), delivering_chapters.close_with_feedback),
    (_day(11, 17), delivering_chapters.read_what_is_held),
    (_day(11, 17), delivering_chapters.change_one_person),
    (_day(5, 18, year=2026), delivering_chapters.say_still_right),
)
STAGES = (
    joining_chapters.send_all,
    joining_chapters.appoint,
    coming_work_chapters.follow_and_propose,
    partner_chapters.ask_and_be_answered,
    partner_chapters.award_with_feedback,
    delivering_chapters.give_and_correct_a_return,
    delivering_chapters.read_what_is_held,
)
"""After these the rival looks."""
AT_MOST = {
    "supplier 1 accept an invitation": 3,
    "supplier 2 say that company facts are still right": 1,
    "supplier 3 to the page that takes people as a file": 3,
    "supplier 3 submit people by upload, from the task list": 3,
    "supplier 3 submit rates by upload, from the task list": 3,
    "supplier 4 see requests for me": 0,
    "supplier 5 ask a question": 2,
    "supplier 6 answer a request, saved and gone on with": 2,
    "supplier 7 see the outcome and why": 1,
    "supplier 8 download the signed call-off": 1,
    "supplier 9 see if an invoice is matched": 1,
    "supplier 10 add a colleague": 2,
    "supplier 11 see what is held on us": 2,
    "commissioning manager 2 find who can supply a skill": 2,
    "framework manager 6 skills gap": 1,
    "framework manager 9 invite a council or supplier": 3,
}
"""Pages or clicks from the first screen after signing in, as the people's goals have them."""
PRIVATE = re.compile(
    r"/(call-offs|offers|documents|promises|cases)/[^/?]*[0-9]|/my-company/(rates|people|tasks|evidence|leave)/[0-9]"
    r"|/returns/[0-9]|/forward/(items|proposals)/[0-9]|/(lots|agreements)/DW25|/partners/[0-9]|/my-company/[0-9]"
)
WORDS = ("Larkspur", coming_work_chapters.PLAN, "Iris Kaye", "Lou Tan", "Cath Mills", "Two weeks of research")
READ_BY_A_RIVAL = (
    "/",
    "/offers/",
    "/offers/outcomes",
    "/my-company",
    "/my-company/held",
    "/forward/",
    "/forward/proposals/",
    "/promises/",
    "/returns/",
    "/invoices/",
    "/papers/",
    "/coming/",
)


class Told(Story):
    """The story, and what the rival on the other lot came to see after each chapter."""

    leaks: list[str]
    looked: dict[str, int]
    own: set[str]


def _look_as_a_rival(story: Told, chapter: str) -> None:
    quin = story["Quin Hale"]
    quin.home()
    story.met -= {"/"}
    asked = sorted(one for one in story.met - story.own if PRIVATE.match(one))
    for one in asked:
        status = quin.visiting.client.get(one).status_code
        if status not in (404, 405):
            story.leaks.append(f"after {chapter}: {one} answers {status}")
    for one in READ_BY_A_RIVAL:
        answer = quin.visiting.client.get(one)
        if answer.status_code != 200:
            story.leaks.append(f"after {chapter}: {one} answers {answer.status_code} to its own partner")
        story.leaks += [f"after {chapter}: {one} says {word}" for word in WORDS if word in answer.text]
    story.looked[chapter] = len(asked)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The whole story, with a rival who tries every address and reads its own pages after each chapter."""
    folder = tmp_path_factory.mktemp("partner")
    url = f"sqlite:///{folder / 'tracker.db'}"
    database.migrate(url)
    app = create_app(Settings(data_folder=folder, database_url=url, secret_key="j" * 40))
    app.testing = True
    story = Told(app)
    story.leaks, story.looked, story.own = [], {}, set()
    for moment, chapter in CHAPTERS:
        story.now = moment
        with dates.at(moment):
            chapter(story)
            if chapter in STAGES:
                _look_as_a_rival(story, chapter.__name__)
    yield story
    with app.app_context():
        database.db.engine.dispose()


@pytest.mark.parametrize("task", AT_MOST)
def test_a_task_takes_no_more_steps_than_its_goal(told: Told, task: str):
    assert told.taken[task] <= AT_MOST[task], f"{task} takes {told.taken[task]} steps"


def test_a_rival_on_the_other_lot_sees_none_of_it_at_any_stage(told: Told):
    assert not told.leaks, "\n".join(told.leaks)
    assert max(told.looked.values()) > 40, told.looked


def test_a_name_in_a_guessed_address_is_refused_because_it_is_anothers_and_not_because_it_is_wrong(
    told: Told,
):
    with dates.at(told.now):
        lou = told["Lou Tan"]
        lou.home()
        own = ("/offers/" + told.offer, "/call-offs/" + told.call_off, told.promise, told.plan, told.proposal)
        assert [lou.visiting.client.get(one).status_code for one in own] == [200] * 5


def test_what_is_held_lists_all_that_the_story_left_with_who_looked(told: Told):
    missing = [
        said
        for said in (
            "SC268016",
            "1 Mill Lane",
            "North East England",
            "Signatory",
            "User researcher",
            "£800.00",
            "Professional indemnity insurance",
            "Iris Kaye",
            "Person 40",
            "Mo Reyes",
            "INV-001",
            "Is there a room with a projector?",
            "Two weeks of research first",
            "Jo Larch",
            "One invoice was left out.",
            "Apprentice days",
            "Clear rounds of research",
            "We start them in week one",
            "Cath Mills",
            "Quillwork",
        )
        if said not in told.checked
    ]
    assert missing == ["Quillwork"], missing


def test_the_books_are_whole_at_the_end(told: Told):
    with told.app.app_context(), dates.at(told.now):
        session = database.current()
        found = verify(session)
        session.close()
    assert found.whole
    assert not found.differences
