"""An invitation: a company is asked by mail to join lots, or a partner's first user to sign in."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.records.columns import index_where


class InvitationStatus(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Invitation(SQLModel, table=True):
    """Who was invited under which agreement. Only a digest of the link's secret is kept; sending again makes a new one."""

    __tablename__ = "invitation"

    id: int = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="framework_agreement.id", index=True)
    supplier_id: int | None = Field(default=None, foreign_key="party.id", index=True)
    """The supplier that it is meant for; None for a company that was not registered when it was invited."""
    company_name: str = Field(max_length=200)
    contact_name: str = Field(max_length=120)
    email: str = Field(max_length=254)
    gives_places: bool = True
    """False where it only lets the first user of a partner that has its place already sign in."""
    token_digest: str = Field(max_length=64, unique=True)
    sent_at: datetime
    expires_at: datetime
    times_sent: int = 1
    invited_by_id: int | None = Field(default=None, foreign_key="person.id")
    accepted_at: datetime | None = None
    accepted_by_id: int | None = Field(default=None, foreign_key="person.id")
    withdrawn_at: datetime | None = None

    __table_args__ = (
        sa.CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name="ends_once"),
        index_where(
            "ix_invitation_open", "agreement_id", where="accepted_at IS NULL AND withdrawn_at IS NULL"
        ),
    )

    def status_at(self, moment: datetime) -> InvitationStatus:
        """Read from what happened to it and the clock."""
        if self.accepted_at:
            return InvitationStatus.ACCEPTED
        if self.withdrawn_at:
            return InvitationStatus.WITHDRAWN
        return InvitationStatus.OPEN if moment < self.expires_at else InvitationStatus.EXPIRED


class InvitationLot(SQLModel, table=True):
    """A lot that an invitation is about."""

    __tablename__ = "invitation_lot"

    id: int = Field(default=None, primary_key=True)
    invitation_id: int = Field(foreign_key="invitation.id", index=True)
    lot_id: int = Field(foreign_key="lot.id", index=True)

    __table_args__ = (sa.UniqueConstraint("invitation_id", "lot_id"),)
