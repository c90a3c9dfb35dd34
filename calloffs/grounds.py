"""The grounds on which each law lets a contract be changed, and the amounts that some of them must keep."""

from collections.abc import Callable
from dataclasses import dataclass

from framework.definitions.money import Money
from framework.definitions.regime import Regime
from framework.definitions.rules import Refusal

Test = Callable[[Money, Money, Money], Refusal | None]


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground: its key, its words with the place in the law, and a test of (value at award, value now, new value), all net of VAT."""

    key: str
    label: str
    test: Test


def _any(_original: Money, _now: Money, _new: Money) -> Refusal | None:
    return None


def _at_most_half_more(_original: Money, now: Money, new: Money) -> Refusal | None:
    """Each such change adds 50% at most."""
    if (new - now) * 2 <= now:
        return None
    return Refusal(
        f"On this ground a change may add 50% at most: {now} may become {Money(now.pence + now.pence // 2)} net of VAT",
        "value",
        "RULE-36",
    )


def _at_most_a_tenth(_original: Money, now: Money, new: Money) -> Refusal | None:
    """Procurement Act 2023 s.74(4): the change is 10% at most; exactly 10% passes."""
    if abs(new - now) * 10 <= now:
        return None
    return Refusal(
        f"On this ground the value may change by 10% at most, which is {Money(now.pence // 10)} net of VAT",
        "value",
        "RULE-36",
    )


def _below_a_tenth_together(original: Money, _now: Money, new: Money) -> Refusal | None:
    """PCR 2015 reg 72(5): all changes together stay below 10% of the value at award; exactly 10% fails."""
    if abs(new - original) * 10 < original:
        return None
    return Refusal(
        f"On this ground all changes together must stay below 10% of the value at award, {original} net of VAT",
        "value",
        "RULE-39",
    )


# A new ground is one line under its law. RULE-36 (Procurement Act 2023) and RULE-39 (PCR 2015).
GROUNDS: dict[Regime, tuple[Ground, ...]] = {
    Regime.PCR2015: (
        Ground("review_clause", "A clear review clause or option in the contract, reg 72(1)(a)", _any),
        Ground(
            "additional_supplies",
            "Additional work that only this partner can do without great inconvenience, reg 72(1)(b)",
            _at_most_half_more,
        ),
        Ground(
            "unforeseeable",
            "Circumstances that a diligent council could not foresee, reg 72(1)(c)",
            _at_most_half_more,
        ),
        Ground("not_substantial", "The change is not substantial, reg 72(1)(e)", _any),
        Ground(
            "small_value",
            "Below the threshold and below 10% of the value at award, reg 72(1)(f)",
            _below_a_tenth_together,
        ),
        Ground(
            "below_threshold",
            "The contract is below the threshold before and after, reg 72 does not apply",
            _any,
        ),
    ),
    Regime.PA2023: (
        Ground(
            "provided_for",
            "Provided for clearly in the contract and the notice, Schedule 8 paragraph 1",
            _any,
        ),
        Ground("urgency", "Urgency and the protection of life, Schedule 8 paragraph 2", _any),
        Ground("unforeseeable", "Unforeseeable circumstances, Schedule 8 paragraph 4", _at_most_half_more),
        Ground("known_risk", "A known risk named in the notice, Schedule 8 paragraph 5", _at_most_half_more),
        Ground(
            "additional_supplies",
            "Additional work that must match what there is, Schedule 8 paragraph 8",
            _at_most_half_more,
        ),
        Ground("not_substantial", "The change is not substantial, section 74(3)", _any),
        Ground("small_value", "A below-threshold change of 10% at most, section 74(4)", _at_most_a_tenth),
        Ground(
            "below_threshold",
            "The contract is below the threshold before and after, section 74 does not apply",
            _any,
        ),
    ),
}


def grounds_for(regime: Regime) -> tuple[Ground, ...]:
    """The grounds that one law knows."""
    return GROUNDS[regime]


def label_of(key: str, regime: Regime) -> str:
    """The words of a ground in the law that the call-off is under: two laws may use one key."""
    return next((one.label for one in GROUNDS[regime] if one.key == key), key)
