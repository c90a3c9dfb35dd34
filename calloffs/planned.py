"""Which call-off a piece of coming work belongs to, and which a promise was made with: links from the upper floor down."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class PlannedCallOff(SQLModel, table=True):
    """A piece of coming work and its call-off. The link is private: only those who see the call-off see it."""

    __tablename__ = "planned_call_off"

    id: int = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="pipeline_item.id", unique=True)
    call_off_id: int = Field(foreign_key="call_off.id", unique=True)
    linked_at: datetime


class PromisedCallOff(SQLModel, table=True):
    """The call-off that a promise was made with."""

    __tablename__ = "promised_call_off"

    id: int = Field(default=None, primary_key=True)
    promise_id: int = Field(foreign_key="promise.id", unique=True)
    call_off_id: int = Field(foreign_key="call_off.id", index=True)
