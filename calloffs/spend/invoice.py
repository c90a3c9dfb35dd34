"""Invoices and credit notes as they were received, the payments made on them and the files they came in."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.definitions.money import Money
from framework.records.columns import Pence, index_where


class InvoiceImport(SQLModel, table=True):
    """One confirmed file of invoices: whose it was, what it held and who confirmed it."""

    __tablename__ = "invoice_import"

    id: int = Field(default=None, primary_key=True)
    authority_id: int = Field(foreign_key="party.id", index=True)
    file_name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    rows_read: int
    rows_kept: int
    net_pence: int = Field(sa_type=Pence)
    imported_at: datetime
    imported_by_id: int | None = Field(default=None, foreign_key="person.id")


class Invoice(SQLModel, table=True):
    """An invoice, or a credit note where the amounts are below nothing. Net, VAT and gross are kept as they were billed."""

    __tablename__ = "invoice"

    id: int = Field(default=None, primary_key=True)
    call_off_id: int = Field(foreign_key="call_off.id", index=True)
    authority_id: int = Field(foreign_key="party.id", index=True)
    supplier_id: int = Field(foreign_key="party.id", index=True)
    number: str = Field(max_length=60)
    description: str = Field(default="", max_length=1000)
    dated_on: date
    received_on: date
    due_on: date
    """The last day to pay: 30 days beginning with receipt (RULE-43), moved by the days that resolved disputes stopped its clock."""
    net_pence: int = Field(sa_type=Pence)
    vat_pence: int = Field(sa_type=Pence)
    gross_pence: int = Field(sa_type=Pence)
    paid_gross_pence: int = Field(default=0, sa_type=Pence)
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="person.id")
    import_id: int | None = Field(default=None, foreign_key="invoice_import.id", index=True)
    without_purchase_order: bool = False
    disputed_on: date | None = None
    """The London day on which its clock stopped, while a dispute stands; moved only by `calloffs.clocks.disputing`."""

    __table_args__ = (
        sa.UniqueConstraint("supplier_id", "number"),
        sa.CheckConstraint("net_pence + vat_pence = gross_pence", name="adds_up"),
        sa.CheckConstraint("gross_pence <> 0", name="not_nothing"),
        sa.Index("ix_invoice_authority_id_id", "authority_id", "id"),
        sa.Index("ix_invoice_authority_id_due_on", "authority_id", "due_on"),
        index_where("ix_invoice_disputed", "authority_id", "id", where="disputed_on IS NOT NULL"),
        # What finance has to look at: few beside all that is paid.
        index_where("ix_invoice_unpaid", "authority_id", "due_on", where="gross_pence > paid_gross_pence"),
        sa.Index(
            "ix_invoice_without_order",
            "authority_id",
            "id",
            sqlite_where=sa.text("without_purchase_order = 1"),
            postgresql_where=sa.text("without_purchase_order"),
        ),
    )

    @property
    def net(self) -> Money:
        return Money(self.net_pence)

    @property
    def vat(self) -> Money:
        return Money(self.vat_pence)

    @property
    def gross(self) -> Money:
        return Money(self.gross_pence)

    @property
    def unpaid_gross(self) -> Money:
        """Gross less what has been paid, including VAT."""
        return Money(self.gross_pence - self.paid_gross_pence)


class Payment(SQLModel, table=True):
    """Money that left the authority for an invoice, including VAT, with its net part."""

    __tablename__ = "payment"

    id: int = Field(default=None, primary_key=True)
    invoice_id: int = Field(foreign_key="invoice.id", index=True)
    paid_on: date = Field(index=True)
    gross_pence: int = Field(sa_type=Pence)
    net_pence: int = Field(sa_type=Pence)
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="person.id")
