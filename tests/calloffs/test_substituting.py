"""Substituting: the partner proposes with reasons, the buyer's consent alone makes it so, and nothing signed changes (check 13)."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from calloffs.issuing import issue_order_form
from calloffs.pausing import suspend_call_off
from calloffs.serving import people_of
from calloffs.substituting import (
    clashes,
    consent,
    propose_substitute,
    refuse_substitute,
    to_decide,
    withdraw_substitute,
)
from calloffs.substitution import Substitution, SubstitutionStatus
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.records.audit import AuditRecord, AuditWords
from framework.records.messages import Message
from lots.rate_card import Rate
from lots.workforce import Clearance
from tests.calloffs.building import answer, awarded, person
from tests.calloffs.substitutes import FROM, a_substitute, signed


@pytest.fixture
def running(session, cast):
    return signed(session, cast)


@pytest.fixture
def propose(session, cast, running):
    def proposed(by="Faye", **how):
        new = a_substitute(session, running, **how)
        return propose_substitute(session, actor=cast.visitor(session, by), call_off=running, new=new)

    return proposed


def _refused(propose, **how):
    with pytest.raises(Refused) as said:
        propose(**how)
    return [(one.field, one.rule) for one in said.value.refusals]


def _names(session, running):
    return [(one.name, one.first, one.last) for one in people_of(session, running)]


def test_check_13_a_substitute_needs_the_statement_and_the_buyers_consent(session, cast, running, propose):
    assert _refused(propose, like_for_like="  ", reason="") == [("like_for_like", None), ("reason", None)]
    found = propose()
    ends = date(2023, 1, 31)
    assert found.status is SubstitutionStatus.PROPOSED
    assert _names(session, running) == [("Nia", FROM, ends)]
    asha = cast.visitor(session, "Asha")
    assert to_decide(session, asha) == [(found, running)]
    with dates.at(datetime(2022, 12, 12, 9, tzinfo=UTC)):
        consent(session, actor=asha, call_off=running, number=found.number, words="Welcome")
    # Agreed on a later day than proposed: it counts from the day of the consent.
    assert _names(session, running) == [
        ("Nia", FROM, date(2022, 12, 11)),
        ("Ola", date(2022, 12, 12), ends),
    ]
    assert (found.like_for_like, found.answer, found.decided_by_id) == (
        "Both have built forms for ten years",
        "Welcome",
        cast.person["Asha"],
    )
    assert to_decide(session, asha) == []


def test_check_11_papers_already_issued_never_change(session, cast):
    asha, faye = (cast.visitor(session, name) for name in ("Asha", "Faye"))
    running, _ = awarded(session, cast, answer(person(name="Nia")))
    issue_order_form(session, actor=asha, call_off=running)
    running.buyer_signed_at = running.partner_signed_at = running.signed_at = dates.now()

    def papers():
        kept = session.exec(sa.text("SELECT sha256, content FROM stored_document ORDER BY id")).all()
        offered = "SELECT name, role, level, day_rate_pence, quarter_days FROM offered_person"
        money = (running.value_net_pence, running.committed_pence, running.ends_on)
        return kept, session.exec(sa.text(offered)).all(), money

    before = papers()
    assert len(before[0]) == 1
    new = a_substitute(session, running, rate=700)
    found = propose_substitute(session, actor=faye, call_off=running, new=new)
    consent(session, actor=asha, call_off=running, number=found.number)
    session.flush()
    assert papers() == before
    assert [one.name for one in people_of(session, running)] == ["Nia", "Ola"]


def test_a_rate_above_the_frozen_card_or_above_the_one_who_leaves_is_refused(session, cast, running, propose):
    assert _refused(propose, rate="800.01") == [("day_rate", None)]
    assert _refused(propose, rate="850.01") == [("day_rate", "RULE-78"), ("day_rate", None)]
    assert _refused(propose, level=7, difference="Deeper") == [("work", "RULE-77")]
    assert _refused(propose, rate=0) == [("day_rate", None)]
    # The card that was frozen with the offer decides, whatever stands on later ones.
    session.exec(sa.update(Rate).where(col(Rate.level) == 4).values(day_rate_pence=Money.pounds(700).pence))
    assert _refused(propose, rate=800) == [("day_rate", "RULE-78")]
    assert propose(rate=700).day_rate == Money.pounds(700)


def test_another_role_or_level_needs_words_of_its_own(propose):
    assert _refused(propose, role="Designer", level=4) == [("difference", None)]
    assert _refused(propose, level=5, difference=" ") == [("difference", None)]
    assert propose(role="Designer", level=4, difference="She designs and builds").role == "Designer"


def test_somebody_with_a_name_comes_and_nobody_who_is_there_already(propose):
    assert _refused(propose, name=" ") == [("name", None)]
    assert _refused(propose, name="to be named") == [("name", None)]
    assert _refused(propose, name=" NIA ") == [("name", None)]
    assert propose(name="  Ola   Rees ").name == "Ola Rees"


def test_somebody_of_this_very_call_off_leaves(session, cast, propose):
    other = signed(session, cast, answer(person(name="Tam", rate=400)))
    assert _refused(propose, leaving=people_of(session, other)[0].key) == [("leaving", None)]
    assert _refused(propose, leaving="") == [("leaving", None)]


def test_the_first_day_is_today_or_later_and_within_the_call_off(propose):
    with dates.on(date(2022, 12, 20)):
        assert _refused(propose, starts_on=date(2022, 12, 19)) == [("starts_on", None)]
        assert _refused(propose, starts_on=date(2023, 2, 1)) == [("starts_on", None)]
        assert propose(starts_on=date(2022, 12, 20)).number == 1
    with dates.on(date(2022, 11, 23)):
        assert _refused(propose, starts_on=date(2022, 11, 30))[-1] == ("starts_on", None)


def test_today_is_a_day_in_london(propose):
    with dates.at(datetime(2023, 1, 31, 23, 59, tzinfo=UTC)):
        assert propose(starts_on=date(2023, 1, 31)).number == 1
    with dates.at(datetime(2023, 2, 1, 0, 0, tzinfo=UTC)):
        assert (None, None) in _refused(propose, starts_on=date(2023, 2, 1))


def test_no_more_days_pass_than_the_other_has(propose):
    assert _refused(propose, days=10.25) == [("days", None)]
    assert _refused(propose, days=0) == [("days", None)]
    assert propose(days=10).quarter_days == 40


def test_one_proposal_is_open_for_whoever_leaves(session, cast, running, propose):
    first = propose()
    leaving = people_of(session, running)[0].key
    assert _refused(propose, name="Pat", leaving=leaving) == [("leaving", None)]
    refuse_substitute(
        session, actor=cast.visitor(session, "Asha"), call_off=running, number=first.number, reason="No"
    )
    second = propose(name="Pat")
    assert (second.number, people_of(session, running)[0].leaves_by) == (2, second)


def test_a_substitute_may_be_substituted_and_the_first_day_never_goes_back(session, cast, running, propose):
    asha = cast.visitor(session, "Asha")
    first = propose(starts_on=date(2022, 12, 12), days=8)
    consent(session, actor=asha, call_off=running, number=first.number)
    assert _refused(propose, name="Pat", starts_on=date(2022, 12, 11), days=8) == [("starts_on", None)]
    second = propose(name="Pat", starts_on=date(2023, 1, 9), days=3, rate=750)
    consent(session, actor=asha, call_off=running, number=second.number)
    there = people_of(session, running)
    assert [(one.name, one.replaced, one.days) for one in there] == [
        ("Nia", "", "2"),
        ("Ola", "Nia", "5"),
        ("Pat", "Ola", "3"),
    ]
    assert there[1].last == date(2023, 1, 8)


@pytest.mark.parametrize("name", ["Qi", "Tess", "Asha", "Olu", "Audra", "Stranger", "Zed"])
def test_nobody_but_the_partner_proposes_or_takes_back(session, cast, running, propose, name):
    with pytest.raises(NotFound):
        propose(by=name)
    found = propose()
    with pytest.raises(NotFound):
        withdraw_substitute(session, actor=cast.visitor(session, name), call_off=running, number=found.number)


@pytest.mark.parametrize("name", ["Faye", "Qi", "Cara", "Bram", "Finn", "Olu", "Audra", "Zed", "Stranger"])
def test_nobody_but_a_commissioning_manager_of_the_buyer_consents(session, cast, running, propose, name):
    found = propose()
    who = cast.visitor(session, name)
    with pytest.raises(NotFound):
        consent(session, actor=who, call_off=running, number=found.number)
    with pytest.raises(NotFound):
        refuse_substitute(session, actor=who, call_off=running, number=found.number, reason="No")


def test_a_refusal_has_a_reason_and_an_answer_is_given_once(session, cast, running, propose):
    found = propose()
    asha = cast.visitor(session, "Asha")
    with pytest.raises(Refused, match="why not"):
        refuse_substitute(session, actor=asha, call_off=running, number=found.number, reason=" ")
    refuse_substitute(session, actor=asha, call_off=running, number=found.number, reason="Not deep enough")
    assert _names(session, running)[-1][0] == "Nia"
    with pytest.raises(ChangedMeanwhile, match="already refused"):
        consent(session, actor=asha, call_off=running, number=found.number)
    with pytest.raises(ChangedMeanwhile, match="already refused"):
        withdraw_substitute(
            session, actor=cast.visitor(session, "Faye"), call_off=running, number=found.number
        )
    with pytest.raises(NotFound):
        consent(session, actor=asha, call_off=running, number=99)


def test_the_partner_takes_back_what_nobody_has_decided(session, cast, running, propose):
    found = propose()
    withdraw_substitute(session, actor=cast.visitor(session, "Faye"), call_off=running, number=found.number)
    assert found.status is SubstitutionStatus.WITHDRAWN
    with pytest.raises(ChangedMeanwhile, match="taken back"):
        consent(session, actor=cast.visitor(session, "Asha"), call_off=running, number=found.number)


def test_people_change_only_while_the_call_off_runs(session, cast, running, propose):
    unsigned, _ = awarded(session, cast, answer(person(rate=400)))
    with pytest.raises(Refused, match="signed call-off"):
        propose_substitute(
            session,
            actor=cast.visitor(session, "Faye"),
            call_off=unsigned,
            new=a_substitute(session, unsigned, rate=400),
        )
    found = propose()
    with dates.on(date(2023, 2, 1)), pytest.raises(Refused, match="ended"):
        consent(session, actor=cast.visitor(session, "Asha"), call_off=running, number=found.number)
    with dates.on(date(2022, 12, 5)):
        suspend_call_off(session, actor=cast.visitor(session, "Asha"), call_off=running, reason="Budget")
        consent(session, actor=cast.visitor(session, "Asha"), call_off=running, number=found.number)
    assert found.consented_at


def test_a_substitute_promised_elsewhere_is_flagged_to_the_buyer(session, cast, propose, running):
    elsewhere = signed(session, cast, answer(person(name="Ola", rate=400, days=42)))
    propose(days=10)
    asha = cast.visitor(session, "Asha")
    found = clashes(session, asha, running, people_of(session, running))
    assert len(found) == 1
    assert f"Ola is also offered on {elsewhere.reference}" in found[0]


def test_both_sides_are_told_without_a_name_in_the_mail(session, cast, running, propose):
    found = propose(clearance=Clearance.SC)
    consent(session, actor=cast.visitor(session, "Asha"), call_off=running, number=found.number)
    told = session.exec(select(Message).where(col(Message.key).like("substitute-%"))).all()
    assert {one.to_address.split("@")[0] for one in told} == {"asha", "faye"}
    for one in told:
        assert running.reference in one.subject
        assert f"/call-offs/{running.reference}" in one.text
        assert not {"Ola", "Nia", "800"} & set(one.text.replace(".", " ").split())


def test_names_stand_in_words_that_can_be_erased_and_never_in_the_chain(session, cast, running, propose):
    found = propose(reason="Nia is ill")
    consent(
        session, actor=cast.visitor(session, "Asha"), call_off=running, number=found.number, words="Ola it is"
    )
    session.commit()
    records = session.exec(select(AuditRecord).where(col(AuditRecord.action).like("substitute_%"))).all()
    assert [one.action for one in records] == ["substitute_proposed", "substitute_agreed"]
    for one in records:
        assert "Ola" not in one.facts
        assert "Nia" not in one.facts
    said = session.exec(select(AuditWords.value).where(AuditWords.record_id == records[0].id)).all()
    assert "Ola in the place of Nia" in said


def test_the_database_keeps_one_standing_proposal_for_each_who_leaves(session, running, propose):
    found = propose()
    copied = Substitution(
        **{**found.model_dump(exclude={"id"}), "number": 2, "name": "Pat"},
    )
    session.add(copied)
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


@pytest.mark.parametrize(("words", "holds"), [("", "no clearance"), ("Not needed", "Baseline (BPSS)")])
def test_a_lower_clearance_is_refused_until_words_say_why_less_is_enough(session, cast, words, holds):
    running = signed(session, cast, answer(person(name="Nia", clearance="sc")))
    faye = cast.visitor(session, "Faye")
    lower = Clearance.NONE if "no" in holds else Clearance.BPSS
    new = a_substitute(session, running, clearance=lower, difference=words)
    with pytest.raises(Refused) as refused:
        propose_substitute(session, actor=faye, call_off=running, new=new)
    (only,) = refused.value.refusals
    assert only.field == "difference"
    assert f"Ola holds {holds}, where Nia holds Security check (SC)" in only.sentence
    new = a_substitute(session, running, clearance=lower, difference="Nothing secret is touched")
    assert propose_substitute(session, actor=faye, call_off=running, new=new).clearance is lower
