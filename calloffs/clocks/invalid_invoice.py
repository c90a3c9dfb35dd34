"""An invoice that was not valid and went back to the partner: kept in a log of its own, because its clock never started."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.definitions.money import Money
from framework.records.columns import Pence


class InvalidInvoice(SQLModel, table=True):
    """What came, what was wrong with it and who sent it back when. Amounts may be missing, as on the invoice. Append-only.

    It is no `Invoice`: it touches no ledger, has no due day and leaves its number free for the valid one that follows.
    """

    __tablename__ = "invalid_invoice"

    id: int = Field(default=None, primary_key=True)
    call_off_id: int = Field(foreign_key="call_off.id", index=True)
    authority_id: int = Field(foreign_key="party.id")
    supplier_id: int = Field(foreign_key="party.id", index=True)
    number: str = Field(default="", max_length=60)
    """The number that it carries; blank for none."""
    received_on: date
    gross_pence: int | None = Field(default=None, sa_type=Pence)
    """The sum including VAT that it names; None for none."""
    faults: str = Field(max_length=80)
    """What RULE-44 asks for and it lacks: codes of `sending_back.FAULTS`, with a space between."""
    words: str = Field(max_length=2000)
    """What is to be mended, as the partner was told."""
    sent_back_at: datetime
    sent_back_by_id: int | None = Field(default=None, foreign_key="person.id")

    __table_args__ = (
        sa.CheckConstraint("faults <> '' AND words <> ''", name="says_why"),
        sa.Index("ix_invalid_invoice_authority_id_id", "authority_id", "id"),
    )

    @property
    def gross(self) -> Money | None:
        return None if self.gross_pence is None else Money(self.gross_pence)
