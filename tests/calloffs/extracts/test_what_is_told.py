"""What an import tells: who did it, what became of its file, whose it is, and what its rows come to."""

import pytest
from sqlmodel import select

from calloffs.call_off import CallOff
from calloffs.extracts import commanding
from calloffs.extracts.spend_line import SpendLine
from calloffs.matching.matching import match
from calloffs.matching.spend_match import Why
from framework.records import timeline
from framework.records.audit import AuditRecord
from framework.records.database import current, writing
from tests.calloffs.extracts.loading import load
from tests.calloffs.spend.building import live_call_off

HEAD = ["Paid date", "Supplier name", "Net", "Gross", "Purchase order", "Invoice number"]
_WHO = ("The clock", "The command line", "Finn")


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


def _matched_import(cast, folder):
    """One line, loaded by Finn and matched by him: the number of its import, and its call-off's reference."""
    row = ["03/10/2022", "Fennel Web", "100.00", "120.00", "PO-88", "F-1"]
    with writing() as own:
        call_off = live_call_off(own, cast, order="PO-88", value="5,000")
        key, reference = call_off.id, call_off.reference
    number = load(folder, [HEAD, row], email="finn@example.org")["import"]
    with writing() as own:
        line, target = own.exec(select(SpendLine)).one(), own.get_one(CallOff, key)
        finn = cast.visitor(own, "Finn")
        match(own, actor=finn, line=line, call_off=target, why=Why.BY_HAND, because="The order")
    return number, reference


def _undone_by(page):
    """Who stands beside each entry that took the file back."""
    rows = [["".join(cell.itertext()).strip() for cell in row] for row in page.all("tr")]
    return [one for row in rows if "File taken back" in row for one in row if one in _WHO]


@pytest.mark.parametrize(("email", "who"), [(None, "The command line"), ("finn@example.org", "Finn")])
def test_what_a_command_takes_back_is_by_whoever_gave_it(tmp_path, cast, visit, email, who):
    number, reference = _matched_import(cast, tmp_path)
    assert commanding.undo_import(number, email=email)["refused"] is None
    assert _undone_by(visit("Finn").get(f"/spend/tables/entries?call_off={reference}")) == [who, who]
    done = current().exec(select(AuditRecord).where(AuditRecord.action.startswith("line_matches_taken")))
    (told,) = timeline.told(current(), list(done))
    assert told.sentence.startswith(f"{who} took a file back")
    current().rollback()


def test_what_is_taken_back_on_the_page_is_by_the_person(tmp_path, cast, visit):
    number, reference = _matched_import(cast, tmp_path)
    finn = visit("Finn")
    finn.send(f"/spend/extracts/{number}/undo", {})
    assert _undone_by(finn.get(f"/spend/tables/entries?call_off={reference}")) == ["Finn", "Finn"]
