"""A party: an organisation that is a contracting authority or a supplier."""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.definitions.companies import sme
from framework.definitions.money import Money
from framework.definitions.periods import MONTHS
from framework.definitions.regions import Region
from framework.records.columns import Pence, one_of


class PartyKind(StrEnum):
    AUTHORITY = "authority"
    SUPPLIER = "supplier"


class LivingWage(StrEnum):
    """Whether a supplier pays the real Living Wage."""

    NO = "no"
    PAYS = "pays"
    ACCREDITED = "accredited"

    @property
    def label(self) -> str:
        return {
            LivingWage.NO: "Does not pay it to everybody",
            LivingWage.PAYS: "Pays it to everybody, not accredited",
            LivingWage.ACCREDITED: "Accredited Living Wage employer",
        }[self]


class Party(SQLModel, table=True):
    """An organisation. An authority carries its own settings; a supplier carries its own company facts."""

    __tablename__ = "party"

    id: int = Field(default=None, primary_key=True)
    kind: PartyKind = Field(sa_type=one_of(PartyKind), index=True)
    name: str = Field(max_length=200, unique=True)
    short_name: str = Field(max_length=24, unique=True)
    address: str | None = Field(default=None, max_length=500)
    ppon: str | None = Field(default=None, max_length=40)
    is_sample: bool = False

    # Settings of an authority.
    colour: str = Field(default="#1d70b8", max_length=7)
    case_threshold_net_pence: int = Field(default=0, sa_type=Pence)
    price_tolerance_bp: int = Field(default=0)
    approval_valid_days: int = Field(default=90)
    invoice_address: str | None = Field(default=None, max_length=500)
    invoice_email: str | None = Field(default=None, max_length=254)
    last_case_number: int = Field(default=0)
    calendar: str = Field(default=MONTHS, max_length=20)
    """By which periods it closes its books: a code of `definitions/periods.py`."""

    # Facts of a supplier. Size is judged by RULE-54 from dated evidence, never typed as a yes or no.
    company_number: str | None = Field(default=None, max_length=8)
    vat_number: str | None = Field(default=None, max_length=20)
    staff: int | None = None
    turnover_pence: int | None = Field(default=None, sa_type=Pence)
    balance_sheet_pence: int | None = Field(default=None, sa_type=Pence)
    size_evidence_on: date | None = None
    is_vcse: bool = False
    excluded: bool = False
    vcse_number: str | None = Field(default=None, max_length=20)
    """Registered number of a charity or community interest company."""
    region: Region | None = Field(default=None, sa_type=one_of(Region))
    living_wage: LivingWage | None = Field(default=None, sa_type=one_of(LivingWage))
    modern_slavery_address: str | None = Field(default=None, max_length=500)
    """Where its modern slavery statement stands (RULE-56)."""
    modern_slavery_on: date | None = None
    """The day of that statement."""

    __table_args__ = (
        sa.CheckConstraint("case_threshold_net_pence >= 0", name="case_threshold_not_negative"),
        sa.CheckConstraint("price_tolerance_bp BETWEEN 0 AND 2500", name="price_tolerance_sensible"),
        sa.CheckConstraint("approval_valid_days BETWEEN 1 AND 730", name="approval_valid_days_sensible"),
    )

    @property
    def case_threshold(self) -> Money:
        """Net value below which this authority lets a call-off go without a business case, with a reason."""
        return Money(self.case_threshold_net_pence)

    @property
    def is_sme(self) -> bool | None:
        """Whether the supplier is an SME under RULE-54, or None while its size is not known."""
        turnover = None if self.turnover_pence is None else Money(self.turnover_pence)
        balance = None if self.balance_sheet_pence is None else Money(self.balance_sheet_pence)
        return sme(self.staff, turnover, balance)
