"""The geometry of pictures: parts that meet, lengths in proportion, nothing outside the frame."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from framework.definitions.money import Money
from framework.web.bars_chart import WIDTH, lengths_chart, shares_chart
from framework.web.burn_up_chart import BOTTOM, LEFT, RIGHT, TOP, burn_up

SIZES = st.lists(st.lists(st.integers(-50, 10**12), min_size=1, max_size=4), min_size=1, max_size=5)


@given(SIZES)
def test_the_parts_of_a_bar_meet_and_a_whole_bar_is_as_long_as_the_picture(sizes):
    rows = [(str(place), "", [("paid", size, "") for size in row]) for place, row in enumerate(sizes)]
    for row, laid in zip(sizes, shares_chart("a", "t", "s", rows).rows, strict=True):
        parts = laid.segments
        assert len(parts) == len([one for one in row if one > 0])
        if parts:
            assert parts[0].x == 0
            assert WIDTH <= parts[-1].x + parts[-1].width <= WIDTH + 1
        for one, after in pairwise(parts):
            # A sliver is drawn one unit wide, so that it is seen.
            assert after.x <= one.x + one.width <= after.x + 1
    lengths = lengths_chart("a", "t", "s", rows)
    assert all(one.x + one.width <= WIDTH + 1 for row in lengths.rows for one in row.segments)


def test_a_target_stands_at_its_share():
    chart = shares_chart("a", "t", "s", [("x", "", [("paid", 1, "")])], 2500)
    assert chart.target_x == WIDTH // 4


def test_a_burn_up_stands_in_its_frame_also_over_its_ceiling_and_after_its_end():
    first, last = date(2024, 2, 1), date(2024, 2, 29)
    used = [(date(2024, 2, 29), Money(90)), (date(2024, 3, 31), Money(150))]
    chart = burn_up(
        "a", "t", "s", first_day=first, last_day=last, today=date(2024, 3, 31), ceiling=Money(100), used=used,
        reserved=Money(0), ahead=[],
    )  # fmt: skip
    points = [tuple(map(int, one.split(","))) for one in chart.line.split()]
    assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in points)
    assert points[-1] == (RIGHT, TOP)
    assert chart.is_over
    assert chart.ceiling_y > TOP
    assert chart.fan == ""
