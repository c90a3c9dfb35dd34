"""The amounts at which the law begins to ask for something, to the penny and to the day."""

from __future__ import annotations

import json
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from framework.definitions.money import Basis, Money, gross_of
from framework.definitions.thresholds import Kind, Trigger, amount, basis_of, is_above, threshold

ELSEWHERE = Path(__file__).parents[4] / "shared" / "data" / "thresholds.json"
SERVICES = Kind.GOODS_SERVICES


def test_t07_a_value_at_the_threshold_is_above_it() -> None:
    gross = gross_of(Money.pounds("173,100.00"), 2_000)
    assert gross == Money.pounds("207,720.00")
    assert is_above(gross, SERVICES, date(2026, 6, 1))


def test_t08_a_penny_less_net_is_below() -> None:
    gross = gross_of(Money.pounds("173,099.99"), 2_000)
    assert gross == Money.pounds("207,719.99")
    assert not is_above(gross, SERVICES, date(2026, 6, 1))


def test_t09_and_t10_the_row_in_force_when_the_procurement_commenced_decides() -> None:
    gross = Money.pounds("210,000")
    assert not is_above(gross, SERVICES, date(2025, 12, 15))
    assert is_above(gross, SERVICES, date(2026, 1, 2))


def test_t11_an_unknown_value_is_above() -> None:
    assert is_above(None, SERVICES, date(2026, 6, 1))


def test_a_value_on_a_day_before_every_known_row_is_above() -> None:
    assert is_above(Money.pounds(1), SERVICES, date(2021, 12, 31))
    with pytest.raises(LookupError, match="2021-12-31"):
        threshold(SERVICES, date(2021, 12, 31))


@pytest.mark.parametrize(
    ("kind", "day", "pounds"),
    [
        (SERVICES, date(2025, 12, 31), "214,904"),
        (SERVICES, date(2026, 1, 1), "207,720"),
        (Kind.WORKS, date(2025, 12, 31), "5,372,609"),
        (Kind.WORKS, date(2026, 1, 1), "5,193,000"),
        (Kind.LIGHT_TOUCH, date(2026, 1, 1), "663,540"),
        (SERVICES, date(2022, 1, 1), "213,477"),
    ],
)
def test_each_kind_has_its_own_dated_threshold(kind: Kind, day: date, pounds: str) -> None:
    assert threshold(kind, day) == Money.pounds(pounds)


def test_every_row_says_where_it_comes_from() -> None:
    text = (resources.files("framework.definitions") / "data" / "thresholds.json").read_text("utf-8")
    facts = json.loads(text)
    assert all(row["source"] for row in facts["thresholds"] + facts["triggers"])
    assert {row["name"] for row in facts["triggers"]} == set(Trigger)


def test_every_trigger_has_an_amount_and_a_basis_where_vat_matters() -> None:
    assert all(amount(trigger) > Money.zero() for trigger in Trigger)
    assert basis_of(Trigger.PUBLISHED_CALL_OFF) is Basis.GROSS
    assert basis_of(Trigger.CONTRACTS_REGISTER) is Basis.NET
    assert basis_of(Trigger.SME_TURNOVER) is None


def test_every_kind_has_a_name_a_person_reads() -> None:
    assert [kind.label for kind in Kind] == ["goods or services", "works", "light touch services"]


@pytest.mark.skipif(not ELSEWHERE.exists(), reason="the list made elsewhere is not beside this checkout")
def test_the_thresholds_agree_with_a_list_made_elsewhere() -> None:
    for row in json.loads(ELSEWHERE.read_text("utf-8"))["rows"]:
        for kind in Kind:
            assert threshold(kind, date.fromisoformat(row["from"])) == Money.pounds(row[kind.value])
