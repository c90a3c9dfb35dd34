"""What a lot must say before it may stand in an agreement: each rule is one function, its name at the foot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session

from framework import finding
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.regime import last_day_with_options
from framework.definitions.rules import Refusal
from framework.options import unused_months
from lots.lot import AwardMethod, DirectAwardBasis

if TYPE_CHECKING:
    from lots.opening import LotFacts

LEAST_EMPLOYERS_LIABILITY = Money.pounds(5_000_000)  # Employers' Liability (Compulsory Insurance) Act 1969


@dataclass(frozen=True, slots=True)
class LotIntent:
    """A lot as somebody wants it, beside the other lots of the agreement (number and ceiling)."""

    agreement: FrameworkAgreement
    facts: LotFacts
    others: Sequence[tuple[int, Money | None]]
    latest_end: date
    appointed: int = 0


def latest_last_day(session: Session, agreement: FrameworkAgreement) -> date:
    """The agreement's last day if every option not yet used were used."""
    months = unused_months(finding.options(session, agreement))
    return last_day_with_options(agreement.ends_on, months)


def total_of(ceilings: Sequence[Money | None]) -> Money:
    """What the known ceilings add up to."""
    return sum((one for one in ceilings if one is not None), Money.zero())


def number_is_free(intent: LotIntent) -> Refusal | None:
    """One number, one lot: it is part of every reference below it."""
    if not 1 <= intent.facts.number <= 999:
        return Refusal("The lot’s number must be from 1 to 999", field="number")
    if intent.facts.number in {number for number, _ in intent.others}:
        return Refusal(f"{intent.agreement.title} already has a lot {intent.facts.number}", field="number")
    return None


def title_is_given(intent: LotIntent) -> Refusal | None:
    """A lot is known by its title."""
    if not intent.facts.title.strip():
        return Refusal("Enter the lot’s title", field="title")
    if len(intent.facts.title) > 200:
        return Refusal("The title must be 200 characters or fewer", field="title")
    return None


def ceiling_is_given_and_fits(intent: LotIntent) -> Refusal | None:
    """Lot ceilings add up to no more than the agreement's, unless the lots share one pool."""
    ceiling, agreement = intent.facts.ceiling, intent.agreement
    if ceiling is None:
        if agreement.recorded_as_past:
            return None
        return Refusal("Enter the lot’s ceiling", field="ceiling")
    if ceiling.pence <= 0:
        return Refusal("The ceiling must be more than £0", field="ceiling")
    if agreement.ceiling is None or agreement.is_shared_pool:
        return None
    left = agreement.ceiling - total_of([other for _, other in intent.others])
    if ceiling > left:
        return Refusal(
            f"The other lots leave {max(left, Money.zero())} ({agreement.basis.label}) of the agreement’s {agreement.ceiling}. "
            "Only lots that share one pool may add up to more",
            field="ceiling",
            left=left,
        )
    return None


def direct_award_has_a_basis(intent: LotIntent) -> Iterator[Refusal]:
    """RULE-11: without competition only to the lot's one supplier, or by an objective mechanism that is stated."""
    facts = intent.facts
    if intent.agreement.recorded_as_past:
        return
    basis, field = facts.direct_award_basis, "direct_award_basis"
    if facts.award_method is AwardMethod.COMPETITION:
        if basis is not DirectAwardBasis.NONE:
            yield Refusal("A lot by further competition has no basis for direct award", field, "RULE-11")
        if facts.max_partners < 2:
            yield Refusal("A competition needs at least 2 partners", "max_partners", "RULE-13")
    elif basis is DirectAwardBasis.NONE:
        yield Refusal(
            "Direct award needs a basis: the lot’s only supplier, or an objective mechanism", field, "RULE-11"
        )
    if basis is DirectAwardBasis.SINGLE_SUPPLIER and facts.max_partners > 1:
        yield Refusal(
            f"A lot that may have {facts.max_partners} partners cannot rest on having one supplier",
            field,
            "RULE-11",
        )
    if basis is DirectAwardBasis.OBJECTIVE_MECHANISM:
        if facts.mechanism is None:
            yield Refusal("Choose the mechanism that names the partner", "mechanism", "RULE-11")
        if not facts.mechanism_text.strip():
            yield Refusal("State the mechanism in the agreement’s own words", "mechanism_text", "RULE-11")


def partners_fit(intent: LotIntent) -> Refusal | None:
    """How many partners: at least the fewest, at most the most, and never fewer than are there."""
    facts = intent.facts
    if not 0 <= facts.min_partners <= facts.max_partners or not 1 <= facts.max_partners <= 100:
        return Refusal(
            "The most partners must be from 1 to 100, and no fewer than the fewest", field="max_partners"
        )
    if intent.appointed > facts.max_partners:
        return Refusal(
            f"{intent.appointed} partners are on the lot already, so it cannot take {facts.max_partners} at most",
            field="max_partners",
        )
    return None


def long_stop_is_after_the_agreement(intent: LotIntent) -> Refusal | None:
    """A call-off may outlive the agreement, but no call-off outlives its lot's long-stop."""
    long_stop = intent.facts.long_stop_on
    if intent.agreement.recorded_as_past:
        return None
    if long_stop is None:
        return Refusal("Enter the last day on which a call-off may still run", field="long_stop_on")
    if long_stop < intent.latest_end:
        return Refusal(
            f"The long-stop must be {dates.in_words(intent.latest_end)} or later, "
            "the agreement’s last day with all its options",
            field="long_stop_on",
        )
    return None


def covers_are_lawful(intent: LotIntent) -> Iterator[Refusal]:
    """RULE-61: employers' liability insurance is £5 million or more by law."""
    facts = intent.facts
    asked = facts.employers_liability
    if asked is not None and asked < LEAST_EMPLOYERS_LIABILITY:
        yield Refusal(
            f"Employers’ liability cover must be {LEAST_EMPLOYERS_LIABILITY.short} or more, as the law asks of every employer",
            "employers_liability",
            "RULE-61",
        )
    for name in ("public_liability", "professional_indemnity"):
        amount: Money | None = getattr(facts, name)
        if amount is not None and amount.pence <= 0:
            yield Refusal("The cover must be more than £0. Leave it blank when the lot asks for none", name)


def rates_rise_by_a_stated_rule(intent: LotIntent) -> Iterator[Refusal]:
    """RULE-78: rates rise only by a clause of the agreement: how much, and from which anniversary on."""
    facts = intent.facts
    if facts.rate_rise_bp is None and facts.rates_rise_from is None:
        return
    if not facts.rate_rise_bp:
        yield Refusal(
            "Enter the most that rates may rise, more than 0%. Leave it and the first day blank when they may not",
            "rate_rise_bp",
            "RULE-78",
        )
    if facts.rates_rise_from is None:
        yield Refusal("Enter the first day on which rates may rise", "rates_rise_from", "RULE-78")
        return
    start = intent.agreement.starts_on
    if (start and facts.rates_rise_from <= start) or facts.rates_rise_from > intent.latest_end:
        first = f"after {dates.in_words(start)} and " if start else ""
        yield Refusal(
            f"Rates may first rise on a day {first}by {dates.in_words(intent.latest_end)}, within the agreement’s term",
            "rates_rise_from",
            "RULE-78",
        )


# Every rule about what a lot says. A new one is a function above and its name here.
RULES = (
    number_is_free,
    title_is_given,
    ceiling_is_given_and_fits,
    direct_award_has_a_basis,
    partners_fit,
    long_stop_is_after_the_agreement,
    covers_are_lawful,
    rates_rise_by_a_stated_rule,
)
