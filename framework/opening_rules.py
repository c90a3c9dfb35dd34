"""What the terms of an agreement must satisfy before they are put down: each rule may answer no."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import WHOLE, Money
from framework.definitions.regime import (
    Regime,
    check_term,
    last_day_with_options,
    open_framework_windows,
    regime_for,
)
from framework.definitions.rules import Refusal

if TYPE_CHECKING:
    from framework.opening import AgreementFacts

LONGEST_OPTION = 96
NOTHING = Money.zero()
_REFERENCE = re.compile(r"[A-Z0-9]([A-Z0-9-]{0,22}[A-Z0-9])?")
_LENGTHS = (
    ("title", "Title", 200),
    ("description", "Description", 4000),
    ("price_mechanism", "Price or pricing mechanism", 2000),
    ("selection_process", "Selection process", 2000),
    ("long_term_reason", "Reason for a longer term", 1000),
    ("notice_identifier", "Notice identifier", 60),
    ("ocid", "OCID", 60),
)
_FORM_NAMES = {
    "first": "starts_on",
    "last": "ends_on",
    "options_months": "months",
    "reason": "long_term_reason",
    "open_framework": "is_open_framework",
}


@dataclass(frozen=True, slots=True)
class Opening:
    """The terms that somebody wants to put down, and what is known of the agreement already."""

    facts: AgreementFacts
    reference_is_taken: bool
    options_months: tuple[int, ...] = ()
    biggest_allocation: Money = NOTHING


def title_is_said(opening: Opening) -> Refusal | None:
    return None if opening.facts.title else Refusal("Enter the title of the agreement", "title")


def reference_can_be_written(opening: Opening) -> Refusal | None:
    return reference_refusal(opening.facts.reference, opening.reference_is_taken)


def reference_refusal(reference: str, is_taken: bool) -> Refusal | None:
    """Why an agreement may not bear this reference (already in capitals), or None."""
    if not reference:
        return Refusal("Enter a reference, like DP27", "reference")
    if not _REFERENCE.fullmatch(reference):
        sentence = "Reference must be 24 characters or fewer: letters, digits and hyphens between them"
        return Refusal(sentence, "reference")
    if is_taken:
        return Refusal(f"There is already an agreement with the reference {reference}", "reference")
    return None


def regime_follows_commencement(opening: Opening) -> Refusal | None:
    """RULE-01: the law of an agreement is fixed by the day on which its own procurement commenced."""
    facts = opening.facts
    if facts.commenced_on is None:
        return Refusal("Enter the day the framework’s procurement commenced", "commenced_on", "RULE-01")
    lawful = regime_for(facts.commenced_on)
    if facts.regime is not None and facts.regime is not lawful:
        return Refusal(
            f"A procurement that commenced on {dates.in_words(facts.commenced_on)} is under the {lawful.label}",
            "regime",
            "RULE-01",
        )
    if facts.starts_on and facts.starts_on < facts.commenced_on:
        return Refusal("The first day must be on or after the day the procurement commenced", "starts_on")
    return None


def term_is_lawful(opening: Opening) -> Sequence[Refusal]:
    """RULE-05: at most 4 years with every option, unless a reason is given."""
    return term_refusals(opening.facts, opening.options_months)


def term_refusals(facts: AgreementFacts, options_months: Sequence[int]) -> list[Refusal]:
    """Every reason why an agreement may not run from its first day to its last with these options (RULES 05 and 06)."""
    found = []
    if facts.starts_on is None:
        found.append(Refusal("Enter the first day of the agreement", "starts_on"))
    if facts.ends_on is None:
        found.append(Refusal("Enter the last day of the agreement", "ends_on"))
    if facts.starts_on is None or facts.ends_on is None or facts.regime is None:
        return found
    found = check_term(
        facts.regime,
        facts.starts_on,
        facts.ends_on,
        options_months,
        facts.long_term_reason,
        facts.is_light_touch,
        facts.is_open_framework,
    )
    if facts.is_open_framework and facts.regime is Regime.PA2023:
        found.extend(open_framework_refusals(facts.first_awarded_on, facts.ends_on, options_months))
    return [replace(one, field=_FORM_NAMES.get(one.field or "", one.field)) for one in found]


def open_framework_refusals(
    first_awarded_on: date | None,
    ends_on: date,
    options_months: Sequence[int] = (),
    single_supplier: bool = False,
) -> list[Refusal]:
    """Why an open framework may not end on this day: 8 years from its first award, 4 when it has one supplier (RULE-06)."""
    if first_awarded_on is None:
        sentence = "Enter the day the open framework was first awarded"
        return [Refusal(sentence, "first_awarded_on", "RULE-06")]
    windows = open_framework_windows(first_awarded_on, single_supplier)
    if last_day_with_options(ends_on, options_months) <= windows.ends_by:
        return []
    years = "4 years, as it has one supplier" if single_supplier else "8 years"
    return [
        Refusal(
            f"An open framework first awarded on {dates.in_words(first_awarded_on)} must end by "
            f"{dates.in_words(windows.ends_by)}: {years} from that award",
            "last",
            "RULE-06",
        )
    ]


def ceiling_is_said(opening: Opening) -> Sequence[Refusal]:
    """Check 38: zero or blank never means unlimited."""
    facts, found = opening.facts, []
    if facts.ceiling is None or facts.ceiling.pence <= 0:
        sentence = "Enter the most that may be called off. A blank or zero ceiling does not mean unlimited"
        found.append(Refusal(sentence, "ceiling", "RULE-30"))
    elif facts.ceiling < opening.biggest_allocation:
        found.append(
            Refusal(
                f"An authority already has an allocation of {opening.biggest_allocation}, more than this ceiling",
                "ceiling",
                "RULE-32",
            )
        )
    if facts.basis is None:
        found.append(Refusal("Choose whether the ceiling is net or gross of VAT", "basis", "RULE-29"))
    return found


def rates_are_percentages(opening: Opening) -> Sequence[Refusal]:
    """RULE-29 and RULE-07: one VAT rate, and a fee only as one fixed percentage."""
    facts, found = opening.facts, []
    if facts.vat_rate_bp is None or not 0 <= facts.vat_rate_bp <= WHOLE:
        found.append(Refusal("Enter the VAT rate, from 0 to 100 percent", "vat_rate_bp", "RULE-29"))
    if facts.fee_bp is not None and not 0 <= facts.fee_bp <= WHOLE:
        found.append(Refusal("Enter the fee as one percentage from 0 to 100", "fee_bp", "RULE-07"))
    if facts.governance_days is None or not 0 <= facts.governance_days <= 365:
        sentence = "Enter how many days the councils need to decide, from 0 to 365"
        found.append(Refusal(sentence, "governance_days", "RULE-95"))
    return found


def words_fit(opening: Opening) -> Sequence[Refusal]:
    return [
        Refusal(f"{what} must be {most:,} characters or fewer", name)
        for name, what, most in _LENGTHS
        if len(getattr(opening.facts, name)) > most
    ]


# What an agreement's terms must satisfy; a further rule is one function above and its name here.
RULES = (
    title_is_said,
    reference_can_be_written,
    regime_follows_commencement,
    term_is_lawful,
    ceiling_is_said,
    rates_are_percentages,
    words_fit,
)


def allocation_refusals(
    agreement: FrameworkAgreement,
    joins_on: date | None,
    leaves_on: date | None,
    allocation: Money | None,
) -> list[Refusal]:
    """Why an authority may not have this place: its dates lie outside the term, or its allocation passes the ceiling (RULE-32)."""
    found = []
    if joins_on and agreement.starts_on and not agreement.starts_on <= joins_on <= agreement.ends_on:
        term = f"{dates.in_words(agreement.starts_on)} to {dates.in_words(agreement.ends_on)}"
        found.append(Refusal(f"Joining must be within the agreement’s term, {term}", "joins_on"))
    if leaves_on and joins_on and leaves_on < joins_on:
        found.append(Refusal("Leaving must be on or after joining", "leaves_on"))
    if allocation is not None and allocation.pence <= 0:
        sentence = "Enter an allocation above £0, or leave it blank for no limit of its own"
        found.append(Refusal(sentence, "allocation", "RULE-32"))
    elif allocation is not None and agreement.ceiling is not None and allocation > agreement.ceiling:
        found.append(
            Refusal(
                f"The allocation may not pass the agreement’s ceiling of {agreement.ceiling} ({agreement.basis.label})",
                "allocation",
                "RULE-32",
                left=agreement.ceiling,
            )
        )
    return found


def option_refusals(months: int | None, notice_months: int, notice_days: int) -> list[Refusal]:
    """Why an option may not be put down so: no whole months, or a notice in two units at once (RULE-94, RULE-95)."""
    found = []
    if months is None or not 1 <= months <= LONGEST_OPTION:
        found.append(
            Refusal(f"Enter the option’s length in months, from 1 to {LONGEST_OPTION}", "months", "RULE-94")
        )
    if notice_months < 0 or notice_days < 0 or (notice_months and notice_days):
        found.append(Refusal("Notice is a number of months, of weeks or of days", "notice", "RULE-95"))
    elif notice_months > 60 or notice_days > 1826:
        found.append(Refusal("Notice must be 5 years or less", "notice", "RULE-95"))
    return found
