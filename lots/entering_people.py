"""Entering the people of a draft version: one at a time, or all of a checked sheet."""

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session, select

from framework.definitions.rules import NotFound, Refused, refuse
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots import skillset_finding as finding
from lots.finding import Place
from lots.person_rules import MOST_PEOPLE, Card, PersonFacts, against, tidied
from lots.skillset import Skillset, SkillsetPerson, SkillsetStatus
from lots.skillset_rows import clear, forget, write
from lots.submitting import about_skillset, faults_of, holds_a_place, start_skillset


def put_people(
    session: Session, *, actor: Visitor, place: Place, people: Sequence[PersonFacts], replacing: bool = True
) -> Skillset:
    """Put people into the draft (begun when there is none): in place of everybody in it, or beside them.

    Raises `Refused` with what is wrong with anybody, and when there would be more than 200.
    """
    skillset = _draft(session, actor, place, empty=replacing)
    before = [] if replacing else finding.people_of(session, skillset)
    card = finding.card_for(session, place.appointment.id)
    added = [tidied(person, card) for person in people]
    if len(before) + len(added) > MOST_PEOPLE:
        refuse(
            f"There would be {len(before) + len(added):,} people. Put {MOST_PEOPLE} or fewer in one version",
            "how",
        )
    first = max((one.number for one in before), default=0) + 1
    numbered = [replace(person, number=first + place_in) for place_in, person in enumerate(added)]
    if faults := faults_of(numbered, card) if numbered else []:
        raise Refused(*faults)
    if replacing:
        clear(session, skillset.id)
    write(session, skillset, numbered)
    _record(session, actor, place, skillset, "skillset_people_put", {"people": len(numbered)})
    return skillset


def add_person(session: Session, *, actor: Visitor, place: Place, person: PersonFacts) -> Skillset:
    """Add one person to the draft, which is begun from the newest version when there is none. Raises `Refused`."""
    skillset = _draft(session, actor, place)
    before = finding.people_of(session, skillset)
    if len(before) >= MOST_PEOPLE:
        refuse(f"This version has {MOST_PEOPLE} people, which is the most there may be")
    number = max((one.number for one in before), default=0) + 1
    put = _checked(replace(person, number=number), finding.card_for(session, place.appointment.id))
    write(session, skillset, [put])
    _record(session, actor, place, skillset, "skillset_person_added", {"number": number}, put.name)
    return skillset


def change_person(session: Session, *, actor: Visitor, place: Place, person: PersonFacts) -> Skillset:
    """Put one person of the draft in the place of whoever has the same number. Raises `Refused`, `NotFound` for no such number."""
    skillset = _draft(session, actor, place)
    row = _row(session, skillset, person.number)
    put = _checked(person, finding.card_for(session, place.appointment.id))
    forget(session, [row.id])
    write(session, skillset, [put])
    _record(session, actor, place, skillset, "skillset_person_changed", {"number": person.number}, put.name)
    return skillset


def remove_person(session: Session, *, actor: Visitor, place: Place, number: int) -> Skillset:
    """Take one person out of the draft. Raises `NotFound` for no such number."""
    skillset = _draft(session, actor, place)
    row = _row(session, skillset, number)
    name = row.name or ""
    forget(session, [row.id])
    _record(session, actor, place, skillset, "skillset_person_removed", {"number": number}, name)
    return skillset


def _draft(session: Session, actor: Visitor, place: Place, *, empty: bool = False) -> Skillset:
    permitted(actor, Permission.COMPANY_KEEP, place.supplier.id)
    holds_a_place(place)
    skillset = start_skillset(session, actor=actor, place=place, empty=empty)
    session.refresh(skillset, with_for_update=True)
    if skillset.status is not SkillsetStatus.DRAFT:
        refuse("This version was sent to the council. Take it back before you change it")
    return skillset


def _checked(person: PersonFacts, card: Card | None) -> PersonFacts:
    put = tidied(person, card)
    if faults := against(put, card):
        raise Refused(*faults)
    return put


def _row(session: Session, skillset: Skillset, number: int) -> SkillsetPerson:
    row = session.exec(
        select(SkillsetPerson).where(
            SkillsetPerson.skillset_id == skillset.id, SkillsetPerson.number == number
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _record(
    session: Session,
    actor: Visitor,
    place: Place,
    skillset: Skillset,
    action: str,
    facts: dict[str, object],
    name: str = "",
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=about_skillset(place, skillset),
        facts={"version": skillset.version, **facts},
        words={"name": name},
    )
