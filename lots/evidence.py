"""Evidence that a supplier shows: insurances and certificates, each with a last day."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from framework.definitions.money import Money
from framework.records.columns import Pence, one_of


class EvidenceKind(StrEnum):
    EMPLOYERS_LIABILITY = "employers_liability"
    PUBLIC_LIABILITY = "public_liability"
    PROFESSIONAL_INDEMNITY = "professional_indemnity"
    CYBER_ESSENTIALS = "cyber_essentials"

    @property
    def label(self) -> str:
        return {
            EvidenceKind.EMPLOYERS_LIABILITY: "Employers’ liability insurance",
            EvidenceKind.PUBLIC_LIABILITY: "Public liability insurance",
            EvidenceKind.PROFESSIONAL_INDEMNITY: "Professional indemnity insurance",
            EvidenceKind.CYBER_ESSENTIALS: "Cyber Essentials certificate",
        }[self]

    @property
    def in_a_sentence(self) -> str:
        """The label as it stands inside a sentence."""
        return self.label if self is EvidenceKind.CYBER_ESSENTIALS else self.label[0].lower() + self.label[1:]

    @property
    def is_insurance(self) -> bool:
        """Whether it has a limit of cover."""
        return self is not EvidenceKind.CYBER_ESSENTIALS


class Evidence(SQLModel, table=True):
    """One policy or certificate. A newer one replaces an older by being added; nothing is edited away."""

    __tablename__ = "evidence"

    id: int = Field(default=None, primary_key=True)
    supplier_id: int = Field(foreign_key="party.id", index=True)
    kind: EvidenceKind = Field(sa_type=one_of(EvidenceKind))
    reference: str = Field(default="", max_length=80)
    cover_pence: int | None = Field(default=None, sa_type=Pence)
    from_on: date | None = None
    expires_on: date = Field(index=True)
    """Last day of cover, included."""
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="person.id")

    @property
    def cover(self) -> Money | None:
        """Limit of cover, or None for a certificate that has none."""
        return None if self.cover_pence is None else Money(self.cover_pence)

    def is_in_force_on(self, day: date) -> bool:
        """Whether it covers a London day; its first and last day are covered."""
        return (self.from_on is None or self.from_on <= day) and day <= self.expires_on
