"""Sheets of people as partners write them: in any order, in their own words, and with cells that mean harm."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framework.definitions.money import Money
from framework.definitions.rules import Refused
from framework.records.sheet import pasted
from framework.records.sheet_reading import read_sheet
from lots.person_rules import Card, against, tidied
from lots.person_warnings import warnings
from lots.skillset_reading import MOST_ROWS_READ, check_people
from lots.skillset_sheet import as_csv, as_workbook
from lots.workforce import Clearance, Depth, Employment, Payroll, Place
from tests.cast import RATES
from tests.lots.people import GOOD, HEAD, facts, forty

CARD = Card.of(1, {key: Money.pounds(pounds) for key, pounds in RATES.items()})


def read(text, card=CARD):
    return check_people(pasted(text, field="file", most_rows=MOST_ROWS_READ), card)


def one(**cells):
    """One row under headings of its own: a whole person, but for these cells."""
    row = dict(zip(HEAD.split("\t"), GOOD.format(name="Gwen").split("\t"), strict=True))
    row.update(cells)
    return read("\t".join(row) + "\n" + "\t".join(row.values()))


def test_forty_rows_with_three_bad_ones_are_37_ready_and_3_to_mend():
    checked, rows = read(forty())
    assert (checked.rows_read, checked.rows_ready, checked.rows_to_mend) == (40, 37, 3)
    assert [(f.row, f.column, f.value) for f in checked.findings] == [
        (7, "Level", "9"),
        (20, "Places", "Atlantis"),
        (43, "Day rate", "lots"),
    ]
    assert all(finding.mend for finding in checked.findings)
    assert sum(row.ready for row in rows) == 37


def test_columns_stand_in_any_order_under_other_headings():
    text = (
        "Location,Start date,Grade,Job title,Capacity,IR35,Employed as,Key skills,Resource,Colour\n"
        'Remote / London,2022-12-01,L4,designer,Full time,PAYE,sub contractor,"Figma: expert, Sketch: working",Siân,red\n'
    )
    checked, rows = read(text)
    assert checked.findings == ()
    person = rows[0].person
    assert person.role == "Designer"
    assert person.level == 4
    assert person.skills == (("Figma", Depth.EXPERT), ("Sketch", Depth.WORKING))
    assert person.places == (Place.OFFSITE, Place.LONDON)
    assert (person.quarter_days, person.employment) == (20, Employment.SUBCONTRACTOR)
    assert person.off_payroll is Payroll.CONTRACTED_OUT
    assert any("Colour" in note for note in checked.notes)


def test_skills_may_stand_in_columns_with_their_depths_beside_them():
    text = (
        "Role\tLevel\tSkill 1\tDepth 1\tSkill 2\tDepth 2\tDays a week\tAvailable from\tPlaces\tEmployment\tOff-payroll\n"
        "Designer\t4\tFigma\texpert\tSketch\tworking\t2.5\t1/12/2022\tWales\tEmployee\tNo\n"
        "Designer\t4\tFigma\tvery\t\t\t2.5\t1/12/2022\tWales\tEmployee\tNo\n"
    )
    checked, rows = read(text)
    assert rows[0].person.skills == (("Figma", Depth.EXPERT), ("Sketch", Depth.WORKING))
    assert [(f.row, f.column, f.value) for f in checked.findings] == [(3, "Depth 1", "very")]


@pytest.mark.parametrize(
    ("column", "written", "field", "meant"),
    [
        ("Clearance", "Security Check (SC)", "clearance", Clearance.SC),
        ("Clearance", "sc cleared", "clearance", Clearance.SC),
        ("Employment", "Sub contractor's employee", "employment", Employment.SUBCONTRACTORS_EMPLOYEE),
        ("Employment", "SUBCONTRACTOR", "employment", Employment.SUBCONTRACTOR),
        ("Places", "remote", "places", (Place.OFFSITE,)),
        ("Places", "Yorkshire and the Humber", "places", (Place.YORKSHIRE,)),
        ("Places", "London and Wales", "places", (Place.LONDON, Place.WALES)),
        ("Places", "Anywhere", "places", tuple(Place)),
        ("Days a week", "2.5 days", "quarter_days", 10),
        ("Available from", "2022-12-05", "available_from", date(2022, 12, 5)),
        ("Available from", "now", "available_from", date(2022, 11, 22)),
        ("Available to", "ongoing", "available_to", None),
        ("Level", "Level 3", "level", 3),
        ("Skills", "C++ (expert) C# (working)", "skills", (("C++", Depth.EXPERT), ("C#", Depth.WORKING))),
        ("Skills", "SQL (T-SQL) (expert)", "skills", (("SQL (T-SQL)", Depth.EXPERT),)),
        ("Off-payroll", "Limited company", "off_payroll", Payroll.OWN_COMPANY),
        ("Day rate", "£600.00", "day_rate", Money.pounds(600)),
    ],
)
def test_what_people_write_is_understood(column, written, field, meant):
    cells = {column: written, "Day rate": "500"} if column == "Level" else {column: written}
    checked, rows = one(**cells)
    assert checked.findings == ()
    assert getattr(rows[0].person, field) == meant


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ("Level", "9"),
        ("Level", ""),
        ("Role", ""),
        ("Role", "Wizard"),
        ("Skills", "Figma"),
        ("Skills", ""),
        ("Days a week", "0"),
        ("Days a week", "2.3"),
        ("Available from", "31/02/2023"),
        ("Available to", "01/01/2020"),
        ("Places", "Atlantis"),
        ("Clearance", "Top secret"),
        ("Clearance date", "01/01/2030"),
        ("Employment", "cousin"),
        ("Off-payroll", "outside"),
        ("Off-payroll", ""),
        ("Day rate", "936"),
        ("Day rate", "lots"),
        ("Name", "=cmd|' /C calc'!A0"),
        ("Name", "N" * 4000),
    ],
)
def test_what_cannot_be_is_one_finding_at_its_own_cell(column, written):
    checked, _ = one(**{column: written})
    assert [finding.column for finding in checked.findings] == [column]
    assert checked.findings[0].value == written[:80]
    assert checked.rows_ready == 0


@pytest.mark.parametrize("name", ["Siân Ŵyn", "🎨 Person", "O’Brien\x07", "Anne-Marie d'Arcy", "李雷"])
def test_names_are_kept_as_they_are_written(name):
    checked, rows = one(Name=name)
    assert checked.rows_ready == 1
    assert rows[0].person.name == name.replace("\x07", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("one\ttwo\nthree\tfour", "no row of headings"),
        (HEAD, "no people below the headings"),
        (HEAD.replace("Employment\t", "").replace("Level\t", "") + "\nx", "Level or Employment"),
        ("\n".join([HEAD, *[GOOD.format(name="A")] * 201]), "201 rows"),
        ("\n".join([HEAD, *[GOOD.format(name="A")] * 240]), "240 rows. Put 200 people or fewer"),
    ],
)
def test_a_sheet_that_cannot_be_used_is_refused_in_words(text, said):
    with pytest.raises(Refused, match=said) as refused:
        read(text)
    assert refused.value.refusals[0].field == "file"


@pytest.mark.parametrize("days", ["0", "8", "many", "2.1", "200000"])
def test_days_a_week_are_refused_with_their_real_bounds(days):
    checked, _ = read("\n".join([HEAD, GOOD.format(name="A").replace("\t5\t", f"\t{days}\t")]))
    (one,) = checked.findings
    assert one.mend == "Enter days a week from 0.25 to 7, in quarter days, like 5 or 2.5"


def test_somebody_named_twice_is_told_of_once_by_name():
    said = warnings([facts(name="Same Guy"), facts(name="Same Guy")])
    assert said == ["Same Guy is here twice, and the days overlap: 10 days a week together"]


def test_doubled_people_are_told_by_their_rows():
    text = "\n".join([HEAD, GOOD.format(name="Gwen"), GOOD.format(name="gwen")])
    checked, _ = read(text)
    assert checked.rows_ready == 2
    assert any("Row 3 has the same name as Row 2" in note for note in checked.notes)


_LETTERS = st.characters(
    min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn")
)
_WORDS = st.text(_LETTERS, max_size=30)
_PEOPLE = st.builds(
    facts,
    name=_WORDS,
    role=st.just("Designer") | st.just("developer"),
    level=st.sampled_from((4,)),
    skills=st.lists(st.tuples(_WORDS, st.sampled_from(Depth)), min_size=1, max_size=4).map(tuple),
    quarter_days=st.integers(1, 28),
    available_from=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    available_to=st.none() | st.dates(date(2030, 1, 1), date(2035, 1, 1)),
    places=st.sets(st.sampled_from(Place), min_size=1).map(tuple),
    clearance=st.sampled_from((Clearance.SC, Clearance.DV)),
    clearance_on=st.none() | st.dates(date(2010, 1, 1), date(2022, 1, 1)),
    employment=st.sampled_from(Employment),
    off_payroll=st.sampled_from(Payroll),
    day_rate=st.none() | st.integers(1, 85_000).map(Money),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_PEOPLE, min_size=1, max_size=6))
def test_whatever_may_be_put_forward_reads_back_the_same_from_its_export(people):
    whole = [put for put in (tidied(one, CARD) for one in people) if not against(put, CARD)]
    if not whole:
        return
    _, rows = check_people(
        pasted(as_csv(whole).removeprefix("\ufeff"), field="file", most_rows=MOST_ROWS_READ), CARD
    )
    assert [row.findings for row in rows] == [()] * len(whole)
    assert [row.person for row in rows] == whole


def test_both_files_read_back_the_same_through_the_reader_of_uploads():
    people = [
        facts(name="Siân Ŵyn", day_rate=Money.pounds("612.5"), available_to=date(2023, 5, 1)),
        facts(name="", skills=(("C, and C++", Depth.WORKING), ("2.0", Depth.EXPERT)), places=tuple(Place)),
        facts(clearance=Clearance.SC, clearance_on=date(2020, 2, 29), quarter_days=9),
    ]
    for name, content in (
        ("people.csv", as_csv(people).encode()),
        ("people.xlsx", as_workbook(people, CARD)),
    ):
        checked, rows = check_people(read_sheet(content, name, field="file", most_rows=MOST_ROWS_READ), CARD)
        assert checked.findings == ()
        assert [row.person for row in rows] == people
