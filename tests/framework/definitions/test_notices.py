"""Notices fall due by value, regime and day."""

from __future__ import annotations

from datetime import date

import pytest

from framework.definitions import notices
from framework.definitions.money import Money
from framework.definitions.notices import NoticeDue, notices_due
from framework.definitions.regime import Regime
from framework.definitions.thresholds import Kind

PA, PCR = Regime.PA2023, Regime.PCR2015
ENTERED = date(2026, 6, 10)


def due(
    regime: Regime, net: str, vat_bp: int = 2_000, on: date = ENTERED, **more: object
) -> dict[str, NoticeDue]:
    found = notices_due(regime, Money.pounds(net), vat_bp, on, **more)  # type: ignore[arg-type]
    return {notice.code: notice for notice in found}


def test_t12_a_call_off_of_30000_with_vat_needs_a_contract_details_notice() -> None:
    found = due(PA, "25,000.00")
    assert list(found) == ["UK7"]
    assert not found["UK7"].statutory
    assert found["UK7"].due == date(2026, 7, 9)


def test_t13_a_penny_less_needs_no_notice() -> None:
    assert due(PA, "24,999.99") == {}


def test_t14_under_the_old_regulations_it_goes_on_contracts_finder() -> None:
    found = due(PCR, "25,000.00")
    assert list(found) == ["Contracts Finder"]
    assert found["Contracts Finder"].due == date(2026, 9, 7)
    assert due(PCR, "24,999.99") == {}
    assert list(due(PCR, "9,000,000")) == ["Contracts Finder"]


def test_t25_above_the_threshold_the_details_follow_in_30_days_and_the_award_comes_first() -> None:
    found = due(PA, "173,100.00")
    assert list(found) == ["UK6", "UK7"]
    assert found["UK6"].before_signing
    assert found["UK6"].due == ENTERED
    assert found["UK7"].due == date(2026, 7, 9)
    assert found["UK7"].statutory


def test_the_threshold_is_that_of_the_day_the_request_was_issued() -> None:
    net = "175,000"  # £210,000 including VAT
    assert "UK6" in due(PA, net, on=date(2026, 1, 10))
    assert "UK6" not in due(PA, net, on=date(2026, 1, 10), request_issued=date(2025, 12, 15))


def test_t26_over_five_million_a_copy_follows_in_90_days() -> None:
    found = due(PA, "4,200,000", on=date(2027, 1, 1))
    assert found["Contract copy"].due == date(2027, 3, 31)
    assert "Contract copy" not in due(PA, "5,000,000.00", vat_bp=0)
    assert "Contract copy" in due(PA, "5,000,000.01", vat_bp=0)


def test_light_touch_services_have_longer_clocks() -> None:
    found = due(PA, "5,000,000", on=date(2027, 1, 1), kind=Kind.LIGHT_TOUCH)
    assert found["UK7"].due == date(2027, 4, 30)  # 120 days
    assert found["Contract copy"].due == date(2027, 6, 29)  # 180 days


def test_an_unknown_value_asks_for_every_notice() -> None:
    found = notices_due(PA, None, 2_000, ENTERED)
    assert [notice.code for notice in found] == ["UK6", "UK7", "Contract copy"]


@pytest.mark.parametrize(("regime", "net"), [(PA, "9,000,000"), (PA, "30,000"), (PCR, "30,000")])
def test_notices_come_earliest_first_and_name_their_source(regime: Regime, net: str) -> None:
    found = list(due(regime, net).values())
    assert found == sorted(found, key=lambda notice: notice.due)
    assert all("RULE-" in notice.source and notice.label for notice in found)


def test_t27_the_end_of_a_public_contract_is_published_in_30_days() -> None:
    assert notices.termination_notice_due(date(2027, 3, 31)) == date(2027, 4, 29)


def test_t30_the_payments_compliance_notice_follows_the_half_year() -> None:
    assert notices.payments_compliance_due(date(2026, 3, 31)) == date(2026, 4, 29)


def test_t31_the_payments_list_follows_the_quarter() -> None:
    assert notices.payments_list_due(date(2026, 6, 30)) == date(2026, 7, 29)


def test_t34_three_kpis_are_needed_over_five_million_with_vat() -> None:
    assert notices.kpis_needed(Money.pounds("5,000,000.00")) == 0
    assert notices.kpis_needed(Money.pounds("5,000,000.01")) == 3
    assert notices.kpis_needed(Money.pounds("5,000,000.01"), light_touch=True) == 0


def test_t80_the_register_lists_contracts_over_five_thousand() -> None:
    assert not notices.is_register_listed(Money.pounds("5,000.00"))
    assert notices.is_register_listed(Money.pounds("5,000.01"))


def test_the_spend_list_begins_over_five_hundred() -> None:
    assert not notices.is_spend_listed(Money.pounds("500.00"))
    assert notices.is_spend_listed(Money.pounds("500.01"))
