"""Comparing what a partner says it invoiced in a month with the invoices that the council recorded for it, net with net.

The council's side is every invoice and credit note of the call-off dated in the month, recorded here or invoiced by a matched line
of an extract, each once, net of VAT as billed, whatever the basis of its agreement. The partner's side is the sum over all lines of its return, reversals included. Both are as at the moment they are read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.listing import owner_of
from calloffs.matching.billed import numbers_of_lines
from calloffs.returns.asking import had_people, live_in, status_at
from calloffs.returns.monthly_return import (
    MonthlyReturn,
    ReturnLine,
    ReturnNote,
    ReturnVersion,
    due_at,
    first_of_next,
)
from calloffs.spend.entry import INVOICED_BY_LINES, LedgerEntry
from calloffs.spend.invoice import Invoice
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.records.columns import table_of
from lots.appointment import Appointment
from lots.lot import Lot

_call_off, _appointment, _party, _lot, _agreement, _invoice, _entry, _head, _version, _line, _note = (
    table_of(model)
    for model in (
        *(CallOff, Appointment, Party, Lot, FrameworkAgreement, Invoice, LedgerEntry),
        *(MonthlyReturn, ReturnVersion, ReturnLine, ReturnNote),
    )
)


class Match(StrEnum):
    DIFFERS = "differs"
    EXPLAINED = "explained"
    AGREES = "agrees"
    SILENT = "silent"
    NOT_ASKED = "not_asked"

    @property
    def label(self) -> str:
        return {
            Match.DIFFERS: "Differs",
            Match.EXPLAINED: "Explained",
            Match.AGREES: "Agrees",
            Match.SILENT: "No return",
            Match.NOT_ASKED: "Not asked",
        }[self]


@dataclass(frozen=True, slots=True)
class Compared:
    """One call-off in one month, as both sides have it. Amounts are net of VAT."""

    call_off_id: int
    reference: str
    title: str
    authority: str
    partner: str
    supplier_id: int
    lot: str
    month: date
    asked: bool
    said: Money | None
    """What the partner returned; None while it returned nothing."""
    recorded: Money
    first_given_at: datetime | None
    settled: bool
    """Whether the council explained these two figures."""

    @property
    def difference(self) -> Money:
        """What the partner says, less what the council recorded."""
        return (self.said or Money.zero()) - self.recorded

    @property
    def match(self) -> Match:
        if self.said is None:
            return Match.SILENT if self.asked else Match.NOT_ASKED
        if self.difference.pence == 0:
            return Match.AGREES
        return Match.EXPLAINED if self.settled else Match.DIFFERS

    @property
    def when(self) -> str:
        """When its return was given, in words, or how it stands."""
        if self.first_given_at is None or self.said is None:
            if not self.asked:
                return "Not asked: it did not run in this month"
            late = dates.now() > due_at(self.month)
            return f"{'Silent: was due' if late else 'Due'} {dates.moment_in_words(due_at(self.month))}"
        return f"{status_at(self.month, self.first_given_at, dates.now()).label} {dates.moment_in_words(self.first_given_at)}"


@dataclass(frozen=True, slots=True)
class LotTotal:
    """Returns of one lot in one month: how many call-offs were asked about and answered, who is silent, and both sums, net of VAT."""

    lot: str
    title: str
    asked: int
    given: int
    said: Money
    recorded: Money
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """All rows of a month together. Amounts are net of VAT."""

    asked: int
    given: int
    differing: int
    said: Money
    recorded: Money

    @property
    def missing(self) -> int:
        return self.asked - self.given


def council_rows(session: Session, visitor: Visitor, month: date, most: int | None = None) -> list[Compared]:
    """Call-offs of the authorities where this visitor reads spend, the largest unexplained difference first."""
    return _rows(session, month, _of_council(visitor), most)


def partner_rows(session: Session, visitor: Visitor, supplier_id: int, month: date) -> list[Compared]:
    """The same for a partner: its own call-offs and no others."""
    own = visitor.parties_where(Permission.RETURN_GIVE) & {supplier_id}
    return _rows(session, month, _appointment.c.supplier_id.in_(own))


def one_row(session: Session, call_off: CallOff, month: date) -> Compared | None:
    """One call-off that the caller found through the visitor; None when neither side says anything of that month."""
    found = _rows(session, month, _call_off.c.id == call_off.id)
    return found[0] if found else None


def council_summary(session: Session, visitor: Visitor, month: date) -> Summary:
    """All that `council_rows` could show, counted and added up by the database."""
    rows = _ordered(month, _of_council(visitor)).subquery("rows")
    c = rows.c
    given = sa.and_(c.asked, c.said.is_not(None))
    differs = sa.and_(c.said.is_not(None), c.said != c.recorded, sa.not_(c.settled))
    query = sa.select(
        _count(c.asked),
        _count(given),
        _count(differs),
        sa.func.coalesce(sa.func.sum(c.said), 0),
        sa.func.coalesce(sa.func.sum(c.recorded), 0),
    )
    asked, answered, differing, said, recorded = session.connection().execute(query).one()
    return Summary(int(asked), int(answered), int(differing), Money(int(said)), Money(int(recorded)))


def by_lot(session: Session, visitor: Visitor, month: date) -> list[LotTotal]:
    """Each lot of the agreements that this visitor's authorities own: totals of all member authorities, and who has not answered."""
    rows = _base(month, _agreement.c.lead_authority_id.in_(owner_of(visitor))).subquery("base")
    c = rows.c
    totals = sa.select(
        c.lot,
        c.lot_title,
        _count(c.asked),
        _count(sa.and_(c.asked, c.said.is_not(None))),
        sa.func.coalesce(sa.func.sum(c.said), 0),
        sa.func.coalesce(sa.func.sum(c.recorded), 0),
    )
    totals = totals.group_by(c.lot, c.lot_title).order_by(c.lot)
    quiet = sa.select(c.lot, c.partner).where(c.asked, c.said.is_(None)).distinct().order_by(c.lot, c.partner)
    silent: dict[str, list[str]] = {}
    for lot, partner in session.connection().execute(quiet):
        silent.setdefault(lot, []).append(partner)
    return [
        LotTotal(
            lot,
            title,
            int(asked),
            int(given),
            Money(int(said)),
            Money(int(recorded)),
            tuple(silent.get(lot, ())),
        )
        for lot, title, asked, given, said, recorded in session.connection().execute(totals)
    ]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Invoice numbers of one call-off and month that only one side knows."""

    partner_only: tuple[tuple[str, date | None], ...]
    """The number, and the date under which the council recorded it in another month, if it did."""
    council_only: tuple[tuple[str, Money], ...]
    """The number and its amount net of VAT."""


def numbers(session: Session, call_off_id: int, month: date, said: Iterable[str]) -> Numbers:
    """Compare invoice numbers, without regard to capitals; nothing is amiss on the partner's side where it gave none."""
    theirs = {_plain(one): one for one in said}
    query = (
        sa.select(_invoice.c.number, _invoice.c.dated_on, _invoice.c.net_pence)
        .where(_invoice.c.call_off_id == call_off_id)
        .order_by(_invoice.c.dated_on, _invoice.c.id)
    )
    ours: list[tuple[str, date, int]] = [tuple(one) for one in session.connection().execute(query)]
    ours += numbers_of_lines(session, call_off_id)
    in_month = [one for one in ours if month <= one[1] < first_of_next(month)]
    elsewhere = {_plain(number): dated_on for number, dated_on, _ in ours}
    known = {_plain(number) for number, *_ in in_month}
    return Numbers(
        tuple((written, elsewhere.get(key)) for key, written in theirs.items() if key not in known),
        tuple((number, Money(net)) for number, _, net in in_month if _plain(number) not in theirs),
    )


def _plain(number: str) -> str:
    return "".join(number.split()).casefold()


def _of_council(visitor: Visitor) -> sa.ColumnElement[bool]:
    return _call_off.c.authority_id.in_(visitor.parties_where(Permission.SPEND_READ))


def _count(condition: Any) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _rows(
    session: Session, month: date, scope: sa.ColumnElement[bool], most: int | None = None
) -> list[Compared]:
    query = _ordered(month, scope).limit(most)
    return [
        Compared(
            call_off_id=row.id,
            reference=row.reference,
            title=row.title,
            authority=row.authority,
            partner=row.partner,
            supplier_id=row.supplier_id,
            lot=row.lot,
            month=month,
            asked=bool(row.asked),
            said=None if row.said is None else Money(int(row.said)),
            recorded=Money(int(row.recorded)),
            first_given_at=row.given_at,
            settled=bool(row.settled),
        )
        for row in session.connection().execute(query)
    ]


def _base(month: date, scope: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Call-offs of a scope that were asked about, returned on or billed in a month, with both sums from their entries."""
    c = _call_off.c
    lines = (_line.c.call_off_id == c.id, _line.c.month == month)
    bills = (
        _invoice.c.call_off_id == c.id,
        _invoice.c.dated_on >= month,
        _invoice.c.dated_on < first_of_next(month),
    )
    authority = _party.alias("authority")
    asked = sa.and_(live_in(month), had_people(month))
    said = sa.select(sa.func.sum(_line.c.net_pence)).where(*lines).scalar_subquery()
    billed = sa.select(sa.func.coalesce(sa.func.sum(_invoice.c.net_pence), 0)).where(*bills)
    by_lines = (
        _entry.c.call_off_id == c.id,
        _entry.c.effective_on >= month,
        _entry.c.effective_on < first_of_next(month),
        sa.literal_column(f"({INVOICED_BY_LINES})", sa.Boolean),
    )
    extracted = sa.select(sa.func.coalesce(sa.func.sum(_entry.c.net_pence), 0)).where(*by_lines)
    recorded = billed.scalar_subquery() + extracted.scalar_subquery()
    return (
        sa.select(
            c.id,
            c.reference,
            c.title,
            authority.c.name.label("authority"),
            _party.c.name.label("partner"),
            _appointment.c.supplier_id,
            _lot.c.reference.label("lot"),
            _lot.c.title.label("lot_title"),
            asked.label("asked"),
            said.label("said"),
            recorded.label("recorded"),
        )
        .join(_appointment, _appointment.c.id == c.appointment_id)
        .join(_party, _party.c.id == _appointment.c.supplier_id)
        .join(authority, authority.c.id == c.authority_id)
        .join(_lot, _lot.c.id == c.lot_id)
        .join(_agreement, _agreement.c.id == c.agreement_id)
        .where(
            scope,
            sa.or_(
                asked,
                sa.exists(sa.select(_line.c.id).where(*lines)),
                sa.exists(sa.select(_invoice.c.id).where(*bills)),
                sa.exists(sa.select(_entry.c.id).where(*by_lines)),
            ),
        )
    )


def _ordered(month: date, scope: sa.ColumnElement[bool]) -> sa.Select[Any]:
    base = _base(month, scope).subquery("base")
    c = base.c
    settled = sa.exists(
        sa.select(_note.c.id).where(
            _note.c.call_off_id == c.id,
            _note.c.month == month,
            _note.c.settles,
            _note.c.said_net_pence == c.said,
            _note.c.recorded_net_pence == c.recorded,
        )
    )
    differs = sa.and_(c.said.is_not(None), c.said != c.recorded)
    place = sa.case(
        (sa.and_(differs, sa.not_(settled)), 0),
        (sa.and_(c.asked, c.said.is_(None)), 1),
        (differs, 2),
        else_=3,
    )
    return (
        sa.select(*c, settled.label("settled"), _version.c.given_at)
        .outerjoin(_head, sa.and_(_head.c.supplier_id == c.supplier_id, _head.c.month == month))
        .outerjoin(_version, sa.and_(_version.c.return_id == _head.c.id, _version.c.number == 1))
        .order_by(place, sa.func.abs(sa.func.coalesce(c.said, 0) - c.recorded).desc(), c.reference)
    )
