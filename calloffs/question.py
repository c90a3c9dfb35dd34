"""A question that a partner asks about an offer, and the council's answer."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from framework.definitions import dates
from framework.records.columns import index_where


class Question(SQLModel, table=True):
    """Asked by the partner of one offer. Its answer goes to that partner alone, or, where `to_all`, to every partner asked.

    A reader other than the asker never sees who asked: nothing on a partner's page is made from `offer_id` or `asked_by_id`.
    """

    __tablename__ = "offer_question"

    id: int = Field(default=None, primary_key=True)
    call_off_id: int = Field(foreign_key="call_off.id", index=True)
    offer_id: int = Field(foreign_key="offer.id", index=True)
    words: str = Field(max_length=2000)
    asked_at: datetime
    asked_by_id: int = Field(foreign_key="person.id")
    answer: str = Field(default="", max_length=4000)
    answered_at: datetime | None = None
    answered_by_id: int | None = Field(default=None, foreign_key="person.id")
    to_all: bool = False
    """Whether every partner asked reads question and answer. A direct offer is made to one partner, so there it is not."""

    __table_args__ = (index_where("ix_offer_question_waiting", "call_off_id", where="answered_at IS NULL"),)

    @property
    def days_waiting(self) -> int:
        """Whole London days since it was asked, 0 on the same day."""
        return (dates.today() - dates.as_london(self.asked_at).date()).days
