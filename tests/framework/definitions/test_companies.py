"""Company numbers keep their zeros and letters, and the law says which company is small or medium."""

from __future__ import annotations

import pytest

from framework.definitions.companies import CompanyNumberError, company_number, sme, vat_number
from framework.definitions.money import Money


@pytest.mark.parametrize(
    ("oracle", "staff", "turnover", "balance_sheet", "small"),
    [
        ("T-49", 249, "44,000,000", "90,000,000", True),
        ("T-50", 250, "1,000,000", "1,000,000", False),
        ("T-51", 100, "50,000,000", "38,000,000", True),
        ("over both by a penny", 100, "44,000,000.01", "38,000,000.01", False),
        ("too many staff", 250, None, None, False),
        ("staff alone", 10, None, None, None),
        ("turnover over, balance sheet unknown", 10, "44,000,000.01", None, None),
        ("balance sheet over, turnover unknown", 10, None, "38,000,000.01", None),
        ("turnover alone, small", 10, "44,000,000", None, True),
        ("balance sheet alone, small", 10, None, "38,000,000", True),
        ("staff unknown, over both", None, "44,000,000.01", "38,000,000.01", False),
        ("staff unknown", None, "1", "1", None),
    ],
)
def test_staff_and_one_of_two_figures_make_a_small_or_medium_enterprise(
    oracle: str, staff: int | None, turnover: str | None, balance_sheet: str | None, small: bool | None
) -> None:
    figures = [None if one is None else Money.pounds(one) for one in (turnover, balance_sheet)]
    assert sme(staff, *figures) is small, oracle


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("557725", "00557725"),  # T-79
        ("SC268016", "SC268016"),  # T-79
        ("sc 268016", "SC268016"),
        (" 0055 7725 ", "00557725"),
        ("NI1234", "NI001234"),
        ("OC301234", "OC301234"),
        ("IP12345R", "IP12345R"),
        ("R0000123", "R0000123"),
        ("1", "00000001"),
    ],
)
def test_t79_a_company_number_is_stored_as_companies_house_writes_it(typed: str, stored: str) -> None:
    assert company_number(typed) == stored
    assert company_number(stored) == stored


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "nonsense", "123456789", "SC1234567", "S1234567", "SC", "00000000", "SC000000", "-557725", "557.725",
     "\uff15\uff15\uff17", "GB123456789"],
)  # fmt: skip
def test_what_is_no_company_number_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(CompanyNumberError, match="Enter"):
        company_number(typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("GB 123 4567 89", "GB123456789"),
        ("gb123456789012", "GB123456789012"),
        ("XI 123456789", "XI123456789"),
        ("123456789", "GB123456789"),
        ("GD 001", "GBGD001"),
        ("GBHA599", "GBHA599"),
        ("  ", None),
    ],
)
def test_a_vat_number_is_its_country_and_numbers(typed: str, stored: str | None) -> None:
    assert vat_number(typed) == stored


@pytest.mark.parametrize("typed", ["nonsense", "GB1", "GB1234567890", "XIGD001", "GBGD999", "FR12345678901"])
def test_what_is_no_vat_number_is_refused(typed: str) -> None:
    with pytest.raises(CompanyNumberError):
        vat_number(typed)
