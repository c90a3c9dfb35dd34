"""How complete figures are: when the ledger last moved, how far extracts are loaded and what still waits to be matched.

Any page of figures shows it: `{% include "calloffs/figures/_as_at.html" %}` with `completeness=completeness(session(), visitor())`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.extracts.finding import line
from calloffs.extracts.spend_import import SpendImport
from calloffs.spend.balances import visible_agreements
from calloffs.spend.entry import LedgerEntry
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.records.columns import table_of

_agreements, _members, _parties, _entries, _imports, _call_offs = (
    table_of(model)
    for model in (FrameworkAgreement, MemberAuthority, Party, LedgerEntry, SpendImport, CallOff)
)

HOW = (
    "Every movement of money is an entry in the ledger: reserved when a call-off is asked for, committed when it is awarded, "
    "invoiced and paid when an invoice or a line of an extract is recorded. Entries are never changed or deleted. Each figure here is "
    "the sum of its entries, counted on the day they count for: an invoice on its date, a payment on the day it was paid, "
    "anything else on the day it happened. Follow a figure to see its entries."
)
"""How figures are made, for people."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How far one authority's extracts are loaded, and of the reader's own authority what waits to be matched."""

    authority: str
    up_to: date | None
    """The latest accounting day of any line that counts."""
    loaded_at: datetime | None
    """When its last import was confirmed."""
    is_own: bool
    waiting: int = 0
    waiting_net: Money = field(default_factory=Money.zero)
    waiting_gross: Money = field(default_factory=Money.zero)
    """Of lines that do not say their net amount."""
    not_invoiced: int = 0
    """Call-offs that are signed and not closed, and have no invoice."""

    @property
    def sentences(self) -> Iterator[str]:
        """The same in words."""
        if self.up_to is None or self.loaded_at is None:
            yield f"{self.authority}: no extract is loaded."
        else:
            yield (
                f"{self.authority}: extracts are loaded up to {dates.in_words(self.up_to)}, "
                f"the last one on {dates.in_words(dates.as_london(self.loaded_at).date())}."
            )
        if self.waiting:
            sums = [f"{self.waiting_net} net of VAT"] if self.waiting_net.pence else []
            if self.waiting_gross.pence:
                sums.append(f"{self.waiting_gross} including VAT on lines that do not say net")
            lines = "1 loaded line waits" if self.waiting == 1 else f"{self.waiting:,} loaded lines wait"
            yield f"{self.authority}: {lines} to be matched to a call-off ({' and '.join(sums) or 'no amount'})."
        if self.not_invoiced:
            which = (
                "1 running call-off has"
                if self.not_invoiced == 1
                else f"{self.not_invoiced:,} running call-offs have"
            )
            yield f"{self.authority}: {which} no invoice yet."


@dataclass(frozen=True, slots=True)
class Completeness:
    """As at when, and how complete."""

    moved_at: datetime | None
    """When the ledger of any agreement that the reader may see last moved."""
    loaded: tuple[Loaded, ...]
    how: str = HOW

    @property
    def waiting(self) -> int:
        """How many loaded lines of the reader's own authorities wait to be matched."""
        return sum(one.waiting for one in self.loaded)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The same in words, for pages and for the notes of files."""
        moved = (
            "The ledger has not moved yet."
            if self.moved_at is None
            else f"The ledger last moved on {dates.moment_in_words(self.moved_at)}."
        )
        return (moved, *(sentence for one in self.loaded for sentence in one.sentences))


def completeness(session: Session, visitor: Visitor, agreement_id: int | None = None) -> Completeness:
    """How complete the figures are that this visitor sees, of one agreement or of all: own authorities first, then members they lead."""
    own = visitor.parties_where(Permission.SPEND_READ)
    connection = session.connection()
    seen = sa.and_(
        visible_agreements(visitor),
        sa.true() if agreement_id is None else _agreements.c.id == agreement_id,
    )
    last = (
        sa.select(sa.func.max(_entries.c.posted_at))
        .where(_entries.c.agreement_id == _agreements.c.id)
        .correlate(_agreements)
        .scalar_subquery()
    )
    moved = [
        row[0] for row in connection.execute(sa.select(last).select_from(_agreements).where(seen)) if row[0]
    ]
    led = (
        sa.select(_members.c.authority_id)
        .join(_agreements, _agreements.c.id == _members.c.agreement_id)
        .where(seen, _agreements.c.lead_authority_id.in_(own))
    )
    up_to = (
        sa.select(sa.func.max(line.c.accounting_on))
        .where(line.c.import_id == _imports.c.id)
        .correlate(_imports)
        .scalar_subquery()
    )
    imported = (
        sa.select(
            _imports.c.authority_id,
            sa.func.max(up_to).label("up_to"),
            sa.func.max(_imports.c.confirmed_at).label("loaded_at"),
        )
        .where(_imports.c.confirmed_at.is_not(None), _imports.c.undone_at.is_(None))
        .group_by(_imports.c.authority_id)
        .subquery()
    )
    rows = connection.execute(
        sa.select(_parties.c.id, _parties.c.name, imported.c.up_to, imported.c.loaded_at)
        .select_from(_parties.outerjoin(imported, imported.c.authority_id == _parties.c.id))
        .where(sa.or_(_parties.c.id.in_(own), _parties.c.id.in_(led)))
        .order_by(_parties.c.name)
    ).all()
    waiting, not_invoiced = _waiting(session, own), _not_invoiced(session, own)
    loaded = [
        Loaded(
            row.name,
            row.up_to,
            row.loaded_at,
            row.id in own,
            *waiting.get(row.id, (0, Money.zero(), Money.zero())),
            not_invoiced.get(row.id, 0),
        )
        for row in rows
    ]
    return Completeness(max(moved, default=None), tuple(sorted(loaded, key=lambda one: not one.is_own)))


def _waiting(session: Session, own: frozenset[int]) -> dict[int, tuple[int, Money, Money]]:
    """By authority: how many lines wait, their net sum, and the gross sum of those without net. Read from one index alone."""
    confirmed = sa.select(_imports.c.id).where(
        _imports.c.authority_id.in_(own), _imports.c.confirmed_at.is_not(None)
    )
    rows = session.connection().execute(
        sa.select(
            line.c.authority_id,
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(line.c.net_pence), 0),
            sa.func.coalesce(sa.func.sum(sa.case((line.c.net_pence.is_(None), line.c.gross_pence))), 0),
        )
        .where(
            line.c.authority_id.in_(own),
            line.c.call_off_id.is_(None),
            line.c.withdrawn_at.is_(None),
            line.c.not_ours_at.is_(None),
            line.c.import_id.in_(confirmed),
        )
        .group_by(line.c.authority_id)
    )
    return {row[0]: (int(row[1]), Money(int(row[2])), Money(int(row[3]))) for row in rows}


def _not_invoiced(session: Session, own: frozenset[int]) -> dict[int, int]:
    rows = session.connection().execute(
        sa.select(_call_offs.c.authority_id, sa.func.count())
        .where(
            _call_offs.c.authority_id.in_(own),
            _call_offs.c.signed_at.is_not(None),
            _call_offs.c.closed_at.is_(None),
            _call_offs.c.invoiced_pence == 0,
        )
        .group_by(_call_offs.c.authority_id)
    )
    return {row[0]: int(row[1]) for row in rows}
