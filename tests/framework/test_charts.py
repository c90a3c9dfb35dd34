"""Spend bars: parts in order, adding up to the whole bar, and a sentence that says the same."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.definitions.money import Money
from framework.web.charts import WIDTH, Bar, spend_bar


def _bar(ceiling: str | None, reserved: str, committed: str, invoiced: str, paid: str) -> Bar:
    return spend_bar(
        "b",
        "Lot 4",
        ceiling=None if ceiling is None else Money.pounds(ceiling),
        reserved=Money.pounds(reserved),
        committed=Money.pounds(committed),
        invoiced=Money.pounds(invoiced),
        paid=Money.pounds(paid),
        basis="net of VAT",
    )


def test_the_parts_stand_in_order_and_the_sentence_says_them() -> None:
    bar = _bar("1,000", "100", "400", "300", "200")
    assert [(part.kind, part.x, part.width) for part in bar.parts] == [
        ("paid", 0, 192),
        ("invoiced", 192, 96),
        ("committed", 288, 96),
        ("reserved", 384, 96),
        ("left", 480, 480),
    ]
    assert bar.sentence == (
        "Lot 4: £400.00 of £1,000.00 (40%) committed, £100.00 reserved, £300.00 invoiced, £200.00 paid, "
        "£500.00 left, net of VAT"
    )


@pytest.mark.parametrize(
    ("ceiling", "said"), [("300", "£200.00 over its ceiling"), (None, "£400.00 committed"), ("0", "over")]
)
def test_over_a_ceiling_or_without_one_is_said(ceiling: str | None, said: str) -> None:
    assert said in _bar(ceiling, "100", "400", "0", "0").sentence


def test_wide_parts_are_labelled_and_only_what_is_over_is_red() -> None:
    bar = _bar("1,000", "100", "400", "300", "200")
    assert [(one.words, one.x) for one in bar.labels] == [
        ("£200 paid", 0),
        ("£100 invoiced, not paid", 192),
        ("£100 reserved", 392),
        ("£500 left", 512),
    ]
    assert [part.kind for part in bar.parts if part.kind == "over"] == []
    # "Committed, not invoiced" has no room of its own: then a list under the bar names every part.
    assert bar.unlabelled
    assert not _bar("1,000", "0", "500", "0", "0").unlabelled
    over = _bar("300", "100", "400", "0", "0")
    assert (over.parts[-1].kind, over.parts[-1].x, over.parts[-1].width) == ("over", 576, 384)
    assert "£200 over" in [one.words for one in over.labels]


@given(
    st.integers(0, 10**13),
    st.integers(0, 10**12),
    st.integers(0, 10**12),
    st.integers(0, 10**12),
    st.integers(0, 10**12),
)
def test_no_part_leaves_the_bar(
    ceiling: int, reserved: int, committed: int, invoiced: int, paid: int
) -> None:
    bar = spend_bar(
        "b",
        "Any",
        ceiling=Money(ceiling),
        reserved=Money(reserved),
        committed=Money(committed),
        invoiced=Money(invoiced),
        paid=Money(paid),
        basis="net of VAT",
    )
    for one, after in pairwise(bar.labels):
        assert one.x + 8 * len(one.words) < after.x
    assert all(0 <= one.x <= WIDTH - 8 * len(one.words) for one in bar.labels)
    for part in bar.parts:
        assert part.width >= 1
        assert 0 <= part.x <= WIDTH
        assert part.x + part.width <= WIDTH + 1
