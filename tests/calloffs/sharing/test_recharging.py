"""Recharges: what each council owes the other by period, and statements that are never changed."""

from datetime import date

import pytest
import sqlalchemy as sa

from calloffs.sharing.marking import between, raise_statement, raised_between, ready, total_of
from calloffs.sharing.recharge_table import TABLE
from calloffs.sharing.recharging import pairs, schedule
from calloffs.tables.fact_table import Asking
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from tests.calloffs.sharing.sharing_made import pay, shared

SEPTEMBER, OCTOBER = date(2022, 9, 10), date(2022, 10, 10)
THROUGH = date(2022, 10, 31)


def marked(session, cast, *, by="Finn", number="SI-1", through=THROUGH, seen=None):
    actor = cast.visitor(session, by)
    payee, payer = cast.party["Northbank"], cast.party["Southmere"]
    if seen is None:
        seen = total_of(ready(between(schedule(session, actor), payee, payer), through))
    return raise_statement(
        session,
        actor=actor,
        payee_id=payee,
        payer_id=payer,
        through_on=through,
        invoice_number=number,
        raised_on=date(2022, 11, 21),
        seen=seen,
    )


@pytest.mark.usefixtures("both_databases")
def test_each_period_recharges_the_share_of_the_running_total_less_what_was_before(session, cast):
    shared(session, cast, (SEPTEMBER, 1), (SEPTEMBER, 1), (OCTOBER, 1))
    fern = cast.visitor(session, "Fern")
    rows = schedule(session, fern)
    # 40% of 2p is 0.8p, of 3p 1.2p: nothing in September, a penny in October.
    assert [(one.period.name, one.paid[0].pence, one.owed[0].pence) for one in rows] == [
        ("period 7 of 2022/23", 1, 1)
    ]
    assert [(one.payer, one.payee, one.owed) for one in pairs(rows)] == [("Southmere", "Northbank", Money(1))]
    assert schedule(session, cast.visitor(session, "Zoe")) == []


@pytest.mark.usefixtures("both_databases")
def test_a_raised_statement_stays_and_a_later_payment_comes_in_the_next_as_a_correction(session, cast):
    call_off = shared(session, cast, (SEPTEMBER, 10_000), (OCTOBER, 5_000))
    first = marked(session, cast)
    assert first.net == Money(6_000)
    with pytest.raises(Refused, match="Nothing of these periods"):
        marked(session, cast, number="SI-2")
    pay(session, call_off, (SEPTEMBER, -1_000), (OCTOBER, 500))
    second = marked(session, cast, number="SI-2")
    told = raised_between(session, cast.party["Northbank"], cast.party["Southmere"])
    lines = {
        one.statement.number: [(line.net_pence, line.is_correction) for *_, line in one.lines] for one in told
    }
    assert lines == {1: [(4_000, False), (2_000, False)], 2: [(-400, True), (200, True)]}
    assert (first.number, second.number, second.net) == (1, 2, Money(-200))
    owed = schedule(session, cast.visitor(session, "Finn"))
    assert all(one.left[0].pence == 0 for one in owed)


def test_a_statement_is_raised_by_the_council_that_is_owed_with_what_was_seen(session, cast):
    shared(session, cast, (SEPTEMBER, 10_000))
    for name in ("Fern", "Asha", "Zoe"):
        with pytest.raises(NotFound):
            marked(session, cast, by=name)
    with pytest.raises(ChangedMeanwhile):
        marked(session, cast, seen=Money(3_999))
    with pytest.raises(Refused, match="number of your invoice"):
        marked(session, cast, number=" ")
    with pytest.raises(Refused, match="once it is over"):
        marked(session, cast, through=date(2022, 11, 30))
    marked(session, cast)


@pytest.mark.usefixtures("both_databases")
@pytest.mark.parametrize("table", ["recharge_statement", "recharge_line"])
def test_the_database_itself_refuses_to_edit_a_statement(session, cast, table):
    shared(session, cast, (SEPTEMBER, 10_000))
    marked(session, cast)
    session.flush()
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.connection().execute(sa.text(f"UPDATE {table} SET net_pence = 1"))


def test_the_table_adds_up_to_the_schedule_and_honours_each_filter(session, cast):
    call_off = shared(session, cast, (SEPTEMBER, 10_000), (OCTOBER, 5_000))
    finn = cast.visitor(session, "Finn")
    asking = Asking(session, finn, {"pays": "Southmere", "call_off": call_off.reference, "year": "2022/23"})
    rows = list(TABLE.rows(asking))
    names = [one.name for one in TABLE.columns]
    assert [one.values[names.index("recharge_net")] for one in rows] == [Money(4_000), Money(2_000)]
    (total,) = TABLE.totals(asking)
    assert (total.sums["recharge_net"], total.rows) == (Money(6_000), 2)
    assert [one.place for one in TABLE.rows(Asking(session, finn, {}, after=1, most=1))] == [2]
    assert list(TABLE.rows(Asking(session, finn, {"pays": "Northbank"}))) == []
    with pytest.raises(NotFound):
        list(TABLE.rows(Asking(session, finn, {"colour": "red"})))
