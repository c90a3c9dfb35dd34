"""The mails about returns: asked on the first, chased from the sixth working day, each once."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from calloffs.returns.chasing import chase, newest_stage, stages
from framework.definitions import dates
from framework.people.person import Person
from framework.records.messages import Message
from tests.calloffs.returns.building import OCTOBER, give, line
from tests.calloffs.spend.building import live_call_off

LONDON = ZoneInfo("Europe/London")


def _told(session):
    rows = session.exec(select(Message.to_address, Message.subject).order_by(Message.id)).all()
    return [(address.partition("@")[0], subject) for address, subject in rows]


def _october(session, cast, **how):
    """A call-off that began on 1 October, so that no month before is asked about."""
    return live_call_off(session, cast, starts=date(2022, 10, 1), **how)


def _on(session, day):
    with dates.on(day):
        return chase(session)


@pytest.mark.parametrize(
    ("month", "days"),
    [
        (date(2022, 10, 1), ["1 Nov", "8 Nov", "15 Nov", "22 Nov"]),
        # 2 January everywhere and 3 January in Scotland are no working days.
        (date(2022, 12, 1), ["1 Jan", "11 Jan", "18 Jan", "25 Jan"]),
        # Easter 2023: 7 and 10 April.
        (date(2023, 3, 1), ["1 Apr", "12 Apr", "19 Apr", "26 Apr"]),
    ],
)
def test_asked_on_the_first_and_chased_from_the_sixth_working_day(month, days):
    assert [f"{one.day.day} {one.day:%b}" for one in stages(month)] == days


@pytest.mark.usefixtures("both_databases")
def test_the_first_of_the_month_asks_each_of_the_partners_people_and_nobody_else(session, cast):
    _october(session, cast)
    with dates.at(datetime(2022, 10, 31, 23, 59, tzinfo=LONDON)):
        chase(session)
    assert not [subject for _, subject in _told(session) if "October" in subject]
    with dates.at(datetime(2022, 11, 1, 0, 0, tzinfo=LONDON)):
        assert chase(session) == 1
        assert chase(session) == 0
    assert _told(session)[-1] == ("faye", "Your return for October 2022: due Monday 7 November 2022")


def test_check_44_silence_is_chased_on_the_sixth_working_day_and_not_before(session, cast):
    norths = _october(session, cast)
    souths = _october(session, cast, authority="Southmere", lot=7, partner="Quill Works")
    _on(session, date(2022, 11, 1))
    for day in range(2, 8):
        assert _on(session, date(2022, 11, day)) == 0
    assert _on(session, date(2022, 11, 8)) == 6
    assert sorted(_told(session)[2:]) == [
        ("asha", "No return for October 2022 from 1 partner"),
        ("cara", "No return for October 2022 from 1 partner"),
        ("faye", "Your return for October 2022 was due Monday 7 November 2022"),
        ("odette", "No return for October 2022 from 2 partners"),
        ("olu", "No return for October 2022 from 2 partners"),
        ("qi", "Your return for October 2022 was due Monday 7 November 2022"),
    ]
    texts = dict(session.exec(select(Message.to_address, Message.text)).all())
    assert souths.reference not in texts["asha@example.org"]
    assert f"Fennel Web: {norths.reference}" in texts["olu@example.org"]
    assert f"Quill Works: {souths.reference}" in texts["cara@example.org"]
    assert norths.reference not in texts["qi@example.org"]


def test_no_business_and_any_other_answer_end_the_chase(session, cast):
    own = _october(session, cast)
    _october(session, cast, lot=7, partner="Quill Works")
    _on(session, date(2022, 11, 1))
    with dates.on(date(2022, 11, 2)):
        give(session, cast, line(own))
        give(session, cast, partner="Quill Works", no_business=True)
    for day in (8, 15, 22):
        assert _on(session, date(2022, 11, day)) == 0


def test_three_chases_and_then_silence_stays_on_the_pages(session, cast):
    _october(session, cast, ends=date(2022, 10, 31))
    for day in range(1, 31):
        _on(session, date(2022, 11, day))
    for day in range(1, 31):
        _on(session, date(2022, 12, day))
    assert [subject for name, subject in _told(session) if name == "faye" and "October" in subject] == [
        "Your return for October 2022: due Monday 7 November 2022",
        *["Your return for October 2022 was due Monday 7 November 2022"] * 3,
    ]
    assert len([name for name, _ in _told(session) if name == "asha"]) == 1


def test_after_days_without_a_run_only_the_newest_goes_once_and_says_that_it_is_late(session, cast):
    _october(session, cast, ends=date(2022, 10, 31))
    _on(session, date(2022, 11, 11))
    _on(session, date(2022, 11, 11))
    assert sorted(_told(session)) == [
        ("asha", "Late reminder: No return for October 2022 from 1 partner"),
        ("faye", "Late reminder: Your return for October 2022 was due Monday 7 November 2022"),
        ("odette", "Late reminder: No return for October 2022 from 1 partner"),
        ("olu", "Late reminder: No return for October 2022 from 1 partner"),
    ]
    text = session.exec(select(Message.text).where(Message.to_address == "faye@example.org")).one()
    assert "This reminder was due on 8 November 2022 and goes out late." in text
    assert f"/returns/{cast.party['Fennel Web']}/2022-10/give" in text
    assert newest_stage(OCTOBER, date(2022, 12, 6)) is not None
    assert newest_stage(OCTOBER, date(2022, 12, 7)) is None


def test_someone_who_has_left_is_not_written_to(session, cast):
    _october(session, cast)
    session.exec(select(Person).where(Person.name == "Faye")).one().active = False
    session.flush()
    _on(session, date(2022, 11, 1))
    assert _told(session) == []
