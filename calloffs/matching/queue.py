"""The queue: lines that wait to be matched, each with its best suggestion, and the lines of a call-off that are matched.

Pages go on by the id of the last line, and read along indexes of few rows: they cost the same however many lines there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.extracts.finding import counts, visible
from calloffs.extracts.finding import line as _line
from calloffs.extracts.source import SpendSource
from calloffs.extracts.spend_import import SpendImport
from calloffs.extracts.spend_line import SpendLine
from calloffs.matching import ours, weighing
from calloffs.matching.flags import NO_FLAG, Flag, of
from calloffs.matching.known import known, said_by
from calloffs.matching.matching import waits
from calloffs.matching.rules import Suggestion, suggestions
from calloffs.matching.spend_match import SpendMatch
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.records.columns import table_of

ROWS = 25
MOST_COUNTED = 1000
_match, _call_off, _source, _import, _party = (
    table_of(model) for model in (SpendMatch, CallOff, SpendSource, SpendImport, Party)
)
SHOWN = {
    "likely": "Lines that may be ours",
    "all": "All lines that wait",
    "not_ours": "None of ours",
    "flagged": "Lines to look at",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for: which lines (SHOWN), a source's or an import's id, how the supplier's name or a word of it begins."""

    show: str = "likely"
    source: int | None = None
    imported: int | None = None
    supplier: str = ""


@dataclass(frozen=True, slots=True)
class Queued:
    """A line with the best suggestion for it, how many more there are, and its flags."""

    line: Any
    flags: tuple[Flag, ...]
    best: Suggestion | None
    more: int
    reference: str | None
    """The call-off that it is matched to."""
    may_match: bool

    @property
    def amount(self) -> tuple[Money, str]:
        return amount_of(self.line)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of lines and where the next begins (None on the last)."""

    rows: tuple[Queued, ...]
    next: int | None


def amount_of(line: Any) -> tuple[Money, str]:
    """What a line says, and on which basis: net where it says net."""
    if line.net_pence is not None:
        return Money(line.net_pence), "net of VAT"
    return Money(line.gross_pence or 0), "including VAT"


def queue(session: Session, visitor: Visitor, filters: Filters, after: int = 0) -> Page:
    """Lines of the authorities whose extracts the visitor reads, from above id `after`.

    Pages follow the order in which lines came; on each of them lines with a suggestion stand first.
    """
    mine = visitor.parties_where(Permission.EXTRACT_READ)
    if filters.show not in SHOWN:
        raise NotFound
    where = [_line.c.authority_id.in_(mine), _line.c.id > after, counts(), _shown(filters.show)]
    if filters.source is not None:
        where.append(_line.c.source_id == filters.source)
    if filters.imported is not None:
        where.append(_line.c.import_id == filters.imported)
    if filters.supplier.strip():
        where.append(_called(filters.supplier))
    rows = (
        session.connection()
        .execute(sa.select(*_line.c).where(*where).order_by(_line.c.id).limit(ROWS + 1))
        .all()
    )
    shown = rows[:ROWS]
    queued = sorted(_queued(session, visitor, shown), key=lambda one: one.best is None)
    return Page(tuple(queued), shown[-1].id if len(rows) > ROWS else None)


def _called(beginning: str) -> sa.ColumnElement[bool]:
    """Lines whose supplier's name, or any word of it, begins so, whatever its capitals."""
    name, words = _line.c.supplier_name, " ".join(beginning.split())
    return sa.or_(name.istartswith(words, autoescape=True), name.icontains(f" {words}", autoescape=True))


def _shown(show: str) -> sa.ColumnElement[bool]:
    if show == "likely":
        return ours.waiting()
    if show == "all":
        return waits()
    if show == "not_ours":
        return _line.c.not_ours_at.is_not(None)
    # The first term says of which index these lines are.
    return sa.and_(_line.c.flags != sa.literal_column("''"), _line.c.flags.not_in(NO_FLAG))


def _queued(session: Session, visitor: Visitor, rows: Sequence[Any]) -> list[Queued]:
    references = _references(session, {row.call_off_id for row in rows if row.call_off_id is not None})
    waiting = [row for row in rows if row.call_off_id is None and row.not_ours_at is None]
    found = suggested(session, waiting)
    made = []
    for row in rows:
        own = found.get(row.id, [])
        made.append(
            Queued(
                row,
                tuple(of(row.flags)),
                own[0] if own else None,
                max(len(own) - 1, 0),
                references.get(row.call_off_id),
                visitor.may(Permission.INVOICE_RECORD, row.authority_id),
            )
        )
    return made


def suggested(session: Session, rows: Sequence[Any]) -> dict[int, list[Suggestion]]:
    """Suggestions for lines, those of each authority from its own call-offs alone; certain is what can be matched as it stands."""
    found = {}
    for authority_id in sorted({row.authority_id for row in rows}):
        own = [row for row in rows if row.authority_id == authority_id]
        everything, said = known(session, authority_id), said_by(session, own)
        made = {row.id: suggestions(said[row.id], everything) for row in own}
        pairs = [(row, made[row.id][0]) for row in own if made[row.id] and made[row.id][0].certain]
        standing = weighing.facts(session, everything, [(row, one.candidate) for row, one in pairs])
        for row, one in sorted(pairs, key=lambda pair: pair[0].id):
            if no := weighing.held_back_now(row, one.candidate, standing):
                made[row.id][0] = replace(one, certain=False, against=(no,))
        found.update(made)
    return found


def _references(session: Session, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = session.connection().execute(
        sa.select(_call_off.c.id, _call_off.c.reference).where(_call_off.c.id.in_(ids))
    )
    return dict(rows.all())


def how_many(session: Session, visitor: Visitor, show: str) -> int:
    """How many lines of a kind there are, counted up to MOST_COUNTED and one."""
    mine = visitor.parties_where(Permission.INVOICE_RECORD)
    few = (
        sa.select(_line.c.id)
        .where(_line.c.authority_id.in_(mine), counts(), _shown(show))
        .limit(MOST_COUNTED + 1)
        .subquery()
    )
    return int(session.connection().execute(sa.select(sa.func.count()).select_from(few)).scalar_one())


def sources(session: Session, visitor: Visitor) -> list[tuple[int, str]]:
    """Sources of the authorities whose extracts the visitor reads."""
    mine = visitor.parties_where(Permission.EXTRACT_READ)
    query = sa.select(_source.c.id, _source.c.name).where(_source.c.authority_id.in_(mine))
    return [(one.id, one.name) for one in session.connection().execute(query.order_by(_source.c.name))]


def imports(session: Session, visitor: Visitor, most: int = 20) -> list[tuple[int, str]]:
    """The newest confirmed imports of the same."""
    mine = visitor.parties_where(Permission.EXTRACT_READ)
    query = (
        sa.select(_import.c.id, _import.c.file_name)
        .where(_import.c.authority_id.in_(mine), _import.c.confirmed_at.is_not(None))
        .order_by(_import.c.id.desc())
        .limit(most)
    )
    return [(one.id, f"{one.file_name} (import {one.id})") for one in session.connection().execute(query)]


def line_of(session: Session, visitor: Visitor, number: int) -> SpendLine:
    """A line that the visitor may see. Raises `NotFound`."""
    found = session.exec(
        select(SpendLine)
        .where(SpendLine.id == number, visible(visitor), counts())
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def call_off_of(session: Session, line: SpendLine, reference: str) -> CallOff:
    """An awarded call-off of the line's own authority. Raises `NotFound` for another's, as for none."""
    found = session.exec(
        select(CallOff).where(
            CallOff.reference == reference.strip().upper(), CallOff.authority_id == line.authority_id
        )
    ).one_or_none()
    if found is None or found.awarded_at is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a search for a call-off by hand found: reference, title, partner, left to invoice, basis."""

    rows: tuple[tuple[str, str, str, Money, str], ...]
    more: bool


def search(session: Session, line: SpendLine, words: str, most: int = 20) -> Candidates:
    """Awarded call-offs of the line's authority with these words in reference, title, partner or order number."""
    wanted = words.strip().casefold()
    found = [
        one
        for one in known(session, line.authority_id).candidates
        if wanted in f"{one.reference} {one.title} {one.partner} {one.order}".casefold()
    ]
    found.sort(key=lambda one: (one.closed_on is not None, one.reference))
    rows = tuple(
        (one.reference, one.title, one.partner, one.committed - one.invoiced, one.basis.label)
        for one in found[:most]
    )
    return Candidates(rows, len(found) > most)


@dataclass(frozen=True, slots=True)
class Matched:
    """A matched line with its match and flags."""

    line: Any
    match: SpendMatch
    flags: tuple[Flag, ...]
    by: str

    @property
    def amount(self) -> tuple[Money, str]:
        return amount_of(self.line)


def matched(
    session: Session, call_off: CallOff, after: int | None = None, most: int = ROWS
) -> tuple[list[Matched], int | None]:
    """Lines matched to a call-off that the caller found through the visitor, the newest match first, and where to go on."""
    query = (
        select(SpendMatch)
        .where(SpendMatch.call_off_id == call_off.id, _match.c.undone_at.is_(None))
        .order_by(_match.c.id.desc())
        .limit(most + 1)
    )
    if after:
        query = query.where(_match.c.id < after)
    found = list(session.exec(query.execution_options(populate_existing=True)))
    shown = found[:most]
    lines = {
        one.id: one
        for one in session.connection().execute(
            sa.select(*_line.c).where(_line.c.id.in_([one.line_id for one in shown]))
        )
    }
    rows = [
        Matched(lines[one.line_id], one, tuple(of(lines[one.line_id].flags)), one.why.value) for one in shown
    ]
    return rows, shown[-1].id if len(found) > most else None


def overs(session: Session, call_off: CallOff) -> list[SpendMatch]:
    """Matches of a call-off that somebody accepted past its value, while more is invoiced than its value."""
    if call_off.invoiced_pence <= call_off.committed_pence:
        return []
    return list(
        session.exec(
            select(SpendMatch)
            .where(
                SpendMatch.call_off_id == call_off.id, _match.c.undone_at.is_(None), _match.c.over_pence > 0
            )
            .order_by(_match.c.id)
        )
    )


def flagged_of_owner(session: Session, visitor: Visitor, most: int = 10) -> list[tuple[Any, str]]:
    """Flagged lines of the call-offs that this person owns, the newest first, with their references."""
    mine = visitor.parties_where(Permission.CALL_OFF_RAISE)
    query = (
        sa.select(*_line.c, _call_off.c.reference.label("call_off"))
        .join(_call_off, _call_off.c.id == _line.c.call_off_id)
        .where(
            _line.c.authority_id.in_(mine),
            _line.c.flags != sa.literal_column("''"),
            _call_off.c.owner_id == visitor.person_id,
            counts(),
        )
        .order_by(_line.c.id.desc())
        .limit(most)
    )
    return [(row, row.call_off) for row in session.connection().execute(query)]


def source_of(session: Session, line: SpendLine) -> tuple[str, str]:
    """The names of a line's source and of the file that brought it."""
    query = (
        sa.select(_source.c.name, _import.c.file_name)
        .join(_import, _import.c.source_id == _source.c.id)
        .where(_import.c.id == line.import_id)
    )
    name, file_name = session.connection().execute(query).one()
    return name, file_name


def reference_of(session: Session, line: SpendLine) -> str | None:
    """The reference of the call-off that a line is matched to."""
    if line.call_off_id is None:
        return None
    return _references(session, {line.call_off_id})[line.call_off_id]


def authority_of(session: Session, visitor: Visitor, imported: int | None, source: int | None) -> int | None:
    """Whose an import or a source is, where the visitor matches lines of that authority; None where neither is asked for.

    Raises `NotFound` for another's, and where both are asked for and are not one authority's.
    """
    mine = visitor.parties_where(Permission.INVOICE_RECORD)
    found: set[int | None] = set()
    for table, number in ((_import, imported), (_source, source)):
        if number is not None:
            query = sa.select(table.c.authority_id).where(
                table.c.id == number, table.c.authority_id.in_(mine)
            )
            found.add(session.connection().execute(query).scalar())
    if None in found or len(found) > 1:
        raise NotFound
    return found.pop() if found else None


def named(session: Session, imported: int | None, source: int | None) -> str:
    """The file and the source that were asked for, in words; blank for neither."""
    said = []
    for number, table, column in ((imported, _import, "file_name"), (source, _source, "name")):
        if number is not None:
            name = session.connection().execute(sa.select(table.c[column]).where(table.c.id == number))
            said.append(f"{name.scalar_one()} (import {number})" if table is _import else name.scalar_one())
    return ", ".join(said)


def authorities(session: Session, visitor: Visitor) -> list[tuple[int, str]]:
    """The authorities whose lines the visitor matches."""
    mine = visitor.parties_where(Permission.INVOICE_RECORD)
    query = sa.select(_party.c.id, _party.c.name).where(_party.c.id.in_(mine)).order_by(_party.c.name)
    return [(one.id, one.name) for one in session.connection().execute(query)]
