"""A spend line: one line of an authority's finance system, as its extract says it, and what it said before."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from framework.definitions.money import Money
from framework.records.columns import Pence, index_where


class LineContent(SQLModel):
    """What one row of an extract says. Amounts are signed pence; None where the file does not say, never worked out from a rate."""

    transaction_number: str = Field(default="", max_length=80)
    line_number: str = Field(default="", max_length=40)
    invoice_number: str = Field(default="", max_length=80)
    purchase_order: str = Field(default="", max_length=80)
    call_off_reference: str = Field(default="", max_length=80)
    supplier_number: str = Field(default="", max_length=80)
    supplier_name: str = Field(default="", max_length=200)
    company_number: str = Field(default="", max_length=40)
    invoice_on: date | None = None
    received_on: date | None = None
    due_on: date | None = None
    paid_on: date | None = None
    """The day of payment, posting or clearing: whichever the source calls its date."""
    net_pence: int | None = Field(default=None, sa_type=Pence)
    vat_pence: int | None = Field(default=None, sa_type=Pence)
    gross_pence: int | None = Field(default=None, sa_type=Pence)
    irrecoverable_vat_pence: int | None = Field(default=None, sa_type=Pence)
    cost_centre: str = Field(default="", max_length=120)
    account_code: str = Field(default="", max_length=120)
    account_label: str = Field(default="", max_length=200)
    directorate: str = Field(default="", max_length=200)
    service: str = Field(default="", max_length=200)
    narrative: str = Field(default="", max_length=1000)
    category: str = Field(default="", max_length=200)
    """Merchant or procurement category."""
    spend_type: str = Field(default="", max_length=60)
    """Revenue, capital and the like, as the file says it."""
    card: str = Field(default="", max_length=60)
    """What the file says of a purchase card."""
    authority_named: str = Field(default="", max_length=200)
    """The authority that the file itself names."""


CONTENT = tuple(LineContent.model_fields)
"""The names of everything that a row says, in order."""


STANDING = "withdrawn_at IS NULL AND identity <> ''"
"""Lines that an import brought and that were not taken back: among them an identity stands once."""


LIKELY = (
    "call_off_id IS NULL AND withdrawn_at IS NULL AND not_ours_at IS NULL "
    "AND (supplier_id IS NOT NULL OR call_off_reference <> '' OR purchase_order <> '')"
)
"""Lines that wait and say anything to match them by: a query that asks for this, written alike, reads no others."""


class SpendLine(LineContent, table=True):
    """A line as it stands now. Its identity is source, transaction number, line number and occurrence (RULE-90).

    `identity` says the first three of these in short, and stands in for them where a row has no transaction number.
    It counts once its import is confirmed and while it is not withdrawn: `calloffs.extracts.finding` is the one place that says
    which lines count. Money of a matched line stands in the ledger; the columns here are what the file said.
    """

    __tablename__ = "spend_line"

    id: int = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="spend_source.id")
    authority_id: int = Field(foreign_key="party.id")
    import_id: int = Field(foreign_key="spend_import.id", index=True)
    """The import that brought it first."""
    identity: str = Field(default="", max_length=32)
    """See `identity.py`; blank for a line that no import brought."""
    occurrence: int = 1
    alike: int = Field(default=0, sa_type=sa.BigInteger)
    """The same number for lines of one supplier, day and amount: they may be one payment told twice."""
    row: int
    """The row of that file, as a spreadsheet numbers it."""
    accounting_on: date
    """The day that counts for periods: paid, else invoiced, else received."""
    withdrawn_at: datetime | None = None
    """When its import was undone."""
    supplier_id: int | None = Field(default=None, foreign_key="party.id")
    """The party it was paid to, where its numbers or a person say so."""
    call_off_id: int | None = Field(default=None, foreign_key="call_off.id")
    """The call-off it is matched to."""
    flags: str = Field(default="", max_length=200)
    """What somebody has to look at: codes with a space between, and one at each end; blank for none."""
    not_ours_at: datetime | None = None
    """When finance said that it belongs to no call-off of ours."""
    not_ours_why: str = Field(default="", max_length=500)
    not_ours_by_id: int | None = Field(default=None, foreign_key="person.id")

    __table_args__ = (
        sa.CheckConstraint("net_pence IS NOT NULL OR gross_pence IS NOT NULL", name="has_an_amount"),
        sa.Index(
            "uq_spend_line_identity",
            *("source_id", "identity", "occurrence"),
            unique=True,
            sqlite_where=sa.text(STANDING),
            postgresql_where=sa.text(STANDING),
        ),
        sa.Index("ix_spend_line_authority_id_alike", "authority_id", "alike"),
        sa.Index("ix_spend_line_authority_id_id", "authority_id", "id"),
        index_where("ix_spend_line_call_off_id", "call_off_id", where="call_off_id IS NOT NULL"),
        index_where(
            "ix_spend_line_unmatched",
            "authority_id",
            "id",
            where="call_off_id IS NULL AND withdrawn_at IS NULL AND not_ours_at IS NULL",
        ),
        # What waits and up to which day lines are loaded, read from the indexes alone.
        sa.Index("ix_spend_line_import_id_accounting_on", "import_id", "accounting_on"),
        index_where(
            "ix_spend_line_waiting",
            *("authority_id", "import_id", "net_pence", "gross_pence"),
            where="call_off_id IS NULL AND withdrawn_at IS NULL AND not_ours_at IS NULL",
        ),
        index_where("ix_spend_line_likely", "authority_id", "id", where=LIKELY),
        index_where("ix_spend_line_supplier_id", "supplier_id", where="supplier_id IS NOT NULL"),
        index_where(
            "ix_spend_line_matched", "authority_id", "accounting_on", where="call_off_id IS NOT NULL"
        ),
        index_where("ix_spend_line_flagged", "authority_id", "id", where="flags <> ''"),
    )

    @property
    def net(self) -> Money | None:
        return None if self.net_pence is None else Money(self.net_pence)

    @property
    def gross(self) -> Money | None:
        return None if self.gross_pence is None else Money(self.gross_pence)


class SpendLineVersion(LineContent, table=True):
    """What a line said before a later import changed it. Never edited; undoing that import makes it current again."""

    __tablename__ = "spend_line_version"

    id: int = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="spend_line.id", index=True)
    replaced_by_import_id: int = Field(foreign_key="spend_import.id", index=True)
    accounting_on: date
    replaced_at: datetime
    restored_at: datetime | None = None
    """When the import that replaced it was undone."""
