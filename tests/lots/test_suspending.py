"""Suspended until a day, back by itself the next morning; leaving a lot leaves it visibly empty."""

from datetime import date

import pytest
from sqlmodel import select

from framework import reminding
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.records.messages import Message
from lots import finding, withdrawing
from lots.appointment import AppointmentStatus
from lots.suspending import return_partner, suspend_partner
from lots.withdrawing import Touched, end_partner, left_without, touched_by

TODAY = date(2022, 11, 22)
UNTIL = date(2022, 12, 16)


@pytest.fixture
def olu(cast, session):
    return cast.visitor(session, "Olu")


@pytest.fixture
def quill(cast, session, olu):
    return finding.appointment(session, olu, cast.appointment[7, "Quill Works"]).appointment


def _names(session, olu, day):
    lot = finding.lot(session, olu, "DP21-7")
    return [party.name for _, party in finding.active_partners(session, lot, day)]


def test_a_suspended_partner_returns_by_itself_the_next_morning(session, olu, quill):
    suspend_partner(session, actor=olu, appointment=quill, until=UNTIL, reason="Two late deliveries")
    session.flush()
    assert _names(session, olu, TODAY) == ["Fennel Web", "Tern Systems"]
    assert _names(session, olu, UNTIL) == ["Fennel Web", "Tern Systems"]
    assert _names(session, olu, date(2022, 12, 17)) == ["Quill Works", "Fennel Web", "Tern Systems"]


def _told(session):
    session.flush()
    return {one.key.split(":")[0] + ":" + one.to_address for one in session.exec(select(Message))}


def test_both_sides_are_told_of_a_suspension_and_of_the_return(session, cast, olu, quill):
    suspend_partner(session, actor=olu, appointment=quill, until=UNTIL, reason="Two late deliveries")
    assert _told(session) == {
        "partner_suspended:qi@example.org",
        "partner_suspended:olu@example.org",
        "partner_suspended:odette@example.org",
    }
    # The first day back, 17 December, is a Saturday: the reminder goes on the working day before.
    for day, told in ((date(2022, 12, 15), False), (date(2022, 12, 16), True)):
        with dates.on(day):
            reminding.remind(session)
        assert ("partner_returns:qi@example.org" in _told(session)) is told
    with dates.on(date(2022, 12, 16)):
        reminding.remind(session)
    returns = [one for one in session.exec(select(Message)) if one.key.startswith("partner_returns")]
    assert sorted(one.to_address for one in returns) == [
        "odette@example.org",
        "olu@example.org",
        "qi@example.org",
    ]


@pytest.mark.parametrize("days_later", [0, 3])
def test_a_suspended_partner_may_return_early(session, olu, quill, days_later):
    suspend_partner(session, actor=olu, appointment=quill, until=UNTIL, reason="Two late deliveries")
    session.flush()
    with dates.on(date(2022, 11, 22 + days_later)):
        return_partner(session, actor=olu, appointment=quill)
        session.flush()
        assert "Quill Works" in _names(session, olu, dates.today())
        with pytest.raises(Refused):
            return_partner(session, actor=olu, appointment=quill)


def test_a_suspension_needs_a_reason_and_a_last_day(session, olu, quill):
    for until, fields in ((None, {"reason", "until"}), (date(2022, 11, 21), {"reason", "until"})):
        with pytest.raises(Refused) as refused:
            suspend_partner(session, actor=olu, appointment=quill, until=until, reason=" ")
        assert {one.field for one in refused.value.refusals} == fields
    suspend_partner(session, actor=olu, appointment=quill, until=TODAY, reason="A day to mend it")


def test_a_partner_leaves_with_a_reason_and_its_live_call_offs_are_named(session, cast, olu, monkeypatch):
    place = finding.appointment(session, olu, cast.appointment[1, "Alder Cities"]).appointment
    lot = finding.lot(session, olu, "DP21-1")
    live = Touched("DP21-1-0001", "Sensors", "Live")
    monkeypatch.setattr(withdrawing, "TOUCHED", [lambda _session, one: [live] if one == place.id else []])
    assert touched_by(session, place.id) == [live]
    assert "would have no partner" in str(left_without(session, lot, place))
    with pytest.raises(Refused):
        end_partner(
            session, actor=olu, appointment=place, ended_as=AppointmentStatus.WITHDRAWN, reason="", on=TODAY
        )
    end_partner(
        session,
        actor=olu,
        appointment=place,
        ended_as=AppointmentStatus.WITHDRAWN,
        reason="Leaving this market",
        on=date(2022, 12, 1),
    )
    session.flush()
    assert len(finding.active_partners(session, lot, date(2022, 11, 30))) == 1
    assert finding.active_partners(session, lot, date(2022, 12, 1)) == []
    assert place.status_on(date(2022, 12, 1)) is AppointmentStatus.WITHDRAWN
    with pytest.raises(Refused):
        end_partner(
            session, actor=olu, appointment=place, ended_as=AppointmentStatus.WITHDRAWN, reason="Again"
        )


def test_one_person_alone_cannot_remove_a_partner(session, olu, quill):
    with pytest.raises(Refused) as caught:
        end_partner(session, actor=olu, appointment=quill, ended_as=AppointmentStatus.REMOVED, reason="Late")
    assert "second person" in str(caught.value)
    assert quill.ended_on is None


@pytest.mark.parametrize("name", ["Asha", "Cara", "Qi"])
def test_others_neither_suspend_nor_remove(session, cast, quill, name):
    actor = cast.visitor(session, name)
    with pytest.raises(NotFound):
        suspend_partner(session, actor=actor, appointment=quill, until=UNTIL, reason="No")
    with pytest.raises(NotFound):
        end_partner(session, actor=actor, appointment=quill, ended_as=AppointmentStatus.REMOVED, reason="No")
