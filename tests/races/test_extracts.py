"""Two people confirm one extract, or two copies of it, at the same moment; and one takes back what another is saving."""

import threading

import pytest
from sqlmodel import select

from calloffs.extracts import confirming, taking, undoing, working
from calloffs.extracts.source import AmountBasis, SpendSource
from calloffs.extracts.sourcing import add_source
from calloffs.extracts.spend_import import ImportState, SpendImport
from framework.definitions.rules import Refused
from framework.records.database import current, writing
from tests.calloffs.extracts.councils import text_of, three_amounts
from tests.calloffs.extracts.loading import standing

ROWS = 120


def _checked(app, cast):
    with app.app_context():
        with writing() as own:
            finn = cast.visitor(own, "Finn")
            source = own.exec(select(SpendSource)).first() or add_source(
                own,
                actor=finn,
                authority_id=cast.party["Northbank"],
                name="Payments",
                basis=AmountBasis.NET,
            )
            content = text_of(three_amounts(ROWS))
            number = taking.take(own, actor=finn, source=source, content=content, file_name="x.csv").id
        working.finish(number)
        return number


def _act(app, cast, action, number):
    """Confirm or take back as Finn, then do what there is to do; "done", or why not."""
    with app.app_context():
        try:
            with writing() as own:
                finn, imported = cast.visitor(own, "Finn"), own.get_one(SpendImport, number)
                if action == "confirm":
                    confirming.confirm(own, actor=finn, imported=imported, is_right=True, alike_seen=True)
                else:
                    undoing.undo(own, actor=finn, imported=imported)
            said = "done"
        except Refused as refused:
            said = str(refused)
        working.finish(number)
        return said


def _at_once(*acts):
    start, told = threading.Barrier(len(acts)), []

    def run(act):
        start.wait(30)
        told.append(act())

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    return told


def _stood(app, number):
    with app.app_context():
        working.finish(number)
        state = current().get_one(SpendImport, number).state
        current().rollback()
        return state, standing()[0]


@pytest.mark.race
@pytest.mark.usefixtures("both_databases")
def test_of_two_who_confirm_one_import_or_two_copies_of_it_at_once_one_does(app, cast, monkeypatch):
    monkeypatch.setattr("calloffs.extracts.confirming.AT_ONCE", 20)
    number, copy = _checked(app, cast), _checked(app, cast)
    told = _at_once(*(lambda one=one: _act(app, cast, "confirm", one) for one in (number, number, copy)))
    assert told.count("done") == 1, told
    states = {_stood(app, one)[0] for one in (number, copy)}
    assert states == {ImportState.CONFIRMED, ImportState.CHECKED}
    assert _stood(app, number)[1] == ROWS


@pytest.mark.race
@pytest.mark.usefixtures("both_databases")
def test_what_is_being_saved_is_not_taken_back_half_way(app, cast, monkeypatch):
    monkeypatch.setattr("calloffs.extracts.confirming.AT_ONCE", 20)
    number = _checked(app, cast)
    told = _at_once(*(lambda one=one: _act(app, cast, one, number) for one in ("confirm", "undo", "undo")))
    assert "done" in told
    state, lines = _stood(app, number)
    assert (state, lines) in ((ImportState.CONFIRMED, ROWS), (ImportState.UNDONE, 0)), told
