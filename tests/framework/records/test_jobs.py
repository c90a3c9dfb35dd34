"""A slot is taken once, and slots of long ago are forgotten."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from framework.definitions import dates
from framework.records.jobs import JobRun, run_once
from tests.conftest import NOW


def slots(session, name):
    return set(session.exec(select(JobRun.slot).where(JobRun.name == name)))


def test_a_slot_is_taken_once(session, both_databases):
    assert run_once(session, "mail", "10:00")
    assert not run_once(session, "mail", "10:00")
    assert run_once(session, "other", "10:00")


@pytest.mark.parametrize(("days", "left"), [(40, {"old", "new"}), (41, {"new"})])
def test_a_jobs_own_slots_are_forgotten_after_forty_days(session, both_databases, days, left):
    with dates.at(NOW - timedelta(days=days)):
        run_once(session, "mail", "old")
        run_once(session, "lapse", "old")
    assert run_once(session, "mail", "new")
    assert slots(session, "mail") == left
    assert slots(session, "lapse") == {"old"}


def test_a_slot_that_was_lost_to_another_forgets_nothing(session):
    with dates.at(NOW - timedelta(days=50)):
        run_once(session, "mail", "old")
    run_once(session, "reminders", "now")
    assert not run_once(session, "reminders", "now")
    assert slots(session, "mail") == {"old"}


def test_how_far_reminders_have_come_is_never_forgotten(session):
    with dates.at(NOW - timedelta(days=400)):
        run_once(session, "reminders-through", "long ago")
    run_once(session, "reminders-through", "today")
    assert slots(session, "reminders-through") == {"long ago", "today"}


def test_forgetting_looks_along_an_index(session):
    plan = session.connection().execute(
        sa.text("EXPLAIN QUERY PLAN DELETE FROM job_run WHERE name = 'mail' AND ran_at < '2022-01-01'")
    )
    assert "ix_job_run_name_ran_at" in " ".join(row.detail for row in plan)
