"""Periodic work that must happen once, however many processes tick."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from framework.definitions import dates
from framework.records.database import insert_once


class JobRun(SQLModel, table=True):
    """One slot of one job, taken by whichever process came first."""

    __tablename__ = "job_run"

    id: int = Field(default=None, primary_key=True)
    name: str = Field(max_length=60)
    slot: str = Field(max_length=40)
    ran_at: datetime

    __table_args__ = (sa.UniqueConstraint("name", "slot"),)


def run_once(session: Session, name: str, slot: str) -> bool:
    """Take a slot of a job; True for the one process that may run it. The claim lasts when the caller commits."""
    return insert_once(session, JobRun, ["name", "slot"], name=name, slot=slot, ran_at=dates.now())
