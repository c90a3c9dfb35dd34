"""Files and forms that no browser of ours would send: answered in words, within seconds, whatever is in them."""

import io
import re
import time

import pytest

from calloffs.spend import reading
from framework.attaching import what_is_wrong
from framework.definitions.rules import Refused

# Uploads

POLYGLOTS = {
    "a page before the header": b"<html><script>alert(1)</script>%PDF-1.7\n%%EOF\n",
    "no end": b"%PDF-1.7\nnothing",
    "nothing": b"",
    "a program": b"MZ\x90\x00",
    "another version": b"%PDF-9.9\n%%EOF",
    "half a header": b"%PDF",
}


@pytest.mark.parametrize("what", POLYGLOTS)
def test_only_a_whole_pdf_is_kept_as_the_agreement_document(town, attack, what):
    assert what_is_wrong(POLYGLOTS[what])
    for name in ("agreement.pdf", "../../etc/passwd", 'a".pdf\r\nX: y', "x" * 400 + ".pdf"):
        sent = {"document": (io.BytesIO(POLYGLOTS[what]), name)}
        answer = attack("Nell").strike(
            f"/agreements/{town['drafts'][0]}/document/attach", sent, content_type="multipart/form-data"
        )
        assert answer.status_code == 422


def test_a_path_in_a_file_name_is_forgotten(town, attack):
    sent = {"document": (io.BytesIO(b"%PDF-1.7\n%%EOF\n"), '../../etc/pa"ss\twd\u202e.html')}
    address = f"/agreements/{town['drafts'][0]}/document"
    nell = attack("Nell")
    assert nell.strike(f"{address}/attach", sent, content_type="multipart/form-data").status_code == 303
    said = nell.look(address).headers["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9 _-]+\.pdf"', said), said


HEAD = "call_off_reference,invoice_number,invoice_date,received_date,description,net,vat,gross\n"
SHEETS = {
    "UTF-16": HEAD.encode("utf-16"),
    "NUL": HEAD.encode() + b"\x00,,,,,,,\n",
    "no words": b"\xff\xfe\xfa" * 100,
    "a workbook": b"PK\x03\x04rest",
    "only heads": HEAD.encode(),
    "nothing": b"",
    "one column": b"a\nb\nc\n",
    "open quote": HEAD.encode() + b'"' + b"x" * 200_000,
    "wide": b",".join([b"c"] * 200_000) + b"\n" + b",".join([b"d"] * 200_000),
    "a million rows": HEAD.encode() + b"X,,,,,,,\n" * 500_000,
    "blank rows": HEAD.encode() + b",,,,,,,\n" * 500_000,
}


@pytest.mark.parametrize("what", SHEETS)
def test_a_hostile_file_of_invoices_is_answered_in_words_and_soon(attack, what):
    sent = {"file": (io.BytesIO(SHEETS[what]), f"{what}\x00\x1f.csv")}
    began = time.process_time()
    answer = attack("Nell").strike("/spend/imports/", sent, content_type="multipart/form-data")
    assert answer.status_code == 422, what
    assert b"govuk-error-message" in answer.data
    assert time.process_time() - began < 10


def test_cells_of_five_thousand_characters_and_formulas_are_findings_not_failures(attack):
    rows = "".join(
        f'"{"=1+1" if n % 2 else "x" * 5000}",²,31/02/2022,x,@SUM(A1),1e9,NaN,"£1,00"\n' for n in range(300)
    )
    sent = {"file": (io.BytesIO((HEAD + rows).encode()), "=cmd|x.csv")}
    nell = attack("Nell")
    answer = nell.strike("/spend/imports/", sent, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert nell.look(answer.headers["Location"]).status_code == 200
    found = nell.look(answer.headers["Location"] + "/findings.csv").get_data(as_text=True)
    assert "'=1+1" in found
    assert not re.search(r"(^|,)[=@]", found, re.MULTILINE)


def test_lines_of_a_file_can_be_refused_without_a_database():
    with pytest.raises(Refused):
        reading.read_rows(SHEETS["a million rows"])


# Rows of forms

ROWS = [
    f"{name}-{number}-{field}"
    for number in ("²", "9" * 5000, "-1", "1e9", "٣", "99999999")
    for name, field in (("people", "name"), ("benefits", "owner"), ("options", "months"), ("rates", "role"))
]


def test_odd_row_numbers_are_passed_over_by_every_form_with_rows(town, attack):
    odd = dict.fromkeys(ROWS, "x")
    faye, nell = attack("Faye"), attack("Nell")
    answer = f"/offers/{town['offers'][0]}/answer"
    assert faye.strike(answer, odd).status_code == 422
    assert faye.strike(answer, {**odd, "save": "yes"}).status_code == 303
    assert faye.look(answer).status_code == 200
    assert nell.strike(f"/call-offs/{town['before'][0]}/draft/money", odd).status_code in (303, 422)
    assert nell.strike("/cases/new", odd).status_code == 422
    assert nell.strike(f"/lots/DP21-4/partners/{town['places'][0]}/rates/new", odd).status_code == 422
    many = {f"benefits-{number}-owner": "x" for number in range(3000)}
    assert nell.strike("/cases/new", many).status_code == 422


@pytest.mark.parametrize("odd", ["\x00", "²", "9" * 5000, "-1", "' OR 1=1 --", "%", "_", "\\", "\ud800"])
def test_odd_questions_in_an_address_are_answered(town, attack, odd, both_databases):
    nell = attack("Nell")
    for address in (
        "/call-offs/",
        "/cases/",
        "/agreements/",
        "/spend/agreements/DP21/call-offs",
        "/call-offs/new",
        "/agreements/open",
        "/partners/new",
        f"/call-offs/{town['before'][0]}/fits",
        "/lots/DP21-4/partners/new",
    ):
        asked = dict.fromkeys(
            ("after", "words", "lot", "status", "show", "copy", "supplier", "base", "missing", "mine"), odd
        )
        if odd == "\ud800":
            asked = dict.fromkeys(asked, "%ED%A0%80")
        answer = nell.look(address, query_string=asked)
        assert answer.status_code in (200, 303, 404, 422), (address, odd)
