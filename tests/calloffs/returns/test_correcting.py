"""A correction replaces and reverses: the log only grows, and its sum is always what the newest version says."""

from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from calloffs.returns.comparing import one_row
from calloffs.returns.giving import LineFacts
from calloffs.returns.monthly_return import MonthlyReturn, ReturnDays, ReturnLine, ReturnVersion
from calloffs.returns.reading import head_of, newest_lines, said_of
from framework.definitions.money import MOST, Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.records.columns import table_of
from tests.calloffs.returns.building import OCTOBER, give, line
from tests.calloffs.spend.building import live_call_off

_SAID = st.tuples(
    st.one_of(st.none(), st.integers(-MOST, MOST)),
    st.dictionaries(st.integers(1, 7), st.integers(1, 400), max_size=3),
)


def _line(call_off, said):
    pence, days = said
    if pence is None:
        return LineFacts(call_off.id, no_business=True)
    return LineFacts(call_off.id, net=Money(pence), delivered="Work", days=days)


def _log(session):
    return {
        table.name: [tuple(row) for row in session.connection().execute(table.select().order_by(table.c.id))]
        for table in map(table_of, (ReturnVersion, ReturnLine, ReturnDays))
    }


@given(st.lists(st.tuples(_SAID, _SAID), min_size=1, max_size=6))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_returns_and_corrections_sums_to_the_newest_and_only_adds(session, cast, told):
    session.expunge_all()
    with session.begin_nested() as before:
        pair = (live_call_off(session, cast), live_call_off(session, cast, authority="Southmere"))
        kept, newest = _log(session), None
        for number, said in enumerate(told):
            lines = [_line(call_off, part) for call_off, part in zip(pair, said, strict=True)]
            reason = f"Reason {number}" if newest else ""
            if lines == newest:
                with pytest.raises(Refused):
                    give(session, cast, *lines, reason=reason)
            else:
                give(session, cast, *lines, reason=reason)
            newest = lines
            now = _log(session)
            for table, rows in kept.items():
                assert now[table][: len(rows)] == rows, table
            kept = now
            for call_off, one in zip(pair, newest, strict=True):
                row = one_row(session, call_off, OCTOBER)
                assert row.said == (one.net or Money.zero())
                assert _worked(session, call_off) == dict(one.days)
        before.rollback()


def _worked(session, call_off):
    days, lines = table_of(ReturnDays), table_of(ReturnLine)
    query = (
        sa.select(days.c.level, sa.func.sum(days.c.quarter_days))
        .join(lines, lines.c.id == days.c.line_id)
        .where(lines.c.call_off_id == call_off.id)
        .group_by(days.c.level)
    )
    return {level: int(total) for level, total in session.connection().execute(query) if total}


@pytest.mark.usefixtures("both_databases")
def test_a_correction_reverses_each_line_once_and_leaves_it_readable(session, cast):
    own = live_call_off(session, cast)
    give(session, cast, line(own, "10,000", days={4: 8}))
    give(session, cast, line(own, "9,000", days={4: 6}), reason="Counted twice")
    lines = session.exec(select(ReturnLine).order_by(ReturnLine.id)).all()
    assert [(one.net_pence, one.reverses_id) for one in lines] == [
        (1_000_000, None),
        (-1_000_000, lines[0].id),
        (900_000, None),
    ]
    head = head_of(session, cast.party["Fennel Web"], OCTOBER)
    assert [one.net for one, _ in newest_lines(session, head)] == [Money.pounds("9,000")]
    assert [(version.number, version.reason) for version, _, _ in said_of(session, own.id, OCTOBER)] == [
        (2, "Counted twice"),
        (1, ""),
    ]


def test_a_correction_needs_a_reason_a_change_and_something_to_correct(session, cast):
    own = live_call_off(session, cast)
    with pytest.raises(NotFound):
        give(session, cast, line(own), reason="Nothing there")
    give(session, cast, line(own))
    with pytest.raises(Refused, match="why you are correcting"):
        give(session, cast, line(own, "1"), reason="  ")
    with pytest.raises(Refused, match="Nothing here differs"):
        give(session, cast, line(own), reason="No change")
    with pytest.raises(ChangedMeanwhile):
        give(session, cast, line(own, "2"))
    assert session.exec(select(MonthlyReturn.versions)).one() == 1


def test_a_call_off_that_no_longer_ran_in_the_month_can_still_be_put_right(session, cast):
    own = live_call_off(session, cast)
    give(session, cast, line(own))
    # Recorded late: it had ended in September.
    own.terminated_on = date(2022, 9, 30)
    session.flush()
    give(session, cast, LineFacts(own.id, no_business=True), reason="It had ended")
    row = one_row(session, own, OCTOBER)
    assert (row.said, row.asked) == (Money.zero(), False)
