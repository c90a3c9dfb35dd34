"""Seeking: who can do it, only on accepted versions of active places, and only under agreements that the visitor may use."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.party import Party
from lots.appointment import Appointment
from lots.on_offer import matching
from lots.rate_card import Rate, RateCard
from lots.seeking import Wanted, seek
from lots.workforce import Clearance, Depth, Place
from tests.calloffs.building import answer, awarded, person
from tests.lots.skilled import skillset, who
from tests.statements import seen_by

TODAY = date(2022, 11, 22)


@pytest.fixture
def place(cast):
    """Fennel Web's place on lot 4: a developer at level 4 costs £850 there, a designer at level 3 £600."""
    return cast.appointment[4, "Fennel Web"]


@pytest.fixture
def names(session, cast):
    def found(visitor="Asha", **wanted):
        rows = seek(session, cast.visitor(session, visitor), Wanted(**wanted)).rows
        return sorted(one.name for row in rows for one in row.people)

    return found


def test_somebody_with_the_skill_is_found_with_partner_lot_rate_and_day(session, cast, place):
    skillset(session, place, who(), who(None, level=5, rate=1000), who("Tam", skills={"Java": Depth.EXPERT}))
    (row,) = seek(session, cast.visitor(session, "Asha"), Wanted(skill="accessible  FORMS")).rows
    assert (row.place.at.supplier.name, row.place.at.lot.number) == ("Fennel Web", 4)
    assert [one.name for one in row.people] == ["Nia", "Person 2, not named yet"]
    assert row.rates == [Money.pounds(850), Money.pounds(1000)]
    assert (row.levels, row.free_from, row.deepest) == ([4, 5], TODAY, Depth.WORKING)


@pytest.mark.parametrize("by", ["Asha", "Bram", "Finn", "Olu", "Audra", "Cara", "Dev"])
def test_every_reader_of_a_member_council_finds_people(session, cast, place, names, by):
    skillset(session, place, who())
    assert names(by) == ["Nia"]


@pytest.mark.parametrize("by", ["Zed", "Zoe", "Faye", "Qi", "Stranger", "Opal", "Ari"])
def test_nobody_outside_the_agreement_finds_anybody(session, cast, place, by):
    skillset(session, place, who())
    found = seek(session, cast.visitor(session, by), Wanted())
    assert (found.rows, found.skills, found.roles, found.within) == ([], {}, [], [])


def test_only_the_accepted_version_counts(session, place, names):
    skillset(session, place, who("Old"), superseded_at=dates.now())
    skillset(session, place, who("Sent"), version=2, accepted_at=None)
    skillset(session, place, who("Draft"), version=3, submitted_at=None, accepted_at=None)
    skillset(session, place, who("Back"), version=4, accepted_at=None, returned_at=dates.now())
    assert names() == []
    skillset(session, place, who("Now"), version=5)
    assert names() == ["Now"]


def test_a_suspended_place_is_not_found_until_the_morning_it_returns(session, place, names):
    skillset(session, place, who())
    at = session.get_one(Appointment, place)
    at.suspended_from, at.suspended_until = TODAY, date(2022, 11, 30)
    session.flush()
    assert names() == []
    assert names(by=date(2022, 11, 30)) == []
    assert names(by=date(2022, 12, 1)) == ["Nia"]
    with dates.at(datetime(2022, 12, 1, 0, 0, tzinfo=UTC)):
        assert names() == ["Nia"]
    at.suspended_from = at.suspended_until = None
    at.ended_on, at.ended_as = TODAY, "withdrawn"
    session.flush()
    assert names() == []


def test_an_excluded_partner_is_not_found(session, cast, place, names):
    skillset(session, place, who())
    session.get_one(Party, cast.party["Fennel Web"]).excluded = True
    session.flush()
    assert names() == []


def test_the_agreement_is_live_on_the_day_and_the_council_a_member_on_it(session, cast, place, names):
    skillset(session, place, who())
    last = date(2023, 5, 31)
    assert names(by=last) == ["Nia"]
    assert names(by=date(2023, 6, 1)) == []
    member = session.exec(
        select(MemberAuthority).where(MemberAuthority.authority_id == cast.party["Southmere"])
    ).one()
    member.leaves_on = date(2023, 1, 31)
    session.flush()
    assert names("Cara", by=date(2023, 1, 31)) == ["Nia"]
    assert names("Cara", by=date(2023, 2, 1)) == []
    session.get_one(FrameworkAgreement, cast.agreement).suspended_at = dates.now()
    session.flush()
    assert names() == []


def test_today_is_a_day_in_london(session, place, names):
    skillset(session, place, who(until=date(2022, 11, 30)))
    with dates.at(datetime(2022, 11, 30, 23, 59, tzinfo=UTC)):
        assert names() == ["Nia"]
    with dates.at(datetime(2022, 12, 1, 0, 0, tzinfo=UTC)):
        assert names() == []


def test_levels_are_both_included(session, place, names):
    skillset(session, place, *(who(f"L{level}", level=level) for level in range(2, 7)))
    assert names(level_from=3, level_to=5) == ["L3", "L4", "L5"]
    assert names(level_from=6) == ["L6"]
    assert names(level_to=2) == ["L2"]


def test_a_rate_equal_to_the_most_fits_and_a_penny_more_does_not(session, place, names):
    skillset(session, place, who("Card"), who("Less", rate=800))
    assert names(most=Money.pounds(850)) == ["Card", "Less"]
    assert names(most=Money.pounds("849.99")) == ["Less"]
    assert names(most=Money.pounds("799.99")) == []


def test_what_the_card_leaves_blank_is_not_offered_and_never_priced(session, cast, place):
    skillset(session, place, who("Blank", level=7, rate=100), who("Nia"))
    (row,) = seek(session, cast.visitor(session, "Asha"), Wanted()).rows
    assert {one.name: one.rate for one in row.people} == {"Blank": None, "Nia": Money.pounds(850)}
    assert (row.rates, row.not_offered) == ([Money.pounds(850)], 1)
    found = seek(session, cast.visitor(session, "Asha"), Wanted(most=Money.pounds(9999)))
    assert [one.name for row in found.rows for one in row.people] == ["Nia"]


def test_the_card_in_force_on_the_day_decides_and_an_own_rate_never_tops_it(session, cast, place):
    skillset(session, place, who(rate=840))
    card = RateCard(appointment_id=place, version=2, from_on=date(2023, 1, 1), created_at=dates.now())
    session.add(card)
    session.flush()
    session.add(Rate(rate_card_id=card.id, role="Developer", level=4, day_rate_pence=Money.pounds(820).pence))
    session.flush()
    asha = cast.visitor(session, "Asha")

    def rate(day):
        (row,) = seek(session, asha, Wanted(by=day)).rows
        return row.rates

    assert rate(date(2022, 12, 31)) == [Money.pounds(840)]
    assert rate(date(2023, 1, 1)) == [Money.pounds(820)]


def test_somebody_free_on_the_very_day_is_found_and_a_day_later_is_not(session, place, names):
    skillset(session, place, who("Very", free=date(2022, 12, 5)), who("Later", free=date(2022, 12, 6)))
    assert names(by=date(2022, 12, 5)) == ["Very"]
    assert names(by=date(2022, 12, 6)) == ["Later", "Very"]


def test_somebody_gone_by_the_day_is_not_found(session, place, names):
    skillset(session, place, who("Last", until=date(2022, 12, 5)))
    assert names(by=date(2022, 12, 5)) == ["Last"]
    assert names(by=date(2022, 12, 6)) == []


def test_each_clearance_covers_those_before_it(session, place, names):
    skillset(session, place, *(who(one.value, clearance=one) for one in Clearance))
    assert names(clearance=Clearance.BPSS) == ["bpss", "dv", "sc"]
    assert names(clearance=Clearance.SC) == ["dv", "sc"]
    assert names(clearance=Clearance.DV) == ["dv"]


def test_depth_counts_for_the_skill_that_was_asked(session, place, names):
    skillset(
        session,
        place,
        who("Deep", skills={"Java": Depth.PRACTITIONER}),
        who("Deeper", skills={"Java": Depth.EXPERT, "Python": Depth.AWARENESS}),
        who("Other", skills={"Java": Depth.WORKING, "Python": Depth.EXPERT}),
    )
    assert names(skill="Java", depth=Depth.PRACTITIONER) == ["Deep", "Deeper"]
    assert names(skill="Python", depth=Depth.WORKING) == ["Other"]
    assert names(depth=Depth.EXPERT) == ["Deeper", "Other"]


def test_places_roles_and_lots_narrow_it(session, cast, place, names):
    skillset(
        session, place, who("East", places=(Place.EAST, Place.LONDON)), who("Off", role="Designer", level=3)
    )
    skillset(session, cast.appointment[7, "Quill Works"], who("Seven", places=(Place.EAST,)))
    assert names(place=Place.EAST) == ["East", "Seven"]
    assert names(role="designer") == ["Off"]
    assert names(within="DP21-7") == ["Seven"]
    assert names(within="DP21") == ["East", "Off", "Seven"]
    assert names(within="DP21-1") == []
    assert names(within="nothing") == []


def test_the_first_to_be_free_comes_first_and_then_the_cheaper(session, cast):
    later, cheap, dear = (cast.appointment[7, one] for one in ("Quill Works", "Fennel Web", "Tern Systems"))
    skillset(session, later, who(free=date(2022, 12, 5), rate=100))
    skillset(session, cheap, who(rate=700))
    skillset(session, dear, who())
    blank = cast.appointment[1, "Alder Cities"]
    skillset(session, blank, who(level=7))
    rows = seek(session, cast.visitor(session, "Asha"), Wanted()).rows
    assert [row.place.at.supplier.name for row in rows] == [
        "Fennel Web",
        "Tern Systems",
        "Alder Cities",
        "Quill Works",
    ]


def test_somebody_promised_full_time_is_free_the_day_after_it_ends(session, cast, place):
    skillset(session, place, who("Nia"), who("Ola"), who(None))
    awarded(session, cast, answer(person(rate=400, days=42, name="NIA")))
    awarded(session, cast, answer(person(rate=400, days=20, name="Ola")))
    (row,) = seek(session, cast.visitor(session, "Asha"), Wanted()).rows
    assert {one.name: one.free_from for one in row.people} == {
        "Nia": date(2023, 2, 1),
        "Ola": TODAY,
        "Person 3, not named yet": TODAY,
    }
    found = seek(session, cast.visitor(session, "Asha"), Wanted(by=date(2023, 1, 31)))
    assert [one.name for row in found.rows for one in row.people] == ["Ola", "Person 3, not named yet"]
    found = seek(session, cast.visitor(session, "Asha"), Wanted(by=date(2023, 2, 1)))
    assert "Nia" in [one.name for row in found.rows for one in row.people]


def test_a_namesake_at_a_rival_is_not_busy(session, cast):
    skillset(session, cast.appointment[7, "Quill Works"], who("Nia"))
    awarded(session, cast, answer(person(rate=400, days=42, name="Nia")))
    (row,) = seek(session, cast.visitor(session, "Asha"), Wanted()).rows
    assert row.free_from == TODAY


def test_who_leaves_before_being_free_again_is_not_found(session, cast, place, names):
    skillset(session, place, who("Nia", until=date(2023, 1, 31)))
    awarded(session, cast, answer(person(rate=400, days=42, name="Nia")))
    assert names() == []


ON_OFFER = {
    one: one.title() for one in ("java", "javascript", "accessible forms", "user research", "kubernetes")
}


@pytest.mark.parametrize(
    ("typed", "found", "guessed"),
    [
        ("Java", ["java"], False),
        ("JAV", ["java", "javascript"], False),
        ("script", ["javascript"], False),
        ("forms acc", ["accessible forms"], False),
        ("kubernets", ["kubernetes"], True),
        ("acessible form", ["accessible forms"], True),
        ("knitting", [], True),
    ],
)
def test_what_is_typed_stands_for_the_very_skill_or_the_nearest(typed, found, guessed):
    assert matching(typed, ON_OFFER) == (found, guessed)


def test_looking_costs_the_same_statements_for_three_people_and_three_thousand(app, session, cast, place):
    asha = cast.visitor(session, "Asha")

    def statements():
        return len(seen_by(app, lambda: seek(session, asha, Wanted(skill="Accessible forms", by=TODAY))))

    skillset(session, place, *(who(f"A{one}") for one in range(3)))
    few = statements()
    skillset(session, cast.appointment[7, "Quill Works"], *(who(f"B{one}") for one in range(3000)))
    assert statements() == few
    rows = seek(session, asha, Wanted(skill="Accessible forms")).rows
    assert sorted(len(row.people) for row in rows) == [3, 3000]


def test_people_of_old_versions_are_never_read(app, session, cast, place):
    asha = cast.visitor(session, "Asha")
    skillset(session, place, who(), superseded_at=dates.now())
    skillset(session, place, who(), version=2)
    asked = seen_by(app, lambda: seek(session, asha, Wanted(skill="Accessible forms")))
    own = session.connection()
    plans = [
        row.detail
        for statement, bound in asked
        if "skillset_person" in statement
        for row in own.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", bound)
    ]
    assert any("uq_skillset_in_force" in one for one in plans), plans
    assert not [one for one in plans if one.startswith("SCAN skillset")], plans
