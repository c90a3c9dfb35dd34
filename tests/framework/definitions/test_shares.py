"""Shares between authorities: one posting or many give the same pence, and the odd pence are the lead's."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.definitions.money import MOST, Money, running_share, running_shares, share

exact = settings(deadline=None)


@st.composite
def parts(draw: st.DrawFn) -> list[int]:
    """Basis points of one to six authorities, adding up to 100%."""
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), max_size=5)))
    return [after - before for before, after in zip([0, *cuts], [*cuts, 10_000], strict=True)]


def test_sixty_forty_is_shared_to_the_penny() -> None:
    assert share(Money.pounds("100"), [6_000, 4_000]) == (Money.pounds(60), Money.pounds(40))


def test_the_odd_penny_falls_to_the_lead() -> None:
    assert share(Money(1), [5_000, 5_000]) == (Money(1), Money(0))
    assert share(Money(-1), [5_000, 5_000]) == (Money(-1), Money(0))
    assert share(Money(100), [3_334, 3_333, 3_333]) == (Money(34), Money(33), Money(33))
    assert share(Money(2), [1, 3_333, 3_333, 3_333]) == (Money(2), Money(0), Money(0), Money(0))


@exact
@given(st.integers(-MOST, MOST).map(Money), parts())
def test_shares_add_up_to_the_total_and_none_goes_the_other_way(total: Money, split: list[int]) -> None:
    shares = share(total, split)
    assert sum(shares, Money.zero()) == total
    assert all(each.pence * total.pence >= 0 for each in shares)
    assert 0 <= abs(shares[0].pence) - Fraction(abs(total.pence) * split[0], 10_000) < len(split)


@exact
@given(st.lists(st.integers(-(10**8), 10**8), min_size=1, max_size=8), parts())
def test_many_postings_give_each_authority_the_same_pence_as_one(
    amounts: list[int], split: list[int]
) -> None:
    posted = [Money.zero()] * len(split)
    total = Money.zero()
    for pence in amounts:
        total += Money(pence)
        moved = running_shares(total, posted, split)
        assert sum(moved, Money.zero()) == Money(pence)
        posted = [before + now for before, now in zip(posted, moved, strict=True)]
    assert tuple(posted) == share(total, split)


def test_a_later_posting_makes_up_what_rounding_held_back() -> None:
    first = running_share(Money(1), Money(0), 5_000)
    second = running_share(Money(2), first, 5_000)
    assert (first, second) == (Money(0), Money(1))


@pytest.mark.parametrize("split", [[], [9_999], [6_000, 4_001], [10_001, -1]])
def test_shares_that_do_not_add_up_to_the_whole_are_refused(split: list[int]) -> None:
    with pytest.raises(ValueError, match="100%"):
        share(Money(100), split)


def test_every_share_needs_what_was_posted_before() -> None:
    with pytest.raises(ValueError, match="posted before"):
        running_shares(Money(100), [Money(0)], [6_000, 4_000])
