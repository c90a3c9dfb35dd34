"""A version of a partner's people from draft to superseded, and everything that stands in its way."""

import json
import threading
from datetime import date, timedelta

import pytest
from sqlmodel import func, select

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.records import database
from framework.records.audit import AuditRecord, AuditWords
from framework.records.messages import Message
from framework.records.sheet import pasted
from lots import skillset_finding as skillsets
from lots.appointment import Appointment
from lots.checking_people import (
    check,
    confirm_sheet,
    drop_sheet,
    erase_sheets,
    keep_sheet,
    kept_sheet,
    mend_sheet,
)
from lots.entering_people import add_person, change_person, put_people, remove_person
from lots.rate_proposing import save_proposal, submit_proposal, withdraw_proposal
from lots.skillset import Skillset, SkillsetPerson, SkillsetSkill, SkillsetStatus
from lots.skillset_check import SkillsetCheck
from lots.submitting import (
    accept_skillset,
    return_skillset,
    start_skillset,
    submit_skillset,
    withdraw_skillset,
)
from tests.conftest import NOW
from tests.lots.joiners import a_lot, joined
from tests.lots.people import accepted, facts, forty, place_of
from tests.statements import counted


@pytest.fixture
def faye(session, cast):
    return cast.visitor(session, "Faye")


@pytest.fixture
def olu(session, cast):
    return cast.visitor(session, "Olu")


@pytest.fixture
def place(session, cast):
    return place_of(session, cast)


def people_of(session, skillset):
    return skillsets.people_of(session, skillset)


def test_a_version_is_drafted_sent_accepted_and_superseded_by_the_next(session, cast, faye, olu, place):
    first = accepted(session, cast, [facts(), facts(name="", role="Developer", level=5)])
    assert first.status is SkillsetStatus.ACCEPTED
    second = add_person(session, actor=faye, place=place, person=facts(name="Third"))
    assert (second.version, second.status) == (2, SkillsetStatus.DRAFT)
    assert [one.called for one in people_of(session, second)] == ["Gwen Ŵyn", "Person 2", "Third"]
    submit_skillset(session, actor=faye, place=place, skillset=second)
    assert first.status is SkillsetStatus.ACCEPTED
    accept_skillset(session, actor=olu, place=place, skillset=second)
    assert (first.status, second.status) == (SkillsetStatus.SUPERSEDED, SkillsetStatus.ACCEPTED)
    assert len(people_of(session, first)) == 2


def test_a_version_is_taken_back_and_changed_and_one_that_waits_is_not(session, cast, faye, place):
    draft = put_people(session, actor=faye, place=place, people=[facts()])
    submit_skillset(session, actor=faye, place=place, skillset=draft)
    with pytest.raises(Refused, match="Take it back"):
        add_person(session, actor=faye, place=place, person=facts(name="Late"))
    withdraw_skillset(session, actor=faye, place=place, skillset=draft)
    assert add_person(session, actor=faye, place=place, person=facts(name="Late")) is draft
    with dates.at(NOW + timedelta(hours=1)):
        submit_skillset(session, actor=faye, place=place, skillset=draft)
    assert session.exec(select(func.count()).select_from(Message)).one() == 4


def test_a_version_that_was_sent_back_begins_the_next_with_the_same_people(session, faye, olu, place):
    draft = put_people(session, actor=faye, place=place, people=[facts()])
    submit_skillset(session, actor=faye, place=place, skillset=draft)
    with pytest.raises(Refused, match="Enter what"):
        return_skillset(session, actor=olu, place=place, skillset=draft, reason=" ")
    return_skillset(session, actor=olu, place=place, skillset=draft, reason="No developers")
    assert draft.status is SkillsetStatus.RETURNED
    with pytest.raises(ChangedMeanwhile):
        accept_skillset(session, actor=olu, place=place, skillset=draft)
    following = start_skillset(session, actor=faye, place=place)
    assert (following.version, len(people_of(session, following))) == (2, 1)
    assert start_skillset(session, actor=faye, place=place) is following


def test_only_the_partner_writes_and_only_the_lead_framework_owner_decides(session, cast, faye, olu, place):
    draft = put_people(session, actor=faye, place=place, people=[facts()])
    for name in ("Qi", "Olu", "Asha", "Opal"):
        who = cast.visitor(session, name)
        for act in (
            lambda who=who: add_person(session, actor=who, place=place, person=facts()),
            lambda who=who: submit_skillset(session, actor=who, place=place, skillset=draft),
            lambda who=who: start_skillset(session, actor=who, place=place),
        ):
            with pytest.raises(NotFound):
                act()
    submit_skillset(session, actor=faye, place=place, skillset=draft)
    for name in ("Faye", "Qi", "Asha", "Cara", "Audra", "Bram"):
        with pytest.raises(NotFound):
            accept_skillset(session, actor=cast.visitor(session, name), place=place, skillset=draft)
    other = place_of(session, cast, lot=7)
    with pytest.raises(NotFound):
        accept_skillset(session, actor=olu, place=other, skillset=draft)


def test_nobody_is_put_forward_on_a_lot_the_supplier_has_left_or_under_an_agreement_that_is_over(
    session, faye, place
):
    place.appointment.ended_on, place.appointment.ended_as = date(2022, 11, 1), "withdrawn"
    with pytest.raises(Refused) as refused:
        add_person(session, actor=faye, place=place, person=facts())
    assert refused.value.refusals[0].rule == "RULE-83"
    place.appointment.ended_on = None
    place.agreement.closed_at = dates.now()
    with pytest.raises(Refused, match="over"):
        add_person(session, actor=faye, place=place, person=facts())


def test_a_place_that_is_still_joining_may_put_people_forward(session, cast, faye, place):
    place.appointment.active_from = date(2023, 1, 1)
    draft = put_people(session, actor=faye, place=place, people=[facts()])
    submit_skillset(session, actor=faye, place=place, skillset=draft)
    assert draft.status is SkillsetStatus.SUBMITTED


def test_an_empty_version_and_one_that_no_longer_fits_are_not_sent(session, faye, olu, place):
    empty = start_skillset(session, actor=faye, place=place)
    with pytest.raises(Refused, match="at least one person"):
        submit_skillset(session, actor=faye, place=place, skillset=empty)
    put_people(session, actor=faye, place=place, people=[facts(day_rate=Money.pounds(900))])
    row = session.exec(select(SkillsetPerson)).one()
    row.day_rate_pence = 200_000
    session.flush()
    with pytest.raises(Refused, match=r"£935\.00 or less"):
        submit_skillset(session, actor=faye, place=place, skillset=empty)
    row.day_rate_pence = None
    session.flush()
    submit_skillset(session, actor=faye, place=place, skillset=empty)
    row.day_rate_pence = 200_000
    session.flush()
    with pytest.raises(Refused, match="no longer fits"):
        accept_skillset(session, actor=olu, place=place, skillset=empty)


def test_people_keep_their_numbers_when_others_go(session, faye, place):
    draft = put_people(session, actor=faye, place=place, people=[facts(name=name) for name in "ABC"])
    remove_person(session, actor=faye, place=place, number=2)
    change_person(session, actor=faye, place=place, person=facts(name="Changed", number=3))
    add_person(session, actor=faye, place=place, person=facts(name="D"))
    assert [(one.number, one.name) for one in people_of(session, draft)] == [
        (1, "A"),
        (3, "Changed"),
        (4, "D"),
    ]
    with pytest.raises(NotFound):
        remove_person(session, actor=faye, place=place, number=2)
    with pytest.raises(Refused):
        change_person(session, actor=faye, place=place, person=facts(role="", number=3))
    assert session.exec(select(func.count()).select_from(SkillsetSkill)).one() == 3


def test_two_hundred_people_are_the_most_and_cost_few_statements(app, session, faye, place):
    people = [facts(name=f"Person {n}") for n in range(200)]
    assert counted(app, lambda: put_people(session, actor=faye, place=place, people=people)) < 40
    draft = start_skillset(session, actor=faye, place=place)
    found = []
    assert counted(app, lambda: found.extend(people_of(session, draft))) == 3
    assert len(found) == 200
    for act in (
        lambda: add_person(session, actor=faye, place=place, person=facts(name="One more")),
        lambda: put_people(session, actor=faye, place=place, people=[facts()], replacing=False),
        lambda: put_people(session, actor=faye, place=place, people=[facts()] * 201),
    ):
        with pytest.raises(Refused, match="200"):
            act()


def test_names_stand_in_words_that_can_be_erased_and_never_in_facts_or_mail(session, cast, faye, olu, place):
    accepted(session, cast, [facts(name="Secretname")])
    change_person(session, actor=faye, place=place, person=facts(name="Secretname Two", number=1))
    remove_person(session, actor=faye, place=place, number=1)
    session.commit()
    records = session.exec(select(AuditRecord).where(AuditRecord.action.like("skillset%"))).all()
    assert len(records) >= 6
    assert not [one for one in records if "Secretname" in one.facts + one.subject]
    assert not [one for one in session.exec(select(Message)) if "Secretname" in one.text + one.subject]
    kept = session.exec(select(AuditWords.value).where(AuditWords.name == "name")).all()
    assert kept == ["Secretname Two", "Secretname Two"] or "Secretname" in kept
    private = [one for one in records if one.subject_kind == "skillset"]
    assert {one.party_id for one in private} == {cast.party["Fennel Web"]}


def test_accepting_at_once_leaves_one_accepted_version(app, cast, both_databases):
    with app.app_context(), database.writing() as session:
        accepted(session, cast)
        place = place_of(session, cast)
        faye = cast.visitor(session, "Faye")
        second = add_person(session, actor=faye, place=place, person=facts(name="New"))
        submit_skillset(session, actor=faye, place=place, skillset=second)
        number = second.id
    both, said = threading.Barrier(2), []

    def press(name):
        with app.app_context():
            both.wait()
            try:
                with database.writing() as session:
                    where = place_of(session, cast)
                    skillset = session.get_one(Skillset, number)
                    accept_skillset(
                        session, actor=cast.visitor(session, name), place=where, skillset=skillset
                    )
                said.append("accepted")
            except ChangedMeanwhile:
                said.append("too late")

    with dates.at(NOW):
        presses = [threading.Thread(target=press, args=(name,)) for name in ("Olu", "Odette")]
        for one in presses:
            one.start()
        for one in presses:
            one.join()
    assert sorted(said) == ["accepted", "too late"]
    with app.app_context(), database.writing() as session:
        in_force = session.exec(
            select(Skillset).where(Skillset.accepted_at.is_not(None), Skillset.superseded_at.is_(None))
        ).all()
        assert [one.version for one in in_force] == [2]


# A checked sheet


def sheet(bad=True):
    return pasted(forty(bad), field="file", most_rows=220)


def rows_kept(session):
    return session.exec(select(func.count()).select_from(SkillsetPerson)).one()


def test_a_sheet_is_kept_mended_and_confirmed_and_then_forgotten(session, faye, place):
    kept = keep_sheet(session, actor=faye, place=place, sheet=sheet())
    assert (kept.rows_ready, rows_kept(session)) == (37, 0)
    typed = {(7, 2): "4", (20, 7): "Wales", (8, 0): "=evil", (7, 99): "x", (999, 2): "4"}
    assert mend_sheet(session, actor=faye, place=place, kept=kept, typed=typed)
    assert (kept.rows_ready, rows_kept(session)) == (39, 0)
    assert "=evil" not in kept.cells
    draft = confirm_sheet(session, actor=faye, place=place, kept=kept, replacing=True)
    assert len(people_of(session, draft)) == 39
    assert session.exec(select(SkillsetCheck)).all() == []


def test_a_confirmed_sheet_adds_to_the_draft_or_replaces_it(session, faye, place):
    draft = put_people(session, actor=faye, place=place, people=[facts()])
    kept = keep_sheet(session, actor=faye, place=place, sheet=sheet(False))
    confirm_sheet(session, actor=faye, place=place, kept=kept, replacing=False)
    assert len(people_of(session, draft)) == 41
    kept = keep_sheet(session, actor=faye, place=place, sheet=sheet(False))
    confirm_sheet(session, actor=faye, place=place, kept=kept, replacing=True)
    assert len(people_of(session, draft)) == 40


def test_what_was_checked_is_checked_again_against_todays_card(session, faye, place):
    from lots.rate_card import Rate

    kept = keep_sheet(session, actor=faye, place=place, sheet=sheet())
    for rate in session.exec(select(Rate).where(Rate.role == "Designer", Rate.level == 4)):
        rate.day_rate_pence = 100
    session.flush()
    with pytest.raises(ChangedMeanwhile):
        confirm_sheet(session, actor=faye, place=place, kept=kept, replacing=True)
    assert rows_kept(session) == 0


def test_a_sheet_is_its_owners_alone_and_goes_after_a_day(session, cast, faye, place):
    kept = keep_sheet(session, actor=faye, place=place, sheet=sheet())
    qi = cast.visitor(session, "Qi")
    with pytest.raises(NotFound):
        kept_sheet(session, qi, place, kept.id)
    with pytest.raises(NotFound):
        kept_sheet(session, faye, place_of(session, cast, lot=7), kept.id)
    for act in (
        lambda: confirm_sheet(session, actor=qi, place=place, kept=kept, replacing=True),
        lambda: mend_sheet(session, actor=qi, place=place, kept=kept, typed={}),
        lambda: drop_sheet(session, actor=qi, kept=kept),
    ):
        with pytest.raises(NotFound):
            act()
    with dates.at(NOW + timedelta(hours=23)):
        assert list(erase_sheets(session, 10)) == []
    with dates.at(NOW + timedelta(hours=25)):
        with pytest.raises(NotFound):
            kept_sheet(session, faye, place, kept.id)
        (erased,) = erase_sheets(session, 10)
        assert erased.people == 41
        session.flush()
    assert session.exec(select(SkillsetCheck)).all() == []


def test_loading_another_sheet_forgets_those_whose_day_has_passed(session, faye, place):
    keep_sheet(session, actor=faye, place=place, sheet=sheet())
    with dates.at(NOW + timedelta(hours=25)):
        keep_sheet(session, actor=faye, place=place, sheet=sheet())
    assert session.exec(select(func.count()).select_from(SkillsetCheck)).one() == 1


def test_somebody_full_time_on_another_lot_is_flagged_on_the_check(session, cast, faye, place):
    accepted(session, cast, [facts(name="Person number 1")], lot=7)
    from lots.checking_people import check

    checked, _ = check(session, place, sheet())
    assert any("also on lot DP21-7" in one for one in checked.notes)
    assert json.dumps(checked.as_plain())
    assert session.exec(select(Appointment)).all()


def test_the_command_line_finds_what_people_on_a_lot_are_held_to(session, cast):
    accepted(session, cast, lot=7)
    card, elsewhere = skillsets.named_place(session, "DP21-4", "Fennel Web")
    assert card.cap("designer", 4) == Money.pounds(935)
    assert [one.lot for one in elsewhere] == ["DP21-7"]
    with pytest.raises(ValueError, match="not a partner on lot DP21-4"):
        skillsets.named_place(session, "DP21-4", "Quill Works")


def test_people_are_held_to_the_rates_that_were_sent_before_they_are_accepted(session, cast, olu):
    hana, place = joined(session, olu, a_lot(session, cast, olu))
    rates = [("Designer", 4, Money.pounds(935))]
    proposal = save_proposal(
        session, actor=hana, place=place, rates=rates, from_on=date(2023, 1, 2), basis_version=0
    )
    dear = facts(day_rate=Money.pounds(2000))
    draft = put_people(session, actor=hana, place=place, people=[dear])
    submit_proposal(session, actor=hana, place=place, proposal=proposal, revision=proposal.revision)
    with pytest.raises(Refused, match="that is the most for Designer, level 4 on the rates that you sent"):
        submit_skillset(session, actor=hana, place=place, skillset=draft)
    with pytest.raises(Refused, match="level 5 is not on the rates that you sent for this lot"):
        add_person(session, actor=hana, place=place, person=facts(level=5))
    checked, _ = check(
        session, place, pasted(forty(bad=False).replace("\t900", "\t936", 1), field="rows", most_rows=300)
    )
    assert (checked.rows_ready, checked.rows_to_mend) == (39, 1)
    withdraw_proposal(session, actor=hana, place=place, proposal=proposal)
    submit_skillset(session, actor=hana, place=place, skillset=draft)


def test_what_no_longer_fits_the_card_is_told_to_the_owner_in_words_for_the_owner(
    session, cast, faye, olu, place
):
    dear = put_people(session, actor=faye, place=place, people=[facts()])
    submit_skillset(session, actor=faye, place=place, skillset=dear)
    person = session.exec(select(SkillsetPerson).where(SkillsetPerson.skillset_id == dear.id)).one()
    person.day_rate_pence = 200_000
    session.flush()
    with pytest.raises(Refused) as refused:
        accept_skillset(session, actor=olu, place=place, skillset=dear)
    said = str(refused.value)
    assert "£2,000.00 a day is above £935.00" in said
    assert "version 1 of the rate card of Fennel Web" in said
    assert "your rate card" not in said
