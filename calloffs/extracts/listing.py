"""Listing imports and what is staged of them, for whoever may read the extracts of their authority."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.extracts.confirming import contents
from calloffs.extracts.fields import FIELDS, Kind
from calloffs.extracts.finding import counts, line
from calloffs.extracts.source import SpendSource
from calloffs.extracts.spend_import import ImportState, SpendImport, StagedLine, Verdict
from calloffs.extracts.spend_line import CONTENT
from calloffs.extracts.written import findings_from, read
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people import finding
from framework.people.permissions import Permission, Visitor
from framework.records.sheet import Finding

MOST = 100


@dataclass(frozen=True, slots=True)
class Told:
    """An import in a list."""

    imported: SpendImport
    source: SpendSource
    by: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One staged row with what its line says now: label, before and after of each thing that differs."""

    row: StagedLine
    differences: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Rows that look like one another, and lines that were loaded before and look like them: (row or None, import, facts)."""

    mark: str
    rows: tuple[StagedLine, ...]
    before: tuple[Any, ...]


def imports(session: Session, visitor: Visitor, after: int | None = None) -> list[Told]:
    """Imports but the forgotten, the newest first, from below the number `after`; one more than a page holds says that there are more."""
    query = (
        select(SpendImport, SpendSource)
        .join(SpendSource, col(SpendSource.id) == col(SpendImport.source_id))
        .where(
            col(SpendImport.authority_id).in_(visitor.parties_where(Permission.EXTRACT_READ)),
            SpendImport.state != ImportState.FORGOTTEN,
        )
        .order_by(col(SpendImport.id).desc())
        .limit(MOST + 1)
        .options(sa.orm.defer(col(SpendImport.content)))  # type: ignore[arg-type]
    )
    if after is not None:
        query = query.where(SpendImport.id < after)
    rows = session.exec(query).all()
    names = finding.names(session, {one.started_by_id for one, _ in rows if one.started_by_id})
    return [Told(one, source, names.get(one.started_by_id or 0, "The command line")) for one, source in rows]


def one(session: Session, visitor: Visitor, import_id: int, *, to_change: bool = False) -> SpendImport:
    """An import that the visitor may read (or, with `to_change`, work on). Raises `NotFound`."""
    found = session.get(SpendImport, import_id)
    needed = Permission.INVOICE_RECORD if to_change else Permission.EXTRACT_READ
    if found is None or found.authority_id not in visitor.parties_where(needed):
        raise NotFound
    return found


def staged_row(session: Session, imported: SpendImport, row: int) -> StagedLine:
    """One rejected row of an import. Raises `NotFound`."""
    found = session.exec(
        select(StagedLine).where(
            StagedLine.import_id == imported.id,
            StagedLine.row == row,
            StagedLine.verdict == Verdict.REJECTED,
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def staged_rows(
    session: Session, imported: SpendImport, verdict: Verdict, most: int | None = MOST
) -> list[StagedLine]:
    """The staged rows of one kind, in the order of the file."""
    query = (
        select(StagedLine)
        .where(StagedLine.import_id == imported.id, StagedLine.verdict == verdict)
        .order_by(col(StagedLine.row))
    )
    return list(session.exec(query if most is None else query.limit(most)))


def changes(session: Session, imported: SpendImport, most: int = MOST) -> list[Changed]:
    """Rows that would change a line, with what is different."""
    rows = staged_rows(session, imported, Verdict.CHANGED, most)
    before = contents(session, [one.line_id for one in rows if one.line_id is not None])
    return [Changed(one, _differences(before.get(one.line_id or 0, {}), one)) for one in rows]


def _differences(before: dict[str, Any], row: StagedLine) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (FIELDS[name].label, shown(name, before.get(name)), shown(name, getattr(row, name)))
        for name in CONTENT
        if before.get(name) != getattr(row, name)
    )


def shown(name: str, value: Any) -> str:
    """What a field of a line says, in words."""
    if value is None or value == "":
        return "nothing"
    if FIELDS[name].kind is Kind.PENCE:
        return str(Money(value))
    return dates.in_words(value) if FIELDS[name].kind is Kind.DAY else str(value)


def alike(session: Session, imported: SpendImport, most: int | None = MOST) -> list[Alike]:
    """Groups of rows that look like others, in the order of the file."""
    query = (
        select(StagedLine)
        .where(
            StagedLine.import_id == imported.id,
            col(StagedLine.verdict).in_((Verdict.NEW, Verdict.LEFT_OUT)),
            StagedLine.asked != "",
        )
        .order_by(col(StagedLine.row))
    )
    rows = session.exec(query).all()
    groups: dict[str, list[StagedLine]] = {}
    for row in rows:
        groups.setdefault(row.asked, []).append(row)
    some = dict(list(groups.items())[:most])
    before = _before(session, imported, [int(mark) for mark in some])
    return [Alike(mark, tuple(found), tuple(before.get(int(mark), ()))) for mark, found in some.items()]


def _before(session: Session, imported: SpendImport, marks: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    c = line.c
    query = sa.select(
        *(c.alike, c.import_id, c.transaction_number, c.invoice_number, c.narrative),
        *(c.supplier_name, c.accounting_on, c.net_pence, c.gross_pence),
    ).where(c.authority_id == imported.authority_id, c.import_id != imported.id, counts())
    for start in range(0, len(marks), 500):
        for row in session.connection().execute(query.where(c.alike.in_(marks[start : start + 500]))):
            found.setdefault(row.alike, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be read: its number, its cells as they came, and what is to be mended."""

    row: int
    cells: tuple[str, ...]
    findings: tuple[Finding, ...]


def told_rejects(session: Session, imported: SpendImport, most: int | None = MOST) -> list[Rejected]:
    """Rows that cannot be read, in the order of the file."""
    return [
        Rejected(one.row, tuple(read(one.cells)), findings_from(one.findings))
        for one in staged_rows(session, imported, Verdict.REJECTED, most)
    ]


def labels() -> dict[str, str]:
    """What each field is called."""
    return {name: one.label for name, one in FIELDS.items()}


def matched(session: Session, imported: SpendImport) -> int:
    """How many of an import's lines are matched to a call-off."""
    query = sa.select(sa.func.count()).where(
        line.c.import_id == imported.id, line.c.call_off_id.is_not(None), line.c.withdrawn_at.is_(None)
    )
    return session.connection().execute(query).scalar_one()
