"""What a partner and the council should know of people put forward, and may still go ahead with: clearances and doubled days."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from framework.definitions import dates
from framework.definitions.quantities import quarter_days_in_words
from lots.person_rules import PersonFacts
from lots.workforce import Clearance, Employment

FULL_WEEK = 20
"""Quarter days: five days a week."""
_YEARS_SC, _YEARS_SC_CONTRACTOR, _YEARS_DV = 10, 5, 7


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Somebody named in the accepted version of another lot of the same partner."""

    lot: str
    person: PersonFacts


def warnings(
    people: Sequence[PersonFacts],
    elsewhere: Iterable[Elsewhere] = (),
    call: Callable[[PersonFacts], str] = lambda person: person.called,
) -> list[str]:
    """Sentences for people to read; none of them stops anything. `call` says how a person is referred to."""
    return [*_clearances(people, call), *_doubled(people, elsewhere, call)]


def _clearances(people: Sequence[PersonFacts], call: Callable[[PersonFacts], str]) -> Iterator[str]:
    """RULE-82: what may be missing or too old on the first day somebody is available."""
    for person in people:
        if person.clearance is Clearance.NONE:
            continue
        label = person.clearance.label
        if person.clearance_on is None:
            yield f"{call(person)}: {label} has no date. The council will ask when it was given"
            continue
        years = _lasts(person)
        if years is None or person.available_from is None:
            continue
        review = dates.add_months(person.clearance_on, 12 * years)
        if review <= person.available_from:
            yield f"{call(person)}: {label} falls due for review on {dates.in_words(review)}, by the first day of work"


def _lasts(person: PersonFacts) -> int | None:
    if person.clearance is Clearance.SC:
        return _YEARS_SC if person.employment is Employment.EMPLOYEE else _YEARS_SC_CONTRACTOR
    return _YEARS_DV if person.clearance is Clearance.DV else None


def _doubled(
    people: Sequence[PersonFacts], elsewhere: Iterable[Elsewhere], call: Callable[[PersonFacts], str]
) -> Iterator[str]:
    """Somebody whose days add up to more than a full week at the same time (check 12)."""
    seen: dict[str, list[PersonFacts]] = {}
    for person in people:
        if not person.name:
            continue
        for other in seen.setdefault(person.name.casefold(), []):
            if _too_much(person, other):
                this, that = call(person), call(other)
                who = f"{this} is here twice" if this == that else f"{this} has the same name as {that}"
                yield f"{who}, and the days overlap: {_together(person, other)} a week together"
        seen[person.name.casefold()].append(person)
    for one in elsewhere:
        for person in seen.get(one.person.name.casefold(), []) if one.person.name else []:
            if _too_much(person, one.person):
                yield (
                    f"{call(person)} is also on lot {one.lot} on overlapping days: {_together(person, one.person)} a week "
                    "together"
                )


def _together(one: PersonFacts, other: PersonFacts) -> str:
    return quarter_days_in_words((one.quarter_days or 0) + (other.quarter_days or 0))


def _too_much(one: PersonFacts, other: PersonFacts) -> bool:
    if (one.quarter_days or 0) + (other.quarter_days or 0) <= FULL_WEEK:
        return False
    starts, ends = one.available_from or date.min, one.available_to or date.max
    return starts <= (other.available_to or date.max) and (other.available_from or date.min) <= ends
