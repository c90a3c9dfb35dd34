"""Finding what a forecast is made of: balances and net commitments by month, of an agreement and of each of its lots.

Sums of the few figures of each call-off's months, never of entries. Every member of an agreement sees these totals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.forecasting.forecast import Forecast, forecast
from calloffs.spend import balances
from calloffs.spend.balances import Figures, figures_of
from calloffs.spend.period_figure import PeriodFigure
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people.permissions import Visitor
from framework.records.columns import table_of
from lots.lot import Lot

_call_offs, _figures = table_of(CallOff), table_of(PeriodFigure)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """One ceiling with its forecast: of a lot, or of the whole agreement (`lot` is None). Money on the agreement's basis."""

    agreement: FrameworkAgreement
    lot: Lot | None
    figures: Figures
    months: tuple[tuple[date, Money], ...]
    """First day of each month in which anything moved and its net commitment, this month's too, the oldest first."""
    forecast: Forecast

    @property
    def key(self) -> str:
        """Unique on a page."""
        return "all" if self.lot is None else f"lot-{self.lot.number}"

    @property
    def name(self) -> str:
        return self.agreement.title if self.lot is None else f"Lot {self.lot.number} {self.lot.title}"

    @property
    def basis(self) -> str:
        return self.agreement.basis.label


def agreement(session: Session, visitor: Visitor, reference: str) -> FrameworkAgreement:
    """A confirmed agreement with a ceiling whose spend the visitor may see. Raises `NotFound`."""
    found = balances.agreement(session, visitor, reference)
    if found.confirmed_at is None or found.recorded_as_past or found.ceiling is None:
        raise NotFound
    return found


def agreements(session: Session, visitor: Visitor) -> list[FrameworkAgreement]:
    """Every one of them, the last to end first."""
    references = [one[0] for one in balances.by_agreement(session, visitor)]
    found = session.exec(
        select(FrameworkAgreement).where(
            col(FrameworkAgreement.reference).in_(references),
            col(FrameworkAgreement.ceiling_pence).is_not(None),
        )
    )
    return sorted(found, key=lambda one: (one.ends_on, one.id), reverse=True)


def ceilings(session: Session, chosen: Sequence[FrameworkAgreement]) -> list[Ceiling]:
    """Each agreement as a whole and then its lots in order. Two statements, however many there are."""
    ids = [one.id for one in chosen]
    months = _months(session, _call_offs.c.agreement_id.in_(ids))
    lots = list(session.exec(select(Lot).where(col(Lot.agreement_id).in_(ids)).order_by(col(Lot.number))))
    found = []
    for one in chosen:
        own = [lot for lot in lots if lot.agreement_id == one.id and lot.ceiling is not None]
        whole: dict[date, Money] = {}
        for lot in lots:
            if lot.agreement_id == one.id:
                for month, amount in months.get(lot.id, ()):
                    whole[month] = whole.get(month, Money.zero()) + amount
        found.append(_ceiling(one, None, sorted(whole.items())))
        found += [_ceiling(one, lot, months.get(lot.id, [])) for lot in own]
    return found


def of_lot(
    session: Session, whose: FrameworkAgreement, lot: Lot, more: Money | None = None
) -> Ceiling | None:
    """One lot's ceiling, supposing that `more` is approved too; None where its ceiling is not known."""
    if lot.ceiling is None:
        return None
    months = _months(session, _call_offs.c.lot_id == lot.id)
    return _ceiling(whose, lot, months.get(lot.id, []), more)


def _ceiling(
    whose: FrameworkAgreement,
    lot: Lot | None,
    months: Sequence[tuple[date, Money]],
    more: Money | None = None,
) -> Ceiling:
    scope = lot or whose
    most = scope.ceiling or Money.zero()
    figures = figures_of(scope, most)
    found = forecast(
        months,
        ceiling=most,
        committed=figures.committed,
        reserved=figures.reserved,
        first_day=whose.starts_on,
        last_day=whose.ends_on,
        today=dates.today(),
        more=more,
    )
    return Ceiling(whose, lot, figures, tuple(months), found)


def _months(session: Session, wanted: sa.ColumnElement[bool]) -> dict[int, list[tuple[date, Money]]]:
    """(first day of the month, net commitment) of each lot, the oldest first."""
    rows = session.connection().execute(
        sa.select(_call_offs.c.lot_id, _figures.c.month_on, sa.func.sum(_figures.c.committed_pence))
        .join(_figures, _figures.c.call_off_id == _call_offs.c.id)
        .where(wanted)
        .group_by(_call_offs.c.lot_id, _figures.c.month_on)
        .order_by(_call_offs.c.lot_id, _figures.c.month_on)
    )
    found: dict[int, list[tuple[date, Money]]] = {}
    for lot_id, month, pence in rows:
        found.setdefault(lot_id, []).append((month, Money(int(pence))))
    return found
