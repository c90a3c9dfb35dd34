"""Finding who can do it: people of accepted skillsets by skill, level, rate, day, place and clearance, through this visitor's agreements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.permissions import Visitor
from lots import finding
from lots.busy import full_time
from lots.on_offer import OpenPlace, in_force, matching, open_places, words_on_offer
from lots.rate_card import Rate
from lots.skillset import Skillset, SkillsetPerson, SkillsetPlace, SkillsetSkill
from lots.workforce import Clearance, Depth, Place, key_of

MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for. Anything left out asks for nothing; `most` is a day rate net of VAT, levels are both included."""

    skill: str = ""
    depth: Depth | None = None
    role: str = ""
    level_from: int | None = None
    level_to: int | None = None
    most: Money | None = None
    by: date | None = None
    """Free from this London day at the latest; rates and agreements are looked at on it."""
    place: Place | None = None
    clearance: Clearance | None = None
    within: str = ""
    """Reference of a lot or of an agreement."""

    @property
    def day(self) -> date:
        """The day that everything is looked at on: today, or the day in the future that was asked for."""
        return max(self.by or dates.today(), dates.today())


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who can do it. `rate` is net of VAT and what may be charged on the day; None where the card does not offer it."""

    person_id: int
    name: str
    role: str
    level: int
    rate: Money | None
    free_from: date
    free_to: date | None
    clearance: Clearance
    days_a_week: int
    """In quarters of a day."""
    places: tuple[Place, ...]
    skills: tuple[tuple[str, Depth], ...]


@dataclass(frozen=True)
class Row:
    """A partner on a lot, with everybody there who can do it."""

    place: OpenPlace
    people: tuple[Candidate, ...]

    @cached_property
    def rates(self) -> list[Money]:
        """Day rates net of VAT, the lowest first, of those whose role and level the card offers."""
        return sorted(one.rate for one in self.people if one.rate is not None)

    @property
    def not_offered(self) -> int:
        """How many stand at a role and level that the rate card leaves blank."""
        return len(self.people) - len(self.rates)

    @cached_property
    def free_from(self) -> date:
        """The first day on which somebody of them is free."""
        return min(one.free_from for one in self.people)

    @property
    def roles(self) -> list[str]:
        return sorted({one.role for one in self.people})

    @property
    def levels(self) -> list[int]:
        return sorted({one.level for one in self.people})

    @property
    def places(self) -> list[Place]:
        """Everywhere that somebody of them can work, in the order of `Place`."""
        here = {place for one in self.people for place in one.places}
        return [place for place in Place if place in here]

    @property
    def clearances(self) -> list[tuple[Clearance, int]]:
        """How many hold each clearance, the highest first; those who hold none are left out."""
        counts = [(one, sum(who.clearance is one for who in self.people)) for one in reversed(Clearance)]
        return [(one, number) for one, number in counts if number and one is not Clearance.NONE]

    @property
    def deepest(self) -> Depth | None:
        """How deep the skill goes that was asked for."""
        depths = {depth for one in self.people for _, depth in one.skills}
        return max(depths, key=list(Depth).index, default=None)


@dataclass(frozen=True)
class Found:
    """What looking found: rows by the day somebody is free and then by rate, and the words on offer to look for."""

    rows: list[Row]
    skills: dict[str, str]
    """Skills on offer as their partners write them, by key."""
    roles: list[str]
    within: list[OpenPlace]
    matched: list[str] = field(default_factory=list)
    """Keys of the skills that what was typed stands for."""
    guessed: bool = False
    """Whether nothing is called what was typed, and the nearest words were taken instead."""

    @property
    def partners(self) -> int:
        return len({row.place.at.supplier.id for row in self.rows})

    @property
    def lots(self) -> int:
        return len({row.place.at.lot.id for row in self.rows})

    @property
    def people(self) -> int:
        return sum(len(one.people) for one in self.rows)


def seek(session: Session, visitor: Visitor, wanted: Wanted | None) -> Found:
    """Everybody on offer who is as wanted; with None only the words to look for. Always the same few statements."""
    day = (wanted or Wanted()).day
    every = open_places(session, visitor, day)
    skills, roles = words_on_offer(session, [one.at.appointment.id for one in every])
    if wanted is None:
        return Found([], skills, roles, every)
    matched, guessed = matching(wanted.skill, skills) if wanted.skill else ([], False)
    here = [one for one in every if wanted.within in _names_of(one)] if wanted.within else every
    people = _candidates(session, here, wanted, matched)
    rows = [Row(one, tuple(people[one.at.appointment.id])) for one in here if people[one.at.appointment.id]]
    rows.sort(key=_order)
    return Found(rows, skills, roles, every, matched, guessed)


def _names_of(one: OpenPlace) -> tuple[str, str]:
    return one.at.lot.reference, one.at.agreement.reference


def _order(row: Row) -> tuple[Any, ...]:
    lowest = row.rates[0].pence if row.rates else 0
    return row.free_from, not row.rates, lowest, row.place.at.supplier.name, row.place.at.lot.reference


def _conditions(places: Sequence[OpenPlace], wanted: Wanted, matched: list[str]) -> list[Any]:
    where = in_force(one.at.appointment.id for one in places)
    if wanted.skill:
        where.append(_has_skill(matched, wanted.depth))
    elif wanted.depth:
        where.append(_has_skill(None, wanted.depth))
    if wanted.role:
        where.append(sa.func.lower(col(SkillsetPerson.role)) == key_of(wanted.role))
    if wanted.level_from is not None:
        where.append(col(SkillsetPerson.level) >= wanted.level_from)
    if wanted.level_to is not None:
        where.append(col(SkillsetPerson.level) <= wanted.level_to)
    if wanted.clearance is not None:
        enough = [one for one in Clearance if one.covers(wanted.clearance)]
        where.append(col(SkillsetPerson.clearance).in_(enough))
    if wanted.place is not None:
        here = select(SkillsetPlace.id).where(
            SkillsetPlace.person_id == SkillsetPerson.id, SkillsetPlace.place == wanted.place
        )
        where.append(here.correlate(SkillsetPerson).exists())
    until = col(SkillsetPerson.available_to)
    where.append(sa.or_(until.is_(None), until >= wanted.day))
    if wanted.by is not None:
        where.append(col(SkillsetPerson.available_from) <= wanted.day)
    return where


def _has_skill(keys: list[str] | None, depth: Depth | None) -> Any:
    query = select(SkillsetSkill.id).where(SkillsetSkill.person_id == SkillsetPerson.id)
    if keys is not None:
        query = query.where(col(SkillsetSkill.key).in_(keys))
    if depth is not None:
        query = query.where(col(SkillsetSkill.depth).in_([one for one in Depth if one.at_least(depth)]))
    return query.correlate(SkillsetPerson).exists()


def _candidates(
    session: Session, places: Sequence[OpenPlace], wanted: Wanted, matched: list[str]
) -> dict[int, list[Candidate]]:
    """Everybody as wanted, by place."""
    where = _conditions(places, wanted, matched)
    rows = (
        session.connection()
        .execute(
            _of_people(
                SkillsetPerson.id,
                Skillset.appointment_id,
                *(SkillsetPerson.number, SkillsetPerson.name, SkillsetPerson.role, SkillsetPerson.level),
                *(SkillsetPerson.day_rate_pence, SkillsetPerson.quarter_days_a_week),
                *(SkillsetPerson.available_from, SkillsetPerson.available_to, SkillsetPerson.clearance),
            )
            .where(*where)
            .order_by(col(SkillsetPerson.id))
        )
        .all()
    )
    works_in = _places_of(session, where)
    knows = _skills_of(session, where, matched)
    rates = _rates_on(session, [one.at.appointment.id for one in places], wanted.day)
    suppliers = {one.at.appointment.id: one.at.supplier.id for one in places}
    taken = full_time(session, set(suppliers.values()))
    found: dict[int, list[Candidate]] = {one: [] for one in suppliers}
    for row in rows:
        rate = _charged(
            row.day_rate_pence, rates.get(row.appointment_id, {}).get((key_of(row.role), row.level))
        )
        if wanted.most is not None and (rate is None or rate > wanted.most):
            continue
        free = max(row.available_from, dates.today())
        for last in taken.get((suppliers[row.appointment_id], key_of(row.name or "")), ()):
            free = max(free, last + timedelta(days=1))
        if wanted.by is not None and free > wanted.day:
            continue
        if row.available_to is not None and free > row.available_to:
            continue
        found[row.appointment_id].append(
            Candidate(
                person_id=row.id,
                name=row.name or f"Person {row.number}, not named yet",
                role=row.role,
                level=row.level,
                rate=rate,
                free_from=free,
                free_to=row.available_to,
                clearance=Clearance(row.clearance),
                days_a_week=row.quarter_days_a_week,
                places=tuple(works_in.get(row.id, ())),
                skills=tuple(knows.get(row.id, ())),
            )
        )
    return found


def _of_people(*columns: Any) -> Any:
    return (
        sa.select(*columns)
        .select_from(Skillset)
        .join(SkillsetPerson, col(SkillsetPerson.skillset_id) == col(Skillset.id))
    )


def _charged(own: int | None, card: Money | None) -> Money | None:
    # What the card leaves blank is not offered (RULE-77); a person's own rate never tops the card in force (RULE-78).
    if card is None:
        return None
    return card if own is None else min(Money(own), card)


def _places_of(session: Session, where: list[Any]) -> dict[int, list[Place]]:
    query = _of_people(SkillsetPlace.person_id, SkillsetPlace.place).join(
        SkillsetPlace, col(SkillsetPlace.person_id) == col(SkillsetPerson.id)
    )
    found: dict[int, list[Place]] = {}
    for person_id, place in session.connection().execute(query.where(*where)):
        found.setdefault(person_id, []).append(place)
    return found


def _skills_of(session: Session, where: list[Any], matched: list[str]) -> dict[int, list[tuple[str, Depth]]]:
    query = _of_people(SkillsetSkill.person_id, SkillsetSkill.skill, SkillsetSkill.depth).join(
        SkillsetSkill, col(SkillsetSkill.person_id) == col(SkillsetPerson.id)
    )
    if matched:
        query = query.where(col(SkillsetSkill.key).in_(matched))
    found: dict[int, list[tuple[str, Depth]]] = {}
    for person_id, skill, depth in session.connection().execute(
        query.where(*where).order_by(col(SkillsetSkill.id))
    ):
        found.setdefault(person_id, []).append((skill, depth))
    return found


def _rates_on(
    session: Session, appointment_ids: list[int], day: date
) -> dict[int, dict[tuple[str, int], Money]]:
    cards = finding.cards_on(session, appointment_ids, day)
    places = {card.id: number for number, card in cards.items()}
    found: dict[int, dict[tuple[str, int], Money]] = {one: {} for one in cards}
    rows = session.connection().execute(
        sa.select(Rate.rate_card_id, Rate.role, Rate.level, Rate.day_rate_pence).where(  # type: ignore[call-overload]
            col(Rate.rate_card_id).in_(list(places))
        )
    )
    for card_id, role, level, pence in rows:
        found[places[card_id]][key_of(role), level] = Money(pence)
    return found
