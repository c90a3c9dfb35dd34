"""Entries of before there were periods fill the figures of periods, by the London day on which they were posted."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import command
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from calloffs.spend.ledger import Amount
from calloffs.spend.verifying import verify
from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.permissions import CLOCK
from framework.records.database import _alembic
from tests.cast import Cast

WINTER = datetime(2022, 2, 28, 23, 59, tzinfo=UTC)
SUMMER = datetime(2022, 3, 31, 23, 0, tzinfo=UTC)
"""Midnight in London: the first moment of the first of April and of a financial year."""
BEFORE = datetime(2022, 3, 31, 22, 59, 59, tzinfo=UTC)


def test_old_entries_are_counted_in_the_month_of_the_london_day_they_were_posted(
    both_databases: str, database_url: str, session: Session, cast: Cast
) -> None:
    call_off = CallOff(
        reference="DP21-1-0001",
        agreement_id=cast.agreement,
        lot_id=cast.lot[1],
        authority_id=cast.party["Northbank"],
        owner_id=cast.person["Asha"],
        title="Old work",
        created_at=WINTER,
        submitted_at=WINTER,
        value_net_pence=1_000,
    )
    session.add(call_off)
    session.flush()
    for moment, pence in ((WINTER, 1_000), (BEFORE, -400), (SUMMER, 50), (SUMMER, -7)):
        with dates.at(moment):
            moved = Amount(Money(pence), Money(pence))
            ledger.post(session, call_off, {EntryKind.RESERVATION: moved}, actor=CLOCK, reason="raised")
    session.commit()
    session.close()
    command.downgrade(_alembic(database_url), "0017")
    command.upgrade(_alembic(database_url), "head")
    figures = session.connection().execute(
        sa.text(
            "SELECT month_on, period_on, reserved_pence, reserved_net_pence, reserved_count, paid_count "
            "FROM period_figure ORDER BY month_on"
        )
    )
    assert [(str(row[0]), str(row[1]), *row[2:]) for row in figures] == [
        ("2022-02-01", "2022-02-01", 1_000, 1_000, 1, 0),
        ("2022-03-01", "2022-03-01", -400, -400, 1, 0),
        ("2022-04-01", "2022-04-01", 43, 43, 2, 0),
    ]
    assert session.connection().execute(sa.text("SELECT count(effective_on) FROM ledger_entry")).scalar() == 0
    assert verify(session).differences == []
