"""A recharge statement: what one authority owes another for the call-offs that it shares, once the other's invoice is raised."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.definitions.money import Money
from framework.records.columns import Pence


class RechargeStatement(SQLModel, table=True):
    """What was recharged by one invoice of the buying authority. Never changed: what moves later stands in the next one."""

    __tablename__ = "recharge_statement"

    id: int = Field(default=None, primary_key=True)
    payee_id: int = Field(foreign_key="party.id")
    """The authority that bought and paid."""
    payer_id: int = Field(foreign_key="party.id", index=True)
    """The authority that bears a share."""
    number: int
    through_on: date
    """The last day of the last period in it."""
    invoice_number: str = Field(max_length=60)
    """The buying authority's own invoice, or credit note where it owes."""
    raised_on: date
    net_pence: int = Field(sa_type=Pence)
    marked_at: datetime
    marked_by_id: int = Field(foreign_key="person.id")

    __table_args__ = (
        sa.UniqueConstraint("payee_id", "payer_id", "number"),
        sa.UniqueConstraint("payee_id", "invoice_number"),
        sa.CheckConstraint("payee_id <> payer_id", name="two_authorities"),
    )

    @property
    def net(self) -> Money:
        """Net of VAT; below nothing where the buying authority owes."""
        return Money(self.net_pence)


class RechargeLine(SQLModel, table=True):
    """One call-off and period of a statement, net of VAT and on the agreement's basis; a correction where an earlier one had it."""

    __tablename__ = "recharge_line"

    id: int = Field(default=None, primary_key=True)
    statement_id: int = Field(foreign_key="recharge_statement.id", index=True)
    call_off_id: int = Field(foreign_key="call_off.id", index=True)
    period_on: date
    """First day of the accounting period, by the buying authority's calendar."""
    net_pence: int = Field(sa_type=Pence)
    amount_pence: int = Field(sa_type=Pence)
    is_correction: bool

    __table_args__ = (
        sa.UniqueConstraint("statement_id", "call_off_id", "period_on"),
        sa.CheckConstraint("net_pence <> 0 OR amount_pence <> 0", name="not_nothing"),
    )
