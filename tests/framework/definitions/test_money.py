"""Money reads what people write, prints it back, and never loses a penny."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.definitions.money import (
    MOST,
    Basis,
    Money,
    MoneyError,
    days_from_hours,
    gross_of,
    half_up,
    line,
    nearest_penny,
    net_of,
    part_in_bp,
    percent_of,
    rounded_share,
    vat_on,
)

exact = settings(deadline=None)
any_money = st.integers(-MOST, MOST).map(Money)
any_rate = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("12,500", 1_250_000),
        ("£12,500.00", 1_250_000),
        (" 12500 ", 1_250_000),
        ("£ 12500.5", 1_250_050),
        ("0", 0),
        ("0.01", 1),
        ("19.99", 1_999),
        ("1,234,567.89", 123_456_789),
        ("99,999,999,999.99", MOST),
        (250, 25_000),
        (0, 0),
    ],
)
def test_an_amount_is_read_as_a_person_writes_it(typed: str | int, pence: int) -> None:
    assert Money.pounds(typed) == Money(pence)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter an amount in pounds"),
        ("   ", "Enter an amount in pounds"),
        ("1.5m", "in full, like 1,500,000"),
        ("20k", "in full, like 1,500,000"),
        ("2 million", "in full, like 1,500,000"),
        ("1e6", "numbers only"),
        ("ten", "numbers only"),
        ("NaN", "numbers only"),
        ("inf", "numbers only"),
        ("$100", "numbers only"),
        ("100 000", "numbers only"),
        ("100.", "numbers only"),
        (".50", "numbers only"),
        ("1.2.3", "numbers only"),
        ("+5", "numbers only"),
        ("1_000", "numbers only"),
        ("\uff11\uff12", "numbers only"),
        ("\u0661\u0662", "numbers only"),
        ("\u00b2", "numbers only"),
        ("£", "numbers only"),
        ("££5", "numbers only"),
        ("12.345", "no more than 2 numbers after the point"),
        ("0.001", "no more than 2 numbers after the point"),
        ("12,50", "Check the commas"),
        ("1,2500", "Check the commas"),
        (",500", "Check the commas"),
        ("0,500", "Check the commas"),
        ("1250,000", "Check the commas"),
        ("100,000,000,000.00", "£99,999,999,999.99 or less"),
        ("9" * 5_000, "£99,999,999,999.99 or less"),
        (10**11, "£99,999,999,999.99 or less"),
        ("-5", "without a minus sign"),
        ("(5.00)", "without a minus sign"),
        (-5, "without a minus sign"),
    ],
)
def test_what_is_not_an_amount_is_refused_in_words_that_mend_it(typed: str | int, words: str) -> None:
    with pytest.raises(MoneyError, match=words.replace("(", r"\(")) as refused:
        Money.pounds(typed)
    assert str(refused.value).endswith(tuple("abcdefghijklmnopqrstuvwxyz0123456789"))


@pytest.mark.parametrize(
    "typed", ["-5", "-£5", "£-5.00", "(5)", "(£5.00)", "( 5.00 )", "\u22125.00", "- 5", -5]
)
def test_a_credit_may_be_written_with_a_minus_or_brackets_where_credits_are_allowed(typed: str | int) -> None:
    assert Money.pounds(typed, allow_negative=True) == Money(-500)


@pytest.mark.parametrize("typed", ["--5", "(-5)", "-(5)", "-", "()", "5-", "(5", "5)"])
def test_a_sign_written_twice_or_by_halves_is_refused(typed: str) -> None:
    with pytest.raises(MoneyError):
        Money.pounds(typed, allow_negative=True)


@pytest.mark.parametrize("wrong", [True, 1.5, Decimal("1"), "1", None])
def test_money_is_made_of_whole_pence_and_nothing_else(wrong: object) -> None:
    with pytest.raises(TypeError):
        Money(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [True, 1.5, None])
def test_pounds_are_not_read_from_yes_or_no_nor_from_a_float(wrong: object) -> None:
    with pytest.raises(TypeError):
        Money.pounds(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pence", "shown", "plain", "short"),
    [
        (1_250_000, "£12,500.00", "12500.00", "£12,500"),
        (-500, "-£5.00", "-5.00", "-£5"),
        (-1, "-£0.01", "-0.01", "-£0.01"),
        (0, "£0.00", "0.00", "£0"),
        (31_240_005, "£312,400.05", "312400.05", "£312,400.05"),
    ],
)
def test_an_amount_is_shown_in_full_for_files_and_in_short(
    pence: int, shown: str, plain: str, short: str
) -> None:
    amount = Money(pence)
    assert (str(amount), f"{amount}", amount.plain, amount.short) == (shown, shown, plain, short)


@exact
@given(any_money)
def test_every_amount_reads_back_from_each_way_of_writing_it(amount: Money) -> None:
    for written in (str(amount), amount.plain, amount.short):
        assert Money.pounds(written, allow_negative=True) == amount
    assert amount.decimal * 100 == amount.pence
    assert str(amount.decimal) == amount.plain


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("0123456789.,-()£ ")))
def test_any_text_at_all_is_an_amount_or_a_sentence(text: str) -> None:
    def answer() -> Money | str:
        try:
            return Money.pounds(text, allow_negative=True)
        except MoneyError as refused:
            return str(refused)

    read = answer()
    assert read.startswith("Enter") or "commas" in read if isinstance(read, str) else abs(read.pence) <= MOST


def test_amounts_add_up_compare_and_multiply() -> None:
    five, two = Money(500), Money(200)
    assert (five + two, five - two, -five, abs(-five)) == (Money(700), Money(300), Money(-500), five)
    assert five * 3 == 3 * five == Money(1_500)
    assert sum([five, two, two]) == Money(900)
    assert sum([], Money.zero()) == Money.zero()
    assert two < five <= Money(500) < Money(501)
    assert max(two, five) is five
    assert len({Money(5), Money(5)}) == 1


def test_amounts_do_not_mix_with_bare_numbers() -> None:
    five: Any = Money(5)
    for mixed in (
        lambda: five + 5,
        lambda: 5 + five,
        lambda: five - 5,
        lambda: five * 1.5,
        lambda: five * True,
        lambda: five * five,
        lambda: five < 6,
    ):
        with pytest.raises(TypeError):
            mixed()
    assert five != 5


def test_an_amount_cannot_be_changed_and_can_be_stored() -> None:
    amount = Money(500)
    with pytest.raises(AttributeError):
        amount.pence = 600  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(amount)) == copy.copy(amount) == amount


def test_a_template_cannot_take_an_amount_for_ready_made_html() -> None:
    assert not hasattr(Money(500), "__html__")


def test_each_basis_is_named_in_words() -> None:
    assert (Basis.NET.label, Basis.GROSS.label) == ("net of VAT", "including VAT")
    assert Basis("net") is Basis.NET


@pytest.mark.parametrize(
    ("top", "bottom", "nearest"),
    [(1, 2, 1), (-1, 2, -1), (49, 100, 0), (-49, 100, 0), (3, 2, 2), (7, 7, 1), (0, 5, 0), (1, -2, -1)],
)
def test_a_half_goes_away_from_zero(top: int, bottom: int, nearest: int) -> None:
    assert half_up(top, bottom) == nearest
    assert nearest_penny(Fraction(top, bottom)) == Money(nearest)


@exact
@given(st.integers(), st.integers(1))
def test_rounding_is_never_more_than_half_a_penny_out(top: int, bottom: int) -> None:
    assert abs(half_up(top, bottom) - Fraction(top, bottom)) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("net", "rate", "vat"),
    [("29,850", 2_000, "5,970.00"), ("0.02", 2_000, "0"), ("0.03", 2_000, "0.01"), ("10.50", 500, "0.53")],
)
def test_vat_is_rounded_half_up_to_the_penny(net: str, rate: int, vat: str) -> None:
    assert vat_on(Money.pounds(net), rate) == Money.pounds(vat)


@exact
@given(any_money, any_rate)
def test_vat_on_a_credit_cancels_vat_on_the_charge(net: Money, rate: int) -> None:
    assert vat_on(-net, rate) + vat_on(net, rate) == Money.zero()
    assert gross_of(net, rate) == net + vat_on(net, rate)
    assert abs(vat_on(net, rate).pence - Fraction(net.pence * rate, 10_000)) <= Fraction(1, 2)


@exact
@given(any_money, any_rate)
def test_taking_vat_off_what_it_was_added_to_gives_the_net_back(net: Money, rate: int) -> None:
    assert net_of(gross_of(net, rate), rate) == net


@pytest.mark.parametrize("rate", [-1, 10_001, 0.2, True])
def test_a_vat_rate_that_is_not_basis_points_is_a_mistake_in_the_program(rate: int) -> None:
    with pytest.raises(ValueError, match="basis points"):
        vat_on(Money(100), rate)


def test_t59_twenty_days_at_935_and_ten_at_1115() -> None:
    net = line(Money.pounds(935), 80) + line(Money.pounds("1,115"), 40)
    assert net == Money.pounds("29,850")
    assert vat_on(net, 2_000) == Money.pounds("5,970")
    assert gross_of(net, 2_000) == Money.pounds("35,820")


@exact
@given(any_money, st.integers(0, 4_000))
def test_a_line_of_whole_days_is_exact_and_quarters_are_half_up(rate: Money, quarters: int) -> None:
    assert line(rate, quarters * 4) == rate * quarters
    assert line(rate, quarters).pence == half_up(rate.pence * quarters, 4)


def test_t61_hours_become_days_of_the_rate_cards_own_length() -> None:
    assert days_from_hours("37.5", "7.5") == 5
    assert days_from_hours("37.5", "8") == Fraction(75, 16)  # 4.6875
    assert days_from_hours("1", "7.5") * 15 == 2


@pytest.mark.parametrize(
    ("hours", "day"),
    [
        ("", "8"),
        ("-1", "8"),
        ("8", "0"),
        ("8", "25"),
        ("1e3", "8"),
        ("8", ""),
        ("1/2", "8"),
        ("9" * 5_000, "8"),
    ],
)
def test_hours_that_are_not_plain_numbers_are_refused(hours: str, day: str) -> None:
    with pytest.raises(MoneyError, match="Enter"):
        days_from_hours(hours, day)


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (625, 1_000, "62.5%"),
        (1_000, 1_000, "100%"),
        (999_999, 1_000_000, "99.9%"),
        (1_100, 1_000, "110%"),
        (0, 1_000, "0%"),
        (1, 1_000_000, "less than 0.1%"),
        (-1, 1_000_000, "0%"),
        (-250, 1_000, "-25%"),
        (1, 0, "not defined"),
        (0, 0, "not defined"),
    ],
)
def test_a_part_is_shown_as_a_percentage_of_the_whole(part: int, whole: int, shown: str) -> None:
    assert percent_of(Money(part), Money(whole)) == shown


def test_an_alert_level_is_reached_at_the_penny_and_not_before() -> None:
    ceiling = Money.pounds("10,000,000")
    assert part_in_bp(Money.pounds("7,500,000"), ceiling) == 7_500
    assert part_in_bp(Money.pounds("7,499,999.99"), ceiling) == 7_499
    assert part_in_bp(Money.pounds(1), Money.zero()) is None


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(80977895, 96660895, 8380), (1, 3, 3330), (5, 10_000, 10), (4, 10_000, 0), (7, 7, 10_000), (1, 0, None)],
)
def test_a_share_that_is_only_told_is_rounded_half_up_to_a_tenth(part, whole, shown):
    assert rounded_share(Money(part), Money(whole)) == shown
