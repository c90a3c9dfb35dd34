"""Which law an agreement lives under, for its whole life, and how long that law lets it run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from framework.definitions.date_words import in_words
from framework.definitions.rules import Refusal
from framework.definitions.terms import add_months, last_day_of

PROCUREMENT_ACT_BEGAN = date(2025, 2, 24)  # SI 2024/716 reg 5, moved from 28 October 2024
LONGEST_TERM_MONTHS = 48  # Procurement Act 2023 s.47(1)(b); PCR 2015 reg 33(3)
SECOND_AWARD_MONTHS = 36  # Procurement Act 2023 s.49, as are the three below
LATER_AWARD_MONTHS = 60
OPEN_FRAMEWORK_MONTHS = 96
OPEN_FRAMEWORK_ONE_SUPPLIER_MONTHS = 48


class Regime(StrEnum):
    """The procurement law of a framework agreement; its call-offs follow it and have none of their own."""

    PCR2015 = "pcr2015"
    PA2023 = "pa2023"

    @property
    def label(self) -> str:
        if self is Regime.PCR2015:
            return "Public Contracts Regulations 2015"
        return "Procurement Act 2023"

    @property
    def direct_award_label(self) -> str:
        return "Direct award" if self is Regime.PCR2015 else "Award without competition"

    @property
    def competition_label(self) -> str:
        return "Further competition" if self is Regime.PCR2015 else "Competitive selection process"

    @property
    def longer_term_label(self) -> str:
        """What the law calls the ground for a term of more than 4 years."""
        if self is Regime.PCR2015:
            return "an exceptional case, duly justified"
        return "the nature of what is supplied means a longer term is needed"


def regime_for(commenced: date) -> Regime:
    """The regime of a framework whose procurement commenced on a day (RULE-01)."""
    return Regime.PA2023 if commenced >= PROCUREMENT_ACT_BEGAN else Regime.PCR2015


def latest_last_day(start: date) -> date:
    """The last day that an ordinary framework beginning on `start` may have: 4 years (RULE-05)."""
    return last_day_of(start, LONGEST_TERM_MONTHS)


def last_day_with_options(last: date, options_months: Sequence[int]) -> date:
    """The last day when every option of so many months has been used."""
    return last_day_of(last + timedelta(days=1), sum(options_months))


def check_term(
    regime: Regime,
    first: date,
    last: date,
    options_months: Sequence[int] = (),
    reason: str | None = None,
    light_touch: bool = False,
    open_framework: bool = False,
) -> list[Refusal]:
    """Every reason why an agreement may not have this term, options counted (RULE-05).

    Exactly 4 years passes; a day more needs a reason in words. Light touch and open frameworks
    under the Procurement Act have no such limit (s.47(5)); open ones have `open_framework_windows`.
    Fields: "first", "last", "options_months", "reason", "open_framework".
    """
    if last < first:
        return [Refusal("The last day must be on or after the first day", "last")]
    if any(months < 1 for months in options_months):
        return [Refusal("Each extension option must be 1 month or more", "options_months")]
    if open_framework and regime is Regime.PCR2015:
        sentence = f"There are no open frameworks under the {regime.label}"
        return [Refusal(sentence, "open_framework", "RULE-06")]
    if not needs_reason_for_length(
        regime, first, last, options_months, light_touch=light_touch, open_framework=open_framework
    ):
        return []
    if reason and reason.strip():
        return []
    return [Refusal(_too_long(first, last, options_months), "reason", "RULE-05")]


def needs_reason_for_length(
    regime: Regime,
    first: date,
    last: date,
    options_months: Sequence[int] = (),
    *,
    light_touch: bool = False,
    open_framework: bool = False,
) -> bool:
    """Whether a term runs past 4 years with its options, so that it needs a reason and a warning."""
    if regime is Regime.PA2023 and (light_touch or open_framework):
        return False
    return last_day_with_options(last, options_months) > latest_last_day(first)


def _too_long(first: date, last: date, options_months: Sequence[int]) -> str:
    longest = last_day_with_options(last, options_months)
    with_options = " if every option is used" if options_months else ""
    return (
        f"This agreement would run to {in_words(longest)}{with_options}. It may run for 4 years, "
        f"to {in_words(latest_last_day(first))}, unless you give the reason for a longer term"
    )


@dataclass(frozen=True, slots=True)
class OpenFrameworkWindows:
    """The last days by which an open framework must be awarded again, and must end (RULE-06).

    `second_award_by` is None for a framework with one supplier, which simply ends.
    """

    second_award_by: date | None
    ends_by: date

    def next_award_by(self, second_awarded: date) -> date:
        """The last day for the award after the second: 5 years from it, never past the end."""
        return min(last_day_of(second_awarded, LATER_AWARD_MONTHS), self.ends_by)


def open_framework_windows(first_awarded: date, single_supplier: bool = False) -> OpenFrameworkWindows:
    """The windows of an open framework first awarded on a day (RULE-06, Procurement Act 2023 s.49)."""
    if single_supplier:
        ends_by = last_day_of(first_awarded, OPEN_FRAMEWORK_ONE_SUPPLIER_MONTHS)
        return OpenFrameworkWindows(None, ends_by)
    return OpenFrameworkWindows(
        last_day_of(first_awarded, SECOND_AWARD_MONTHS),
        last_day_of(first_awarded, OPEN_FRAMEWORK_MONTHS),
    )


def warn_from(closes: date) -> date:
    """The day from which to warn that a window closes: 12 months before (RULE-06)."""
    return add_months(closes, -12)
