"""Four processes remind at the same moment, and each person is written to once."""

import multiprocessing
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, select

from app import create_app
from framework import reminding
from framework.definitions import dates
from framework.records.database import db, writing
from framework.records.messages import Message
from framework.records.settings import Settings
from tests.cast import Cast

_spawn = multiprocessing.get_context("forkserver")
_spawn.set_forkserver_preload(["app", "tests.races.test_reminders"])
DAY = date(2022, 11, 30)
"""Six months before the end of the agreement, and the last day to give notice of its option."""


def _remind(settings: Settings, start: Any, told: Any) -> None:
    with dates.on(DAY), create_app(settings).app_context():
        start.wait(60)
        with writing() as session:
            reminding.remind(session)
        told.put("done")
        db.engine.dispose()


@pytest.mark.race
@pytest.mark.usefixtures("both_databases")
def test_check_53_four_processes_remind_each_reader_once(
    session: Session, cast: Cast, settings: Settings
) -> None:
    session.rollback()
    session.close()
    start, told = _spawn.Barrier(4), _spawn.Queue()
    four = [_spawn.Process(target=_remind, args=(settings, start, told), daemon=True) for _ in range(4)]
    for one in four:
        one.start()
    assert [told.get(timeout=120) for _ in four] == ["done"] * 4
    for one in four:
        one.join(30)
    keys = list(session.exec(select(Message.key)))
    assert (
        len(
            [
                one
                for one in keys
                if one.startswith("agreement_end:") and one.endswith(f":{cast.person['Olu']}")
            ]
        )
        == 1
    )
    assert len(keys) == len(set(keys))
    texts = list(session.exec(select(Message.to_address, Message.subject, Message.text)))
    assert len(texts) == len(set(texts))
