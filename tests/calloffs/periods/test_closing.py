"""A period is closed once, in order and as it was seen; what comes later is shown beside what was frozen."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import select

from calloffs.periods.choosing import choose_calendar
from calloffs.periods.closing import (
    authority,
    close_period,
    closed_periods,
    is_closed,
    look,
    next_to_close,
    period_named,
)
from calloffs.periods.figures import totals
from calloffs.periods.late_changes import TABLE, late_by_period
from calloffs.spend.entry import EntryKind
from calloffs.spend.period_figure import PeriodFigure
from calloffs.spend.verifying_figures import period_figures
from calloffs.tables.fact_table import Asking
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from tests.calloffs.sharing.sharing_made import pay
from tests.calloffs.spend.building import live_call_off

SEPTEMBER, OCTOBER, NOVEMBER = date(2022, 9, 1), date(2022, 10, 1), date(2022, 11, 1)


def seen(session, cast, begins, by="Finn"):
    found = authority(session, cast.visitor(session, by), cast.party["Northbank"])
    return look(session, found, period_named(found.calendar, begins))


def closed(session, cast, begins, *, by="Finn", stamp=None):
    return close_period(
        session,
        actor=cast.visitor(session, by),
        authority_id=cast.party["Northbank"],
        period_on=begins,
        seen=seen(session, cast, begins).stamp if stamp is None else stamp,
    )


@pytest.mark.usefixtures("both_databases")
def test_later_postings_are_shown_beside_the_frozen_figure_with_their_entries(session, cast):
    call_off = live_call_off(session, cast)
    pay(session, call_off, (date(2022, 10, 31), 10_000), (date(2022, 10, 3), 1))
    closing = closed(session, cast, OCTOBER)
    assert is_closed(session, cast.party["Northbank"], date(2022, 10, 31)) == closing
    assert is_closed(session, cast.party["Northbank"], NOVEMBER) is None
    assert is_closed(session, cast.party["Southmere"], OCTOBER) is None
    pay(session, call_off, (date(2022, 10, 31), 500), (NOVEMBER, 900))
    told = seen(session, cast, OCTOBER)
    (total,) = totals(told.lines)
    then, now = total.figures[EntryKind.PAYMENT]
    assert (then[1], now[1]) == (Money(10_001), Money(10_501))
    assert told.lines[0].changed
    finn = cast.visitor(session, "Finn")
    asking = Asking(session, finn, {"period": "2022-10-01", "kind": "payment"})
    (row,) = TABLE.rows(asking)
    (sums,) = TABLE.totals(asking)
    assert sums.sums["net"] == Money(500) == now[1] - then[1]
    assert row.values[3] == "period 7 of 2022/23"
    assert late_by_period(session, cast.party["Northbank"]) == {OCTOBER: 2}
    assert list(TABLE.rows(Asking(session, cast.visitor(session, "Fern"), {}))) == []
    with pytest.raises(NotFound):
        list(TABLE.rows(Asking(session, finn, {"period": "october"})))


def test_a_period_is_closed_when_it_is_over_after_the_one_before_and_once(session, cast):
    with pytest.raises(Refused, match="runs until 30 November 2022"):
        closed(session, cast, NOVEMBER)
    closed(session, cast, SEPTEMBER)
    with pytest.raises(Refused, match="is closed already"):
        closed(session, cast, SEPTEMBER)
    with pytest.raises(Refused, match="first period that was closed is period 6"):
        closed(session, cast, date(2022, 8, 1))
    with dates.on(date(2022, 12, 1)), pytest.raises(Refused, match="Close period 7 of 2022/23 first"):
        closed(session, cast, NOVEMBER)
    assert (
        next_to_close("months", closed_periods(session, cast.party["Northbank"]), dates.today()).first_day
        == OCTOBER
    )
    closed(session, cast, OCTOBER)
    assert next_to_close("months", closed_periods(session, cast.party["Northbank"]), dates.today()) is None


def test_only_finance_of_the_authority_closes_and_only_what_it_saw(session, cast):
    call_off = live_call_off(session, cast)
    for name in ("Asha", "Bram", "Audra", "Fern", "Zoe"):
        with pytest.raises(NotFound):
            closed(session, cast, OCTOBER, by=name, stamp="")
    stamp = seen(session, cast, OCTOBER).stamp
    pay(session, call_off, (OCTOBER, 1))
    with pytest.raises(ChangedMeanwhile):
        closed(session, cast, OCTOBER, stamp=stamp)
    with pytest.raises(NotFound):
        closed(session, cast, date(2022, 10, 2), stamp=stamp)


def test_a_frozen_figure_keeps_its_partner_and_a_reversal_leaves_no_difference(session, cast):
    call_off = live_call_off(session, cast, reserved_only=True)
    with dates.on(date(2022, 12, 5)):
        closed(session, cast, NOVEMBER)
    call_off.appointment_id = cast.appointment[4, "Fennel Web"]
    session.flush()
    pay(session, call_off, (NOVEMBER, 5), (NOVEMBER, -5))
    told = seen(session, cast, NOVEMBER)
    reserved = [one for one in told.lines if one.figures[EntryKind.RESERVATION][0][0].pence]
    assert [one.partner for one in reserved] == ["No partner yet"]
    assert not any(one.changed for one in told.lines)
    assert late_by_period(session, cast.party["Northbank"]) == {NOVEMBER: 4}


@pytest.mark.usefixtures("both_databases")
def test_another_calendar_makes_the_figures_of_periods_again_and_loses_nothing(session, cast):
    call_off = live_call_off(session, cast)
    pay(session, call_off, (date(2022, 10, 15), 100), (date(2022, 10, 16), 1), (date(2022, 9, 30), 7))
    finn, north = cast.visitor(session, "Finn"), cast.party["Northbank"]
    with pytest.raises(Refused, match="already"):
        choose_calendar(session, actor=finn, authority_id=north, calendar="months")
    choose_calendar(session, actor=finn, authority_id=north, calendar="four_weeks")
    session.expire_all()
    found = session.exec(
        select(PeriodFigure.period_on, PeriodFigure.paid_pence).where(PeriodFigure.paid_pence != 0)
    ).all()
    assert sorted(found) == [(date(2022, 9, 18), 7), (date(2022, 9, 18), 100), (date(2022, 10, 16), 1)]
    assert period_figures(session)[1] == []
    pay(session, call_off, (date(2022, 10, 16), 2))
    assert period_figures(session)[1] == []
    told = seen(session, cast, date(2022, 9, 18))
    assert totals(told.lines)[0].figures[EntryKind.PAYMENT][1][1] == Money(107)
    closed(session, cast, date(2022, 9, 18))
    with pytest.raises(Refused, match="can no longer change"):
        choose_calendar(session, actor=finn, authority_id=north, calendar="months")
    with pytest.raises(NotFound):
        choose_calendar(session, actor=finn, authority_id=cast.party["Southmere"], calendar="four_weeks")


@pytest.mark.usefixtures("both_databases")
@pytest.mark.parametrize("table", ["period_closing", "closed_figure"])
def test_the_database_itself_refuses_to_edit_a_closing(session, cast, table):
    call_off = live_call_off(session, cast)
    pay(session, call_off, (OCTOBER, 100))
    closed(session, cast, OCTOBER)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.connection().execute(sa.text(f"DELETE FROM {table}"))
