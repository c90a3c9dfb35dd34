"""What a rate card must say before it holds: each rule is one function, its name at the foot. Partner, owner and file are asked alike."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money, risen
from framework.definitions.quantities import percent_shown
from framework.definitions.rules import Refusal
from framework.definitions.terms import add_months
from framework.people.party import Party
from lots.appointment import Appointment
from lots.lot import Lot
from lots.rate_card import Rate, RateCard
from lots.workforce import LEVELS

LEAST_HOURS, MOST_HOURS = 100, 2400  # hundredths of an hour
LONGEST_ROLE = 80
RateLine = tuple[str, int, Money]
"""A role or category of work, a level from 1 to 7 and the most a day may cost, net of VAT."""


@dataclass(frozen=True, slots=True)
class Cap:
    """The most a partner has promised to charge for a role at a level, net of VAT: since which day, in which version."""

    role: str
    level: int
    rate: Money
    since: date
    version: int
    hours_per_day_hundredths: int


Caps = dict[tuple[str, int], Cap]
"""By role in small letters, and level."""


@dataclass(frozen=True, slots=True)
class RateIntent:
    """A rate card as somebody wants it, beside the newest one and the caps promised so far."""

    agreement: FrameworkAgreement
    lot: Lot
    appointment: Appointment
    supplier: Party
    from_on: date
    rates: Sequence[RateLine]
    hours_per_day_hundredths: int
    newest: RateCard | None
    caps: Caps = field(default_factory=dict)


def caps_of(versions: Sequence[tuple[RateCard, Sequence[Rate]]]) -> Caps:
    """What has been promised so far by versions in their order; a rate counts from the version in which it last changed.

    A role that a later version leaves out keeps its promise: it is not offered, and comes back at no more than it was.
    """
    caps: Caps = {}
    for card, rates in versions:
        for rate in rates:
            known = caps.get(key_of(rate.role, rate.level))
            if known is None or known.rate != rate.day_rate:
                caps[key_of(rate.role, rate.level)] = Cap(
                    rate.role,
                    rate.level,
                    rate.day_rate,
                    card.from_on,
                    card.version,
                    card.hours_per_day_hundredths,
                )
            elif known.hours_per_day_hundredths < card.hours_per_day_hundredths:
                # The same money for a longer day is a promise too.
                hours = card.hours_per_day_hundredths
                caps[key_of(rate.role, rate.level)] = replace(known, hours_per_day_hundredths=hours)
    return caps


def key_of(role: str, level: int) -> tuple[str, int]:
    """What a rate is known by: roles that differ only in capitals or spaces are the same."""
    return " ".join(role.casefold().split()), level


def anniversaries(first: date, after: date, until: date) -> int:
    """How many rise days (the first one and the same day of each later year) come after one London day and up to another, included.

    A rise day of 29 February falls on 28 February in other years.
    """
    return max(0, _rise_days_until(first, until) - _rise_days_until(first, after))


def _rise_days_until(first: date, day: date) -> int:
    if day < first:
        return 0
    years = day.year - first.year
    return years + (1 if add_months(first, 12 * years) <= day else 0)


def next_rise_after(first: date, day: date) -> date:
    """The first rise day that is later than a London day."""
    return add_months(first, 12 * _rise_days_until(first, day))


def most_on(lot: Lot, cap: Cap, day: date) -> Money:
    """The most a capped rate may be in a version that begins on a London day: the cap, or what the lot's indexation rule makes of it."""
    if lot.rate_rise_bp is None or lot.rates_rise_from is None:
        return cap.rate
    return risen(cap.rate, lot.rate_rise_bp, anniversaries(lot.rates_rise_from, cap.since, day))


def rule_in_words(lot: Lot) -> str:
    """Whether and how day rates may rise on a lot."""
    if lot.rate_rise_bp is None or lot.rates_rise_from is None:
        return "Rates are fixed for the life of the agreement and may only go down"
    return (
        f"Rates may rise by at most {percent_shown(lot.rate_rise_bp)} on {dates.in_words(lot.rates_rise_from)} "
        "and on the same day of each later year, rounded down to the penny"
    )


def arithmetic(lot: Lot, cap: Cap, day: date) -> str | None:
    """How the most on a day comes about, in words; None where it is still what was promised."""
    if lot.rate_rise_bp is None or lot.rates_rise_from is None:
        return None
    times = anniversaries(lot.rates_rise_from, cap.since, day)
    if times == 0:
        return None
    each = "once" if times == 1 else f"{times} times, one on top of the other"
    return (
        f"{cap.rate} of version {cap.version}, risen by {percent_shown(lot.rate_rise_bp)} {each}, "
        f"is at most {most_on(lot, cap, day)}"
    )


def above_cap(lot: Lot, caps: Caps, line: RateLine, from_on: date) -> str | None:
    """Why a rate is above what was promised, naming the cap, its version and when it could rise; None where it is within (RULE-78)."""
    role, level, rate = line
    cap = caps.get(key_of(role, level))
    if cap is None or rate <= most_on(lot, cap, from_on):
        return None
    why = f"{rate} is more than the {cap.rate} of rate card version {cap.version}. "
    if lot.rate_rise_bp is None or lot.rates_rise_from is None:
        return why + "Rates are fixed for the life of the agreement and may only go down"
    if grown := arithmetic(lot, cap, from_on):
        why = f"{rate} is more than the indexation rule allows on {dates.in_words(from_on)}: {grown}. "
    rise_on = next_rise_after(lot.rates_rise_from, max(from_on, cap.since))
    return why + f"From {dates.in_words(rise_on)} it may rise to {most_on(lot, cap, rise_on)}"


def role_fault(role: str) -> str | None:
    """What is wrong with the words for a role or category of work; None when they may stand."""
    if not role:
        return "Enter the role or category of work"
    if len(role) > LONGEST_ROLE:
        return f"Enter a role or category of work of {LONGEST_ROLE} characters or fewer"
    if not role[0].isalnum():
        # Also what a spreadsheet would take for a formula.
        return "A role or category of work begins with a letter or a number"
    return None


def read_hours(text: str) -> int:
    """Hours in a day as hundredths: "7.5" is 750. Raises ValueError with a sentence."""
    found = re.fullmatch(r"([0-9]{1,2})(?:\.([0-9]{1,2}))?", text.strip())
    hundredths = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else 0
    if not LEAST_HOURS <= hundredths <= MOST_HOURS:
        raise ValueError("Enter the hours in a day as a number from 1 to 24, like 7.5")
    return hundredths


def hours_shown(hundredths: int) -> str:
    """Hundredths of an hour as hours: 750 is "7.5"."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".")


def place_has_not_ended(intent: RateIntent) -> Refusal | None:
    """A partner that has left a lot has no new rates there."""
    if intent.appointment.ended_on is None:
        return None
    return Refusal(f"{intent.supplier.name} left this lot on {dates.in_words(intent.appointment.ended_on)}")


def rates_can_be_read(intent: RateIntent) -> Iterator[Refusal]:
    """At least one rate; each role named, each level from 1 to 7, each rate above nothing, none of them twice."""
    if not intent.rates:
        yield Refusal("Enter at least one day rate", field="rates")
    seen: set[tuple[str, int]] = set()
    for role, level, rate in intent.rates:
        if fault := role_fault(role):
            yield Refusal(fault, field="rates")
        if level not in LEVELS:
            yield Refusal(f"{role}: the level must be from 1 to 7", field="rates", rule="RULE-77")
        if rate.pence <= 0:
            yield Refusal(
                f"{role}, level {level}: the day rate must be more than £0. Leave it blank when it is not offered",
                field="rates",
                rule="RULE-77",
            )
        if key_of(role, level) in seen:
            yield Refusal(f"{role}, level {level} is there twice", field="rates")
        seen.add(key_of(role, level))


def no_rate_rises(intent: RateIntent) -> Iterator[Refusal]:
    """RULE-78: what a partner may charge rises only by the indexation rule that its lot states; lower is welcome."""
    for line in intent.rates:
        if why := above_cap(intent.lot, intent.caps, line, intent.from_on):
            yield Refusal(
                f"{line[0]}, level {line[1]}: {why}",
                field="rates",
                rule="RULE-78",
                left=most_on(intent.lot, intent.caps[key_of(line[0], line[1])], intent.from_on),
            )


def no_day_shortens(intent: RateIntent) -> Refusal | None:
    """A shorter day at the same rate is a rise by the hour (RULE-78), unless every rate goes down with it."""
    hours = intent.hours_per_day_hundredths
    for role, level, rate in intent.rates:
        cap = intent.caps.get(key_of(role, level))
        if cap is None or hours >= cap.hours_per_day_hundredths:
            continue
        # By the hour, exactly: rate / hours against cap / its hours.
        if rate.pence * cap.hours_per_day_hundredths > (
            most_on(intent.lot, cap, intent.from_on).pence * hours
        ):
            return Refusal(
                f"A day was {hours_shown(cap.hours_per_day_hundredths)} hours in version {cap.version}. "
                f"{role}, level {level} would cost more by the hour with a day of {hours_shown(hours)} hours",
                field="hours_per_day",
                rule="RULE-78",
            )
    return None


def begins_in_time(intent: RateIntent) -> Refusal | None:
    """The first card covers the partner's first day; a later one follows the one before and never reaches back."""
    first, newest = intent.appointment.active_from, intent.newest
    if intent.agreement.recorded_as_past:
        return None
    if newest is None:
        if first and intent.from_on > first:
            return Refusal(
                f"The first rate card must begin by {dates.in_words(first)}, the partner’s first day on the lot",
                field="from_on",
            )
        return None
    if intent.from_on <= newest.from_on:
        return Refusal(
            f"Version {newest.version} began on {dates.in_words(newest.from_on)}, so the next must begin later",
            field="from_on",
        )
    if intent.from_on < dates.today():
        return Refusal("A new version must begin today or later", field="from_on")
    return None


def hours_are_sensible(intent: RateIntent) -> Refusal | None:
    """A day of work, without travel and lunch."""
    if LEAST_HOURS <= intent.hours_per_day_hundredths <= MOST_HOURS:
        return None
    return Refusal("The hours in a day must be from 1 to 24, like 7.5", field="hours_per_day")


# Every rule about a rate card. A new one is a function above and its name here.
RULES = (
    place_has_not_ended,
    rates_can_be_read,
    no_rate_rises,
    no_day_shortens,
    begins_in_time,
    hours_are_sensible,
)
