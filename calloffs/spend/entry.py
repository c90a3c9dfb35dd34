"""A ledger entry: one movement of money, posted once and never edited."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.records.columns import Pence, index_where, one_of


class EntryKind(StrEnum):
    RESERVATION = "reservation"
    COMMITMENT = "commitment"
    INVOICE = "invoice"
    PAYMENT = "payment"


INVOICED_BY_LINES = "spend_line_id IS NOT NULL AND kind = 'invoice'"
"""What lines of extracts invoiced: a query that asks for this, written alike, reads nothing else of a call-off."""


class LedgerEntry(SQLModel, table=True):
    """A signed amount in pence on the agreement's basis, with the same movement net of VAT beside it."""

    __tablename__ = "ledger_entry"

    id: int = Field(default=None, primary_key=True)
    posted_at: datetime
    kind: EntryKind = Field(sa_type=one_of(EntryKind))
    amount_pence: int = Field(sa_type=Pence)
    net_pence: int = Field(sa_type=Pence)
    reason: str = Field(max_length=60)
    agreement_id: int = Field(foreign_key="framework_agreement.id", index=True)
    lot_id: int = Field(foreign_key="lot.id", index=True)
    authority_id: int = Field(foreign_key="party.id")
    call_off_id: int = Field(foreign_key="call_off.id", index=True)
    case_id: int | None = Field(default=None, foreign_key="business_case.id", index=True)
    appointment_id: int | None = Field(default=None, foreign_key="appointment.id", index=True)
    invoice_id: int | None = Field(default=None, foreign_key="invoice.id", index=True)
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    effective_on: date | None = None
    """The London day that it counts for in periods; None for entries of before there were any: the day they were posted."""
    spend_line_id: int | None = None
    """The line of an extract that it rests on. Not a foreign key: SQLite cannot add one to a table that is never rebuilt."""

    __table_args__ = (
        index_where("ix_ledger_entry_spend_line_id", "spend_line_id", where="spend_line_id IS NOT NULL"),
        index_where(
            "ix_ledger_entry_invoiced_by_lines", "call_off_id", "effective_on", where=INVOICED_BY_LINES
        ),
        sa.CheckConstraint("amount_pence <> 0 OR net_pence <> 0", name="amount_not_nothing"),
        sa.Index("ix_ledger_entry_agreement_id_posted_at", "agreement_id", "posted_at"),
        sa.Index("ix_ledger_entry_authority_id_id", "authority_id", "id"),
    )


def who_posted(name: str | None, kind: EntryKind) -> str:
    """Who posted an entry: a person by name. Without one the clock freed a reservation, and the command line posted what a file says."""
    if name:
        return name
    return "The command line" if kind in (EntryKind.INVOICE, EntryKind.PAYMENT) else "The clock"
