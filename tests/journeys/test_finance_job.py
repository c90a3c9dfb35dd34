"""The finance job: what its story left behind, seen from the pages, the files and the ledger."""

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app import create_app
from calloffs.spend.verifying import verify
from framework.definitions import dates
from framework.records import database
from framework.records.settings import Settings
from tests.calloffs.tables.reading import Book, csv_rows, recalculated
from tests.cast import Cast
from tests.conftest import NOW
from tests.journeys import finance_chapters as chapters
from tests.journeys.figures import pence
from tests.journeys.finance_chapters import CHAPTERS, LEARNED, ORDER, PAST, QUIET, THEIRS, Finance
from tests.visiting import Visiting

AT_MOST = {
    "1 load the extract": 3,
    "2 match all certain ones": 1,
    "2 match a suggested one": 1,
    "3 spend against ceiling": 1,
    "4 without an invoice": 1,
    "5 off contract": 1,
    "6 accruals": 2,
    "7 split and recharge": 2,
    "8 export": 1,
    "9 make an address": 2,
    "10 prove a figure": 2,
    "11 close a period": 2,
}
"""Steps from the page of spend (its own from home, exports and matches from their page), as the people's goals have them.

An address is made once in two steps; from then on it is one to copy.
"""
OURS = {ORDER: 13_501_05, LEARNED: 1_500_00, PAST: 6_000_00, QUIET: 0}
"""Net pence of the lines that were matched: three parts of a learned number, not the fourth; the corrected amount, not the first."""


@pytest.fixture(scope="module")
def story(stage: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finance]:
    """The finance job, lived through real pages after five call-offs were signed."""
    folder = tmp_path_factory.mktemp("finance")
    shutil.copyfile(stage, folder / "tracker.db")
    url = f"sqlite:///{folder / 'tracker.db'}"
    app = create_app(Settings(data_folder=folder, database_url=url, secret_key="f" * 40))
    app.testing = True
    with app.app_context():
        cast = Cast.read()
    story = Finance(app, cast)
    with dates.at(NOW):
        for chapter in CHAPTERS:
            chapter(story)
    yield story
    with app.app_context():
        database.db.engine.dispose()


@pytest.mark.parametrize("task", AT_MOST)
def test_a_finance_task_takes_no_more_steps_than_its_goal(story: Finance, task: str):
    assert story.taken[task] <= AT_MOST[task]


def test_rows_that_cannot_be_read_are_mended_in_place_and_alike_ones_kept_knowingly(story: Finance):
    assert "38 new rows, 0 changed, 2 not read" in story.said["checked"]
    assert "40 new rows, 0 changed, 0 not read" in story.said["mended"]
    assert story.said["refused"] == [
        "Look at the rows that look like others, and tick that the ones left in are to be kept"
    ]
    assert len(story.said["brought"]) == 40
    assert sum(one["net"] == "123.45" for one in story.said["brought"]) == 2


def test_the_corrected_file_in_another_order_adds_nothing_twice(story: Finance):
    assert "0 new rows, 1 changed, 0 not read" in story.said["again"]
    assert "£1,000.10 £1,000.20" in story.said["again"]
    before, after = ({one["transaction"]: one for one in story.said[name]} for name in ("brought", "kept"))
    assert len(story.said["kept"]) == 40
    assert [one for one in before if before[one]["net"] != after[one]["net"]] == ["T0001"]


def test_only_what_was_matched_counts_and_an_undone_match_does_not(story: Finance):
    assert story.said["certain"][ORDER][1:] == (OURS[ORDER], OURS[ORDER])
    assert story.said["certain"][PAST][1:] == (0, 0)
    for order, counted in OURS.items():
        assert story.said["matched"][order][1:] == (counted, counted)


def test_a_value_is_passed_only_with_a_reason_that_stays_on_the_page(story: Finance):
    assert "£1,000.00 past its value" in story.said["past"][0]
    assert "£1,000.00 (net of VAT) more is invoiced than this call-off’s value" in story.said["over"]
    assert "A variation is being agreed" in story.said["over"]


def test_every_figure_leads_to_entries_that_add_up_to_it(story: Finance):
    figures = story.said["figures"]
    assert len(figures) >= 20
    left = {address: sum(both) for address, both in figures.items() if "kind=left" in address}
    assert set(left.values()) <= {1_000_000_00, 4_000_000_00, 10_000_000_00}, (
        "left and what was taken: the ceiling"
    )
    assert not {at: both for at, both in figures.items() if at not in left and both[0] != both[1]}
    invoiced = figures["/spend/tables/entries?kind=invoice"][0]
    assert invoiced == sum(OURS.values()) + 3_000_03
    assert "Counts for" in story.said["followed"]


def test_shares_agreed_by_both_add_up_and_are_recharged_to_the_penny(story: Finance):
    ours, theirs = story.said["split"]
    assert [one + other for one, other in zip(ours, theirs, strict=True)] == [
        60_000_00,
        OURS[ORDER],
        OURS[ORDER],
    ]
    *lines, total = story.said["statement"]
    assert sum(lines) == total == theirs[2] == OURS[ORDER] * 40 // 100
    assert sum(pence(one["recharge_net"]) or 0 for one in story.said["recharges"]) == total


def test_the_workbook_of_accruals_keeps_what_its_formulas_come_to_and_what_the_csv_says(
    story: Finance, tmp_path: Path
):
    file = tmp_path / "accruals.xlsx"
    file.write_bytes(story.said["accruals"])
    book = Book.of(story.said["accruals"])
    again = recalculated(file)
    assert len(book.formulas) > 10
    for cell in book.formulas:
        assert round(again[cell] * 100) == round(book.kept[cell].value * 100), cell
    rows = {one["call_off"]: one for one in story.said["accruals csv"]}
    assert len(rows) == 4
    ours = rows[story.references[ORDER]]
    assert (ours["earned"], ours["invoiced"], ours["accrual"]) == ("17264.15", "13501.05", "3763.10")
    assert rows[story.references[PAST]]["prepaid"] == "4561.32"


def test_what_has_no_invoice_and_what_has_no_call_off_are_listed(story: Finance):
    assert [one["call_off"] for one in story.said["4 without an invoice"]] == [story.references[QUIET]]
    assert {one["partner"] for one in story.said["5 off contract"]} == {"Elm Apps"}
    assert sum(pence(one["net"]) or 0 for one in story.said["5 off contract"]) == 2_103_00


def test_the_forecast_says_when_it_has_too_little_to_go_by(story: Finance):
    assert "Not enough data" in story.said["forecast"]
    assert "£102,000.00" in story.said["forecast"]


def test_a_payment_of_a_closed_period_is_shown_as_later(story: Finance):
    assert {(one["kind"], one["net"], one["period_on"]) for one in story.said["late"]} == {
        ("Invoiced", "123.00", "2022-10-01"),
        ("Paid", "123.00", "2022-10-01"),
    }


def test_taking_a_file_back_leaves_every_balance_as_it_was_before_it(story: Finance):
    assert story.said["late balances"][ORDER][1] == OURS[ORDER] + 123_00
    assert story.said["after undo"] == story.said["before late"]
    assert "Taken back" in story.said["taken back"]


def test_a_spreadsheet_reads_by_its_address_what_the_page_gives(story: Finance):
    assert len(story.said["feed"]) == 41
    stamped = [[{**row, "as_at": ""} for row in story.said[name]] for name in ("feed", "lines")]
    assert stamped[0] == stamped[1]


def test_a_dispute_moves_the_day_an_invoice_is_due_by_the_days_it_stood(story: Finance):
    # 30 days beginning with 15 November, when it came (RULE-43); disputed on the 22nd, resolved on the 29th.
    assert story.said["due"] == [date(2022, 12, 14), date(2022, 12, 21)]


@pytest.mark.parametrize("who", ["Fern", "Zed", "Faye", "Qi"])
def test_another_council_and_a_partner_find_nothing(story: Finance, who: str):
    private = re.compile(
        r"/spend/(extracts/(1|2|4)\b|extracts/sources/1|matching/lines/|accruals/|periods/1\b)"
    )
    addresses = sorted(one for one in story.met if private.match(one))
    assert len(addresses) > 8
    with dates.at(chapters.RESOLVED):
        other = Visiting(story.app, who)
        for address in addresses:
            assert other.client.get(address).status_code in (404, 405), address
        answer = other.client.get("/spend/tables/lines.csv")
        assert answer.status_code == (200 if who in ("Fern", "Zed") else 404)
        seen = csv_rows(answer.data) if answer.status_code == 200 else []
        assert [one["authority"] for one in seen] == (["Southmere"] if who == "Fern" else [])


def test_verify_finds_nothing(story: Finance):
    with story.app.app_context(), dates.at(chapters.RESOLVED):
        session = database.current()
        found = verify(session)
        session.close()
    assert found.whole
    assert not found.differences
    assert story.said["after undo"][THEIRS][1:] == (3_000_03, 3_000_03)
