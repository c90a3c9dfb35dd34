"""The forecast's rule by hand: rates, days, what comes first, and everything that must not be promised."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calloffs.forecasting.forecast import Outlook, forecast, path, rates, runs_out, whole_months
from calloffs.forecasting.wording import headline, left_line, start
from calloffs.forecasting.wording import runs_out as runs_out_words
from framework.definitions.dates import add_months
from framework.definitions.money import Money

TODAY = date(2022, 11, 22)
FIRST, LAST = date(2021, 6, 1), date(2023, 5, 31)


def months(*pounds: int, until: date = date(2022, 10, 1)) -> list[tuple[date, Money]]:
    """Net commitments of months in a row, the last of them `until`."""
    return [
        (
            add_months(until, place - len(pounds) + 1),
            Money.pounds(one, allow_negative=True) if one >= 0 else -Money.pounds(-one),
        )
        for place, one in enumerate(pounds)
    ]


def said(
    history, *, ceiling=1_000_000, committed=None, reserved=0, last=LAST, today=TODAY, first=FIRST, more=None
):
    total = sum((one for _, one in history), Money.zero())
    return forecast(
        history,
        ceiling=Money.pounds(ceiling),
        committed=total if committed is None else Money.pounds(committed),
        reserved=Money.pounds(reserved),
        first_day=first,
        last_day=last,
        today=today,
        more=None if more is None else Money.pounds(more),
    )


def test_three_months_alike_run_out_between_the_days_a_tenth_faster_and_a_tenth_slower():
    # £100,000 a month: slow £90,000, fast £110,000. £300,000 used, £200,000 left of £500,000 on 22 November.
    found = said(months(100_000, 100_000, 100_000), ceiling=500_000)
    assert (found.slow_rate, found.fast_rate) == (Money.pounds(90_000), Money.pounds(110_000))
    # Fast: 8 days of November bring 29,333.33 and December 110,000; the 60,666.67 left need 17.1 days of January at 3,548.39: the 18th.
    assert found.earliest == date(2023, 1, 18)
    # Slow: 24,000 and 90,000; 86,000 of January's 90,000 at 2,903.23 a day: the 30th.
    assert found.latest == date(2023, 1, 30)
    assert found.outlook is Outlook.RUNS_OUT
    assert found.first == "ceiling"
    assert (
        headline("Lot 4", found)
        == "Lot 4: the ceiling runs out in January 2023, before the agreement ends on 31 May 2023"
    )
    assert found.start_by == date(2022, 1, 18)
    assert start(found) == "Start now: it should have begun by 18 January 2022."
    assert left_line(found) == "£200,000 of £500,000 left, lasts until about January 2023"


def test_the_range_goes_from_the_lowest_to_the_highest_of_the_means_of_3_6_and_12_months():
    history = months(*[10_000] * 6, *[20_000] * 3, *[50_000] * 3)
    # Means: 50,000 over 3; 35,000 over 6; 22,500 over 12.
    assert rates(whole_months(history, FIRST, TODAY)) == (
        Fraction(2_250_000) * 9 / 10,
        Fraction(5_000_000) * 11 / 10,
    )
    # A month older than twelve is in no mean.
    assert rates(whole_months(months(9_000_000, *[10_000] * 12), date(2020, 1, 1), TODAY)) == (
        900_000,
        1_100_000,
    )


def test_the_month_that_is_not_over_is_in_no_rate_and_quiet_months_are():
    history = [*months(30_000, 0, 0), (date(2022, 11, 1), Money.pounds(700_000))]
    found = said(history)
    assert [one for _, one in found.history] == [Money.pounds(30_000), Money.zero(), Money.zero()]
    assert found.slow_rate == Money.pounds(9_000)
    # A month in which nothing moved has no row at all.
    assert len(said([history[0]]).history) == 3


@pytest.mark.parametrize("known", [0, 1, 2])
def test_under_three_whole_months_nothing_is_forecast(known):
    found = said(months(*[10_000] * known))
    assert found.outlook is Outlook.NOT_ENOUGH
    assert runs_out_words(found) == "Not enough data"
    assert path(found) == []
    assert (found.earliest, found.latest, found.slow_rate) == (None, None, None)
    # The agreement still ends, so when to start is known.
    assert found.start_by == date(2022, 5, 31)


def test_the_month_in_which_the_agreement_began_counts_only_when_it_was_there_from_the_first():
    history = months(10_000, 10_000, 10_000)
    assert said(history, first=date(2022, 8, 2)).outlook is Outlook.NOT_ENOUGH
    assert said(history, first=date(2022, 8, 1)).outlook is not Outlook.NOT_ENOUGH


def test_a_rate_of_nothing_or_of_releases_alone_lasts_to_the_end():
    for history in (
        months(90_000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        months(60_000, -20_000, -30_000, -5_000),
    ):
        found = said(history, first=date(2021, 1, 1))
        assert found.slow_rate == Money.zero()
        assert found.latest is None
    assert found.outlook is not Outlook.RUNS_OUT


def test_what_is_reserved_is_used_but_in_no_rate():
    history = months(100_000, 100_000, 100_000)
    without, with_it = said(history, ceiling=900_000), said(history, ceiling=900_000, reserved=300_000)
    assert with_it.left == without.left - Money.pounds(300_000)
    assert with_it.fast == without.fast
    assert with_it.earliest < without.earliest


def test_at_the_ceiling_nothing_is_left_and_nothing_is_forecast():
    found = said(months(400_000, 300_000, 200_000), reserved=100_000)
    assert found.outlook is Outlook.REACHED
    assert start(found) == "Start now: nothing is left."
    assert said(months(400_000, 300_000, 200_000), reserved=99_999).outlook is Outlook.RUNS_OUT


def test_nothing_is_forecast_for_an_agreement_that_has_ended_and_its_last_day_is_still_in_it():
    history = months(100_000, 100_000, 100_000)
    assert said(history, last=date(2022, 11, 21)).outlook is Outlook.ENDED
    assert start(said(history, last=date(2022, 11, 21))) == ""
    assert said(history, last=TODAY).outlook is Outlook.LASTS


def test_only_the_fast_rate_may_pass_the_end():
    found = said(months(100_000, 100_000, 100_000), ceiling=920_000)
    assert found.earliest is not None
    assert (found.latest, found.outlook, found.first) == (None, Outlook.MAY_RUN_OUT, "perhaps the ceiling")


def test_a_month_counts_whole_whether_it_has_28_29_or_31_days():
    # £29,000 a month from the end of January: all of February either way.
    for year, last in ((2023, 28), (2024, 29)):
        assert runs_out(Money(2900), Fraction(2900), date(year, 1, 31), date(2030, 1, 1)) == date(
            year, 2, last
        )
    assert runs_out(Money(2900), Fraction(2900), date(2024, 1, 31), date(2024, 2, 28)) is None
    assert runs_out(Money(1450), Fraction(2900), date(2024, 1, 31), date(2024, 2, 29)) == date(2024, 2, 15)
    # A new procurement for 29 February begins on the 28th of the year before.
    assert said(months(1, 1, 1), last=date(2024, 2, 29)).start_by == date(2023, 2, 28)


def test_a_further_amount_takes_from_what_is_left_to_the_penny():
    history = months(100_000, 100_000, 100_000)
    assert said(history, more=700_000).outlook is Outlook.REACHED
    assert said(history, more=699_999).left == Money.pounds(1)
    assert left_line(said(history, more=700_001)) == "£1 more than is left of £1,000,000"


@given(
    st.lists(st.integers(-90_000, 90_000), max_size=16),
    st.integers(0, 40),
    st.integers(1, 2_000_000),
)
def test_whatever_was_committed_nothing_is_promised_in_the_past_or_after_the_end(pounds, days, ceiling):
    last = date.fromordinal(TODAY.toordinal() + days * 20)
    found = said(months(*pounds), ceiling=ceiling, committed=0, last=last, first=date(2020, 1, 1))
    for day in (found.earliest, found.latest):
        assert day is None or TODAY < day <= last
    if found.latest is not None:
        assert found.earliest <= found.latest
    line = path(found)
    assert all(slow <= fast <= found.ceiling for _, slow, fast in line)
    assert [one for one, *_ in line] == sorted({one for one, *_ in line})
    if found.earliest is not None:
        # The picture's fast line touches the ceiling in the month in which the words say so.
        touched = next(one for one, _, fast in line if fast == found.ceiling)
        assert (touched.year, touched.month) == (found.earliest.year, found.earliest.month)
