"""Looking ahead for a decision: what is left after a call-off, and until about when it lasts."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.forecasting.finding import Ceiling, of_lot
from calloffs.forecasting.wording import left_line
from framework.agreement import FrameworkAgreement
from framework.definitions.money import Money
from framework.people.permissions import Permission, Visitor
from framework.records.columns import table_of
from lots.lot import Lot

_MOST = 50
_c, _lots = table_of(CallOff).c, table_of(Lot)


@dataclass(frozen=True, slots=True)
class Asked:
    """A call-off that holds a reservation and is not awarded yet; the reservation is on the agreement's basis."""

    reference: str
    title: str
    lot: str
    since: datetime
    reserved: Money


def after_this(session: Session, call_off: CallOff) -> str | None:
    """The one line for whoever decides: the call-off's own reservation already counts as used. None where no ceiling is known."""
    found = of_lot(
        session,
        session.get_one(FrameworkAgreement, call_off.agreement_id),
        session.get_one(Lot, call_off.lot_id),
    )
    return None if found is None else f"After this: {left_line(found.forecast)} ({found.basis})"


def waiting(session: Session, visitor: Visitor, agreement: FrameworkAgreement) -> list[Asked]:
    """Call-offs of the visitor's own authorities under the agreement that wait with a reservation, the largest first."""
    rows = session.connection().execute(
        sa.select(_c.reference, _c.title, _lots.c.reference, _c.submitted_at, _c.reserved_pence)
        .join(_lots, _lots.c.id == _c.lot_id)
        .where(
            # As the index of what is reserved says it.
            _c.reserved_pence > sa.literal_column("0"),
            _c.awarded_at.is_(None),
            _c.agreement_id == agreement.id,
            _c.authority_id.in_(visitor.parties_where(Permission.CALL_OFF_READ)),
        )
        .order_by(_c.reserved_pence.desc(), _c.id)
        .limit(_MOST)
    )
    return [Asked(*one[:4], Money(one[4])) for one in rows]


@dataclass(frozen=True, slots=True)
class Scenario:
    """The same lot as it stands and with a further amount approved."""

    now: Ceiling
    then: Ceiling
    amount: Money

    @property
    def too_much(self) -> Money | None:
        """By how much the amount passes what is left; None when it fits (equality fits)."""
        left = self.then.forecast.left
        return -left if left.pence < 0 else None

    @property
    def sooner(self) -> tuple[date | None, date | None]:
        """The earliest day on which the ceiling runs out, now and then."""
        return self.now.forecast.earliest, self.then.forecast.earliest


def what_if(session: Session, whose: FrameworkAgreement, lot: Lot, amount: Money) -> Scenario | None:
    """What approving an amount, on the agreement's basis, would change; None where the lot's ceiling is not known."""
    now, then = of_lot(session, whose, lot), of_lot(session, whose, lot, amount)
    return None if now is None or then is None else Scenario(now, then, amount)
