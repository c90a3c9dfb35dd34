"""Loading extracts: the same file twice, in another order or with one row corrected, and taking an import back."""

import json
import random
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from calloffs.extracts import commanding, confirming, taking, undoing, working
from calloffs.extracts.source import AmountBasis, SpendSource
from calloffs.extracts.spend_import import ImportState, SpendImport, StagedLine, StagedPart
from calloffs.extracts.spend_line import SpendLine, SpendLineVersion
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile
from framework.records.audit import AuditRecord
from framework.records.columns import table_of
from framework.records.database import current, writing
from tests.calloffs.extracts.councils import SHAPES, repeated_rows, standard_columns, text_of, three_amounts
from tests.calloffs.extracts.loading import SOURCE, check, load, standing

DATA = Path(__file__).parents[4] / "shared/data/spend"


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


def count(model):
    found = (
        current().connection().execute(sa.select(sa.func.count()).select_from(table_of(model))).scalar_one()
    )
    current().rollback()
    return found


@pytest.mark.parametrize("shape", SHAPES)
def test_a_file_loaded_twice_adds_nothing_the_second_time(tmp_path, shape):
    rows = list(SHAPES[shape]())
    first = load(tmp_path, rows)
    assert first["refused"] is None, first
    assert (first["new"], first["rows_rejected"], first["source_exists"]) == (30, 0, True)
    stood = standing()
    assert stood == (30, first["sums"]["net"])
    head, *body = rows
    random.Random(4).shuffle(body)
    again = load(tmp_path, [head, *body], name="again.csv")
    assert (again["new"], again["changed"], again["known"]) == (0, 0, 30)
    assert again["sums"] == first["sums"]
    assert standing() == stood


@pytest.mark.skipif(not DATA.exists(), reason="the councils' own extracts are not here")
def test_real_extracts_loaded_twice_add_nothing_the_second_time(tmp_path):
    stood = (0, 0)
    for path in sorted(DATA.glob("*.csv")):
        first = commanding.load_file(
            path, path.stem, authority="Northbank", basis=AmountBasis.NET, agree=True
        )
        assert first["new"] == first["rows_read"] == first["rows_kept"] >= 177
        assert standing() == (stood[0] + first["new"], stood[1] + first["sums"]["net"])
        stood = standing()
        again = commanding.load_file(path, path.stem, agree=True)
        assert (again["new"], again["changed"], again["known"]) == (0, 0, first["new"])
        assert standing() == stood
    assert stood[0] == 180 * 3 + 177 + 181


def test_one_corrected_row_is_one_change_and_undoing_it_brings_back_what_was(both_databases, tmp_path):
    rows = [list(one) for one in standard_columns()]
    first = load(tmp_path, rows)
    stood = standing()
    rows[5][7] = "1000.00"
    head, *body = rows
    found = check(tmp_path, [head, *reversed(body)])
    assert (found["new"], found["changed"], found["known"]) == (0, 1, 29)
    assert standing() == stood
    second = load(tmp_path, [head, *reversed(body)], name="corrected.csv")
    assert second["changed_rows"] == [found["changed_rows"][0]]
    assert standing() == (30, second["sums"]["net"])
    assert count(SpendLineVersion) == 1

    held = commanding.undo_import(first["import"])
    assert f"changed later by import {second['import']}" in held["refused"]
    assert commanding.undo_import(second["import"])["refused"] is None
    assert standing() == stood
    assert commanding.undo_import(first["import"])["withdrawn"] == 30
    assert standing() == (0, 0)
    third = load(tmp_path, rows, name="october.csv")
    assert (third["new"], third["changed"]) == (30, 0)
    assert count(SpendLine) == 60
    done = list(current().exec(select(AuditRecord.action).order_by(AuditRecord.id)))
    current().rollback()
    assert [one for one in done if one.startswith("extract")] == [
        *["extract_loaded_by_command"] * 2,
        *["extract_undone_by_command"] * 2,
        "extract_loaded_by_command",
    ]


def test_an_import_can_be_taken_back_through_its_thirtieth_day(tmp_path):
    number = load(tmp_path, three_amounts())["import"]
    with dates.at(dates.now() + timedelta(days=31)):
        assert (
            commanding.undo_import(number)["refused"]
            == f"Import {number} could be taken back until 22 December 2022"
        )
    with dates.at(dates.now() + timedelta(days=30)):
        assert commanding.undo_import(number)["refused"] is None
    assert "cannot be taken back: taken back" in commanding.undo_import(number)["refused"]


def test_rows_that_look_like_others_are_named_and_kept(tmp_path):
    found = load(tmp_path, repeated_rows(), agree=False)
    assert (found["refused"], found["asked"], len(found["asked_rows"]), found["new"]) == (None, 30, 30, 30)
    # The same payment told by another system of the council under another number.
    other = [
        ["Paid date", "Supplier name", "Net", "Invoice number"],
        ["03/10/2022", "Quill Works Ltd", "24.16", "INV-9"],
    ]
    found = check(tmp_path, other, source="Ledger", authority="Northbank")
    assert (found["asked"], found["new"]) == (1, 1)


def test_good_rows_are_kept_and_the_others_are_named(tmp_path):
    rows = [list(one) for one in three_amounts(5)]
    rows[3][1] = "31/02/2022"
    found = load(tmp_path, rows)
    assert (found["rows_read"], found["rows_kept"], found["new"]) == (5, 4, 4)
    assert [(one["row"], one["value"]) for one in found["rejects"]] == [(4, "31/02/2022")]
    assert standing()[0] == 4
    assert standing()[1] == found["sums"]["net"]


def test_checking_saves_nothing_at_all_and_tells_it_as_json(tmp_path):
    before = [count(one) for one in (SpendSource, SpendImport, SpendLine, AuditRecord)]
    found = json.loads(json.dumps(check(tmp_path, standard_columns(), source="Not there")))
    assert (found["source_exists"], found["new"], found["known"]) == (False, 30, 0)
    assert set(found["sums"]) == {"net", "vat", "gross"}
    assert [count(one) for one in (SpendSource, SpendImport, SpendLine, AuditRecord)] == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "PNG"),
        ("\ud83d".encode("utf-8", "surrogatepass") + b"\x00\xff", "CSV"),
    ],
)
def test_a_file_that_is_none_is_answered_with_a_sentence(tmp_path, content, said):
    found = load(tmp_path, content)
    assert said in found["refused"]
    assert count(SpendSource) == 0


def test_what_is_not_there_is_named(tmp_path):
    nowhere = commanding.load_file(tmp_path / "no.csv", "X", authority="Northbank", basis=AmountBasis.NET)
    assert nowhere["refused"] == "no.csv cannot be opened: no such file or directory"
    assert (
        "No authority is called Atlantis"
        in commanding.check_file(tmp_path, "X", authority="Atlantis")["refused"]
    )
    assert "Name its --authority" in commanding.load_file(tmp_path / "no.csv", "X")["refused"]
    assert commanding.undo_import(77)["refused"] == "There is no import 77"


def test_whoever_loads_by_command_must_be_allowed_to_record_money(tmp_path):
    assert (
        load(tmp_path, three_amounts(), email="asha@example.org")["refused"]
        == "Asha may not record money at Northbank"
    )
    assert "Nobody signs in as" in load(tmp_path, three_amounts(), email="x@example.org")["refused"]
    assert load(tmp_path, three_amounts(), email="Finn@example.org")["new"] == 30


def test_a_file_of_another_council_needs_agreement_once(tmp_path):
    rows = [list(one) for one in three_amounts()]
    for row in rows[1:]:
        row[0] = "Southmere District Council"
    refused = load(tmp_path, rows, agree=False)
    assert "The file names “Southmere District Council”" in refused["refused"]
    assert standing() == (0, 0)
    assert load(tmp_path, rows)["new"] == 30
    assert check(tmp_path, rows)["warnings"] == []


def test_a_file_unlike_all_that_came_before_is_warned_of(tmp_path):
    load(tmp_path, three_amounts())
    other = [
        ["Payment date", "Payee", "Net amount"],
        *([f"0{at % 9 + 1}/10/2022", f"Payee {at}", f"{at}.00"] for at in range(12)),
    ]
    warned = " ".join(check(tmp_path, other)["warnings"])
    assert "headings are unlike" in warned
    assert "None of the 12 suppliers" in warned


def _waiting(cast, rows):
    with writing() as own:
        finn = cast.visitor(own, "Finn")
        source = own.exec(select(SpendSource)).first() or _source(own, cast, finn)
        return taking.take(own, actor=finn, source=source, content=text_of(rows), file_name="big.csv").id


def _source(own, cast, finn):
    from calloffs.extracts.sourcing import add_source

    return add_source(
        own, actor=finn, authority_id=cast.party["Northbank"], name=SOURCE, basis=AmountBasis.NET
    )


def _confirm(cast, number, **agreed):
    with writing() as own:
        imported = own.get_one(SpendImport, number)
        agreed = agreed or {"alike_seen": True}
        confirming.confirm(own, actor=cast.visitor(own, "Finn"), imported=imported, **agreed)


class Killed(BaseException):
    """The process fell over here."""


def _state(number):
    found = current().get_one(SpendImport, number, populate_existing=True).state
    current().rollback()
    return found


_HALF_WAY = {
    ImportState.WAITING: ("calloffs.extracts.staging.put_parts", 0),
    ImportState.READING: ("calloffs.extracts.staging.drop_part", 1),
    ImportState.CONFIRMING: ("calloffs.matching.following.lines_arrived", 1),
    ImportState.UNDOING: ("calloffs.matching.following.lines_withdrawn", 1),
}


def test_work_that_was_killed_anywhere_goes_on_and_every_row_comes_once(cast, monkeypatch, both_databases):
    monkeypatch.setattr("calloffs.extracts.staging.AT_ONCE", 100)
    monkeypatch.setattr("calloffs.extracts.confirming.AT_ONCE", 70)
    monkeypatch.setattr("calloffs.extracts.undoing.CHANGED_AT_ONCE", 50)
    number = _waiting(cast, repeated_rows(330))
    moment = dates.now()
    for during, (where, steps) in _HALF_WAY.items():
        with dates.at(moment):
            if during is ImportState.CONFIRMING:
                _confirm(cast, number)
            if during is ImportState.UNDOING:
                assert standing() == (330, 330 * 2416)
                with writing() as own:
                    finn, imported = cast.visitor(own, "Finn"), own.get_one(SpendImport, number)
                    undoing.undo(own, actor=finn, imported=imported)
            assert all(working.work_on(number) for _ in range(steps))
            assert _state(number) is during
            with monkeypatch.context() as broken:
                broken.setattr(where, _fall_over)
                with pytest.raises(Killed):
                    working.work_on(number)
            assert not working.work_on(number), "whoever fell over still has the lease"
        moment += timedelta(seconds=61)
        with dates.at(moment):
            if during is ImportState.WAITING:
                working.work_on(number)
            else:
                working.finish(number)
    assert _state(number) is ImportState.UNDONE
    assert standing() == (0, 0)
    assert (count(SpendLine), count(StagedPart)) == (330, 0)


def _fall_over(*_args, **_kwargs):
    raise Killed


def test_a_large_file_is_invisible_until_all_of_it_is_there(cast, monkeypatch):
    monkeypatch.setattr("calloffs.extracts.staging.AT_ONCE", 100)
    monkeypatch.setattr("calloffs.extracts.confirming.AT_ONCE", 100)
    number = _waiting(cast, three_amounts(300))
    working.finish(number)
    _confirm(cast, number, alike_seen=True)
    assert working.work_on(number)
    assert count(SpendLine) == 100
    assert standing() == (0, 0)
    working.finish(number)
    assert standing()[0] == 300
    working.work_through()
    assert (count(StagedLine), count(StagedPart)) == (0, 0)
    found = current().get_one(SpendImport, number)
    assert (found.content, found.rows_done, found.undo_until) == (
        b"",
        300,
        dates.today() + timedelta(days=30),
    )
    current().rollback()


def test_what_came_since_the_check_has_to_be_looked_at_first(cast, tmp_path):
    one, other = _waiting(cast, three_amounts()), _waiting(cast, three_amounts())
    for number in (one, other):
        working.finish(number)
    _confirm(cast, one)
    with pytest.raises(Exception, match="of the same source is being saved"):
        _confirm(cast, other)
    working.finish(one)
    with pytest.raises(ChangedMeanwhile, match=f"import {one} was loaded"):
        _confirm(cast, other)
    with writing() as own:
        confirming.check_again(own, actor=cast.visitor(own, "Finn"), imported=own.get_one(SpendImport, other))
    with dates.at(dates.now() + timedelta(seconds=1)):
        working.finish(other)
        _confirm(cast, other)
        working.finish(other)
    assert standing()[0] == 30


def test_a_file_that_nobody_confirms_is_forgotten_after_a_day_and_its_number_stays_taken(cast):
    number = _waiting(cast, three_amounts())
    working.finish(number)
    with dates.at(dates.now() + timedelta(hours=23)):
        working.work_through()
    assert (count(SpendImport), count(StagedLine)) == (1, 30)
    with dates.at(dates.now() + timedelta(hours=25)):
        working.work_through()
        assert (_state(number), count(StagedLine)) == (ImportState.FORGOTTEN, 0)
        found = current().get_one(SpendImport, number)
        assert (found.content, found.headings, found.named, found.notes) == (b"", "", "", "")
        current().rollback()
        assert _waiting(cast, three_amounts()) > number, "no other file comes under its number"
