"""How much goes to small and medium-sized enterprises (RULE-54): by value and by number, by financial year and council.

A partner whose size is not known is told apart and never counted as large. Value is what was committed less what was released in
the year, on the agreement's basis; number is call-offs awarded in the year, without withdrawn awards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.spend import balances
from calloffs.spend.period_figure import PeriodFigure
from framework.agreement import FrameworkAgreement
from framework.definitions.dates import financial_year
from framework.definitions.money import Money, part_in_bp, rounded_share
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.records.columns import table_of
from lots.appointment import Appointment

_c, _figures, _places = table_of(CallOff).c, table_of(PeriodFigure), table_of(Appointment)
ALL = "All authorities"


@dataclass(frozen=True, slots=True)
class Sizes:
    """One kind of figure parted by the partner's size."""

    sme: int = 0
    other: int = 0
    unknown: int = 0

    @property
    def whole(self) -> int:
        return self.sme + self.other + self.unknown

    @property
    def share_bp(self) -> int | None:
        """SMEs' part of the whole, unknown sizes in the whole; None where there is no whole, or more was released than committed.

        Rounded down, to be measured against a target; `shown_bp` is what people read.
        """
        return part_in_bp(Money(self.sme), Money(self.whole)) if self._is_whole else None

    @property
    def shown_bp(self) -> int | None:
        """The same share, half up to a tenth of a per cent."""
        return rounded_share(Money(self.sme), Money(self.whole)) if self._is_whole else None

    @property
    def _is_whole(self) -> bool:
        return min(self.sme, self.other, self.unknown) >= 0

    def plus(self, is_sme: bool | None, amount: int) -> "Sizes":
        return Sizes(
            self.sme + (amount if is_sme is True else 0),
            self.other + (amount if is_sme is False else 0),
            self.unknown + (amount if is_sme is None else 0),
        )


@dataclass(frozen=True, slots=True)
class YearShare:
    """One financial year of one council, or of all together: pence by size and call-offs by size."""

    year: str
    authority: str
    value: Sizes
    number: Sizes


def shares(session: Session, visitor: Visitor, agreement: FrameworkAgreement) -> list[YearShare]:
    """All authorities first and then each council the visitor may see by name; within each the newest year first."""
    mine = visitor.parties_where(Permission.SPEND_READ)
    names = _names(session, agreement, None if balances.leads(visitor, agreement) else mine)
    return _by_year(session, [agreement], names).get(agreement.id, [])


def this_year(
    session: Session, agreements: Sequence[FrameworkAgreement], today: date
) -> dict[int, YearShare]:
    """The present financial year of each agreement in which anything was awarded in it, all authorities together."""
    found = _by_year(session, agreements, {})
    year = financial_year(today)
    return {
        agreement_id: one
        for agreement_id, rows in found.items()
        for one in rows
        if one.year == year and one.authority == ALL
    }


def _by_year(
    session: Session, agreements: Sequence[FrameworkAgreement], names: dict[int, str]
) -> dict[int, list[YearShare]]:
    ids = [one.id for one in agreements]
    values, numbers = _values(session, ids), _numbers(session, ids)
    sizes = _sizes(session, {row[2] for row in (*values, *numbers)})
    sums: dict[tuple[int, str, str], list[Sizes]] = {}
    for place, rows in enumerate((values, numbers)):
        for agreement_id, authority_id, supplier_id, month, amount in rows:
            for whose in (ALL, names.get(authority_id)):
                if whose is not None:
                    own = sums.setdefault((agreement_id, whose, financial_year(month)), [Sizes(), Sizes()])
                    own[place] = own[place].plus(sizes.get(supplier_id), int(amount))
    found: dict[int, list[YearShare]] = {}
    # Two passes of a stable sort: the newest year first within each council, and all authorities before any.
    by_year = sorted(sums.items(), key=lambda one: one[0][2], reverse=True)
    for (agreement_id, whose, year), (value, number) in sorted(
        by_year, key=lambda one: (one[0][1] != ALL, one[0][1])
    ):
        if value.whole or number.whole:
            found.setdefault(agreement_id, []).append(YearShare(year, whose, value, number))
    return found


Moved = tuple[int, int, int, date, int]
"""(agreement, authority, supplier, first day of a month, amount)."""


def _values(session: Session, agreement_ids: list[int]) -> list[Moved]:
    whose = (_c.agreement_id, _c.authority_id, _places.c.supplier_id, _figures.c.month_on)
    rows = session.connection().execute(
        sa.select(*whose, sa.func.sum(_figures.c.committed_pence))
        .select_from(table_of(CallOff))
        .join(_figures, _figures.c.call_off_id == _c.id)
        .join(_places, _places.c.id == _c.appointment_id)
        .where(_c.agreement_id.in_(agreement_ids))
        .group_by(*whose)
    )
    return [(one[0], one[1], one[2], one[3], one[4]) for one in rows]


def _numbers(session: Session, agreement_ids: list[int]) -> list[Moved]:
    """Call-offs by the month in which money was first committed to them: the month of their award."""
    awarded = (
        sa.select(
            _c.agreement_id,
            _c.authority_id,
            _c.appointment_id,
            sa.func.min(_figures.c.month_on).label("month_on"),
        )
        .select_from(table_of(CallOff))
        .join(_figures, _figures.c.call_off_id == _c.id)
        .where(
            _c.agreement_id.in_(agreement_ids),
            _c.award_withdrawn_at.is_(None),
            _c.awarded_at.is_not(None),
            _figures.c.committed_pence > 0,
        )
        .group_by(_c.id, _c.agreement_id, _c.authority_id, _c.appointment_id)
        .subquery()
    )
    whose = (awarded.c.agreement_id, awarded.c.authority_id, _places.c.supplier_id, awarded.c.month_on)
    rows = session.connection().execute(
        sa.select(*whose, sa.func.count())
        .join(_places, _places.c.id == awarded.c.appointment_id)
        .group_by(*whose)
    )
    return [(one[0], one[1], one[2], one[3], one[4]) for one in rows]


def _sizes(session: Session, supplier_ids: set[int]) -> dict[int, bool | None]:
    found = session.exec(select(Party).where(col(Party.id).in_(supplier_ids)))
    return {one.id: one.is_sme for one in found}


def _names(session: Session, agreement: FrameworkAgreement, mine: frozenset[int] | None) -> dict[int, str]:
    """Councils with call-offs under the agreement, of `mine` where those are named alone."""
    query = sa.select(_c.authority_id).where(_c.agreement_id == agreement.id)
    wanted = col(Party.id).in_(query if mine is None else mine)
    return {one.id: one.name for one in session.exec(select(Party).where(wanted))}


def against(share_bp: int | None, target_bp: int | None) -> str:
    """How a share stands to the target: "above", "on" or "below" it; blank where either is not known."""
    if share_bp is None or target_bp is None:
        return ""
    if share_bp == target_bp:
        return "on"
    return "above" if share_bp > target_bp else "below"
