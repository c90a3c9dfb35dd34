"""A supplier's contacts: whom to turn to for what. They need not sign in."""

from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.records.columns import one_of


class ContactKind(StrEnum):
    CONTRACT_MANAGER = "contract_manager"
    FINANCE = "finance"
    DATA_PROTECTION = "data_protection"
    SECURITY = "security"
    SIGNATORY = "signatory"

    @property
    def label(self) -> str:
        return {
            ContactKind.CONTRACT_MANAGER: "Contract manager",
            ContactKind.FINANCE: "Invoices and finance",
            ContactKind.DATA_PROTECTION: "Data protection",
            ContactKind.SECURITY: "Security",
            ContactKind.SIGNATORY: "Signatory",
        }[self]


class PartyContact(SQLModel, table=True):
    """One contact of a supplier, the same on each of its lots."""

    __tablename__ = "party_contact"

    id: int = Field(default=None, primary_key=True)
    supplier_id: int = Field(foreign_key="party.id", index=True)
    kind: ContactKind = Field(sa_type=one_of(ContactKind))
    name: str = Field(max_length=120)
    email: str = Field(max_length=254)
    phone: str = Field(default="", max_length=40)

    __table_args__ = (sa.UniqueConstraint("supplier_id", "kind"),)
