"""Period figures: what moved on one call-off in one stretch of days, so that figures by month, period and year never add up entries."""

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.records.columns import Pence


class PeriodFigure(SQLModel, table=True):
    """Movements by the day they count for: within one calendar month and one accounting period of the call-off's authority.

    Signed pence: what was added less what was taken away in that stretch, on the agreement's basis and net of VAT. Moved only by the
    ledger, in the transaction that posts the entries; `tracker verify` recomputes them.
    """

    __tablename__ = "period_figure"

    call_off_id: int = Field(foreign_key="call_off.id", primary_key=True)
    month_on: date = Field(primary_key=True)
    """First day of the calendar month."""
    period_on: date = Field(primary_key=True)
    """First day of the accounting period, by the authority's own calendar."""
    reserved_pence: int = Field(default=0, sa_type=Pence)
    committed_pence: int = Field(default=0, sa_type=Pence)
    invoiced_pence: int = Field(default=0, sa_type=Pence)
    paid_pence: int = Field(default=0, sa_type=Pence)
    reserved_net_pence: int = Field(default=0, sa_type=Pence)
    committed_net_pence: int = Field(default=0, sa_type=Pence)
    invoiced_net_pence: int = Field(default=0, sa_type=Pence)
    paid_net_pence: int = Field(default=0, sa_type=Pence)
    reserved_count: int = 0
    committed_count: int = 0
    invoiced_count: int = 0
    paid_count: int = 0
    """How many entries of the kind, so that no page counts them."""

    __table_args__ = (sa.Index("ix_period_figure_period_on", "period_on"),)
