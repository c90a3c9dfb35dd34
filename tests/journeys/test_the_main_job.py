"""The main job: what the story left behind, seen from the pages, the files, the ledger and the audit chain."""

import re

import pytest

from calloffs.spend.entry import EntryKind
from calloffs.spend.verifying import verify
from framework.definitions import dates
from framework.records import database
from tests.journeys.agreement_chapters import Story
from tests.journeys.walking import words_of

AT_MOST = {
    "CM 1": 0,
    "CM 3": 1,
    "CM 4": 2,
    "CM 7": 2,
    "CM 9": 1,
    "AP 1": 0,
    "AP 2": 2,
    "supplier 4": 0,
    "supplier 6 save": 3,
    "supplier 8": 1,
    "finance 1": 4,
    "finance 3": 1,
}
"""Steps from the first screen after sign-in (from the record for a document), as the people's goals have them."""


@pytest.mark.parametrize("task", AT_MOST)
def test_a_task_takes_no_more_steps_than_its_goal(story: Story, task: str):
    assert story.taken[task] <= AT_MOST[task]


def test_a_value_over_the_headroom_is_refused_naming_the_tightest_limit_and_what_is_left(story: Story):
    said = " ".join(story.over_value)
    assert "lot 1" in said.lower()
    assert "£100,000.00" in said
    assert "£1,200,000.00" not in said


def test_the_status_follows_the_days_by_itself(story: Story):
    assert [one.split(",")[0] for one in story.statuses] == ["Signed", "Live", "Closed"]


def test_a_row_that_is_in_the_file_twice_is_told_by_its_number_and_not_kept(story: Story):
    assert "4 invoice_number INV-003 Row 3 of this file has the same number" in story.checked


def test_each_reminder_is_written_once_however_often_the_job_runs(story: Story):
    before, once, again = story.reminded
    assert before < once
    assert once == again


def test_every_total_on_every_report_is_what_the_ledger_comes_to(story: Story):
    for totals, posted in story.figures:
        assert len(totals) == 5, list(totals)
        for heading, (_, *moved, _, to_invoice) in totals.items():
            assert moved == [posted[kind] for kind in EntryKind], heading
            assert to_invoice == posted[EntryKind.COMMITMENT] - posted[EntryKind.INVOICE], heading


def test_invoiced_is_what_was_billed_and_the_rest_is_free_again_once_closed(story: Story):
    (open_totals, _), (closed_totals, _) = story.figures
    lots = next(one for heading, one in open_totals.items() if "lot" in heading)
    assert lots[1:4] == (0, 45_162_20, 35_000_16)
    ceiling, reserved, committed, invoiced, paid, left, to_invoice = next(
        one for heading, one in closed_totals.items() if "lot" in heading
    )
    assert (reserved, committed, invoiced, paid) == (0, 35_000_16, 35_000_16, 35_000_16)
    assert left == ceiling - 35_000_16 == 1_164_999_84
    assert to_invoice == 0


def test_the_record_tells_the_story_in_sentences(story: Story):
    with dates.at(story.now):
        page = story["Will Orr"].open(f"/call-offs/{story.call_off}")
    said = [words_of(one) for one in page.all("li")]
    wanted = (
        r"Cath Mills began the draft",
        r"Cath Mills raised .*£49,500\.00",
        r"Abe Dunn approved",
        r"Cath Mills offered",
        r"Faye Nix accepted",
        r"Cath Mills awarded .*£45,162\.20",
        r"Cath Mills issued",
        r"Abe Dunn signed",
        r"Faye Nix signed",
        r"Fay Lund recorded invoice INV-001",
        r"Fay Lund .*INV-002",
        r"Cath Mills accepted",
        r"Fay Lund agreed",
        r"Cath Mills closed",
    )
    missing = [one for one in wanted if not any(re.match(one, sentence) for sentence in said)]
    assert not missing, "\n".join(said)


def test_verify_finds_nothing(story: Story):
    with story.app.app_context(), dates.at(story.now):
        session = database.current()
        found = verify(session)
        session.close()
    assert found.whole
    assert not found.differences
