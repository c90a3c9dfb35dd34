"""A partner's proposal for coming work, and what is said about it: between that partner and that council alone."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from framework.records.columns import index_where, one_of
from lots.forward.bands import band_in_words


class ProposalStatus(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return {
            ProposalStatus.DRAFT: "Draft",
            ProposalStatus.SENT: "Sent, no reply yet",
            ProposalStatus.ANSWERED: "The council has replied",
            ProposalStatus.WITHDRAWN: "Withdrawn",
        }[self]


class Reply(StrEnum):
    THANKS = "thanks"
    MORE = "more"
    NOT_NOW = "not_now"

    @property
    def label(self) -> str:
        return {
            Reply.THANKS: "Thank you, we have read it",
            Reply.MORE: "Please tell us more",
            Reply.NOT_NOW: "Not now",
        }[self]


class Proposal(SQLModel, table=True):
    """What one partner would do about one piece of coming work. The partner's alone until it is sent."""

    __tablename__ = "proposal"

    id: int = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="pipeline_item.id", index=True)
    supplier_id: int = Field(foreign_key="party.id", index=True)
    title: str = Field(max_length=200)
    words: str = Field(max_length=8000)
    who: str = Field(default="", max_length=2000)
    """Who could do it: roles and skills rather than names."""
    band: str = Field(default="", max_length=20)
    """Key of an indicative value band, net of VAT; blank where none is given."""
    created_at: datetime
    created_by_id: int | None = Field(default=None, foreign_key="person.id")
    sent_at: datetime | None = None
    lead_reads: bool = False
    """Whether the framework owner of the lead authority reads it too: as its writer was told when it was sent."""
    waits: bool = False
    """Whether the council still has to reply to what was sent last."""
    withdrawn_at: datetime | None = None

    __table_args__ = (index_where("ix_proposal_waiting", "item_id", where="waits"),)

    @property
    def status(self) -> ProposalStatus:
        """Read from what happened."""
        if self.withdrawn_at:
            return ProposalStatus.WITHDRAWN
        if not self.sent_at:
            return ProposalStatus.DRAFT
        return ProposalStatus.SENT if self.waits else ProposalStatus.ANSWERED

    @property
    def value(self) -> str:
        """The indicative value in words, with its basis."""
        return band_in_words(self.band)


class ProposalWord(SQLModel, table=True):
    """One thing said about a sent proposal: a council's reply, or what the partner adds when asked for more. Never changed."""

    __tablename__ = "proposal_word"

    id: int = Field(default=None, primary_key=True)
    proposal_id: int = Field(foreign_key="proposal.id", index=True)
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="person.id")
    reply: Reply | None = Field(default=None, sa_type=one_of(Reply))
    """None where the partner is speaking."""
    words: str = Field(default="", max_length=4000)
