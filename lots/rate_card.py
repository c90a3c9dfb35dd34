"""A rate card: the most a partner may charge for a day's work on a lot, by role and level."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.definitions.money import Money
from framework.records.columns import Pence


class RateCard(SQLModel, table=True):
    """One dated version. A call-off freezes the version in force when it is offered (RULE-78)."""

    __tablename__ = "rate_card"

    id: int = Field(default=None, primary_key=True)
    appointment_id: int = Field(foreign_key="appointment.id", index=True)
    version: int
    from_on: date
    hours_per_day_hundredths: int = 750
    created_at: datetime
    created_by_id: int | None = Field(default=None, foreign_key="person.id")

    __table_args__ = (
        sa.UniqueConstraint("appointment_id", "version"),
        sa.CheckConstraint("hours_per_day_hundredths BETWEEN 100 AND 2400", name="hours_sensible"),
    )


class Rate(SQLModel, table=True):
    """A day rate net of VAT for a role at a level from 1 to 7. A missing row means "not offered", never nothing to pay."""

    __tablename__ = "rate"

    id: int = Field(default=None, primary_key=True)
    rate_card_id: int = Field(foreign_key="rate_card.id", index=True)
    role: str = Field(max_length=80)
    """A role or a category of work, in the partner's or the council's own words."""
    level: int
    day_rate_pence: int = Field(sa_type=Pence)

    __table_args__ = (
        sa.UniqueConstraint("rate_card_id", "role", "level"),
        sa.CheckConstraint("level BETWEEN 1 AND 7", name="level_one_to_seven"),
        sa.CheckConstraint("day_rate_pence > 0", name="day_rate_above_nothing"),
    )

    @property
    def day_rate(self) -> Money:
        """Net of VAT."""
        return Money(self.day_rate_pence)
