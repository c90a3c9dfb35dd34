"""Checking an extract: what each row of a file would do to its source, with counts and sums for agreement. Nothing is saved."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.extracts import identity, whose
from calloffs.extracts.call_offs_named import seen_as_references
from calloffs.extracts.extract import Extract, Heading
from calloffs.extracts.finding import counts, line
from calloffs.extracts.left_out import Left, left_out
from calloffs.extracts.source import AmountBasis, SpendSource
from calloffs.extracts.spend_import import SpendImport, Verdict
from calloffs.extracts.spend_line import CONTENT, STANDING
from calloffs.extracts.titles import authorities_in
from calloffs.extracts.written import Mended, headings_from
from framework.definitions import dates
from framework.people.party import Party
from framework.records.sheet import Finding

_BLOCK = 500
SUMS = ("net", "vat", "gross")


@dataclass(slots=True)
class Row:
    """One row with what would happen to it."""

    number: int
    content: dict[str, Any]
    verdict: Verdict
    identity: str = ""
    alike: int = 0
    occurrence: int = 1
    line_id: int | None = None
    asked: str = ""
    cells: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class Checked:
    """A whole file. Sums are signed pence over the rows that would be kept (new, changed and known), None where it has no such amount."""

    headings: tuple[Heading, ...]
    rows: list[Row]
    at: datetime
    settled: int = 0
    """See `settled`: read before anything was compared, so that what comes later is noticed."""
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    named: tuple[str, ...] = ()
    """Authorities that its rows or the titles above its headings name."""
    basis_found: AmountBasis | None = None
    """What its headings say that its amounts are."""
    lacks: tuple[str, ...] = ()
    sums: dict[str, int | None] = field(default_factory=dict)
    left: dict[str, Left] = field(default_factory=dict)
    """What the other rows come to, as far as it can be read."""
    count: Counter[Verdict] = field(default_factory=Counter)
    asked: int = 0

    @property
    def kept(self) -> int:
        return sum(self.count[one] for one in (Verdict.NEW, Verdict.CHANGED, Verdict.KNOWN))


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def check(
    session: Session | None,
    extract: Extract,
    *,
    sha256: str,
    source: SpendSource | None = None,
    authority: Party | None = None,
    mended: Mended | None = None,
    own_id: int | None = None,
) -> Checked:
    """Judge every row of a file against what was loaded from its source before.

    `mended` are the rows that a person put right, left out or was asked about; `own_id` is the import itself, when it is one already. Without a
    session there is no database yet, so everything is new.
    """
    said = mended or Mended()
    found = Checked(extract.headings, [], dates.now(), basis_found=extract.basis_found)
    found.named = tuple(dict.fromkeys((*extract.authorities_named, *authorities_in(session, extract.titles))))
    found.notes = list(extract.notes)
    if session is not None and authority is not None:
        found.notes += seen_as_references(session, extract.headings, authority)
    if session is not None and source is not None:
        found.settled = settled(session, source.id)
    found.lacks = extract.lacks
    good, aside = list[Row](), list[Row]()
    for one in extract.rows:
        row = Row(one.number, one.content, Verdict.NEW, cells=one.cells, findings=one.findings)
        found.rows.append(row)
        aside_by_hand = one.number in said.left_out
        if aside_by_hand:
            row.verdict = Verdict.LEFT_OUT
        elif row.findings:
            row.verdict = Verdict.REJECTED
        if not row.findings:
            row.identity, row.alike = identity.key_of(row.content), identity.alike_of(row.content)
            (aside if aside_by_hand else good).append(row)
    _judge(session, good, source)
    _ask(session, good, aside, authority)
    found.asked = sum(bool(row.asked) and row.number not in said.kept for row in good)
    found.count = Counter(row.verdict for row in found.rows)
    found.sums = {name: _sum(good, f"{name}_pence") for name in SUMS}
    left = [row for row in found.rows if row.verdict in (Verdict.REJECTED, Verdict.LEFT_OUT)]
    found.left = left_out([(row.content, row.findings) for row in left], found.headings, found.sums)
    if session is not None and source is not None and authority is not None and not extract.lacks:
        _warn(session, found, good, source, authority, sha256, own_id)
    return found


def _judge(session: Session | None, good: Sequence[Row], source: SpendSource | None) -> None:
    groups: dict[str, list[Row]] = {}
    for row in good:
        groups.setdefault(row.identity, []).append(row)
    known = _known(session, source, list(groups))
    for key, rows in groups.items():
        lines = known.get(key, ())
        if not lines and len(rows) == 1:
            continue
        judged = identity.judge([(row.number, identity.told(row.content)) for row in rows], lines)
        for row in rows:
            one = judged[row.number]
            row.verdict, row.occurrence, row.line_id = one.verdict, one.occurrence, one.line_id


def _known(
    session: Session | None, source: SpendSource | None, keys: list[str]
) -> dict[str, list[identity.Known]]:
    found: dict[str, list[identity.Known]] = {}
    if source is None or session is None:
        return found
    connection = session.connection()
    if connection.execute(sa.select(line.c.id).where(_standing(source)).limit(1)).first() is None:
        return found
    query = sa.select(line.c.id, line.c.identity, line.c.occurrence, *(line.c[name] for name in CONTENT))
    for block in _blocks(keys):
        for line_id, key, occurrence, *said in connection.execute(
            query.where(_standing(source), line.c.identity.in_(block))
        ):
            told = identity.told(dict(zip(CONTENT, said, strict=True)))
            found.setdefault(key, []).append(identity.Known(line_id, occurrence, told))
    return found


def _standing(source: SpendSource) -> sa.ColumnElement[bool]:
    return sa.and_(line.c.source_id == source.id, sa.text(STANDING))


def _ask(session: Session | None, good: Sequence[Row], aside: Sequence[Row], authority: Party | None) -> None:
    """Mark new rows that look like others: in this file (`aside`: left out of it), or loaded before as another transaction."""
    alike = Counter(row.alike for row in (*good, *aside))
    new = [*(row for row in good if row.verdict is Verdict.NEW), *aside]
    before: Counter[int] = Counter()
    if session is not None and authority is not None and new:
        own = {row.line_id for row in good if row.line_id is not None}
        query = sa.select(line.c.id, line.c.alike).where(line.c.authority_id == authority.id, counts())
        for block in _blocks(sorted({row.alike for row in new})):
            rows = session.connection().execute(query.where(line.c.alike.in_(block)))
            before.update(mark for line_id, mark in rows if line_id not in own)
    for row in new:
        if alike[row.alike] + before[row.alike] > 1:
            row.asked = str(row.alike)


def _warn(
    session: Session,
    found: Checked,
    good: Sequence[Row],
    source: SpendSource,
    authority: Party,
    sha256: str,
    own_id: int | None,
) -> None:
    last = loaded(session, source.id, but=own_id)
    before = None
    if last is not None:
        before = [one.folded for one in headings_from(last.headings)]
    found.warnings += whose.warnings(
        session,
        source=source,
        authority=authority,
        named=found.named,
        headings=found.headings,
        headings_before=before,
        suppliers=[name for name, _ in Counter(_suppliers(good)).most_common()],
        rows_known=sum(row.verdict is not Verdict.NEW for row in good),
    )
    same = loaded(session, source.id, but=own_id, sha256=sha256)
    if same is not None and same.confirmed_at:
        found.notes.append(
            f"This very file was loaded before, as import {same.id} on {dates.in_words(dates.as_london(same.confirmed_at).date())}"
        )


def settled(session: Session, source_id: int) -> int:
    """How often an import of a source was loaded or taken back so far. It only grows."""
    c = SpendImport
    times = sa.func.count(col(c.confirmed_at)) + sa.func.count(col(c.undone_at))
    return session.exec(select(times).where(c.source_id == source_id)).one()


def loaded(
    session: Session, source_id: int, *, but: int | None = None, sha256: str | None = None
) -> SpendImport | None:
    """The import that was loaded last from a source and stands; with `sha256`, of this very file."""
    query = select(SpendImport).where(
        SpendImport.source_id == source_id,
        col(SpendImport.confirmed_at).is_not(None),
        col(SpendImport.undone_at).is_(None),
    )
    if but is not None:
        query = query.where(SpendImport.id != but)
    if sha256 is not None:
        query = query.where(SpendImport.sha256 == sha256)
    return session.exec(query.order_by(col(SpendImport.id).desc()).limit(1)).first()


def _suppliers(rows: Iterable[Row]) -> Iterator[str]:
    return (row.content["supplier_name"] for row in rows if row.content["supplier_name"])


def _sum(rows: Sequence[Row], name: str) -> int | None:
    found = [row.content[name] for row in rows if row.content[name] is not None]
    return sum(found) if found else None


def _blocks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _BLOCK):
        yield values[start : start + _BLOCK]
