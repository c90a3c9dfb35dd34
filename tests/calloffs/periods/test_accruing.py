"""Accruals: earned by the day and not invoiced, tied to the ledger to the penny."""

from datetime import date

import pytest
from sqlmodel import select

from calloffs.call_off import CallOffOption
from calloffs.offer import Deliverable
from calloffs.periods.accrual_table import TABLE
from calloffs.periods.accruing import accrued, days_to_choose, earned_by_days
from calloffs.periods.adjusting import adjust_accrual, adjustments
from calloffs.sharing.sharing import moves
from calloffs.spend.entry import EntryKind
from calloffs.tables.fact_table import Asking
from framework.definitions import dates
from framework.definitions.dates import Term
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refused
from tests.calloffs.sharing.sharing_made import pay
from tests.calloffs.spend.building import SIGNED, live_call_off

OCTOBER = date(2022, 10, 31)
HALF = Term(date(2022, 9, 1), date(2022, 9, 2))


@pytest.mark.parametrize(
    ("day", "pence", "passed"),
    [
        (date(2022, 8, 31), 0, 0),
        (date(2022, 9, 1), 51, 1),  # half of 101 pence is 50.5: half up
        (date(2022, 9, 2), 101, 2),
        (date(2023, 1, 1), 101, 2),
    ],
)
def test_both_ends_of_the_term_count_and_half_a_penny_goes_up(day, pence, passed):
    assert earned_by_days(Money(101), HALF, day) == (Money(pence), passed, 2)


def awarded(session, cast, **how):
    """A live call-off whose award was posted on the day it was signed, so that it is committed from then on."""
    with dates.at(SIGNED):
        return live_call_off(session, cast, **how)


def only(session, cast, day=OCTOBER, by="Finn"):
    (found,) = accrued(session, cast.visitor(session, by), day)
    return found


def test_by_days_less_what_was_invoiced_and_creditors_apart(session, cast):
    # 61 of 212 days of £60,000.00 by the end of October.
    call_off = awarded(session, cast)
    pay(session, call_off, (date(2022, 10, 1), 500_000), (date(2022, 11, 1), 200_000))
    one = only(session, cast)
    assert (one.days_passed, one.days_of_term) == (61, 212)
    assert one.earned == Money.pounds("17264.15")
    assert (one.invoiced, one.accrual, one.prepaid) == (
        Money(500_000),
        Money.pounds("12264.15"),
        Money.zero(),
    )
    assert one.creditors == Money.zero()
    assert one.accrual + one.invoiced == one.earned


def test_an_option_is_earned_from_the_day_it_is_used_and_not_before(session, cast):
    call_off = awarded(session, cast)
    call_off.options_net_pence = 2_000_000
    option = CallOffOption(
        call_off_id=call_off.id, number=1, months=6, notice_days=30, price_net_pence=2_000_000
    )
    session.add(option)
    session.flush()
    # 61 of 212 days of £40,000.00: the option's £20,000.00 is committed and not earned.
    assert only(session, cast).earned == Money.pounds("11509.43")
    option.used_at = SIGNED
    session.flush()
    assert only(session, cast).earned == Money.pounds("17264.15")


def test_priced_milestones_count_by_their_day_or_once_accepted(session, cast):
    call_off = awarded(session, cast, deliverables=("Plan", "Build", "Extra", "Unpriced"))
    rows = session.exec(select(Deliverable).order_by(Deliverable.number)).all()
    for row, due, pence in zip(
        rows, (OCTOBER, date(2022, 11, 1), OCTOBER, OCTOBER), (1_000, 2_000, 4_000, None), strict=True
    ):
        row.due_on, row.payment_net_pence = due, pence
    rows[2].waived_reason = "Not needed"
    session.flush()
    one = only(session, cast)
    assert (one.by_milestones, one.earned, one.days_passed) == (True, Money(1_000), None)
    rows[1].accepted_at = call_off.signed_at
    session.flush()
    assert only(session, cast).earned == Money(3_000)


def test_more_invoiced_than_earned_is_a_prepayment_and_never_an_accrual_below_nothing(session, cast):
    call_off = awarded(session, cast)
    pay(session, call_off, (date(2022, 9, 10), 5_000_000))
    one = only(session, cast, date(2022, 9, 30))
    assert (one.accrual, one.prepaid) == (Money.zero(), Money(5_000_000) - one.earned)


@pytest.mark.usefixtures("both_databases")
def test_the_table_ties_to_the_ledger_to_the_penny(session, cast):
    every = [
        awarded(session, cast, value="33,333.33"),
        awarded(session, cast, lot=7, partner="Tern Systems", value="10,000.01"),
    ]
    pay(session, every[0], (date(2022, 10, 31), 12_345), (date(2022, 11, 2), 99))
    pay(session, every[1], (date(2022, 9, 2), 900_000))
    finn = cast.visitor(session, "Finn")
    asking = Asking(session, finn, {"on": "2022-10-31"})
    names = [one.name for one in TABLE.columns]
    rows = [dict(zip(names, one.values, strict=True)) for one in TABLE.rows(asking)]
    for row in rows:
        assert row["ruled"] - row["prepaid"] + row["invoiced"] == row["earned"]
        assert row["accrual"] == row["ruled"] + row["adjustment"]
    (total,) = TABLE.totals(asking)
    entries = {
        kind: sum(
            net for _, one, day, _, net in moves(session, [c.id for c in every], [kind]) if day <= OCTOBER
        )
        for kind in (EntryKind.COMMITMENT, EntryKind.INVOICE, EntryKind.PAYMENT)
    }
    assert total.sums["invoiced"].pence == entries[EntryKind.INVOICE] == 912_345
    assert total.sums["paid"].pence == entries[EntryKind.PAYMENT]
    assert total.sums["committed"].pence == entries[EntryKind.COMMITMENT]
    assert {name: sum((row[name] for row in rows), Money.zero()) for name in total.sums} == total.sums
    # Another authority sees its own alone; a day that is no end of a month or period is no day of this table.
    assert accrued(session, cast.visitor(session, "Fern"), OCTOBER) == []
    with pytest.raises(NotFound):
        list(TABLE.rows(Asking(session, finn, {"on": "2022-10-30"})))


def test_what_was_closed_or_not_signed_by_the_day_is_left_out(session, cast):
    awarded(session, cast, signed=False)
    closed = awarded(session, cast)
    closed.closed_at = closed.signed_at
    session.flush()
    assert accrued(session, cast.visitor(session, "Finn"), OCTOBER) == []


def test_an_adjustment_needs_a_reason_is_kept_and_the_rule_may_come_back(session, cast):
    call_off = awarded(session, cast)
    finn = cast.visitor(session, "Finn")
    said = {"reference": call_off.reference, "day": OCTOBER}
    with pytest.raises(Refused, match="Enter why"):
        adjust_accrual(session, actor=finn, **said, accrual=Money(1), reason=" ")
    for name in ("Asha", "Audra", "Fern"):
        with pytest.raises(NotFound):
            adjust_accrual(
                session, actor=cast.visitor(session, name), **said, accrual=Money(1), reason="Mine"
            )
    adjust_accrual(session, actor=finn, **said, accrual=Money(1), reason="Work has not begun")
    one = only(session, cast)
    assert (one.accrual, one.ruled, one.reason) == (Money(1), Money.pounds("17264.15"), "Work has not begun")
    adjust_accrual(session, actor=finn, **said, accrual=None, reason="It has")
    assert only(session, cast).accrual == one.ruled
    assert [made.reason for made, _ in adjustments(session, call_off.id, OCTOBER)] == [
        "It has",
        "Work has not begun",
    ]


def test_every_month_end_and_period_end_of_two_years_may_be_chosen():
    days = days_to_choose(["four_weeks"], date(2022, 11, 22))
    assert days[0] == date(2022, 11, 12)
    assert date(2022, 10, 31) in days
    assert date(2022, 10, 15) in days
    assert all(one < date(2022, 11, 22) for one in days)
    assert len([one for one in days if one > date(2021, 11, 1)]) == 24
