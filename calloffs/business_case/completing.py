"""When a short case says enough to be decided, and when it can be kept at all (RULE-62, RULE-64)."""

from collections.abc import Iterator

from calloffs.business_case.case import CaseType
from calloffs.business_case.lines import MOST_LINES, YEARS, CaseFacts
from framework.definitions.money import MOST, Money
from framework.definitions.rules import Refusal, Refused, require


def has_a_title(facts: CaseFacts) -> Refusal | None:
    if not facts.title.strip():
        return Refusal("Enter a title for the case", "title", "RULE-62")
    return None


def has_a_type(facts: CaseFacts) -> Refusal | None:
    if facts.kind is None:
        return Refusal("Choose the type of case", "kind", "RULE-64")
    return None


def lines_make_sense(facts: CaseFacts) -> Iterator[Refusal]:
    years = [line.year for line in facts.costs]
    if len(set(years)) < len(years) or not set(years) <= set(YEARS):
        yield Refusal(f"Give the costs once for each year from {YEARS[0]} to {YEARS[-1]}", "costs", "RULE-62")
    for line in facts.costs:
        if line.one_off.pence < 0 or line.recurring.pence < 0:
            yield Refusal("Enter costs of £0 or more", f"one_off_{line.year}", "RULE-62")
    for name in ("benefits", "funding"):
        if len(getattr(facts, name)) > MOST_LINES:
            yield Refusal(f"Give at most {MOST_LINES} lines of {name}", name, "RULE-62")
    if facts.requested.pence > MOST or facts.funded.pence > MOST:
        yield Refusal(f"The case must come to {Money(MOST)} or less", "costs", "RULE-62")
    for number, funding in enumerate(facts.funding):
        if funding.amount is not None and funding.amount.pence <= 0:
            yield Refusal(
                f"Funding line {number + 1} must be more than £0", f"funding-{number}-amount", "RULE-62"
            )
    for number, benefit in enumerate(facts.benefits):
        if benefit.yearly is not None and benefit.yearly.pence < 0:
            yield Refusal(
                f"The yearly amount of benefit {number + 1} must be £0 or more", f"benefits-{number}-yearly"
            )


def says_why(facts: CaseFacts) -> Iterator[Refusal]:
    if not facts.need.strip():
        yield Refusal("Say what is needed and why", "need", "RULE-62")
    if not facts.baseline.strip():
        yield Refusal("Say what happens if nothing is done", "baseline", "RULE-62")
    if facts.kind is CaseType.SELF_EVIDENT and not facts.self_evident_reason.strip():
        yield Refusal("Say why the case is self-evident", "self_evident_reason", "RULE-64")


def has_costs(facts: CaseFacts) -> Refusal | None:
    if facts.requested.pence <= 0:
        return Refusal("Enter at least one cost", "costs", "RULE-62")
    return None


def has_benefits(facts: CaseFacts) -> Iterator[Refusal]:
    if not facts.benefits and facts.kind not in (CaseType.STATUTORY, CaseType.SELF_EVIDENT):
        yield Refusal(
            "Enter at least one benefit, unless the case is statutory or self-evident", "benefits", "RULE-64"
        )
    for number, one in enumerate(facts.benefits):
        field, which = f"benefits-{number}", f"benefit {number + 1}"
        if not one.description.strip():
            yield Refusal(f"Say what {which} is", f"{field}-description", "RULE-62")
        if not one.owner.strip():
            yield Refusal(f"Say who owns {which}", f"{field}-owner", "RULE-62")
        if not one.measure.strip():
            yield Refusal(f"Say how {which} will be measured", f"{field}-measure", "RULE-62")
        if one.is_cashable and (one.yearly is None or one.yearly.pence <= 0):
            yield Refusal(
                f"Enter the yearly amount of {which}, because it is cashable", f"{field}-yearly", "RULE-71"
            )


def is_funded(facts: CaseFacts) -> Iterator[Refusal]:
    for number, line in enumerate(facts.funding):
        field, which = f"funding-{number}", f"funding line {number + 1}"
        if not line.source.strip():
            yield Refusal(f"Say where {which} comes from", f"{field}-source", "RULE-62")
        if not line.cost_code.strip():
            yield Refusal(f"Enter the cost code of {which}", f"{field}-cost_code", "RULE-71")
        if line.amount is None:
            yield Refusal(f"Enter the amount of {which}", f"{field}-amount", "RULE-62")
    short = facts.requested - facts.funded
    if short.pence:
        direction = f"{short} less" if short.pence > 0 else f"{-short} more"
        yield Refusal(
            f"The funding comes to {facts.funded} and the costs to {facts.requested}, net of VAT: "
            f"the funding is {direction} than the costs",
            "funding",
            "RULE-71",
        )


# What a draft must hold to be kept, and what it must say besides to be submitted. A new demand is one function and its name.
TO_KEEP = (has_a_title, has_a_type, lines_make_sense)
TO_SUBMIT = (*TO_KEEP, says_why, has_costs, has_benefits, is_funded)


def missing(facts: CaseFacts) -> list[Refusal]:
    """Everything that still stands between the case and its submission, in the order of the form."""
    try:
        require(facts, TO_SUBMIT)
    except Refused as refused:
        return list(refused.refusals)
    return []
