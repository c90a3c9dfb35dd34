"""The list of agreements: what it costs, and how it goes on to the next page."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from framework import finding
from framework.opening import add_option
from framework.records import database
from tests.framework.agreements import a_draft


@pytest.fixture
def many(session, cast):
    olu = cast.visitor(session, "Olu")
    for number in range(finding.PAGE + 5):
        last = date(2024, 1, 1) + timedelta(days=number // 2)
        agreement = a_draft(session, cast, reference=f"M-{number:03}", ends_on=last)
        add_option(session, actor=olu, agreement=agreement, months=3)
    session.commit()
    session.close()


def statements_for(app, visiting, address):
    with app.app_context():
        engine = database.db.engine
    seen = []

    def note(*args):
        seen.append(args[2])

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        visiting.get(address)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return [one for one in seen if one.lstrip().upper().startswith("SELECT")]


def test_the_list_costs_the_same_for_one_agreement_and_for_thirty(app, visit, cast):
    olu = visit("Olu")
    few = len(statements_for(app, olu, "/agreements/"))
    with app.app_context(), database.writing() as session:
        actor = cast.visitor(session, "Olu")
        for number in range(30):
            agreement = a_draft(session, cast, reference=f"M{number}")
            add_option(session, actor=actor, agreement=agreement, months=3)
    assert len(statements_for(app, olu, "/agreements/")) == few > 0


def test_every_agreement_is_on_exactly_one_page(visit, many):
    olu = visit("Olu")
    first = olu.get("/agreements/")
    following = next(one for one in first.links if "after=" in one)
    second = olu.get(following)

    def shown(page):
        return [one.rsplit("/", 1)[1] for one in page.links if "/agreements/M-" in one or "/DP21" in one]

    both = shown(first) + shown(second)
    assert len(shown(first)) == finding.PAGE
    assert len(both) == len(set(both)) == finding.PAGE + 6
    assert both[0] == "DP21"
    assert not [one for one in second.links if "after=" in one]


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", "M-%", "nothing like it"])
def test_odd_words_are_only_words(visit, many, words):
    assert "No agreement here has" in visit("Olu").get("/agreements/", query_string={"words": words}).text
