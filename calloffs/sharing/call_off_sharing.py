"""A sharing: one version of the shares by which member authorities bear a call-off. Once answered it is never edited."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.records.columns import index_where

_WAITS = "agreed_at IS NULL AND refused_at IS NULL AND withdrawn_at IS NULL"


class CallOffSharing(SQLModel, table=True):
    """A version as it was proposed; it holds from `from_on`, once every other authority has agreed."""

    __tablename__ = "call_off_sharing"

    id: int = Field(default=None, primary_key=True)
    call_off_id: int = Field(foreign_key="call_off.id")
    number: int
    from_on: date
    """First day whose money it splits; before it the version before holds, or the buying authority bears everything."""
    reason: str = Field(max_length=1000)
    proposed_at: datetime
    proposed_by_id: int = Field(foreign_key="person.id")
    agreed_at: datetime | None = None
    refused_at: datetime | None = None
    withdrawn_at: datetime | None = None

    __table_args__ = (
        sa.UniqueConstraint("call_off_id", "number"),
        sa.Index(
            "uq_call_off_sharing_waiting",
            "call_off_id",
            unique=True,
            sqlite_where=sa.text(_WAITS),
            postgresql_where=sa.text(_WAITS),
        ),
        index_where("ix_call_off_sharing_agreed", "call_off_id", where="agreed_at IS NOT NULL"),
    )

    @property
    def waits(self) -> bool:
        """Whether somebody has still to answer."""
        return self.agreed_at is None and self.refused_at is None and self.withdrawn_at is None

    @property
    def state(self) -> str:
        """What became of it, in a word."""
        if self.agreed_at:
            return "Agreed"
        if self.refused_at:
            return "Refused"
        return "Withdrawn" if self.withdrawn_at else "Waiting"


class CallOffShare(SQLModel, table=True):
    """What one authority bears in a version, in basis points; place 0 is the buying authority, which leads. Never changed."""

    __tablename__ = "call_off_share"

    id: int = Field(default=None, primary_key=True)
    sharing_id: int = Field(foreign_key="call_off_sharing.id")
    authority_id: int = Field(foreign_key="party.id", index=True)
    place: int
    share_bp: int

    __table_args__ = (
        sa.UniqueConstraint("sharing_id", "authority_id"),
        sa.UniqueConstraint("sharing_id", "place"),
        sa.CheckConstraint("share_bp BETWEEN 0 AND 10000", name="part_of_a_whole"),
    )


class SharingAnswer(SQLModel, table=True):
    """What one of the other authorities said to a version. Never changed."""

    __tablename__ = "sharing_answer"

    id: int = Field(default=None, primary_key=True)
    sharing_id: int = Field(foreign_key="call_off_sharing.id")
    authority_id: int = Field(foreign_key="party.id")
    agrees: bool
    reason: str = Field(default="", max_length=1000)
    answered_at: datetime
    answered_by_id: int = Field(foreign_key="person.id")

    __table_args__ = (
        sa.UniqueConstraint("sharing_id", "authority_id"),
        sa.CheckConstraint("agrees OR reason <> ''", name="refusal_has_reason"),
    )
