"""What an import tells: who did it, what became of its file, whose it is, and what its rows come to."""

import io

import pytest
from sqlmodel import select

from calloffs.call_off import CallOff
from calloffs.extracts import commanding
from calloffs.extracts.source import AmountBasis
from calloffs.extracts.spend_line import SpendLine
from calloffs.matching.matching import match
from calloffs.matching.spend_match import Why
from framework.records import timeline
from framework.records.audit import AuditRecord
from framework.records.database import current, writing
from tests.calloffs.extracts.councils import text_of, three_amounts
from tests.calloffs.extracts.loading import SOURCE, check, load
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


def _upload(own, rows):
    own.send("/spend/extracts/sources/new", {"name": SOURCE, "basis": "net"})
    values = own.get("/spend/extracts/new").values()
    values["file"] = (io.BytesIO(text_of(rows)), "october.csv")
    values.setdefault("source", "1")
    return own.post("/spend/extracts/new", values, 303, content_type="multipart/form-data")


def test_a_forgotten_file_keeps_its_address_and_the_next_one_gets_another(visit):
    finn = visit("Finn")
    first = _upload(finn, three_amounts(3))
    finn.send(finn.get(first.location), {}, to=f"{first.location}/forget")
    values = finn.get("/spend/extracts/new").values()
    values["file"] = (io.BytesIO(text_of(three_amounts(4))), "another.csv")
    values.setdefault("source", "1")
    second = finn.post("/spend/extracts/new", values, 303, content_type="multipart/form-data")
    assert second.location != first.location
    told = finn.get(first.location).text
    assert "Forgotten" in told
    assert "another.csv" not in told
    assert "october.csv" not in finn.get("/spend/extracts/").text


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("Eastwold Borough Council - payments October", "Eastwold Borough Council"),
        ("Payments over £500, London Borough of Eastwold", "London Borough of Eastwold"),
        ("Southmere: payments in October", "Southmere"),
        ("Northbank City Council: payments to suppliers", None),
        ("Payments made by the Council in October", None),
    ],
)
def test_a_title_that_names_another_council_is_warned_of_as_a_column_is(tmp_path, title, named):
    rows = [[title], [], *([*row[1:]] for row in three_amounts(3))]
    warned = check(tmp_path, rows, authority="Northbank")["warnings"]
    wanted = [f"The file names “{named}”. The source given belongs to Northbank"] if named else []
    assert warned == wanted
    if title.startswith("Eastwold"):
        assert "The file names" in load(tmp_path, rows, agree=False)["refused"]
        assert load(tmp_path, rows)["new"] == 3
        assert check(tmp_path, rows)["warnings"] == [], "what was agreed to is remembered"


def _some_wrong():
    rows = [list(one) for one in three_amounts(5)]
    rows[2][1] = "31/02/2022"  # its amounts can be read: 20.00 net, 4.00 VAT, 24.00 gross
    rows[4][5] = "12,34x"
    return rows


def test_rows_kept_and_rows_left_out_tie_to_the_file(tmp_path, visit):
    found = check(tmp_path, _some_wrong(), authority="Northbank")
    assert found["sums"] == {"net": 90_00, "vat": 18_00, "gross": 108_00}
    assert found["sums_left_out"] == {"net": 20_00, "vat": 12_00, "gross": 72_00}
    assert found["unreadable_amounts"] == {"net": 1, "vat": 0, "gross": 0}
    assert found["sums_in_file"] == {"net": 110_00, "vat": 30_00, "gross": 180_00}
    finn = visit("Finn")
    sent = _upload(finn, _some_wrong())
    shown = finn.follow(sent).text
    assert "Net of VAT, rows left out £20.00, and 1 amount that cannot be read" in shown
    assert "£90.00 kept + £20.00 left out = £110.00 in the file, as far as it can be read" in shown
    assert "£108.00 kept + £72.00 left out = £180.00 in the file" in shown
    finn.send(f"{sent.location}/rows/3", {"then": "leave"})
    assert "£108.00 kept + £72.00 left out = £180.00 in the file" in finn.get(sent.location).text


def test_an_amount_that_follows_from_two_others_is_left_out_with_both(tmp_path):
    rows = [[row[1], row[4], row[5], row[6]] for row in _some_wrong()]  # no column of gross amounts
    found = check(tmp_path, rows, authority="Northbank")
    assert found["sums_left_out"] == {"net": 20_00, "vat": 12_00, "gross": 24_00}
    assert found["unreadable_amounts"] == {"net": 1, "vat": 0, "gross": 1}


def test_a_mended_row_says_on_its_line_what_it_said_before(app, visit):
    finn = visit("Finn")
    sent = _upload(finn, _some_wrong())
    row = finn.get(f"{sent.location}/rows/5")
    finn.send(row, {"cell-5": "40.00", "then": "mend"})
    shown = finn.get(sent.location)
    finn.send(shown, {"without_rejects": "y"}, to=f"{sent.location}/confirm")
    lines = {one.row: one.id for one in current().exec(select(SpendLine))}
    assert sorted(lines) == [2, 4, 5, 6]
    assert "Mended when loaded: Net was “12,34x”." in finn.get(f"/spend/matching/lines/{lines[5]}").text
    assert "Mended" not in finn.get(f"/spend/matching/lines/{lines[4]}").text
    again = [list(one) for one in _some_wrong()]
    again[3][5], again[3][3] = "3O.00", "37.00"  # row 4, corrected wrongly by the council, then mended
    values = finn.get("/spend/extracts/new").values()
    values["file"] = (io.BytesIO(text_of(again)), "corrected.csv")
    values.setdefault("source", "1")
    later = finn.post("/spend/extracts/new", values, 303, content_type="multipart/form-data")
    row = finn.get(f"{later.location}/rows/4")
    finn.send(row, {"cell-5": "31.00", "then": "mend"})
    finn.send(finn.get(later.location), {"without_rejects": "y"}, to=f"{later.location}/confirm")
    current().rollback()
    assert "changed it: Net was “3O.00”." in finn.get(f"/spend/matching/lines/{lines[4]}").text


def test_our_ref_is_asked_about_and_a_column_of_call_off_references_is_pointed_out(tmp_path, cast):
    with writing() as own:
        live_call_off(own, cast).reference = reference = "DP21-4-0005"
    rows = [[*row, reference if at else "Our Ref"] for at, row in enumerate(three_amounts(3))]
    found = check(tmp_path, rows, authority="Northbank")
    assert {"heading": "Our Ref", "field": None, "how": "unknown"} in found["headings"]
    rows[0][2], rows[0][-1] = "Our Ref", "Reference"
    (told,) = [one for one in check(tmp_path, rows, authority="Northbank")["notes"] if reference in one]
    assert told.startswith(
        f"“Reference” holds what looks like references of Northbank’s call-offs, such as {reference}"
    )
    assert "was taken for transaction number" in told
    assert not [one for one in check(tmp_path, rows, authority="Southmere")["notes"] if reference in one]


def test_what_the_amounts_are_taken_for_is_told_and_who_says_so(tmp_path):
    path = tmp_path / "bare.csv"
    path.write_bytes(b"Date,Supplier,Amount\n03/10/2022,Heron,1.00\n")
    told = [
        commanding.check_file(path, "None", basis=AmountBasis.NET),
        commanding.check_file(path, "None", basis=AmountBasis.GROSS),
        commanding.check_file(path, "None"),
        commanding.check_unknown(path, "None", basis=AmountBasis.GROSS),
        check(tmp_path, three_amounts(2), source="None"),
    ]
    assert [(one["basis"], one["basis_from"]) for one in told] == [
        *[("net", "given"), ("gross", "given"), ("net", "assumed"), ("gross", "given"), ("both", "headings")]
    ]
    load(tmp_path, three_amounts(2))
    stands = check(tmp_path, three_amounts(2))
    assert (stands["basis"], stands["basis_from"]) == ("net", "source")
