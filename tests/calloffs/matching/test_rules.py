"""Which call-off a line speaks of: the rules alone, without a database."""

from dataclasses import replace
from datetime import date

import pytest

from calloffs.matching import folding
from calloffs.matching.rules import Candidate, Known, Said, known_of, suggestions
from calloffs.matching.spend_match import Why
from framework.definitions.money import Basis, Money

DAY = date(2022, 10, 3)


def candidate(number: int, **changed: object) -> Candidate:
    made = Candidate(
        call_off_id=number,
        reference=f"DP21-4-000{number}",
        title="Work",
        order=f"PO-{1000 + number}",
        agreement_id=1,
        basis=Basis.NET,
        lot_id=4,
        lot="DP21-4",
        supplier_id=10 + number,
        partner=f"Partner {'ABCDEFG'[number]} Limited",
        signed_on=date(2022, 8, 25),
        starts_on=date(2022, 9, 1),
        last_day=date(2023, 3, 31),
        closed_on=None,
        committed=Money.pounds(10_000),
        invoiced=Money.zero(),
        paid=Money.zero(),
    )
    return replace(made, **changed)  # type: ignore[arg-type]


ONE, TWO = candidate(1), candidate(2)
KNOWN = known_of([ONE, TWO])
NOTHING = Said("", "", "", "", "", "", DAY)


def best(said: Said, known: Known = KNOWN) -> tuple[str, Why, bool] | None:
    found = suggestions(said, known)
    return (found[0].candidate.reference, found[0].why, found[0].certain) if found else None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (replace(NOTHING, order="PO-1001"), ("DP21-4-0001", Why.PURCHASE_ORDER, True)),
        (replace(NOTHING, order="po 0001001"), ("DP21-4-0001", Why.PURCHASE_ORDER, True)),
        (replace(NOTHING, reference="dp21/4/0002"), ("DP21-4-0002", Why.CALL_OFF_REFERENCE, True)),
        (
            replace(NOTHING, narrative="Work for DP21-4-0002, October"),
            ("DP21-4-0002", Why.CALL_OFF_REFERENCE, False),
        ),
        (replace(NOTHING, narrative="Work for DP21-4-00021"), None),
        (replace(NOTHING, learned=12, supplier_number="V9"), ("DP21-4-0002", Why.SUPPLIER_NUMBER, True)),
        (replace(NOTHING, registered=11), ("DP21-4-0001", Why.COMPANY_NUMBER, True)),
        (
            replace(NOTHING, registered=11, day=date(2023, 4, 1)),
            ("DP21-4-0001", Why.SUPPLIER_NUMBER, False),
        ),
        (replace(NOTHING, supplier_name="PARTNER B LTD"), ("DP21-4-0001", Why.NAME, False)),
        (replace(NOTHING, supplier_name="Somebody Else PLC"), None),
        (replace(NOTHING, order="9999", reference="C-17"), None),
    ],
    ids=lambda one: "" if isinstance(one, tuple) or one is None else str(one)[:60],
)
def test_a_line_is_matched_by_the_surest_thing_it_says(said: Said, expected: object) -> None:
    assert best(said) == expected


def test_two_things_that_disagree_are_never_certain_and_say_so() -> None:
    found = suggestions(replace(NOTHING, order="PO-1001", reference="DP21-4-0002"), KNOWN)
    assert [one.certain for one in found] == [False, False]
    assert found[0].against == ("The line names DP21-4-0002",)
    assert "The purchase order number is DP21-4-0001’s" in found[1].against


def test_a_purchase_order_of_one_partner_and_the_company_number_of_another_is_not_certain() -> None:
    found = suggestions(replace(NOTHING, order="PO-1001", registered=12, company_number="12345678"), KNOWN)
    assert not found[0].certain
    assert found[0].against == (
        "The line’s company number is Partner C Limited’s, and the call-off is Partner B Limited’s",
    )


@pytest.mark.parametrize(
    ("said", "certain"),
    [
        ({"supplier_name": "Larkspur Places Ltd"}, False),
        ({"supplier_name": "Sup 7 Ltd"}, False),
        ({"supplier_name": "Partner C", "named": 12}, False),
        ({"supplier_name": "Partner C", "named": 12, "learned": 11}, False),
        ({"supplier_name": ""}, True),
        ({"supplier_name": "PARTNER B LTD"}, True),
        ({"supplier_name": "The Partner B Trading Co"}, True),
        ({"supplier_name": "PartnerB"}, True),
        ({"supplier_name": "P B Studio", "learned": 11}, True),
    ],
    ids=str,
)
def test_an_order_number_is_certain_only_where_the_supplier_does_not_speak_against_it(
    said: dict[str, object], certain: bool
) -> None:
    line = replace(NOTHING, order="PO-1001", **said)  # type: ignore[arg-type]
    found = suggestions(line, KNOWN)[0]
    assert (found.candidate, found.certain) == (ONE, certain)
    words = f"The line names {said['supplier_name']}; this call-off is Partner B Limited’s"
    assert (words in found.against) is not certain


def test_an_order_number_on_two_call_offs_is_a_question() -> None:
    known = known_of([ONE, replace(TWO, order="1001")])
    found = suggestions(replace(NOTHING, order="PO-1001"), known)
    assert [one.certain for one in found] == [False, False]
    assert "The same purchase order number is on DP21-4-0002" in found[0].against


def test_two_live_call_offs_of_one_partner_are_both_suggested_and_neither_is_certain() -> None:
    known = known_of([ONE, replace(TWO, supplier_id=11)])
    found = suggestions(replace(NOTHING, registered=11), known)
    assert [(one.candidate.call_off_id, one.certain) for one in found] == [(1, False), (2, False)]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"closed_on": date(2022, 11, 1)}, NOTHING),
        ({"signed_on": None}, NOTHING),
        ({}, replace(NOTHING, day=date(2022, 8, 24))),
        ({}, replace(NOTHING, day=date(2023, 4, 1))),
    ],
    ids=["closed", "not signed", "dated before it was signed", "dated after the last day"],
)
def test_what_could_not_be_posted_without_a_question_is_not_certain(
    changed: dict[str, object], said: Said
) -> None:
    found = suggestions(replace(said, order="PO-1001"), known_of([replace(ONE, **changed)]))  # type: ignore[arg-type]
    assert [one.certain for one in found] == [False]
    assert found[0].against


def test_a_supplier_number_does_not_outweigh_the_order_number_beside_it() -> None:
    found = suggestions(replace(NOTHING, learned=11, supplier_number="V1", order="7777"), KNOWN)
    assert not found[0].certain
    assert found[0].against == ("The line’s purchase order 7777 is not PO-1001, which is the call-off’s",)


@pytest.mark.parametrize(
    ("written", "folded"),
    [("PO-00123", "123"), ("123", "123"), ("PO 1E5", "1E5"), ("4500/17", "450017"), ("", ""), ("0", "0")],
)
def test_an_order_number_is_the_same_however_it_is_written(written: str, folded: str) -> None:
    assert folding.order_number(written) == folded


@pytest.mark.parametrize(
    ("written", "folded"),
    [("1234567", "01234567"), ("sc 123456", "SC123456"), ("n/a", ""), ("00000000", ""), ("123456789", "")],
)
def test_a_company_number_has_eight_signs_or_is_none(written: str, folded: str) -> None:
    assert folding.company_number(written) == folded
