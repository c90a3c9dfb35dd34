"""Figures of one accounting period: what moved on each call-off of an authority, as it is now and as it was frozen."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.periods.period_closing import ClosedFigure, PeriodClosing
from calloffs.spend.entry import EntryKind
from calloffs.spend.period_figure import PeriodFigure
from framework.agreement import FrameworkAgreement
from framework.definitions.money import Basis, Money
from framework.people.party import Party
from framework.records.columns import table_of
from lots.appointment import Appointment
from lots.lot import Lot

_figure, _call_off, _closed, _agreement, _lot, _place, _party = (
    table_of(one)
    for one in (PeriodFigure, CallOff, ClosedFigure, FrameworkAgreement, Lot, Appointment, Party)
)
WORD = {
    EntryKind.RESERVATION: "reserved",
    EntryKind.COMMITMENT: "committed",
    EntryKind.INVOICE: "invoiced",
    EntryKind.PAYMENT: "paid",
}
"""The figure that each kind of entry moves."""

NO_PARTNER = "No partner yet"

Moved = dict[tuple[int, EntryKind], tuple[int, int]]
"""(call-off, kind): pence on the agreement's basis, pence net of VAT."""


@dataclass(frozen=True, slots=True)
class Belongs:
    """Where the figures of one call-off belong."""

    agreement_id: int
    lot_id: int
    appointment_id: int | None


def moved_now(session: Session, authority_id: int, period_on: date) -> tuple[Moved, dict[int, Belongs]]:
    """What moved in a period as the ledger has it now, and where each call-off belongs."""
    sums = [
        sa.func.sum(_figure.c[f"{word}{end}"]) for word in WORD.values() for end in ("_pence", "_net_pence")
    ]
    rows = session.connection().execute(
        sa.select(
            _figure.c.call_off_id,
            _call_off.c.agreement_id,
            _call_off.c.lot_id,
            _call_off.c.appointment_id,
            *sums,
        )
        .join(_call_off, _call_off.c.id == _figure.c.call_off_id)
        .where(_figure.c.period_on == period_on, _call_off.c.authority_id == authority_id)
        .group_by(
            _figure.c.call_off_id,
            _call_off.c.agreement_id,
            _call_off.c.lot_id,
            _call_off.c.appointment_id,
        )
        .order_by(_figure.c.call_off_id)
    )
    moved: Moved = {}
    belongs = {}
    for call_off_id, agreement_id, lot_id, appointment_id, *pence in rows:
        belongs[call_off_id] = Belongs(agreement_id, lot_id, appointment_id)
        for place, kind in enumerate(WORD):
            amounts = int(pence[2 * place]), int(pence[2 * place + 1])
            if any(amounts):
                moved[call_off_id, kind] = amounts
    return moved, belongs


def moved_then(session: Session, closing: PeriodClosing) -> tuple[Moved, dict[int, Belongs]]:
    """What had moved when the period was closed, and where each call-off belonged then."""
    rows = session.connection().execute(
        sa.select(
            _closed.c.call_off_id,
            _closed.c.kind,
            _closed.c.amount_pence,
            _closed.c.net_pence,
            _closed.c.agreement_id,
            _closed.c.lot_id,
            _closed.c.appointment_id,
        )
        .where(_closed.c.closing_id == closing.id)
        .order_by(_closed.c.id)
    )
    moved: Moved = {}
    belongs = {}
    for call_off_id, kind, amount, net, *where in rows:
        moved[call_off_id, EntryKind(kind)] = (amount, net)
        belongs[call_off_id] = Belongs(*where)
    return moved, belongs


def stamp_of(moved: Moved) -> str:
    """A short mark of exactly these figures, so that nobody closes what they have not seen."""
    said = sorted((one, kind.value, *pence) for (one, kind), pence in moved.items())
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Line:
    """One agreement, lot and partner in a period: (frozen, now) of each kind, on the agreement's basis and net of VAT."""

    agreement: str
    lot: str
    partner: str
    basis: Basis
    figures: Mapping[EntryKind, tuple[tuple[Money, Money], tuple[Money, Money]]]
    """Of each kind: (on basis, net) as frozen, and (on basis, net) now."""

    @property
    def changed(self) -> bool:
        """Whether anything moved since it was frozen."""
        return any(then != now for then, now in self.figures.values())


def lines(session: Session, then: Moved, now: Moved, belongs: Mapping[int, Belongs]) -> list[Line]:
    """The figures added up by agreement, lot and partner; `then` is empty while the period is open."""
    words = _words(session, belongs.values())
    added: dict[tuple[str, str, str, Basis], dict[EntryKind, list[int]]] = {}
    for place, moved in enumerate((then, now)):
        for (call_off_id, kind), pence in moved.items():
            row = added.setdefault(words[belongs[call_off_id]], {kind: [0, 0, 0, 0] for kind in WORD})
            row[kind][2 * place] += pence[0]
            row[kind][2 * place + 1] += pence[1]
    return [
        Line(
            *key,
            {
                kind: ((Money(one[0]), Money(one[1])), (Money(one[2]), Money(one[3])))
                for kind, one in row.items()
            },
        )
        for key, row in sorted(added.items())
    ]


def _words(session: Session, belongs: Iterable[Belongs]) -> dict[Belongs, tuple[str, str, str, Basis]]:
    every = set(belongs)
    lots = {
        one.id: (one.agreement, one.lot, one.basis)
        for one in session.connection().execute(
            sa.select(
                _lot.c.id,
                _agreement.c.reference.label("agreement"),
                _lot.c.reference.label("lot"),
                _agreement.c.basis,
            )
            .join(_agreement, _agreement.c.id == _lot.c.agreement_id)
            .where(_lot.c.id.in_({one.lot_id for one in every}))
        )
    }
    partners = {
        one.id: one.name
        for one in session.connection().execute(
            sa.select(_place.c.id, _party.c.name)
            .join(_party, _party.c.id == _place.c.supplier_id)
            .where(_place.c.id.in_({one.appointment_id for one in every if one.appointment_id}))
        )
    }
    found = {}
    for one in every:
        agreement, lot, basis = lots[one.lot_id]
        partner = partners[one.appointment_id] if one.appointment_id else NO_PARTNER
        found[one] = (agreement, lot, partner, basis)
    return found


def totals(found: Iterable[Line]) -> list[Line]:
    """The lines added up, apart for each basis."""
    added: dict[Basis, Line] = {}
    for one in found:
        was = added.get(one.basis)
        if was is None:
            added[one.basis] = Line("", "", "", one.basis, one.figures)
            continue
        figures = {
            kind: (_plus(was.figures[kind][0], then), _plus(was.figures[kind][1], now))
            for kind, (then, now) in one.figures.items()
        }
        added[one.basis] = Line("", "", "", one.basis, figures)
    return [added[basis] for basis in Basis if basis in added]


def _plus(one: tuple[Money, Money], other: tuple[Money, Money]) -> tuple[Money, Money]:
    return one[0] + other[0], one[1] + other[1]
