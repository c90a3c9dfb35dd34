"""Suspending, resuming and ending early."""

from datetime import date

import pytest
from sqlmodel import Session, select

from calloffs.call_off import CallOffStatus
from calloffs.pausing import resume_call_off, suspend_call_off
from calloffs.terminating import terminate_call_off
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.records.messages import Message
from tests.calloffs.spend.building import live_call_off
from tests.cast import Cast


def test_a_live_call_off_is_suspended_and_resumed_with_reasons(session: Session, cast: Cast) -> None:
    call_off, asha = live_call_off(session, cast), cast.visitor(session, "Asha")
    with pytest.raises(Refused, match=r"why the work stops"):
        suspend_call_off(session, actor=asha, call_off=call_off, reason=" ")
    suspend_call_off(session, actor=asha, call_off=call_off, reason="Flood")
    assert call_off.status == CallOffStatus.SUSPENDED.value
    with pytest.raises(Refused, match=r"Only a live call-off"):
        suspend_call_off(session, actor=asha, call_off=call_off, reason="Again")
    with pytest.raises(NotFound):
        resume_call_off(session, actor=cast.visitor(session, "Cara"), call_off=call_off, reason="Dry")
    resume_call_off(session, actor=asha, call_off=call_off, reason="Dry")
    assert call_off.status == CallOffStatus.LIVE.value


def test_a_suspended_call_off_still_ends_on_its_day(session: Session, cast: Cast) -> None:
    call_off = live_call_off(session, cast)
    suspend_call_off(session, actor=cast.visitor(session, "Asha"), call_off=call_off, reason="Flood")
    with dates.on(date(2023, 4, 1)):
        assert call_off.status == CallOffStatus.ENDED.value


def test_ending_early_needs_a_reason_and_a_day_between_today_and_the_end(
    session: Session, cast: Cast
) -> None:
    call_off, asha = live_call_off(session, cast), cast.visitor(session, "Asha")
    for day, sentence in ((date(2022, 11, 21), "today or later"), (date(2023, 3, 31), "ends anyway")):
        with pytest.raises(Refused, match=sentence):
            terminate_call_off(session, actor=asha, call_off=call_off, last_day=day, reason="Breach")
    terminate_call_off(session, actor=asha, call_off=call_off, last_day=date(2022, 11, 22), reason="Breach")
    assert call_off.status == CallOffStatus.LIVE.value
    with dates.on(date(2022, 11, 23)):
        assert call_off.status == CallOffStatus.TERMINATED.value
        with pytest.raises(Refused, match=r"still running"):
            terminate_call_off(
                session, actor=asha, call_off=call_off, last_day=date(2022, 11, 24), reason="Again"
            )


def test_an_early_end_is_the_last_day_that_both_sides_read_and_the_partner_is_told(
    session: Session, cast: Cast, visit
) -> None:
    call_off = live_call_off(session, cast)
    reference, asha = call_off.reference, cast.visitor(session, "Asha")
    terminate_call_off(session, actor=asha, call_off=call_off, last_day=date(2022, 12, 9), reason="Breach")
    told = session.exec(select(Message).where(Message.person_id == cast.person["Faye"])).all()
    assert [one.subject for one in told if "ends early" in one.subject] == [
        f"{reference} ends early, on 9 December 2022"
    ]
    session.commit()
    session.close()
    for name in ("Asha", "Faye"):
        text = visit(name).get(f"/call-offs/{reference}").text
        assert "to 9 December 2022 (ended early; it was agreed to run to 31 March 2023)" in text
