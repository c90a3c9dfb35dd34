"""The pages of extracts: three steps from Spend, everything asked once, and taking an import back."""

import io

import pytest

from tests.calloffs.extracts.councils import repeated_rows, standard_columns, text_of, three_amounts
from tests.calloffs.extracts.loading import SOURCE, standing


@pytest.fixture
def finn(visit):
    """Finn, with a source added on its page."""
    own = visit("Finn")
    own.send(
        "/spend/extracts/sources/new",
        {"name": SOURCE, "basis": "net"},
    )
    return own


def upload(own, rows, status=303, name="october.csv"):
    shown = own.get("/spend/extracts/new")
    values = shown.values()
    content = rows if isinstance(rows, bytes) else text_of(rows)
    values["file"] = (io.BytesIO(content), name)
    values.setdefault("source", "1")
    return own.post("/spend/extracts/new", values, status, content_type="multipart/form-data")


def stood(app):
    with app.app_context():
        return standing()


def test_three_steps_from_spend(app, finn):
    spend = finn.get("/spend/")
    assert "/spend/extracts/new" in spend.links
    sent = upload(finn, standard_columns())
    shown = finn.follow(sent)
    for said in (
        "30 new rows, 0 changed, 0 not read",
        "Net of VAT, rows kept",
        "Contract",
        "Nothing is saved yet",
    ):
        assert said in shown.text
    assert stood(app) == (0, 0)
    done = finn.follow(finn.send(shown, {}, to=f"{sent.location}/confirm"))
    assert "Loaded" in done.text
    assert stood(app)[0] == 30
    listed = finn.get("/spend/extracts/")
    assert "october.csv" in listed.text
    assert "Can be taken back until 22 December 2022" in listed.text


def test_the_basis_is_said_before_anything_is_loaded(finn):
    refused = finn.send("/spend/extracts/sources/new", {"name": "Other", "basis": None}, status=422)
    assert refused.errors == ["Choose what the amounts in its files are"]
    refused = finn.send("/spend/extracts/sources/new", {"name": SOURCE.upper(), "basis": "net"}, status=422)
    assert refused.errors == ["There is a source of this name already. Choose another name"]


def test_an_unknown_column_is_asked_about_once(app, finn):
    rows = [[*one, "Weekly" if at else "Frobnication"] for at, one in enumerate(standard_columns())]
    sent = upload(finn, rows)
    shown = finn.follow(sent)
    assert "Nobody has said yet what 1 column of the file is: Frobnication" in shown.text
    refused = finn.send(shown, {}, to=f"{sent.location}/confirm", status=422)
    assert refused.errors == ["Say first what these columns are, or leave them out: Frobnication"]
    asked = finn.get(f"{sent.location}/columns")
    assert "For example: Weekly" in asked.text
    again = finn.send(asked, {"column-10": ""}, status=422)
    assert again.errors == ["Choose what “Frobnication” is, or leave it out"]
    twice = finn.send(asked, {"column-10": "net_pence"}, status=422)
    assert "cannot both be amount net of vat" in twice.errors[0]
    shown = finn.follow(finn.send(asked, {"column-10": "leave-out"}))
    assert "Nobody has said" not in shown.text
    finn.send(shown, {}, to=f"{sent.location}/confirm")
    assert "Nobody has said" not in finn.follow(upload(finn, rows)).text
    assert stood(app)[0] == 30


def test_a_row_that_cannot_be_read_is_mended_in_place_or_left_out_knowingly(app, finn):
    rows = [list(one) for one in three_amounts(4)]
    rows[2][1], rows[3][5] = "yesterday", "lots"
    sent = upload(finn, rows)
    shown = finn.follow(sent)
    assert "2 new rows, 0 changed, 2 not read" in shown.text
    refused = finn.send(shown, {}, to=f"{sent.location}/confirm", status=422)
    assert refused.errors == ["Mend the rows that cannot be read, or tick that they are left out"]
    assert "yesterday" in finn.get(f"{sent.location}/rejects").text
    file = finn.get(f"{sent.location}/rejects.csv").response.get_data(as_text=True)
    assert "yesterday" in file
    assert file.startswith("\ufeffrow,column,value,what_to_do,Authority Name")
    row = finn.get(f"{sent.location}/rows/3")
    wrong = finn.send(row, {"cell-1": "32/10/2022", "then": "mend"}, status=422)
    assert wrong.values()["cell-1"] == "32/10/2022"
    shown = finn.follow(finn.send(row, {"cell-1": "04/10/2022", "then": "mend"}))
    assert "3 new rows, 0 changed, 1 not read" in shown.text
    shown = finn.follow(finn.send(f"{sent.location}/rows/4", {"then": "leave"}))
    assert "3 new rows, 0 changed, 0 not read" in shown.text
    finn.send(shown, {}, to=f"{sent.location}/confirm")
    assert stood(app) == (3, 1_000 + 2_000 + 4_000)


def test_rows_that_look_alike_are_asked_about_by_group_and_kept_unless_left_out(app, finn):
    sent = upload(finn, repeated_rows(12))
    shown = finn.follow(sent)
    refused = finn.send(shown, {}, to=f"{sent.location}/confirm", status=422)
    assert "tick that the ones left in are to be kept" in refused.errors[0]
    groups = finn.get(f"{sent.location}/alike")
    assert len(groups.all("fieldset")) == 2
    shown = finn.follow(finn.send(groups, {"leave": ["3", "4"]}))
    assert "10 new rows" in shown.text
    assert finn.get(f"{sent.location}/alike").values()["leave"] == ["3", "4"]
    finn.send(shown, {}, to=f"{sent.location}/confirm")
    assert stood(app)[0] == 10


def test_the_wrong_councils_file_needs_a_tick_before_anything_is_saved(app, finn):
    rows = [["Southmere Borough Council", *one[1:]] if at else one for at, one in enumerate(three_amounts())]
    sent = upload(finn, rows)
    shown = finn.follow(sent)
    assert (
        "The file names “Southmere Borough Council”. The source Northbank payments belongs to Northbank"
        in shown.text
    )
    refused = finn.send(shown, {}, to=f"{sent.location}/confirm", status=422)
    assert "Look at the warnings, and tick that this is the right file" in refused.errors
    assert stood(app) == (0, 0)
    finn.send(shown, {"is_right": "y"}, to=f"{sent.location}/confirm")
    assert "Southmere Borough Council" in finn.get("/spend/extracts/sources/").text
    assert "The file names" not in finn.follow(upload(finn, rows)).text


def test_a_corrected_row_is_shown_before_and_after_and_can_be_taken_back(app, finn):
    rows = [list(one) for one in standard_columns()]
    first = upload(finn, rows)
    finn.send(finn.follow(first), {}, to=f"{first.location}/confirm")
    before = stood(app)
    rows[5][7] = "1000.00"
    second = upload(finn, rows)
    shown = finn.follow(second)
    assert "0 new rows, 1 changed, 0 not read" in shown.text
    assert "Amount net of VAT £4.10 £1,000.00" in shown.text
    finn.send(shown, {}, to=f"{second.location}/confirm")
    assert "changed later by import 2" in finn.get(f"{first.location}/undo").text
    finn.send(f"{second.location}/undo", {})
    assert stood(app) == before
    done = finn.follow(finn.send(f"{first.location}/undo", {}))
    assert "Taken back" in done.text
    assert stood(app) == (0, 0)


def test_a_large_file_shows_how_far_it_is_and_goes_on_when_somebody_looks(app, finn, monkeypatch):
    monkeypatch.setattr("calloffs.extracts.taking.SMALL", 0)
    for where in ("staging", "confirming"):
        monkeypatch.setattr(f"calloffs.extracts.{where}.AT_ONCE", 20)
    sent = upload(finn, standard_columns(60))
    shown = finn.get(sent.location)
    assert "Waiting to be read" in shown.text
    fragment = finn.get(f"{sent.location}/progress", headers={"HX-Request": "true"})
    assert 'hx-trigger="load delay:600ms"' in fragment.html
    for said in ("0 of 60 rows, 0 %", "20 of 60 rows, 33 %"):
        assert said in finn.get(sent.location).text
        finn.get(f"{sent.location}/progress")
    finn.get(f"{sent.location}/progress")
    finn.get(f"{sent.location}/progress", status=303)
    done = finn.get(f"{sent.location}/progress", status=204, headers={"HX-Request": "true"})
    assert done.response.headers["HX-Redirect"] == sent.location
    finn.send(sent.location, {}, to=f"{sent.location}/confirm")
    assert "Being saved: 0 of 60 rows" in finn.get(sent.location).text
    while finn.get(sent.location).text.count("Being saved"):
        finn.client.get(f"{sent.location}/progress")
    assert stood(app)[0] == 60


def test_a_file_that_cannot_be_read_is_told_beside_the_field(finn):
    assert upload(finn, b"", 422).errors == ["The file is empty. Choose another"]
    assert upload(finn, b"x", 422, "picture.png").errors == ["Choose a CSV, XLSX, XLS or ODS file"]


def test_an_unwanted_file_is_forgotten(finn):
    sent = upload(finn, standard_columns())
    finn.send(sent.location, {}, to=f"{sent.location}/forget")
    assert "is forgotten" in finn.get(sent.location).text


@pytest.mark.parametrize("who", ["Asha", "Fern", "Faye", "Ari"])
def test_others_see_no_import_and_no_source(finn, visit, who):
    sent = upload(finn, standard_columns())
    other = visit(who)
    for rest in ("", "/columns", "/rejects", "/alike", "/undo", "/progress"):
        other.get(f"{sent.location}{rest}", status=404)
    other.get("/spend/extracts/sources/1", status=404)


def test_an_auditor_reads_and_changes_nothing(finn, visit):
    sent = upload(finn, standard_columns())
    audra = visit("Audra")
    shown = audra.get(sent.location)
    assert not [
        one
        for one in shown.all("form")
        if one.get("method") == "post" and "extracts" in (one.get("action") or "")
    ]
    audra.get(f"{sent.location}/columns", status=404)
