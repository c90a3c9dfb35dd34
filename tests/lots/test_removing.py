"""Leaving: a partner's own notice, a removal that takes two, and a plan for each live call-off."""

from datetime import date

import pytest

from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Role
from framework.people.person import Post
from lots import finding, withdrawing
from lots.appointment import AppointmentStatus
from lots.removing import (
    decide_removal,
    ending_of,
    give_notice,
    propose_removal,
    removals_to_agree,
    waiting_removal,
)
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
