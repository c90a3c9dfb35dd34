"""Two colleagues give one return at the same moment, and four processes chase silence together."""

import multiprocessing
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, select

from app import create_app
from calloffs.returns import chasing
from calloffs.returns.monthly_return import MonthlyReturn, ReturnLine
from framework.definitions import dates
from framework.people.permissions import Role
from framework.people.person import Person, Post
from framework.records.database import db, writing
from framework.records.messages import Message
from framework.records.settings import Settings
from tests.calloffs.spend.building import live_call_off
from tests.cast import Cast
from tests.races.site import at_once, opened, two_servers

_spawn = multiprocessing.get_context("forkserver")
_spawn.set_forkserver_preload(["app", "tests.races.test_returns"])
DAY = date(2022, 11, 8)
"""The sixth working day of November 2022."""


def _chase(settings: Settings, start: Any, told: Any) -> None:
    with dates.on(DAY), create_app(settings).app_context():
        start.wait(60)
        with writing() as session:
            chasing.chase(session)
        told.put("done")
        db.engine.dispose()


@pytest.mark.race
@pytest.mark.usefixtures("both_databases")
def test_check_44_four_processes_chase_each_reader_once(
    session: Session, cast: Cast, settings: Settings
) -> None:
    live_call_off(session, cast, starts=date(2022, 10, 1))
    live_call_off(session, cast, starts=date(2022, 10, 1), lot=7, partner="Quill Works")
    session.commit()
    session.close()
    start, told = _spawn.Barrier(4), _spawn.Queue()
    four = [_spawn.Process(target=_chase, args=(settings, start, told), daemon=True) for _ in range(4)]
    for one in four:
        one.start()
    assert [told.get(timeout=120) for _ in four] == ["done"] * 4
    for one in four:
        one.join(30)
    addresses = sorted(one.partition("@")[0] for one in session.exec(select(Message.to_address)))
    assert addresses == ["asha", "faye", "odette", "olu", "qi"]


@pytest.mark.race
@pytest.mark.usefixtures("both_databases")
def test_of_two_colleagues_who_give_one_return_at_once_one_gives_it_and_the_other_is_told(
    session: Session, cast: Cast, settings: Settings, visit: Any
) -> None:
    own = live_call_off(session, cast, starts=date(2022, 10, 1))
    gwen = Person(name="Gwen", email="gwen@example.org", fs_uniquifier="u-gwen", created_at=dates.now())
    session.add(gwen)
    session.flush()
    session.add(
        Post(
            person_id=gwen.id,
            party_id=cast.party["Fennel Web"],
            role=Role.PARTNER_ADMINISTRATOR,
            starts_on=date(2022, 1, 1),
        )
    )
    place = f"line_{own.id}"
    session.commit()
    session.close()
    address = f"/returns/{cast.party['Fennel Web']}/2022-10"
    faye, gwens = visit("Faye"), visit("Gwen")
    faye.send(f"{address}/give", {f"{place}-net": "5", f"{place}-delivered": "Work"})
    presses = [opened(one, f"{address}/check") for one in (faye, gwens)]
    with two_servers(settings) as ports:
        answers = at_once(ports, presses)
    assert sorted(one.status for one in answers) == [303, 422]
    refused = next(one for one in answers if one.status == 422)
    assert "while you were" in refused.text
    assert session.exec(select(MonthlyReturn.versions)).all() == [1]
    assert len(session.exec(select(ReturnLine.id)).all()) == 1
