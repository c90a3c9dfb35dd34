"""The last day of an agreement is London's, whatever the clocks do; and a scheduler that sleeps changes nothing but the mail."""

import re
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, col, select

import commands
from app import create_app
from calloffs.awarding import award_call_off
from calloffs.call_off import CallOffStatus
from calloffs.raising import raise_call_off
from calloffs.spend.verifying import snapshot, verify
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import Refused
from framework.records.database import current, db
from framework.records.messages import Message
from framework.records.settings import Settings
from lots.appointment import Appointment
from lots.lot import Lot
from tests.calloffs.building import WHY, accepted, answer, milestone, offered
from tests.calloffs.making import approved, drafted
from tests.cast import Cast
from tests.visiting import Visiting

# (last day, the last minute of it in UTC, the first minute after it in UTC)
EDGES = [
    pytest.param(date(2023, 5, 31), "2023-05-31T22:59", "2023-05-31T23:00", id="summer time"),
    pytest.param(date(2023, 3, 25), "2023-03-25T23:59", "2023-03-26T00:00", id="the day before it begins"),
    pytest.param(date(2023, 3, 26), "2023-03-26T22:59", "2023-03-26T23:00", id="the short day"),
    pytest.param(date(2022, 10, 29), "2022-10-29T22:59", "2022-10-29T23:00", id="the day before it ends"),
    pytest.param(date(2022, 10, 30), "2022-10-30T23:59", "2022-10-31T00:00", id="the long day"),
]

_NOTICED = r"\d+ November 2022, \d+:\d\d[ap]m (?=Reservation Approval ran out)|(?<=went back to headroom) \d+ November 2022.{9}|(?<=The ledger last moved on) \d+ November 2022, \d+:\d\d[ap]m"


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("last", "in_time", "too_late"), EDGES)
def test_check_3_raising_and_awarding_end_with_the_last_day_in_london(
    session: Session, cast: Cast, last: date, in_time: str, too_late: str
) -> None:
    agreement = session.get_one(FrameworkAgreement, cast.agreement)
    agreement.ends_on = agreement.original_ends_on = last
    session.flush()
    asha = cast.visitor(session, "Asha")
    term: dict[str, Any] = {"starts_on": last, "ends_on": last + timedelta(days=60)}
    with dates.on(last - timedelta(days=9)):
        draft = drafted(session, cast, **term)
        given = answer(deliverables=(milestone(due_on=last + timedelta(days=30)),))
        call_off, _ = accepted(session, cast, given, **term)
    said = f"ended on {dates.in_words(last)}"
    with dates.at(_utc(too_late)):
        with pytest.raises(Refused, match=said):
            award_call_off(session, actor=asha, call_off=call_off, reason="Good value", feedback=WHY)
        with pytest.raises(Refused, match=said):
            raise_call_off(session, actor=asha, call_off=draft)
    with dates.at(_utc(in_time)):
        award_call_off(session, actor=asha, call_off=call_off, reason="Good value", feedback=WHY)
        raise_call_off(session, actor=asha, call_off=draft)
    assert (call_off.status, draft.status) == (CallOffStatus.AWARDED, CallOffStatus.SUBMITTED)


def _run_every_job(app: Flask, day: date) -> None:
    with dates.on(day), app.app_context():
        for job in commands.JOBS:
            if job.name in ("lapse", "reminders"):
                job.run()
        db.session.close()


def _seen(app: Flask, addresses: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What each reader is told at each address, without the moment at which it was noticed that an approval had run out."""
    found = {}
    for name, address in addresses:
        page = Visiting(app, name).get(address)
        found[name, address] = re.sub(_NOTICED, "", page.text.split("Timeline")[0].split("History")[0])
    return found


def test_a_week_without_the_scheduler_changes_nothing_but_the_mail(
    session: Session, cast: Cast, app: Flask, settings: Settings, tmp_path: Path
) -> None:
    """An approval runs out, an offer lapses and a suspension ends in that week; pages, figures and actions are the same."""
    ran_out = approved(session, cast, value="12,345.67")
    ran_out.approval_valid_until = date(2022, 11, 25)
    lapsing, offer = offered(session, cast, working_days=2)
    place = session.get_one(Appointment, cast.appointment[(5, "Elm Apps")])
    place.suspended_from, place.suspended_until = date(2022, 11, 22), date(2022, 11, 24)
    session.commit()
    session.close()
    addresses = [
        ("Asha", f"/call-offs/{ran_out.reference}"),
        ("Asha", f"/call-offs/{lapsing.reference}"),
        ("Asha", "/call-offs/"),
        ("Asha", "/lots/DP21-5"),
        ("Asha", "/lots/DP21-3"),
        ("Finn", "/spend/"),
        ("Finn", "/spend/agreements/DP21/lots"),
        ("Faye", f"/offers/{offer.reference}"),
        ("Olu", "/agreements/DP21"),
    ]
    busy = tmp_path / "busy"
    busy.mkdir()
    file = settings.database_file
    assert file is not None
    for beside in ("", "-wal"):
        if Path(f"{file}{beside}").exists():
            shutil.copyfile(f"{file}{beside}", f"{busy / 'tracker.db'}{beside}")
    other = create_app(
        Settings(
            data_folder=busy, database_url=f"sqlite:///{busy / 'tracker.db'}", secret_key=settings.secret_key
        )
    )
    for days in range(8):
        _run_every_job(other, date(2022, 11, 22) + timedelta(days=days))
    with dates.on(date(2022, 11, 30)):
        asleep, awake = _seen(app, addresses), _seen(other, addresses)
        for where, words in asleep.items():
            assert words == awake[where]
        assert "Approval ran out" in asleep["Asha", f"/call-offs/{ran_out.reference}"]
        assert "£1,000,000.00" in asleep["Asha", "/lots/DP21-3"]
        with other.app_context():
            written = current().exec(select(Message.key).order_by(col(Message.id))).all()
            assert [one for one in written if one.startswith(("option_notice", "evidence"))]
            db.engine.dispose()
        assert verify(snapshot(session)).differences == []
        session.close()
        # And the money that ran out is there for whoever asks for all of it.
        session.connection(execution_options={"write": True})
        whole = drafted(session, cast, value=1_000_000, starts_on=date(2022, 12, 1))
        raise_call_off(session, actor=cast.visitor(session, "Asha"), call_off=whole)
        assert session.get_one(Lot, cast.lot[3], populate_existing=True).reserved_pence == 100_000_000
