"""Alerts: each time a ceiling, an allocation or a call-off reached one of its marks, and who was told (RULE-33, RULE-97)."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.records.columns import Pence, index_where, one_of


class Measure(StrEnum):
    """What is measured against a limit: money committed, and apart from it money paid."""

    COMMITTED = "committed"
    PAID = "paid"


class CeilingAlert(SQLModel, table=True):
    """One mark of one limit reached by one posting. Never edited: falling below and reaching it again is another crossing.

    Amounts are pence on the agreement's basis, the limit as it was then.
    """

    __tablename__ = "ceiling_alert"

    id: int = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="framework_agreement.id", index=True)
    scope: str = Field(max_length=24)
    """The table of what has the limit: framework_agreement, member_authority, lot, or call_off (paid past what is committed)."""
    scope_id: int
    measure: Measure = Field(sa_type=one_of(Measure))
    mark: int
    """Per cent of the limit."""
    crossing: int
    """1 for the first time, and one more each time it was reached again from below."""
    reached_at: datetime
    stood_pence: int = Field(sa_type=Pence)
    limit_pence: int = Field(sa_type=Pence)
    call_off_id: int = Field(foreign_key="call_off.id")
    """Whose posting reached it."""

    __table_args__ = (
        sa.UniqueConstraint("scope", "scope_id", "measure", "mark", "crossing"),
        sa.CheckConstraint("mark > 0 AND crossing > 0", name="mark_and_crossing_counted"),
    )


class AlertReader(SQLModel, table=True):
    """Somebody who was told of an alert, and when they said that they have seen it."""

    __tablename__ = "alert_reader"

    alert_id: int = Field(foreign_key="ceiling_alert.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    acknowledged_at: datetime | None = None

    __table_args__ = (index_where("ix_alert_reader_open", "person_id", where="acknowledged_at IS NULL"),)
