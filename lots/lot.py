"""A lot: a part of an agreement with its own scope, ceiling, partners and award method."""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from framework.definitions.money import Money
from framework.records.columns import Balances, Pence, balance_checks, one_of


class AwardMethod(StrEnum):
    DIRECT = "direct"
    COMPETITION = "competition"
    EITHER = "either"

    @property
    def label(self) -> str:
        return {
            AwardMethod.DIRECT: "Direct award",
            AwardMethod.COMPETITION: "Further competition",
            AwardMethod.EITHER: "Direct award or further competition",
        }[self]


class DirectAwardBasis(StrEnum):
    """Why a call-off may be awarded without competition (RULE-11); `NONE` means that it may not."""

    SINGLE_SUPPLIER = "single_supplier"
    OBJECTIVE_MECHANISM = "objective_mechanism"
    NONE = "none"


class Mechanism(StrEnum):
    """An objective mechanism that names one partner without anybody's choice."""

    RANKED = "ranked"
    ROTATION = "rotation"

    @property
    def label(self) -> str:
        return {
            Mechanism.RANKED: "Ranked order: the highest-ranked active partner that has not already answered no",
            Mechanism.ROTATION: "Turns: the active partner who was offered work on this lot longest ago",
        }[self]


class SizeRule(StrEnum):
    ANY = "any"
    SME_ONLY = "sme_only"


class Lot(Balances, table=True):
    """What is bought, the most that may be spent on it, how partners are chosen and how long a call-off may last."""

    __tablename__ = "lot"

    id: int = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="framework_agreement.id", index=True)
    number: int
    reference: str = Field(max_length=32, unique=True)
    title: str = Field(max_length=200)
    scope: str = Field(default="", max_length=8000)
    ceiling_pence: int | None = Field(default=None, sa_type=Pence)
    award_method: AwardMethod = Field(sa_type=one_of(AwardMethod))
    direct_award_basis: DirectAwardBasis = Field(sa_type=one_of(DirectAwardBasis))
    mechanism: Mechanism | None = Field(default=None, sa_type=one_of(Mechanism))
    mechanism_text: str = Field(default="", max_length=2000)
    min_partners: int = 1
    max_partners: int = 1
    size_rule: SizeRule = Field(default=SizeRule.ANY, sa_type=one_of(SizeRule))
    long_stop_on: date | None = None
    """Last day on which any call-off under this lot may still run, included."""
    last_call_off_number: int = 0

    # The indexation rule that the agreement states for day rates (RULE-78); both None where rates may never rise.
    rate_rise_bp: int | None = None
    """The most a day rate may rise at each anniversary, in basis points: 3% is 300."""
    rates_rise_from: date | None = None
    """The first day on which rates may rise; the same day of each year after it is an anniversary."""

    # Cover that a partner must hold in date before it may sign (RULE-61); None where the lot asks for none.
    employers_liability_pence: int | None = Field(default=None, sa_type=Pence)
    public_liability_pence: int | None = Field(default=None, sa_type=Pence)
    professional_indemnity_pence: int | None = Field(default=None, sa_type=Pence)
    needs_cyber_essentials: bool = False
    needs_iso_27001: bool = False
    warns_on_offers: bool = False
    """Whether an offer also names evidence that lapses before the call-off would end."""

    __table_args__ = (
        sa.UniqueConstraint("agreement_id", "number"),
        *balance_checks("ceiling_pence"),
        sa.CheckConstraint("ceiling_pence IS NULL OR ceiling_pence > 0", name="ceiling_above_nothing"),
        sa.CheckConstraint(
            "min_partners >= 0 AND max_partners >= 1 AND min_partners <= max_partners", name="partners"
        ),
    )

    @property
    def ceiling(self) -> Money | None:
        """The most that may be called off under the lot, on the agreement's basis; None where not published."""
        return None if self.ceiling_pence is None else Money(self.ceiling_pence)

    @property
    def headroom(self) -> Money:
        """Ceiling less committed less reserved, on the agreement's basis."""
        return Money((self.ceiling_pence or 0) - self.committed_pence - self.reserved_pence)
