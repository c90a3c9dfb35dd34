"""Supplying: skills by partner, gaps first, and the list of what a lot is expected to supply."""

from datetime import date

import pytest

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from lots import finding
from lots.appointment import Appointment
from lots.lot import Lot
from lots.supplying import Cell, expected_of, keep_expected, matrix
from lots.workforce import Depth
from tests.calloffs.building import awarded
from tests.lots.skilled import skillset, who
from tests.statements import counted

TODAY = date(2022, 11, 22)


@pytest.fixture
def seven(session, cast):
    return session.get_one(Lot, cast.lot[7])


@pytest.fixture
def keep(session, cast):
    def kept(lot, *skills, by="Olu"):
        of = session.get_one(FrameworkAgreement, cast.agreement)
        keep_expected(session, actor=cast.visitor(session, by), lot=lot, agreement=of, skills=skills)

    return kept


def _knows(name, **skills):
    return who(name, skills={skill.replace("_", " "): depth for skill, depth in skills.items()})


def _rows(found):
    return {row.skill: [one.people for one in row.cells] for row in found.rows}


def test_people_are_counted_by_skill_and_partner_with_the_deepest_depth(session, cast, seven):
    skillset(
        session,
        cast.appointment[7, "Quill Works"],
        _knows("Nia", Java=Depth.WORKING),
        _knows("Ola", Java=Depth.EXPERT, Python=Depth.AWARENESS),
    )
    skillset(session, cast.appointment[7, "Tern Systems"], _knows(None, java=Depth.PRACTITIONER))
    found = matrix(session, [seven], TODAY)
    assert [one.name for one in found.partners] == ["Fennel Web", "Quill Works", "Tern Systems"]
    assert [one.name for one in found.without_skillset] == ["Fennel Web"]
    java = next(row for row in found.rows if row.skill == "Java")
    assert java.cells == (Cell(), Cell(2, Depth.EXPERT), Cell(1, Depth.PRACTITIONER))
    assert _rows(found) == {"Python": [0, 1, 0], "Java": [0, 2, 1]}
    assert found.headline == "No gap: each of 2 skills has a partner; 1 has only one."


def test_the_skills_with_the_fewest_partners_come_first(session, cast, seven, keep):
    keep(seven, "Service design", "  user   Research ", "", "java")
    skillset(
        session, cast.appointment[7, "Quill Works"], _knows("Nia", Java=Depth.WORKING, Zeal=Depth.WORKING)
    )
    skillset(
        session, cast.appointment[7, "Fennel Web"], _knows("Ola", Java=Depth.WORKING, Agile=Depth.WORKING)
    )
    found = matrix(session, [seven], TODAY)
    assert [(row.skill, row.suppliers, row.expected) for row in found.rows] == [
        ("Service design", 0, True),
        ("user Research", 0, True),
        ("Agile", 1, False),
        ("Zeal", 1, False),
        ("java", 2, True),
    ]
    assert found.headline == "2 of 5 skills have no partner; 2 have only one."


def test_skills_that_were_bought_and_nobody_offers_any_more_are_gaps(session, cast):
    awarded(session, cast)
    found = matrix(session, [session.get_one(Lot, cast.lot[4])], TODAY)
    assert [(row.skill, row.suppliers, row.bought) for row in found.rows] == [("Accessible forms", 0, True)]
    assert matrix(session, [session.get_one(Lot, cast.lot[5])], TODAY).rows == ()


def test_only_active_partners_and_accepted_versions_count(session, cast, seven):
    quill = cast.appointment[7, "Quill Works"]
    skillset(session, quill, _knows("Nia", Java=Depth.WORKING), accepted_at=None)
    skillset(session, quill, _knows("Nia", Python=Depth.WORKING), version=2, superseded_at=dates.now())
    assert matrix(session, [seven], TODAY).rows == ()
    skillset(session, quill, _knows("Nia", Go=Depth.WORKING), version=3)
    assert _rows(matrix(session, [seven], TODAY)) == {"Go": [0, 1, 0]}
    at = session.get_one(Appointment, quill)
    at.suspended_from, at.suspended_until = TODAY, TODAY
    session.flush()
    assert matrix(session, [seven], TODAY).rows == ()
    assert _rows(matrix(session, [seven], date(2022, 11, 23))) == {"Go": [0, 1, 0]}


def test_somebody_on_two_lots_of_an_agreement_is_one_person(session, cast):
    every = finding.lots_of(session, session.get_one(FrameworkAgreement, cast.agreement))
    for number, extra in ((4, [None]), (7, [None, None])):
        skillset(
            session,
            cast.appointment[number, "Fennel Web"],
            *(_knows(name, Java=Depth.WORKING) for name in ["Nia", *extra]),
        )
    found = matrix(session, every, TODAY)
    (java,) = found.rows
    # Nia once; of those without a name the two on lot 7 may be the one on lot 4 too.
    assert [party.name for party, one in found.supplied(java) if one.people == 3] == ["Fennel Web"]


def test_the_list_of_expected_skills_is_replaced_whole_and_told(session, cast, seven, keep, visit):
    keep(seven, "Java", "Go")
    keep(seven, "java", "Rust")
    assert [skill for _, skill in expected_of(session, [seven.id])[seven.id]] == ["Java", "Rust"]
    session.commit()
    page = visit("Olu").get("/lots/DP21-7")
    assert page.text.count("changed how many skills are expected of lot DP21-7") == 2
    assert "Taken out: Go" in page.text


@pytest.mark.parametrize("name", ["Asha", "Cara", "Zed", "Faye", "Bram", "Audra", "Stranger"])
def test_nobody_but_the_framework_owner_keeps_the_list(seven, keep, name):
    with pytest.raises(NotFound):
        keep(seven, "Java", by=name)


def test_a_list_too_long_or_on_an_agreement_that_is_over_is_refused(session, cast, seven, keep):
    with pytest.raises(Refused, match="120 characters"):
        keep(seven, "J" * 121)
    with pytest.raises(Refused, match="200 skills"):
        keep(seven, *(f"Skill {number}" for number in range(201)))
    keep(seven, *(f"Skill {number}" for number in range(200)))
    session.get_one(FrameworkAgreement, cast.agreement).closed_at = dates.now()
    with pytest.raises(Refused, match="is over"):
        keep(seven, "Java")


def test_a_matrix_of_thirty_skills_costs_what_one_of_two_does(app, session, cast, seven):
    def cost():
        return counted(app, lambda: matrix(session, [seven], TODAY))

    skillset(session, cast.appointment[7, "Quill Works"], _knows("Nia", Java=Depth.WORKING, Go=Depth.EXPERT))
    few = cost()
    many = {f"Skill {number}": Depth.WORKING for number in range(30)}
    skillset(
        session, cast.appointment[7, "Tern Systems"], *(who(f"P{one}", skills=many) for one in range(40))
    )
    assert cost() == few
    assert len(matrix(session, [seven], TODAY).rows) == 32
