"""Coming work: its rules, who sees it in which state, and what its readers are told."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.records.audit import AuditRecord
from lots.appointment import Appointment
from lots.forward import finding
from lots.forward.bands import BANDS, band_in_words
from lots.forward.periods import ahead_in_words, period_of
from lots.forward.pipeline import NewsKind, PipelineNews, Stage
from lots.forward.planning import RULES, Plan, change_item
from lots.forward.reach import reach_of
from lots.forward.sharing import drop_item, mark_begun, note_item, share_item
from tests.lots.plans import FACTS, in_state, planned, shared

TODAY = date(2022, 11, 22)


def refusals(**facts):
    found = []
    for rule in RULES:
        answer = rule(Plan(replace(FACTS, **facts), TODAY))
        found += answer if isinstance(answer, list) else [answer] if answer else []
    return [one.field for one in found]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"what": "x" * 10_000}, "what"),
        ({"why": "x" * 4001}, "why"),
        ({"unsettled": "x" * 2001}, "unsettled"),
        ({"contact_role": "x" * 121}, "contact_role"),
        ({"start": None, "asking": None}, "start_part"),
        ({"asking": period_of("m10", 2022)}, "asked_part"),
        ({"asking": period_of("q3", 2022)}, "asked_part"),
        ({"asking": period_of("m05", 2023)}, "asked_part"),
        ({"start": period_of("q1", 2033)}, "start_part"),
        ({"months": 0}, "months"),
        ({"months": 97}, "months"),
        ({"band": "a_lot"}, "band"),
        ({"stage": Stage.REQUESTED}, "stage"),
        ({"stage": Stage.DROPPED}, "stage"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_beside_its_field(facts, field):
    assert refusals(**facts) == [field]


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"asking": None},
        {"asking": period_of("m11", 2022), "start": period_of("q4", 2022)},
        {"asking": period_of("q2", 2023)},
        {"title": "x" * 200, "what": "x" * 4000, "months": 96, "band": ""},
        {"start": period_of("m11", 2032)},
    ],
)
def test_a_plan_that_makes_sense_is_not(facts):
    assert refusals(**facts) == []


@pytest.mark.parametrize(
    ("part", "year", "words"),
    [
        ("m11", 2022, "now"),
        ("q4", 2022, "now"),
        ("m12", 2022, "in a few days"),
        ("m01", 2023, "in about 6 weeks"),
        ("q1", 2023, "in about 6 weeks"),
        ("m03", 2023, "in about 3 months"),
        ("m11", 2023, "in about 11 months"),
        ("m11", 2024, "in about 2 years"),
        ("m10", 2022, "was expected last month"),
        ("q2", 2022, "was expected 5 months ago"),
        ("q1", 2019, "was expected 3 years ago"),
    ],
)
def test_how_far_off_a_period_is_is_said_in_words(part, year, words):
    assert ahead_in_words(period_of(part, year), TODAY if part != "m12" else date(2022, 11, 25)) == words


def test_months_and_quarters_are_whole_and_written_as_people_write_them():
    assert (period_of("q1", 2024).first, period_of("q1", 2024).last) == (date(2024, 1, 1), date(2024, 3, 31))
    assert str(period_of("q1", 2024)) == "January to March 2024"
    assert str(period_of("m02", 2024)) == "February 2024"
    assert period_of("m02", 2024).last == date(2024, 2, 29)
    assert [period_of(part, 2024).key for part in ("m01", "m12", "q1", "q4")] == ["m01", "m12", "q1", "q4"]
    for part, year in (("m13", 2024), ("", 2024), ("q1", 1999)):
        with pytest.raises(ValueError, match="No such period"):
            period_of(part, year)


def test_bands_leave_no_gap_and_say_net_of_vat():
    assert BANDS[0].least.pence == 0
    assert BANDS[-1].most is None
    assert all(low.most == high.least for low, high in itertools.pairwise(BANDS))
    assert all("net of VAT" in one.label for one in BANDS)
    assert band_in_words("") == band_in_words("gone") == "Not known yet"


# Each person, and the states of Northbank's plan on lot 4 in which there is one for them: whole, in short or not at all.
MATRIX = {
    "Asha": {
        "private": "whole",
        "shared": "whole",
        "wide": "whole",
        "dropped": "whole",
        "requested": "whole",
    },
    "Bram": {
        "private": "whole",
        "shared": "whole",
        "wide": "whole",
        "dropped": "whole",
        "requested": "whole",
    },
    "Finn": {
        "private": "whole",
        "shared": "whole",
        "wide": "whole",
        "dropped": "whole",
        "requested": "whole",
    },
    "Olu": {"private": "whole", "shared": "whole", "wide": "whole", "dropped": "whole", "requested": "whole"},
    "Audra": {
        "private": "whole",
        "shared": "whole",
        "wide": "whole",
        "dropped": "whole",
        "requested": "whole",
    },
    "Ari": {},
    "Cara": {"shared": "whole", "wide": "whole", "dropped": "whole", "requested": "whole"},
    "Dev": {"shared": "whole", "wide": "whole", "dropped": "whole", "requested": "whole"},
    "Zed": {},
    "Faye": {"shared": "whole", "wide": "whole", "dropped": "whole", "requested": "whole"},
    "Qi": {"wide": "short"},
    "Tess": {"wide": "short"},
    "Opal": {},
    "Stranger": {},
}


@pytest.mark.parametrize("state", ["private", "shared", "wide", "dropped", "requested"])
@pytest.mark.parametrize("name", MATRIX)
def test_who_sees_a_plan_in_which_state(session, cast, name, state):
    item = in_state(session, cast, state)
    session.flush()
    who = cast.visitor(session, name)
    wanted = MATRIX[name].get(state)
    reach = reach_of(session, who)
    assert reach.sees(item) is (wanted is not None)
    listed = finding.items(session, reach, ended=not item.stage.is_open)
    assert [one.item.id for one in listed] == ([item.id] if wanted else [])
    if wanted is None:
        with pytest.raises(NotFound):
            finding.item(session, who, item.id)
    else:
        assert finding.item(session, who, item.id).in_short is (wanted == "short")


def test_another_councils_unshared_plan_is_nobodys_not_even_the_framework_owners(session, cast):
    item = planned(session, cast, "Cara")
    for name in ("Olu", "Asha", "Audra"):
        with pytest.raises(NotFound):
            finding.item(session, cast.visitor(session, name), item.id)
    share_item(session, actor=cast.visitor(session, "Cara"), item=item)
    assert finding.item(session, cast.visitor(session, "Olu"), item.id).in_short is False
    with pytest.raises(NotFound):
        finding.own_item(session, cast.visitor(session, "Olu"), item.id)


@pytest.mark.parametrize(
    ("facts", "sees"),
    [
        ({}, True),
        ({"active_from": date(2023, 1, 1)}, True),
        ({"ended_on": date(2022, 11, 22), "ended_as": "withdrawn"}, False),
        ({"ended_on": date(2022, 11, 23), "ended_as": "withdrawn"}, True),
        ({"suspended_from": date(2022, 11, 1), "suspended_until": date(2022, 11, 22)}, True),
        ({"suspended_from": date(2022, 11, 1), "suspended_until": date(2022, 11, 21)}, True),
    ],
)
def test_a_partner_reads_while_it_holds_a_place_active_suspended_or_joining(session, cast, facts, sees):
    item = shared(session, cast)
    place = session.get_one(Appointment, cast.appointment[4, "Fennel Web"])
    for name, value in facts.items():
        setattr(place, name, value)
    session.flush()
    assert reach_of(session, cast.visitor(session, "Faye")).sees(item) is sees


@pytest.mark.parametrize("name", ["Bram", "Finn", "Audra", "Cara", "Zed", "Faye", "Ari"])
def test_only_those_who_plan_for_the_council_change_share_drop_or_note(session, cast, name):
    item = shared(session, cast)
    who = cast.visitor(session, name)
    for act in (
        lambda: change_item(session, actor=who, item=item, facts=FACTS),
        lambda: share_item(session, actor=who, item=item),
        lambda: drop_item(session, actor=who, item=item, reason="x"),
        lambda: note_item(session, actor=who, item=item, words="x"),
        lambda: mark_begun(session, actor=who, item=item),
    ):
        with pytest.raises(NotFound):
            act()


def test_what_lacks_words_or_a_role_to_ask_is_not_shared(session, cast):
    item = planned(session, cast, what="", contact_role="")
    with pytest.raises(Refused) as refused:
        share_item(session, actor=cast.visitor(session, "Asha"), item=item)
    assert [one.field for one in refused.value.refusals] == ["what", "contact_role"]
    assert not item.is_shared


def test_a_plan_whose_start_is_over_is_not_shared_until_it_is_moved(session, cast):
    item = planned(session, cast, start=period_of("m12", 2022), asking=None)
    # Still 31 December in London, and 1 January an hour later.
    with dates.at(datetime(2022, 12, 31, 23, 59, tzinfo=UTC)):
        share_item(session, actor=cast.visitor(session, "Asha"), item=item)
    late = planned(session, cast, start=period_of("m12", 2022), asking=None)
    with dates.at(datetime(2023, 1, 1, 0, 0, tzinfo=UTC)), pytest.raises(Refused, match="is over"):
        share_item(session, actor=cast.visitor(session, "Asha"), item=late)


def test_an_hour_of_summer_time_decides_which_day_it_is_in_london():
    june = period_of("m06", 2023)
    with dates.at(datetime(2023, 6, 30, 22, 59, tzinfo=UTC)):
        assert ahead_in_words(june, dates.today()) == "now"
    with dates.at(datetime(2023, 6, 30, 23, 0, tzinfo=UTC)):
        assert ahead_in_words(june, dates.today()) == "was expected last month"


def test_readers_are_told_what_changed_before_and_after_and_others_in_short(session, cast):
    item = shared(session, cast, is_agreement_wide=True)
    asha = cast.visitor(session, "Asha")
    facts = replace(
        FACTS, is_agreement_wide=True, what="People pay <b>anywhere</b>", start=period_of("q3", 2023)
    )
    change_item(session, actor=asha, item=item, facts=facts, seen=0)
    session.flush()
    whole = finding.item(session, cast.visitor(session, "Faye"), item.id)
    newest = finding.news(session, whole)[0]
    assert newest.kind is NewsKind.CHANGED
    assert finding.differences(whole, newest) == [
        ("What", "People pay for parking by phone", "People pay <b>anywhere</b>"),
        ("Expected start", "April 2023", "July to September 2023"),
    ]
    short = finding.item(session, cast.visitor(session, "Qi"), item.id)
    assert [name for name, _, _ in finding.differences(short, newest)] == ["Expected start"]
    assert {one.subject for one in session.exec(select(AuditRecord))} <= {f"coming work {item.id}"}


def test_a_change_that_changes_nothing_and_a_private_one_tell_nobody(session, cast):
    asha = cast.visitor(session, "Asha")
    item = planned(session, cast)
    change_item(session, actor=asha, item=item, facts=replace(FACTS, title="Another"))
    assert session.exec(select(PipelineNews)).all() == []
    share_item(session, actor=asha, item=item)
    change_item(session, actor=asha, item=item, facts=replace(FACTS, title="Another"))
    assert [one.kind for one in session.exec(select(PipelineNews))] == [NewsKind.SHARED]


def test_nobody_overwrites_words_they_never_saw(session, cast):
    item = planned(session, cast)
    asha, olu = cast.visitor(session, "Asha"), cast.visitor(session, "Olu")
    change_item(session, actor=asha, item=item, facts=replace(FACTS, title="First"), seen=0)
    with pytest.raises(Refused, match="Someone else changed"):
        change_item(session, actor=olu, item=item, facts=replace(FACTS, title="Second"), seen=0)
    assert item.title == "First"


def test_what_is_over_is_not_changed_any_more(session, cast):
    item = in_state(session, cast, "dropped")
    assert (item.stage, item.dropped_why) == (Stage.DROPPED, "No money for it")
    with pytest.raises(Refused, match="This is over"):
        change_item(session, actor=cast.visitor(session, "Asha"), item=item, facts=FACTS)
    with pytest.raises(Refused, match="This is over"):
        mark_begun(session, actor=cast.visitor(session, "Asha"), item=item)


def test_dropping_needs_a_reason_and_a_note_needs_readers(session, cast):
    item = planned(session, cast)
    asha = cast.visitor(session, "Asha")
    with pytest.raises(Refused, match="Share it first"):
        note_item(session, actor=asha, item=item, words="The budget is agreed")
    with pytest.raises(Refused, match="Say why"):
        drop_item(session, actor=asha, item=item, reason="")


def test_nothing_is_planned_after_the_agreement_or_the_membership_is_over(session, cast):
    with dates.on(date(2023, 6, 1)), pytest.raises(Refused, match="is over"):
        planned(session, cast, start=period_of("q3", 2023), asking=None)
    with pytest.raises(NotFound):
        planned(session, cast, "Zed")
