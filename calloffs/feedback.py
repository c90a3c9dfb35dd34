"""Feedback: what a council tells a partner about its work, and the partner's one reply."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.records.columns import one_of


class Moment(StrEnum):
    """When feedback is given. Where an answer came to nothing, the offer itself keeps the words."""

    AWARD = "award"
    CLOSE = "close"

    @property
    def label(self) -> str:
        return {Moment.AWARD: "At the award", Moment.CLOSE: "At the close"}[self]


class Feedback(SQLModel, table=True):
    """Words written for the partner of one offer, never the council's own reasons. The partner may reply once to those at close."""

    __tablename__ = "feedback"

    id: int = Field(default=None, primary_key=True)
    offer_id: int = Field(foreign_key="offer.id")
    moment: Moment = Field(sa_type=one_of(Moment))
    words: str = Field(max_length=4000)
    given_at: datetime
    given_by_id: int = Field(foreign_key="person.id")
    reply: str = Field(default="", max_length=4000)
    replied_at: datetime | None = None
    replied_by_id: int | None = Field(default=None, foreign_key="person.id")

    __table_args__ = (sa.UniqueConstraint("offer_id", "moment"),)

    @property
    def may_be_replied_to(self) -> bool:
        """Whether the partner's one reply is still open."""
        return self.moment is Moment.CLOSE and self.replied_at is None
