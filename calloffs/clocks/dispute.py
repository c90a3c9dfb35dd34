"""A dispute about an invoice: what was opened and how it was resolved, each an event that is never changed."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.records.columns import one_of


class DisputeKind(StrEnum):
    """What an event says. Opening stops the clock of RULE-43; each of the others resolves the dispute and starts it again."""

    OPENED = "opened"
    TO_BE_CREDITED = "to_be_credited"
    TO_BE_PAID = "to_be_paid"
    SETTLED = "settled"

    @property
    def label(self) -> str:
        return {
            DisputeKind.OPENED: "Disputed",
            DisputeKind.TO_BE_CREDITED: "We were right: the partner sends a credit note",
            DisputeKind.TO_BE_PAID: "The partner was right: the invoice is paid",
            DisputeKind.SETTLED: "Settled between the council and the partner",
        }[self]


OUTCOMES = (DisputeKind.TO_BE_CREDITED, DisputeKind.TO_BE_PAID, DisputeKind.SETTLED)


class DisputeEvent(SQLModel, table=True):
    """One event of an invoice's disputes, numbered from 1: odd numbers open, even numbers resolve. Append-only."""

    __tablename__ = "dispute_event"

    id: int = Field(default=None, primary_key=True)
    invoice_id: int = Field(foreign_key="invoice.id")
    number: int
    kind: DisputeKind = Field(sa_type=one_of(DisputeKind))
    happened_on: date
    """The London day of it: what the clock counts."""
    words: str = Field(max_length=2000)
    """The reason or how it was resolved, as the partner was told."""
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="person.id")

    __table_args__ = (
        sa.UniqueConstraint("invoice_id", "number"),
        sa.CheckConstraint(
            "number >= 1 AND (number % 2 = 1) = (kind = 'opened')", name="opened_then_resolved"
        ),
        sa.CheckConstraint("words <> ''", name="says_why"),
    )
