"""Feeds: a secret address reads what its owner may read now, and stops when it should."""

import re
from datetime import date

import pytest
from sqlmodel import select

from calloffs.tables.csv_of import names_of
from calloffs.tables.every_fact_table import TABLES
from framework.definitions import dates
from framework.people import throttling
from framework.people.feed_address import FeedAddress
from framework.people.person import Person, Post
from framework.records import database
from framework.records.audit import AuditRecord, AuditWords
from framework.records.messages import Message
from tests.calloffs.spend.building import live_call_off
from tests.calloffs.tables.promised import PROMISED
from tests.calloffs.tables.reading import csv_rows, fetched

HERE = "/spend/feeds/"


@pytest.fixture
def made(session, cast, visit):
    """Finn, the path of his feed of call-offs, and a call-off of each council's."""
    for authority in ("Northbank", "Southmere"):
        live_call_off(session, cast, authority=authority).title = f"Work of {authority}"
    session.commit()
    session.close()
    finn = visit("Finn")
    page = finn.send(HERE, {"name": "Monthly workbook", "months": "6"}, to=HERE, status=200)
    path = re.search(r"/feeds/[A-Za-z0-9_-]{43}/call-offs\.csv", page.text)[0]
    return finn, path


def test_a_secret_address_reads_what_its_owner_may_read_without_signing_in(made, visit):
    finn, path = made
    nobody = visit("")
    answer = fetched(nobody, path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "Set-Cookie" not in answer.headers
    rows = csv_rows(answer.get_data())
    assert [one["title"] for one in rows] == ["Work of Northbank"]
    assert rows == csv_rows(fetched(finn, "/spend/tables/call-offs.csv").get_data())
    assert csv_rows(fetched(nobody, f"{path}?lot=DP21-1").get_data()) == []
    for wrong in ("?nothing=1", "?lot=%00"):
        assert fetched(nobody, path + wrong).status_code == 404
    assert fetched(nobody, path.replace("call-offs", "nothing")).status_code == 404


def test_the_secret_is_told_once_and_kept_nowhere(made, app, visit):
    finn, path = made
    secret = path.split("/")[2]
    fetched(visit(""), path)
    page = finn.get(HERE)
    assert secret not in page.html
    assert "22 November 2022, 10:00am" in page.text, "when it was last used"
    assert "21 May 2023" in page.text, "its last day"
    with app.app_context(), database.current() as own:
        for model in (FeedAddress, AuditRecord, AuditWords, Message):
            for row in own.exec(select(model)):
                assert secret not in repr(row.model_dump())


def _leave(own):
    own.exec(select(Person).where(Person.name == "Finn")).one().active = False


def _lose_the_post(own):
    finn = own.exec(select(Person.id).where(Person.name == "Finn")).one()
    own.exec(select(Post).where(Post.person_id == finn)).one().ends_on = date(2022, 11, 21)


@pytest.mark.parametrize("happens", [_leave, _lose_the_post], ids=["leaves", "loses the post"])
def test_it_stops_when_its_owner_may_not_read_any_more(made, app, visit, happens):
    with app.app_context(), database.writing() as own:
        happens(own)
    assert fetched(visit(""), made[1]).status_code == 404


def test_it_stops_when_it_is_ended_renewed_or_runs_out(made, visit):
    finn, path = made
    nobody = visit("")
    with dates.on(date(2023, 5, 21)):
        assert fetched(nobody, path).status_code == 200
    with dates.on(date(2023, 5, 22)):
        assert fetched(nobody, path).status_code == 404
    page = finn.send(HERE, {}, to=f"{HERE}1/renew", status=200)
    fresh = re.search(r"/feeds/[A-Za-z0-9_-]{43}/call-offs\.csv", page.text)[0]
    assert (fetched(nobody, path).status_code, fetched(nobody, fresh).status_code) == (404, 200)
    finn.send(HERE, {}, to=f"{HERE}2/end")
    assert fetched(nobody, fresh).status_code == 404
    assert finn.get(HERE).text.count("Ended 22 November 2022") == 2


def test_bad_input_is_told_beside_its_field_and_kept(made):
    finn, _ = made
    page = finn.send(HERE, {"name": "monthly workbook", "months": "3"}, to=HERE, status=422)
    assert page.errors == ["You have an address of this name. Renew it, or choose another name"]
    assert (page.values(HERE)["name"], page.values(HERE)["months"]) == ("monthly workbook", "3")
    assert finn.send(HERE, {"name": ""}, to=HERE, status=422).errors == ["Enter what it is for"]


def test_nobody_touches_anothers_address(made, visit):
    path = made[1]
    audra = visit("Audra")
    shown = audra.get(HERE)
    assert "Monthly workbook" not in shown.text
    for end in ("renew", "end"):
        audra.post(f"{HERE}1/{end}", shown.values(HERE), status=404)
        shown = audra.get(HERE)
    assert fetched(visit(""), path).status_code == 200


def test_guesses_are_counted_and_soon_not_looked_at(made, visit, monkeypatch):
    monkeypatch.setattr(throttling, "WRONG_FEEDS", 2)
    nobody, path = visit(""), made[1]
    for _ in range(3):
        assert fetched(nobody, "/feeds/short/call-offs.csv").status_code == 404
    assert fetched(nobody, path).status_code == 200, "what could not be a secret is no guess"
    for letter in "AB":
        assert fetched(nobody, f"/feeds/{letter * 43}/call-offs.csv").status_code == 404
    assert fetched(nobody, path).status_code == 404
    with dates.at(dates.now() + throttling._HOUR):
        assert fetched(nobody, path).status_code == 200


def test_no_table_renames_or_loses_a_column():
    for table in TABLES:
        assert table.key in PROMISED, (
            f"write down the columns of {table.key}: {' '.join(names_of(table.columns, exact=table.exact))}"
        )
        missing = set(PROMISED[table.key].split()) - set(names_of(table.columns, exact=table.exact))
        assert not missing, f"{table.key} lost {missing}"
        new = set(names_of(table.columns, exact=table.exact)) - set(PROMISED[table.key].split())
        assert not new, f"write down {new} of {table.key}"
    assert set(PROMISED) == {one.key for one in TABLES}, "a table is gone, and with it an address"


def test_tables_are_made_so_that_files_can_be():
    for table in TABLES:
        names = names_of(table.columns, exact=table.exact)
        assert len(set(names)) == len(names), table.key
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", one) for one in names), table.key
        assert re.fullmatch(r"[a-z][a-z0-9-]*", table.key)
        assert not table.columns[0].summed, f"{table.key}: the words of totals stand in the first column"
        for column in table.columns:
            assert column.basis or column.kind.value != "money", (
                f"{table.key}: say the basis of {column.name}"
            )
