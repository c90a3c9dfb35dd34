"""Moving the figures of periods: called by the ledger alone, in the transaction that posts the entries."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.spend.period_figure import PeriodFigure
from framework.definitions.periods import period_of
from framework.people.party import Party
from framework.records.columns import table_of

_figures, _party = table_of(PeriodFigure), table_of(Party)
_calendar = sa.select(_party.c.calendar)
_SUMS = tuple(column.name for column in _figures.c if column.name.endswith(("_pence", "_count")))


def move(session: Session, call_off: CallOff, movements: Iterable[tuple[str, date, int, int]]) -> None:
    """Add movements (balance column, London day it counts for, pence on basis, pence net of VAT) to the figures of their periods."""
    # Read under the hold and not from what the session knew before: the calendar may have changed in between.
    calendar = (
        session.connection().execute(_calendar.where(_party.c.id == call_off.authority_id)).scalar_one()
    )
    rows: dict[tuple[date, date], dict[str, int]] = {}
    for column, day, on_basis, net in movements:
        key = (day.replace(day=1), period_of(calendar, day).first_day)
        row = rows.setdefault(key, dict.fromkeys(_SUMS, 0))
        row[column] += on_basis
        row[column.replace("_pence", "_net_pence")] += net
        row[column.replace("_pence", "_count")] += 1
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(_figures).values(
        [
            {"call_off_id": call_off.id, "month_on": month, "period_on": period, **row}
            for (month, period), row in sorted(rows.items())
        ]
    )
    added = {name: _figures.c[name] + statement.excluded[name] for name in _SUMS}
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=["call_off_id", "month_on", "period_on"], set_=added)
    )
