"""A novation: after a corporate restructuring another company takes over a partner's place on a lot (RULE-09)."""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.definitions.regime import Regime
from framework.records.columns import one_of


class Restructuring(StrEnum):
    """What happened to the company whose place is taken over."""

    TAKEOVER = "takeover"
    MERGER = "merger"
    TRANSFER = "transfer"
    INSOLVENCY = "insolvency"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            Restructuring.TAKEOVER: "Takeover by another company",
            Restructuring.MERGER: "Merger with another company",
            Restructuring.TRANSFER: "Sale or transfer of the business",
            Restructuring.INSOLVENCY: "Insolvency",
            Restructuring.OTHER: "Another corporate restructuring",
        }[self]


class NovationGround(StrEnum):
    """The one ground that each law knows for another company in a partner's place (RULE-36, RULE-39)."""

    PCR_REGULATION_72_1_D = "pcr_72_1_d"
    PA_SCHEDULE_8_PARAGRAPH_9 = "pa_schedule_8_9"

    @property
    def label(self) -> str:
        if self is NovationGround.PCR_REGULATION_72_1_D:
            return "Another company succeeds after a corporate restructuring, reg 72(1)(d)(ii)"
        return "Novation after a corporate restructuring, Schedule 8 paragraph 9"

    @property
    def conditions(self) -> str:
        """What somebody has to state for the ground to hold, in one sentence."""
        if self is NovationGround.PCR_REGULATION_72_1_D:
            return (
                "The new company succeeds to the place after the restructuring, meets the criteria for selection that were set at first, "
                "nothing else changes substantially, and it is not done to get round the regulations"
            )
        return (
            "The place passes because of a corporate restructuring or a similar circumstance of the partner, "
            "and the new company is not an excluded supplier"
        )


def ground_for(regime: Regime) -> NovationGround:
    """The ground of the law that an agreement is under."""
    if regime is Regime.PCR2015:
        return NovationGround.PCR_REGULATION_72_1_D
    return NovationGround.PA_SCHEDULE_8_PARAGRAPH_9


class Novation(SQLModel, table=True):
    """To whom a place passes, on what ground and by which deed. It counts only once somebody else agrees to its ending."""

    __tablename__ = "novation"

    id: int = Field(default=None, primary_key=True)
    ending_id: int = Field(foreign_key="place_ending.id", unique=True)
    """The end of the predecessor's place: day, words, who proposed and who decided."""
    successor_id: int = Field(foreign_key="party.id", index=True)
    restructuring: Restructuring = Field(sa_type=one_of(Restructuring))
    ground: NovationGround = Field(sa_type=one_of(NovationGround))
    notice_reference: str = Field(default="", max_length=60)
    """Of the change notice; under the Procurement Act 2023 it is never blank (RULE-37)."""
    notice_on: date | None = None
    """The day on which the notice was or will be published."""
    document_id: int = Field(foreign_key="stored_document.id")
    """The deed, or other evidence of the restructuring."""
    appointment_id: int | None = Field(default=None, foreign_key="appointment.id", unique=True)
    """The successor's place; None until somebody else agrees."""

    __table_args__ = (
        sa.CheckConstraint(
            "ground <> 'pa_schedule_8_9' OR (notice_reference <> '' AND notice_on IS NOT NULL)",
            name="change_notice",
        ),
    )
