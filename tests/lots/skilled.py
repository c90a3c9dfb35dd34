"""Skillsets with people in them, as rows: for tests of what is found in accepted versions."""

from datetime import date
from typing import Any

from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.money import Money
from lots.skillset import Skillset, SkillsetPerson, SkillsetPlace, SkillsetSkill
from lots.workforce import Clearance, Depth, Place, key_of


def who(
    name: str | None = "Nia",
    *,
    role: str = "Developer",
    level: int = 4,
    rate: int | None = None,
    free: date = date(2022, 11, 1),
    until: date | None = None,
    clearance: Clearance = Clearance.NONE,
    skills: dict[str, Depth] | None = None,
    places: tuple[Place, ...] = (Place.OFFSITE,),
) -> dict[str, Any]:
    """Somebody: a developer at level 4 who knows accessible forms and is free, unless said otherwise."""
    return {
        "person": {
            "name": name,
            "role": role,
            "level": level,
            "day_rate_pence": None if rate is None else Money.pounds(rate).pence,
            "available_from": free,
            "available_to": until,
            "clearance": clearance,
        },
        "skills": {"Accessible forms": Depth.WORKING} if skills is None else skills,
        "places": places,
    }


def skillset(
    session: Session, appointment_id: int, *people: dict[str, Any], version: int = 1, **moments: Any
) -> Skillset:
    """An accepted version with these people, unless `moments` say otherwise."""
    now = dates.now()
    found = Skillset(
        **{
            "appointment_id": appointment_id,
            "version": version,
            "created_at": now,
            "submitted_at": now,
            "accepted_at": now,
            **moments,
        }
    )
    session.add(found)
    session.flush()
    for number, one in enumerate(people, start=1):
        person = SkillsetPerson(skillset_id=found.id, number=number, **one["person"])
        session.add(person)
        session.flush()
        for skill, depth in one["skills"].items():
            session.add(SkillsetSkill(person_id=person.id, skill=skill, key=key_of(skill), depth=depth))
        for place in one["places"]:
            session.add(SkillsetPlace(person_id=person.id, place=place))
    session.flush()
    return found
