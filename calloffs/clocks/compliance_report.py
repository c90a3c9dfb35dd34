"""Figures of a payments compliance notice as a finance director approved them: frozen, one version after the other."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.records.columns import Pence


class ComplianceFigures(SQLModel):
    """The figures of one authority and half-year (RULE-46). Sums are pence including VAT; days run from the day after receipt."""

    payments: int = 0
    """Payments made in the half-year that count."""
    payments_pence: int = Field(default=0, sa_type=Pence)
    days: int = 0
    """Days to pay of all of them together, disputed days left out."""
    first_band: int = 0
    """Payments within 1 to 30 days."""
    second_band: int = 0
    """Within 31 to 60."""
    third_band: int = 0
    """In 61 or more."""
    fell_due: int = 0
    """Invoices whose last day to pay lies in the half-year."""
    fell_due_pence: int = Field(default=0, sa_type=Pence)
    not_in_time: int = 0
    """Those of them that were not paid in full by that day."""
    not_in_time_pence: int = Field(default=0, sa_type=Pence)
    """What was unpaid of them at its end."""
    without_received: int = 0
    """Matched lines left out because they do not say when the invoice came."""
    without_paid: int = 0
    """Matched lines left out because they do not say when it was paid."""
    without_gross: int = 0
    """Matched lines that count by number and not in the sums, because they do not give the amount including VAT."""
    credits: int = 0
    """Refunds and credits left out."""
    disputed: int = 0
    """Invoices left out of what fell due because they are disputed now and their clock stands."""


COUNTED = tuple(ComplianceFigures.model_fields)
"""The names of the figures, in order."""


class ComplianceReport(ComplianceFigures, table=True):
    """One approval by the finance director, with the figures as they were then. Append-only."""

    __tablename__ = "compliance_report"

    id: int = Field(default=None, primary_key=True)
    authority_id: int = Field(foreign_key="party.id")
    ends_on: date
    """Last day of the half-year."""
    version: int
    finance_director: str = Field(max_length=120)
    """Who approved, as typed by whoever records it (Procurement Regulations 2024 reg 38)."""
    approved_on: date
    """The day on which the finance director approved."""
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="person.id")

    __table_args__ = (
        sa.UniqueConstraint("authority_id", "ends_on", "version"),
        sa.CheckConstraint("finance_director <> ''", name="names_the_director"),
    )
