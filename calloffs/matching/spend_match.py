"""A match: that a spend line belongs to a call-off, why, and what the ledger was told because of it."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.records.columns import Pence, one_of


class Why(StrEnum):
    """What a match rests on, the surest first (RULE-91)."""

    PURCHASE_ORDER = "purchase_order"
    CALL_OFF_REFERENCE = "call_off_reference"
    SUPPLIER_NUMBER = "supplier_number"
    COMPANY_NUMBER = "company_number"
    NAME = "name"
    BY_HAND = "by_hand"


class SpendMatch(SQLModel, table=True):
    """One decision, kept when it is undone. What was posted is on the agreement's basis and net, signed, in pence."""

    __tablename__ = "spend_match"

    id: int = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="spend_line.id")
    call_off_id: int = Field(foreign_key="call_off.id", index=True)
    why: Why = Field(sa_type=one_of(Why))
    because: str = Field(default="", max_length=300)
    """The reason as it was shown."""
    invoice_id: int | None = Field(default=None, foreign_key="invoice.id", index=True)
    """The invoice recorded here before, of which the line is the payment."""
    payment_id: int | None = Field(default=None, foreign_key="payment.id")
    invoiced_pence: int = Field(default=0, sa_type=Pence)
    invoiced_net_pence: int = Field(default=0, sa_type=Pence)
    paid_pence: int = Field(default=0, sa_type=Pence)
    paid_net_pence: int = Field(default=0, sa_type=Pence)
    over_pence: int = Field(default=0, sa_type=Pence)
    """How far it took invoiced past committed, accepted by whoever matched it."""
    over_why: str = Field(default="", max_length=500)
    matched_at: datetime
    matched_by_id: int | None = Field(default=None, foreign_key="person.id")
    undone_at: datetime | None = None
    undone_by_id: int | None = Field(default=None, foreign_key="person.id")

    __table_args__ = (
        sa.Index(
            "uq_spend_match_standing",
            "line_id",
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
    )
