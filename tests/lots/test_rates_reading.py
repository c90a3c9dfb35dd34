"""Tables of day rates in any of their shapes, and every fault by row, column and value."""

import json
import re
from fractions import Fraction

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import commands
import sheet_commands
from framework.definitions.money import Money, days_from_hours
from framework.records.sheet import Finding, Sheet, SheetRow, after_colon, pasted
from framework.records.sheet_reading import read_sheet
from lots.rate_rules import hours_shown, read_hours
from lots.rates_reading import COLUMNS, MOST_ROWS, check_rates, grid_of
from lots.rates_template import as_csv, as_xlsx
from lots.workforce import LEVELS


def read(text):
    return check_rates(pasted(text, field="rates", most_rows=MOST_ROWS))


def told(text):
    return [one.sentence for one in read(text)[0].findings]


DESIGNER = [("Designer", 3, Money.pounds(600)), ("Designer", 4, Money.pounds("1115.50"))]


@pytest.mark.parametrize(
    "text",
    [
        "Role\tLevel 3\tLevel 4\nDesigner\t600\t1115.50",
        'Job title,L3 (£),4: Lead\nDesigner,£600,"£1,115.50"',
        "Our rate card;\nRole or category of work;Level 4;Level 3\nDesigner;1 115.50;£ 600.00",
        "Level\tDesigner\n3\t600\n4\t1115.5",
        "\tDesigner\tDeveloper\nLevel 3. Something\t600\t\nLevel 4\t1,115.50\tn/a",
        "Role,Level,Day rate\nDesigner,3,600\nDesigner,Level 4,1115.50",
        "Grade,Daily rate (£ net of VAT),Category of work\n3,600,Designer\n4,1115.50,Designer",
        "Designer\t\t\t600\t1115.50",
    ],
)
def test_three_shapes_and_their_many_headings_read_the_same(text):
    checked, lines = read(text)
    assert checked.findings == ()
    assert sorted(lines) == DESIGNER
    assert checked.rows_ready == checked.rows_read


def test_t_62_a_blank_cell_is_not_offered_and_a_nought_is_refused():
    checked, lines = read("Role\tLevel 1\tLevel 2\tLevel 3\tLevel 4\nDesigner\t\t-\tNot offered\t400")
    assert checked.findings == ()
    assert lines == [("Designer", 4, Money.pounds(400))]
    for nought in ("0", "£0.00"):
        (one,) = told(f"Role\tLevel 1\tLevel 2\nDesigner\t{nought}\t400")
        assert one.startswith(f"Row 2, Level 1 (“{nought}”): leave the cell blank")


def test_t_61_a_day_is_as_long_as_the_card_says():
    assert days_from_hours("37.5", hours_shown(read_hours("7.5"))) == 5
    assert days_from_hours("37.5", hours_shown(read_hours("8"))) == Fraction("4.6875")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Designer,500,dear", ["Row 1, Level 2 (“dear”)"]),
        ("Role,Level 1\n,1\nTester,", ["Row 2, Role (blank)"]),
        ("Role,Level 1\nTester,2,9", ["Row 2, after Level 1 (“9”)"]),
        ("Role,Level,Rate\nTester,9,5\nTester,,5", ["Row 2, Level (“9”)", "Row 3, Level (blank)"]),
        ("Role,Level 1,Level 8\nTester,2,9", ["Row 2, Level 8 (“8”)"]),
        ("Role,Level,Rate\nTester,1,5\ntester,1,5", ["Row 3, Rate (“5”)"]),
        ("Role,Level 1,Level 1\nTester,2,", ["Row 1, Level 1 (“Level 1”)"]),
        ("Role,Level 1\n=1+1,5", ["Row 2, Role (“=1+1”)"]),
        ("Role,Level 1\n" + "x" * 81 + ",5", ["Row 2, Role (“" + "x" * 81 + "”)"]),
        ("Role,Level 1\nTester,-5", ["Row 2, Level 1 (“-5”)"]),
        ("Role,Level 1\nTester,", ["Row 2, Level 1 (blank)"]),
        ("Role,Level,Rate inc VAT\nTester,1,5", ["Row 1, Rate inc VAT (“Rate inc VAT”)"]),
        ("Role,Level,Hourly rate\nTester,1,5", ["Row 1, Hourly rate (“Hourly rate”)"]),
        ("Level,Data\nMost senior,5\n2,6", ["Row 2, Level (“Most senior”)"]),
    ],
)
def test_every_fault_is_told_by_row_column_and_value(text, found):
    assert [re.split(r": (?=[a-z])", one)[0] for one in told(text)] == found


def test_a_fault_of_the_headings_leaves_no_row_ready():
    checked, lines = read("Role,Level,Rate including VAT\nTester,1,5\nDesigner,2,6")
    assert (checked.rows_read, checked.rows_ready, lines) == (2, 0, [])
    assert checked.summary["rates"] == []


def test_rows_with_faults_are_counted_and_the_others_are_ready():
    checked, lines = read("Role,Level 1,Level 2\nDesigner,400,x\nTester,300,\nAnalyst,,250\n")
    assert (checked.rows_read, checked.rows_ready, checked.rows_to_mend) == (3, 2, 1)
    assert [line[0] for line in lines] == ["Tester", "Analyst"]


def test_what_was_read_can_be_mended_in_a_table():
    text = "Role,Level,Rate\nDesigner,4,dear\nDesigner,3,600\nTester,9,5\n,2,7"
    grid = grid_of(pasted(text, field="rates", most_rows=10))
    assert grid[0] == ("Designer", ["", "", "600", "dear", "", "", ""])
    assert ("", ["", "7", "", "", "", "", ""]) in grid


def test_columns_that_mean_nothing_to_us_are_told():
    checked, _ = read("Notes,Role,Level 1\nhello,Tester,5")
    assert checked.notes == ("Columns that were not read: “Notes”",)


roles = st.text(st.characters(codec="utf-8", categories=("L", "N", "Zs", "P")), min_size=1, max_size=30).map(
    lambda text: "R" + " ".join(text.split())
)
cells = st.none() | st.integers(1, 10_000_00).map(Money)
tables = st.lists(
    st.tuples(roles, st.lists(cells, min_size=7, max_size=7).filter(any)),
    min_size=1,
    max_size=8,
    unique_by=lambda row: " ".join(row[0].casefold().split()),
)


@given(tables)
def test_what_the_template_says_reads_back_the_same(table):
    wanted = [
        (role, level, cell) for role, row in table for level, cell in zip(LEVELS, row, strict=True) if cell
    ]
    rows = pasted(as_csv(table).removeprefix("\ufeff"), field="rates", most_rows=MOST_ROWS)
    checked, lines = check_rates(rows)
    assert checked.findings == ()
    assert lines == wanted


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_downloaded_template_is_read_from_its_file(kind):
    table = [("Designer", [None, None, Money.pounds(600), Money(111_550), None, None, None])]
    content = as_csv(table).encode() if kind == "csv" else as_xlsx(table)
    checked, lines = check_rates(read_sheet(content, f"rates.{kind}", field="file", most_rows=MOST_ROWS))
    assert checked.findings == ()
    assert lines == DESIGNER


@given(st.lists(st.lists(st.text(max_size=12), max_size=10).map(tuple), max_size=12))
def test_no_table_whatever_makes_it_fail_or_lets_a_bad_line_through(rows):
    sheet = Sheet(tuple(SheetRow(number, cells) for number, cells in enumerate(rows, start=1) if any(cells)))
    checked, lines = check_rates(sheet)
    assert 0 <= checked.rows_ready <= checked.rows_read
    assert len({(role.casefold(), level) for role, level, _ in lines}) == len(lines)
    assert all(role and level in LEVELS and rate.pence > 0 for role, level, rate in lines)
    json.dumps(checked.as_plain())
    grid_of(sheet)


# At the command line


def run(tmp_path, text, *rest):
    path = tmp_path / "rates.csv"
    path.write_text(text)
    done = CliRunner().invoke(commands.tracker, ["rates", "check", str(path), *rest])
    return done.exit_code, json.loads(done.output)


def test_the_command_prints_the_findings_of_the_page_and_no_database_is_needed(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    text = "Role,Level 3,Level 4\nDesigner,600,1115.50\nTester,dear,\n"
    status, said = run(tmp_path, text)
    assert status == 1
    checked, _ = check_rates(read_sheet(text.encode(), "rates.csv", field="file", most_rows=MOST_ROWS))
    assert said == {"file": "rates.csv", **checked.as_plain()}
    assert said["rates"][1] == {"role": "Designer", "level": 4, "day_rate_pence": 111_550}
    status, said = run(tmp_path, text.replace("dear", "1"))
    assert (status, said["rows_to_mend"]) == (0, 0)


def test_the_command_says_why_a_file_cannot_be_read(tmp_path):
    status, said = run(tmp_path, "%PDF-1.7\n")
    assert status == 1
    assert set(said) == {"file", "refused"}
    done = CliRunner().invoke(commands.tracker, ["rates", "check", str(tmp_path / "none.csv")])
    assert done.exit_code == 1
    assert "no such file" in json.loads(done.output)["refused"]


def test_the_command_judges_rises_where_the_partner_is_named(tmp_path, cast, settings, monkeypatch):
    monkeypatch.setattr(sheet_commands, "_settings", lambda: settings)
    text = f"{','.join(COLUMNS)}\nDesigner,,,600,936,,,\n"
    whom = ("--lot", "DP21-4", "--supplier", "Fennel Web")
    status, said = run(tmp_path, text, *whom)
    assert status == 1
    (one,) = said["findings"]
    assert (one["row"], one["column"], one["value"]) == (2, "Level 4", "936")
    assert "£935.00 of rate card version 1" in one["mend"]
    assert run(tmp_path, text.replace("936", "935"), *whom)[0] == 0
    assert run(tmp_path, text)[0] == 0
    alone = CliRunner().invoke(commands.tracker, ["rates", "check", str(tmp_path / "rates.csv"), *whom[:2]])
    assert alone.exit_code == 2
    whom = ("--lot", "DP21-4", "--supplier", "Nobody at all")
    unknown = CliRunner().invoke(commands.tracker, ["rates", "check", str(tmp_path / "rates.csv"), *whom])
    assert unknown.exit_code == 1
    assert "Nobody at all" in unknown.output


def test_what_to_mend_begins_with_a_capital_in_json_and_goes_on_after_a_colon_on_the_page():
    rows = "\n".join(
        (
            "Role,Level,Rate",
            "Tester,9,5",
            "Tester,1,dear",
            "Tester,2,0",
            "=1+1,3,5",
            "Tester,4,5",
            "Tester,5,1",
            "tester,5,1",
        )
    )
    checked, _ = read(rows)
    assert len(checked.findings) == 5
    for one in checked.as_plain()["findings"]:
        assert one["mend"][0].isupper()
    for one in checked.findings:
        assert one.sentence.endswith(f"): {one.mend[0].lower()}{one.mend[1:]}")


def test_an_abbreviation_or_a_name_with_a_capital_inside_keeps_its_first_letter():
    assert (
        Finding(1, "Rate", "", "VAT is not part of it").sentence
        == "Row 1, Rate (blank): VAT is not part of it"
    )
    assert after_colon("DevOps engineer, level 3 is not on your rate card").startswith("DevOps")
    assert after_colon("Tester, level 3 is not on your rate card").startswith("tester")
    assert after_colon("£936.00 is more than the cap") == "£936.00 is more than the cap"
    assert after_colon("") == ""
