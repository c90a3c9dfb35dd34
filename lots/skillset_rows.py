"""The rows of a version: people with their skills and places, written and deleted in a few statements however many they are."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, select

from framework.records.columns import table_of
from lots.person_rules import PersonFacts, skill_key
from lots.skillset import Skillset, SkillsetPerson, SkillsetPlace, SkillsetSkill


def write(session: Session, skillset: Skillset, people: Sequence[PersonFacts]) -> None:
    """Rows for people that were checked, in a few statements however many there are. They keep their numbers."""
    if not people:
        return
    connection = session.connection()
    connection.execute(sa.insert(table_of(SkillsetPerson)), [_columns(skillset, one) for one in people])
    rows: dict[int, int] = dict(
        connection.execute(
            sa.select(SkillsetPerson.number, SkillsetPerson.id).where(  # type: ignore[call-overload]
                SkillsetPerson.skillset_id == skillset.id
            )
        ).all()
    )
    skills = [
        {"person_id": rows[one.number], "skill": skill, "key": skill_key(skill), "depth": depth}
        for one in people
        for skill, depth in one.skills
    ]
    places = [{"person_id": rows[one.number], "place": place} for one in people for place in one.places]
    if skills:
        connection.execute(sa.insert(table_of(SkillsetSkill)), skills)
    if places:
        connection.execute(sa.insert(table_of(SkillsetPlace)), places)
    session.expire_all()


def _columns(skillset: Skillset, person: PersonFacts) -> dict[str, object]:
    return {
        "skillset_id": skillset.id,
        "number": person.number,
        "name": person.name or None,
        "role": person.role,
        "level": person.level,
        "day_rate_pence": None if person.day_rate is None else person.day_rate.pence,
        "quarter_days_a_week": person.quarter_days,
        "available_from": person.available_from,
        "available_to": person.available_to,
        "clearance": person.clearance,
        "clearance_on": person.clearance_on,
        "employment": person.employment,
        "off_payroll": person.off_payroll,
    }


def clear(session: Session, skillset_id: int) -> None:
    """Nobody is left in the version."""
    forget(
        session,
        session.exec(select(SkillsetPerson.id).where(SkillsetPerson.skillset_id == skillset_id)).all(),
    )


def forget(session: Session, person_ids: Sequence[int]) -> None:
    """People with their skills and places, wholly gone: what a draft held was never said to anybody."""
    connection = session.connection()
    for model, column in ((SkillsetSkill, "person_id"), (SkillsetPlace, "person_id"), (SkillsetPerson, "id")):
        table = table_of(model)
        connection.execute(sa.delete(table).where(table.c[column].in_(person_ids)))
    session.expire_all()
