"""The amounts at which the law begins to ask for something: dated rows of data, never numbers in code."""

from __future__ import annotations

import json
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from framework.definitions.money import Basis, Money


class Kind(StrEnum):
    """What is being bought, for the thresholds; a lot or an agreement is of one kind."""

    GOODS_SERVICES = "goods_services"
    WORKS = "works"
    LIGHT_TOUCH = "light_touch"

    @property
    def label(self) -> str:
        return {
            Kind.GOODS_SERVICES: "goods or services",
            Kind.WORKS: "works",
            Kind.LIGHT_TOUCH: "light touch services",
        }[self]


class Trigger(StrEnum):
    """One amount at which something more must be done (RULE-35)."""

    PUBLISHED_CALL_OFF = "published_call_off"
    KPIS_AND_CONTRACT_COPY = "kpis_and_contract_copy"
    PUBLISHED_PAYMENT = "published_payment"
    CONTRACTS_REGISTER = "contracts_register"
    SPEND_LIST = "spend_list"
    PIPELINE_CONTRACT = "pipeline_contract"
    PIPELINE_AUTHORITY_SPEND = "pipeline_authority_spend"
    SME_TURNOVER = "sme_turnover"
    SME_BALANCE_SHEET = "sme_balance_sheet"
    MODERN_SLAVERY_TURNOVER = "modern_slavery_turnover"
    EMPLOYERS_LIABILITY_COVER = "employers_liability_cover"


def threshold(kind: Kind, on: date) -> Money:
    """The threshold for a council on a day, including VAT (RULE-34).

    `on` is the day the procurement commenced; for a call-off, the day its request was issued.
    Raises LookupError for a day before the first row known.
    """
    rows = [row for row in _facts()["thresholds"] if row["from"] <= on.isoformat()]
    if not rows:
        raise LookupError(f"No threshold is known for {on.isoformat()}")
    return Money.pounds(rows[-1][kind.value])


def is_above(gross: Money | None, kind: Kind, on: date) -> bool:
    """Whether a value including VAT counts as above the threshold (RULE-27, RULE-34).

    At the threshold is above it. An unknown value, or a day whose threshold is unknown, is above.
    """
    if gross is None:
        return True
    try:
        return gross >= threshold(kind, on)
    except LookupError:
        return True


def amount(trigger: Trigger) -> Money:
    """The amount of a trigger, on the basis that `basis_of` gives."""
    return Money.pounds(_triggers()[trigger.value]["pounds"])


def basis_of(trigger: Trigger) -> Basis | None:
    """The VAT basis on which a trigger is measured; None where VAT plays no part in it."""
    basis = _triggers()[trigger.value]["basis"]
    return None if basis is None else Basis(basis)


@cache
def _triggers() -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in _facts()["triggers"]}


@cache
def _facts() -> dict[str, Any]:
    text = (resources.files(__package__) / "data" / "thresholds.json").read_text("utf-8")
    facts: dict[str, Any] = json.loads(text)
    facts["thresholds"].sort(key=lambda row: row["from"])
    return facts
