"""What a version of a skillset changes beside the accepted one before it, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from framework.definitions import dates
from framework.definitions.quantities import quarter_days_shown
from lots.person_rules import PersonFacts


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody new, gone or changed: who, and what is different as (what, before, now)."""

    kind: str
    person: PersonFacts
    cells: tuple[tuple[str, str, str], ...] = ()


def changes(before: Sequence[PersonFacts], now: Sequence[PersonFacts]) -> list[Change]:
    """Changed people, then new ones, then those who are gone.

    People are known again by their names; those without a name by being wholly the same, or else by number, role and level.
    """
    left = list(before)
    rest: list[PersonFacts] = []
    changed: list[Change] = []
    for same in (_same, _same_name, _same_work):
        rest = []
        for person in now:
            known = next((one for one in left if same(one, person)), None)
            if known is None:
                rest.append(person)
                continue
            left.remove(known)
            if cells := _cells(known, person):
                changed.append(Change("Changed", person, cells))
        now = rest
    return [
        *sorted(changed, key=lambda one: one.person.number),
        *(Change("New", person) for person in rest),
        *(Change("Gone", person) for person in left),
    ]


def _same(one: PersonFacts, other: PersonFacts) -> bool:
    return _said(one) == _said(other)


def _same_name(one: PersonFacts, other: PersonFacts) -> bool:
    return bool(one.name) and one.name.casefold() == other.name.casefold()


def _same_work(one: PersonFacts, other: PersonFacts) -> bool:
    # Somebody who was not named yet and is now is the same person still; two different names never are.
    if one.name and other.name:
        return False
    return (one.number, one.role, one.level) == (other.number, other.role, other.level)


def _cells(before: PersonFacts, now: PersonFacts) -> tuple[tuple[str, str, str], ...]:
    was, is_now = _said(before), _said(now)
    return tuple((what, was[what], is_now[what]) for what in was if was[what] != is_now[what])


def _said(person: PersonFacts) -> dict[str, str]:
    return {
        "Name": person.name or "not named",
        "Role": person.role,
        "Level": str(person.level),
        "Skills": "; ".join(f"{skill} ({depth.value})" for skill, depth in person.skills),
        "Days a week": quarter_days_shown(person.quarter_days or 0),
        "Available from": dates.in_words(person.available_from) if person.available_from else "not given",
        "Available to": dates.in_words(person.available_to) if person.available_to else "no end",
        "Places": "; ".join(place.label for place in person.places),
        "Clearance": person.clearance.label,
        "Clearance date": dates.in_words(person.clearance_on) if person.clearance_on else "not given",
        "Employment": person.employment.label if person.employment else "not given",
        "Off-payroll": person.off_payroll.label if person.off_payroll else "not given",
        "Day rate": str(person.day_rate) if person.day_rate else "the card’s own",
    }
