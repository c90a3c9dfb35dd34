"""What may be said of a person who is put forward, and what is only warned of."""

from datetime import date

import pytest

from framework.definitions.money import Money
from lots.person_rules import Card, against, plain, tidied
from lots.person_warnings import Elsewhere, warnings
from lots.workforce import Clearance, Depth, Employment
from tests.lots.people import facts

CARD = Card.of(2, {("Designer", 4): Money.pounds(935), ("Developer", 5): Money.pounds(1115)})
D = Depth.EXPERT


def test_a_whole_person_is_let_through():
    assert against(facts(), CARD) == []
    assert against(facts(name="", day_rate=Money.pounds(935)), CARD) == []


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"role": ""}, "role", "Enter the role"),
        ({"role": "R" * 81}, "role", "80 characters"),
        ({"level": None}, "level", "from 1 to 7"),
        ({"level": 8}, "level", "from 1 to 7"),
        ({"level": 0}, "level", "from 1 to 7"),
        ({"skills": ()}, "skills", "at least one skill"),
        ({"skills": (("", D),)}, "skills", "Enter the skill"),
        ({"skills": (("Figma", D), ("figma ", Depth.WORKING))}, "skills", "twice"),
        ({"skills": tuple((f"Skill {n}", D) for n in range(21))}, "skills", "20 skills or fewer"),
        ({"skills": (("Figma; Sketch", D),)}, "skills", "one skill at a time"),
        ({"skills": (("S" * 121, D),)}, "skills", "120 characters"),
        ({"quarter_days": None}, "quarter_days", "0.25 to 7"),
        ({"quarter_days": 0}, "quarter_days", "0.25 to 7"),
        ({"quarter_days": 29}, "quarter_days", "0.25 to 7"),
        ({"available_from": None}, "available_from", "first day"),
        ({"available_to": date(2022, 11, 30)}, "available_to", "1 December 2022 or later"),
        ({"places": ()}, "places", "at least one place"),
        ({"clearance_on": date(2020, 1, 1)}, "clearance", "which clearance"),
        ({"clearance": Clearance.SC, "clearance_on": date(2022, 11, 23)}, "clearance_on", "today or earlier"),
        ({"employment": None}, "employment", "Choose employee"),
        ({"off_payroll": None}, "off_payroll", "company of their own"),
        ({"role": "Designer", "level": 5}, "role", "not on version 2 of your rate card for this lot"),
        ({"day_rate": Money.pounds("935.01")}, "day_rate", "£935.00 or less"),
        ({"day_rate": Money(0)}, "day_rate", "more than £0"),
        ({"name": "=cmd|' /C calc'!A0"}, "name", "must not begin with “=”"),
        ({"name": "N" * 121}, "name", "120 characters"),
    ],
)
def test_each_rule_says_what_to_mend(changes, field, said):
    found = against(facts(**changes), CARD)
    assert [one.field for one in found] == [field], found
    assert said.lower() in found[0].sentence.lower()


def test_a_rate_above_the_card_names_role_cap_and_version():
    (refusal,) = against(facts(day_rate=Money.pounds(936)), CARD)
    assert refusal.rule == "RULE-78"
    assert "Designer, level 4 on version 2" in refusal.sentence
    assert refusal.left == Money.pounds(935)


def test_without_a_card_roles_and_rates_are_not_compared():
    assert against(facts(role="Anything", day_rate=Money.pounds(5000)), None) == []


@pytest.mark.parametrize("quarters", [1, 20, 28])
def test_both_ends_of_a_week_are_let_through(quarters):
    assert against(facts(quarter_days=quarters), CARD) == []


def test_a_role_is_spelt_as_on_the_card_and_text_loses_what_cannot_be_seen():
    put = tidied(facts(role=" designer", name="  Siân\u202e\x07  Ŵyn 🎨 "), CARD)
    assert (put.role, put.name) == ("Designer", "Siân Ŵyn 🎨")
    assert plain("a\r\nb\tc\x00") == "a b c"


def test_clearances_are_warned_of_at_the_first_day_and_never_refused():
    old = facts(clearance=Clearance.SC, clearance_on=date(2012, 11, 30))
    assert against(old, CARD) == []
    assert "due for review on 30 November 2022" in warnings([old])[0]
    for fine in (
        facts(clearance=Clearance.SC, clearance_on=date(2012, 12, 2)),
        facts(clearance=Clearance.BPSS, clearance_on=date(2001, 1, 1)),
    ):
        assert warnings([fine]) == []
    contractor = facts(
        clearance=Clearance.SC, clearance_on=date(2017, 11, 30), employment=Employment.SUBCONTRACTOR
    )
    assert len(warnings([contractor])) == 1
    assert "has no date" in warnings([facts(clearance=Clearance.DV)])[0]


def test_somebody_named_twice_on_full_days_is_flagged():
    one, other = facts(number=1), facts(number=2, name="gwen ŵyn", available_from=date(2023, 1, 1))
    assert "10 days a week" in warnings([one, other])[0]
    assert warnings([facts(number=1, available_to=date(2022, 12, 31)), other]) == []
    assert warnings([facts(number=1, quarter_days=10), facts(number=2, quarter_days=10)]) == []
    assert warnings([facts(name=""), facts(name="")]) == []


def test_somebody_at_full_capacity_on_another_lot_is_flagged():
    assert "also on lot DP21-7" in warnings([facts()], [Elsewhere("DP21-7", facts(quarter_days=4))])[0]
    assert warnings([facts()], [Elsewhere("DP21-7", facts(name="Somebody else"))]) == []
