"""An import of an extract: the file, what was found in it, how far it is, and its rows while they wait for confirmation."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from calloffs.extracts.spend_line import LineContent
from framework.records.columns import Pence, index_where, one_of


class ImportState(StrEnum):
    WAITING = "waiting"
    READING = "reading"
    CHECKED = "checked"
    CONFIRMING = "confirming"
    CONFIRMED = "confirmed"
    UNDOING = "undoing"
    UNDONE = "undone"
    REFUSED = "refused"
    FORGOTTEN = "forgotten"

    @property
    def label(self) -> str:
        return {
            ImportState.WAITING: "Waiting to be read",
            ImportState.READING: "Being read",
            ImportState.CHECKED: "Checked, to be confirmed",
            ImportState.CONFIRMING: "Being saved",
            ImportState.CONFIRMED: "Loaded",
            ImportState.UNDOING: "Being taken back",
            ImportState.UNDONE: "Taken back",
            ImportState.REFUSED: "Could not be read",
            ImportState.FORGOTTEN: "Forgotten",
        }[self]


class Verdict(StrEnum):
    """What would happen to one row."""

    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"
    REJECTED = "rejected"
    LEFT_OUT = "left_out"
    """Left out by a person, who was asked whether it repeats another."""


AT_WORK = "state IN ('waiting', 'reading', 'confirming', 'undoing')"
# One at a time for each source, so that what one counts as new the other does not bring as well.
_SAVING = "state IN ('confirming', 'undoing')"


class SpendImport(SQLModel, table=True):
    """One file of one source. Sums are signed pence over the rows that would be kept; None where the file has no such column."""

    __tablename__ = "spend_import"

    id: int = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="spend_source.id", index=True)
    authority_id: int = Field(foreign_key="party.id", index=True)
    file_name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    content: bytes = Field(default=b"", sa_type=sa.LargeBinary)
    """The file itself until it is confirmed or forgotten; then empty."""
    state: ImportState = Field(sa_type=one_of(ImportState))
    started_at: datetime
    started_by_id: int | None = Field(default=None, foreign_key="person.id")
    leased_until: datetime | None = None
    """Until when one process works on it; after that another takes it up where it stood."""
    rows_total: int = 0
    rows_done: int = 0
    """How far the present state has come, for the bar and for going on after a crash."""
    rows_read: int = 0
    rows_new: int = 0
    rows_changed: int = 0
    rows_known: int = 0
    rows_rejected: int = 0
    rows_left_out: int = 0
    rows_asked: int = 0
    """New rows that look like others: kept unless a person leaves them out."""
    place: int = 0
    """Up to which row, or line, the present state has come: where to go on after a crash."""
    net_pence: int | None = Field(default=None, sa_type=Pence)
    vat_pence: int | None = Field(default=None, sa_type=Pence)
    gross_pence: int | None = Field(default=None, sa_type=Pence)
    headings: str = ""
    """The headings of the file and what each was taken for, as JSON."""
    warnings: str = ""
    """Sentences as JSON: what must be agreed to before it is saved."""
    notes: str = ""
    """Sentences as JSON: worth knowing."""
    named: str = ""
    """Names and codes by which the file calls its authority, one on each line."""
    mended: str = ""
    """Rows that a person mended (their cells), left out or was asked about, as JSON: kept when the file is read again."""
    refusal: str = Field(default="", max_length=1000)
    checked_at: datetime | None = None
    settled: int = 0
    """How often an import of its source had been loaded or taken back when it was checked: whether anything came since."""
    confirmed_at: datetime | None = None
    confirmed_by_id: int | None = Field(default=None, foreign_key="person.id")
    undo_until: date | None = None
    """The last day on which it can be taken back, included."""
    undone_at: datetime | None = None
    undone_by_id: int | None = Field(default=None, foreign_key="person.id")

    __table_args__ = (
        index_where(
            "ix_spend_import_at_work",
            "id",
            where=AT_WORK,
        ),
        sa.Index(
            "uq_spend_import_saving",
            "source_id",
            unique=True,
            sqlite_where=sa.text(_SAVING),
            postgresql_where=sa.text(_SAVING),
        ),
    )


class StagedPart(SQLModel, table=True):
    """Some thousand rows of a large file, read and judged, on their way to being staged."""

    __tablename__ = "staged_part"

    id: int = Field(default=None, primary_key=True)
    import_id: int = Field(foreign_key="spend_import.id")
    number: int
    content: bytes = Field(sa_type=sa.LargeBinary)

    __table_args__ = (sa.UniqueConstraint("import_id", "number"),)


class StagedLine(LineContent, table=True):
    """A row of a checked file, until the import is confirmed, undone or forgotten."""

    __tablename__ = "staged_line"

    id: int = Field(default=None, primary_key=True)
    import_id: int = Field(foreign_key="spend_import.id")
    row: int
    verdict: Verdict = Field(sa_type=one_of(Verdict))
    identity: str = Field(default="", max_length=32)
    occurrence: int = 1
    alike: int = Field(default=0, sa_type=sa.BigInteger)
    accounting_on: date | None = None
    line_id: int | None = None
    """The line that it changes or that is known already."""
    cells: str = ""
    """The cells of a row that is to be mended, as JSON."""
    findings: str = ""
    """What is to be mended in it, as JSON: column, value and what to do."""
    asked: str = Field(default="", max_length=40)
    """A mark that rows share which look like one another, or like lines that were loaded before."""

    __table_args__ = (
        sa.UniqueConstraint("import_id", "row"),
        sa.Index("ix_staged_line_import_id_verdict", "import_id", "verdict", "row"),
    )
