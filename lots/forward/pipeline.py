"""A piece of coming work, from idea to request, and the news about it."""

import json
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.records.columns import one_of
from lots.forward.bands import band_in_words
from lots.forward.periods import Period


class Stage(StrEnum):
    IDEA = "idea"
    PLANNED = "planned"
    PREPARED = "prepared"
    REQUESTED = "requested"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        return {
            Stage.IDEA: "Idea",
            Stage.PLANNED: "Planned",
            Stage.PREPARED: "Being prepared",
            Stage.REQUESTED: "Became a request",
            Stage.DROPPED: "Dropped",
        }[self]

    @property
    def is_open(self) -> bool:
        """Whether the work is still ahead."""
        return self in OPEN_STAGES


OPEN_STAGES = (Stage.IDEA, Stage.PLANNED, Stage.PREPARED)


class PipelineItem(SQLModel, table=True):
    """Work that a council expects to ask for. Its own council's alone until it is shared; never hidden again after that."""

    __tablename__ = "pipeline_item"

    id: int = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="framework_agreement.id", index=True)
    lot_id: int = Field(foreign_key="lot.id", index=True)
    authority_id: int = Field(foreign_key="party.id", index=True)
    title: str = Field(max_length=200)
    what: str = Field(default="", max_length=4000)
    why: str = Field(default="", max_length=4000)
    asked_from: date | None = None
    """First and last day of the month or quarter in which the council expects to ask (both or neither)."""
    asked_until: date | None = None
    starts_from: date
    starts_until: date
    months: int | None = None
    """Likely length."""
    band: str = Field(default="", max_length=20)
    """Key of a value band, net of VAT; blank where the value is not known yet."""
    stage: Stage = Field(default=Stage.IDEA, sa_type=one_of(Stage))
    unsettled: str = Field(default="", max_length=2000)
    contact_role: str = Field(default="", max_length=120)
    is_agreement_wide: bool = False
    """Whether partners on other lots of the agreement read of it in short."""
    created_at: datetime
    created_by_id: int | None = Field(default=None, foreign_key="person.id")
    changes: int = 0
    """How often it was changed, so that nobody overwrites words they never saw."""
    shared_at: datetime | None = None
    shared_by_id: int | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = None
    """When it became a request or was dropped."""
    dropped_why: str = Field(default="", max_length=1000)

    __table_args__ = (
        sa.CheckConstraint("starts_from <= starts_until", name="start_in_order"),
        sa.CheckConstraint("(asked_from IS NULL) = (asked_until IS NULL)", name="asking_whole"),
    )

    @property
    def start(self) -> Period:
        """The month or quarter in which work is expected to begin."""
        return Period(self.starts_from, self.starts_until)

    @property
    def asking(self) -> Period | None:
        """The month or quarter in which the council expects to ask; None where it is not known yet."""
        if self.asked_from is None or self.asked_until is None:
            return None
        return Period(self.asked_from, self.asked_until)

    @property
    def value(self) -> str:
        """The value band in words, with its basis."""
        return band_in_words(self.band)

    @property
    def is_shared(self) -> bool:
        """Whether partners may read it."""
        return self.shared_at is not None


class NewsKind(StrEnum):
    SHARED = "shared"
    CHANGED = "changed"
    NOTE = "note"
    BEGUN = "begun"
    REQUESTED = "requested"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        return {
            NewsKind.SHARED: "Shared",
            NewsKind.CHANGED: "Changed",
            NewsKind.NOTE: "Note from the council",
            NewsKind.BEGUN: "An officer has begun the request",
            NewsKind.REQUESTED: "Has been asked for",
            NewsKind.DROPPED: "Dropped",
        }[self]


class PipelineNews(SQLModel, table=True):
    """One thing that readers of a shared item are told. It never names a person or a partner."""

    __tablename__ = "pipeline_news"

    id: int = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="pipeline_item.id", index=True)
    at: datetime = Field(index=True)
    kind: NewsKind = Field(sa_type=one_of(NewsKind))
    words: str = Field(default="", max_length=4000)
    changed: str = ""
    """What was changed, as a JSON list of [name, before, after]."""

    @property
    def differences(self) -> list[tuple[str, str, str]]:
        """Name, before and after of each thing that was changed."""
        return [(name, before, after) for name, before, after in json.loads(self.changed or "[]")]
