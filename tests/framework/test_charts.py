"""Spend bars: parts in order, adding up to the whole bar, and a sentence that says the same."""

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
    for part in bar.parts:
        assert part.width >= 1
        assert 0 <= part.x <= WIDTH
        assert part.x + part.width <= WIDTH + 1
