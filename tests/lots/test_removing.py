"""Leaving: a partner's own notice, a removal that takes two, and a plan for each live call-off."""

from datetime import date

import pytest
from sqlmodel import col, select

from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Role
from framework.people.person import Post
from framework.records.messages import Message
from lots import finding, rate_finding, skillset_finding, withdrawing
from lots.appointment import AppointmentStatus
from lots.rate_proposal import RateProposal
from lots.removing import (
    decide_removal,
    ending_of,
    give_notice,
    propose_removal,
    removals_to_agree,
    waiting_removal,
)
from lots.skillset import Skillset
from lots.withdrawing import Touched
from tests.lots.joiners import a_lot, joined

ON = date(2022, 12, 1)


@pytest.fixture
def olu(cast, session):
    return cast.visitor(session, "Olu")


@pytest.fixture
def quill(cast, session, olu):
    return finding.appointment(session, olu, cast.appointment[7, "Quill Works"]).appointment


@pytest.fixture
def qi(cast, session):
    """Qi as the administrator of Quill Works."""
    session.add(
        Post(
            person_id=cast.person["Qi"],
            party_id=cast.party["Quill Works"],
            role=Role.PARTNER_ADMINISTRATOR,
            starts_on=date(2022, 1, 1),
        )
    )
    session.flush()
    return cast.visitor(session, "Qi")


@pytest.fixture
def live(monkeypatch):
    monkeypatch.setattr(withdrawing, "TOUCHED", [lambda *_: [Touched("DP21-7-0001", "Sensors", "Live")]])


def test_a_partner_leaves_by_its_own_notice_with_a_plan_for_each_live_call_off(
    both_databases, session, cast, quill, qi, live
):
    with pytest.raises(Refused) as refused:
        give_notice(session, actor=qi, appointment=quill, on=ON, reason="Closing down", plans={})
    assert [one.field for one in refused.value.refusals] == ["plan-DP21-7-0001"]
    plans = {"DP21-7-0001": "Handed over by January"}
    give_notice(session, actor=qi, appointment=quill, on=ON, reason="Closing down", plans=plans)
    session.flush()
    assert quill.status_on(ON) is AppointmentStatus.WITHDRAWN
    ending, kept = ending_of(session, quill.id)
    assert ending.reason == "Closing down"
    assert [one.plan for one in kept] == ["Handed over by January"]


def test_only_an_administrator_of_the_partner_itself_gives_notice(session, cast, quill):
    for name in ("Qi", "Tess", "Olu"):
        with pytest.raises(NotFound):
            give_notice(
                session, actor=cast.visitor(session, name), appointment=quill, on=ON, reason="No", plans={}
            )


def test_a_company_that_still_joins_may_stop_on_a_draft(session, cast, olu):
    hana, place = joined(session, olu, a_lot(session, cast, olu))
    give_notice(
        session, actor=hana, appointment=place.appointment, on=date(2022, 11, 22), reason="No time", plans={}
    )
    assert place.appointment.ended_as == "withdrawn"


def test_a_removal_takes_a_second_person(both_databases, session, cast, olu, quill):
    propose_removal(session, actor=olu, appointment=quill, on=ON, reason="Repeated failure", plans={})
    session.flush()
    assert quill.ended_on is None
    with pytest.raises(Refused) as refused:
        decide_removal(session, actor=olu, appointment=quill, agreed=True)
    assert "Somebody else" in str(refused.value)
    assert removals_to_agree(session, olu) == []
    bram = cast.visitor(session, "Bram")
    assert len(removals_to_agree(session, bram)) == 1
    decide_removal(session, actor=bram, appointment=quill, agreed=True)
    session.flush()
    assert quill.status_on(ON) is AppointmentStatus.REMOVED
    assert waiting_removal(session, quill.id) is None


def test_the_proposer_is_not_asked_and_the_removed_partner_is_told_that_it_was_removed(
    session, cast, olu, quill
):
    session.add(
        Post(
            person_id=cast.person["Olu"],
            party_id=cast.party["Northbank"],
            role=Role.APPROVER,
            starts_on=date(2022, 1, 1),
        )
    )
    session.flush()
    propose_removal(session, actor=olu, appointment=quill, on=ON, reason="Repeated failure", plans={})
    session.flush()
    asked = session.exec(select(Message.to_address).where(col(Message.subject).startswith("To agree"))).all()
    assert asked
    assert "olu@example.org" not in asked
    decide_removal(session, actor=cast.visitor(session, "Bram"), appointment=quill, agreed=True)
    session.flush()
    told = session.exec(select(Message).where(Message.to_address == "qi@example.org")).all()
    assert [one.subject for one in told] == ["You are removed from lot DP21-7 on 1 December 2022"]
    assert "The council has removed Quill Works from lot DP21-7." in told[0].text
    assert "The reason given: Repeated failure" in told[0].text


def test_rates_and_people_of_a_place_that_ended_wait_no_more(session, cast, olu, quill):
    now = dates.now()
    session.add(RateProposal(appointment_id=quill.id, created_at=now, changed_at=now, submitted_at=now))
    session.add(Skillset(appointment_id=quill.id, version=1, created_at=now, submitted_at=now))
    session.flush()
    assert (len(rate_finding.waiting(session, olu)), len(skillset_finding.waiting(session, olu))) == (1, 1)
    quill.ended_on = date(2022, 11, 22)
    session.flush()
    assert (rate_finding.waiting(session, olu), skillset_finding.waiting(session, olu)) == ([], [])


def test_a_removal_that_is_refused_leaves_the_partner_where_it_is(session, cast, olu, quill):
    propose_removal(session, actor=olu, appointment=quill, on=ON, reason="Repeated failure", plans={})
    session.flush()
    decide_removal(session, actor=cast.visitor(session, "Odette"), appointment=quill, agreed=False)
    session.flush()
    assert quill.ended_on is None
    assert ending_of(session, quill.id) is None


def test_one_removal_waits_at_a_time_and_needs_a_reason(session, cast, olu, quill):
    with pytest.raises(Refused) as refused:
        propose_removal(session, actor=olu, appointment=quill, on=date(2022, 11, 21), reason=" ", plans={})
    assert {one.field for one in refused.value.refusals} == {"reason", "on"}
    propose_removal(session, actor=olu, appointment=quill, on=ON, reason="Repeated failure", plans={})
    session.flush()
    with pytest.raises(Refused):
        propose_removal(session, actor=olu, appointment=quill, on=ON, reason="Again", plans={})


def test_another_councils_approver_does_not_decide(session, cast, olu, quill):
    propose_removal(session, actor=olu, appointment=quill, on=ON, reason="Repeated failure", plans={})
    session.flush()
    for name in ("Dev", "Zoe", "Asha", "Qi"):
        with pytest.raises(NotFound):
            decide_removal(session, actor=cast.visitor(session, name), appointment=quill, agreed=True)
