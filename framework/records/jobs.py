"""Periodic work that must happen once, however many processes tick."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from framework.definitions import dates
from framework.records.columns import table_of
from framework.records.database import insert_once

KEPT = timedelta(days=40)
"""How long a taken slot is remembered: far longer than any process can be late for it."""
_MARKS = "-through"
"""Names that end so say how far some work has come. They are asked about after a long silence, and stay."""


class JobRun(SQLModel, table=True):
    """One slot of one job, taken by whichever process came first."""

    __tablename__ = "job_run"

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=60)
    slot: str = Field(max_length=40)
    ran_at: datetime = Field(index=True)

    __table_args__ = (
        sa.UniqueConstraint("name", "slot"),
        sa.Index("ix_job_run_name_ran_at", "name", "ran_at"),
    )


def run_once(session: Session, name: str, slot: str) -> bool:
    """Take a slot of a job; True for the one process that may run it. The claim lasts when the caller commits.

    Whoever takes one also forgets the job's slots of more than 40 days ago, so that a job of every minute does not pile up.
    """
    now = dates.now()
    if not insert_once(session, JobRun, ["name", "slot"], name=name, slot=slot, ran_at=now):
        return False
    if not name.endswith(_MARKS):
        runs = table_of(JobRun)
        session.connection().execute(runs.delete().where(runs.c.name == name, runs.c.ran_at < now - KEPT))
    return True
