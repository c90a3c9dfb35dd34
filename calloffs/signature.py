"""A signature: one side's name under the issued order form."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Signature(SQLModel, table=True):
    """Name, role, authority to sign, moment and the hash of the very file signed (RULE-75)."""

    __tablename__ = "signature"

    id: int = Field(default=None, primary_key=True)
    call_off_id: int = Field(foreign_key="call_off.id", index=True)
    document_id: int = Field(foreign_key="stored_document.id")
    document_sha256: str = Field(max_length=64)
    side: str = Field(max_length=10)
    party_id: int = Field(foreign_key="party.id")
    person_id: int = Field(foreign_key="person.id")
    name: str = Field(max_length=120)
    role: str = Field(max_length=120)
    authority: str = Field(max_length=300)
    """What entitles this person to sign, in their own words."""
    method: str = Field(default="Signed in to the framework tracker", max_length=120)
    address: str = Field(default="", max_length=60)
    """Network address used; kept for evidence, shown to auditors only."""
    signed_at: datetime

    __table_args__ = (sa.UniqueConstraint("call_off_id", "side"),)
