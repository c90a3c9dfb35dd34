import io

import pytest

from framework.definitions.rules import Refusal, Refused
from framework.records.apart import work_apart
from framework.records.sheet_reading import read_sheet
from tests.framework.records import files

ROWS = "Role;Level\nDeveloper;£4\n"


def read(content, name="rates.xlsx", **bounds):
    return read_sheet(content, name, field="file", **{"most_rows": 100, **bounds})


def cells(sheet):
    return [row.cells for row in sheet.rows]


def refusal(content, name="rates.xlsx", **bounds):
    with pytest.raises(Refused) as caught:
        read(content, name, **bounds)
    assert [one.field for one in caught.value.refusals] == ["file"]
    return str(caught.value)


@pytest.mark.parametrize("between", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_whatever_stands_between_its_cells_and_however_its_letters_are_written(
    between, encoding
):
    content = ROWS.replace(";", between).encode(encoding)
    assert cells(read(content, "rates.csv")) == [("Role", "Level"), ("Developer", "£4")]


def test_the_heading_line_alone_says_what_stands_between_cells():
    assert cells(read(b'"Role, or so";Level\r\na,b,c,d;4\ra;b', "a.csv")) == [
        ("Role, or so", "Level"),
        ("a,b,c,d", "4"),
        ("a", "b"),
    ]


def test_a_line_of_excels_that_names_the_separator_is_not_a_row():
    sheet = read(b"sep=|\na|b\n1|2\n", "a.csv")
    assert [row.number for row in sheet.rows] == [2, 3]


def test_blank_rows_are_counted_but_not_read():
    assert [row.number for row in read(b"a,b\n\n,\n1,2\n", "a.csv").rows] == [1, 4]


def test_a_workbooks_values_become_plain_text():
    import datetime

    content = files.workbook(
        ("whole", "part", "day", "moment", "truth", "error", "sum"),
        (
            935.0,
            0.1 + 0.2,
            datetime.date(2022, 11, 22),
            datetime.datetime(2022, 11, 22, 9, 30),
            True,
            "#N/A",
            1e-7,
        ),
    )
    assert cells(read(content))[1] == (
        "935",
        "0.3",
        "2022-11-22",
        "2022-11-22 09:30",
        "TRUE",
        "#N/A",
        "0.0000001",
    )


def test_a_table_that_begins_further_down_and_to_the_right_keeps_its_rows_and_columns():
    def move(book):
        book.active.delete_rows(1, 2)
        book.active["C4"], book.active["D4"], book.active["D6"] = "Role", "Level", 4

    sheet = read(files.workbook(change=move))
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (4, ("", "", "Role", "Level")),
        (6, ("", "", "", "4")),
    ]


def test_what_is_hidden_or_calculated_is_read_and_said():
    def hide(book):
        sheet = book.active
        sheet.append(["=1+1", "=2+2"])
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["B"].hidden = True
        book.create_sheet("Notes").append(["x"])
        book.create_sheet("Secret").sheet_state = "hidden"

    content = files.workbook(change=hide)
    saved = files.repacked(
        content,
        lambda members: {
            **members,
            "xl/worksheets/sheet1.xml": members["xl/worksheets/sheet1.xml"].replace(
                b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"
            ),
        },
    )
    sheet = read(saved)
    assert cells(sheet) == [("Role", "Level"), ("Developer", "4"), ("2", "")]
    assert sheet.notes == (
        "Only the sheet “Sheet” was read. Left out: “Notes”",
        "Left out because hidden: “Secret”",
        "Row 2 is hidden and was read",
        "Column B is hidden and was read",
        "A3 is a formula: its last saved value was used",
        "B3 is a formula without a saved value and was read as blank: open the file, save it and choose it again",
    )


def test_an_open_document_sheet_is_read_with_what_is_hidden():
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    sum_cell = '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"><text:p>2</text:p>'
    rows = (
        f"<table:table-row>{cell.format('a')}{cell.format('b')}</table:table-row>"
        f'<table:table-row table:visibility="collapse">{cell.format("c")}{sum_cell}</table:table-cell></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    content = (
        f'<office:document-content{names}><office:body><office:spreadsheet><table:table table:name="One">'
        f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    members = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content.encode(),
        "META-INF/manifest.xml": b"<manifest/>",
    }
    sheet = read(files.packed(members), "rates.ods")
    assert cells(sheet) == [("a", "b"), ("c", "2")]
    assert sheet.notes == (
        "Row 2 is hidden and was read",
        "B2 is a formula: its last saved value was used",
    )
    again = members | {"META-INF/manifest.xml": b"<manifest><encryption-data/></manifest>"}
    assert "password" in refusal(files.packed(again), "rates.ods")


AWKWARD = {
    "empty": (b"", "a.csv", "empty"),
    "spaces": (b" \n \n", "a.csv", "empty"),
    "only heads": (b"Role,Level\n", "a.csv", "no rows below its first"),
    "only heads in a workbook": (files.workbook(("Role", "Level")), "a.xlsx", "no rows below its first"),
    "a workbook under the name of text": (files.workbook(), "a.csv", "is an .xlsx workbook but"),
    "text under the name of a workbook": (b"a,b\n1,2\n", "a.xlsx", "is text (CSV) but"),
    "no ending": (b"a,b\n1,2\n", "rates", "its name has no ending"),
    "a picture": (files.picture(), "a.csv", "This is a PNG picture"),
    "a PDF": (b"%PDF-1.7\n%%EOF", "a.xlsx", "This is a PDF"),
    "a page of the web": (b"<html><table><tr><td>1</td></tr></table>", "a.xls", "a web page or XML"),
    "a program": (b"MZ\x90\x00", "a.csv", "This is a program"),
    "NUL": (b"a,b\n1,\x002\n", "a.csv", "something unknown"),
    "NUL in UTF-16": ("a,b\n1,\0\n".encode("utf-16"), "a.csv", "letters in this file"),
    "letters of no alphabet": (b"a,b\n\x81\x8d,2\n", "a.csv", "letters in this file"),
    "an open quotation mark": (b'a,b\n"' + b"x" * 50_000, "a.csv", "near line"),
    "a long cell": (f"a,b\n1,{'x' * 5001}\n".encode(), "a.csv", "Row 2, column B holds 5,001"),
    "too many columns": (b"a," * 61 + b"b\n1,2\n", "a.csv", "Row 1 has more than 60 columns"),
    "a far cell": (
        files.workbook(change=lambda book: book.active.cell(1_000_000, 2, "x") and None),
        "a.xlsx",
        "as far as row 1,000,000",
    ),
    "a far column": (
        files.workbook(change=lambda book: book.active.cell(1, 16_384, "x") and None),
        "a.xlsx",
        "as far as column XFD",
    ),
    "macros": (files.with_member(files.workbook(), "xl/vbaProject.bin", b"x"), "a.xlsx", "holds macros"),
    "a name with macros": (files.workbook(), "a.xlsm", "holds macros"),
    "a document type": (
        files.with_member(
            files.workbook(),
            "xl/worksheets/sheet1.xml",
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet><sheetData/></worksheet>',
        ),
        "a.xlsx",
        "damaged",
    ),
    "a locked workbook": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "a.xlsx",
        "password",
    ),
    "half a workbook": (files.workbook()[:2000], "a.xlsx", "damaged"),
    "an older workbook that is none": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "a.xls", "damaged"),
    "a container in a container": (files.packed({"a.xlsx": files.workbook()}), "a.xlsx", "ZIP archive"),
    "a binary workbook": (files.packed({"xl/workbook.bin": b"x"}), "a.xlsb", ".xlsb"),
    "climbing names": (files.with_member(files.workbook(), "../../a.xml", b"x"), "a.xlsx", "damaged"),
    "a name twice": (files.with_member(files.workbook(), "XL/workbook.xml", b"x"), "a.xlsx", "damaged"),
    "no sheet to see": (
        files.repacked(
            files.workbook(),
            lambda members: {
                **members,
                "xl/workbook.xml": members["xl/workbook.xml"].replace(b'"visible"', b'"hidden"'),
            },
        ),
        "a.xlsx",
        "no sheet that can be seen",
    ),
}


@pytest.mark.parametrize("what", AWKWARD)
def test_an_awkward_file_is_answered_in_words(what):
    content, name, words = AWKWARD[what]
    assert words in refusal(content, name)


@pytest.mark.parametrize("bomb", [files.zip_bomb, files.lying_zip])
def test_a_container_that_opens_to_far_more_than_it_says_is_not_opened(bomb):
    content = bomb(100)
    assert len(content) < 300_000
    assert "too big to read" in refusal(content) or "damaged" in refusal(content)


def test_a_million_rows_are_refused_before_they_are_read():
    assert "100 rows are the most" in refusal(files.streamed(1_000_000, ["x"]))
    assert "more than 100 rows" in refusal(files.streamed(5_000, ["x", 1]))
    assert "more than 100 rows" in refusal(b"a,b\n" + b"1,2\n" * 1_000_000, "a.csv")


def test_as_many_rows_as_asked_for_are_read_and_not_one_more():
    assert len(read(b"a,b\n" + b"1,2\n" * 100, "a.csv").rows) == 101
    assert len(read(files.streamed(101, ["x", 1])).rows) == 101
    assert "more than 100" in refusal(b"a,b\n" + b"1,2\n" * 101, "a.csv")
    assert "more than 100" in refusal(files.streamed(102, ["x", 1]))


def test_a_file_that_takes_all_the_memory_kills_only_its_own_reader():
    strings = b"<sst>" + b"".join(b"<si><t>%dxxxxxxxx</t></si>" % n for n in range(1_900_000)) + b"</sst>"
    tangled = files.with_member(files.workbook(), "xl/sharedStrings.xml", strings)
    answered = None
    try:
        read(tangled)
    except Refused as refused:
        answered = str(refused)
    assert answered is None or "too big" in answered
    assert cells(read(files.workbook())) == [("Role", "Level"), ("Developer", "4")]


def test_the_reader_has_none_of_our_secrets(monkeypatch):
    from framework.definitions.rules import Refusal
    from framework.records.apart import work_apart

    monkeypatch.setenv("SECRET_KEY", "not for strangers")
    told = {"outcome": "told"}
    said = work_apart(
        "tests.framework.records.apart_works:environment", b"", told, too_much=Refusal("no")
    ).said
    assert "SECRET_KEY" not in said


@pytest.mark.parametrize("work", ["dies", "eats", "exits"])
def test_a_reader_that_falls_over_is_answered_in_words(work):
    from framework.definitions.rules import Refusal
    from framework.records.apart import work_apart

    with pytest.raises(Refused, match="too tangled"):
        work_apart(
            f"tests.framework.records.apart_works:{work}", b"", {}, too_much=Refusal("too tangled", "file")
        )


def test_an_upload_reads_like_any_bytes():
    assert cells(read(io.BytesIO(files.workbook()).getvalue())) == [("Role", "Level"), ("Developer", "4")]


def test_a_reader_that_falls_over_says_why_in_the_log_and_nothing_of_the_file(caplog):
    with pytest.raises(Refused):
        work_apart("framework.records.no_such_room:read", b"secret words", {}, too_much=Refusal("Too much"))
    assert "No module named" in caplog.text
    with pytest.raises(Refused):
        work_apart("json:loads", b"secret words", {}, too_much=Refusal("Too much"))
    assert "fell over" in caplog.text
    assert "secret words" not in caplog.text
