"""Reading balances for whoever may see them: from the balance columns, never by adding up entries."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.spend.entry import EntryKind, LedgerEntry
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions.money import Basis, Money
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.records.columns import Balances, table_of
from lots.appointment import Appointment
from lots.lot import Lot

_BLOCK = 500
_agreements, _members, _lots, _appointments, _call_offs, _parties = (
    table_of(model) for model in (FrameworkAgreement, MemberAuthority, Lot, Appointment, CallOff, Party)
)


@dataclass(frozen=True, slots=True)
class Figures:
    """The four balances of a scope and its ceiling (None where it has none), all on the agreement's own basis."""

    reserved: Money
    committed: Money
    invoiced: Money
    paid: Money
    ceiling: Money | None = None

    @property
    def left(self) -> Money | None:
        """Ceiling less committed less reserved (RULE-32)."""
        return None if self.ceiling is None else self.ceiling - self.committed - self.reserved

    @property
    def left_to_invoice(self) -> Money:
        """Committed less invoiced: what is left where there is no ceiling, of a partner's work or a call-off."""
        return self.committed - self.invoiced

    @property
    def is_nothing(self) -> bool:
        return not any((self.reserved.pence, self.committed.pence, self.invoiced.pence, self.paid.pence))

    def __add__(self, other: "Figures") -> "Figures":
        """Both together; a ceiling belongs to one scope and is not added."""
        return Figures(
            self.reserved + other.reserved,
            self.committed + other.committed,
            self.invoiced + other.invoiced,
            self.paid + other.paid,
        )

    def __sub__(self, other: "Figures") -> "Figures":
        return Figures(
            self.reserved - other.reserved,
            self.committed - other.committed,
            self.invoiced - other.invoiced,
            self.paid - other.paid,
        )


NOTHING = Figures(Money.zero(), Money.zero(), Money.zero(), Money.zero())


def figures_of(scope: Balances, ceiling: Money | None = None) -> Figures:
    """The balances of a record."""
    return Figures(
        Money(scope.reserved_pence),
        Money(scope.committed_pence),
        Money(scope.invoiced_pence),
        Money(scope.paid_pence),
        ceiling,
    )


def _columns(table: sa.Table) -> tuple[sa.ColumnElement[int], ...]:
    return table.c.reserved_pence, table.c.committed_pence, table.c.invoiced_pence, table.c.paid_pence


def _read(figures: Any, ceiling: int | None = None) -> Figures:
    reserved, committed, invoiced, paid = (Money(int(one or 0)) for one in figures)
    return Figures(reserved, committed, invoiced, paid, None if ceiling is None else Money(ceiling))


# Who sees which


def visible_agreements(visitor: Visitor) -> sa.ColumnElement[bool]:
    """Agreements whose spend the visitor may see: those of an authority at which they read spend."""
    mine = visitor.parties_where(Permission.SPEND_READ)
    member_of = sa.select(_members.c.agreement_id).where(_members.c.authority_id.in_(mine))
    # A draft is the lead authority's alone, also for those already named as members in it.
    is_public = sa.or_(_agreements.c.confirmed_at.is_not(None), _agreements.c.recorded_as_past)
    return sa.or_(
        _agreements.c.lead_authority_id.in_(mine), sa.and_(is_public, _agreements.c.id.in_(member_of))
    )


def agreement(session: Session, visitor: Visitor, reference: str) -> FrameworkAgreement:
    """An agreement whose spend the visitor may see. Raises `NotFound`."""
    found = session.exec(
        select(FrameworkAgreement).where(
            FrameworkAgreement.reference == reference, visible_agreements(visitor)
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def leads(visitor: Visitor, found: FrameworkAgreement) -> bool:
    """Whether the visitor reads spend at the lead authority, and so sees each member's and each partner's totals."""
    return visitor.may(Permission.SPEND_READ, found.lead_authority_id)


# Figures by scope


def by_agreement(session: Session, visitor: Visitor) -> list[tuple[str, str, str, Figures]]:
    """(reference, title, basis label, figures) of every confirmed agreement the visitor may see, the newest first."""
    rows = session.connection().execute(
        sa.select(
            _agreements.c.reference,
            _agreements.c.title,
            _agreements.c.basis,
            _agreements.c.ceiling_pence,
            *_columns(_agreements),
        )
        .where(
            visible_agreements(visitor),
            _agreements.c.confirmed_at.is_not(None),
            _agreements.c.recorded_as_past.is_(False),
        )
        .order_by(_agreements.c.ends_on.desc(), _agreements.c.id.desc())
    )
    return [(one[0], one[1], one[2].label, _read(one[4:], one[3])) for one in rows]


def by_lot(session: Session, found: FrameworkAgreement) -> list[tuple[str, int, str, Figures]]:
    """(reference, number, title, figures) of every lot: each member sees the totals of each."""
    rows = session.connection().execute(
        sa.select(_lots.c.reference, _lots.c.number, _lots.c.title, _lots.c.ceiling_pence, *_columns(_lots))
        .where(_lots.c.agreement_id == found.id)
        .order_by(_lots.c.number)
    )
    return [(one[0], one[1], one[2], _read(one[4:], one[3])) for one in rows]


def by_authority(session: Session, visitor: Visitor, found: FrameworkAgreement) -> list[tuple[str, Figures]]:
    """(name, figures) of the members the visitor may see by name: all for the lead, else their own."""
    query = (
        sa.select(_parties.c.name, _members.c.allocation_pence, *_columns(_members))
        .join(_parties, _parties.c.id == _members.c.authority_id)
        .where(_members.c.agreement_id == found.id)
        .order_by(_parties.c.name)
    )
    if not leads(visitor, found):
        query = query.where(_members.c.authority_id.in_(visitor.parties_where(Permission.SPEND_READ)))
    return [(one[0], _read(one[2:], one[1])) for one in session.connection().execute(query)]


def by_partner(
    session: Session, visitor: Visitor, found: FrameworkAgreement
) -> list[tuple[str, str, Figures]]:
    """(partner, lot reference, figures): everything for the lead, else what the visitor's own authority called off."""
    if leads(visitor, found):
        query = sa.select(_parties.c.name, _lots.c.reference, *_columns(_appointments))
    else:
        sums = [sa.func.sum(column) for column in _columns(_call_offs)]
        query = sa.select(_parties.c.name, _lots.c.reference, *sums)
    query = (
        query.select_from(_appointments)
        .join(_lots, _lots.c.id == _appointments.c.lot_id)
        .join(_parties, _parties.c.id == _appointments.c.supplier_id)
        .where(_lots.c.agreement_id == found.id)
        .order_by(_parties.c.name, _lots.c.number)
    )
    if not leads(visitor, found):
        # Balance columns of one's own call-offs: another member's share of a partner is not told apart.
        query = (
            query.join(_call_offs, _call_offs.c.appointment_id == _appointments.c.id)
            .where(_call_offs.c.authority_id.in_(visitor.parties_where(Permission.SPEND_READ)))
            .group_by(_parties.c.name, _lots.c.reference, _lots.c.number)
        )
    return [(one[0], one[1], _read(one[2:])) for one in session.connection().execute(query)]


def by_call_off(
    session: Session, visitor: Visitor, found: FrameworkAgreement, after: int = 0, most: int | None = None
) -> Iterator[tuple[int, str, str, str, str, Figures]]:
    """(id, reference, title, authority, lot reference, figures) of the visitor's own authority's call-offs, the newest first.

    `after` is the id of the last one shown before; 0 begins. Rows come in blocks of 500.
    """
    query = (
        sa.select(
            _call_offs.c.id,
            _call_offs.c.reference,
            _call_offs.c.title,
            _parties.c.name,
            _lots.c.reference,
            *_columns(_call_offs),
        )
        .join(_parties, _parties.c.id == _call_offs.c.authority_id)
        .join(_lots, _lots.c.id == _call_offs.c.lot_id)
        .where(
            _call_offs.c.agreement_id == found.id,
            _call_offs.c.authority_id.in_(visitor.parties_where(Permission.SPEND_READ)),
            _call_offs.c.submitted_at.is_not(None),
        )
        .order_by(_call_offs.c.id.desc())
    )
    if after:
        query = query.where(_call_offs.c.id < after)
    if most is not None:
        query = query.limit(most)
    rows = (
        session.connection().execution_options(yield_per=_BLOCK).execute(query)
        if most is None
        else (session.connection().execute(query))
    )
    for one in rows:
        yield one[0], one[1], one[2], one[3], one[4], _read(one[5:])


def own_share(session: Session, visitor: Visitor, found: FrameworkAgreement) -> Figures:
    """What the visitor's own authorities have under the agreement, together."""
    rows = session.connection().execute(
        sa.select(*_columns(_members)).where(
            _members.c.agreement_id == found.id,
            _members.c.authority_id.in_(visitor.parties_where(Permission.SPEND_READ)),
        )
    )
    total = NOTHING
    for one in rows:
        total = total + _read(one)
    return total


def own_by_basis(session: Session, visitor: Visitor) -> list[tuple[Basis, Figures]]:
    """What the visitor's own authorities have under every confirmed agreement, apart for each basis."""
    sums = [sa.func.sum(one) for one in _columns(_members)]
    rows = session.connection().execute(
        sa.select(_agreements.c.basis, *sums)
        .join(_members, _members.c.agreement_id == _agreements.c.id)
        .where(
            _members.c.authority_id.in_(visitor.parties_where(Permission.SPEND_READ)),
            _agreements.c.confirmed_at.is_not(None),
            _agreements.c.recorded_as_past.is_(False),
        )
        .group_by(_agreements.c.basis)
        .order_by(_agreements.c.basis.desc())
    )
    found = [(one[0], _read(one[1:])) for one in rows]
    return [(basis, figures) for basis, figures in found if not figures.is_nothing]


# One call-off


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of a call-off with the running total of its kind, both on the agreement's basis."""

    posted_at: Any
    kind: EntryKind
    reason: str
    amount: Money
    total: Money


def movements(session: Session, call_off: CallOff, most: int = 500) -> list[Movement]:
    """The entries of one call-off in order, each with its kind's total so far; at most `most`."""
    entries = table_of(LedgerEntry)
    rows = session.connection().execute(
        sa.select(entries.c.posted_at, entries.c.kind, entries.c.reason, entries.c.amount_pence)
        .where(entries.c.call_off_id == call_off.id)
        .order_by(entries.c.id)
        .limit(most)
    )
    totals: dict[EntryKind, Money] = {}
    found = []
    for posted_at, kind, reason, pence in rows:
        totals[kind] = totals.get(kind, Money.zero()) + Money(pence)
        found.append(Movement(posted_at, EntryKind(kind), reason, Money(pence), totals[kind]))
    return found
