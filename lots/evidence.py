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
    CYBER_INSURANCE = "cyber_insurance"
    CYBER_ESSENTIALS = "cyber_essentials"
    CYBER_ESSENTIALS_PLUS = "cyber_essentials_plus"
    ISO_27001 = "iso_27001"
    MODERN_SLAVERY = "modern_slavery"
    LIVING_WAGE = "living_wage"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def in_a_sentence(self) -> str:
        """The label as it stands inside a sentence."""
        keeps_its_capital = (
            EvidenceKind.CYBER_ESSENTIALS,
            EvidenceKind.CYBER_ESSENTIALS_PLUS,
            EvidenceKind.ISO_27001,
        )
        return self.label if self in keeps_its_capital else self.label[0].lower() + self.label[1:]

    @property
    def with_article(self) -> str:
        """As it stands after "has not shown": an insurance without an article, anything else with one."""
        if self.is_insurance:
            return self.in_a_sentence
        return f"{'an' if self is EvidenceKind.ISO_27001 else 'a'} {self.in_a_sentence}"

    @property
    def is_insurance(self) -> bool:
        """Whether it has a limit of cover."""
        return self in (
            EvidenceKind.EMPLOYERS_LIABILITY,
            EvidenceKind.PUBLIC_LIABILITY,
            EvidenceKind.PROFESSIONAL_INDEMNITY,
            EvidenceKind.CYBER_INSURANCE,
        )


_LABELS = {
    EvidenceKind.EMPLOYERS_LIABILITY: "Employers’ liability insurance",
    EvidenceKind.PUBLIC_LIABILITY: "Public liability insurance",
    EvidenceKind.PROFESSIONAL_INDEMNITY: "Professional indemnity insurance",
    EvidenceKind.CYBER_INSURANCE: "Cyber insurance",
    EvidenceKind.CYBER_ESSENTIALS: "Cyber Essentials certificate",
    EvidenceKind.CYBER_ESSENTIALS_PLUS: "Cyber Essentials Plus certificate",
    EvidenceKind.ISO_27001: "ISO 27001 certificate",
    EvidenceKind.MODERN_SLAVERY: "Modern slavery statement",
    EvidenceKind.LIVING_WAGE: "Living wage accreditation",
    EvidenceKind.OTHER: "Other certificate or statement",
}

MEETS: dict[EvidenceKind, tuple[EvidenceKind, ...]] = {
    EvidenceKind.CYBER_ESSENTIALS: (EvidenceKind.CYBER_ESSENTIALS, EvidenceKind.CYBER_ESSENTIALS_PLUS),
}
"""What counts where a kind is asked for, other than that kind alone: Plus is Cyber Essentials and an audit on top (RULE-57)."""


def meeting(kind: EvidenceKind) -> tuple[EvidenceKind, ...]:
    """The kinds that count where this one is asked for."""
    return MEETS.get(kind, (kind,))


class Standing(StrEnum):
    """How far a piece of evidence has come."""

    TO_CHECK = "Not yet checked"
    CHECKED = "Checked"
    SENT_BACK = "Sent back"
    STRUCK_OUT = "Struck out"

    @property
    def tone(self) -> str:
        """How the status is coloured."""
        return {
            Standing.TO_CHECK: "waiting",
            Standing.CHECKED: "live",
            Standing.SENT_BACK: "stopped",
            Standing.STRUCK_OUT: "ended",
        }[self]


class Evidence(SQLModel, table=True):
    """One policy, certificate or statement. A newer one replaces an older by being added; nothing is edited away."""

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
    called: str = Field(default="", max_length=120)
    """What it is, where its kind is "other"."""
    issuer: str = Field(default="", max_length=120)
    """The insurer, or the body that certifies."""
    document_id: int | None = Field(default=None, foreign_key="stored_document.id")
    by_partner: bool = False
    """Recorded by the supplier itself, and so for the framework owner to look at."""
    checked_at: datetime | None = None
    checked_by_id: int | None = Field(default=None, foreign_key="person.id")
    sent_back_at: datetime | None = None
    sent_back_by_id: int | None = Field(default=None, foreign_key="person.id")
    sent_back_why: str = Field(default="", max_length=500)
    struck_at: datetime | None = None
    struck_by_id: int | None = Field(default=None, foreign_key="person.id")
    struck_why: str = Field(default="", max_length=500)

    @property
    def cover(self) -> Money | None:
        """Limit of cover, or None for a certificate that has none."""
        return None if self.cover_pence is None else Money(self.cover_pence)

    @property
    def standing(self) -> Standing:
        """Read from what happened to it. What a council recorded was seen by the council."""
        if self.struck_at:
            return Standing.STRUCK_OUT
        if self.sent_back_at:
            return Standing.SENT_BACK
        return Standing.CHECKED if self.checked_at or not self.by_partner else Standing.TO_CHECK

    @property
    def counts(self) -> bool:
        """Whether it counts at all: not sent back and not struck out. The rule is about lapsing, so it need not be checked yet."""
        return self.struck_at is None and self.sent_back_at is None

    @property
    def name(self) -> str:
        """What people call it."""
        return self.called if self.kind is EvidenceKind.OTHER and self.called else self.kind.label

    def is_in_force_on(self, day: date) -> bool:
        """Whether it covers a London day; its first and last day are covered."""
        return (self.from_on is None or self.from_on <= day) and day <= self.expires_on
